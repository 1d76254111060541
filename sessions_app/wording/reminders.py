"""Mails to administrators 60 and 14 days before a licence ends; each person once a licence and stage."""

import logging
from datetime import date
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.utils import translation

from organisations.models import Organisation, Practitioner
from organisations.roles import Can
from organisations.services.local_day import today_in
from organisations.services.mail_brake import Cause, may_leave
from organisations.tenancy.context import tenant
from sessions_app.models import PackLicence, PackReminder

logger = logging.getLogger(__name__)
STAGES = (14, 60)  # days


def remind(organisation: Organisation) -> int:
    """Send what is due today; returns how many mails went out. Has transactions of its own."""
    today, sent = today_in(organisation), 0
    with tenant(organisation.pk):
        due = [(licence, stage) for licence in _last_licences() if (stage := _stage(licence, today))]
        people = _administrators() if due else []
    for licence, stage in due:
        for person in people:
            sent += _remind_one(organisation, licence, stage, person)
    return sent


def _last_licences() -> list[PackLicence]:
    """Of each pack the confirmed licence that ends last; none where a licence has no end."""
    last: dict[Any, PackLicence] = {}
    for licence in PackLicence.objects.in_use().select_related("pack"):
        held = last.get(licence.pack_id)
        if held is None or _end(licence) > _end(held):
            last[licence.pack_id] = licence
    return [licence for licence in last.values() if licence.valid_until is not None]


def _end(licence: PackLicence) -> date:
    return licence.valid_until or date.max


def _stage(licence: PackLicence, today: date) -> int | None:
    """The nearest stage that has come; None before the first and when the licence has ended."""
    left = (_end(licence) - today).days
    return next((stage for stage in STAGES if 0 <= left <= stage), None)


def _administrators() -> list[Practitioner]:
    people = Practitioner.objects.filter(is_active=True, user__is_active=True).select_related("user")
    return [person for person in people if person.can(Can.MANAGE_PACKS)]


def _remind_one(organisation: Organisation, licence: PackLicence, stage: int, person: Practitioner) -> bool:
    if person.user is None:
        return False
    # The door is tried first: while no mail can be sent at all, nothing is marked as sent.
    with get_connection() as connection:
        with tenant(organisation.pk):
            cause = Cause(f"licence {licence.pk} {stage}", "", licence.pk)
            if PackReminder.objects.filter(licence=licence, practitioner=person, days=stage).exists():
                return False
            if not may_leave(person, cause):
                return False  # held: the day after somebody lets it go it is sent
            key: dict[str, Any] = {"licence": licence, "practitioner": person, "days": stage}
            _row, is_new = PackReminder.objects.get_or_create(organisation_id=organisation.pk, **key)
        if not is_new:
            return False
        context = {"name": person.name, "pack": str(licence.pack), "day": licence.valid_until}
        context["site_url"] = settings.SITE_URL
        with translation.override(person.user.language or organisation.language):
            subject = render_to_string("sessions_app/mail/pack_subject.txt", context)
            body = render_to_string("sessions_app/mail/pack.txt", context)
        try:
            EmailMessage(" ".join(subject.split()), body, to=[person.user.email], connection=connection).send()
        except OSError:  # smtplib's exceptions are of this kind
            logger.exception("A reminder of a licence could not be sent; the wording page says it too")
            return False
    return True
