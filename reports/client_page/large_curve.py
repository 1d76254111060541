"""A course for a reader who knows the client by a number alone: the curves in large, and how long it has gone on."""

from dataclasses import dataclass

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.models import Episode
from reports.charts.client_svg import client_chart_svg
from reports.charts.markup import Markup
from reports.charts.series import ChartSeries

LARGE, SMALL = (900, 560), (340, 270)
"""The two drawings, as (width, height) of the viewBox."""


@dataclass(frozen=True)
class LargeCurve:
    """The picture in both sizes, None while nothing is measured, and the names of its two curves."""

    large: Markup | None = None
    small: Markup | None = None
    ors_label: str = ""
    srs_label: str = ""


def large_curve(course: ChartSeries, *, with_srs: bool) -> LargeCurve:
    """The drawings of a course with at least one session."""
    large, small = (
        client_chart_svg(course, width=width, height=height, with_srs=with_srs, last_value_large=True)
        for width, height in (LARGE, SMALL)
    )
    return LargeCurve(large, small, course.ors_label, course.srs_label if with_srs else "")


def beside(episode: Episode) -> str:
    """How long it has gone on, and how many contact persons there are; no name."""
    client, count = episode.client, episode.sessions_count
    since = formats.date_format(episode.started_on, "YEAR_MONTH_FORMAT")
    told = ngettext("%(count)d session since %(month)s", "%(count)d sessions since %(month)s", count)
    people = sum(one is not None for one in (client.contact_id, client.second_contact_id))
    contacts = (
        ngettext("%d contact person", "%d contact persons", people) % people if people else _("no contact person")
    )
    return f"{told % {'count': count, 'month': since}} · {contacts}"
