"""A series is read once for each request and each job: its verdict, each of its rules, its alert spans."""

import sys
from collections import Counter
from datetime import timedelta

import pytest
from django.urls import get_resolver, reverse

from organisations.services.local_day import today_in
from organisations.tenancy.context import tenant
from sessions_app.measures.rules import RULES
from sessions_app.measures.rules.alert_spans import alert_spans
from sessions_app.measures.verdict.verdict import verdict
from sessions_app.periodic import follow_tones
from sessions_app.services.alerts import evaluate_episode
from tests.reports.test_pages import held

pytestmark = pytest.mark.django_db
APPS = ("sessions_app", "reports", "clients", "organisations")


class Counted:
    """How often each pure function was called, by its name and the series it was called with."""

    def __init__(self, monkeypatch):
        self.calls: Counter[tuple[str, int]] = Counter()
        self.series = []  # kept, so that no other series gets the id of one of them
        assert get_resolver().url_patterns, "every view is imported before its functions are replaced"
        for name, function in (("verdict", verdict), ("alert spans", alert_spans)):
            for module in [module for path, module in sys.modules.items() if path.partition(".")[0] in APPS]:
                for place in [place for place, found in vars(module).items() if found is function]:
                    monkeypatch.setattr(module, place, self.counting(name, function))
        for rule in RULES:
            monkeypatch.setattr(rule, "judge", self.counting_rule(rule.key, rule.judge))

    def counting(self, name, function):
        def counted(series, *given, **named):
            self.count(name, series)
            return function(series, *given, **named)

        return counted

    def counting_rule(self, key, judge):
        def counted(rule, series):
            self.count(key, series)
            return judge(rule, series)

        return counted

    def count(self, name, series):
        self.series.append(series)
        self.calls[name, id(series)] += 1

    def read(self):
        """(how many series got a verdict, what was worked out more than once for one of them)."""
        verdicts = sum(name == "verdict" for name, _series in self.calls)
        return verdicts, {name: times for (name, _series), times in self.calls.items() if times > 1}


@pytest.fixture
def course(ann, episode):
    """Nils' sessions, the last one today: below the start, so that several alerts are open."""
    with tenant(ann.organisation_id):
        first = today_in(ann.organisation) - timedelta(days=14 * 5)
        return held(episode, ann, 220, 240, 200, 150, 140, 120, srs=(380, 370, 350, 330, 310, 300), first=first)


@pytest.fixture
def counted(course, monkeypatch):
    return Counted(monkeypatch)


def test_the_clients_page_reads_a_series_once(browser, ann, nils, counted):
    browser.force_login(ann.user)
    page = browser.get(reverse("client-detail", args=[nils.pk])).content.decode()
    assert "Rules, version" in page, "sentence, alerts and their explanations stand there"
    assert counted.read() == (1, {})
    assert {name for name, _series in counted.calls} == {"verdict", "alert spans", *(rule.key for rule in RULES)}


@pytest.mark.parametrize(("instrument", "verdicts"), [("ors", 1), ("srs", 0)])
def test_the_result_page_reads_a_series_once(browser, ann, course, counted, instrument, verdicts):
    browser.force_login(ann.user)
    answer = browser.get(reverse("session-result", args=[course[-1].pk, instrument]))
    assert answer.status_code == 200
    assert counted.read() == (verdicts, {})


@pytest.mark.parametrize("followed", [True, False], ids=["tones stored by the job", "tones read by the page"])
def test_today_reads_a_series_once(browser, ann, counted, followed):
    if followed:
        follow_tones()
        counted.calls.clear()
    browser.force_login(ann.user)
    assert browser.get(reverse("today")).status_code == 200
    assert counted.read() == (1, {})


def test_the_alert_job_reads_a_series_once(ann, episode, counted):
    with tenant(ann.organisation_id):
        assert evaluate_episode(episode.pk)
        assert episode.alerts.count() > 2
    assert counted.read() == (1, {})
