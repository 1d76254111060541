"""The condition of each alert rule in one sentence, and how often it speaks of people whose state does not change."""

from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from sessions_app.measures.rules import RULES as REGISTERED
from sessions_app.measures.rules import Level, Rule

RULES: dict[str, Promise] = {rule.key: lazy(rule.condition) for rule in REGISTERED}
OF = 20  # people


def false_alarms_in_words(rule: type[Rule]) -> Iterator[str]:
    """One sentence for each level of which the share is known, as `make calibrate` finds it."""
    lowest = min(rule.false_alarms, key=lambda level: level.rank, default=None)
    for level, share in rule.false_alarms.items():
        count = round(share * OF)
        if level is lowest:
            said = ngettext(
                "Of %(of)s people whose life does not change, %(count)s gets this within ten measurements.",
                "Of %(of)s people whose life does not change, %(count)s get this within ten measurements.",
                count,
            )
        elif level is Level.RED:
            said = ngettext("%(count)s of %(of)s gets it in red.", "%(count)s of %(of)s get it in red.", count)
        else:
            said = ngettext(
                "%(count)s of %(of)s gets it as something to talk about.",
                "%(count)s of %(of)s get it as something to talk about.",
                count,
            )
        yield said % {"of": OF, "count": count}
    if rule.false_alarms and rule.says_no_gain:
        yield _("It says that nothing has been gained, which is true of them.")
