"""A handed-over device reaches its form, the thanks and the unlocking; staff come back with PIN or password."""

import re
import uuid

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse

from organisations.access import declared
from organisations.models import AccessEvent, Capability
from organisations.tenancy.context import tenant
from organisations.web.route_checks import routes
from sessions_app.models import Rating
from sessions_app.services.handover import ATTEMPTS
from tests.factories import RatingFactory
from tests.kiosk import PIN, hand_over
from tests.people import PASSWORD

ORS = {"individual": "6.2", "relations": "7.1", "social": "5.8", "overall": "7,2"}


def key(browser):
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


def failures(ann):
    ann.user.refresh_from_db()
    return ann.user.pin_failures


def test_handing_over_parks_the_staff_session(browser, ann, record):
    browser.force_login(ann.user)
    before = key(browser)
    answer = browser.post(reverse("session-handover", args=[record.pk, "ors"]))
    assert answer.headers["Location"].startswith("/f/")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert key(browser) != before
    assert set(browser.session.keys()) == {"kiosk"}
    assert browser.get(answer.headers["Location"]).status_code == 200
    capability = Capability.objects.get()
    assert (capability.object_id, capability.detail, capability.used_at) == (record.pk, "ors", None)
    with tenant(ann.organisation_id):
        assert AccessEvent.objects.filter(action="session.handover", purpose="ors").exists()
    stolen = Browser()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = before
    assert stolen.get(reverse("today")).headers["Location"].startswith(reverse("account_login"))


def example(path):
    """An address of a route, with made-up parts."""
    path = re.sub(r"<uuid:[^>]+>", "6f9d1d7e-3c1b-4a58-9a3c-0d6c2f3b7a11", path)
    path = re.sub(r"<int:[^>]+>", "1", path)
    path = re.sub(r"<str:instrument>|<slug:instrument>", "ors", path)
    path = re.sub(r"\(\?P<\w+>[^)]*\)", "x", path)
    path = re.sub(r"<[^>]+>", "x", path)
    return "/" + path.replace("^", "").replace("$", "").replace("\\Z", "")


# The form and what belongs to it; what shows nothing of anybody (a worker, a manifest, the page without a network).
OPEN = {
    *("rating-form", "rating-save-draft", "rating-thanks", "rating-next", "rating-marks"),
    *("form-started", "form-park", "form-shell", "sealed-answer"),
    *("group-turn", "group-next"),  # lead to the form of whose turn it is
    *("unlock", "unlock-passkey", "offline", "manifest", "service-worker", "healthz", "readyz", "metrics"),
    *("status", "status-json"),  # which parts of the program answer
    *("api-schema", "api-docs"),  # the same to everybody
    "news",  # to a signed pass of a page of staff a moment in time, to anybody else nothing
}


def all_routes():
    return [(pattern.name or path, example(path)) for path, pattern in routes()]


def is_closed(name, answer):
    """Whether a handed-over device was refused as it should be, or met what is open to it."""
    if name in OPEN:
        return answer.status_code in {200, 302, 404, 405, 422}
    if name.startswith(("api-", "scim-")):  # reads no cookie: to it the device is nobody
        return answer.status_code == 401
    return (answer.status_code, answer.headers.get("Location")) == (302, reverse("unlock"))


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_handed_over_device_reaches_nothing_else(kiosk, nils, method):
    every = all_routes()
    assert len(every) > 100
    answers = [(name, address, getattr(kiosk, method)(address)) for name, address in every]
    wrong = [(address, answer.status_code) for name, address, answer in answers if not is_closed(name, answer)]
    assert wrong == []
    assert [address for _name, address, answer in answers if b"Nils" in answer.content] == []


def test_the_walk_sees_every_kind_of_route():
    names = {name for name, _address in all_routes()}
    assert {"today", "client-detail", "account_login", "account_reset_password", *OPEN} <= names
    assert {"requires", "capability", "public", "third party"} <= {
        declared(pattern.callback) for _path, pattern in routes()
    }


def test_the_parked_clients_own_pages_are_closed_too(kiosk, nils, record):
    for address in (
        reverse("client-detail", args=[nils.pk]),
        reverse("session-flow", args=[record.pk]),
        reverse("session-result", args=[record.pk, "ors"]),
        reverse("today"),
        "/",
    ):
        assert kiosk.get(address).headers["Location"] == reverse("unlock")
    assert kiosk.get(kiosk.form).status_code == 200


def test_the_form_works_on_the_parked_device_and_the_password_goes_on_at_the_result(kiosk, ann, record):
    before = key(kiosk)
    kiosk.post(kiosk.form, {**ORS, "submission_id": uuid.uuid4()})
    assert "password" in kiosk.get(reverse("unlock")).content.decode()
    answer = kiosk.post(reverse("unlock"), {"secret": PASSWORD})
    assert answer.headers["Location"] == reverse("session-flow", args=[record.pk]) + "?back=ors"
    assert key(kiosk) != before
    assert "kiosk" not in kiosk.session
    result = reverse("session-result", args=[record.pk, "ors"])
    assert kiosk.get(answer.headers["Location"]).headers["Location"] == result
    page = kiosk.get(result).content.decode()
    assert "Hand over for the SRS" in page
    assert reverse("note-save", args=[record.pk, "after_ors"]) in page


def test_without_an_answer_unlocking_goes_back_to_the_session(kiosk, record):
    answer = kiosk.post(reverse("unlock"), {"secret": PASSWORD}, follow=True)
    assert answer.status_code == 200
    assert "First: how are things?" in answer.content.decode()


def test_a_pin_unlocks_and_the_password_then_does_not(browser, with_pin, record):
    browser.force_login(with_pin.user)
    hand_over(browser, record)
    assert "6 digits" in browser.get(reverse("unlock")).content.decode()
    assert browser.post(reverse("unlock"), {"secret": PASSWORD}).status_code == 422
    assert failures(with_pin) == 1
    assert browser.post(reverse("unlock"), {"secret": PIN}).status_code == 302
    assert failures(with_pin) == 0


def test_the_log_in_that_comes_back_still_ends_with_the_browser(kiosk):
    cookie = kiosk.post(reverse("unlock"), {"secret": PASSWORD}).cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie.value, cookie["max-age"], cookie["expires"]) == (kiosk.session.session_key, "", "")


def test_five_wrong_attempts_are_a_full_log_out(kiosk, ann, record):
    for left in (4, 3, 2, 1):
        page = kiosk.post(reverse("unlock"), {"secret": "wrong"})
        assert page.status_code == 422
        assert f"{left} attempt" in page.content.decode()
    answer = kiosk.post(reverse("unlock"), {"secret": "wrong"})
    assert answer.headers["Location"] == reverse("account_login")
    assert dict(kiosk.session) == {}
    assert kiosk.post(reverse("unlock"), {"secret": PASSWORD}).headers["Location"] == reverse("account_login")
    assert kiosk.get(reverse("today")).headers["Location"].startswith(reverse("account_login"))
    assert failures(ann) == ATTEMPTS


def test_wrong_attempts_are_counted_across_devices(with_pin, record):
    for _device in range(ATTEMPTS - 1):
        browser = Browser()
        browser.force_login(with_pin.user)
        hand_over(browser, record)
        assert browser.post(reverse("unlock"), {"secret": "000000"}).status_code == 422
    browser = Browser()
    browser.force_login(with_pin.user)
    hand_over(browser, record)
    assert browser.post(reverse("unlock"), {"secret": "000000"}).headers["Location"] == reverse("account_login")
    # From now on the PIN opens nothing until the password has.
    browser.force_login(with_pin.user)
    hand_over(browser, record)
    assert "password" in browser.get(reverse("unlock")).content.decode()
    assert browser.post(reverse("unlock"), {"secret": PIN}).status_code == 302
    assert "_auth_user_id" not in browser.session


def test_a_new_password_or_a_deactivated_account_closes_the_parked_session(kiosk, ann):
    ann.user.set_password("quite another password")
    ann.user.save()
    answer = kiosk.post(reverse("unlock"), {"secret": "quite another password"})
    assert answer.headers["Location"] == reverse("account_login")
    assert "kiosk" not in kiosk.session


def test_a_deactivated_account_cannot_unlock(kiosk, ann):
    ann.user.is_active = False
    ann.user.save()
    assert kiosk.post(reverse("unlock"), {"secret": PASSWORD}).headers["Location"] == reverse("account_login")


def test_logging_out_from_the_locked_page(kiosk):
    assert kiosk.post(reverse("unlock"), {"log_out": "1"}).headers["Location"] == reverse("account_login")
    assert "kiosk" not in kiosk.session


def test_there_is_nothing_to_unlock_without_a_parked_session(browser, ann):
    assert browser.get(reverse("unlock")).headers["Location"] == reverse("account_login")
    browser.force_login(ann.user)
    browser.get(reverse("unlock"))
    assert browser.session["_auth_user_id"] == str(ann.user.pk)


def test_unlocking_needs_the_csrf_token(kiosk):
    strict = Browser(enforce_csrf_checks=True)
    strict.cookies[settings.SESSION_COOKIE_NAME] = key(kiosk)
    assert strict.post(reverse("unlock"), {"secret": PASSWORD}).status_code == 403
    assert "kiosk" in strict.session


def test_an_answered_form_is_not_handed_over_again(browser, ann, record):
    with tenant(ann.organisation_id):
        RatingFactory(organisation=ann.organisation, session=record)
    browser.force_login(ann.user)
    answer = browser.post(reverse("session-handover", args=[record.pk, "ors"]), follow=True)
    assert "answered already" in answer.content.decode()
    assert not Capability.objects.exists()


def test_only_those_who_see_the_client_hand_over(browser, cleo, dora, ada, record):
    url = reverse("session-handover", args=[record.pk, "ors"])
    for person, status in ((cleo, 404), (dora, 404), (ada, 403)):
        browser.force_login(person.user)
        assert browser.post(url).status_code == status
        assert browser.get(url).status_code in {403, 404, 405}
    browser.force_login(cleo.user)
    assert browser.post(reverse("session-handover", args=[record.pk, "cors"])).status_code == 404
    assert not Capability.objects.exists()


def test_the_practitioner_of_two_houses_comes_back_to_the_same_one(kiosk, ann):
    kiosk.post(reverse("unlock"), {"secret": PASSWORD})
    assert kiosk.session["practitioner"] == str(ann.pk)


def test_ors_and_srs_of_one_session_are_two_forms(ann, record):
    for instrument, answer in (
        ("ors", ORS),
        ("srs", {"relation": "9", "goals": "9", "approach": "9.5", "overall": "10"}),
    ):
        browser = Browser()
        browser.force_login(ann.user)
        address = hand_over(browser, record, instrument)
        browser.post(address, {**answer, "submission_id": uuid.uuid4()})
    with tenant(ann.organisation_id):
        assert {rating.instrument: rating.total for rating in Rating.objects.all()} == {"ors": 263, "srs": 375}


def test_a_script_hands_over_without_a_page_in_between(browser, ann, record):
    browser.force_login(ann.user)
    url = reverse("session-handover", args=[record.pk, "ors"])
    answer = browser.post(url, {"closing": "see-you"}, headers={"Accept": "application/json"})
    form = answer.json()["location"]
    assert (answer.status_code, answer.headers["Clear-Site-Data"]) == (200, '"cache"')
    assert set(browser.session.keys()) == {"kiosk"}
    assert browser.get(form).status_code == 200
    thanks = browser.post(form, {**ORS, "submission_id": uuid.uuid4()}, follow=True).content.decode()
    assert "See you next time." in thanks
    assert "Nils" not in thanks


def test_a_script_that_is_refused_asks_again_as_a_page(browser, ann, record):
    with tenant(ann.organisation_id):
        RatingFactory(organisation=ann.organisation, session=record)
    browser.force_login(ann.user)
    url = reverse("session-handover", args=[record.pk, "ors"])
    assert browser.post(url, headers={"Accept": "application/json"}).status_code == 409
    assert "answered already" in browser.post(url, follow=True).content.decode()


def test_words_that_are_not_ours_are_never_shown(browser, ann, record):
    browser.force_login(ann.user)
    address = browser.post(reverse("session-handover", args=[record.pk, "ors"]), {"closing": "Nils <b>"}).headers[
        "Location"
    ]
    assert "Nils" not in browser.post(address, {**ORS, "submission_id": uuid.uuid4()}, follow=True).content.decode()


def test_a_device_carries_tokens_for_the_forms_that_are_due(browser, ann, record):
    browser.force_login(ann.user)
    carried = browser.post(reverse("session-offline-tokens", args=[record.pk])).json()["forms"]
    assert [(one["form"], one["address"]) for one in carried] == [
        ("ors", "/offline/ors/en/own/"),
        ("srs", "/offline/srs/en/own/"),
    ]
    for one in carried:
        shell = browser.get(one["shell"]).content.decode()
        assert one["token"] not in shell
        assert "Nils" not in shell
        assert browser.get(one["address"]).status_code == 404  # the device's own store alone answers there
    with tenant(ann.organisation_id):
        RatingFactory(organisation=ann.organisation, session=record)
    assert [
        one["form"] for one in browser.post(reverse("session-offline-tokens", args=[record.pk])).json()["forms"]
    ] == ["srs"]


def test_a_device_handed_over_without_a_network_is_parked_afterwards(browser, ann, record):
    browser.force_login(ann.user)
    browser.get(reverse("session-flow", args=[record.pk]))
    carried = browser.post(reverse("session-offline-tokens", args=[record.pk])).json()["forms"][0]
    before = key(browser)
    strict = Browser(enforce_csrf_checks=True)
    strict.cookies = browser.cookies
    assert strict.post(carried["park"]).status_code == 204
    assert key(strict) != before
    assert strict.get(reverse("today")).headers["Location"] == reverse("unlock")
    assert strict.post(carried["park"]).status_code == 204  # twice is as once
    assert strict.get(reverse("today")).headers["Location"] == reverse("unlock")


def test_a_wrong_pin_is_said_in_the_language_of_the_staff(kiosk, with_pin):
    with_pin.user.language = "da"
    with_pin.user.save()
    page = kiosk.post(reverse("unlock"), {"secret": "111111"}, headers={"accept-language": "en"})
    assert page.status_code == 422
    assert "That PIN is not right." not in page.content.decode()
    assert "PIN-kode" in page.content.decode()
