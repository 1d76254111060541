"""One's own account, and working in two organisations."""

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client as Browser
from django.urls import reverse

from organisations.models import Practitioner
from organisations.services.invitations import create_invitation_link
from organisations.tenancy.context import tenant
from organisations.web.route_checks import routes
from tests.factories import PractitionerFactory
from tests.people import PASSWORD
from tests.saving import save

ACCOUNT, PIN = "account", "account-pin"


def text(page):
    return page.content.decode()


@pytest.fixture
def here(browser, ann):
    """Ann's browser."""
    browser.force_login(ann.user)
    return browser


@pytest.fixture
def anns_other_place(ann, elsewhere):
    """Ann works in another organisation too."""
    with tenant(elsewhere.pk):
        return PractitionerFactory(organisation=elsewhere, user=ann.user, name="Ann at the fjord", role="admin")


@pytest.mark.parametrize("works", ["in two places", "nowhere"])
def test_no_page_breaks_before_somebody_has_chosen_where_they_work(ann, anns_other_place, works):
    if works == "nowhere":
        for place in (ann, anns_other_place):
            with tenant(place.organisation_id):
                Practitioner.objects.filter(pk=place.pk).update(is_active=False)
    browser = Browser(raise_request_exception=False)
    browser.force_login(ann.user)
    paths = {f"/{path}" for path, _pattern in routes() if "<" not in path} - {reverse("readyz")}
    assert reverse("mfa_index") in paths
    broken = {path for path in sorted(paths) if browser.get(path).status_code >= 500}
    assert broken == set()


def test_name_and_language_are_changed(here, ann):
    page = save(here, reverse(ACCOUNT), {"digest_hour": "7", "name": "Ann Holm-Lund", "language": "sv"}, follow=True)
    assert page.status_code == 200
    ann.user.refresh_from_db()
    assert ann.user.language == "sv"
    assert page.headers["Content-Language"] == "sv"
    with tenant(ann.organisation_id):
        assert Practitioner.objects.get(pk=ann.pk).name == "Ann Holm-Lund"


def test_the_hour_of_the_mail_is_chosen(here, ann):
    save(here, reverse(ACCOUNT), {"name": "Ann Holm", "digest_hour": "16"})
    with tenant(ann.organisation_id):
        assert Practitioner.objects.get(pk=ann.pk).digest_hour == 16
    answer = save(here, reverse(ACCOUNT), {"name": "Ann Holm", "digest_hour": "3"})
    assert answer.status_code == 422
    with tenant(ann.organisation_id):
        assert Practitioner.objects.get(pk=ann.pk).digest_hour == 16


def test_an_administrator_has_no_mail_of_the_day(browser, ada):
    browser.force_login(ada.user)
    assert 'name="digest_hour"' not in browser.get(reverse(ACCOUNT)).content.decode()
    save(browser, reverse(ACCOUNT), {"name": "Ada", "digest_hour": "16"})
    with tenant(ada.organisation_id):
        assert Practitioner.objects.get(pk=ada.pk).digest_hour == 7


def test_no_language_of_ones_own_is_the_organisations(here, ann, house):
    ann.user.language = "sv"
    ann.user.save()
    house.language = "nb"
    house.save()
    page = save(here, reverse(ACCOUNT), {"digest_hour": "7", "name": "Ann", "language": ""}, follow=True)
    assert page.headers["Content-Language"] == "nb"


@pytest.mark.parametrize("entry", [{"name": "", "language": ""}, {"name": "Ann", "language": "xx"}])
def test_a_wrong_entry_is_refused(here, entry):
    assert here.post(reverse(ACCOUNT), entry).status_code == 422


def test_a_pin_is_set_and_stored_as_a_hash(here, ann):
    here.post(reverse(PIN), {"pin": "482915", "password": PASSWORD})
    ann.user.refresh_from_db()
    assert ann.user.check_pin("482915")
    assert not ann.user.check_pin("482916")
    assert "482915" not in ann.user.pin_hash
    assert "Change the PIN" in text(here.get(reverse(ACCOUNT)))


@pytest.mark.parametrize(
    "pin", ["000000", "123456", "654321", "121212", "123123", "890123", "12345", "1234567", "12a456", "４８２９１５"]
)
def test_a_pin_that_is_guessed_first_or_is_none_is_refused(here, ann, pin):
    assert here.post(reverse(PIN), {"pin": pin, "password": PASSWORD}).status_code == 422
    ann.user.refresh_from_db()
    assert not ann.user.pin_hash


def test_a_pin_needs_the_password(here, ann):
    page = here.post(reverse(PIN), {"pin": "482915", "password": "not the password"})
    assert page.status_code == 422
    assert "That is not the password." in text(page)
    ann.user.refresh_from_db()
    assert not ann.user.pin_hash


def test_the_account_page_leads_to_pin_and_password(here):
    page = text(here.get(reverse(ACCOUNT)))
    for name in (PIN, "account_change_password"):
        assert f'href="{reverse(name)}"' in page


def test_who_works_in_one_place_is_there_at_once(here):
    assert "Solsikke Municipality" in text(here.get(reverse(ACCOUNT)))


def test_who_works_in_two_places_chooses_and_switches(here, ann, anns_other_place):
    page = here.get(reverse(ACCOUNT), follow=True)
    assert page.redirect_chain[-1][0] == reverse("organisation-choose")
    assert "Solsikke Municipality" in text(page)
    assert "Fjord Municipality" in text(page)

    for practice, place in ((ann, "Solsikke Municipality"), (anns_other_place, "Fjord Municipality")):
        here.post(reverse("organisation-switch"), {"practitioner": practice.pk})
        assert f"You work in {place} now." in text(here.get(reverse(ACCOUNT)))


def test_switching_gives_the_session_a_new_key(here, ann, anns_other_place):
    before = here.session.session_key
    here.post(reverse("organisation-switch"), {"practitioner": anns_other_place.pk})
    assert here.session.session_key != before
    assert here.session[SESSION_KEY] == str(ann.user_id)


def test_each_place_has_its_own_rights(here, ann, anns_other_place):
    here.post(reverse("organisation-switch"), {"practitioner": ann.pk})
    assert here.get(reverse("people")).status_code == 403
    here.post(reverse("organisation-switch"), {"practitioner": anns_other_place.pk})
    page = here.get(reverse("people"))
    assert page.status_code == 200
    assert "Solsikke" not in text(page).replace("Solsikke Municipality", "", 0).split("<main")[1]


def test_nobody_switches_into_the_place_of_somebody_else(here, dora, ben):
    for stranger in (dora.pk, ben.pk, "", "x"):
        answer = here.post(reverse("organisation-switch"), {"practitioner": stranger})
        assert answer.status_code == 404
    assert "Solsikke Municipality" in text(here.get(reverse(ACCOUNT)))


def test_who_works_nowhere_is_told_so_and_can_log_out(here, ann):
    with tenant(ann.organisation_id):
        Practitioner.objects.filter(pk=ann.pk).update(is_active=False)
    page = here.get(reverse(ACCOUNT), follow=True)
    assert "You belong to no organisation in Medspil at the moment" in text(page)
    assert f'action="{reverse("account_logout")}"' in text(page)
    here.post(reverse("account_logout"))
    assert SESSION_KEY not in here.session


def test_the_choice_is_for_those_who_are_logged_in(db):
    assert Browser().get(reverse("organisation-choose")).url.startswith(reverse("account_login"))


@pytest.mark.parametrize("who", ["ann", "lea", "ada"])
def test_whoever_logs_in_lands_on_a_page_of_theirs(browser, request, who):
    person = request.getfixturevalue(who)
    page = browser.post(reverse("account_login"), {"login": person.user.email, "password": PASSWORD}, follow=True)
    assert page.status_code == 200
    assert person.organisation.name in text(page) or person.initials in text(page)


def test_ones_own_log_in_address_cannot_be_changed_by_a_page_of_the_library(here):
    assert here.get("/account/email/").status_code == 404


def test_a_second_organisation_invites_and_the_first_one_ends_without_the_other(here, ann, ben, dora, elsewhere, ada):
    with tenant(elsewhere.pk):
        Practitioner.objects.filter(pk=dora.pk).update(role="admin")
    there = Browser()
    there.force_login(dora.user)
    given = {"name": "Ann at the fjord", "email": ann.user.email, "role": "practitioner", "teams": []}
    assert there.post(reverse("practitioner-new"), given).status_code == 302
    with tenant(elsewhere.pk):
        second = Practitioner.objects.get(email=ann.user.email)
        link = create_invitation_link(practitioner=second).removeprefix("http://localhost:8000")
    # Whoever has an account confirms with the password that they have.
    wrong = Browser().post(link, {"name": "Ann", "language": "", "password": "another long password"})
    assert wrong.status_code == 422
    anew = Browser()
    assert anew.post(link, {"name": "Ann at the fjord", "language": "", "password": PASSWORD}).status_code == 302
    with tenant(elsewhere.pk):
        assert Practitioner.objects.get(pk=second.pk).user_id == ann.user_id
    assert f"You work in {elsewhere.name} now." in text(anew.get(reverse(ACCOUNT)))
    assert reverse("organisation-choose") in text(anew.get(reverse("today")))
    anew.post(reverse("organisation-switch"), {"practitioner": ann.pk})
    assert "You work in Solsikke Municipality now." in text(anew.get(reverse(ACCOUNT)))

    first = Browser()
    first.force_login(ada.user)
    assert first.post(reverse("practitioner-deactivate", args=[ann.pk]), {"successor": ben.pk}).status_code == 302
    page = anew.get(reverse(ACCOUNT), follow=True)
    assert page.status_code == 200
    assert elsewhere.name in text(page)
    assert "Solsikke" not in text(page)
    assert anew.post(reverse("organisation-switch"), {"practitioner": ann.pk}).status_code == 404
    with tenant(elsewhere.pk):
        assert Practitioner.objects.get(pk=second.pk).is_active
