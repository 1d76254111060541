"""What a rule and an instrument of five items look like that only the registries know: every page, the API, an import.

Run by test_new_rule.py in a process of its own, with the plugin `additions`.
"""

import json
import re
import uuid
from datetime import date
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client as Browser
from django.urls import reverse

from clients.models import Client
from organisations.tenancy.context import tenant
from sessions_app.models import Alert, Rating
from sessions_app.services.alerts import evaluate_episode
from sessions_app.services.summary import lock_episode, refresh_summary
from tests.api.asking import system_of
from tests.factories import RatingFactory, SessionFactory
from tests.reports.test_pages import held
from tests.sessions_app.test_standards import choose

pytestmark = pytest.mark.django_db
ROWS = {"asleep": "1", "through": "2", "early": "0", "deep": "3", "awake": "1"}
NOON = "2026-11-22T11:00:00Z"


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def record(ann, nils, episode):
    """A session of today, in an episode that began long before."""
    with tenant(ann.organisation_id):
        own = {"organisation": ann.organisation, "episode": episode, "practitioner": ann}
        Client.objects.filter(pk=nils.pk).update(next_on=date(2026, 11, 22))
        return SessionFactory(**own, held_on=date(2026, 11, 22), finished_at=None)


def page(browser, name, *args):
    answer = browser.get(reverse(name, args=args))
    assert answer.status_code == 200, answer.status_code
    return re.sub(r">\s+<", "><", answer.content.decode())  # where a line of the template breaks shows nothing


def answers_of(by):
    with tenant(by.organisation_id):
        return list(Rating.objects.filter(instrument="sleep5").values_list("marks", "total", "entry_mode"))


# The rule X9


@pytest.fixture
def very_low(ann, episode):
    with tenant(ann.organisation_id):
        sessions = held(episode, ann, 130, 120, 95, srs=(380, 380, 380), first=date(2026, 10, 1))
        evaluate_episode(episode.pk)
    return sessions


def test_the_rule_stands_on_the_clients_page_and_todays(staff, nils, very_low):
    shown = page(staff, "client-detail", nils.pk)
    assert "ORS 9.5 is very low." in shown
    assert "The ORS is very low." in shown
    assert "Of 20 people whose life does not change, 2 get this within ten measurements." in shown
    assert '<div class="banner act">' in shown
    assert "1 client needs you" in page(staff, "today")


def test_the_rule_asks_its_question_on_the_result(staff, very_low):
    """The client reads it too: the question of an open alert, never the alert."""
    shown = page(staff, "session-result", very_low[-1].pk, "ors")
    assert "Does what we do fit what you want?" in shown
    assert "very low" not in shown


def test_the_rule_is_an_alert_of_the_api_and_of_the_mail(ann, very_low):
    with tenant(ann.organisation_id):
        alert = Alert.objects.get(rule="X9")
        assert alert.notices.get().practitioner == ann
    rows = system_of(ann).get("alerts/").json()["results"]
    assert ("X9", "red", {"score": 95}) in [(row["rule"], row["level"], row["numbers"]) for row in rows]


def test_the_rule_stands_on_the_page_of_standards_and_follows_what_is_chosen(browser, ann, ada, nils, very_low):
    browser.force_login(ada.user)
    shown = page(browser, "measures")
    assert "Very low below" in shown
    assert "X9: The ORS is very low." in shown
    assert "Very low below" in page(browser, "measure-edit", "x9-total")
    choose(ada, "x9-total", 90)
    browser.force_login(ann.user)
    assert "is very low." not in page(browser, "client-detail", nils.pk).replace("The ORS is very low.", "")


def test_the_rule_is_told_in_the_history(staff, nils, very_low):
    assert "The ORS is very low." in page(staff, "client-changes", nils.pk)


def test_the_rule_is_counted_in_the_report_of_an_import(house, tmp_path):
    file = tmp_path / "sessions.csv"
    file.write_text("client_reference,held_on,ors_total\nA-1,2026-03-01,12.0\nA-1,2026-03-08,9.0\n")
    out = StringIO()
    call_command("import_sessions", f"--organisation={house.slug}", "--json", str(file), stdout=out)
    assert json.loads(out.getvalue())["rule_hits"]["X9"] == 1


# The instrument with its rule X8


def test_the_instrument_is_asked_for_and_filled_in_on_a_handed_over_device(staff, ann, nils, record):
    assert "Sleep too" in page(staff, "today")
    shown = page(staff, "session-flow", record.pk)
    assert 'id="sleep5-due"' in shown
    assert "Hand over: sleep" in shown
    form = staff.post(reverse("session-handover", args=[record.pk, "sleep5"])).url
    blank = Browser().get(form).content.decode()
    assert "How do you sleep?" in blank
    assert blank.count('type="radio"') == 25
    assert Browser().post(form, ROWS | {"deep": "5", "submission_id": str(uuid.uuid4())}).status_code == 422
    assert Browser().post(form, ROWS | {"submission_id": str(uuid.uuid4())}).status_code == 303
    assert answers_of(ann) == [([1, 2, 0, 3, 1], 7, "device")]
    again = Browser()
    again.force_login(ann.user)
    shown = page(again, "session-flow", record.pk)
    assert 'Sleep over a month <span class="value sleep5">35</span>' in shown
    assert 'id="sleep5-due"' not in shown


@pytest.mark.parametrize(("name", "mode"), [("rating-key-in", "paper"), ("rating-read-aloud", "read_aloud")])
def test_the_instrument_is_keyed_in_and_corrected(staff, ann, record, name, mode):
    address = reverse(name, args=[record.pk, "sleep5"])
    assert staff.get(address).content.decode().count('type="radio"') >= 25
    kept = staff.post(address, ROWS | {"entry_mode": mode, "submission_id": str(uuid.uuid4())})
    assert kept.status_code == 302
    assert answers_of(ann) == [([1, 2, 0, 3, 1], 7, mode)]
    with tenant(ann.organisation_id):
        rating = Rating.objects.get()
    assert "Row deep" in page(staff, "rating-correct", rating.pk)


@pytest.mark.parametrize(
    ("given", "marks", "status"),
    [
        ({f"mark{place}": text for place, text in enumerate("12031", 1)}, [1, 2, 0, 3, 1], 200),
        ({"total": "7"}, None, 200),
        ({"total": "21"}, None, 422),
    ],
)
def test_the_instrument_stands_in_the_grid_of_papers(staff, ann, nils, record, given, marks, status):
    shown = page(staff, "paper-grid")
    assert '<option value="sleep5" data-whole data-more>Sleep over a month</option>' in shown
    assert shown.count("paper-mark paper-more") == shown.count("<legend>Paper")
    row = {"client": nils.reference, "held_on": "2026-11-22", "form": "sleep5", "submission_id": str(uuid.uuid4())}
    rows = {f"row-0-{name}": said for name, said in (row | given).items()}
    sent = staff.post(reverse("paper-grid"), {"row-TOTAL_FORMS": "1", "row-INITIAL_FORMS": "0"} | rows)
    assert sent.status_code == status
    assert answers_of(ann) == ([(marks, 7, "paper")] if status == 200 else [])


@pytest.fixture
def slept(ann, episode, record):
    """Eleven of twenty a month ago, seven today."""
    own = {"organisation": ann.organisation}
    with tenant(ann.organisation_id):
        before = SessionFactory(**own, episode=episode, practitioner=ann, held_on=date(2026, 10, 20))
        for session, marks in ((before, [3, 2, 2, 2, 2]), (record, [1, 2, 0, 3, 1])):
            RatingFactory(**own, session=session, instrument="sleep5", marks=marks, total=sum(marks))
        refresh_summary(lock_episode(episode.pk))
        evaluate_episode(episode.pk)


def test_the_instrument_has_its_curve_its_limit_and_its_alert(staff, ann, nils, slept):
    shown = page(staff, "client-detail", nils.pk)
    assert 'id="own-sleep5"' in shown
    assert "poor 40" in shown
    assert ">55</td>" in shown
    assert ">35</td>" in shown
    assert "The sleep is 35 of 100: poor." in shown
    assert '<div class="banner watch">' in shown
    assert "Sleep over a month</dt><dd>from Dec. 20, 2026" in shown
    with tenant(ann.organisation_id):
        assert Alert.objects.get(rule="X8").notices.count() == 1


def test_the_instruments_rhythm_and_limit_are_chosen_among_the_standards(browser, ann, ada, record):
    browser.force_login(ada.user)
    shown = page(browser, "measures")
    assert "Sleep is asked for" in shown
    assert "Sleep poor: at this or below" in shown
    assert "every 4 weeks" in page(browser, "measure-edit", "sleep5-rhythm")
    choose(ada, "sleep5-rhythm", 0)
    browser.force_login(ann.user)
    assert 'id="sleep5-due"' not in page(browser, "session-flow", record.pk)


def test_another_system_writes_and_reads_the_instrument(ann, record):
    system = system_of(ann)
    body = {"session": str(record.pk), "form": "sleep5", "entry_mode": "paper", "submission_id": str(uuid.uuid4())}
    wrong = system.post("ratings/", body | {"marks": [1, 2, 5, 3, 1]}).json()["errors"]
    assert wrong == {"marks": ["Write a whole number between 0 and 4."]}
    told = system.post("ratings/", body | {"marks": [1, 2, 0, 3, 1]}).json()
    assert (told["total"], told["points"], told["lines"]["deep"]) == (7, "7", 3)
    assert len(system.get("ratings/?instrument=sleep5").json()["results"]) == 1


def test_the_instrument_is_told_in_the_history(staff, nils, slept):
    shown = page(staff, "client-changes", nils.pk)
    assert "1 · 2 · 0 · 3 · 1" in shown
    assert "Sleep over a month" in shown


def test_both_stand_in_the_table_of_defaults():
    out = StringIO()
    call_command("show_measures", stdout=out)
    for line in ("X9 Very low below", "X8 Sleep poor: at this or below", "SLEEP5 rhythm"):
        assert line in out.getvalue()
