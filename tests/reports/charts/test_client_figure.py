"""The figure: plotly itself reads it, it is the picture of the SVG, and no words of the client are in it."""

import json
from xml.etree import ElementTree

import plotly.graph_objects as go
import pytest
from django.utils import translation

from reports.charts import BandPoint, build_client_chart, client_chart_svg, client_figure, line_curves, line_rows
from reports.charts.colours import COLOURS
from reports.charts.events import Event
from tests.reports.charts.courses import ORS, QUOTE, course, point


def traces(figure, mode):
    return [trace for trace in figure["data"] if trace["mode"] == mode]


@pytest.mark.parametrize("count", [1, 2, 8, 40, 120])
def test_plotly_reads_it(count):
    figure = client_figure(course(count, band=20, band_label="expected"))
    assert json.loads(json.dumps(figure)) == figure
    read = go.Figure(figure).to_plotly_json()
    assert read["layout"]["hovermode"] is False
    assert len(read["data"]) == len(figure["data"])


def test_plotly_refuses_what_is_wrong():
    figure = client_figure(course(2))
    figure["layout"]["xaxis"]["tickmod"] = "array"
    with pytest.raises(ValueError, match="tickmod"):
        go.Figure(figure)


def test_same_places_as_the_svg():
    series = course(8)
    figure = client_figure(series)
    ors = next(trace for trace in figure["data"] if trace.get("name") == "Well-being, ORS")
    assert ors["x"] == list(range(8)) and ors["y"] == [score / 10 for score in ORS]
    margin, (start, end) = figure["layout"]["margin"], figure["layout"]["xaxis"]["range"]
    across = 760 - margin["l"] - margin["r"]
    picture = ElementTree.fromstring(client_chart_svg(series))
    dots = [dot for dot in picture.iter() if dot.get("class") == "c-dot-ors"]
    for place, dot in enumerate(dots):
        assert float(dot.get("cx")) == pytest.approx(margin["l"] + place / (end - start) * across, abs=0.06)
        high = 400 - margin["t"] - margin["b"]
        assert float(dot.get("cy")) == pytest.approx(400 - margin["b"] - ors["y"][place] / 40 * high, abs=0.06)


def test_the_state_is_in_the_figure_as_in_the_svg():
    state = tuple(BandPoint(index, 150, 180 + index, 210) for index in (0, 2, 7))
    plain, series = course(8), course(8, state=state, state_title="calm")
    known = [json.dumps(trace) for trace in client_figure(plain)["data"]]
    added = [trace for trace in client_figure(series)["data"] if json.dumps(trace) not in known]
    assert [trace["y"] for trace in added] == [[15.0] * 3, [21.0] * 3, [18.0, 18.2, 18.7]]
    assert all(trace["x"] == [0, 2, 7] for trace in added)
    assert added[1]["fillcolor"] == COLOURS["--state"]
    assert added[2]["line"]["color"] == COLOURS["--ink"]
    drawn = ElementTree.fromstring(client_chart_svg(series))
    order = [
        element.get("class") for element in drawn.iter() if element.get("class") in ("c-state", "c-state-band", "c-srs")
    ]
    assert order == ["c-state-band", "c-state", "c-srs"], "under both curves"
    srs = next(
        place for place, trace in enumerate(client_figure(series)["data"]) if trace.get("name") == series.srs_label
    )
    assert client_figure(series)["data"].index(added[2]) < srs


def test_a_row_of_the_table_holds_the_state_with_its_interval():
    state = (BandPoint(0, 150, 180, 210), BandPoint(2, 151, 181, 211))
    chart = build_client_chart(course(3, state=state, state_title="calm", state_note="what it is"))
    assert [row.state for row in chart.points] == ["18 (15–21)", "", "18,1 (15,1–21,1)"]
    assert (chart.state_label, chart.state_note) == ("calm", "what it is")
    assert build_client_chart(course(3, state=state[:1], state_title="calm")).state_label == ""


def test_no_words_and_no_tags_inside():
    points = (point(0, note_ors=QUOTE, note_srs=QUOTE, ors=None), point(1, events=(Event("no_show", "no-show"),)))
    figure = client_figure(course(2, points=points, cutoff_label="<a href='x'>"))
    assert "alert" not in json.dumps(figure)
    labels = [note["text"] for note in figure["layout"]["annotations"]]
    assert "&lt;a href='x'&gt;" in labels
    assert not any("<" in label for label in labels), "plotly turns a tag into an inline style"
    assert all(trace["hoverinfo"] == "none" for trace in figure["data"])


def test_without_srs():
    assert "srs" not in json.dumps(client_figure(course(8), with_srs=False)).lower()


def test_rows_and_details_hold_each_session_as_text():
    points = (point(0, note_ors=QUOTE), point(1, ors=None, ors_marks=None, events=(Event("no_show", "no-show"),)))
    chart = build_client_chart(course(2, points=points))
    first, second = chart.points
    assert (first.ors, first.srs, first.note_ors) == ("14,2", "33", QUOTE)
    assert first.ors_marks == ("3,5", "3,5", "3,5", "3,7")
    assert (second.ors, second.ors_marks, second.event) == ("", (), "no-show")
    entry = chart.details["sessions"][0]
    assert entry["ors"] == {"total": "14,2", "marks": ["3,5", "3,5", "3,5", "3,7"], "note": QUOTE}
    assert "ors" not in chart.details["sessions"][1]
    assert chart.details["names"]["srs"]["items"][0] == "Relation"
    assert set(chart.figure) == {"colours", "wide", "narrow"}
    assert chart.svg_wide.__html__() == str(chart.svg_wide)
    assert [curve.kind for curve in chart.lines] == ["ors"] * 4 + ["srs"] * 4
    json.dumps([chart.figure, chart.details])


def test_details_without_srs_say_nothing_of_it():
    chart = build_client_chart(course(2, points=(point(0, note_srs=QUOTE), point(1))), with_srs=False)
    assert "srs" not in json.dumps(chart.details)


@pytest.mark.parametrize(("language", "written"), [("da", "26,3"), ("en", "26.3")])
def test_numbers_of_picture_and_figure_are_written_as_the_reader_writes_them(language, written):
    with translation.override(language):
        chart = build_client_chart(course(8))
        layout = client_figure(course(8))["layout"]
        assert chart.points[-1].ors == written
        assert layout["separators"] == written[2] + {",": ".", ".": ","}[written[2]]


def test_line_rows_show_then_and_now():
    rows = line_rows(("One", "Two"), (62, None), (55, 44))
    assert (rows[0].label, rows[0].value, rows[0].previous) == ("One", "6,2", "5,5")
    assert '<circle class="then" cx="55%"' in rows[0].svg and '<circle class="now" cx="62%"' in rows[0].svg
    assert rows[1].value == "" and "now" not in rows[1].svg
    assert "then" not in line_rows(("One",), (62,), None)[0].svg
    with pytest.raises(ValueError, match="zip"):
        line_rows(("One", "Two"), (62,), None)


def test_line_curves_skip_what_was_not_measured():
    series = course(3, points=(point(0), point(1, ors_marks=None), point(2, ors_marks=(100, 0, None, 50))))
    curves = line_curves(series, kind="ors")
    assert [curve.value for curve in curves] == ["10", "0", "3,5", "5"]
    for curve in curves:
        assert "style" not in curve.svg
        ElementTree.fromstring(curve.svg)
    assert 'd="M0 39L133.3 0"' in curves[0].svg
    assert line_curves(course(1, points=(point(0, ors_marks=None),)), kind="ors") == ()


def test_every_text_stands_on_the_axis_or_plotly_would_leave_it_out():
    figure = client_figure(course(2, points=(point(0), point(1, ors=400, srs=398, note_ors=QUOTE, note_srs=QUOTE))))
    notes = figure["layout"]["annotations"]
    assert {"40", "39.8"} & {note["text"].replace(",", ".") for note in notes} == {"40", "39.8"}
    assert all(0 <= note["y"] <= 40 for note in notes)
    assert any(note.get("yshift", 0) > 0 for note in notes), "moved up from the end of the axis"
