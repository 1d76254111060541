"""What runs out soon and somebody can still do something about: links to forms, and tokens of their own."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from clients.models import Client, Episode
from organisations.database.statements import written_once
from organisations.models import ApiToken, Capability, CapabilityKind, Practitioner
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.models import Session

LINKS_WITHIN = timedelta(hours=24)
TOKENS_WITHIN = timedelta(days=14)
MOST = 10


@dataclass(frozen=True)
class ExpiringLink:
    """An open link to a form of a client whom the person is contact of; nobody has answered it yet."""

    client: Client
    form: FormKey
    expires_at: datetime


def expiring_links(by: Practitioner) -> list[ExpiringLink]:
    """Those that close within a day, the next first; one query, one more where there are any."""
    found = _links(by, timezone.now())
    clients = _own_clients(by).in_bulk([row.client_id for row in found]) if found else {}
    return [ExpiringLink(clients[row.client_id], FormKey.parse(row.detail), row.expires_at) for row in found]


def _own_clients(by: Practitioner):
    return Client.objects.visible_to(by).filter(Q(contact=by) | Q(second_contact=by), is_practice=False)


@written_once
def _links(by: Practitioner, now: datetime):
    mine = _own_clients(by)
    whose = Coalesce(
        Subquery(Session.objects.filter(pk=OuterRef("object_id"), client__in=mine).values("client")[:1]),
        Subquery(Episode.objects.filter(pk=OuterRef("object_id"), client__in=mine).values("client")[:1]),
    )
    rows = Capability.objects.filter(
        organisation=by.organisation_id,
        kind__in=(CapabilityKind.LINK, CapabilityKind.AHEAD),
        used_at=None,
        revoked_at=None,
        expires_at__range=(now, now + LINKS_WITHIN),
    )
    return rows.annotate(client_id=whose).exclude(client_id=None).order_by("expires_at")[:MOST]


def expiring_tokens(by: Practitioner) -> list[ApiToken]:
    """The person's own tokens that end within two weeks; one query."""
    return _tokens(by, timezone.now())


@written_once
def _tokens(by: Practitioner, now: datetime):
    tokens = ApiToken.objects.visible_to(by).filter(practitioner=by).with_validity()
    soon = tokens.filter(revoked_at=None, expires_at__range=(now, now + TOKENS_WITHIN))
    return soon.order_by("expires_at")[:MOST]
