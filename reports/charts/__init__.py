"""Pictures of a course of sessions: pure functions from one dataclass of series to SVG and to figure data.

Nothing here knows Django, the database or the clock; every visible text comes in translated, every score
comes in as tenths of a point (a mark 0-100, a total 0-400).

    series = ChartSeries(points=..., cutoff=250, cutoff_label=_("cut-off 25"), ...)
    chart = build_client_chart(series)          # the context `chart` of templates/reports/_client_chart.html
    row.spark = spark_svg(values, line=250, kind="ors")   # goes into a template as it is: {{ row.spark }}
"""

from reports.charts.client_chart import ChartRow, ClientChart, build_client_chart
from reports.charts.client_figure import client_figure
from reports.charts.client_svg import client_chart_svg
from reports.charts.lines_svg import LineCurve, LineRow, line_curves, line_rows
from reports.charts.markup import Markup
from reports.charts.series import BandPoint, ChartSeries, Point
from reports.charts.spark import spark_svg

__all__ = [
    "BandPoint",
    "ChartRow",
    "ChartSeries",
    "ClientChart",
    "LineCurve",
    "LineRow",
    "Markup",
    "Point",
    "build_client_chart",
    "client_chart_svg",
    "client_figure",
    "line_curves",
    "line_rows",
    "spark_svg",
]
