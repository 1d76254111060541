"""Every route, asked by those who may not learn where a protected client is: it names no place for the client's sake.

A page may name the place for another reason: it is among the teams that somebody chooses from, say. So what is counted
is how often an answer names it while the client is there, beside how often it does while the client is elsewhere.
"""

import pytest

from clients.models import Client, Episode, Rater
from organisations.tenancy.context import tenant
from tests.factories import ServiceFactory, TeamFactory
from tests.route_matrix import OK, make_world, named_routes, rolled_back
from tests.test_routes import TABLE

pytestmark = pytest.mark.django_db
PARTS = 8  # each with a world of its own: making one for each route takes most of the time
ASKED = ("team_lead", "admin", "consultant")
ROUTES = dict(named_routes())
LISTED = [name for name in ROUTES if name in TABLE and not TABLE[name].library]
PLACES = ("gravhund-tilbud", "gravhund-hold", "gravhund-skole")  # of the service, the team and a rater

# Routes that name a place for the client's sake to whoever may not learn it elsewhere, and why.
NAMED = {
    **dict.fromkeys(("results", "results-reports"), "services with ten clients are chosen from; no client is named"),
    "erasure-archive": "all that is kept of the client, for the archive of the organisation, by whoever erases",
}


def places_of(world):
    """A service and a team in which nobody of the world works."""
    own = {"organisation": world.people["practitioner"].organisation}
    with tenant(own["organisation"].pk):
        service = ServiceFactory(**own, name=PLACES[0])
        return service, TeamFactory(**own, service=service, name=PLACES[1])


def protect_all(world, service, team):
    """Every client is there and protected, and somebody who does not ask is their contact person."""
    with tenant(team.organisation_id):
        for client in Client.objects.filter(merged_into=None):
            client.is_protected, client.contact_id, client.second_contact = True, world.kwargs["practitioner_id"], None
            client.save(update_fields=["is_protected", "contact", "second_contact"])
            client.teams.add(team, through_defaults={"organisation": team.organisation})
        Episode.objects.update(service=service)
        for rater in Rater.objects.all():
            rater.label = PLACES[2]
            rater.save(update_fields=["label"])


def told(name, world):
    """How often the answers of a route name each place: (actor, place) -> times."""
    expect, found = TABLE[name], {}
    for actor in ASKED:
        if expect.of(actor) is not OK:
            continue
        with rolled_back():
            browser, url = world.browser_of(actor), world.url(name)
            answer = browser.post(url, expect.data) if expect.get == 405 else browser.get(url)
            if hasattr(answer, "render"):
                answer.render()
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        body = content.decode("utf-8", "replace")
        found |= {(actor, word): body.count(word) for word in PLACES if word in body}
    return found


def faults(names, world):
    """Which routes name a place for the sake of a protected client, to whom."""
    places = places_of(world)
    with rolled_back():
        protect_all(world, *places)
        there = {name: found for name in names if (found := told(name, world))}
    elsewhere = {name: told(name, world) for name in there}
    return [
        f"{name} as {key[0]}: {key[1]}"
        for name, found in there.items()
        for key, times in found.items()
        if times > elsewhere[name].get(key, 0)
    ]


@pytest.mark.parametrize("part", range(PARTS))
def test_no_route_tells_where_a_protected_client_is(part):
    found = faults([name for name in LISTED[part::PARTS] if name not in NAMED], make_world().log_in())
    assert not found, "\n".join(found)


def test_without_the_mark_the_same_check_is_red(monkeypatch):
    monkeypatch.setattr("clients.services.client_blocks.may_know_place", lambda by, client: True)
    found = faults(["client-detail", "client-transfer"], make_world())
    assert {line.split()[0] for line in found} == {"client-detail", "client-transfer"}
