"""Who counts in results: in the Nordic countries everybody who has not said no, elsewhere whoever has said yes."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clients.models import Consent, ConsentPurpose, ConsentState
from organisations.models import AccessEvent
from organisations.models.countries import Country
from organisations.tenancy.context import tenant
from reports.results.rows import load_result_rows
from sessions_app.services.trajectory_refit import courses
from sessions_app.standards.loading import load_standards
from tests.results_rows import START, add_episodes

pytestmark = pytest.mark.django_db
YES, NO = ConsentState.GIVEN, ConsentState.WITHDRAWN


def say(ann, episodes, *states, purpose=ConsentPurpose.STATISTICS):
    with tenant(ann.organisation_id):
        for state in states:
            Consent.objects.bulk_create(
                Consent(
                    organisation=ann.organisation,
                    client_id=one.client_id,
                    purpose=purpose,
                    state=state,
                    said_on=START,
                    taken_by=ann,
                    recorded_by=ann,
                    recorded_at=timezone.now(),
                )
                for one in episodes
            )


def counted(by):
    with tenant(by.organisation_id):
        rows = load_result_rows(by, load_standards(by.organisation_id), START)
        learnt = {key for course in courses(by.organisation).values() for key, _number, _total in course.rows}
    assert learnt == {str(key) for key in learnt}
    return {row.client for row in rows}, len(learnt)


@pytest.mark.parametrize("country", Country.values)
def test_a_no_takes_out_at_once_and_where_no_law_lets_it_only_a_yes_counts(ann, service, red_team, country):
    ann.organisation.country = country
    with tenant(ann.organisation_id):
        ann.organisation.save()
    silent, yes, no, back, other = (
        add_episodes(ann, service, [(150, 220)] * 2, team=red_team, contact=ann) for _group in range(5)
    )
    say(ann, yes, NO, YES)
    say(ann, no, YES, NO)
    say(ann, back, NO, YES)
    say(ann, other, NO, purpose=ConsentPurpose.RESEARCH)
    expected = [*yes, *back] if country == Country.OTHER else [*silent, *yes, *back, *other]
    clients, learnt = counted(ann)
    assert clients == {one.client_id for one in expected}
    assert learnt == len(expected)


def test_page_and_file_count_without_whoever_said_no_by_as_many_queries(browser, ada, ann, ben, service, red_team):
    episodes = [
        one
        for person in (ann, ben)  # what one contact person has alone is that person's own
        for one in add_episodes(person, service, [(150, 220)] * 40, team=red_team, contact=person)
    ]

    def ask(route):
        """The text without its tags, and the queries."""
        browser.force_login(ada.user)
        with CaptureQueriesContext(connection) as seen:
            answer = browser.get(reverse(route))
        return re.sub(r"<[^>]+>", " ", answer.content.decode()), len(seen)

    ask("results")  # the first look of a log-in asks for more
    before = {route: ask(route) for route in ("results", "results-csv")}
    say(ann, [*episodes[:12], *episodes[-12:]], NO)
    after = {route: ask(route) for route in ("results", "results-csv")}
    for route in before:
        assert re.search(r"\b80\b", before[route][0])
        assert re.search(r"\b56\b", after[route][0])
        assert not re.search(r"\b56\b", before[route][0])
        assert before[route][1] == after[route][1]


def test_an_administrator_is_not_told_who_said_no(browser, ada, ann, nils):
    """Else who said it, and what changed in the results since, would give that client's marks away."""
    browser.force_login(ann.user)
    url = reverse("client-consents", args=[nils.pk])
    sent = {"purposes": ["statistics"], "state": "withdrawn", "said_on": "2026-01-05", "manner": "spoken"}
    assert browser.post(url, sent | {"said_by": "client", "taken_by": str(ann.pk)}).status_code == 302
    with tenant(ann.organisation_id):
        told = {(event.action, event.purpose, event.typed) for event in AccessEvent.objects.all()}
    assert ("client.update", "", "") in told
    assert not [row for row in told if "consent" in "".join(row) or "statistics" in "".join(row)]
