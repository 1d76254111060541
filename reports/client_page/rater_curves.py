"""The curves of everybody who rates a client: one picture for each period of an episode, never joined."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from clients.models import Episode, Rater
from reports.charts.markup import Markup
from reports.charts.raters_svg import RaterLine, key_svg, raters_svg
from reports.client_page.raters_together import SaidTogether, raters_together
from sessions_app.measures.instruments.by_age import MOST_RATERS, AgePeriod
from sessions_app.services.courses import Curve, periods_of
from sessions_app.services.forms_due import labels_in, raters_of
from sessions_app.texts.instruments import BAND_NAMES, instrument_name, rater_words, short_name
from sessions_app.texts.verdict import points


@dataclass(frozen=True)
class RaterRow:
    """One rater beside the picture, all in words; `key` is None where there was no room for the curve."""

    key: Markup | None
    who: str
    form: str
    first: str
    last: str
    cutoff: str
    asked: bool


@dataclass(frozen=True)
class RatersChart:
    """One period: its picture in two sizes, the raters, every mark by session (the newest first).

    `until` is the last day of an ended period, None of the one that runs; `then` are the years whose forms
    followed. `alliance` names the alliance form of an ended period, whose totals stand last in `marks`; the running
    one's have a chart of their own. `together` is what the raters of the latest session say, in the running one only.
    """

    name: str
    wide: Markup
    narrow: Markup
    rows: tuple[RaterRow, ...]
    marks: tuple[tuple[str, str, tuple[str, ...]], ...]  # session, day, a total for each of `rows`
    band: str | Promise
    until: str | None
    then: str | Promise
    alliance: str
    together: SaidTogether | None


def raters_charts(episode: Episode, curves: Sequence[Curve]) -> list[RatersChart]:
    """The pictures of an episode, the running period first; that one only where more than one rater has marked.

    `curves` are those of `load_curves`. One query where there is any picture to draw, none otherwise.
    """
    age_periods = list(dict.fromkeys(curve.period for curve in curves))
    parts = [(period, _rated(curve for curve in curves if curve.period == period)) for period in age_periods]
    shown = [(period, found) for period, found in parts if len(found) > (1 if period.until is None else 0)]
    raters = raters_of(episode.client) if shown else []
    begun: dict[date | None, Promise] = {one.since: BAND_NAMES[one.band] for one in periods_of(episode) if one.since}
    return [_chart(period, found, raters, begun.get(period.until, "")) for period, found in shown]


def _rated(curves) -> list[Curve]:
    return [curve for curve in curves if any(one.ors is not None for one in curve.series.sessions)]


def _chart(period: AgePeriod, curves: Sequence[Curve], raters: Sequence[Rater], then: str | Promise) -> RatersChart:
    ordered = _ordered(curves, raters)
    sessions = ordered[0].series.sorted()
    labels, asked = labels_in(raters), {rater.key for rater in raters if rater.is_active}
    lines = [_line(curve, labels) for curve in ordered]
    rows = tuple(
        _row(curve, line, place, curve.form.by_client or curve.form.rater in asked)
        for place, (curve, line) in enumerate(zip(ordered, lines, strict=True))
    )
    totals, alliance = [line.scores for line in lines], "" if period.until is None else _alliance(ordered)
    if alliance:
        totals.append(tuple(one.srs for one in sessions))
    marks = [
        (one.key, formats.date_format(one.held_on, "SHORT_DATE_FORMAT"), tuple(points(total) for total in of_all))
        for one, of_all in zip(sessions, zip(*totals, strict=True), strict=True)
        if any(total is not None for total in of_all)
    ]
    name = f"raters-{period.band}"
    until = formats.date_format(period.until - timedelta(days=1), "DATE_FORMAT") if period.until else None
    dates = [f"{one.held_on.day}/{one.held_on.month}" for one in sessions]
    wide, narrow = _pictures(lines[:MOST_RATERS], dates, name, rows)
    band = BAND_NAMES[period.band]
    together = raters_together(ordered, labels) if period.until is None else None
    return RatersChart(name, wide, narrow, rows, tuple(reversed(marks)), band, until, then, alliance, together)


def _alliance(curves: Sequence[Curve]) -> str:
    """What the alliance form beside the main curve is called; "" without any of its marks."""
    main = curves[0].series
    return instrument_name(main.of.alliance) if any(one.srs is not None for one in main.sessions) else ""


def _pictures(lines: Sequence[RaterLine], dates: Sequence[str], name: str, rows: Sequence[RaterRow]) -> list[Markup]:
    said = [_("%(who)s: from %(first)s to %(last)s.") % vars(row) for row in rows if row.key]
    texts = {"name": name, "title": _("How each of them sees it"), "description": " ".join(said)}
    return [raters_svg(lines, dates, size=size, **texts) for size in ("wide", "narrow")]


def _ordered(curves: Sequence[Curve], raters: Sequence[Rater]) -> list[Curve]:
    """The main curve, those who are asked, those who no longer are; each in the order in which they came."""
    order = {rater.key: (not rater.is_active, place) for place, rater in enumerate(raters)}
    return sorted(curves, key=lambda one: (not one.is_main, order.get(one.form.rater, (False, -1)), one.form))


def _line(curve: Curve, labels: dict[str, str]) -> RaterLine:
    scores = tuple(one.ors for one in curve.series.sorted())
    return RaterLine(
        name=rater_words(curve.form.rater, labels),
        scores=scores,
        cutoff=curve.series.cutoff,
        cutoff_label=_("cut-off %(points)s") % {"points": points(curve.series.cutoff)},
        last=points([score for score in scores if score is not None][-1]),
    )


def _row(curve: Curve, line: RaterLine, place: int, asked: bool) -> RaterRow:
    return RaterRow(
        key=key_svg(place) if place < MOST_RATERS else None,
        who=line.name,
        form=short_name(curve.form.instrument_key),
        first=points(line.places()[0][1]),
        last=line.last,
        cutoff=points(line.cutoff),
        asked=asked,
    )
