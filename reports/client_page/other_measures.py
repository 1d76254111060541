"""What stands beside the curves of ORS and SRS on a client's page: well-being, and the alliance in groups."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clients.models import Episode
from reports.client_page.small_charts import SmallChart, percentage_chart, points_chart
from sessions_app.measures.instruments.cutoffs import find_cutoff
from sessions_app.measures.instruments.registry import CGSRS, GSRS, age_band
from sessions_app.measures.rules.wellbeing import LowWellbeing
from sessions_app.measures.series import WellbeingPart as Measured
from sessions_app.models import Rating
from sessions_app.services.who5 import due_on, load_course
from sessions_app.standards.loading import Standards
from sessions_app.texts.instruments import wellbeing_name
from sessions_app.texts.verdict import points


@dataclass(frozen=True)
class WellbeingChart:
    """The answers to one text: `key` is unique on the page, `name` what the text is called."""

    key: str
    name: str
    chart: SmallChart
    own_words: bool


@dataclass(frozen=True)
class WellbeingPart:
    """The well-being of an episode: a chart for each text that was answered, and when it is due."""

    charts: tuple[WellbeingChart, ...]
    due_on: datetime.date | None


def wellbeing_of(episode: Episode, standards: Standards) -> WellbeingPart:
    """Well-being as the client's page shows it: WHO-5 with its limits, our own five questions without any."""
    course = load_course(episode)
    charts = []
    if course.who5:
        charts.append(_wellbeing_chart("who5", _("Well-being over two weeks (WHO-5)"), course.who5, _limits(standards)))
    if course.own:
        charts.append(_wellbeing_chart("own-wellbeing", wellbeing_name(""), course.own, ()))
    return WellbeingPart(tuple(charts), due_on(episode.client, episode, course.last_on, standards))


def group_chart(episode: Episode) -> SmallChart | None:
    """The alliance as it was marked in groups: a series of its own, with its own cut-off; None while there is none."""
    found = Rating.objects.current().filter(
        session__episode=episode, instrument__in=(GSRS.key, CGSRS.key), rater="client", total__isnull=False
    )
    rows = sorted(found.values_list("session__held_on", "total", "session", "instrument"))
    if not rows:
        return None
    cutoff = find_cutoff(rows[-1][3], age_band(episode.age_at_intake), "client")
    return points_chart(
        [(day, total, str(key)) for day, total, key, _instrument in rows],
        name="group-chart",
        title=_("How the group meetings were"),
        top=GSRS.total_max,
        limit=(cutoff.value, _("alliance %(points)s") % {"points": points(cutoff.value)}) if cutoff else None,
    )


def _limits(standards: Standards) -> tuple[tuple[int, str], ...]:
    """Where WHO-5 is low, and very low."""
    low, very_low = (standards.rules.rule(LowWellbeing.key).threshold(name) for name in ("low", "very_low"))
    return (low, _("low %(limit)s") % {"limit": low}), (very_low, _("very low %(limit)s") % {"limit": very_low})


def _wellbeing_chart(
    key: str, name: str, measured: Sequence[Measured], limits: tuple[tuple[int, str], ...]
) -> WellbeingChart:
    rows = [(one.held_on, one.percentage, one.key) for one in measured]
    chart = percentage_chart(rows, name=f"{key}-chart", title=name, limits=limits)
    return WellbeingChart(key, name, chart, own_words=not limits)
