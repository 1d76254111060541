"""What is measured: sessions, ratings, what is written of a session, alerts."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.models import Consent, ConsentPurpose, ConsentState, SealedTextField
from organisations.audit.route_arguments import named_in_routes
from organisations.history.privacy import data_classes
from organisations.history.tracking import keep_history
from organisations.history.updated_at import touch
from organisations.models import Practitioner, TenantModel
from organisations.roles import CARING, Can
from sessions_app.models.session import Session
from sessions_app.models.visibility import OfClient


class NoteKind(models.TextChoices):
    """Which field of the development document a note is. The kind says whose words it holds, and nothing else does."""

    AFTER_ORS = "after_ors", _("After the ORS")
    AFTER_SRS = "after_srs", _("After the SRS")
    BETTER = "better", _("What could be better?")
    DEVELOPMENT = "development", _("Development")
    FOCUS = "focus", _("Focus ahead")
    NEXT_TIME = "next_time", _("What we take along")


OWN_WORDS = (NoteKind.AFTER_ORS, NoteKind.AFTER_SRS, NoteKind.BETTER)
"""What the client said, as it was said; every other kind is a practitioner's remark."""


def reads_words(practitioner: Practitioner, client: str = "") -> Q:
    """Of whom a person may read the own words: whom they are contact person of, or have held a session with, and who
    shares them with the team; nobody's where the organisation has taken that from the role. `client` leads from a row
    to its client, with two underscores at its end.
    """
    if practitioner.role in CARING and not practitioner.can(Can.READ_WORDS):
        return Q(pk__in=[])
    held = Session.objects.valid().filter(practitioner=practitioner).values("client")
    shares = Consent.objects.filter(purpose=ConsentPurpose.TEAM).newest().filter(state=ConsentState.GIVEN)
    contact = Q(**{f"{client}contact": practitioner}) | Q(**{f"{client}second_contact": practitioner})
    return contact | Q(**{f"{client}pk__in": held}) | Q(**{f"{client}pk__in": shares.values("client")})


class NoteQuerySet(OfClient):
    client_path = "session__client"

    def visible_to(self, practitioner):
        """Remarks as everything of a client; own words as `open_to` says."""
        return super().visible_to(practitioner).open_to(practitioner)

    def open_to(self, practitioner):
        """Without the own words that a person may not read; what they wrote down themselves stays."""
        return self.filter(_is_open(practitioner))

    def with_is_open(self, practitioner):
        """Each with `is_open`: whether a person may read it."""
        is_open = models.Case(models.When(_is_open(practitioner), then=True), default=False)
        return self.annotate(is_open=is_open)

    def own_words(self):
        """The client's own words."""
        return self.filter(kind__in=OWN_WORDS)

    def remarks(self):
        """What practitioners wrote."""
        return self.exclude(kind__in=OWN_WORDS)


def _is_open(practitioner: Practitioner) -> Q:
    return ~Q(kind__in=OWN_WORDS) | Q(updated_by=practitioner) | reads_words(practitioner, "session__client__")


@data_classes(identity="updated_by", words="text", technical="id organisation session kind version updated_at")
@keep_history()
@named_in_routes("note_id")
class Note(TenantModel):
    """One field of a session's part of the development document: the client's own words, or a remark (NoteKind)."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=20, choices=NoteKind)
    text = SealedTextField(_("text"), words_of="session.client_id", max_length=4000, blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(default=timezone.now)
    updated_by = models.ForeignKey(Practitioner, models.PROTECT, null=True, related_name="+")

    objects = NoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "session", "kind"], name="note_once"),
        ]
        indexes = [models.Index(fields=["organisation", "updated_at"])]
        triggers = [touch()]

    @property
    def is_own_words(self) -> bool:
        return self.kind in OWN_WORDS
