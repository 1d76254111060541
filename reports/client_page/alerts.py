"""The open alerts of a client's page: those that tell of one situation stand on one card, seen with one answer."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.utils.translation import gettext as _

from sessions_app.measures.instruments.registry import FAMILY
from sessions_app.measures.reading import Reading
from sessions_app.measures.rules import BY_KEY
from sessions_app.measures.rules.base import ALLIANCE, ATTENDANCE, OUTCOME
from sessions_app.measures.series import Rated
from sessions_app.measures.verdict.verdict import worst_tone
from sessions_app.models import Alert, StepKind
from sessions_app.services.alert_steps import StepShown
from sessions_app.services.explanations import Explanation, why_alert
from sessions_app.texts.alerts import alert_sentence
from sessions_app.texts.instruments import curve_name, periodic_name


@dataclass(frozen=True)
class OpenAlert:
    """An open alert; its sentence is made now from the series, never from a stored row.

    `alert` is the stored row, None while the job that writes it has not run yet.
    """

    sentence: str
    kind: str  # the chip's: act, watch or quiet
    rule: str
    raised_on: datetime.date
    alert: Alert | None
    why: Explanation


@dataclass(frozen=True)
class Seen:
    """An acknowledgement: by whom, when, in which words."""

    by: str
    at: datetime.datetime
    note: str


@dataclass(frozen=True)
class ClosedAlert:
    """What was done about an alert that the rules have closed; without a sentence where it was corrected away."""

    sentence: str
    raised_on: datetime.date
    closed_on: datetime.date
    steps: tuple[StepShown, ...]


@dataclass(frozen=True)
class Situation:
    """What the open alerts say of one measure: how the client is doing, the alliance, who comes.

    `name` is the measure's, `kind` that of the alert that asks for most, which comes first. `unseen` are the stored
    alerts that nobody has acknowledged, `seen` who has acknowledged the others.
    """

    name: str
    kind: str
    alerts: tuple[OpenAlert, ...]
    unseen: tuple[UUID, ...]
    seen: tuple[Seen, ...]
    stored: tuple[UUID, ...] = ()
    steps: tuple[StepShown, ...] = ()

    @property
    def is_aside(self) -> bool:
        """Whether somebody said that it needs nothing more, and nobody took it up again."""
        said = [step.kind for step in self.steps if step.kind in (StepKind.SET_ASIDE, StepKind.TAKEN_UP)]
        return bool(said) and said[-1] == StepKind.SET_ASIDE

    @property
    def rules(self) -> list[str]:
        """The keys of the rules that say something, that which asks for most first."""
        return [one.rule for one in self.alerts]

    @property
    def also(self) -> str:
        """The alerts beside the first one, as the address of a step names them."""
        return urlencode([("also", key) for key in self.stored[1:]])


def situations_of(
    rows: Iterable[Alert], reading: Reading, steps: Mapping[UUID, Sequence[StepShown]]
) -> list[Situation]:
    """The situations that are open by the rules now, red first, those set aside last.

    `rows` are the episode's stored alerts, `steps` what was done about each.
    """
    by_measure: dict[str, list[OpenAlert]] = {}
    for one in _open_alerts(rows, reading):
        by_measure.setdefault(BY_KEY[one.rule].measure, []).append(one)
    of = reading.series.of
    found = [_situation(_name(measure, of), tuple(alerts), steps) for measure, alerts in by_measure.items()]
    return sorted(found, key=lambda situation: situation.is_aside)


def dealt_with(rows: Iterable[Alert], reading: Reading, steps: Mapping[UUID, Sequence[StepShown]]) -> list[ClosedAlert]:
    """The closed alerts that somebody did something about, the latest first: what was done, and what came of it."""
    spans = {(span.rule, span.raised): span for span in reading.alert_spans}
    found = []
    for row in rows:
        if row.closed_on is None or row.pk not in steps:
            continue
        span = spans.get((row.rule, str(row.session_id or "")))
        sentence = alert_sentence(span.sentence, span.numbers, reading.series.of) if span else ""
        found.append(ClosedAlert(sentence, row.raised_on, row.closed_on, tuple(steps[row.pk])))
    return sorted(found, key=lambda alert: alert.closed_on, reverse=True)


def _open_alerts(rows: Iterable[Alert], reading: Reading) -> list[OpenAlert]:
    stored = {(row.rule, str(row.session_id or "")): row for row in rows if row.closed_on is None}
    return [
        OpenAlert(
            sentence=alert_sentence(span.sentence, span.numbers, reading.series.of),
            kind=worst_tone((span.level,)).value,
            rule=span.rule,
            raised_on=span.raised_on,
            alert=stored.get((span.rule, span.raised)),
            why=why_alert(span, reading),
        )
        for span in reading.open_alerts
    ]


def _situation(
    name: str, alerts: tuple[OpenAlert, ...], steps_by_alert: Mapping[UUID, Sequence[StepShown]]
) -> Situation:
    stored = [one.alert for one in alerts if one.alert is not None]
    seen = dict.fromkeys(
        Seen(str(row.acknowledged_by), row.acknowledged_at, row.acknowledgement)
        for row in stored
        if row.acknowledged_at is not None
    )
    unseen = tuple(row.pk for row in stored if row.acknowledged_at is None)
    steps = tuple(dict.fromkeys(step for row in stored for step in steps_by_alert.get(row.pk, ())))
    return Situation(
        name,
        alerts[0].kind,
        alerts,
        unseen,
        tuple(seen),
        tuple(row.pk for row in stored),
        tuple(sorted(steps, key=lambda step: step.at)),
    )


def _name(measure: str, of: Rated) -> str:
    """What is measured: "Well-being, ORS"."""
    if measure == ATTENDANCE:
        return _("Attendance")
    if measure in (OUTCOME, ALLIANCE):
        return curve_name(of.outcome if measure == OUTCOME else of.alliance)
    return periodic_name(FAMILY[measure], None)
