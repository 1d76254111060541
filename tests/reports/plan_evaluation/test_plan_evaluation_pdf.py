"""The evaluation of the action plan as PDF, and from one day to another of one's own."""

import datetime

import pytest
from django.urls import reverse
from django.utils import translation

from clients.models import Episode
from organisations.models import AccessEvent
from organisations.tenancy.context import tenant
from reports.exports import plan_evaluation_pdf
from sessions_app.models import Note, PlanEvaluation
from sessions_app.pdf.child import CannotBeSet
from tests.reports.pdf.pdf_reading import faults_of, said_of_itself, text_of
from tests.reports.plan_evaluation.evaluations import WORDS, begin, consented, new, save
from tests.sealed_words import the

pytestmark = pytest.mark.django_db
TITLES = {
    "da": "Evaluering af handleplanen: N-014",
    "sv": "Utvärdering av genomförandeplanen: N-014",
    "nb": "Evaluering av tiltaksplanen: N-014",
    "en": "Evaluation of the action plan: N-014",
}


def pdf_of(browser, url):
    return browser.get(f"{url}document.pdf")


@pytest.mark.parametrize("language", TITLES)
def test_in_each_language_the_checker_passes_it(language, staff, ann, nils, episode, written):
    url = begin(staff, episode)
    ann.user.language = language
    ann.user.save(update_fields=["language"])
    with translation.override(language):
        answer = pdf_of(staff, url)
    assert answer["Content-Type"] == "application/pdf"
    assert "N-014-2026-11-22-" in answer["Content-Disposition"]
    assert faults_of(answer.content) == []
    claims = said_of_itself(answer.content)
    assert claims == {
        "language": language, "title": TITLES[language], "archive": "2A", "accessible": "1", "tagged": "True",
    }  # fmt: skip
    read = text_of(answer.content)
    for words in ("14", "26", "Lives alone with support", "Workshop", "Looks at a flat", "Shopping once a week"):
        assert words in read
    assert "Nils" not in read
    with tenant(ann.organisation_id):
        assert AccessEvent.objects.filter(client_ids=[nils.pk], action="plan_evaluation.document").exists()


def test_the_words_go_along_only_while_the_client_agrees(staff, ann, episode, written, monkeypatch):
    consented(monkeypatch)
    url = begin(staff, episode)
    with tenant(ann.organisation_id):
        chosen = str(the(Note, text=WORDS).pk)
    assert save(staff, url, staff.get(url), own_words=[chosen]).status_code == 302
    assert WORDS in text_of(pdf_of(staff, url).content)
    consented(monkeypatch, yes=False)
    read = text_of(pdf_of(staff, url).content)
    assert "I sleep" not in read and "Pay bills" not in read


def test_where_nothing_may_go_out_there_is_no_pdf(staff, house, ann, episode, written):
    url = begin(staff, episode)
    type(house).objects.filter(pk=house.pk).update(country="other")
    answer = pdf_of(staff, url)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{url}document/")


def test_one_that_cannot_be_set_is_told_on_the_page(staff, episode, written, monkeypatch):
    def fail(document):
        raise CannotBeSet("no")

    monkeypatch.setattr(plan_evaluation_pdf, "set_pdf", fail)
    url = begin(staff, episode)
    answer = staff.get(f"{url}document.pdf", follow=True)
    assert "The PDF could not be made." in answer.content.decode()


def test_an_empty_period_is_a_document_too(staff, ann, episode):
    answer = pdf_of(staff, begin(staff, episode))
    assert faults_of(answer.content) == []
    assert "No session was held in the period." in text_of(answer.content)


def days(browser, episode, since, until):
    return new(browser, episode, period="days", since=since, until=until)


def test_a_period_of_ones_own_is_shown_and_evaluated(staff, ann, episode, written):
    page = days(staff, episode, "2026-09-01", "2026-10-01")
    assert page.status_code == 200
    period = page.context["period"]
    assert (period.since, period.until) == (datetime.date(2026, 9, 1), datetime.date(2026, 10, 1))
    sent = {"period": "days", "since": "2026-09-01", "until": "2026-10-01"}
    assert staff.post(reverse("plan-evaluation-new", args=[episode.pk]), sent).status_code == 302
    with tenant(ann.organisation_id):
        stored = PlanEvaluation.objects.get()
    assert (stored.since.isoformat(), stored.until.isoformat()) == ("2026-09-01", "2026-10-01")


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        ("", "2026-10-01", "This field is required."),
        ("2026-09-01", "soon", "Enter a valid date."),
        ("2026-10-02", "2026-10-01", "The last day cannot lie before the first."),
        ("2026-07-31", "2026-10-01", "The episode began on Aug. 1, 2026."),
        ("2026-09-01", "2026-11-23", "The last day can be Nov. 22, 2026."),
    ],
)
def test_days_that_cannot_be_are_refused_beside_their_field(staff, ann, episode, written, since, until, said):
    page = days(staff, episode, since, until)
    assert page.status_code == 422
    text = page.content.decode()
    assert said in text
    assert f'value="{until}"' in text, "what was typed stays"
    sent = {"period": "days", "since": since, "until": until}
    assert staff.post(reverse("plan-evaluation-new", args=[episode.pk]), sent).status_code == 422
    with tenant(ann.organisation_id):
        assert not PlanEvaluation.objects.exists()


def test_of_an_ended_episode_the_last_day_is_its_end(staff, ann, episode, written):
    with tenant(ann.organisation_id):
        Episode.objects.filter(pk=episode.pk).update(ended_on="2026-10-01", ending="planned")
    assert "The last day can be Oct. 1, 2026." in days(staff, episode, "2026-09-01", "2026-10-02").content.decode()
