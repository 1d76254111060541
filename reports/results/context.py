"""What the template of the results is given."""

from typing import Any

from reports.results import page, pictures
from reports.results.own_caseload import is_whole_caseload
from reports.results.own_caseload_page import own_caseload_context
from reports.results.read import ResultsRead
from reports.results.small_numbers import (
    BEGUN,
    BELOW,
    BETTER,
    CALLED_OFF,
    CLEARLY_BETTER,
    CLEARLY_WORSE,
    CLOSED,
    DROPPED,
    MISSED,
    REACHED,
    RECOVERED,
    SCORED_LAST,
    USED,
    WORSE,
    K,
)
from sessions_app.texts.points import points

CUTOFF = 250  # of the picture; each episode is judged by its own


def results_context(read: ResultsRead) -> dict[str, Any]:
    """Every number in words, and the pictures."""
    figures = read.figures
    return {
        "form": read.form,
        "hides": figures.shown.hides,
        "least": K,
        "headline": page.headline(figures),
        "used": figures.count(USED),
        "used_words": page.shown_count(figures.count(USED)),
        "begun": page.shown_count(figures.count(BEGUN)),
        "clients": figures.clients,
        "reasons": page.reasons(figures),
        "age_rows": page.age_rows(read),
        "year_rows": page.year_rows(read),
        "ending_rows": page.ending_rows(read),
        "group_rows": page.group_rows(figures.groups),
        "half_rows": page.group_rows(figures.halves),
        "pictures": {
            "shares": pictures.shares_picture(figures),
            "halves": pictures.halves_picture(figures.halves),
            "bands": pictures.bands_picture(figures.groups),
            "slopes": pictures.slopes_picture(figures.groups, CUTOFF),
            "duration": pictures.duration_picture(figures.duration),
            "progress": pictures.progress_picture(read.progress),
            "years": pictures.years_picture(read.by_year),
        },
        "own": own_caseload_context(read.own, figures.count(USED) or 0) if is_whole_caseload(read.chosen) else None,
        **_change(read),
        **_course(read),
        **_progress(read),
    }


def _change(read: ResultsRead) -> dict[str, Any]:
    """Who made progress, and how much."""
    figures = read.figures
    better = figures.share(BETTER, USED)
    return {
        "better": better and page.share_words(better),
        "worse": page.share_words(figures.share(WORSE, USED)),
        "recovered": page.share_words(figures.share(RECOVERED, BELOW)),
        "below": figures.count(BELOW),
        "reached": page.share_words(figures.share(REACHED, USED)),
        "clearly_better": page.share_words(figures.share(CLEARLY_BETTER, USED)),
        "clearly_worse": page.share_words(figures.share(CLEARLY_WORSE, USED)),
        "limit": points(read.limits.points),
        "limit_by_error": points(round(read.limits.by_error)),
        "reliability": page.decimal(read.state.reliability),
        "spread": page.decimal(read.state.sd, 1),
        "by_chance": round(100 * read.by_chance),
        "change": figures.change and page.change_words(figures.change),
        "first": None if figures.first is None else page.mean_points(figures.first),
        "last": None if figures.last is None else page.mean_points(figures.last),
        "effect": figures.effect
        and {
            "d": page.decimal(figures.effect.d),
            "low": page.decimal(figures.effect.low),
            "high": page.decimal(figures.effect.high),
            "g": page.decimal(figures.effect.g),
            "resampled": figures.resampled,
        },
    }


def _course(read: ResultsRead) -> dict[str, Any]:
    """How long, how often, and how it ended."""
    figures = read.figures
    duration, median = figures.duration, figures.duration and figures.duration.median
    return {
        "dropped": page.share_words(figures.share(DROPPED, CLOSED)),
        "missed": page.share_words(figures.share(MISSED, BEGUN)),
        "called_off": page.share_words(figures.share(CALLED_OFF, BEGUN)),
        "attendance": figures.attendance,
        "scored_last": page.share_words(figures.share(SCORED_LAST, CLOSED)),
        "closed": figures.count(CLOSED),
        "sessions": None if figures.sessions is None else page.decimal(figures.sessions, 1),
        "months": None if figures.days is None else page.months(figures.days),
        "alliance": None if figures.alliance is None else page.mean_points(figures.alliance),
        "duration": duration,
        "median": None if not median or median.value is None else page.months(median.value),
        "median_low": None if not median or median.low is None else page.months(median.low),
        "median_high": None if not median or median.high is None else page.months(median.high),
        "left_rows": page.left_rows(duration),
    }


def _progress(read: ResultsRead) -> dict[str, Any]:
    """How many sessions it takes to make progress."""
    median = read.progress and read.progress.median
    return {
        "aim": read.aim,
        "progress": read.progress,
        "progress_half": median and median.value,
        "progress_low": median and median.low,
        "progress_high": median and median.high,
        "progress_rows": page.progress_rows(read.progress),
    }
