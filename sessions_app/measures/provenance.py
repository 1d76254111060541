"""Where a number comes from: its source, how sure we are of it, and from when it is our default."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

# The first version of the defaults; a later change of a default gets its own date.
FIRST_VERSION = date(2026, 11, 1)


class Confidence(StrEnum):
    """Sourced: read in a source. High, medium, low: general knowledge, to check. Proposal: our own."""

    SOURCED = "sourced"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    PROPOSAL = "proposal"


def gettext_noop(source: str) -> str:
    """Return `source` as it is; the name marks the words for translators, whom this package does not know itself."""
    return source


@dataclass(frozen=True)
class Provenance:
    """The source of a default, how sure it is, and the day from which it is one."""

    source: str
    confidence: Confidence
    valid_from: date = FIRST_VERSION
