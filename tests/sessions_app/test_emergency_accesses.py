"""A client is opened in an emergency: who can, what they read, for how long, and who is told."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from clients.models import Client, ClientBlock
from organisations.models import AccessEvent, Organisation, Outbox
from organisations.tenancy.context import tenant
from sessions_app.models import AccessAlarm, EmergencyAccess
from sessions_app.periodic import end_emergencies
from sessions_app.services.emergency_accesses import TELL_OF_EMERGENCY, tell
from tests.factories import ClientFactory
from tests.people import PASSWORD
from tests.second_factors import App, Key

pytestmark = pytest.mark.django_db
WORDS = "He rang me, and nobody answers there"
NOTHING = "Nothing was opened. Check the reference"


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


def logged_in(someone):
    browser = Browser()
    browser.force_login(someone.user)
    return browser


def text_of(answer):
    return " ".join(answer.content.decode().split())


def ask(by, reference="N-014", **changed):
    sent = {"reference": reference, "reason": "contact", "words": WORDS, "password": PASSWORD} | changed
    return logged_in(by).post(reverse("emergency-open"), sent)


def told(of):
    """What the outbox asks for is done."""
    row = opened(of)
    with tenant(of.organisation_id):
        assert Outbox.objects.filter(task=TELL_OF_EMERGENCY, object_id=row.pk).count() == 1
        tell(row)


def opened(of):
    with tenant(of.organisation_id):
        return EmergencyAccess.objects.get()


def test_somebody_of_another_team_reads_and_writes_nothing(nils, episode, cleo):
    answer = ask(cleo)
    row = opened(nils)
    assert answer.url == reverse("emergency-client", args=[row.pk])
    page = text_of(logged_in(cleo).get(answer.url))
    assert "Nils" in page
    assert "Ann Holm" in page
    for route in ("client-detail", "client-edit", "client-links"):
        assert logged_in(cleo).get(reverse(route, args=[nils.pk])).status_code == 404
    assert logged_in(cleo).post(answer.url).status_code == 405
    with tenant(nils.organisation_id):
        assert not Client.objects.visible_to(cleo).exists()


def test_a_blocked_client_is_opened_so_by_a_lead_who_is_shut_out(nils, ann, lea):
    with tenant(ann.organisation_id):
        ClientBlock.objects.create(organisation=nils.organisation, client=nils, wish="client", reason="-", made_by=ann)
    assert ask(lea).status_code == 302
    assert logged_in(lea).get(reverse("client-detail", args=[nils.pk])).status_code == 404


@pytest.mark.parametrize("reference", ["N-01", "N-999", "F-1", "N-%"])
def test_whatever_opens_nothing_is_answered_with_one_sentence(reference, nils, cleo, dora):
    with tenant(dora.organisation_id):
        ClientFactory(organisation=dora.organisation, reference="F-1", teams=[dora.teams.get()])
    answer = ask(cleo, reference)
    assert answer.status_code == 422
    assert NOTHING in text_of(answer)
    with tenant(nils.organisation_id):
        assert not EmergencyAccess.objects.exists()
        assert AccessEvent.objects.get(action="emergency.try", practitioner=cleo).typed == reference


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"password": "something else"}, "That is not the password."),
        ({"words": "urgent"}, "Write a little more"),
        ({"reason": "curious"}, "Select a valid choice"),
        ({"words": "His number is 010190-1234, ring him"}, "national identity number"),
    ],
)
def test_a_wrong_form_opens_nothing_and_says_why(changed, sentence, nils, cleo):
    answer = ask(cleo, **changed)
    assert (answer.status_code, sentence in text_of(answer)) == (422, True)
    with tenant(nils.organisation_id):
        assert not EmergencyAccess.objects.exists()


def test_after_six_tries_in_an_hour_even_the_right_reference_opens_nothing(nils, cleo):
    for number in range(6):
        ask(cleo, f"X-{number}")
    answer = ask(cleo)
    assert "You have tried too often" in text_of(answer)
    with tenant(nils.organisation_id):
        assert not EmergencyAccess.objects.exists()


def test_a_client_whom_one_sees_is_not_opened_so(nils, ben):
    assert "You see this client already" in text_of(ask(ben))
    with tenant(nils.organisation_id):
        assert not EmergencyAccess.objects.exists()


def test_administrators_and_consultants_open_nobody(nils, ada):
    assert ask(ada).status_code == 403


def test_it_ends_by_itself_after_the_organisations_hours(nils, cleo):
    with tenant(nils.organisation_id):
        Organisation.objects.filter(pk=nils.organisation_id).update(emergency_hours=2)
    ask(cleo)
    row = opened(nils)
    assert row.until - row.opened_at == timedelta(hours=2)
    page = reverse("emergency-client", args=[row.pk])
    assert logged_in(cleo).get(page).status_code == 200
    past = timezone.now() - timedelta(hours=3)
    with tenant(nils.organisation_id):
        EmergencyAccess.objects.update(opened_at=past, until=past + timedelta(hours=2))
    assert logged_in(cleo).get(page).status_code == 404
    end_emergencies()
    assert opened(nils).ended_at is not None


def test_a_button_ends_it_and_nobody_elses_can_be_ended_or_read(nils, cleo, ben):
    ask(cleo)
    row = opened(nils)
    end, page = reverse("emergency-end", args=[row.pk]), reverse("emergency-client", args=[row.pk])
    assert (logged_in(ben).post(end).status_code, logged_in(ben).get(page).status_code) == (404, 404)
    logged_in(cleo).post(end)
    assert logged_in(cleo).get(page).status_code == 404


def test_the_lead_is_told_at_once_without_a_word_about_the_client(nils, lea, ada, cleo):
    ask(cleo)
    told(nils)
    [letter] = mail.outbox
    assert letter.to == [lea.user.email]
    for word in ("N-014", "Nils", "Cleo", WORDS):
        assert word not in letter.subject + letter.body
    today = text_of(logged_in(lea).get(reverse("today")))
    assert reverse("emergency-accesses") in today


def test_where_no_lead_sees_the_client_the_administrators_are_told(nils, ann, lea, ada, cleo):
    with tenant(ann.organisation_id):
        ClientBlock.objects.create(organisation=nils.organisation, client=nils, wish="client", reason="-", made_by=ann)
    ask(cleo)
    told(nils)
    assert [letter.to for letter in mail.outbox] == [[ada.user.email]]


def test_the_list_shows_the_client_and_the_words_to_the_lead_alone(nils, lea, ada, cleo, ben):
    ask(cleo)
    pages = {who: logged_in(who).get(reverse("emergency-accesses")) for who in (lea, ada, ben)}
    assert pages[ben].status_code == 403
    assert "Cleo Dahl" in text_of(pages[lea])
    assert "Nils" in text_of(pages[lea])
    assert WORDS in text_of(pages[lea])
    assert "Cleo Dahl" in text_of(pages[ada])
    for word in ("Nils", "N-014", WORDS):
        assert word not in text_of(pages[ada])


def test_somebody_signs_that_they_have_looked_and_never_at_their_own(nils, lea, cleo):
    ask(cleo)
    row = opened(nils)
    logged_in(lea).post(reverse("emergency-look", args=[row.pk]))
    assert opened(nils).looked_by == lea
    assert "Lea Vang" in text_of(logged_in(lea).get(reverse("emergency-accesses")))
    with tenant(nils.organisation_id):
        EmergencyAccess.objects.update(looked_by=None, looked_at=None, practitioner=lea)
    logged_in(lea).post(reverse("emergency-look", args=[row.pk]))
    assert opened(nils).looked_by is None


def test_the_client_can_read_that_somebody_looked_and_why(nils, ann, cleo):
    answer = ask(cleo)
    logged_in(cleo).get(answer.url)
    page = text_of(logged_in(ann).get(reverse("client-looks", args=[nils.pk])))
    assert "Opened the client in an emergency" in page
    with tenant(nils.organisation_id):
        event = AccessEvent.objects.get(action="emergency.open")
        assert (event.client_ids, event.purpose, event.typed) == ([nils.pk], "emergency contact", WORDS)
        assert AccessEvent.objects.get(action="emergency.view").client_ids == [nils.pk]


def test_who_opens_three_clients_in_a_day_is_an_alarm(nils, red_team, cleo):
    with tenant(nils.organisation_id):
        for number in (1, 2):
            ClientFactory(organisation=nils.organisation, reference=f"N-{number}", teams=[red_team])
    for reference in ("N-014", "N-1"):
        ask(cleo, reference)
    with tenant(nils.organisation_id):
        assert not AccessAlarm.objects.exists()
    ask(cleo, "N-2")
    with tenant(nils.organisation_id):
        assert AccessAlarm.objects.get(practitioner=cleo).clients_count == 3


@pytest.fixture
def app(cleo):
    """Cleo has an authenticator app."""
    return App(cleo.user)


def shown_factor(browser, app):
    """Cleo's browser, which has shown a code."""
    assert browser.post(reverse("mfa_reauthenticate"), {"code": app.code()}).status_code == 302
    return browser


def test_whoever_has_a_second_factor_shows_it_before_typing(nils, cleo, app):
    browser = logged_in(cleo)
    way = browser.get(reverse("emergency-open"))
    assert way.url == f"{reverse('mfa_reauthenticate')}?next=%2Femergency%2F"
    assert browser.post(way.url, {"code": app.code()}).url == reverse("emergency-open")
    assert browser.get(reverse("emergency-open")).status_code == 200
    sent = {"reference": "N-014", "reason": "contact", "words": WORDS, "password": PASSWORD}
    assert browser.post(reverse("emergency-open"), sent).status_code == 302
    assert opened(nils).practitioner_id == cleo.pk


def test_the_password_alone_opens_nothing_where_there_is_a_second_factor(nils, cleo, app):
    answer = ask(cleo)
    page = text_of(answer)
    assert answer.status_code == 422
    assert "Show your second factor first" in page
    assert WORDS in page  # what was typed stays
    with tenant(nils.organisation_id):
        assert not EmergencyAccess.objects.exists()


def test_a_second_factor_of_the_log_in_is_asked_for_anew_after_five_minutes(nils, cleo, app):
    browser = shown_factor(logged_in(cleo), app)
    assert browser.get(reverse("emergency-open")).status_code == 200
    session = browser.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 301
    session.save()
    assert browser.get(reverse("emergency-open")).url.startswith(reverse("mfa_reauthenticate"))


def test_a_passkey_is_asked_for_where_there_is_no_app(cleo):
    Key(cleo.user)
    answer = logged_in(cleo).get(reverse("emergency-open"))
    assert answer.url.startswith(reverse("mfa_reauthenticate_webauthn"))
