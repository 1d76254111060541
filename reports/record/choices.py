"""What somebody wants in a document: for whom it is, from which period, which parts, and what is left out."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sessions_app.models import RecordFileKind

RECORD, STATUS, HOME = RecordFileKind.RECORD, RecordFileKind.STATUS, RecordFileKind.HOME
DAYS = ("since", "until")
CURVE, TABLE, OTHERS = "curve", "table", "others"
WORDS, REMARKS, GOALS, DECISIONS = "words", "remarks", "goals", "decisions"

PART_NAMES: dict[str, Promise] = {
    CURVE: _("The curve"),
    TABLE: _("The numbers"),
    OTHERS: _("Other forms and raters"),
    WORDS: _("The client's own words"),
    REMARKS: _("Remarks"),
    GOALS: _("Goals"),
    DECISIONS: _("Decisions"),
}
OFFERED: dict[str, tuple[str, ...]] = {
    RECORD: (CURVE, TABLE, OTHERS, WORDS, REMARKS, GOALS, DECISIONS),
    STATUS: (CURVE, TABLE, OTHERS, WORDS, REMARKS, GOALS, DECISIONS),
    HOME: (CURVE, WORDS, GOALS, DECISIONS),  # what is written for staff is not for the client's kitchen table
}
FIRST: dict[str, tuple[str, ...]] = {
    RECORD: OFFERED[RECORD],
    STATUS: (CURVE, TABLE, GOALS, DECISIONS),
    HOME: OFFERED[HOME],
}
"""What is chosen before anybody chooses."""


@dataclass(frozen=True)
class RecordChoice:
    """`kind` is RECORD, STATUS or HOME; `without` are ids of notes and decisions that are left out."""

    kind: str = RECORD
    parts: frozenset[str] = frozenset(FIRST[RECORD])
    since: datetime.date | None = None
    until: datetime.date | None = None
    without: frozenset[str] = frozenset()

    def has(self, part: str) -> bool:
        """Whether a part goes in."""
        return part in self.parts

    def holds(self, day: datetime.date) -> bool:
        """Whether a day lies in the period."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    def stored(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {
            "kind": str(self.kind),
            "parts": sorted(self.parts),
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
            "without": sorted(self.without),
        }

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "RecordChoice":
        """From `stored`."""
        since, until = (datetime.date.fromisoformat(day) if (day := stored[name]) else None for name in DAYS)
        return cls(stored["kind"], frozenset(stored["parts"]), since, until, frozenset(stored["without"]))


WHOLE = RecordChoice()
"""Everything of an episode."""
