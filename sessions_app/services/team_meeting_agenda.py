"""Which cases a team meeting is best used for, and why: the order of need, as far as the minutes reach."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import F, Max

from clients.models import Episode
from organisations.models import Practitioner, Team
from sessions_app.measures.reading import Reading
from sessions_app.measures.verdict.keys import Sentence, Tone
from sessions_app.models import AlertStep, CaseReason, Decision, TeamMeeting, TeamMeetingCase
from sessions_app.services.courses import load_readings

MINUTES = {
    CaseReason.RED: 12,
    CaseReason.WORSE: 10,
    CaseReason.ASKED: 12,
    CaseReason.UNCHANGED: 10,
    CaseReason.LONG_AGO: 6,
    CaseReason.WATCH: 6,
    CaseReason.SUCCESS: 5,
    CaseReason.BROUGHT: 8,
    CaseReason.AGAIN: 6,
}
"""How long a case gets at first; people change it."""
FOR_DECISIONS = 8
"""Minutes kept for what was decided before, where there is something."""
FOR_TOPIC = 5
"""Minutes kept for each question that is about no case."""
LONG_AGO = timedelta(weeks=8)
UNCHANGED = (Sentence.NO_CHANGE, Sentence.NO_CHANGE_LATE)
DOWN = (
    Sentence.BELOW_START,
    Sentence.SUDDEN_DROP,
    Sentence.FALL_FROM_BEST,
    Sentence.FELL_BELOW_CUTOFF,
    Sentence.ALLIANCE_FALLING,
    Sentence.ALLIANCE_DROPPED,
)


@dataclass(frozen=True)
class Candidate:
    """What the order is made of: the tone and what the curve says, when it was discussed and last measured."""

    key: UUID
    tone: Tone
    sentence: Sentence
    began_on: date
    discussed_on: date | None = None
    measured_on: date | None = None
    is_asked: bool = False

    @property
    def has_news(self) -> bool:
        """Whether something was measured since it was discussed, or it never was."""
        return self.discussed_on is None or (self.measured_on is not None and self.measured_on > self.discussed_on)


@dataclass(frozen=True)
class Proposal:
    """A case, why it is proposed and for how many minutes."""

    key: UUID
    reason: CaseReason
    minutes: int


def ranked(candidates: Iterable[Candidate], on: date) -> list[Proposal]:
    """Every candidate that has a reason, in the order of need: each with the first reason that fits.

    Within a reason those with something new since they were discussed come first, then the longest ago.
    """
    found: dict[CaseReason, list[Candidate]] = defaultdict(list)
    for one in candidates:
        if (reason := _reason(one, on)) is not None:
            found[reason].append(one)
    order = [reason for reason in CaseReason if reason in found]
    return [Proposal(one.key, reason, MINUTES[reason]) for reason in order for one in sorted(found[reason], key=_turn)]


def fitting(proposals: Sequence[Proposal], minutes: int) -> list[Proposal]:
    """As many as the minutes hold, from the top; a success keeps its few minutes, so that a team also learns from what
    went well. The first one is always there.
    """
    success = next((one for one in proposals if one.reason == CaseReason.SUCCESS), None)
    needy = [one for one in proposals if one.reason != CaseReason.SUCCESS]
    left = minutes - (success.minutes if success and needy else 0)
    chosen: list[Proposal] = []
    for one in needy:
        if one.minutes <= left or not chosen:
            chosen.append(one)
            left -= one.minutes
    return [*chosen, success] if success else chosen


def proposals_for(team: Team, by: Practitioner, on: date) -> list[Proposal]:
    """The open episodes of a team's clients that somebody may see, ranked; the queries do not grow with them."""
    episodes = episodes_of(team, by)
    return proposals_among(team, episodes, load_readings(episodes), on)


def proposals_among(
    team: Team, episodes: Sequence[Episode], readings: Mapping[UUID, Reading], on: date
) -> list[Proposal]:
    """As `proposals_for`, of episodes that are read already; two queries."""
    discussed, asked = last_discussed(team, episodes, before=on), _sent_by_alerts(episodes)
    candidates = [_candidate(one, readings[one.pk], discussed.get(one.pk), asked=asked.get(one.pk)) for one in episodes]
    return ranked(candidates, on)


def episodes_of(team: Team, by: Practitioner) -> list[Episode]:
    """The open episodes with a session of a team's clients, as far as somebody may see them."""
    here = Episode.objects.visible_to(by).counting().filter(client__teams=team, last_session_on__isnull=False)
    return list(here.select_related("client__contact", "client__second_contact").order_by("client__sort_key", "pk"))


def last_discussed(team: Team, episodes: Iterable[Episode], before: date | None = None) -> dict[UUID, date]:
    """The day on which a team last discussed each of these episodes (before a day); one query."""
    cases = TeamMeetingCase.objects.standing().filter(meeting__team=team, discussed_at__isnull=False)
    if before is not None:
        cases = cases.filter(meeting__held_on__lt=before)
    days = cases.filter(episode__in=[one.pk for one in episodes]).values("episode")
    return {row["episode"]: row["last"] for row in days.annotate(last=Max("meeting__held_on"))}


def share_discussed(team: Team, by: Practitioner, on: date) -> tuple[int, int]:
    """Of how many open episodes of the team's clients it was spoken in the last eight weeks, and how many there are.

    By keys that were read: where PostgreSQL has no statistics yet it went through the episodes anew for each case.
    """
    here = Episode.objects.visible_to(by).counting().filter(client__teams=team, last_session_on__isnull=False)
    keys = list(here.values_list("pk", flat=True))
    cases = TeamMeetingCase.objects.standing().filter(meeting__team=team, discussed_at__isnull=False)
    spoken = cases.filter(meeting__held_on__range=(on - LONG_AGO, on), episode__in=keys)
    return spoken.values("episode").distinct().count(), len(keys)


def decisions_due(meeting: TeamMeeting, by: Practitioner) -> list[TeamMeetingCase]:
    """What the team decided at earlier meetings and nobody has seen to, as far as it is due; the oldest first."""
    earlier = (
        TeamMeetingCase.objects.visible_to(by)
        .standing()
        .filter(meeting__team=meeting.team_id, meeting__held_on__lt=meeting.held_on)
    )
    open_ones = earlier.filter(
        decision__isnull=False,
        decision__done_at=None,
        decision__session__voided_at=None,
        decision__session__episode=F("episode"),
        episode__client__archived_at=None,
    ).exclude(decision__text="")
    due = open_ones.exclude(review_on__gt=meeting.held_on)
    about = due.select_related("meeting", "decision__responsible", "episode__client")
    return list(about.order_by("meeting__held_on", "place"))


def _reason(one: Candidate, on: date) -> CaseReason | None:
    is_watched = one.tone is Tone.WATCH
    holds = {
        CaseReason.RED: one.tone is Tone.ACT,
        CaseReason.WORSE: is_watched and one.sentence in DOWN,
        CaseReason.ASKED: one.is_asked,
        CaseReason.UNCHANGED: one.sentence in UNCHANGED,
        CaseReason.SUCCESS: one.tone is Tone.GOOD and one.has_news,
        CaseReason.LONG_AGO: (one.discussed_on or one.began_on) <= on - LONG_AGO,
        CaseReason.WATCH: is_watched,
    }
    return next((reason for reason, is_so in holds.items() if is_so), None)


def _turn(one: Candidate) -> tuple:
    return not one.has_news, one.discussed_on or date.min, one.began_on, one.key


def _candidate(episode: Episode, reading: Reading, discussed_on: date | None, *, asked: date | None) -> Candidate:
    verdict = reading.verdict
    return Candidate(
        key=episode.pk,
        tone=verdict.tone,
        sentence=verdict.sentence,
        began_on=episode.started_on,
        discussed_on=discussed_on,
        measured_on=episode.last_session_on,
        is_asked=asked is not None and (discussed_on is None or asked >= discussed_on),
    )


def _sent_by_alerts(episodes: Iterable[Episode]) -> dict[UUID, date]:
    """When somebody last decided about an alert of these episodes that it goes to the team meeting; one query."""
    steps = AlertStep.objects.filter(
        decision=Decision.MEETING, alert__closed_on=None, alert__episode__in=[one.pk for one in episodes]
    )
    return {key: at.date() for key, at in steps.values_list("alert__episode").annotate(last=Max("at"))}
