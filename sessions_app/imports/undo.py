"""Takes a whole import back, as long as nothing was built on it. Sessions are never deleted: they are voided."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.models import Client, ClientTeam, Ending, Episode, Rater
from organisations.audit.record import record_access
from organisations.history.tracking import event_model_of
from organisations.models import Capability, Membership, Practitioner, Team
from sessions_app.models import (
    Alert,
    EntryMode,
    Goal,
    GoalMark,
    Note,
    PendingAnswer,
    Rating,
    RatingDraft,
    Session,
    SessionDecision,
)
from sessions_app.services.alerts import evaluate_episode
from sessions_app.services.summary import lock_episode, refresh_summary

AT_A_TIME = 1000
BUILT_ON = (
    ("sessions", gettext_lazy("a session has been changed, moved or voided since")),
    ("answers", gettext_lazy("a form has been filled in, corrected or sent out for one of its sessions since")),
    ("notes", gettext_lazy("words have been written at one of its sessions since")),
    ("alerts", gettext_lazy("an alert of its sessions has been seen since")),
    ("episodes", gettext_lazy("an episode that it made has got other sessions or been changed since")),
    ("clients", gettext_lazy("a client that it made has been changed since")),
)


def undo(created: dict, *, by: Practitioner) -> Iterator[int]:
    """Void the sessions of an import and put back what stood before; yields how many episodes are done.

    Clients that it made are archived, their episodes ended, teams without anybody else removed; services and
    practitioners stay. Check `built_on` first, in the same transaction.
    """
    sessions, clients, made = (_ids(created, kind) for kind in ("sessions", "clients", "episodes"))
    now = timezone.now()
    for some in _batches(sessions):
        Session.objects.filter(pk__in=some).update(voided_at=now, voided_by=by, void_reason=_("The import was undone."))
    touched = Session.objects.filter(pk__in=sessions).values_list("client", flat=True).distinct()
    record_access("sessions.import_undo", list(touched))
    _put_episodes_back(created, made)
    changed = [UUID(one["id"]) for one in created.get("changed", [])]
    for done, key in enumerate([*made, *changed], 1):
        refresh_summary(lock_episode(key))
        evaluate_episode(key, mails=False)
        yield done
    Client.objects.filter(pk__in=_ids(created, "years")).update(birth_year=None)
    gone = [*clients, *_ids(created, "restored")]
    Client.objects.filter(pk__in=gone).update(archived_at=now, next_on=None, next_at=None)
    _empty_teams(created, gone)


def built_on(created: dict) -> str:
    """What was built on an import, in words; "" where it can be undone."""
    found = {
        "sessions": _changed(Session, _ids(created, "sessions")),
        "answers": _answered(_ids(created, "sessions")),
        "notes": _noted(created),
        "alerts": Alert.objects.filter(session__in=_ids(created, "sessions")).exclude(acknowledged_at=None).exists(),
        "episodes": _changed(Episode, _ids(created, "episodes")) or _went_on(created),
        "clients": _changed(Client, _ids(created, "clients"))
        or Rater.objects.filter(client__in=_ids(created, "clients")).exists(),
    }
    return next((str(words) for kind, words in BUILT_ON if found[kind]), "")


def _ids(created: dict, kind: str) -> list[UUID]:
    return [UUID(key) for key in created.get(kind, [])]


def _batches(keys: list[UUID]) -> Iterator[list[UUID]]:
    return (keys[start : start + AT_A_TIME] for start in range(0, len(keys), AT_A_TIME))


def _changed(model, keys: list[UUID]) -> bool:
    """Whether the history of one of these rows knows more than that it was made."""
    return event_model_of(model).objects.filter(pgh_obj_id__in=keys).exclude(pgh_label="insert").exists()


def _answered(sessions: list[UUID]) -> bool:
    ratings = Rating.objects.filter(session__in=sessions)
    return (
        ratings.exclude(entry_mode=EntryMode.IMPORTED).exists()
        or ratings.exclude(superseded_by=None).exists()
        or PendingAnswer.objects.filter(session__in=sessions).exists()
        or RatingDraft.objects.filter(session__in=sessions).exists()
        or Capability.objects.filter(object_id__in=sessions).exists()
    )


def _noted(created: dict) -> bool:
    """Whether anything was written, decided or marked at its sessions besides the words that it brought."""
    sessions = _ids(created, "sessions")
    notes = Note.objects.filter(session__in=sessions)
    if any(model.objects.filter(session__in=sessions).exists() for model in (SessionDecision, GoalMark)):
        return True
    return notes.exclude(pk__in=_ids(created, "notes")).exists() or notes.filter(version__gt=1).exists()


def _went_on(created: dict) -> bool:
    """Whether an episode that the import made has a session of somebody else, or its client another episode."""
    made = _ids(created, "episodes")
    others = Session.objects.filter(episode__in=made).exclude(pk__in=_ids(created, "sessions"))
    episodes = Episode.objects.filter(client__in=_ids(created, "clients")).exclude(pk__in=made)
    goals = Goal.objects.filter(episode__in=made)
    return (
        others.exists()
        or episodes.exists()
        or goals.exists()
        or PendingAnswer.objects.filter(episode__in=made).exists()
    )


def _put_episodes_back(created: dict, made: list[UUID]) -> None:
    for key, started_on in Episode.objects.filter(pk__in=made, ended_on=None).values_list("pk", "started_on"):
        Episode.objects.filter(pk=key).update(ended_on=started_on, ending=Ending.OTHER)
    for one in created.get("changed", []):
        ended_on = date.fromisoformat(one["ended_on"]) if one["ended_on"] else None
        Episode.objects.filter(pk=one["id"]).update(
            started_on=date.fromisoformat(one["started_on"]), ended_on=ended_on, ending=one["ending"]
        )


def _empty_teams(created: dict, gone: list[UUID]) -> None:
    """Take clients out of teams that the import put them into; a new team that nobody else is in goes."""
    for client, team in created.get("memberships", []):
        ClientTeam.objects.filter(client=client, team=team).delete()
    for key in _ids(created, "teams"):
        others = ClientTeam.objects.filter(team=key).exclude(client__in=gone)
        if not others.exists() and not Membership.objects.filter(team=key).exists():
            ClientTeam.objects.filter(team=key).delete()
            Team.objects.filter(pk=key).delete()
