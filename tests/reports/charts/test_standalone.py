"""The chart as a file: whole by itself, drawn in the page's colours, without what is for staff or what was said."""

import re
from dataclasses import replace
from xml.etree import ElementTree

from reports.charts import BandPoint
from reports.charts.events import MARKS, NO_SHOW, Event
from reports.charts.standalone import STYLE, standalone_svg, styled
from tests.reports.charts.courses import QUOTE, course, point

EVERYTHING = course(
    3,
    band=20,
    band_title="expected course",
    points=(
        point(0, note_ors=QUOTE, note_srs=QUOTE),
        point(1, events=tuple(Event(kind, kind) for kind in MARKS)),
        point(2),
    ),
    event_names={kind: f"name of {kind}" for kind in MARKS},
)


def classes(svg: str) -> set[str]:
    return {name for element in ElementTree.fromstring(svg).iter() for name in (element.get("class") or "").split()}


def test_each_class_of_the_drawing_has_its_rule_in_the_file():
    known = set(re.findall(r"\.([a-z-]+)", STYLE))
    drawn = classes(standalone_svg(EVERYTHING, title="N-014", foot=("Solby",)))
    assert {"c-ors", "c-srs", "c-band", "c-note", "c-event"} < drawn
    assert drawn - known == {"chart", "framed"}, "a class without a rule is drawn in black"


def test_reference_legend_and_what_it_is_filed_by_stand_on_it():
    svg = standalone_svg(EVERYTHING, title="N-014 <&>", foot=("Solby · 29 November", "Rules 3"))
    said = [element.text for element in ElementTree.fromstring(svg).iter() if element.tag.endswith("text")]
    for words in ("N-014 <&>", "Well-being, ORS", "Alliance, SRS", "expected course", "name of no_show", "Rules 3"):
        assert words in said
    assert "alert(1)" not in svg


def test_what_is_for_staff_is_never_on_it():
    state = (BandPoint(0, 150, 180, 210), BandPoint(2, 150, 190, 210))
    with_state = replace(EVERYTHING, state=state, state_title="calm")
    assert standalone_svg(with_state, title="", foot=()) == standalone_svg(EVERYTHING, title="", foot=())


def test_a_legend_that_is_too_wide_goes_on_in_a_new_row():
    names = {NO_SHOW: "a very long name " * 4}
    long = standalone_svg(replace(EVERYTHING, event_names=names), title="", foot=())
    heights = [
        ElementTree.fromstring(svg).get("height") for svg in (long, standalone_svg(course(3), title="", foot=()))
    ]
    assert int(heights[0]) > int(heights[1])


def test_a_drawing_of_the_page_takes_its_colours_along():
    assert styled('<svg viewBox="0 0 1 1"><g/></svg>').startswith('<svg viewBox="0 0 1 1"><style>text{')
