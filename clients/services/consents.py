"""What clients agree to, and what may be shown or handed on because of it. Whoever builds a way out asks here:

- `has_consent(client, purpose)`: the client has said yes, and it stands. What needs a yes asks this.
- `may_share(client, purpose, content)`: a yes, or a ground in law (clients/models/lawful_grounds.py) that the client
  has not ended by a no. `Content.MARKS` are marks, curves and what the service writes; `Content.WORDS` the client's own
  words, which no ground reaches.
- `clients_with_consent(clients, purpose)`, `clients_to_share(clients, purpose, content, organisation)`: the same for
  rows of clients, inside the database: no query of their own.
- `read_consents(clients, organisation)`: how everything stands for many clients, by one query; the answer has `has`
  and `may_share`.
- `consent_purposes()`: (word, name) of each purpose. Words: `ConsentPurpose.TEAM`, `CASE_WORKER`, `CONSULTANT`,
  `STATISTICS`, `RESEARCH`.
- `record_consent`, `correct_consent`: write; `consent_closings.register_closing`: what a no has to close at once.

Nothing may be kept of an answer beyond the page or file that is made now: the next one asks again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import CharField, QuerySet, Value
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clients.models import Client, Consent, ConsentPurpose, ConsentSaidBy, ConsentState, ObjectedUse, SubjectRequest
from clients.models.client import ClientQuerySet
from clients.models.lawful_grounds import Content, ground_for
from clients.services import consent_closings
from clients.services.clients import lock_client
from clients.services.merged_records import keys_of_all_records
from clients.services.restrictions import kept_out, restricted_clients
from organisations.audit.record import record_access
from organisations.models import Organisation, Practitioner
from organisations.services.local_day import today_in

LOGGED = "client.update"
"""An administrator reads the access log and sees results, but no client: told by what changed in the results since,
a no of its own in the log would give its client's figures away. What was said stands in the client's own history."""
STATED = ("state", "said_on", "said_by", "guardian", "manner", "taken_by")
"""What a row says of the client's answer."""


KEPT_OUT = "kept_out"
"""Stands in the place of a state where a client's data are not used, whatever they agreed to (restrictions.py)."""


@dataclass(frozen=True)
class ConsentsRead:
    """How things stand for some clients: `states` holds (client, purpose) of which something was said.

    `out` holds (client, purpose) for which nothing is used now, all purposes under ObjectedUse.ALL.
    """

    country: str
    states: Mapping[tuple[UUID, str], str]
    out: frozenset[tuple[UUID, str]] = frozenset()

    def is_out(self, client_id: UUID, purpose: str) -> bool:
        """Whether nothing of the client is used for this purpose now, whatever was agreed to."""
        return (client_id, purpose) in self.out

    def state(self, client_id: UUID, purpose: str) -> str:
        """GIVEN, WITHDRAWN or UNASKED."""
        return self.states.get((client_id, purpose), ConsentState.UNASKED)

    def has(self, client_id: UUID, purpose: str) -> bool:
        """As `has_consent`."""
        return self.state(client_id, purpose) == ConsentState.GIVEN and not self.is_out(client_id, purpose)

    def may_share(self, client_id: UUID, purpose: str, content: Content) -> bool:
        """As the function of that name."""
        if self.is_out(client_id, purpose):
            return False
        state = self.state(client_id, purpose)
        if state == ConsentState.GIVEN:
            return True
        ground = ground_for(self.country, purpose, content)
        return ground is not None and not (ground.yields and state == ConsentState.WITHDRAWN)


def consent_purposes() -> list[tuple[str, str]]:
    """(word, name) of what a client is asked about, in the order of the page."""
    return [(purpose.value, str(purpose.label)) for purpose in ConsentPurpose]


def read_consents(clients: Iterable[Client | UUID], organisation: Organisation) -> ConsentsRead:
    """How everything stands for these clients (rows or keys) of an organisation; one query."""
    keys = [client.pk if isinstance(client, Client) else client for client in clients]
    said = Consent.objects.filter(client__in=keys).newest().values_list("client", "purpose", "state")
    out = Value(KEPT_OUT, CharField())
    restricted = restricted_clients().filter(client__in=keys).values_list("client", Value("", CharField()), out)
    objections = SubjectRequest.objects.filter(client__in=keys).standing_objections_to_any()
    rows = list(said.union(restricted, objections.values_list("client", "objects_to", out), all=True))
    return ConsentsRead(
        organisation.country,
        {(client, purpose): state for client, purpose, state in rows if state != KEPT_OUT},
        frozenset((client, one) for client, what, state in rows if state == KEPT_OUT for one in _uses(what)),
    )


def _uses(what: str) -> tuple[str, ...]:
    """The purposes that a restriction ("") or an objection to `what` is about."""
    both = (ConsentPurpose.STATISTICS.value, ConsentPurpose.RESEARCH.value)
    return tuple(ConsentPurpose.values) if not what else both if what == ObjectedUse.ALL else (what,)


def has_consent(client: Client, purpose: str) -> bool:
    """Whether the client has said yes to this purpose, and has not taken it back. One query."""
    return standing(purpose, ConsentState.GIVEN).filter(client=client).exists()


def may_share(client: Client, purpose: str, content: Content) -> bool:
    """Whether this content of a client may be shown or handed on for a purpose: by a yes, or by law. One query."""
    return read_consents([client], client.organisation).may_share(client.pk, purpose, content)


def clients_with_consent(clients: ClientQuerySet, purpose: str) -> ClientQuerySet:
    """Those of these clients who have said yes to a purpose."""
    return clients.filter(pk__in=standing(purpose, ConsentState.GIVEN))


def clients_to_share(
    clients: ClientQuerySet, purpose: str, content: Content, organisation: Organisation
) -> ClientQuerySet:
    """Those of these clients of whom `may_share` holds."""
    ground = ground_for(organisation.country, purpose, content)
    if ground is None:
        return clients_with_consent(clients, purpose)
    restricted, objecting = kept_out(purpose)
    clients = clients.exclude(pk__in=restricted).exclude(pk__in=objecting)
    if not ground.yields:
        return clients
    return clients.exclude(pk__in=standing(purpose, ConsentState.WITHDRAWN))


def standing(purpose: str, state: str) -> QuerySet:
    """The keys of the clients for whom this is how a purpose stands; none for UNASKED, of which there may be no row.

    A yes does not stand while the client's data are not used, or the client objects.
    """
    found = Consent.objects.filter(purpose=purpose).newest().filter(state=state)
    if state == ConsentState.GIVEN:
        for out in kept_out(purpose):
            found = found.exclude(client__in=out)
    return found.values("client")


@transaction.atomic
def record_consent(*, client: Client, by: Practitioner, purpose: str, state: str, **said: Any) -> Consent:
    """Put down a yes or a no: `said_on`, `said_by`, `guardian`, `manner` and `taken_by` (else whoever enters it).

    A no closes at once what the yes had opened (consent_closings). The same answer again is no second row.
    ValidationError by field for a day to come, one before the last answer, and a guardian who is nobody.
    """
    client = lock_client(client)
    said = {"said_on": today_in(client.organisation), "taken_by": by, **said}
    last = standing_entry(client, purpose)
    _check_day(client, said["said_on"], last)
    if said.get("said_by", ConsentSaidBy.CLIENT) != ConsentSaidBy.GUARDIAN:
        said["guardian"] = ""
    elif not said.get("guardian", "").strip():
        raise ValidationError({"guardian": _("Say who that is, for example mother.")})
    record_access(LOGGED, [client.pk])
    if last is not None and all(getattr(last, name) == value for name, value in {"state": state, **said}.items()):
        return last
    consent = add_row(client, purpose, by, state=state, **said)
    if state == ConsentState.WITHDRAWN:
        consent_closings.close(client, purpose)
    return consent


@transaction.atomic
def record_consents(
    *, client: Client, by: Practitioner, purposes: Iterable[str], seen: datetime | None, **answer: Any
) -> bool:
    """One answer to several purposes, as `record_consent`: all of them or, where one is refused, none.

    `seen` is the moment of the newest row that the page showed, None where there was none: another answer that came
    since is refused, a page that was sent twice is not. Whether anything was written.
    """
    client = lock_client(client)
    since = client.consents.filter(purpose__in=(purposes := list(purposes)))
    newer = since.filter(recorded_at__gt=seen) if seen else since
    if any(consent.state != answer["state"] for consent in newer):
        raise ValidationError(_("Something newer was entered meanwhile. Look again."), code="meanwhile")
    before = client.consents.count()
    for purpose in purposes:
        record_consent(client=client, by=by, purpose=purpose, **answer)
    return client.consents.count() > before


@transaction.atomic
def correct_consent(*, consent: Consent, reason: str, by: Practitioner) -> Consent:
    """Put a mistaken entry right: what stood before it stands again. The entry stays, with the reason beside it.

    ValidationError for any entry but the one that stands, and without a reason.
    """
    client = lock_client(consent.client)
    last = standing_entry(client, consent.purpose)
    if last is None or last.pk != consent.pk:
        raise ValidationError(_("Something newer was entered meanwhile. Look again."), code="meanwhile")
    if not reason.strip():
        raise ValidationError({"reason": _("Say what was wrong.")})
    made = put_right(consent, client, by, reason=" ".join(reason.split()))
    record_access(LOGGED, [client.pk])
    return made


def put_right(consent: Consent, client: Client, by: Practitioner, **why: Any) -> Consent:
    """Let what stood before the last entry of the locked client stand again."""
    before = entries_of(client, consent.purpose).exclude(pk=consent.pk).last()
    stated = {name: getattr(before or consent, name) for name in STATED}
    if before is None:
        stated["state"] = ConsentState.UNASKED
    made = add_row(client, consent.purpose, by, corrects=consent, **why, **stated)
    if consent.is_given and not made.is_given:
        consent_closings.close(client, consent.purpose)
    return made


def standing_entry(client: Client, purpose: str) -> Consent | None:
    """The last answer that nobody has put right; None where nothing was said."""
    return entries_of(client, purpose).last()


def entries_of(client: Client, purpose: str) -> QuerySet[Consent]:
    """The answers that count, in their order: neither corrections nor what was corrected."""
    return client.consents.filter(purpose=purpose, corrects=None, corrections=None).in_order()


def history_of(client: Client) -> QuerySet[Consent]:
    """Every entry about a person, newest first, with those of records that were merged into this one."""
    found = Consent.objects.filter(client__in=keys_of_all_records(client))
    return found.select_related("taken_by", "recorded_by", "corrects", "client").order_by("-recorded_at")


def _check_day(client: Client, said_on: date, last: Consent | None) -> None:
    if said_on > today_in(client.organisation):
        raise ValidationError({"said_on": _("That day is still to come.")})
    if last is not None and said_on < last.said_on:
        day = date_format(last.said_on, "DATE_FORMAT")
        raise ValidationError(
            {"said_on": _("There is an answer of %(day)s already; an older one does not change it.") % {"day": day}}
        )


def add_row(client: Client, purpose: str, by: Practitioner, **stated: Any) -> Consent:
    """One more row, later than every other of the client's (whose row is locked)."""
    consent = Consent(
        organisation_id=client.organisation_id,
        client=client,
        purpose=purpose,
        recorded_by=by,
        recorded_at=_next_moment(client),
        **stated,
    )
    consent.full_clean(exclude=["organisation", "client"])
    consent.save(force_insert=True)
    return consent


def _next_moment(client: Client) -> datetime:
    """Now, or just after the client's last row where a clock was set back."""
    last = client.consents.in_order().values_list("recorded_at", flat=True).last()
    now = timezone.now()
    return now if last is None or last < now else last + timedelta(microseconds=1)
