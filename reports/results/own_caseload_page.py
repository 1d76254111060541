"""One's own caseload between the limits of chance, in words and as a picture."""

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from reports.charts.markup import Markup
from reports.charts.results_svg import FunnelPlace, Said, funnel_svg
from reports.results.page import change_points, mean_points
from sessions_app.measures.results.funnel import FUNNEL_FROM, OWN_FROM, STABLE_FROM, Standing
from sessions_app.measures.results.own_standing import FAR_Z, LEAST_OTHERS, USUAL_Z, Chance, OwnStanding

WORDS = {
    Chance.WITHIN: lazy("Your clients changed about as much as their first scores let expect; the rest may be chance."),
    Chance.MORE: lazy("Your clients changed more than chance alone explains."),
    Chance.FAR_MORE: lazy("Your clients changed far more than chance alone explains."),
    Chance.LESS: lazy("Your clients changed less than chance alone explains."),
    Chance.FAR_LESS: lazy("Your clients changed far less than chance alone explains."),
}


def own_caseload_context(found: OwnStanding | None, used: int) -> dict[str, Any]:
    """The section in words: `used` own episodes are counted; without a place why there is none."""
    context = {"used": used, "from": FUNNEL_FROM, "stable_from": STABLE_FROM, "least": LEAST_OTHERS, "each": OWN_FROM}
    if found is None:
        return context | {"enough": used >= FUNNEL_FROM}
    low, high = found.limits(found.n, USUAL_Z)
    return context | {
        "placed": True,
        "words": WORDS[found.chance],
        "residual": change_points(found.residual),
        "low": mean_points(low),
        "high": change_points(high),
        "others": found.others,
        "stable": found.standing is Standing.STABLE,
        "picture": _picture(found),
    }


def _picture(found: OwnStanding) -> Markup:
    widest = max(100, round(found.n * 1.25))
    sizes = [OWN_FROM + (widest - OWN_FROM) * step / 40 for step in range(41)]
    told = _("%(n)s episodes: %(residual)s points; by chance from %(low)s to %(high)s.") % {
        "n": found.n,
        "residual": change_points(found.residual),
        "low": mean_points(found.limits(found.n, USUAL_Z)[0]),
        "high": change_points(found.limits(found.n, USUAL_Z)[1]),
    }
    return funnel_svg(
        usual=[(size, found.limits(size, USUAL_Z)[1]) for size in sizes],
        far=[(size, found.limits(size, FAR_Z)[1]) for size in sizes],
        own=FunnelPlace(found.n, found.residual, _("you")),
        ticks=[(size, number_format(size)) for size in _ticks(widest)],
        said=Said("results-own", _("Your caseload between the limits of chance"), told),
    )


def _ticks(widest: int) -> list[int]:
    step = next(step for step in (20, 50, 100, 200, 500, 1000, 5000) if widest / step <= 6 or step == 5000)
    return list(range(step, widest + 1, step))
