"""An export of a study in words: what was counted when it was made, for whoever asks and whoever agrees."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from reports.research.quasi_identifiers import ARM, CLOSED, FORM, FORMS_CHANGED
from reports.research.report import CONSENT_GONE, NOT_ENROLLED, PRACTICE, TOO_FEW
from sessions_app.models import ExportColumn

SHOWN_SUBSETS = 12
NAMES: dict[str, Promise] = {
    ARM: lazy("Arm"),
    FORM: lazy("Form and age group"),
    CLOSED: lazy("Whether the episode has ended"),
    FORMS_CHANGED: lazy("Whether the forms changed with age"),
}
LEFT_OUT: dict[str, Promise] = {
    NOT_ENROLLED: lazy("assessed, not enrolled"),
    CONSENT_GONE: lazy("no consent to research now"),
    PRACTICE: lazy("practice client"),
    TOO_FEW: lazy("too few with the same forms"),
}
NOT_OUT: dict[str, Promise] = {
    "other_forms": lazy("forms of a group or a supervision"),
    "other_raters": lazy("answers of others about the client"),
}


@dataclass(frozen=True)
class ColumnLine:
    """What became of a column: how coarse it is, in words, and how many values are withheld."""

    name: str
    coarse: str
    withheld: int


def column_name(name: str) -> str:
    """A column for a reader."""
    return str(NAMES[name] if name in NAMES else ExportColumn(name).label)


def column_lines(report: Mapping[str, Any]) -> list[ColumnLine]:
    """Every column that can be made coarser."""
    withheld = report["withheld"]
    return [
        ColumnLine(column_name(name), _coarse(level, last), withheld.get(name, 0))
        for name, level, last in report["levels"]
    ]


def _coarse(level: int, last: int) -> str:
    if level == 0:
        return _("as it is")
    if level == last:
        return _("left out for all")
    return _("coarser, step %(step)s of %(last)s") % {"step": level, "last": last - 1}


def subset_lines(report: Mapping[str, Any]) -> list[tuple[str, int]]:
    """The columns of the subsets with the smallest k, which comes first."""
    found: Sequence[tuple[list[str], int]] = report["subsets"]
    return [(", ".join(map(column_name, names)), k) for names, k in found[:SHOWN_SUBSETS]]


def counted(counts: Mapping[str, int], words: Mapping[str, Promise]) -> list[tuple[str, int]]:
    """(what, how many) of each that was counted."""
    return [(str(words[name]), count) for name, count in counts.items()]


def report_context(report: Mapping[str, Any] | None) -> dict[str, Any]:
    """What the template shows of a report; nothing where there is none yet."""
    if report is None:
        return {}
    people = report["people"]
    return {
        "headline": ngettext("%(n)s participant is in it", "%(n)s participants are in it", people) % {"n": people},
        "k": report["k"],
        "least": report["least"],
        "rows": report["rows"],
        "columns": column_lines(report),
        "subsets": subset_lines(report),
        "subsets_in_all": len(report["subsets"]),
        "left_out": counted(report["left_out"], LEFT_OUT),
        "not_out": counted(report["not_out"], NOT_OUT),
    }
