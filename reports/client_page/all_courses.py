"""A client's courses as pictures and rows: each episode's, and within one each of the forms by age."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from clients.models import Episode
from reports.charts.courses_svg import CourseLine, joined_svg, side_svg
from reports.charts.markup import Markup
from sessions_app.measures.instruments.registry import FAMILY
from sessions_app.measures.series import Measured
from sessions_app.services.courses import Curve, periods_of
from sessions_app.texts.instruments import BAND_NAMES, short_name
from sessions_app.texts.verdict import points, signed


@dataclass(frozen=True)
class CourseShown:
    """One main series of an episode: its line, its forms in words, and its numbers in words ("" where there are none).

    `band` are the years of age whose form it is, "" where the episode has only one.
    """

    episode: Episode
    line: CourseLine
    outcome: str
    alliance: str
    band: str | Promise
    first: str
    last: str
    change: str
    until: date | None
    sessions: tuple[Measured, ...]

    @property
    def marks(self) -> list[tuple[str, date, str, str]]:
        """Each session, the newest first: its key, its day, both totals in words."""
        return [(one.key, one.held_on, points(one.ors), points(one.srs)) for one in reversed(self.sessions)]


@dataclass(frozen=True)
class JoinedCourses:
    """The courses on one axis by date, in two sizes, and what they are drawn from, the oldest first."""

    wide: Markup
    narrow: Markup
    courses: tuple[CourseShown, ...]


def courses_of(episode: Episode, curves: Sequence[Curve]) -> list[CourseShown]:
    """The main series of an episode that hold a session, the oldest first; reads `episode.service`."""
    main = [curve for curve in reversed(curves) if curve.is_main and curve.series.sessions]
    many = len(periods_of(episode)) > 1
    return [_course(episode, curve, named=many) for curve in main]


def _course(episode: Episode, curve: Curve, *, named: bool) -> CourseShown:
    series, ordered = curve.series, curve.series.sorted()
    totals = [total for _session, total in series.ors_totals()]
    scored = FAMILY[series.of.alliance].scored
    band = BAND_NAMES[curve.period.band] if named else ""
    name = " · ".join(filter(None, (str(episode), f"{short_name(series.of.outcome)}, {band}" if named else "")))
    line = CourseLine(
        name=name,
        days=tuple(one.held_on for one in ordered),
        ors=tuple(one.ors for one in ordered),
        srs=tuple(one.srs if scored else None for one in ordered),
        cutoff=series.cutoff,
        alliance=series.alliance_cutoff if scored else None,
    )
    return CourseShown(
        episode=episode,
        line=line,
        outcome=short_name(series.of.outcome),
        alliance=short_name(series.of.alliance),
        band=band,
        first=points(totals[0]) if totals else "",
        last=points(totals[-1]) if totals else "",
        change=signed(totals[-1] - totals[0]) if len(totals) > 1 else "",
        until=curve.period.until - timedelta(days=1) if curve.period.until else episode.ended_on,
        sessions=ordered,
    )


def joined_courses(courses: Iterable[CourseShown], *, name: str) -> JoinedCourses | None:
    """The courses by date; None where there are not two. `name` is unique on the page."""
    ordered = sorted(courses, key=lambda one: (one.line.days[0], one.line.days[-1]))
    if len(ordered) < 2:
        return None
    lines = [one.line for one in ordered]
    texts = {"name": name, "title": _("The curves by date"), "description": " ".join(map(_in_words, ordered))}
    wide, narrow = (joined_svg(lines, size=size, **texts) for size in ("wide", "narrow"))
    return JoinedCourses(wide, narrow, tuple(ordered))


def side_pictures(courses: Sequence[CourseShown]) -> list[tuple[CourseShown, Markup]]:
    """Each course with its picture, all at one scale."""
    most = max((len(one.line.days) for one in courses), default=0)
    return [
        (one, side_svg(one.line, most, name=f"course-{place}", title=one.line.name, description=_in_words(one)))
        for place, one in enumerate(courses)
    ]


def _in_words(course: CourseShown) -> str:
    """What a screen reader says of one course."""
    given = {"first": course.first or "–", "last": course.last or "–"}
    days = [date_format(day, "DATE_FORMAT") for day in (course.line.days[0], course.line.days[-1])]
    given |= {"start": days[0], "end": days[1], "form": course.outcome}
    return _("%(start)s to %(end)s: %(form)s from %(first)s to %(last)s.") % given
