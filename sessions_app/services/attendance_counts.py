"""Who came and who did not: appointments of an episode counted by what became of them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from clients.models import Episode
from organisations.database.statements import written_once
from sessions_app.models import Attendance, Session


@dataclass(frozen=True)
class AttendanceCounts:
    """Sessions that were held, and those that were not and why."""

    attended: int = 0
    no_shows: int = 0
    by_client: int = 0
    by_service: int = 0

    def __add__(self, other: "AttendanceCounts") -> "AttendanceCounts":
        return AttendanceCounts(
            self.attended + other.attended,
            self.no_shows + other.no_shows,
            self.by_client + other.by_client,
            self.by_service + other.by_service,
        )

    @property
    def cancelled(self) -> int:
        return self.by_client + self.by_service

    @property
    def agreed(self) -> int:
        """All that were agreed, without those that the service itself called off."""
        return self.attended + self.no_shows + self.by_client


NONE_YET = AttendanceCounts()


def attendance_counts(episodes: Iterable[Episode]) -> dict[UUID, AttendanceCounts]:
    """The counts of each episode, also of one without a session; one query."""
    keys = [episode.pk for episode in episodes]
    return dict.fromkeys(keys, NONE_YET) | (counts_in(keys) if keys else {})


def counts_in(episodes: list[UUID]) -> dict[UUID, AttendanceCounts]:
    """The counts of those episodes that have a session; one query.

    By keys that were read: a query of episodes inside this one was planned as a loop in a loop, seconds for 200.
    """
    found: dict[UUID, dict[str, int]] = defaultdict(dict)
    for key, attendance, count in _counted(episodes):
        found[key][attendance] = count
    return {
        key: AttendanceCounts(
            attended=counts.get(Attendance.ATTENDED, 0),
            no_shows=counts.get(Attendance.NO_SHOW, 0),
            by_client=counts.get(Attendance.CANCELLED_CLIENT, 0),
            by_service=counts.get(Attendance.CANCELLED_SERVICE, 0),
        )
        for key, counts in found.items()
    }


@written_once
def _counted(episodes: list[UUID]):
    rows = Session.objects.valid().filter(episode__any=episodes).order_by()
    return rows.values_list("episode", "attendance").annotate(Count("pk"))
