"""How long an organisation keeps records: the rule of each service, and what follows for each client."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clients.models import Client, ClientTeam, Episode, LegalHold, RetentionChoice
from clients.retention.due import HOLDING, NOTICE_DAYS, HoldPeriod, RetentionJudgement, ServiceRecords, WhyKept, judge
from clients.retention.registry import rule_on, rules_of
from clients.services.erasure_stops import erasure_stops
from clients.services.retention_choices import choices_of, rule_of
from organisations.models import Organisation, Practitioner, Service
from sessions_app.services.retention_entries import last_entries

AT_A_TIME = 500


@dataclass(frozen=True)
class ClientRetention:
    """What holds for one client on a day: the judgement, and the keys of the rules that it stands on."""

    judgement: RetentionJudgement
    rules: tuple[str, ...]
    archives_first: bool

    def is_listed_on(self, day: date) -> bool:
        """Whether it stands on the list: its period is over within so many days, or was over before."""
        found = self.judgement
        if found.kept_until is None or found.reason not in (None, WhyKept.KEPT, *HOLDING):
            return False
        return day + timedelta(NOTICE_DAYS) > found.kept_until


@transaction.atomic
def choose_rule(
    *,
    service: Service,
    rule: str,
    years: int | None,
    archives_first: bool,
    basis: str = "",
    holds_from: date | None = None,
    day: date,
    by: Practitioner,
) -> RetentionChoice:
    """Let a service keep records by a rule from now on, or from a later day on; "" is none.

    ValidationError for a rule of another country, and where years or what they stand on are missing.
    """
    chosen = rule_on(rule, day) if rule else None
    if rule and (chosen is None or chosen not in rules_of(by.organisation.country, day)):
        raise ValidationError({"rule": _("Choose one of the rules.")})
    asks_years, asks_basis = (chosen.asks_years, chosen.asks_basis) if chosen else (False, False)
    missing = {}
    if asks_years and years is None:
        missing["years"] = _("Say for how many years the purpose needs the records.")
    if asks_basis and not basis:
        missing["basis"] = _("Say what the period stands on: the law, the plan or the decision, and who settled it.")
    if missing:
        raise ValidationError(missing)
    return RetentionChoice.objects.create(
        organisation_id=service.organisation_id,
        service=service,
        rule=rule,
        years=years if asks_years else None,
        basis=basis if asks_basis else "",
        holds_from=holds_from,
        archives_first=archives_first and bool(rule),
        chosen_by=by,
    )


def judge_clients(
    organisation: Organisation, clients: QuerySet[Client], day: date
) -> Iterator[tuple[UUID, ClientRetention]]:
    """What holds for each of these clients on a day; those who were merged into another go with that one."""
    choices = choices_of(organisation, day)
    keys = list(clients.filter(merged_into=None, is_practice=False).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), AT_A_TIME):
        yield from _judge(organisation, choices, keys[start : start + AT_A_TIME], day)


def _judge(
    organisation: Organisation, choices: Mapping[UUID, RetentionChoice], clients: list[UUID], day: date
) -> Iterator[tuple[UUID, ClientRetention]]:
    kept_as = {key: key for key in clients}
    for key, kept in Client.objects.filter(merged_into__in=clients).values_list("pk", "merged_into"):
        kept_as[key] = kept or key
    entries: dict[UUID, date] = {}
    for client, last in last_entries(organisation, list(kept_as)).items():
        entries[kept_as[client]] = max(entries.get(kept_as[client], last), last)
    services = _services_of(kept_as)
    holds: dict[UUID, list[HoldPeriod]] = {}
    for hold in LegalHold.objects.filter(client__in=kept_as):
        holds.setdefault(kept_as[hold.client_id], []).append(_period(organisation, hold))
    for key, stop in erasure_stops(kept_as):
        holds.setdefault(kept_as[key], []).append(stop)
    for client in clients:
        rules = {key: choices[key] for key in services.get(client, {}) if key in choices and choices[key].rule}
        records = [
            ServiceRecords(
                entries[client], is_open, rule_of(rules.get(key), day), rules[key].years if key in rules else 0
            )
            for key, is_open in services.get(client, {}).items()
        ]
        yield (
            client,
            ClientRetention(
                judge(records, holds.get(client, []), day),
                tuple(sorted({choice.rule for choice in rules.values()})),
                any(choice.archives_first for choice in rules.values()),
            ),
        )


def _services_of(kept_as: Mapping[UUID, UUID]) -> dict[UUID, dict[UUID, bool]]:
    """Of each client the services with records, and whether a case runs there; without a case those of its teams."""
    found: dict[UUID, dict[UUID, bool]] = {}
    for client, service, ended_on in Episode.objects.filter(client__in=kept_as).values_list(
        "client", "service", "ended_on"
    ):
        of_client = found.setdefault(kept_as[client], {})
        of_client[service] = of_client.get(service, False) or ended_on is None
    for client, service in ClientTeam.objects.filter(client__in=kept_as).values_list("client", "team__service"):
        if kept_as[client] not in found or not found[kept_as[client]]:
            found.setdefault(kept_as[client], {})[service] = False
    return found


def _period(organisation: Organisation, hold: LegalHold) -> HoldPeriod:
    lifted = organisation.day_of(hold.lifted_at) if hold.lifted_at else None
    return HoldPeriod(organisation.day_of(hold.made_at), hold.until, lifted, hold.exception)


def next_due(found: Iterable[ClientRetention], day: date) -> dict[str, int]:
    """How many may be erased now, within 30 days, within a year, and how many are held."""
    counts = {"due": 0, "month": 0, "year": 0, "held": 0}
    for one in found:
        until = one.judgement.kept_until
        if one.judgement.reason in HOLDING:
            counts["held"] += 1
        elif one.judgement.is_due:
            counts["due"] += 1
        elif until is not None and one.judgement.reason == WhyKept.KEPT:
            counts["month"] += until <= day + timedelta(NOTICE_DAYS)
            counts["year"] += until <= day + timedelta(365)
    return counts
