"""Where one's own caseload lies between the limits of chance: worked out for that person alone, of nobody else."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from organisations.models import Practitioner
from reports.results.figures import pairs_of
from reports.results.rows import ResultRow, load_organisation_rows, of_form
from reports.results.selection import OWN, Selection
from sessions_app.measures.results.aggregate import why_excluded
from sessions_app.measures.results.funnel import FUNNEL_FROM
from sessions_app.measures.results.own_standing import OwnStanding, own_standing
from sessions_app.standards.loading import Standards


def place_own_caseload(
    by: Practitioner, chosen: Selection, rows: Sequence[ResultRow], standards: Standards, today: date
) -> OwnStanding | None:
    """Place the caseload that was chosen whole; None for another choice, a small one, or too few others.

    The organisation is read only for a caseload that is large enough.
    """
    if not is_whole_caseload(chosen) or len(_used(row for row in rows if row.mine)) < FUNNEL_FROM:
        return None
    own: list[ResultRow] = []
    others: defaultdict[UUID | None, list[ResultRow]] = defaultdict(list)
    for row in _used(of_form(load_organisation_rows(by, standards, today), chosen.form)):
        (own if row.mine else others[row.contact]).append(row)
    unnamed = others.pop(None, [])  # without a contact person: they belong to what is expected, and are nobody
    groups = [pairs_of(group) for group in others.values()] + [[pair] for pair in pairs_of(unnamed)]
    return own_standing(pairs_of(own), groups)


def is_whole_caseload(chosen: Selection) -> bool:
    """Whether one's own clients were chosen, and no part of them."""
    return chosen == Selection(OWN, form=chosen.form)


def _used(rows: Iterable[ResultRow]) -> list[ResultRow]:
    return [row for row in rows if why_excluded(row.scores, closed_only=True) is None]
