"""What was answered in the arm of a study that sees no feedback: kept apart, where no page reads."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from organisations.history.privacy import data_classes
from organisations.history.row_rights import never_deleted
from organisations.history.tracking import without_history
from organisations.models import TenantModel
from sessions_app.models.session import Session
from sessions_app.models.study import StudyParticipant


class StudyAnswerQuerySet(models.QuerySet):
    def visible_to(self, practitioner):
        """Nobody, whatever their role: what may be seen is a rating."""
        return self.none()

    def counting(self):
        """Without those of sessions that were taken out, and those of which nobody knows whose they are."""
        return self.filter(is_doubtful=False, session__voided_at=None)

    def withheld(self):
        """Those that are no rating yet."""
        return self.filter(released_at=None)


@data_classes(
    score="marks total device_time late",
    technical="id organisation participant session instrument language pack submission_id is_doubtful created_at "
    "released_at",
)
@without_history("nothing of it is ever changed, save for the moment in which it becomes a rating")
@never_deleted
class StudyAnswer(TenantModel):
    """One answer, as a rating has it; of several of one session the first counts. `released_at`: it is a rating since.

    `is_doubtful`: it came after its form was closed, for a session that was not held, or from a device that was in
    another hand-over.
    """

    participant = models.ForeignKey(StudyParticipant, models.PROTECT, related_name="answers")
    session = models.ForeignKey(Session, models.PROTECT, related_name="study_answers")
    instrument = models.CharField(max_length=10)
    marks = ArrayField(models.PositiveSmallIntegerField(), size=5)
    total = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=5, blank=True, default="")
    pack = models.CharField(max_length=64, blank=True, default="")
    device_time = models.CharField(max_length=40, blank=True, default="")
    late = models.BooleanField(default=False)
    submission_id = models.UUIDField()
    is_doubtful = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    released_at = models.DateTimeField(null=True)

    objects = StudyAnswerQuerySet.as_manager()

    class Meta:
        app_label = "sessions_app"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "submission_id"], name="study_answer_submission_once"),
        ]
        indexes = [models.Index(fields=["organisation", "session"])]
