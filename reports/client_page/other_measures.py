"""What stands beside the curves of ORS and SRS on a client's page: periodic forms, and the alliance in groups."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from clients.models import Episode
from organisations.database.statements import written_once
from reports.client_page.small_charts import SmallChart, periodic_chart, points_chart
from sessions_app.measures.instruments.registry import (
    CGSRS,
    GSRS,
    Instrument,
    age_band,
    find_cutoff,
    periodic_instruments,
)
from sessions_app.measures.series import PeriodicScore
from sessions_app.models import Rating
from sessions_app.services.periodic_forms import due_on, load_courses
from sessions_app.standards.loading import Standards
from sessions_app.texts.instruments import periodic_name, periodic_words
from sessions_app.texts.verdict import points


@dataclass(frozen=True)
class PeriodicChart:
    """The answers to one text: `key` is unique on the page, `name` what the text is called, `note` is said below.

    `measured` are its scores, the oldest first; `limits` as (score, words).
    """

    key: str
    name: str
    heading: str
    chart: SmallChart
    measured: Sequence[PeriodicScore]
    about: Instrument
    limits: tuple[tuple[int, str], ...]
    note: str = ""


@dataclass(frozen=True)
class PeriodicForms:
    """The periodic forms of an episode: a chart for each text that was answered, and when each is due (name, day)."""

    charts: tuple[PeriodicChart, ...]
    due: tuple[tuple[str, datetime.date], ...]


def periodic_of(episode: Episode, standards: Standards) -> PeriodicForms:
    """What is filled in now and then as the client's page shows it, each with the limits that hold for its text."""
    charts, due = [], []
    courses = load_courses(episode)
    for about in periodic_instruments():
        course, words = courses[about.key], periodic_words(about)
        limits = _limits(about, standards)
        if course.licensed:
            name = words.get("curve") or periodic_name(about, None)
            charts.append(_periodic_chart(about, about.key, name, course.licensed, limits))
        if course.own:
            limits, note = ((), words.get("own_note", "")) if about.limits_need_pack else (limits, "")
            own = _periodic_chart(about, f"own-{about.key}", periodic_name(about, ""), course.own, limits)
            charts.append(replace(own, note=note))
        if day := due_on(about, episode.client, episode, course.last_on, standards):
            due.append((periodic_name(about, None), day))
    return PeriodicForms(tuple(charts), tuple(due))


def group_chart(episode: Episode) -> SmallChart | None:
    """The alliance as it was marked in groups: a series of its own, with its own cut-off; None while there is none."""
    rows = sorted(_of_groups(episode))
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


@written_once
def _of_groups(episode: Episode):
    found = Rating.objects.current().filter(
        session__episode=episode, instrument__in=(GSRS.key, CGSRS.key), rater="client", total__isnull=False
    )
    return found.values_list("session__held_on", "total", "session", "instrument")


def _limits(about: Instrument, standards: Standards) -> tuple[tuple[int, str], ...]:
    """Where the rules on an instrument draw a line: the number that holds here, and what it is called."""
    rules = [rule for rule in standards.rules.rules if rule.measure == about.key]
    lines = [(rule.threshold(one.name), one.line) for rule in rules for one in rule.declared if one.line]
    return tuple((limit, _(words) % {"limit": limit}) for limit, words in lines)


def _periodic_chart(
    about: Instrument, key: str, name: str, measured: Sequence[PeriodicScore], limits: tuple[tuple[int, str], ...]
) -> PeriodicChart:
    rows = [(one.held_on, one.score, one.key) for one in measured]
    chart = periodic_chart(rows, name=f"{key}-chart", title=name, about=about, limits=limits)
    return PeriodicChart(key, name, _("Of 100") if about.percent else _("Total"), chart, measured, about, limits)
