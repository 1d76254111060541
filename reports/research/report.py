"""What is told about an export: how many went out and who did not, what was made coarser, and k of every subset."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from clients.models import ConsentPurpose, ConsentState
from clients.services.consents import standing
from reports.research.episodes import SafeEpisode
from reports.research.quasi_identifiers import quasi_identifiers
from reports.research.table import ExportTable
from sessions_app.measures.results.k_anonymity import K, Protected, k_of_subsets
from sessions_app.models import Study

# Why somebody who was assessed is not in the file.
NOT_ENROLLED, CONSENT_GONE, PRACTICE, TOO_FEW = "not_enrolled", "consent_gone", "practice", "too_few"


def report_of(
    study: Study,
    columns: Sequence[str],
    safe: Sequence[SafeEpisode],
    found: Protected,
    tables: Sequence[ExportTable],
    not_out: Mapping[str, int],
) -> dict[str, Any]:
    """Counts only: it is kept when the file is gone. `subsets` are (names, k), the smallest k first."""
    known_by = quasi_identifiers(columns)
    names = [one.name for one in known_by]
    rows = [tuple(one.values[name] for name in names) for one in safe]
    by_subset = k_of_subsets(names, rows, [one.person.row.client for one in safe])
    return {
        "k": min(by_subset.values()),
        "least": K,
        "rows": {table.name: len(table.rows) for table in tables},
        "people": len({one.person.row.client for one in safe}),
        "levels": [[one.name, found.levels[one.name], one.levels - 1] for one in known_by if not one.stays],
        "withheld": {name: count for name, count in found.withheld.items() if count},
        "left_out": left_out(study, len(safe), found.left_out),
        "not_out": dict(not_out),
        "subsets": [[list(some), k] for some, k in sorted(by_subset.items(), key=lambda one: (one[1], one[0]))],
    }


def left_out(study: Study, out: int, too_few: int) -> dict[str, int]:
    """How many of those assessed are not in the file, by the first reason that holds."""
    assessed = list(study.participants.values_list("client", "enrolled_at", "left_reason", "client__is_practice"))
    given = set(standing(ConsentPurpose.RESEARCH, ConsentState.GIVEN).values_list("client", flat=True))
    reasons: Counter[str] = Counter()
    for client, enrolled, left, practice in assessed:
        if enrolled is None:
            reasons[NOT_ENROLLED] += 1
        elif client not in given or left == "consent":
            reasons[CONSENT_GONE] += 1
        elif practice:
            reasons[PRACTICE] += 1
    reasons[TOO_FEW] = too_few
    return {reason: count for reason, count in reasons.items() if count}
