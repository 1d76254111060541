"""The columns of the two tables in words, as the codebook has them: one place for every format."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clients.models import Ending
from organisations.models import ServiceKind
from reports.research.quasi_identifiers import (
    ARM,
    BROAD_AGES,
    BROADEST_AGES,
    NONE,
    OPEN,
    OTHER_WAY,
    UNKNOWN,
)
from reports.research.table import Kind, Variable
from reports.results.page import REASONS
from reports.results.rows import AGES, CORS, OLDEST, ORS
from reports.results.selection import ABOUT_CHILD, FORM_NAMES, age_name
from sessions_app.measures.instruments.base import END, NOW_AND_THEN, PERIODIC, START
from sessions_app.measures.instruments.form_key import ALLIANCE, OUTCOME
from sessions_app.measures.instruments.registry import FAMILY
from sessions_app.models import Attendance, ExportColumn, Skipped

WITHHELD = "withheld"
MARKS = 5
"""Marks of the instrument with most lines."""
YES, NO = "yes", "no"
NOT_SCORED, NOT_ASKED, NOT_HERE = "not_scored", "not_asked", "not_here"
EXPORTED = tuple(one.key for one in FAMILY.values() if one.timing in (START, END, NOW_AND_THEN))
"""Instruments that go out: what a group or a supervision was answered with would tell who was there."""
CARETAKER, CLIENT = "caretaker", "client"


def id_variable(name: str, label: str) -> Variable:
    """A random number in place of somebody or something."""
    note = _("Drawn for this study from a secret that stays in the house: the same in its next export, in no other.")
    return Variable(name, label, Kind.ID, note=note)


def missing_variable(name: str, of: str, *reasons: tuple[str, str]) -> Variable:
    """Why another column has no value."""
    told = (WITHHELD, _("withheld, as too few are alike"))
    return Variable(
        f"{name}_missing", _("Why there is no value: %(column)s") % {"column": of}, Kind.CATEGORY, (told, *reasons)
    )


def episode_variables(columns: list[str], arms: list[tuple[str, str]]) -> tuple[Variable, ...]:
    """The columns of the episodes, with those that were asked for; `arms` are (letter, name)."""
    arm = _("Arm")
    found = [id_variable("episode", _("Episode")), Variable(ARM, arm, Kind.CATEGORY, tuple(arms))]
    found.append(missing_variable(ARM, arm))
    for column in columns:
        found += _ASKED[ExportColumn(column)]()
    return (*found, *_measured())


def _practitioner() -> list[Variable]:
    label = _("Contact person when enrolled")
    return [
        id_variable("practitioner", label),
        missing_variable("practitioner", label, (NONE, _("there was none"))),
    ]


def _service() -> list[Variable]:
    label = _("Service")
    return [id_variable("service", label), missing_variable("service", label)]


def _service_kind() -> list[Variable]:
    label = str(ExportColumn.SERVICE_KIND.label)
    kinds = tuple((key, str(name)) for key, name in ServiceKind.choices)
    return [Variable("service_kind", label, Kind.CATEGORY, kinds), missing_variable("service_kind", label)]


def _age_band() -> list[Variable]:
    label = _("Age at the first session")
    keys = (*(key for key, _most in AGES), OLDEST, *dict.fromkeys((*BROAD_AGES, *BROADEST_AGES)))
    bands = tuple((key, age_name(key) if not key.endswith("-") else _from_age(key)) for key in keys)
    unknown = (UNKNOWN, _("nobody knows it"))
    return [Variable("age_band", label, Kind.CATEGORY, bands), missing_variable("age_band", label, unknown)]


def _from_age(key: str) -> str:
    return _("%(age)s years and over") % {"age": key.partition("-")[0]}


def _ending() -> list[Variable]:
    label = str(ExportColumn.ENDING.label)
    ways = tuple((key, str(name)) for key, name in Ending.choices)
    other = (OTHER_WAY, _("Neither planned nor unplanned"))
    goes_on = (OPEN, _("it has not ended"))
    return [Variable("ending", label, Kind.CATEGORY, (*ways, other)), missing_variable("ending", label, goes_on)]


def _weeks() -> list[Variable]:
    label = _("Weeks from the start of the episode to its end, or to the export")
    return [
        Variable("weeks", label, Kind.COUNT, note=_("The first of several weeks, where weeks are put together.")),
        Variable("weeks_to", _("The last of these weeks; empty where it is open"), Kind.COUNT),
        missing_variable("weeks", label),
    ]


_ASKED = {
    ExportColumn.PRACTITIONER: _practitioner,
    ExportColumn.SERVICE: _service,
    ExportColumn.SERVICE_KIND: _service_kind,
    ExportColumn.AGE_BAND: _age_band,
    ExportColumn.ENDING: _ending,
    ExportColumn.WEEKS: _weeks,
}


def _yes_no() -> tuple[tuple[str, str], ...]:
    return ((NO, pgettext("answer", "No")), (YES, pgettext("answer", "Yes")))


def _measured() -> list[Variable]:
    forms = tuple((key, str(FORM_NAMES[key])) for key in (ORS, CORS, ABOUT_CHILD))
    reasons = tuple((key, str(words)) for key, words in REASONS)
    tenths = _("In tenths of a point: 253 is 25.3.")
    return [
        Variable("closed", _("Whether the episode has ended"), Kind.CATEGORY, _yes_no()),
        Variable("outcome_form", _("Answered on"), Kind.CATEGORY, forms),
        Variable("cutoff", _("Cut-off of that form at that age"), Kind.TENTHS, note=tenths),
        Variable("sessions", _("Sessions that were held"), Kind.COUNT),
        Variable("outcomes", _("Scores of that form"), Kind.COUNT),
        Variable("outcome_first", _("First score"), Kind.TENTHS, note=tenths),
        Variable("outcome_last", _("Last score"), Kind.TENTHS, note=tenths),
        Variable("alliance_first", _("First score of the session (SRS)"), Kind.TENTHS, note=tenths),
        Variable(
            "not_counted", _("Why it has no part in first and last scores; empty where it has"), Kind.CATEGORY, reasons
        ),
    ]


def _week() -> Variable:
    return Variable(
        "week",
        _("Week of the session, from the start of the episode on"),
        Kind.COUNT,
        note=_("The first of several weeks, where weeks are put together."),
    )


def rating_variables(columns: list[str]) -> tuple[Variable, ...]:
    """The columns of the ratings: a row for each form of a session, and one for a session without any."""
    instruments = tuple((key, FAMILY[key].short) for key in EXPORTED)
    parts = (
        (OUTCOME, _("At the start: how life has been")),
        (ALLIANCE, _("At the end: how the session was")),
        (PERIODIC, _("Now and then")),
    )
    raters = ((CLIENT, _("The client")), (CARETAKER, _("An adult about a child under 6")))
    reasons = (
        *((key, str(name)) for key, name in Skipped.choices),
        (NOT_SCORED, _("a form without a score")),
        (NOT_ASKED, _("no reason was given")),
        (NOT_HERE, _("the session was not held")),
    )
    unit = _("In tenths of the form's own unit, so that 75 is 7.5; empty where only the total is known.")
    marks = [
        Variable(f"mark_{n}", _("Mark on line %(number)s") % {"number": n}, Kind.TENTHS, note=unit)
        for n in range(1, MARKS + 1)
    ]
    said = tuple((key, str(name)) for key, name in Attendance.choices if key != Attendance.EXPECTED)
    return (
        id_variable("episode", _("Episode")),
        Variable("session", _("Number of the session in the episode, from 1 on"), Kind.COUNT),
        *([_week()] if ExportColumn.WEEKS in columns else []),
        Variable("enrolled", _("Whether the client was in the study by then"), Kind.CATEGORY, _yes_no()),
        Variable("attendance", _("Whether they came"), Kind.CATEGORY, said),
        Variable("part", _("Which part of the session"), Kind.CATEGORY, parts),
        Variable("instrument", _("Form"), Kind.CATEGORY, instruments),
        Variable("rater", _("Who answered"), Kind.CATEGORY, raters),
        *marks,
        Variable("total", _("Total"), Kind.TENTHS, note=unit),
        Variable("total_missing", _("Why there is no total"), Kind.CATEGORY, reasons),
    )
