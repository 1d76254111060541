"""What several raters say together, in words: the numbers, and what to ask."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from sessions_app.measures.raters import Together
from sessions_app.texts.instruments import rater_words
from sessions_app.texts.points import points


def say_together(together: Together, labels: Mapping[str, str]) -> Iterator[str]:
    """One sentence for a gap, one for the weakest; `labels` are the raters' own names by key."""
    if together.apart:
        low, high = together.apart
        yield _("%(high_who)s %(high)s, %(low_who)s %(low)s: %(gap)s points apart. Ask each of them what they see.") % {
            "high_who": rater_words(high.rater, labels),
            "high": points(high.total),
            "low_who": rater_words(low.rater, labels),
            "low": points(low.total),
            "gap": points(high.total - low.total),
        }
    if together.low:
        yield _("The lowest: %(who)s, %(total)s, below the cut-off %(cutoff)s. Ask what the number stands for.") % {
            "who": rater_words(together.low.rater, labels),
            "total": points(together.low.total),
            "cutoff": points(together.low.cutoff),
        }
