"""Every route, asked while a client's data are kept and not used: none shows or changes them before a reason is given.

Beside the routes: what the client's own form does meanwhile, and what somebody had typed when it began.
"""

import pytest
from django.urls import reverse

from clients.models import Client, Restriction, SavedView
from clients.services.restrictions import set_restriction
from clients.views.restricted_routes import RestrictedClientMiddleware
from organisations.audit.record import recorded
from organisations.models import AccessEvent
from organisations.tenancy.context import tenant
from sessions_app.models import GroupMeeting, Note, PendingAnswer, PracticeGoal, Rating, SupervisionRating
from tests.factories import SessionFactory
from tests.kiosk import hand_over
from tests.organisations.test_typed_text import send_note, send_paper
from tests.people import PASSWORD
from tests.route_matrix import CLIENT_WORDS, OK, make_world, named_routes, rolled_back
from tests.saving import forms_on
from tests.sessions_app.test_form import marks
from tests.statements import statements_of
from tests.test_blocked_clients import ABOUT, LISTED
from tests.test_routes import TABLE

pytestmark = pytest.mark.django_db
PARTS = 8
ACTORS = ("team_lead", "practitioner", "admin", "consultant")
ROUTES = dict(named_routes())
OPEN = {name for name, pattern in ROUTES.items() if getattr(pattern.callback, "open_while_restricted", False)}
# Pages that are about no client's row and show words of one, and why.
ANSWERED = {
    "emergency-accesses": "why staff opened a client in an emergency: whoever checks on access reads it, as the log",
}
REASON = "The client called and asks about it"


def restrict_all(world):
    """Nothing is used of any client of the world; names and what belongs to no client say nothing of the canary."""
    by = world.people["team_lead"]
    with tenant(by.organisation_id), recorded(organisation_id=by.organisation_id, request_id="restricting"):
        restricted = Restriction.objects.standing().values("client")
        for number, client in enumerate(Client.objects.filter(merged_into=None)):
            client.first_name, client.reference = "", f"R-{number}"
            client.save()
            if not restricted.filter(client=client).exists():
                set_restriction(client=client, reason="It may be wrong", by=by)
        SavedView.objects.update(name="A view")
        GroupMeeting.objects.update(name="A group")
        PracticeGoal.objects.update(wording="A goal")
        SupervisionRating.objects.update(supervisor="Somebody")


def ask(world, name, actor, method):
    """The answer, rendered, and what it says; nothing stays."""
    with rolled_back():
        browser, url = world.browser_of(actor), world.url(name)
        answer = browser.post(url, TABLE[name].data) if method == "POST" else browser.get(url)
        if hasattr(answer, "render"):
            answer.render()
    return answer, "" if answer.streaming else answer.content.decode("utf-8", "replace")


def faults(name, world):
    """What a route shows or does of a restricted client before a reason was given."""
    found = []
    for actor in (one for one in ACTORS if TABLE[name].of(one) is OK):  # the others are asked by test_routes.py
        for method in ("GET", "POST"):
            answer, body = ask(world, name, actor, method)
            where = f"{name} {method} as {actor}: {answer.status_code}"
            asks = answer.status_code == 302 and "/reading/" in answer.url
            if answer.status_code >= 500 or (name not in OPEN | ANSWERED.keys() and CLIENT_WORDS in body):
                found.append(where)
            elif name in ABOUT - OPEN:
                found += [] if asks or answer.status_code in (404, 405) else [where]
    return found


@pytest.mark.parametrize("part", range(PARTS))
def test_no_route_shows_or_changes_a_restricted_client_before_a_reason(part):
    world = make_world().log_in()
    restrict_all(world)
    assert [fault for name in LISTED[part::PARTS] for fault in faults(name, world)] == []


def test_without_the_middleware_the_same_check_is_red(monkeypatch):
    world = make_world()
    restrict_all(world)
    monkeypatch.setattr(RestrictedClientMiddleware, "process_view", lambda *args: None)
    assert faults("session-flow", world) and faults("client-detail", world)


def test_pages_that_ask_for_no_reason_are_those_of_the_rights_themselves():
    rights = ("client-rights", "restricted-reading", "restriction-lift", "restriction-new")
    requests = ("subject-request", "subject-request-extend", "subject-request-hand", "subject-request-new")
    assert sorted(OPEN) == sorted(rights + requests)


@pytest.fixture
def record(ann, episode):
    with tenant(ann.organisation_id):
        return SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)


@pytest.fixture
def staff(browser, ann):
    """Ann, at work."""
    browser.post(reverse("account_login"), {"login": ann.user.email, "password": PASSWORD})
    assert browser.get(reverse("today")).status_code == 200
    return browser


def restrict(client, lea):
    with tenant(client.organisation_id), recorded(organisation_id=client.organisation_id, request_id="restricting"):
        return set_restriction(client=client, reason="It may be wrong", by=lea)


def test_a_reason_opens_what_was_asked_for_and_stands_in_the_log_once(staff, nils, lea, record):
    restrict(nils, lea)
    wanted = reverse("session-flow", args=[record.pk])
    asks = staff.get(wanted + "?from=today").url
    assert asks.startswith(reverse("restricted-reading", args=[nils.pk]))
    assert staff.post(asks, {"reason": " "}).status_code == 422 and staff.get(wanted).status_code == 302
    assert staff.post(asks, {"reason": REASON}).url == wanted + "?from=today"
    page = staff.get(wanted)
    assert page.status_code == 200 and "Kept, and not used for now." in page.content.decode()
    assert staff.get(reverse("client-detail", args=[nils.pk])).status_code == 200
    with tenant(nils.organisation_id):
        event = AccessEvent.objects.get(action="restriction.read")
    assert (event.typed, event.client_ids) == (REASON, [nils.pk])


def test_the_page_leads_to_no_other_site(staff, nils, lea):
    restrict(nils, lea)
    asks = reverse("restricted-reading", args=[nils.pk], query={"next": "https://example.org/"})
    assert staff.post(asks, {"reason": REASON}).url == reverse("client-detail", args=[nils.pk])


def test_what_was_typed_meanwhile_is_kept_until_the_reason_is_given(staff, nils, lea, record):
    restrict(nils, lea)
    asks = send_note(staff, record).url
    with tenant(nils.organisation_id):
        assert not Note.objects.exists()
    again = staff.post(asks, {"reason": REASON}).url
    assert again == reverse("typed-again")
    page = staff.get(again)
    assert "heard of nobody" in page.content.decode()
    (form,) = [form for form in forms_on(page) if form["fields"].keys() - {"csrfmiddlewaretoken"}]
    assert staff.post(form["action"], form["hidden"] | form["fields"]).status_code in (200, 302)
    with tenant(nils.organisation_id):
        assert Note.objects.exists()


def test_what_a_page_asks_for_itself_is_refused_in_words(staff, nils, lea):
    restrict(nils, lea)
    answer = staff.get(reverse("client-detail", args=[nils.pk]), headers={"accept": "application/json"})
    assert answer.status_code == 403 and "kept and not used for now" in answer.content.decode()


def test_a_client_of_another_team_is_not_told_to_be_restricted(browser, nils, lea, cleo, record):
    restrict(nils, lea)
    browser.force_login(cleo.user)
    assert browser.get(reverse("session-flow", args=[record.pk])).status_code == 404
    assert browser.get(reverse("client-detail", args=[nils.pk])).status_code == 404


def test_a_form_in_the_clients_hands_is_kept_and_not_used(staff, nils, lea, record):
    form = hand_over(staff, record)
    assert staff.get(form).status_code == 200
    restrict(nils, lea)
    assert staff.post(form, marks()).status_code == 303
    with tenant(nils.organisation_id):
        assert not Rating.objects.exists()
        assert PendingAnswer.objects.get().decided_at is None


def test_a_paper_of_a_restricted_client_is_refused_beside_its_row(staff, nils, lea, record):
    restrict(nils, lea)
    assert "kept and not used for now" in send_paper(staff, record).content.decode()
    with tenant(nils.organisation_id):
        assert not Rating.objects.exists()


def test_a_page_asks_the_database_once_whether_anything_is_restricted(staff, nils, lea):
    page = reverse("client-detail", args=[nils.pk])
    staff.get(page)
    _answer, asked = statements_of(lambda: staff.get(page))
    assert len([one for one in asked if 'FROM "clients_restriction"' in one]) == 1


def test_today_and_team_meetings_leave_a_restricted_client_out(staff, nils, lea, episode):
    today = reverse("today")
    assert nils.reference in staff.get(today, {"mine": "all"}).content.decode()
    restrict(nils, lea)
    assert nils.reference not in staff.get(today, {"mine": "all"}).content.decode()
    assert nils.reference in staff.get(reverse("client-list")).content.decode()
