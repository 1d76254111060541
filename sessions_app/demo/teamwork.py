"""How the demo's people work together: labels, who takes the next session, a message, and somebody on leave."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import cycle
from zoneinfo import ZoneInfo

from django.utils import timezone

from clients.models import Client, ClientLabel, LabelledClient, PairMessage
from organisations.models import Organisation, Practitioner
from sessions_app.models import Alert, AlertLevel, AlertStep, Decision, StepKind


@dataclass(frozen=True)
class Teamwork:
    """`labels` with every how manieth client of whom they stand; `told` are (reference, from, text)."""

    labels: Mapping[str, int]
    told: tuple[tuple[str, str, str], ...]
    away: str = ""


BY_PLACE: dict[str, Teamwork] = {
    "solby": Teamwork(
        labels={"Have og værksted": 4, "Flytter i år": 7},
        told=(
            (
                "N-014",
                "Lars Bech",
                "Nils vil tale om lejligheden, før I ser på kurven. Nøglen til haven er hos mig.",
            ),
            ("M-102", "Lars Bech", "Mette har bedt om at begynde kl. 13 og ikke før. Spørg til nætterne."),
        ),
        away="Maja Lindqvist",
    ),
    "bjorken": Teamwork(
        labels={"Gruppstart i januari": 3},
        told=(),
    ),
}


def write_teamwork(organisation: Organisation, people: Mapping[str, Practitioner], today: date) -> None:
    """Of the organisation in the open tenant; nothing where nothing is told of it."""
    act_on_closed_alerts(organisation)
    told = BY_PLACE.get(organisation.slug)
    if told is None:
        return
    own = {"organisation": organisation}
    current = list(Client.objects.filter(archived_at=None, is_practice=False).order_by("reference"))
    for name, every in told.labels.items():
        label = ClientLabel.objects.create(name=name, **own)
        LabelledClient.objects.bulk_create(
            LabelledClient(client=client, label=label, **own) for client in current[::every]
        )
    for client in current:
        if client.second_contact_id is not None and client.next_on is not None:
            Client.objects.filter(pk=client.pk).update(next_contact=client.second_contact_id)
    by_reference = {client.reference: client for client in current}
    for reference, writer, text in told.told:
        client = by_reference[reference]
        PairMessage.objects.create(client=client, written_by=people[writer], text=text, **own)
    if told.away:
        until = today + timedelta(days=4)
        Practitioner.objects.filter(pk=people[told.away].pk).update(away_until=until)


def act_on_closed_alerts(organisation: Organisation) -> None:
    """Of the alerts that are closed by now most were decided on within two weeks, some later, some never."""
    own, noon = {"organisation": organisation}, time(12, tzinfo=ZoneInfo(organisation.time_zone))
    closed = Alert.objects.filter(level__in=(AlertLevel.AMBER, AlertLevel.RED), closed_on__isnull=False)
    rows = closed.select_related("episode__client").order_by("raised_on", "episode__client__reference", "rule")
    steps = []
    for alert, days in zip(rows, cycle((2, 5, None, 1, 20, 7)), strict=False):
        raised = datetime.combine(alert.raised_on, noon)
        Alert.objects.filter(pk=alert.pk).update(created_at=raised)
        contact = alert.episode.client.contact_id
        at = raised + timedelta(days=days or 0)
        if days is not None and contact is not None and at <= timezone.now():
            decision = {"kind": StepKind.DECIDED, "decision": Decision.TALKED}
            steps.append(AlertStep(alert=alert, by_id=contact, at=at, **decision, **own))
    AlertStep.objects.bulk_create(steps)
