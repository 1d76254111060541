"""A system's token lets nobody's program read before a second person has agreed."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from organisations import tasks
from organisations.jobs.outbox import publish_due
from organisations.models import AccessEvent, Capability, Membership, Practitioner, TokenConfirmation
from organisations.roles import Role
from organisations.tenancy.context import tenant
from organisations.tokens.confirming import confirmers_of
from organisations.tokens.scopes import OWN_WORDS, SCOPES
from sessions_app.models import Note
from tests.api.asking import FORM, NO, YES, System, api_routes, decide, methods_of, mint
from tests.factories import ClientFactory, SessionFactory, UserFactory
from tests.people import PASSWORD, person
from tests.saving import save

WORDS = {"words": ["notes:read"]}
WAITS = "The token opens nothing yet"


@pytest.fixture
def zoe(red_team):
    """A second administrator."""
    return person(red_team, "Zoe Ek", Role.ADMIN, teams=[])


def waits(system) -> bool:
    answer = system.get("clients/")
    if answer.status_code == 403:
        assert WAITS in answer.json()["detail"]
        return True
    assert answer.status_code == 200
    return False


def send(name, arguments):
    assert name == "organisations.tasks.tell_of_token_request"
    tasks.tell_of_token_request(**arguments)


def told():
    publish_due(send)
    return sorted(letter.to[0] for letter in mail.outbox)


def actions(house):
    with tenant(house.pk):
        rows = AccessEvent.objects.filter(action__startswith="token.").order_by("seq")
        return list(rows.values_list("action", "practitioner__name"))


@pytest.mark.parametrize("name", sorted(api_routes()))
def test_no_route_answers_a_system_that_nobody_has_confirmed(ask, world, name):
    system, _token = ask(scopes=[scope for scope in SCOPES if scope not in OWN_WORDS], words=OWN_WORDS)
    for method in methods_of(api_routes()[name]):
        answer = system.ask(method, world.url(name))
        assert (answer.status_code, WAITS in answer.json()["detail"]) == (403, True), method


def test_an_administrator_alone_reads_no_note(ask, ada, ann, nils, episode, browser):
    with tenant(nils.organisation_id):
        session = SessionFactory(organisation=nils.organisation, episode=episode, practitioner=ann)
        Note.objects.create(organisation=nils.organisation, session=session, kind="after_ors", text="Ordret")
    system, token = ask(**WORDS)
    assert system.get("notes/").status_code == 403
    assert decide(browser, ada, token).status_code == 422
    page = browser.get(reverse("token-confirm", args=[token.pk])).content.decode()
    assert "You made this token" in page
    assert system.get("notes/").status_code == 403


@pytest.mark.parametrize("who", ["lea", "zoe"])
def test_a_second_person_lets_it_in_and_stands_on_record(ask, who, house, nils, browser, request):
    second = request.getfixturevalue(who)
    system, token = ask()
    assert waits(system)
    assert decide(browser, second, token).status_code == 302
    assert not waits(system)
    assert actions(house) == [("token.mint", "Ada Berg"), ("token.confirm", second.name)]
    assert second.name in browser.get(reverse("token-requests")).content.decode()
    assert decide(browser, second, token).status_code == 422, "there is nothing left to decide"


def test_a_wrong_password_confirms_nothing(ask, lea, browser):
    system, token = ask()
    page = decide(browser, lea, token, YES | {"password": "another one"})
    assert page.status_code == 422
    assert "That is not the password." in page.content.decode()
    assert decide(browser, lea, token, {"password": PASSWORD}).status_code == 422, "neither yes nor no"
    assert waits(system)


def test_a_lead_confirms_for_their_own_teams_only(ask, lea, red_team, blue_team, browser):
    system, token = ask(red_team, blue_team)
    page = decide(browser, lea, token, teams=[red_team.pk, blue_team.pk])
    assert page.status_code == 302
    assert waits(system), "nobody has agreed for the blue team"
    bo = person(blue_team, "Bo Kvist", Role.TEAM_LEAD)
    assert decide(browser, bo, token).status_code == 302
    assert not waits(system)
    with tenant(lea.organisation_id):
        agreed = TokenConfirmation.objects.values_list("team__name", "confirmed_by__name")
        assert sorted(agreed) == [("Blue team", "Bo Kvist"), ("Red team", "Lea Vang")]


def test_a_lead_of_another_team_a_practitioner_and_another_house_decide_nothing(ask, ann, blue_team, dora, browser):
    system, token = ask()
    bo = person(blue_team, "Bo Kvist", Role.TEAM_LEAD)
    with tenant(dora.organisation_id):
        lead_elsewhere = person(dora.teams.get(), "Eik Moe", Role.TEAM_LEAD)
    for nobody, status in ((bo, 404), (ann, 403), (lead_elsewhere, 404)):
        assert decide(browser, nobody, token).status_code == status
    assert waits(system)


def test_a_team_that_nobody_was_shown_is_not_confirmed(ask, zoe, red_team, blue_team, browser):
    system, token = ask()
    with tenant(zoe.organisation_id):
        Membership.objects.create(organisation=zoe.organisation, practitioner_id=token.practitioner_id, team=blue_team)
    assert decide(browser, zoe, token, teams=[red_team.pk]).status_code == 302
    assert waits(system)
    assert decide(browser, zoe, token).status_code == 302
    assert not waits(system)


def test_who_refuses_ends_the_token(ask, lea, house, browser):
    system, token = ask()
    assert decide(browser, lea, token, NO).status_code == 302
    assert system.get("clients/").status_code == 401
    assert actions(house)[-1] == ("token.refuse", "Lea Vang")


def test_another_team_is_confirmed_anew(ask, ada, lea, red_team, blue_team, browser):
    system, token = ask()
    decide(browser, lea, token)
    told()
    mail.outbox.clear()
    bo = person(blue_team, "Bo Kvist", Role.TEAM_LEAD)
    browser.force_login(ada.user)
    page = browser.get(reverse("practitioner-edit", args=[token.practitioner_id])).content.decode()
    assert "its tokens open nothing until a second person has confirmed them anew" in page
    fields = {"name": "Record system", "role": "practitioner", "teams": [red_team.pk, blue_team.pk]}
    assert save(browser, reverse("practitioner-edit", args=[token.practitioner_id]), fields).status_code == 302
    assert waits(system)
    assert told() == [bo.user.email]
    decide(browser, bo, token)
    assert not waits(system)


def test_a_team_that_a_system_left_is_confirmed_anew_when_it_comes_back(ask, ada, zoe, red_team, blue_team, browser):
    system, token = ask(red_team, blue_team)
    decide(browser, zoe, token)
    assert not waits(system)
    page = reverse("practitioner-edit", args=[token.practitioner_id])
    fields = {"name": "Record system", "role": "practitioner"}
    browser.force_login(ada.user)
    assert save(browser, page, fields | {"teams": [red_team.pk]}).status_code == 302
    assert not waits(system), "nothing new to agree to"
    assert save(browser, page, fields | {"teams": [red_team.pk, blue_team.pk]}).status_code == 302
    assert waits(system)


def test_an_address_of_its_own_makes_a_system_no_person(ask, ada, red_team, browser):
    system, token = ask()
    browser.force_login(ada.user)
    fields = {"name": "Record system", "email": "me@example.org", "role": "practitioner", "teams": [red_team.pk]}
    assert save(browser, reverse("practitioner-edit", args=[token.practitioner_id]), fields).status_code == 302
    with tenant(ada.organisation_id):
        assert Practitioner.objects.get(pk=token.practitioner_id).email == "me@example.org"
    assert waits(system)


def test_a_system_that_was_given_a_log_in_confirms_no_token_of_its_own(ask, browser):
    system, token = ask()
    with tenant(token.organisation_id):
        Practitioner.objects.filter(pk=token.practitioner_id).update(user=UserFactory(), role=Role.TEAM_LEAD)
        itself = Practitioner.objects.get(pk=token.practitioner_id)
    assert decide(browser, itself, token).status_code == 422
    assert waits(system)
    with tenant(token.organisation_id):
        assert not confirmers_of(token).filter(pk=itself.pk).exists()


def test_a_second_token_of_a_confirmed_system_waits_too(ask, lea, browser):
    _system, token = ask()
    decide(browser, lea, token)
    second, _token = ask(name="All of it", system=token.practitioner_id, teams=[], **WORDS)
    assert waits(second)


def test_ones_own_token_waits_for_nobody(ann, nils):
    assert not waits(System(mint(ann).secret))


def test_leads_and_administrators_are_told_by_mail_and_on_their_first_page(ask, ada, ann, lea, zoe, blue_team, browser):
    bo = person(blue_team, "Bo Kvist", Role.TEAM_LEAD)
    _system, token = ask()
    assert told() == [lea.user.email, zoe.user.email]
    for letter in mail.outbox:
        assert reverse("token-requests") in letter.body
        assert "Ada Berg" in letter.body
    asks = "A system asks to be let in."
    pages = {ada: "people", zoe: "people", lea: "today", bo: "today", ann: "today"}
    seen = {}
    for who, name in pages.items():
        browser.force_login(who.user)
        seen[who.name] = asks in browser.get(reverse(name)).content.decode()
    assert seen == {"Ada Berg": False, "Zoe Ek": True, "Lea Vang": True, "Bo Kvist": False, "Ann Holm": False}
    browser.force_login(bo.user)
    assert "Record system" not in browser.get(reverse("token-requests")).content.decode()
    decide(browser, lea, token)
    assert asks not in browser.get(reverse("today")).content.decode()


@pytest.mark.parametrize("answer", [YES, NO])
def test_who_decided_before_the_mail_went_out_is_not_asked_again(ask, lea, zoe, browser, answer):
    _system, token = ask()
    decide(browser, lea, token, answer)
    assert told() == []


def test_a_token_that_ended_is_nobody_s_question_any_more(ask, lea, browser):
    _system, token = ask()
    Capability.objects.filter(object_id=token.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    browser.force_login(lea.user)
    assert "asks to be let in" not in browser.get(reverse("today")).content.decode()


def test_where_nobody_else_could_confirm_the_page_says_so(ada, red_team, browser):
    browser.force_login(ada.user)
    page = browser.post(reverse("tokens"), FORM | {"teams": [red_team.pk]})
    assert "nobody else here can confirm it" in page.content.decode()
    assert told() == []
    person(red_team, "Lea Vang", Role.TEAM_LEAD)
    page = browser.post(reverse("tokens"), FORM | {"name": "Another one", "teams": [red_team.pk]})
    assert "these are told by mail: Lea Vang" in page.content.decode()


def test_the_clients_own_words_are_asked_for_apart(ask, lea, ada, red_team, browser):
    browser.force_login(ada.user)
    page = browser.get(reverse("tokens")).content.decode()
    (apart,) = re.findall(r"<fieldset(?:(?!</fieldset>).)*own words\?(?:(?!</fieldset>).)*</fieldset>", page, re.S)
    assert "notes:read" in apart
    assert "notes:" not in page.replace(apart, "")
    smuggled = FORM | {"teams": [red_team.pk], "scopes": ["clients:read", "notes:read"]}
    assert browser.post(reverse("tokens"), smuggled).status_code == 422
    _system, token = ask()
    assert token.scopes == ["clients:read", "sessions:read"]
    with_words, worded = ask(name="With words", **WORDS)
    assert worded.scopes == ["clients:read", "sessions:read", "notes:read"]
    warning = "It also sees what clients have said or written in their own words."
    browser.force_login(lea.user)
    assert warning not in browser.get(reverse("token-confirm", args=[token.pk])).content.decode()
    assert warning in browser.get(reverse("token-confirm", args=[worded.pk])).content.decode()
    decide(browser, lea, worded)
    assert with_words.get("notes/").status_code == 200


def test_a_confirmed_token_sees_the_named_teams_only(ask, lea, nils, blue_team, browser):
    with tenant(nils.organisation_id):
        ClientFactory(organisation=nils.organisation, reference="B-200", teams=[blue_team])
    system, token = ask()
    decide(browser, lea, token)
    assert [row["reference"] for row in system.get("clients/").json()["results"]] == ["N-014"]


def test_the_roles_page_tells_of_roles_and_of_systems(ann, browser):
    browser.force_login(ann.user)
    page = browser.get(reverse("roles")).content.decode()
    row = re.search(r"Confirm that another system reads clients</th>(.*?)</tr>", page, re.S)[1]
    assert re.findall(r">(yes|no)<", row) == ["no", "yes", "yes", "no"]
    for words in ("Read a client&#x27;s curves and answers", "Read a client&#x27;s own words"):
        row = re.search(rf"{words}</th>(.*?)</tr>", page, re.S)[1]
        assert re.findall(r">(yes|no)<", row) == ["yes", "yes", "no", "no"]
    assert "It opens nothing until a second person has agreed" in page
    assert "Where there is neither a second administrator nor a lead of its teams" in page
    assert reverse("roles") in browser.get(reverse("account")).content.decode()
