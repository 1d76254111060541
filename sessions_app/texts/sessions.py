"""How much of the sessions hangs on a person or a service, in words."""

from django.utils.translation import ngettext_lazy

WORDS = {
    **dict.fromkeys(
        ("sessions_app.FollowUpMeasure.planned_by", "sessions_app.FollowUpMeasure.cancelled_by"),
        ngettext_lazy("%(count)d follow-up after an end", "%(count)d follow-ups after an end", "count"),
    ),
    "sessions_app.Session.practitioner": ngettext_lazy(
        "%(count)d session, also those taken out", "%(count)d sessions, also those taken out", "count"
    ),
    "sessions_app.TeamQuestion.team": ngettext_lazy(
        "%(count)d question, also those taken back", "%(count)d questions, also those taken back", "count"
    ),
    "sessions_app.TeamMeeting.team": ngettext_lazy(
        "%(count)d team meeting, also those called off", "%(count)d team meetings, also those called off", "count"
    ),
}
