"""How a goal is named in a document."""

from django.utils.translation import gettext as _

from sessions_app.models import Goal


def goal_wording(goal: Goal, *, may_quote: bool) -> str:
    """The goal as it may be said: a client's own wording only where it may be quoted, else the service's aim."""
    if may_quote or not goal.is_own_words:
        return goal.wording
    return goal.aim or _("A goal in the client's own words, which are not shared here")
