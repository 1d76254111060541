"""Forms that were given out and can still be opened: closed with their episode, or when they fit no longer."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from clients.models import Episode
from organisations.models import Capability, CapabilityKind
from organisations.tokens.capabilities import close_unanswered
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.models import GroupMember, Session
from sessions_app.services.forms_due import fits, forms_of_client
from sessions_app.services.summary import measurements_changed

OF_SESSION = (CapabilityKind.HANDOVER, CapabilityKind.LINK, CapabilityKind.SHEET)


def close_forms(episodes: Iterable[Episode]) -> None:
    """Nobody opens a form of these episodes any longer: by link, on a handed-over device, by a group's number.

    An answer that comes all the same is kept and waits for a decision.
    """
    close_unanswered(open_forms(episodes))


def open_forms(episodes: Iterable[Episode]) -> QuerySet[Capability]:
    """The forms of these episodes that were given out and are neither answered nor closed."""
    keys = [episode.pk for episode in episodes]
    sessions = Session.objects.filter(episode__in=keys).values("pk")
    members = GroupMember.objects.filter(session__in=sessions).values("pk")
    return Capability.objects.filter(
        Q(kind__in=OF_SESSION, object_id__in=sessions)
        | Q(kind=CapabilityKind.AHEAD, object_id__in=keys)
        | Q(kind=CapabilityKind.NUMBER, object_id__in=members),
        used_at=None,
        revoked_at=None,
    )


def close_unfit_forms(episode: Episode) -> None:
    """Close the forms given out for an episode that are not those of the client's age, as it is known now."""
    sessions = {session.pk: session for session in Session.objects.filter(episode=episode)}
    for session in sessions.values():
        session.episode, session.client = episode, episode.client
    now = {form.key for form in forms_of_client(episode.client)}
    about = Q(kind__in=OF_SESSION, object_id__in=sessions) | Q(kind=CapabilityKind.AHEAD, object_id=episode.pk)
    unfit = [
        row.pk
        for row in Capability.objects.filter(about, used_at=None, revoked_at=None)
        if not (
            row.detail in now
            if row.kind == CapabilityKind.AHEAD
            else fits(sessions[row.object_id], FormKey.parse(row.detail))
        )
    ]
    close_unanswered(Capability.objects.filter(pk__in=unfit))


def refresh(episodes: Iterable[Episode]) -> None:
    """Summary, alerts and open forms of locked episodes anew, by their clients' facts as they are now."""
    for episode in episodes:
        measurements_changed(episode)
        close_unfit_forms(episode)
