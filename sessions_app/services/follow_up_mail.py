"""The one mail that asks a client for a follow-up measure, where client and organisation allow it."""

import datetime
import logging
from uuid import UUID

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from clients.services.restrictions import restricted_clients
from organisations.audit import record
from organisations.models import Organisation
from organisations.tenancy.context import tenant
from organisations.web import news
from sessions_app.models import FollowUpMeasure
from sessions_app.models.follow_up_measure import OPEN_FOR
from sessions_app.services.follow_up_measures import LINK_OPEN_FOR, open_link
from sessions_app.services.links import send_by_mail
from sessions_app.texts.form_wording import known

logger = logging.getLogger(__name__)


def send_due(organisation: Organisation, today: datetime.date) -> int:
    """Mail the links of measures that are due, each in a transaction of its own; how many left.

    Whoever is the contact person hears of what became due today. Addresses of what is no longer asked for are emptied.
    """
    with tenant(organisation.pk):
        FollowUpMeasure.objects.filter(due_on__lte=today - OPEN_FOR).exclude(email="").update(email="")
        _tell(today)
        allowed = FollowUpMeasure.objects.due(today).filter(sent_at=None).exclude(email="")
        allowed = allowed.exclude(episode__client__in=restricted_clients())
        keys = list(allowed.order_by("pk").values_list("pk", flat=True)) if organisation.mails_follow_ups else []
    return sum(_send(organisation, key) for key in keys)


def _tell(today: datetime.date) -> None:
    due = FollowUpMeasure.objects.due(today).filter(due_on=today, sent_at=None)
    pairs = due.values_list("episode__client__contact", "episode__client__second_contact")
    news.tell({key for pair in pairs for key in pair if key is not None})


def _send(organisation: Organisation, key: UUID) -> bool:
    """Whether the mail left. One that the server does not take waits for the next day, without a link."""
    try:
        with tenant(organisation.pk), record.recorded(organisation_id=organisation.pk, request_id="follow-up"):
            rows = FollowUpMeasure.objects.select_for_update(of=("self",), skip_locked=True)
            found = rows.select_related("episode__client", "planned_by").filter(pk=key, sent_at=None, answered_at=None)
            measure = found.exclude(email="").first()
            if measure is None:
                return False
            sent = _mail(measure)
            if not sent:
                transaction.set_rollback(True)
            return sent
    except Exception:
        logger.exception("A follow-up could not be sent; the others are")
        return False


def _mail(measure: FollowUpMeasure) -> bool:
    address, to = open_link(measure=measure, way="mail", by=measure.planned_by), measure.email
    FollowUpMeasure.objects.filter(pk=measure.pk).update(email="")
    with translation.override(known(measure.episode.client.form_language)):
        return send_by_mail(to=to, subject=_("A short form for you"), text=link_text(address))


def link_text(address: str) -> str:
    """What is sent with the link, in the active language: of nobody, and of no service."""
    return render_to_string("sessions_app/mail/follow_up.txt", {"address": address, "days": LINK_OPEN_FOR.days}).strip()
