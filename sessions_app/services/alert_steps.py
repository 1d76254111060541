"""What people do about alerts: decide, ask a colleague, set aside with a reason, take up again. Nothing vanishes."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import Client, Episode
from clients.services.client_blocks import seeing
from organisations.database.statements import written_once
from organisations.models import Practitioner
from organisations.web import news
from sessions_app.models import Alert, AlertStep, Decision, StepKind
from sessions_app.texts.instruments import short_name
from sessions_app.texts.points import signed


@dataclass(frozen=True)
class StepShown:
    """A step as a page tells it; `change` is how the outcome moved since then: "ORS +3.2"; "" without a measure."""

    kind: str
    said: str
    words: str
    by: str
    asked: str
    at: datetime
    change: str


@transaction.atomic
def decide(*, alerts: Sequence[Alert], decision: str, words: str, by: Practitioner) -> list[AlertStep]:
    """Write down what was decided about alerts of one episode; who decides has seen them.

    The same decision in the same words by the same person again changes nothing.
    """
    locked = _locked(alerts)
    last = {step.alert_id: step for step in _latest(locked)}
    decided = Decision(decision)
    new = [
        alert
        for alert in locked
        if (step := last.get(alert.pk)) is None or (step.decision, step.words, step.by_id) != (decided, words, by.pk)
    ]
    now = timezone.now()
    for alert in new:
        if alert.acknowledged_at is None:
            alert.acknowledged_at, alert.acknowledged_by = now, by
            alert.save(update_fields=["acknowledged_at", "acknowledged_by"])
    return _store(new, StepKind.DECIDED, by, decision=decided, words=words)


@transaction.atomic
def ask(*, alerts: Sequence[Alert], colleague: Practitioner, words: str, by: Practitioner) -> list[AlertStep]:
    """Ask a colleague who may see the client about alerts of one episode; their open pages hear of it."""
    if colleague.pk not in set(askable(alerts[0].episode.client, by).values_list("pk", flat=True)):
        raise ValidationError({"colleague": _("Choose somebody who may see this client.")})
    made = _store(_locked(alerts), StepKind.ASKED, by, asked=colleague, words=words)
    news.tell([colleague.pk])
    return made


@transaction.atomic
def set_aside(*, alerts: Sequence[Alert], words: str, by: Practitioner) -> list[AlertStep]:
    """Say why alerts need nothing more from anybody; the rules go on, and a new alert is a new one."""
    if not words.strip():
        raise ValidationError({"words": _("Say why it needs nothing more.")})
    aside = _aside(alerts)
    return _store([one for one in _locked(alerts) if one.pk not in aside], StepKind.SET_ASIDE, by, words=words.strip())


@transaction.atomic
def take_up(*, alerts: Sequence[Alert], by: Practitioner) -> list[AlertStep]:
    """Take alerts up again that were set aside, and those that were set aside with them."""
    own = AlertStep.objects.filter(alert__in=[alert.pk for alert in alerts], kind=StepKind.SET_ASIDE)
    together = Alert.objects.filter(
        episode=alerts[0].episode_id, steps__kind=StepKind.SET_ASIDE, steps__at__in=own.values("at")
    )
    rows = _locked([*alerts, *together])
    aside = _aside(rows)
    return _store([one for one in rows if one.pk in aside], StepKind.TAKEN_UP, by)


def askable(client: Client, by: Practitioner) -> QuerySet[Practitioner]:
    """Colleagues who log in and may see the client, by name."""
    teams = client.teams.values("pk")
    here = Practitioner.objects.contacts().filter(organisation=by.organisation_id, memberships__team__in=teams)
    return seeing(here, client).exclude(pk=by.pk).distinct().order_by("name")


def steps_of(alerts: Iterable[Alert], episode: Episode, outcome: str) -> dict[UUID, list[StepShown]]:
    """The steps of an episode's alerts, the first first, by alert; `outcome` is its outcome form. One query."""
    found: dict[UUID, list[StepShown]] = defaultdict(list)
    keys = [alert.pk for alert in alerts]
    for step in _steps(keys) if keys else ():
        change = _change_since(step, episode)
        found[step.alert_id].append(
            StepShown(
                kind=step.kind,
                said=step.get_decision_display() if step.decision else step.get_kind_display(),
                words=step.words,
                by=step.by.name,
                asked=step.asked.name if step.asked else "",
                at=step.at,
                change="" if change is None else f"{short_name(outcome)} {signed(change)}",
            )
        )
    return found


@written_once
def _steps(alerts: list[UUID]):
    return AlertStep.objects.filter(alert__any=alerts).select_related("by", "asked").order_by("at", "pk")


def set_aside_now() -> QuerySet[AlertStep]:
    """The steps by which alerts are set aside that nobody has taken up again since."""
    later = AlertStep.objects.filter(alert=OuterRef("alert"), kind=StepKind.TAKEN_UP, at__gt=OuterRef("at"))
    return AlertStep.objects.filter(~Exists(later), kind=StepKind.SET_ASIDE)


def asked_of(person: Practitioner) -> list[AlertStep]:
    """What colleagues ask of a person about open alerts, until somebody has done something about them; one a client."""
    return list({step.alert.episode.client_id: step for step in _asked_steps(person)}.values())


@written_once
def _asked_steps(person: Practitioner):
    later = AlertStep.objects.filter(alert=OuterRef("alert")).order_by("-at", "-pk")
    open_ones = Alert.objects.visible_to(person).open()
    rows = (
        AlertStep.objects.filter(asked=person, kind=StepKind.ASKED, alert__in=open_ones)
        .filter(pk=Subquery(later.values("pk")[:1]))
        .select_related("by", "alert__episode__client")
    )
    return rows.order_by("at", "pk")


def _change_since(step: AlertStep, episode: Episode) -> int | None:
    """Of a series that went on with the same form; another form by age has other numbers."""
    if step.outcome_then is None or episode.outcome_last is None or episode.outcome_count <= step.count_then:
        return None
    if any(day > step.at.date().isoformat() for day, _band in episode.new_series):
        return None
    return episode.outcome_last - step.outcome_then


def _locked(alerts: Sequence[Alert]) -> list[Alert]:
    keys = [alert.pk for alert in alerts]
    rows = Alert.objects.select_for_update(of=("self",)).filter(pk__in=keys).select_related("episode")
    return list(rows.order_by("pk"))


def _latest(alerts: Sequence[Alert]) -> QuerySet[AlertStep]:
    rows = AlertStep.objects.filter(alert__in=[alert.pk for alert in alerts])
    return rows.order_by("alert", "-at", "-pk").distinct("alert")


def _aside(alerts: Sequence[Alert]) -> set[UUID]:
    """The alerts whose last word about being set aside is that they are."""
    rows = set_aside_now().filter(alert__in=[alert.pk for alert in alerts])
    return set(rows.values_list("alert", flat=True))


def _store(
    alerts: Sequence[Alert],
    kind: StepKind,
    by: Practitioner,
    *,
    decision: str = "",
    words: str = "",
    asked: Practitioner | None = None,
) -> list[AlertStep]:
    now = timezone.now()  # one for all: together they are one step of one situation
    return AlertStep.objects.bulk_create(
        AlertStep(
            organisation_id=alert.organisation_id,
            alert=alert,
            kind=kind,
            decision=decision,
            words=words,
            asked=asked,
            by=by,
            at=now,
            outcome_then=alert.episode.outcome_last,
            count_then=alert.episode.outcome_count,
        )
        for alert in alerts
    )
