"""Every route, asked by those for whom the client is blocked: the answer is that of a client who is not there."""

import pytest

from clients.models import Client, ClientBlock
from organisations.audit.route_arguments import is_about_a_client
from organisations.tenancy.context import tenant
from tests.route_matrix import CLIENT_WORDS, OK, REFERENCE, make_world, named_routes, rolled_back
from tests.test_access_coverage import arguments_of
from tests.test_routes import TABLE

pytestmark = pytest.mark.django_db
PARTS = 8  # each with a world of its own: making one for each route takes most of the time
SHUT_OUT = ("team_lead", "admin", "consultant")
ROUTES = dict(named_routes())
LISTED = [name for name in ROUTES if name in TABLE and not TABLE[name].library]
ABOUT = {name for name in LISTED if is_about_a_client(arguments_of(ROUTES[name].pattern))}

# Routes about a client's row that answer somebody who is shut out otherwise than with 404, and why.
ANSWERED = {
    **dict.fromkeys(
        ("erasure-notice", "erasure-confirm", "erasure-undo"),
        "an administrator confirms that records may go when their time is over, and is not told whose they are",
    ),
    "emergency-look": "an administrator signs that an opening was looked at, and is not told of whom",
    **dict.fromkeys(
        ("subject-export", "subject-file", "passage-hold-back", "passage-give-free"),
        "the password is asked for first, whoever the client is",
    ),
}


def block_all(world):
    """Every client of the world is blocked for all but the practitioner."""
    by = world.people["practitioner"]
    with tenant(by.organisation_id):
        for client in Client.objects.filter(merged_into=None):
            ClientBlock.objects.create(
                organisation=by.organisation, client=client, people=[by.pk], wish="client", reason="-", made_by=by
            )


def faults(name, world):
    """What a route tells somebody who is shut out."""
    expect, found = TABLE[name], []
    for actor in SHUT_OUT:
        for method in ("GET", "POST"):
            with rolled_back():
                browser, url = world.browser_of(actor), world.url(name)
                answer = browser.post(url, expect.data) if method == "POST" else browser.get(url)
                if hasattr(answer, "render"):
                    answer.render()
            body = "" if answer.streaming else answer.content.decode("utf-8", "replace")
            found += [f"{name} {method} as {actor}: {word}" for word in (CLIENT_WORDS, REFERENCE) if word in body]
            if answer.status_code >= 500:
                found.append(f"{name} {method} as {actor}: {answer.status_code}")
            is_shut = name in ABOUT and expect.of(actor) is OK and name not in ANSWERED
            if is_shut and answer.status_code not in (404, 405):
                found.append(f"{name} {method} as {actor}: {answer.status_code} instead of 404")
    return found


@pytest.mark.parametrize("part", range(PARTS))
def test_a_blocked_client_is_not_there_for_whoever_is_shut_out(part):
    world = make_world().log_in()
    block_all(world)
    assert [fault for name in LISTED[part::PARTS] for fault in faults(name, world)] == []


def test_without_the_block_the_same_check_is_red():
    assert faults("client-detail", make_world())
