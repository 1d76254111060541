"""Which of this app's tables have a history: sessions, answers, words, alerts, imported wording."""

from organisations.history.tracking import keep_history
from sessions_app.models import GroupMeeting, GroupMember, Pack, PackLicence, PendingAnswer
from sessions_app.models.access_review import AccessAlarm, AccessSample, SampledAccess
from sessions_app.models.alert import Alert
from sessions_app.models.note import Note
from sessions_app.models.rating import ConflictingAnswer, Rating
from sessions_app.models.session import Session

for model in (
    ConflictingAnswer,
    PendingAnswer,
    Note,
    PackLicence,
    GroupMeeting,
    GroupMember,
    AccessAlarm,
    AccessSample,
    SampledAccess,
):
    keep_history(model)
for measured in (Session, Rating):
    keep_history(measured, without=("updated_at",))  # the history has its own moment
keep_history(Alert, without=("numbers", "last_session", "updated_at"))  # worked out from the ratings at each evaluation
keep_history(Pack, without=("content",))  # as it stood in the file: it never changes, and is long
