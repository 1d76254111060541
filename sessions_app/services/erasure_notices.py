"""The list of clients whose records are to be erased: who stands on it, two confirmations, more time, the archive."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.models import Client, Erasure, ErasureNotice
from clients.retention.due import HOLDING, RetentionJudgement, WhyKept
from organisations.audit.record import record_access
from organisations.models import Organisation, Practitioner
from organisations.services.local_day import today_in
from sessions_app.services.retention import ClientRetention, judge_clients

LISTED, CONFIRMED = "retention.notice", "retention.confirm"
STEPS = ["first_by", "first_on", "second_by", "second_on"]
WHY_HELD: dict[WhyKept | None, Any] = {
    **dict.fromkeys((WhyKept.HELD, WhyKept.EXEMPT), gettext_lazy("The records are to be kept: end that first.")),
    WhyKept.ASKED: gettext_lazy("The client asked for something by law. Answer that first."),
    WhyKept.RESTRICTED: gettext_lazy("The client's data are kept and not used for now. End that first."),
}


def follow_notices(organisation: Organisation, now: datetime) -> int:
    """Put on the list whoever is due within 30 days, and take off whoever is not any more; how many changed."""
    day = organisation.day_of(now)
    standing = {notice.client_id: notice for notice in ErasureNotice.objects.standing()}
    changed = 0
    for client, found in judge_clients(organisation, Client.objects.filter(organisation=organisation), day):
        changed += _follow(organisation, client, standing.pop(client, None), found, day)
    for notice in standing.values():  # merged into another record, or not judged any more
        _end(notice)
    return changed + len(standing)


def _follow(
    organisation: Organisation, client, notice: ErasureNotice | None, found: ClientRetention, day: date
) -> bool:
    if not found.is_listed_on(day):
        if notice is not None:
            _end(notice)
        return notice is not None
    values: dict[str, Any] = {
        "rules": " ".join(found.rules),
        "kept_until": found.judgement.kept_until,
        "finish_by": found.judgement.finish_by,
        "archives_first": found.archives_first,
    }
    if notice is None:
        ErasureNotice.objects.create(organisation=organisation, client_id=client, **values)
        return True
    if all(getattr(notice, name) == value for name, value in values.items()):
        return False
    for name, value in values.items():
        setattr(notice, name, value)
    # What was confirmed, and what the archive has, was another day by other rules.
    _take_back(notice)
    notice.archived_at = notice.archived_by = None
    notice.save(update_fields=[*values, *STEPS, "archived_at", "archived_by"])
    return True


def _end(notice: ErasureNotice) -> None:
    notice.ended_at = timezone.now()
    _take_back(notice)
    notice.save(update_fields=["ended_at", *STEPS])


def _take_back(notice: ErasureNotice) -> None:
    notice.first_by = notice.first_on = notice.second_by = notice.second_on = None


def notices_told_to(by: Practitioner) -> QuerySet[ErasureNotice]:
    """Those that stand on a person's list, with `is_veiled` where they are not told of whom."""
    return ErasureNotice.objects.told_to(by).standing()


def clients_of(notices: list[ErasureNotice]) -> QuerySet[Client]:
    """Whom they are about."""
    return Client.objects.filter(pk__in=[one.client_id for one in notices])


def judged(notice: ErasureNotice, day: date) -> ClientRetention:
    """What holds for the client of a notice on a day, anew."""
    only = Client.objects.filter(pk=notice.client_id)
    gone = ClientRetention(RetentionJudgement(None, None, WhyKept.NO_RECORDS), (), False)
    return dict(judge_clients(notice.organisation, only, day)).get(notice.client_id, gone)


@transaction.atomic
def confirm_erasure(
    *, notice: ErasureNotice, exceptions_looked_at: bool = True, told: str = "", by: Practitioner
) -> ErasureNotice:
    """The first step, or the second: by somebody else, or by the same person on another day.

    Who does not see the client says who `told` them that the records may go; it stands in the access log. Otherwise,
    where a hold stands, the archive has nothing yet, or it is the same person's same day: ValidationError.
    """
    notice = _locked(notice)
    if not told.strip() and not Client.objects.visible_to(by).filter(pk=notice.client_id).exists():
        raise ValidationError(_("You do not see this client. Say who of those who help them told you, and what."))
    today = today_in(notice.organisation)
    _refuse_not_erasable(notice, today)
    record_access(CONFIRMED, [notice.client_id], typed=told)
    if notice.first_on is None:
        if not exceptions_looked_at:
            raise ValidationError(_("Say first that none of the exceptions is true of the client."))
        notice.first_by, notice.first_on = by, today
    elif notice.second_on is None:
        if notice.first_by_id == by.pk and notice.first_on >= today:
            raise ValidationError(_("The second step is somebody else's, or yours on another day."))
        notice.second_by, notice.second_on = by, today
    notice.save(update_fields=STEPS)
    return notice


def _refuse_not_erasable(notice: ErasureNotice, today: date) -> None:
    if notice.ended_at is not None:
        raise ValidationError(_("The client does not stand on the list any more."))
    if (why := judged(notice, today).judgement.reason) in HOLDING:
        raise ValidationError(WHY_HELD[why])
    if notice.extended_until is not None and notice.extended_until >= today:
        raise ValidationError(_("Somebody asked for more time; that is not over yet."))
    if notice.archives_first and notice.archived_at is None:
        raise ValidationError(_("The records go to the archive first. Fetch the file for it."))


@transaction.atomic
def undo_first_step(*, notice: ErasureNotice, by: Practitioner) -> ErasureNotice:
    """Take the first confirmation back; ValidationError after the second."""
    notice = _locked(notice)
    if notice.second_on is not None:
        raise ValidationError(_("It was confirmed a second time. The records go tonight or once their time is over."))
    record_access(CONFIRMED, [notice.client_id])
    _take_back(notice)
    notice.save(update_fields=STEPS)
    return notice


@transaction.atomic
def extend_notice(*, notice: ErasureNotice, until: date, reason: str, by: Practitioner) -> ErasureNotice:
    """Give more time; what was confirmed has to be confirmed anew. ValidationError for a day that is not ahead."""
    notice = _locked(notice)
    if until <= today_in(notice.organisation):
        raise ValidationError({"until": _("Choose a day that is ahead.")})
    record_access(LISTED, [notice.client_id])
    notice.extended_until, notice.extension_reason, notice.extended_by = until, reason, by
    _take_back(notice)
    notice.save(update_fields=["extended_until", "extension_reason", "extended_by", *STEPS])
    return notice


@transaction.atomic
def note_archived(*, notice: ErasureNotice, by: Practitioner) -> ErasureNotice:
    """The file for the archive was fetched."""
    notice = _locked(notice)
    record_access("retention.archive", [notice.client_id])
    notice.archived_at, notice.archived_by = timezone.now(), by
    notice.save(update_fields=["archived_at", "archived_by"])
    return notice


def _locked(notice: ErasureNotice) -> ErasureNotice:
    """The row as it is now."""
    return ErasureNotice.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=notice.pk)


def erased_of(organisation: Organisation) -> QuerySet[Erasure]:
    """The ledger, newest first."""
    return Erasure.objects.filter(organisation=organisation).order_by("-erased_at")
