"""The client's curve as SVG: places, gaps, labels that do not touch, and nothing that a policy would refuse."""

import itertools
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from reports.charts import BandPoint, client_chart_svg
from reports.charts.events import Event
from reports.charts.frame import clear_of, dated, frame_of, spread
from tests.reports.charts.courses import ORS, QUOTE, course, point

SVG = "{http://www.w3.org/2000/svg}"
LENGTHS = [1, 2, 8, 40, 120]


def read(markup):
    return ElementTree.fromstring(markup)


def of_class(picture, name):
    return [element for element in picture.iter() if name in element.get("class", "").split()]


def texts(picture, name):
    return [element.text for element in of_class(picture, name)]


@pytest.mark.parametrize("count", LENGTHS)
@pytest.mark.parametrize("width, height", [(760, 400), (340, 270)])
def test_well_formed_without_styles_and_inside_the_picture(count, width, height):
    markup = client_chart_svg(course(count, band=20), width=width, height=height)
    picture = read(markup)
    assert "style" not in markup.lower()
    for element in picture.iter():
        for name, size in (("x", width), ("cx", width), ("y", height), ("cy", height)):
            assert 0 <= float(element.get(name, 0)) <= size, (element.tag, element.attrib)


@pytest.mark.parametrize("count", LENGTHS)
def test_dates_stand_apart_and_first_and_last_are_written(count):
    for width in (340, 760):
        series = course(count)
        frame = frame_of(series, width=width, height=300)
        places = [frame.x(index) for index in frame.dated]
        assert {0, count - 1} == {frame.dated[0], frame.dated[-1]}
        for before, after in itertools.pairwise(frame.dated):
            room = 7 * len(series.points[after].label)
            assert frame.x(after) - frame.x(before) >= room, (count, width, places)


def test_scores_stand_where_they_belong():
    picture = read(client_chart_svg(course(2, points=(point(0, ors=0), point(1, ors=400)))))
    first, last = of_class(picture, "c-dot-ors")
    assert (first.get("cx"), first.get("cy")) == ("40", "362")
    assert last.get("cy") == "20"
    assert [element.get("y") for element in of_class(picture, "c-tick")] == ["366.5", "281", "195.5", "110", "24.5"]
    middle = read(client_chart_svg(course(1, points=(point(0, ors=200),))))
    assert of_class(middle, "c-dot-ors")[0].get("cy") == "191"


def test_one_session_is_a_dot_with_its_value():
    picture = read(client_chart_svg(course(1)))
    assert len(of_class(picture, "c-dot-ors")) == len(of_class(picture, "c-dot-srs")) == 1
    assert not of_class(picture, "c-ors")
    assert texts(picture, "c-value-ors") == ["14,2"]


def test_a_session_without_ors_has_no_marker_and_the_line_goes_on():
    points = (point(0), point(1, ors=None, events=(Event("no_show", "no-show"),)), point(2))
    picture = read(client_chart_svg(course(3, points=points)))
    assert len(of_class(picture, "c-dot-ors")) == 2
    assert len(of_class(picture, "c-ors")[0].get("points").split()) == 2
    assert len(of_class(picture, "c-dot-srs")) == 3
    (event,) = of_class(picture, "c-event")
    assert event[0].text == "no-show"


def test_nothing_measured_draws_the_axis_only():
    picture = read(client_chart_svg(course(1, points=(point(0, ors=None, srs=None),))))
    assert len(texts(picture, "c-tick")) == 5
    assert not of_class(picture, "c-value-ors")


def test_texts_are_escaped_and_words_of_the_client_stay_out():
    points = (point(0, label="<script>x</script>", note_ors=QUOTE, events=(Event("no_show", '"><b>'),), title="\x00"),)
    markup = client_chart_svg(course(1, points=points, cutoff_label="<i>&", title="<svg onload=x>"))
    picture = read(markup)
    assert "<script" not in markup and "<svg onload" not in markup
    assert texts(picture, "c-date") == ["<script>x</script>"]
    assert "<i>&" in texts(picture, "c-label")
    assert "alert(1)" not in markup
    assert len(of_class(picture, "c-note-ors")) == 1


def test_without_srs_nothing_of_it_is_drawn():
    markup = client_chart_svg(course(8), with_srs=False, last_value_large=True)
    assert "srs" not in markup.lower() and "alliance" not in markup
    assert texts(read(markup), "c-value-ors") == ["26,3"]
    assert "chart-large" in markup


def test_last_values_do_not_touch_each_other_nor_a_dashed_line():
    for ors, srs in itertools.product((0, 100, 249, 250, 251, 300, 400), (0, 248, 300, 355, 360, 366, 400)):
        picture = read(client_chart_svg(course(1, points=(point(0, ors=ors, srs=srs),))))
        heights = [float(of_class(picture, f"c-value-{kind}")[0].get("y")) for kind in ("ors", "srs")]
        assert abs(heights[0] - heights[1]) >= 17.9, (ors, srs)
    assert clear_of(100, [100], 10) == 90
    assert clear_of(104, [100], 10) == 110


def test_the_state_is_a_band_with_a_line_over_its_own_sessions():
    series = course(8, state=tuple(BandPoint(index, 150, 180 + index, 210) for index in (0, 2, 7)), state_title="calm")
    for width, height in ((760, 400), (340, 270)):
        picture = read(client_chart_svg(series, width=width, height=height))
        frame = frame_of(series, width=width, height=height)
        (area,), (line,) = of_class(picture, "c-state-band"), of_class(picture, "c-state")
        assert len(area.get("points").split()) == 6
        places = [tuple(map(float, place.split(","))) for place in line.get("points").split()]
        for (x, y), state in zip(places, series.state, strict=True):
            assert x == pytest.approx(frame.x(state.index), abs=0.06)
            assert y == pytest.approx(frame.y(state.middle), abs=0.06)


def test_without_a_state_or_with_one_place_there_is_none():
    for state in ((), (BandPoint(0, 150, 180, 210),)):
        assert "c-state" not in client_chart_svg(course(8, state=state, state_title="calm"))


def test_labels_at_the_right_are_moved_apart():
    series = course(8, band=0, band_label="expected", cutoff=255)
    near = tuple(BandPoint(index, 240, 256, 270) for index in range(30))
    picture = read(client_chart_svg(replace(series, band=near)))
    heights = sorted(float(element.get("y")) for element in of_class(picture, "c-label"))
    assert len(heights) == 3 and min(after - before for before, after in itertools.pairwise(heights)) >= 14.9
    assert "expected" not in texts(read(client_chart_svg(series)), "c-label")


def test_spread_keeps_order_and_distance():
    assert spread([50, 50, 50], gap=10, top=0, bottom=100) == [40, 50, 60]
    assert spread([2, 90], gap=10, top=5, bottom=100) == [5, 90]
    assert spread([60, 20], gap=10, top=0, bottom=100) == [60, 20]
    assert dated(0, 10, 20) == () and dated(1, 10, 20) == (0,)
    assert dated(9, 10, 20) == (0, 2, 4, 6, 8)


def test_description_says_first_and_last():
    picture = read(client_chart_svg(course(8)))
    assert picture.get("role") == "img"
    named = picture.get("aria-labelledby").split()
    assert named == [picture.find(f"{SVG}title").get("id"), picture.find(f"{SVG}desc").get("id")]
    assert picture.find(f"{SVG}desc").text == "Well-being, ORS: 14,2 → 26,3; Alliance, SRS: 33 → 37,6"
    assert len(ORS) == len(of_class(picture, "c-dot-ors"))
