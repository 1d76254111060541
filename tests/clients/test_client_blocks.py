"""A client who is blocked for other units, and one of whom nobody may tell where they are: who sees what."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.test import Client as Browser
from django.urls import reverse

from clients.models import Client, ClientBlock
from clients.services.client_blocks import block_client, refuse_named, seeing
from organisations.audit import record
from organisations.models import AccessEvent, Practitioner
from organisations.roles import Role
from organisations.tenancy.context import tenant
from tests.factories import RatingFactory, SessionFactory
from tests.people import person

pytestmark = pytest.mark.django_db
REASON = "Her brother works in the blue house"


def logged_in(someone):
    browser = Browser()
    browser.force_login(someone.user)
    return browser


def text_of(answer):
    return " ".join(answer.content.decode().split())


def block(by, client, **sent):
    return logged_in(by).post(reverse("client-block", args=[client.pk]), {"wish": "client", "reason": REASON, **sent})


@pytest.fixture
def mette(red_team):
    somebody = person(red_team, "Mette Ravn", teams=[])
    with tenant(somebody.organisation_id):
        until = datetime.date(2999, 1, 1)
        Practitioner.objects.filter(pk=somebody.pk).update(role=Role.CONSULTANT, access_until=until)
    return somebody


# The golden rows: with the client of the red team, whose contact person is Ann, on each page.
PAGES = ("client-detail", "client-edit", "client-looks", "client-block", "client-teams")
OPEN = {
    "ann": (200, 200, 200, 200, 403),
    "ben": (200, 200, 200, 200, 403),
    "lea": (200, 200, 200, 200, 403),
    "ada": (403, 403, 403, 403, 200),
    "cleo": (404, 404, 404, 404, 403),
    "mette": (403, 403, 403, 403, 403),
    "dora": (404, 404, 404, 404, 403),
}
BLOCKED = OPEN | {"ben": (404, 404, 404, 404, 403), "lea": (404, 404, 404, 404, 403), "ada": (403, 403, 403, 403, 404)}


@pytest.mark.parametrize("is_blocked", [False, True])
def test_who_sees_what_of_a_client(is_blocked, nils, ann, ben, lea, ada, cleo, mette, dora):
    people = {"ann": ann, "ben": ben, "lea": lea, "ada": ada, "cleo": cleo, "mette": mette, "dora": dora}
    if is_blocked:
        assert block(ann, nils).status_code == 302
    found = {
        name: tuple(logged_in(who).get(reverse(page, args=[nils.pk])).status_code for page in PAGES)
        for name, who in people.items()
    }
    assert found == (BLOCKED if is_blocked else OPEN)


def test_lists_and_search_tell_of_a_blocked_client_to_nobody_else(nils, ann, ben, lea, ada):
    block(ann, nils)
    for who in (ben, lea, ada):
        for query in ("", "?q=N-014", "?show=archived"):
            assert "N-014" not in logged_in(who).get(reverse("client-list") + query).content.decode().replace(
                'value="N-014"', ""
            )
    assert "N-014" in logged_in(ann).get(reverse("client-list")).content.decode()


def test_a_refused_look_at_a_blocked_client_is_on_record_as_that_of_one_who_is_not_there(nils, ann, ben):
    block(ann, nils)
    logged_in(ben).get(reverse("client-detail", args=[nils.pk]))
    with tenant(ann.organisation_id):
        event = AccessEvent.objects.get(practitioner=ben)
    assert (event.action, event.purpose, event.client_ids) == ("denied:client-detail", "404", [])


def test_who_is_named_sees_the_client_and_the_others_of_the_team_do_not(nils, ann, ben, lea):
    block(ann, nils, people=[str(ben.pk)])
    page = reverse("client-detail", args=[nils.pk])
    assert [logged_in(who).get(page).status_code for who in (ann, ben, lea)] == [200, 200, 404]


def test_a_named_team_sees_the_client_and_the_other_team_does_not(nils, ann, ben, cleo, red_team, blue_team):
    with tenant(ann.organisation_id):
        nils.teams.add(blue_team, through_defaults={"organisation": nils.organisation})
    page = reverse("client-detail", args=[nils.pk])
    assert logged_in(cleo).get(page).status_code == 200
    block(ann, nils, teams=[str(red_team.pk)])
    assert [logged_in(who).get(page).status_code for who in (ann, ben, cleo)] == [200, 200, 404]


def test_a_forged_block_widens_nothing(nils, ann, cleo):
    """Naming somebody outside the client's teams lets nobody in: a block only narrows."""
    with tenant(ann.organisation_id):
        ClientBlock.objects.create(
            organisation=nils.organisation, client=nils, people=[cleo.pk], wish="client", reason="-", made_by=ann
        )
        assert not Client.objects.visible_to(cleo).exists()


def test_the_page_asks_first_and_shows_the_block_afterwards(nils, ann, ben):
    address = reverse("client-block", args=[nils.pk])
    page = text_of(logged_in(ann).get(address))
    assert "Block for everybody else" in page
    assert "Ben Lund" in page
    assert "Lift the block" not in page
    block(ann, nils, people=[str(ben.pk)])
    page = text_of(logged_in(ann).get(address))
    assert "Block for everybody else" not in page
    for word in (REASON, "Ben Lund", "The client&#x27;s", "Lift the block"):
        assert word in page


def test_a_team_or_a_person_beyond_the_client_s_own_teams_cannot_be_named(nils, ann, cleo, blue_team):
    assert block(ann, nils, teams=[str(blue_team.pk)]).status_code == 422
    assert block(ann, nils, people=[str(cleo.pk)]).status_code == 422


def test_whoever_blocks_is_not_shut_out_themselves(nils, ben):
    block(ben, nils)
    assert logged_in(ben).get(reverse("client-detail", args=[nils.pk])).status_code == 200


def test_a_block_is_lifted_with_a_reason_and_stays_in_the_history(nils, ann, ben):
    block(ann, nils)
    lift = reverse("client-block-lift", args=[nils.pk])
    assert logged_in(ann).post(lift, {"lift_reason": ""}).status_code == 422
    assert logged_in(ben).post(lift, {"lift_reason": "I want to see"}).status_code == 404
    logged_in(ann).post(lift, {"lift_reason": "The brother has moved"})
    page = text_of(logged_in(ben).get(reverse("client-block", args=[nils.pk])))
    assert REASON in page
    assert "The brother has moved" in page
    with tenant(ann.organisation_id):
        row = ClientBlock.objects.get()
        assert (row.made_by, row.lifted_by, row.wish) == (ann, ann, "client")
        assert list(AccessEvent.objects.filter(action__endswith="block").values_list("action", flat=True)) == [
            "client.block",
            "client.unblock",
        ]


def test_a_second_block_is_refused_with_a_sentence(nils, ann):
    block(ann, nils)
    with (
        tenant(ann.organisation_id),
        record.recorded(organisation_id=ann.organisation_id, request_id="test"),
        pytest.raises(ValidationError, match="blocked already"),
    ):
        block_client(client=nils, teams=[], people=[], wish="client", reason="Again", by=ann)


def test_colleagues_are_not_asked_and_teams_are_not_merged_around_a_block(nils, ann, ben, lea, red_team):
    block(ann, nils, teams=[str(red_team.pk)])
    with tenant(ann.organisation_id):
        with pytest.raises(ValidationError, match="shown to this team alone"):
            refuse_named([red_team])
        ClientBlock.objects.update(teams=[])
        assert list(seeing(Practitioner.objects.all(), nils)) == [ann]


def test_an_administrator_hands_a_blocked_client_over_without_learning_who_it_is(nils, ann, ben, ada):
    block(ann, nils)
    address = reverse("practitioner-deactivate", args=[ann.pk])
    page = text_of(logged_in(ada).get(address))
    assert "A blocked client" in page
    assert "N-014" not in page


def test_places_of_a_protected_client_are_shown_to_the_contact_person_alone(nils, ann, ben, ada, episode, service):
    mark = reverse("client-protected", args=[nils.pk])
    assert logged_in(ann).post(mark, {"is_protected": "on"}).status_code == 302
    address = reverse("client-detail", args=[nils.pk])
    own, colleague = text_of(logged_in(ann).get(address)), text_of(logged_in(ben).get(address))
    for page in (own, colleague):
        assert "Protected: do not tell where the client is" in page
    assert service.name in own
    assert service.name not in colleague
    rows = {who: text_of(logged_in(who).get(reverse("client-list"))) for who in (ann, ben, ada)}
    assert ["Red team</bdi>" in rows[who].split("<tbody>")[1] for who in (ann, ben, ada)] == [True, False, False]
    assert "protected</span>" in rows[ada]


def test_a_form_leaves_for_a_protected_client_after_one_more_confirmation(nils, ann, episode):
    logged_in(ann).post(reverse("client-protected", args=[nils.pk]), {"is_protected": "on"})
    address, sent = reverse("client-links", args=[nils.pk]), {"form": "ors", "way": "qr"}
    assert logged_in(ann).post(address, sent).status_code == 422
    assert logged_in(ann).post(address, sent | {"protected": "on"}).status_code == 200


def test_a_record_of_a_protected_client_says_so_and_names_no_service(nils, ann, episode, service):
    with tenant(ann.organisation_id):
        session = SessionFactory(organisation=nils.organisation, episode=episode, practitioner=ann)
        RatingFactory(organisation=nils.organisation, session=session)
    address = reverse("record", args=[episode.pk])
    assert f"<bdi>{service.name}</bdi></dd>" in text_of(logged_in(ann).get(address))
    logged_in(ann).post(reverse("client-protected", args=[nils.pk]), {"is_protected": "on"})
    page = text_of(logged_in(ann).get(address))
    assert "Protected: do not tell where the client is" in page
    assert f"<bdi>{service.name}</bdi></dd>" not in page
