"""Mails about requests that have to be answered soon, or should have been: without a client, once a stage."""

import logging
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import translation

from clients.models import SubjectRequest
from clients.services.request_list import RequestLine, lines_of
from organisations.models import Organisation, Practitioner
from organisations.roles import Can
from organisations.services.mail_brake import Cause, may_leave

logger = logging.getLogger(__name__)


def warn(organisation: Organisation, now: datetime) -> int:
    """Mail whoever has to answer; late ones every week, to the administrators too. How many mails left."""
    today, sent = organisation.day_of(now), 0
    rows = SubjectRequest.objects.filter(organisation=organisation).waiting().select_related("handler__user")
    for line in lines_of(rows.order_by("due_on", "pk"), today):
        if not (line.is_late or line.is_soon):
            continue
        week = "{}-{}".format(*today.isocalendar()[:2])
        stage = f"late {week}" if line.is_late else "soon"
        cause = Cause(f"request {line.request.pk} {stage}", "", line.request.pk)
        sent += sum(
            _mail(person, line, organisation) for person in people_for(line) if may_leave(person, cause, now=now)
        )
    return sent


def people_for(line: RequestLine) -> Iterable[Practitioner]:
    """Whoever handles it and may answer, else the leads of the client's teams; once it is late, administrators too."""
    asked = line.request
    people = Practitioner.objects.filter(is_active=True, user__is_active=True).select_related("user")
    handler = people.filter(pk__in=[asked.handler_id] if asked.handler_id else [])
    leads = [one for one in _of_teams(people, asked) if one.can(Can.ANSWER_REQUESTS)]
    found = {one.pk: one for one in (*handler, *([] if handler and not line.is_late else leads))}
    if line.is_late or not found:
        found |= {one.pk: one for one in people if one.can(Can.MANAGE_PEOPLE)}
    return found.values()


def _of_teams(people, asked: SubjectRequest):
    teams = asked.client.client_teams.values("team")
    return people.filter(Q(memberships__team__in=teams)).distinct()


def _mail(person: Practitioner, line: RequestLine, organisation: Organisation) -> bool:
    """Whether it left. Neither the client nor what is asked for stands in it."""
    if person.user is None:
        return False
    context = {"name": person.name, "day": line.request.due_on, "late": line.is_late, "site_url": settings.SITE_URL}
    with translation.override(person.user.language or organisation.language):
        subject = render_to_string("clients/mail/request_subject.txt", context)
        body = render_to_string("clients/mail/request.txt", context)
    try:
        EmailMessage(" ".join(subject.split()), body, to=[person.user.email]).send()
    except OSError:  # smtplib's exceptions are of this kind
        logger.exception("A mail about a request could not be sent; the list says it too")
        return False
    return True
