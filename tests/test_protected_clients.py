"""Every route, asked by those who may not learn where a protected client is: no page tells it that does not tell it of nobody."""

import pytest

from clients.models import Client, Episode, Rater
from organisations.tenancy.context import tenant
from tests.factories import ServiceFactory, TeamFactory
from tests.route_matrix import named_routes, make_world, rolled_back
from tests.test_routes import TABLE

pytestmark = pytest.mark.django_db
PARTS = 8  # each with a world of its own: making one for each route takes most of the time
ASKED = ("practitioner", "team_lead", "admin", "consultant", "colleague")
ROUTES = dict(named_routes())
LISTED = [name for name in ROUTES if name in TABLE and not TABLE[name].library]
PLACES = ("gravhund-tilbud", "gravhund-team", "gravhund-skole")


def move_all(world):
    own = {"organisation": world.people["practitioner"].organisation}
    with tenant(own["organisation"].pk):
        service = ServiceFactory(**own, name=PLACES[0])
        team = TeamFactory(**own, service=service, name=PLACES[1])
    return service, team


def attach(world, service, team):
    with tenant(world.people["practitioner"].organisation_id):
        for client in Client.objects.filter(merged_into=None):
            client.is_protected, client.contact_id, client.second_contact = True, world.kwargs["practitioner_id"], None
            client.save(update_fields=["is_protected", "contact", "second_contact"])
            client.teams.add(team, through_defaults={"organisation": team.organisation})
        Episode.objects.update(service=service)
        for rater in Rater.objects.all():
            rater.label = PLACES[2]
            rater.save()


def told(name, world):
    """How often each actor's answers name a place: (method, actor, word) -> times."""
    found = {}
    for actor in ASKED:
        for method in ("GET", "POST"):
            with rolled_back():
                browser, url = world.browser_of(actor), world.url(name)
                answer = browser.post(url, TABLE[name].data) if method == "POST" else browser.get(url)
                if hasattr(answer, "render"):
                    answer.render()
                body = b"".join(answer.streaming_content) if answer.streaming else answer.content
                body = body.decode("utf-8", "replace")
            for word in PLACES:
                found[method, actor, word] = body.count(word)
    return found


@pytest.mark.parametrize("part", range(PARTS))
def test_no_route_tells_where_a_protected_client_is(part):
    world = make_world()
    places = move_all(world)
    names = LISTED[part::PARTS]
    before = {name: told(name, world) for name in names}
    attach(world, *places)
    faults = []
    for name in names:
        after = told(name, world)
        faults += [f"{name} {key} {before[name][key]} {times}" for key, times in after.items() if times > before[name][key]]
    assert faults == []
