"""Reports that come by themselves: when, for whom, of what, how they are told of, kept, taken and removed."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from organisations.models import AccessEvent, Outbox, OutgoingMail
from organisations.tenancy.context import tenant
from reports import tasks
from reports.periodic import forget_results_reports, make_results_reports
from reports.results_reports import making
from sessions_app.models import ResultsReport, ResultsSchedule
from sessions_app.pdf.child import CannotBeSet
from sessions_app.services.results_reports import TELL_OF_REPORT, next_day
from tests.reports.test_results import pairs_like
from tests.results_rows import add_episodes

pytestmark = pytest.mark.django_db
DAY = datetime.date(2027, 1, 1)
NIGHT = datetime.datetime(2027, 1, 1, 5, 10, tzinfo=ZoneInfo("Europe/Copenhagen"))


@pytest.fixture
def quick(monkeypatch):
    """What is asked here is not how a PDF looks."""
    monkeypatch.setattr(making, "set_pdf", lambda document: f"%PDF {document.title}".encode())


@pytest.fixture
def chosen(ada):
    with tenant(ada.organisation_id):
        own = {"organisation": ada.organisation, "practitioner": ada}
        return ResultsSchedule.objects.create(**own, scope="all", form="ors", rhythm="quarter", next_on=DAY)


def choose(browser, person, **values):
    browser.force_login(person.user)
    return browser.post(reverse("results-reports"), {"form": "ors", "rhythm": "quarter"} | values)


def page_of(browser, person):
    browser.force_login(person.user)
    return browser.get(reverse("results-reports")).content.decode()


def kept(person):
    with tenant(person.organisation_id):
        return list(ResultsReport.objects.filter(made_for=person))


def told(person):
    """Run the outbox row of the mail, as the relay does."""
    with tenant(person.organisation_id):
        row = Outbox.objects.get(task=TELL_OF_REPORT, done_at=None)
    tasks.tell_of_results_report(
        outbox_id=str(row.pk), organisation_id=str(row.organisation_id), object_id=str(row.object_id)
    )


@pytest.mark.parametrize(
    ("rhythm", "today", "expected"),
    [
        ("quarter", "2026-11-29", "2027-01-01"),
        ("quarter", "2027-01-01", "2027-04-01"),
        ("half_year", "2026-06-30", "2026-07-01"),
        ("half_year", "2026-07-01", "2027-01-01"),
        ("year", "2026-01-01", "2027-01-01"),
        ("year", "2026-12-31", "2027-01-01"),
    ],
)
def test_the_next_one_is_due_on_the_first_day_of_the_next_stretch(rhythm, today, expected):
    assert next_day(rhythm, datetime.date.fromisoformat(today)).isoformat() == expected
    assert next_day("never", DAY) is None


def test_an_administrator_chooses_and_the_page_says_when(browser, ada):
    assert "No report yet" in page_of(browser, ada)
    assert choose(browser, ada, scope="all").status_code == 302
    with tenant(ada.organisation_id):
        schedule = ResultsSchedule.objects.get()
        assert AccessEvent.objects.filter(action="results.schedule", typed="of=all form=ors quarter").count() == 1
    assert (schedule.practitioner_id, schedule.rhythm) == (ada.pk, "quarter")
    assert schedule.next_on == next_day("quarter", timezone.localdate())
    assert "The next one comes on" in page_of(browser, ada)
    assert choose(browser, ada, scope="all", rhythm="never").status_code == 302
    with tenant(ada.organisation_id):
        assert ResultsSchedule.objects.get().next_on is None


def test_a_lead_chooses_of_their_teams_and_of_no_other(browser, lea, service, red_team, blue_team):
    assert choose(browser, lea, scope=f"part:{service.pk}:{red_team.pk}").status_code == 302
    for scope in ("all", f"part:{service.pk}:{blue_team.pk}", f"service:{service.pk}"):
        answer = choose(browser, lea, scope=scope)
        assert answer.status_code == 422
        assert "is not one of the available choices" in answer.content.decode()


def test_a_report_is_made_on_its_day_once_and_kept(browser, ada, ann, ben, service, red_team, chosen, quick):
    for person in (ann, ben):
        add_episodes(person, service, pairs_like(3, 20), team=red_team, contact=person)
    assert make_results_reports(NIGHT - datetime.timedelta(days=1)) == 0
    assert make_results_reports(NIGHT) == 1
    assert make_results_reports(NIGHT) == 0, "the same night again makes none"
    [report] = kept(ada)
    assert (report.about, report.made_on) == ("The whole organisation", DAY)
    with tenant(ada.organisation_id):
        assert ResultsSchedule.objects.get().next_on == datetime.date(2027, 4, 1)
        event = AccessEvent.objects.get(action="results.report")
    assert (event.client_ids, event.typed) == ([], "of=all form=ors")
    page = page_of(browser, ada)
    assert "The whole organisation" in page and "Jan. 1, 2030" in page
    answer = browser.get(reverse("results-report", args=[report.pk]))
    assert answer.content == b"%PDF Results: The whole organisation"
    assert "attachment" in answer["Content-Disposition"]
    with tenant(ada.organisation_id):
        assert AccessEvent.objects.filter(action="results.report_taken").exists()


def test_one_that_fails_is_made_the_next_day(ada, chosen, monkeypatch):
    def fail(document):
        raise CannotBeSet("no")

    monkeypatch.setattr(making, "set_pdf", fail)
    assert make_results_reports(NIGHT) == 0
    monkeypatch.setattr(making, "set_pdf", lambda document: b"%PDF")
    assert make_results_reports(NIGHT + datetime.timedelta(days=1)) == 1


def test_a_mail_says_that_it_is_there_without_figures_and_once(ada, ann, ben, service, red_team, chosen, quick):
    for person in (ann, ben):
        add_episodes(person, service, pairs_like(3, 20), team=red_team, contact=person)
    make_results_reports(NIGHT)
    told(ada)
    [sent] = mail.outbox
    assert sent.to == [ada.user.email]
    assert sent.subject == "Medspil: a report of results is there"
    assert reverse("results-reports") in sent.body
    assert not any(letter.isdigit() for letter in sent.body.replace("localhost:8000", ""))
    with tenant(ada.organisation_id):
        assert OutgoingMail.objects.get().task == TELL_OF_REPORT


def test_a_held_mail_waits(ada, chosen, quick, monkeypatch):
    monkeypatch.setattr("organisations.services.mail_brake.A_DAY", 0)
    make_results_reports(NIGHT)
    told(ada)
    assert mail.outbox == []


@pytest.mark.parametrize("change", ["role", "is_active"])
def test_who_is_no_longer_to_read_it_is_made_none(ada, chosen, quick, change):
    with tenant(ada.organisation_id):
        value = {"role": "practitioner", "is_active": False}[change]
        type(ada).objects.filter(pk=ada.pk).update(**{change: value})
    assert make_results_reports(NIGHT) == 0
    assert kept(ada) == []


def test_of_what_is_not_there_any_more_none_is_made_and_the_page_says_so(browser, ada, chosen, quick):
    with tenant(ada.organisation_id):
        ResultsSchedule.objects.update(scope="service:00000000-0000-0000-0000-000000000001")
    assert make_results_reports(NIGHT) == 0
    assert "What you had chosen is not there any more" in page_of(browser, ada)


def test_a_report_is_its_owners_alone(browser, ada, lea, chosen, quick):
    make_results_reports(NIGHT)
    [report] = kept(ada)
    browser.force_login(lea.user)
    for route, ask in (("results-report", browser.get), ("results-report-remove", browser.post)):
        assert ask(reverse(route, args=[report.pk])).status_code == 404
    assert "The whole organisation" not in page_of(browser, lea)


def test_a_removed_one_is_gone_comes_back_and_is_deleted_in_the_night(browser, ada, chosen, quick):
    make_results_reports(NIGHT)
    [report] = kept(ada)
    browser.force_login(ada.user)
    gone = browser.post(reverse("results-report-remove", args=[report.pk]), follow=True).content.decode()
    assert "The report is removed." in gone and "No report yet" in gone
    assert browser.get(reverse("results-report", args=[report.pk])).status_code == 404
    browser.post(reverse("results-report-restore", args=[report.pk]))
    assert browser.get(reverse("results-report", args=[report.pk])).status_code == 200
    browser.post(reverse("results-report-remove", args=[report.pk]))
    assert forget_results_reports(timezone.now() + datetime.timedelta(hours=25)) == 1
    assert kept(ada) == []


def test_after_three_years_it_is_deleted(ada, chosen, quick):
    make_results_reports(NIGHT)
    with tenant(ada.organisation_id):
        today = timezone.localdate()
        ResultsReport.objects.update(made_on=today.replace(year=today.year - 3, day=min(today.day, 28)) + ONE)
        assert forget_results_reports() == 0
        ResultsReport.objects.update(made_on=today.replace(year=today.year - 3, day=min(today.day, 28)))
    assert forget_results_reports() == 1


ONE = datetime.timedelta(days=1)


def test_five_kept_reports_are_listed_by_as_many_queries_as_one(browser, ada):
    def cost():
        browser.force_login(ada.user)
        page_of(browser, ada)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(reverse("results-reports")).status_code == 200
        return len(queries)

    def keep(count):
        with tenant(ada.organisation_id):
            for _ in range(count):
                own = {"organisation": ada.organisation, "made_for": ada}
                ResultsReport.objects.create(**own, about="All", content=b"%PDF", file_name="results.pdf")

    keep(1)
    one = cost()
    keep(4)
    assert cost() == one
