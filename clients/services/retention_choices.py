"""For how long each service keeps records, in words, and what becomes of that when two services are merged."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.models import ClientTeam, Episode, RetentionChoice
from clients.retention.base import RetentionRule
from clients.retention.due import ServiceRecords, kept_until
from clients.retention.registry import rule_on
from organisations.models import Organisation, Practitioner, Service
from organisations.services.local_day import today_in

SAME_ENTRY = date(2024, 6, 15)  # to compare two periods from one last entry


@dataclass(frozen=True)
class MergedPeriod:
    """What holds after a merge: `choice` is not stored yet, None where it stays as it is at the service that stays."""

    choice: RetentionChoice | None
    sentences: tuple[str, ...]


def choices_of(organisation: Organisation, day: date) -> dict[UUID, RetentionChoice]:
    """What holds for each service on a day, by the service's key; one without a row has no rule."""
    newest = RetentionChoice.objects.filter(organisation=organisation).begun_on(day).newest()
    return {choice.service_id: choice for choice in newest}


def planned_of(organisation: Organisation, day: date) -> dict[UUID, RetentionChoice]:
    """What was chosen last for each service and holds from a later day only."""
    newest = RetentionChoice.objects.filter(organisation=organisation).newest()
    return {choice.service_id: choice for choice in newest if choice.holds_from and choice.holds_from > day}


def rule_of(choice: RetentionChoice | None, day: date) -> type[RetentionRule] | None:
    """The rule of a choice as the law stands on a day."""
    return rule_on(choice.rule, day) if choice is not None and choice.rule else None


def period_in_words(choice: RetentionChoice | None, day: date) -> str:
    """A rule with the organisation's own years and what they stand on."""
    rule = rule_of(choice, day)
    if rule is None or choice is None:
        return _("no rule, nothing is erased")
    count = choice.years if rule.asks_years and choice.years else 0
    years = ngettext("%(count)d year", "%(count)d years", count) % {"count": count} if count else ""
    more = [years, choice.basis if rule.asks_basis else ""]
    said = ", ".join(part for part in more if part)
    return f"{_(rule.title)} ({said})" if said else _(rule.title)


def say_choices(choices: QuerySet[RetentionChoice]) -> list[str]:
    """What is lost with a service that goes: the period that was chosen last."""
    newest = choices.select_related("organisation").order_by("-chosen_at", "-id").first()
    if newest is None:
        return []
    period = period_in_words(newest, today_in(newest.organisation))
    return [_("How long its records are kept: %(period)s.") % {"period": period}]


def merged_period(service: Service, into: Service) -> MergedPeriod:
    """For how long records are kept once `service` is part of `into`: the longer of the two, so that none go early.

    A service with records and without a rule erases nothing, which is longest. What was chosen for later counts too.
    """
    day = today_in(into.organisation)
    own, other = _candidates(into, day), _candidates(service, day)
    if not any(own + other):
        return MergedPeriod(None, ())
    longest = max(own + other, key=lambda one: (_length(one, day), bool(rule_of(one, day)), one in own))
    archives = any(one.archives_first for one in own + other if one is not None)
    choice = RetentionChoice(organisation_id=into.organisation_id, service=into)
    if rule_of(longest, day) is not None and longest is not None:
        choice.rule, choice.years, choice.basis = longest.rule, longest.years, longest.basis
        choice.archives_first = archives
    stays = len(own) == 1 and own[0] is not None and _values(own[0]) == _values(choice)
    return MergedPeriod(None if stays else choice, _sentences(service, into, own, other, choice, day))


def keep_longer_period(*, service: Service, into: Service, by: Practitioner) -> None:
    """Let the longer period hold for `into`, in the open transaction; the choices of `service` go along with it."""
    choice = merged_period(service, into).choice
    if choice is not None:
        choice.chosen_by = by
        choice.save(force_insert=True)


def _candidates(service: Service, day: date) -> list[RetentionChoice | None]:
    """What holds for a service and what is planned; [None] is no rule, [] a service without records and without one."""
    rows = RetentionChoice.objects.filter(service=service)
    found = [*rows.begun_on(day).newest(), *(one for one in rows.newest() if one.holds_from and one.holds_from > day)]
    has_records = Episode.objects.filter(service=service).exists()
    if not found and (has_records or ClientTeam.objects.filter(team__service=service).exists()):
        return [None]
    return list(found)


def _length(choice: RetentionChoice | None, day: date) -> date:
    rule = rule_of(choice, day)
    until = kept_until(ServiceRecords(SAME_ENTRY, False, rule, choice.years if choice else None))
    return until or date.max


def _values(choice: RetentionChoice) -> tuple:
    return choice.rule, choice.years, choice.basis, choice.archives_first


def _sentences(service, into, own, other, choice, day) -> tuple[str, ...]:
    said = [
        _("%(name)s: %(period)s.") % {"name": one.name, "period": "; ".join(period_in_words(row, day) for row in rows)}
        for one, rows in ((service, other), (into, own))
        if rows
    ]
    if choice.rule:
        said.append(_("The longer one holds from then on: %(period)s.") % {"period": period_in_words(choice, day)})
    else:
        said.append(_("From then on nothing is erased until somebody chooses a rule."))
    return tuple(said)
