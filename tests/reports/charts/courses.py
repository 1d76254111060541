"""Courses to draw: as long as one asks for, without a database."""

from dataclasses import replace
from datetime import date, timedelta

from reports.charts import BandPoint, ChartSeries, Point

ORS = (142, 150, 178, 169, 204, 226, 241, 263)
SRS = (330, 342, 351, 364, 370, 372, 380, 376)
QUOTE = "It is better when I know <script>alert(1)</script> & what comes"


def point(index: int, **more) -> Point:
    day = date(2026, 8, 3) + timedelta(days=14 * index)
    ors, srs = ORS[index % 8], SRS[index % 8]
    return replace(
        Point(
            key=f"s{index}",
            held_on=day,
            label=f"{day.day}/{day.month}",
            title=f"{day.day} August 2026",
            ors=ors,
            srs=srs,
            ors_marks=(ors // 4, ors // 4, ors // 4, ors - 3 * (ors // 4)),
            srs_marks=(srs // 4, srs // 4, srs // 4, srs - 3 * (srs // 4)),
        ),
        **more,
    )


def course(count: int, *, band: int = 0, **more) -> ChartSeries:
    points = more.pop("points", None) or tuple(point(index) for index in range(count))
    standard = {
        "cutoff": 250,
        "cutoff_label": "cut-off 25",
        "alliance_label": "alliance 36",
        "ors_label": "Well-being, ORS",
        "srs_label": "Alliance, SRS",
        "ors_items": ("Individually", "Close relationships", "Socially", "Overall"),
        "srs_items": ("Relation", "Goals and topics", "Approach or method", "Overall"),
        "band": tuple(BandPoint(index, 140 + index, 150 + 2 * index, 160 + 3 * index) for index in range(band)),
    }
    return ChartSeries(points=points, **(standard | more))
