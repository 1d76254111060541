"""What is said about a mark, a chosen answer or a total that is missing or wrong."""

from django.utils.functional import Promise
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from sessions_app.measures import marks as parsing
from sessions_app.measures.instruments.registry import Instrument

MARK_ERRORS: dict[str, Promise] = {
    parsing.EMPTY: _("This line has no mark yet."),
    parsing.NOT_A_NUMBER: _("Write a number, such as 7.5."),
    parsing.DECIMALS: _("Write at most one decimal."),
    parsing.RANGE: _("A mark lies between 0 and 10."),
}
TOTAL_ERRORS: dict[str, Promise] = {**MARK_ERRORS, parsing.RANGE: _("A total lies between 0 and 40.")}


def mark_error(code: str, about: Instrument) -> str:
    """Of one line, or of one row with answers to choose from; `code` as MarkError has it."""
    return _chosen(code, about.mark_max) if about.is_choice else str(MARK_ERRORS[code])


def total_error(code: str, about: Instrument) -> str:
    """Of the total."""
    return _chosen(code, about.total_max) if about.is_choice else str(TOTAL_ERRORS[code])


def other_total(about: Instrument) -> str:
    """Of a total that is not the sum of what stands beside it."""
    if about.is_choice:
        return now("The answers add up to another total. Look at both again.")
    return now("The four marks add up to another total. Look at both again.")


def nothing_written(about: Instrument) -> str:
    """Of a form without a mark and without a total."""
    return now("Answer every row.") if about.is_choice else now("Write the four marks, or the total.")


def _chosen(code: str, most: int) -> str:
    """Answers and their sum are whole numbers."""
    if code == parsing.EMPTY:
        return now("This row has no answer yet.")
    return now("Write a whole number between 0 and %(most)d.") % {"most": most}
