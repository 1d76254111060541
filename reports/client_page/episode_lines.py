"""A client's episodes in a list: who came, whether somebody dropped out, and what was asked after the end."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from clients.models import Episode
from sessions_app.models import FollowUpMeasure, FollowUpState
from sessions_app.services.attendance_counts import AttendanceCounts, attendance_counts
from sessions_app.services.episode_scores import scores_of, service_targets
from sessions_app.standards.loading import Standards

Asked = tuple[FollowUpMeasure, FollowUpState]


@dataclass(frozen=True)
class EpisodeLine:
    """One episode; `asked` are the measures after its end that were not cancelled, the first first."""

    episode: Episode
    counts: AttendanceCounts
    dropped_out: bool
    asked: list[Asked]


def episode_lines(episodes: Sequence[Episode], standards: Standards, today: datetime.date) -> list[EpisodeLine]:
    """The episodes as they were given; one query, and one more where any has ended."""
    counts, targets = attendance_counts(episodes), service_targets(standards)
    asked: dict[UUID, list[Asked]] = defaultdict(list)
    if ended := [one.pk for one in episodes if one.ended_on is not None]:
        for measure in FollowUpMeasure.objects.filter(episode__in=ended, cancelled_at=None).order_by("due_on"):
            asked[measure.episode_id].append((measure, measure.state_on(today)))
    return [
        EpisodeLine(one, counts[one.pk], scores_of(one, standards, targets).dropped_out, asked[one.pk])
        for one in episodes
    ]
