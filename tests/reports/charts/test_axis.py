"""The axis of sessions: their order, or the calendar with equal days equally far apart."""

from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.charts import build_client_chart, client_chart_svg, client_figure
from reports.charts.axis import axis_labels, day_place, session_places, told_at
from reports.charts.compared_svg import ComparedSeries
from reports.charts.events import ABOVE, APART, MARKS, DayEvent, Event, stacked
from tests.reports.charts.courses import course, point

DAYS = st.lists(st.dates(date(2019, 1, 1), date(2029, 12, 31)), min_size=1, max_size=40).map(sorted)


def on(*days):
    return tuple(point(index, held_on=day) for index, day in enumerate(days))


@given(DAYS)
def test_equal_days_are_equally_far_apart_whatever_lies_between(days):
    places = session_places(days, by_date=True)
    assert places[0] == 0
    assert places[-1] == pytest.approx(len(days) - 1)
    if days[0] != days[-1]:
        step = (days[-1] - days[0]).days / (len(days) - 1)
        for place, day in zip(places, days, strict=True):
            assert place * step == pytest.approx((day - days[0]).days, abs=1e-6)
    assert all(earlier <= later for earlier, later in pairwise(places))


@given(DAYS)
def test_in_their_order_one_step_leads_from_session_to_session(days):
    assert session_places(days, by_date=False) == tuple(range(len(days)))


@pytest.mark.parametrize(
    ("days", "places"),
    [
        ((date(2026, 12, 24), date(2026, 12, 31), date(2027, 1, 7)), (0, 1, 2)),  # over a new year
        ((date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1)), (0, 1, 2)),  # a leap day is a day
        ((date(2023, 2, 28), date(2023, 3, 1), date(2023, 3, 3)), (0, 2 / 3, 2)),  # and without one there is none
        ((date(2026, 5, 1), date(2026, 5, 1), date(2026, 5, 5)), (0, 0, 2)),  # two on one day
        ((date(2026, 5, 1),) * 3, (0, 1, 2)),  # all on one day
        ((date(2026, 5, 1),), (0,)),
        ((), ()),
    ],
)
def test_places_by_date(days, places):
    assert session_places(days, by_date=True) == pytest.approx(places)


def test_a_day_of_its_own_stands_between_the_sessions():
    days = (date(2026, 8, 3), date(2026, 8, 17), date(2026, 8, 31))
    asked = [date(2026, 7, 1), *days, date(2026, 8, 20), date(2026, 9, 14)]
    assert [day_place(day, days, by_date=False) for day in asked] == [0, 0, 1, 2, 1.5, 2.5]
    assert [day_place(day, days, by_date=True) for day in asked] == pytest.approx([0, 0, 1, 2, 17 / 14, 3])
    assert [told_at(day, days) for day in asked] == [0, 0, 1, 2, 2, 2]


def test_only_an_axis_over_a_new_year_names_years():
    assert axis_labels((date(2026, 8, 3), date(2026, 8, 17))) == ("3/8", "17/8")
    assert axis_labels((date(2026, 12, 28), date(2027, 1, 4), date(2027, 1, 11))) == ("28/12 2026", "4/1 2027", "11/1")


def test_svg_and_figure_stand_at_the_same_dates():
    days = [date(2026, 12, 1), date(2026, 12, 8), date(2027, 2, 2), date(2027, 2, 2), date(2027, 3, 2)]
    series = course(5, points=on(*days), by_date=True, day_events=(a_goal(date(2027, 1, 5)),))
    figure = client_figure(series)
    margin, (start, end) = figure["layout"]["margin"], figure["layout"]["xaxis"]["range"]
    across = 760 - margin["l"] - margin["r"]
    drawn = ElementTree.fromstring(client_chart_svg(series))
    dots = [float(dot.get("cx")) for dot in drawn.iter() if dot.get("class") == "c-dot-ors"]
    places = next(trace["x"] for trace in figure["data"] if trace.get("name") == "Well-being, ORS")
    assert dots == pytest.approx([margin["l"] + place / (end - start) * across for place in places], abs=0.06)
    gone = [(day - days[0]).days for day in days]
    assert dots == pytest.approx([dots[0] + gone_by / gone[-1] * (dots[-1] - dots[0]) for gone_by in gone], abs=0.06)
    (mark,) = [mark for mark in drawn.iter() if mark.get("class") == "c-event is-filled"]
    x = float(mark.get("transform").removeprefix("translate(").split()[0])
    assert x == pytest.approx(dots[0] + 35 / gone[-1] * (dots[-1] - dots[0]), abs=0.06)
    (event,) = [trace for trace in figure["data"] if trace.get("marker", {}).get("symbol") == "star"]
    assert margin["l"] + event["x"][0] / (end - start) * across == pytest.approx(x, abs=0.06)
    shown = build_client_chart(series).figure["wide"]["frame"]["places"]
    assert shown == pytest.approx(dots, abs=0.06), "where the card of a session points to"


def a_goal(day, label="Goal reached"):
    return DayEvent(day, Event("goal_reached", label))


def test_the_expected_course_ends_at_the_last_session_where_the_axis_is_the_calendar():
    middles = {by_date: client_figure(course(4, band=20, by_date=by_date))["data"][2]["x"] for by_date in (False, True)}
    assert middles[True] == [0, 1, 2, 3]
    assert len(middles[False]) > 4


def test_what_came_after_the_last_session_stands_on_the_axis_too():
    for by_date in (False, True):
        series = course(3, by_date=by_date, day_events=(a_goal(date(2027, 6, 1)),))
        layout = client_figure(series)["layout"]
        (event,) = [trace for trace in client_figure(series)["data"] if trace.get("marker", {}).get("symbol") == "star"]
        assert 2 < event["x"][0] < layout["xaxis"]["range"][1]


def test_a_day_is_told_at_the_session_after_it_and_named_in_the_legend():
    events = (a_goal(date(2026, 8, 10), "Goal reached 10 August"), a_goal(date(2026, 10, 1), "Goal reached 1 October"))
    chart = build_client_chart(course(2, day_events=events, event_names={"goal_reached": "Goal reached"}))
    assert [row.event for row in chart.points] == ["", "Goal reached 10 August · Goal reached 1 October"]
    assert [name for _key, name in chart.events] == ["Goal reached"]


@given(st.lists(st.tuples(st.floats(0, 30), st.sampled_from(list(MARKS))), max_size=25), st.floats(3, 80))
def test_no_mark_lies_upon_another(found, step):
    placed = stacked([(place, Event(kind, kind)) for place, kind in found], step)
    assert sorted((one.place, one.event.kind) for one in placed) == sorted(found)
    for number, one in enumerate(placed):
        for other in placed[number + 1 :]:
            assert abs(one.place - other.place) * step >= APART or one.row != other.row
    assert ABOVE > APART


@pytest.mark.parametrize("by_date", [False, True])
def test_what_is_compared_has_a_picture_of_its_own_on_the_same_axis(by_date):
    days = [date(2026, 12, 1), date(2026, 12, 8), date(2027, 2, 2)]
    measured = ((days[0], "s0", 40, "40"), (days[2], "s2", 64, "64"))
    found = ComparedSeries("WHO-5, 0 to 100", measured, top=100, scale=("0", "100"), limits=((50, "low"),))
    series = course(3, points=on(*days), by_date=by_date)
    chart = build_client_chart(series, compared=[found])
    (curve,) = chart.compared
    assert curve.values == ("40", "", "64")
    assert [row.compared for row in chart.points] == [(("WHO-5, 0 to 100", value),) for value in curve.values]
    assert chart.details["sessions"][0]["beside"] == [["WHO-5, 0 to 100", "40"]]
    assert "beside" not in chart.details["sessions"][1]
    drawn = ElementTree.fromstring(curve.wide)
    marks = [mark for mark in drawn.iter() if mark.get("class") == "m-mark"]
    xs = [float(mark.get("transform").removeprefix("translate(").split()[0]) for mark in marks]
    shown = chart.figure["wide"]["frame"]["places"]
    assert xs == pytest.approx([shown[0], shown[2]], abs=0.06)
    assert "WHO-5" not in str(chart.figure), "the curves' own axis holds no other scale"
    assert (days[1] - days[0]) == timedelta(days=7)
