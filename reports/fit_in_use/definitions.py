"""What each number of "Is FIT really done?" counts: here alone it is defined, with the sentence of the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clients.models import EVERY_SESSION
from reports.fit_in_use.rows import AlertUse, CourseUse, SessionUse, StaffUse
from sessions_app.models import Skipped

SESSIONS, ORS, NO_ORS, SRS, NO_SRS = "sessions", "ors", "no_ors", "srs", "no_srs"
BOTH, NOT_BOTH, WORDS, NO_WORDS = "both", "not_both", "words", "no_words"
REASON, NO_REASON = "reason", "no_reason"
AGREED, KEPT, NOT_KEPT = "agreed", "kept", "not_kept"
ALERTS, ACTED, IN_TIME, TOO_LATE = "alerts", "acted", "in_time", "too_late"
OPEN, DISCUSSED, NOT_DISCUSSED = "open", "discussed", "not_discussed"
STAFF, TRAINED, PRACTISED = "staff", "trained", "practised"

DAYS_TO_ACT = 14


@dataclass(frozen=True)
class UseMeasure:
    """One number of the page, "`part` of `whole`": both names of counts; `counted` says to a reader what they are."""

    key: str
    part: str
    whole: str
    name: Promise
    counted: Promise


MEASURES = (
    UseMeasure(
        ORS,
        ORS,
        SESSIONS,
        _("Sessions with ORS"),
        _("Sessions that were held, and those of them in which an ORS was answered, by the client or about them."),
    ),
    UseMeasure(
        SRS,
        SRS,
        SESSIONS,
        _("Sessions with SRS"),
        _("Sessions that were held, and those of them in which an SRS was answered, in a group the form for groups."),
    ),
    UseMeasure(
        BOTH,
        BOTH,
        SESSIONS,
        _("Sessions with both"),
        _("Sessions that were held, and those of them with an ORS as well as an SRS."),
    ),
    UseMeasure(
        WORDS,
        WORDS,
        SESSIONS,
        _("Sessions with the client's words"),
        _("Sessions that were held, and those of them for which something that the client said is written down."),
    ),
    UseMeasure(
        REASON,
        REASON,
        NOT_BOTH,
        _("Left out with a reason"),
        _(
            "Sessions without an ORS or without an SRS, and those of them for which it is said of each form that is "
            "missing why it was left out."
        ),
    ),
    UseMeasure(
        KEPT,
        KEPT,
        AGREED,
        _("Measured as agreed"),
        _(
            "Episodes that were open at the end of the month, and those whose ORS kept the rhythm that is agreed with "
            "the client now. With a rhythm of every session: those with a session in the month, all of which had one."
        ),
    ),
    UseMeasure(
        ACTED,
        ACTED,
        ALERTS,
        _("Alerts acted on within 14 days"),
        _(
            "Red and yellow alerts of the month, and those about which somebody decided something, or set them aside "
            "with a reason, within 14 days after they were raised."
        ),
    ),
    UseMeasure(
        DISCUSSED,
        DISCUSSED,
        OPEN,
        _("Discussed at a team meeting"),
        _(
            "Episodes with a session that were open at the end of the month, and those that were discussed at a team "
            "meeting in the month."
        ),
    ),
    UseMeasure(
        TRAINED,
        TRAINED,
        STAFF,
        _("People who have begun with FIT"),
        _(
            "People who are in the team today and log in, and those who by the end of the month had held a session, "
            "with a client or with a practice client."
        ),
    ),
)

# What each count is divided into; the counts with "&" are what two of them share, and are on no page.
STATES_OF_ORS = {"ors": ORS, "ors_reason": NO_ORS, "ors_none": NO_ORS}
STATES_OF_SRS = {"srs": SRS, "srs_reason": NO_SRS, "srs_none": NO_SRS}
SHARED = tuple(f"{ors}&{srs}" for ors in STATES_OF_ORS for srs in STATES_OF_SRS)


def of_session(row: SessionUse) -> tuple[str, ...]:
    """The counts of a session that was held: its ORS, its SRS, both, the client's words, and the reasons.

    A form was answered if anybody answered one of its kind: the client, another rater, or in a group the form for
    groups. "Not due this time" is a reason like the others. A session that lacks both needs a reason for each.
    """
    ors = "ors" if row.has_ors else "ors_reason" if row.outcome_skipped else "ors_none"
    srs = "srs" if row.has_srs else "srs_reason" if row.alliance_skipped else "srs_none"
    shared = f"{ors}&{srs}"
    found = [SESSIONS, STATES_OF_ORS[ors], STATES_OF_SRS[srs], WORDS if row.has_words else NO_WORDS, shared]
    if shared == "ors&srs":
        return (*found, BOTH)
    return (*found, NOT_BOTH, reason_of(shared))


def reason_of(shared: str) -> str:
    """Whether a session that lacks a form has a reason for each that it lacks."""
    return NO_REASON if "_none" in shared else REASON


def of_course(row: CourseUse, sessions: Sequence[SessionUse], until: date, *, discussed: bool) -> tuple[str, ...]:
    """The counts of an episode: the rhythm of its ORS, and whether a team spoke of it; none unless open at the end.

    `sessions` are those of the episode that were held in the period, `until` is its last day (or today).
    """
    if not row.is_open_on(until):
        return ()
    kept = keeps_rhythm(row, sessions, until)
    rhythm = () if kept is None else (AGREED, KEPT if kept else NOT_KEPT)
    spoken = (OPEN, DISCUSSED if discussed else NOT_DISCUSSED) if row.is_seen_by(until) else ()
    return (*rhythm, *spoken)


def keeps_rhythm(row: CourseUse, sessions: Sequence[SessionUse], until: date) -> bool | None:
    """Whether the ORS was kept as agreed; None where nothing was agreed that could be kept.

    Every session: each session of the period has an ORS or was begun as one for which it is not due. Every so many
    days: the last ORS (before any, the start of the episode) is not longer ago than that on the last day, which is
    when the pages call a client late.
    """
    if row.rhythm == EVERY_SESSION:
        return all(one.has_ors or one.outcome_skipped == Skipped.NOT_DUE for one in sessions) if sessions else None
    return (until - (row.last_ors(until) or row.started_on)).days <= row.rhythm


def of_alert(row: AlertUse, today: date) -> tuple[str, ...]:
    """The counts of an alert that was red or yellow: acted on in time, still in time, or too late.

    Acted on is a decision, or setting it aside with a reason; having seen it or asked a colleague is not. The days
    count from when it could be seen: for a session that was entered afterwards from then.
    """
    last = row.known_on + timedelta(days=DAYS_TO_ACT)
    if row.acted_on is not None and row.acted_on <= last:
        return ALERTS, ACTED
    return ALERTS, IN_TIME if row.acted_on is None and today <= last else TOO_LATE


def of_person(row: StaffUse, until: date) -> tuple[str, ...]:
    """The counts of somebody of the team: has begun once a session was held, with a client or a practice client."""
    practised = row.practised_on is not None and row.practised_on <= until
    began = practised or (row.first_session_on is not None and row.first_session_on <= until)
    return (STAFF, *([TRAINED] if began else []), *([PRACTISED] if practised else []))
