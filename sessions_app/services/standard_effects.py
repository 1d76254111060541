"""What a value would change, in words."""

from django.utils.translation import gettext_lazy as lazy

from sessions_app.services.standards import (
    ALLIANCE_LOW,
    BELOW_CUTOFF,
    GAINED,
    TARGET_MET,
    WITH_ALERT,
    WITH_NOTE,
    WITH_RED,
    WORSE,
    Preview,
)

EFFECTS = {
    BELOW_CUTOFF: lazy("%(then)s of %(all)s clients would be below the cut-off instead of %(now)s."),
    GAINED: lazy("%(then)s of %(all)s clients would be above the start by the reliable change instead of %(now)s."),
    WORSE: lazy("%(then)s of %(all)s clients would be below the start by the reliable change instead of %(now)s."),
    ALLIANCE_LOW: lazy("%(then)s of %(all)s clients would have an SRS below its cut-off instead of %(now)s."),
    TARGET_MET: lazy("%(then)s of %(all)s clients would have reached the expected course instead of %(now)s."),
    WITH_NOTE: lazy("%(then)s of %(all)s clients would have an alert for information instead of %(now)s."),
    WITH_ALERT: lazy("%(then)s of %(all)s clients would have an alert to talk about instead of %(now)s."),
    WITH_RED: lazy("%(then)s of %(all)s clients would have a red alert instead of %(now)s."),
}


def effects_in_words(preview: Preview) -> list[str]:
    """One sentence for each count that would change."""
    return [
        str(EFFECTS[effect.what]) % {"then": effect.then, "now": effect.now, "all": preview.clients}
        for effect in preview.effects
        if effect.changes
    ]
