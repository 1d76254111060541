"""End an episode on one page: what is open is seen to or goes on, and measures for afterwards are planned."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from clients.models import Episode
from clients.services.episodes import end_episode, remember
from organisations.edits.row_changes import RowChanges
from organisations.edits.versions import RowVersion
from organisations.models import Practitioner, Service
from sessions_app.models import Alert, Goal, PendingAnswer, RatingDraft, SessionDecision
from sessions_app.models.decision import DecisionQuerySet
from sessions_app.services import record_files
from sessions_app.services.follow_up_measures import cancel_all, plan_measures
from sessions_app.services.open_forms import open_forms

PLACES = 30


@dataclass(frozen=True)
class OpenAtTheEnd:
    """What an episode leaves open, and its goals. An ending says of each what becomes of it."""

    follow_ups: list[SessionDecision]
    alerts: int
    forms: int
    answers: int
    drafts: int
    goals: list[Goal]

    @property
    def goals_open(self) -> list[Goal]:
        return [goal for goal in self.goals if goal.is_open]


def open_at_the_end(episode: Episode) -> OpenAtTheEnd:
    """Read what is open; six queries."""
    return OpenAtTheEnd(
        follow_ups=list(follow_ups_in(episode).select_related("responsible").order_by("follow_up_on", "created_at")),
        alerts=Alert.objects.open().filter(episode=episode).count(),
        forms=open_forms([episode]).filter(expires_at__gt=timezone.now()).count(),
        answers=PendingAnswer.objects.undecided().filter(episode=episode).count(),
        drafts=RatingDraft.objects.filter(session__episode=episode).count(),
        goals=list(Goal.objects.filter(episode=episode, parent=None).order_by("since", "created_at")),
    )


def follow_ups_in(episode: Episode) -> DecisionQuerySet:
    """What was decided in an episode and nobody has seen to yet."""
    return SessionDecision.objects.to_follow_up().filter(session__episode=episode)


def known_places(by: Practitioner) -> list[str]:
    """Where clients of this organisation were referred on to before, the latest first, then its own services."""
    used = (
        Episode.objects.visible_to(by)
        .exclude(referred_to="")
        .order_by("-ended_on")
        .values_list("referred_to", flat=True)
    )
    own = Service.objects.visible_to(by).order_by("name").values_list("name", flat=True)
    return list(dict.fromkeys([*used.values_list("referred_to", flat=True)[: 3 * PLACES], *own]))[:PLACES]


@transaction.atomic
def end_course(
    *,
    episode: Episode,
    ended_on: datetime.date,
    ending: str,
    referred_to: str,
    keeps_appointment: bool,
    seen_to: Iterable[SessionDecision],
    months: Iterable[int],
    email: str,
    by: Practitioner,
    version: RowVersion | None = None,
) -> Episode:
    """As `end_episode`; follow-ups of `seen_to` are done, the others stay on Today of whoever sees to them.

    Measures so many `months` after the end are planned; `email` is where their link may be sent, "" for nowhere.
    """
    episode = end_episode(
        episode=episode,
        ended_on=ended_on,
        ending=ending,
        referred_to=referred_to,
        keeps_appointment=keeps_appointment,
        by=by,
        version=version,
    )
    rows, keys = RowChanges(), [one.pk for one in seen_to]
    done = follow_ups_in(episode).filter(pk__in=keys).select_for_update(of=("self",)).order_by("pk")
    rows.change(done, done_at=timezone.now(), done_by=by)
    remember(episode, rows)
    if chosen := list(months):
        plan_measures(episode=episode, months=chosen, email=email, by=by)
    return episode


def course_reopened(episode: Episode, by: Practitioner) -> None:
    """The ending of a locked episode was taken back: what was planned and made because of it is off."""
    cancel_all(episode, by)
    record_files.forget_whole(episode)
