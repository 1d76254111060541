"""Where sources disagree about a way: chosen like a value, with what it would change, and followed everywhere."""

from datetime import date

import pytest
from django.urls import reverse

from organisations.tenancy.context import tenant
from reports.trajectory.expected_course import expected_of
from sessions_app.measures.rules.alert_spans import alert_spans
from sessions_app.measures.trajectory.design_default import DEFAULT
from sessions_app.measures.trajectory.fit import successful_line
from sessions_app.measures.trajectory.model import Model
from sessions_app.models import MeasureValue
from sessions_app.periodic import refit_trajectories
from sessions_app.services.trajectory_words import trajectory_words
from sessions_app.standards.methods import (
    EXPECTED_COURSE,
    HELD,
    LATE_BANDS,
    METHODS,
    NO_COURSE,
    OF_SUCCESSFUL,
    ONLY_DEFAULT,
    ONLY_OWN,
    TARGET,
)
from sessions_app.standards.trajectories import DESIGN_DEFAULT, Trajectory
from sessions_app.standards.values import BY_KEY
from tests.reports.test_pages import held
from tests.saving import save
from tests.sessions_app.test_standards import admin, choose, clients, edit  # noqa: F401  (fixtures)
from tests.sessions_app.test_trajectory_refit import course, courses, series_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.key)
def test_each_way_stands_on_the_page_with_its_source_and_can_be_chosen(admin, ada, method):  # noqa: F811
    page = admin.get(reverse("measures")).content.decode()
    assert edit(method.key) in page
    assert str(method.options[0]) in page
    choice = admin.get(edit(method.key)).content.decode()
    assert all(str(option) in choice for option in method.options)
    send = {"value": "1", "reason": "Our board decided"}
    assert save(admin, edit(method.key), send).status_code == 200
    assert save(admin, edit(method.key), send | {"seen": "1"}).status_code == 302
    with tenant(ada.organisation_id):
        assert MeasureValue.objects.get().value == 1
    page = admin.get(reverse("measures")).content.decode()
    assert f"{method.name}: {method.options[1]}" in page, "the history"


@pytest.mark.parametrize("number", ["4", "-1", "x", ""])
def test_a_way_that_does_not_exist_is_refused(admin, ada, number):  # noqa: F811
    answer = admin.post(edit(EXPECTED_COURSE), {"value": number, "reason": "why not", "seen": number})
    assert answer.status_code == 422
    with tenant(ada.organisation_id):
        assert not MeasureValue.objects.exists()


def test_before_an_alert_is_switched_off_the_page_says_whom_that_concerns(admin, ann, ada, clients):  # noqa: F811
    with tenant(ann.organisation_id):
        for open_one in clients[:2]:
            held(open_one, ann, 100, 90, 80, 70, first=date(2026, 9, 30))
    page = admin.post(edit("o1-level"), {"value": "0", "reason": "Too many"}).content.decode()
    assert "0 of 4 clients would have a red alert instead of 2." in page


def test_a_level_is_followed_by_pages_and_rules(browser, ann, ada, nils, episode):
    with tenant(ann.organisation_id):
        held(episode, ann, 200, 140)
        assert {span.rule: span.level for span in alert_spans(series_of(episode)) if span.is_open}["O1"] == "amber"
    choose(ada, "o1-level", 3)
    with tenant(ann.organisation_id):
        assert {span.rule: span.level for span in alert_spans(series_of(episode)) if span.is_open}["O1"] == "red"
    choose(ada, "o1-level", 0)
    with tenant(ann.organisation_id):
        assert "O1" not in {span.rule for span in alert_spans(series_of(episode))}
    browser.force_login(ann.user)
    page = browser.get(reverse("client-detail", args=[nils.pk])).content.decode()
    assert str(BY_KEY["o1-level"].name).partition(": ")[2] not in page


@pytest.mark.parametrize(
    ("way", "with_own", "without"), [(ONLY_OWN, 1, None), (ONLY_DEFAULT, 0, 0), (NO_COURSE, None, None)]
)
def test_which_expected_course_holds(ann, ada, service, way, with_own, without):
    def version():
        model = series_of(one).model
        return model.version if isinstance(model, Trajectory) else None

    with tenant(ann.organisation_id):
        one = course(ann, service, 180, 200, ended=False)
    choose(ada, EXPECTED_COURSE, way)
    with tenant(ann.organisation_id):
        assert version() == without
        courses(ann, service, 31)
        refit_trajectories()
        assert version() == with_own


def test_a_held_course_never_falls_and_says_so(ann, ada, service):
    with tenant(ann.organisation_id):
        one = course(ann, service, *[180] * 14, ended=False)
        before = series_of(one)
    choose(ada, LATE_BANDS, HELD)
    with tenant(ann.organisation_id):
        after = series_of(one)
    bands = [after.model.band(180, number, 0.25) for number in range(2, 25)]
    plain = [before.model.band(180, number, 0.25) for number in range(2, 25)]
    assert bands == sorted(bands)
    assert plain != sorted(plain), "as learnt it falls late: otherwise this shows nothing"
    assert all(one >= other for one, other in zip(bands, plain, strict=True))
    assert "No line falls" in trajectory_words(after)
    assert "No line falls" not in trajectory_words(before)
    for each in (before, after):  # none falls on the picture, whatever the rules read
        assert expected_of(each).note.count("No line falls") == 1


def test_the_target_of_the_successful_is_higher_and_needs_30_of_them(ann, ada, service):
    with tenant(ann.organisation_id):
        one = course(ann, service, 180, 200, ended=False)
        courses(ann, service, 60)
        refit_trajectories()
        of_all = series_of(one).service_target()
    choose(ada, TARGET, OF_SUCCESSFUL)
    with tenant(ann.organisation_id):
        model = series_of(one).model.model
        assert len(model.alpha_successful) == 2
        assert series_of(one).service_target() > of_all
        assert Model.from_json(model.as_json()) == model


def test_fewer_than_30_successful_episodes_teach_no_target():
    rows = [(number, session, 150 + number + 60 * (session - 1)) for number in range(30) for session in (1, 2)]
    assert len(successful_line(rows, set(range(30)), lambda first, last: last - first >= 50)) == 2
    assert successful_line(rows, set(range(29)), lambda first, last: True) == ()
    assert successful_line(rows, set(range(30)), lambda first, last: first != 150) == ()
    same = [(number, session, 150 + session) for number in range(30) for session in (1, 2)]
    assert successful_line(same, set(range(30)), lambda first, last: True) == (), "one intake has no slope"
    assert DEFAULT.target(180, successful=True) == DESIGN_DEFAULT.target(180), "the default knows all clients only"
