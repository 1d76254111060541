"""What hangs on a session and goes with it to the right client."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clients.models import Client, Episode, Rater, Relation
from clients.models.sealed_text import seal_anew
from organisations.models import Capability, CapabilityKind
from organisations.tokens.capabilities import close_unanswered
from sessions_app.measures.instruments.registry import CLIENT
from sessions_app.models import GroupMember, Note, PendingAnswer, Rating, RatingDraft, Session, SessionDecision
from sessions_app.services.appointments import take_along
from sessions_app.services.handover import close_session_forms


def refuse_move(session: Session, before: Episode, after: Episode) -> None:
    """ValidationError where the session is there already, the episode has ended, or the group has the client twice."""
    if before.pk == after.pk:
        raise ValidationError({"episode": _("The session is in that episode already.")})
    if after.ended_on is not None:
        raise ValidationError({"episode": _("That episode has ended.")})
    if session.study_answers.exists():
        raise ValidationError(_("At this session the client answered for a study; it stays where it is."))
    meetings = GroupMember.objects.filter(session=session).values("meeting")
    others = GroupMember.objects.filter(meeting__in=meetings, session__client=after.client_id, session__voided_at=None)
    if others.exclude(session=session).exists():
        raise ValidationError(
            {"episode": _("%(client)s takes part in that group meeting already.") % {"client": after.client}}
        )


def move_what_hangs_on(session: Session, before: Episode, after: Episode) -> None:
    """Whatever belongs to a session that has a new episode follows; both episodes and the session are locked."""
    close_session_forms(session)
    if session.started_at is not None:
        # Sent ahead from the wrong client's page while the right one was there: nobody knows whose it would be.
        close_unanswered(
            Capability.objects.filter(
                kind=CapabilityKind.AHEAD, object_id=before.pk, created_at__gte=session.started_at
            )
        )
    PendingAnswer.objects.filter(session=session).update(episode=after)
    if before.client_id != after.client_id:
        RatingDraft.objects.filter(session=session).update(kept_before_move=True)
        for model in (Note, SessionDecision):  # with the key of the client whose words they are now
            seal_anew(model.objects.filter(session=session).select_related("session"))
    _know_raters(session, after.client)
    take_along(session, before.client, after.client)


def _know_raters(session: Session, client: Client) -> None:
    """Whoever has rated at the session is one of the client's raters; not asked again by that."""
    found: set[str] = set()
    for model in (Rating, RatingDraft, PendingAnswer):
        found |= set(model.objects.filter(session=session).values_list("rater", flat=True))
    for key in sorted(found - {CLIENT} - set(client.raters.values_list("key", flat=True))):
        relation = key.partition("-")[0]
        if relation in Relation:
            about = {"organisation_id": client.organisation_id, "client": client, "relation": relation}
            Rater.objects.create(key=key, is_active=False, **about)
