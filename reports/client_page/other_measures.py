"""What stands beside the curves of ORS and SRS on a client's page: WHO-5, and the alliance in groups."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clients.models import Episode
from reports.client_page.small_charts import SmallChart, percentage_chart, points_chart
from sessions_app.measures.instruments.cutoffs import find_cutoff
from sessions_app.measures.instruments.registry import CGSRS, GSRS, age_band
from sessions_app.measures.rules.wellbeing import LowWellbeing
from sessions_app.models import Rating
from sessions_app.services.who5 import Course, due_on, load_course
from sessions_app.standards.loading import Standards
from sessions_app.texts.verdict import points


@dataclass(frozen=True)
class Wellbeing:
    """The WHO-5 of an episode: its chart (None while there is none), and when it is due."""

    chart: SmallChart | None
    due_on: datetime.date | None
    own_words: bool


def wellbeing_of(episode: Episode, standards: Standards) -> Wellbeing:
    """WHO-5 as the client's page shows it."""
    course = load_course(episode)
    last = course.measured[-1].held_on if course.measured else None
    return Wellbeing(
        chart=_who5_chart(course, standards),
        due_on=due_on(episode.client, episode, last, standards),
        own_words=course.own_words,
    )


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


def _who5_chart(course: Course, standards: Standards) -> SmallChart | None:
    if not course.measured:
        return None
    low, very_low = (standards.rules.rule(LowWellbeing.key).threshold(name) for name in ("low", "very_low"))
    return percentage_chart(
        [(one.held_on, one.percentage, one.key) for one in course.measured],
        name="who5-chart",
        title=_("Well-being over two weeks, WHO-5"),
        limits=((low, _("low %(limit)s") % {"limit": low}), (very_low, _("very low %(limit)s") % {"limit": very_low})),
    )
