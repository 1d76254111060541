"""The register of corrections: what was put right, and what was not and why, with the client's own statement."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from clients.models import Client, Consent, RequestKind, SubjectRequest
from clients.services.merged_records import keys_of_all_records
from sessions_app.models import Rating, Session
from sessions_app.texts.instruments import short_name
from sessions_app.texts.points import points


@dataclass(frozen=True)
class Correction:
    """One entry: on which day, what it was about, what became of it, why, and what the client says to it."""

    on: date
    about: str
    outcome: str
    reason: str = ""
    statement: str = ""
    key: UUID | None = None


def corrections_of(client: Client) -> list[Correction]:
    """The newest first: what the client asked to have put right, and what was put right without a request."""
    keys = keys_of_all_records(client)
    found = [*_asked(keys), *_ratings(client, keys), *_consents(client, keys), *_sessions(client, keys)]
    return sorted(found, key=lambda one: one.on, reverse=True)


def _asked(keys: list[UUID]) -> list[Correction]:
    asked = SubjectRequest.objects.filter(client__in=keys, kind=RequestKind.CORRECTION)
    return [
        Correction(
            one.answered_on or one.arrived_on,
            one.wish or str(one.get_kind_display()),
            str(one.get_decision_display()) if one.decision else _("Waits for a decision"),
            one.reason,
            one.statement,
            one.pk,
        )
        for one in asked
    ]


def _ratings(client: Client, keys: list[UUID]) -> list[Correction]:
    """A rating that another one took the place of; the reason stands with the one that was put in."""
    old = Rating.objects.filter(session__client__in=keys).exclude(superseded_by=None)
    found = []
    for rating in old.select_related("session", "superseded_by"):
        new = rating.superseded_by
        if new is None:
            continue
        words = {"form": short_name(rating.instrument), "before": points(rating.total), "after": points(new.total)}
        said = _("%(form)s: %(before)s became %(after)s") % words
        found.append(Correction(client.organisation.day_of(new.created_at), said, _("Put right"), new.reason))
    return found


def _consents(client: Client, keys: list[UUID]) -> list[Correction]:
    rows = Consent.objects.filter(client__in=keys).exclude(corrects=None)
    return [
        Correction(
            client.organisation.day_of(row.recorded_at), str(row.get_purpose_display()), _("Put right"), row.reason
        )
        for row in rows
    ]


def _sessions(client: Client, keys: list[UUID]) -> list[Correction]:
    rows = Session.objects.filter(client__in=keys, voided_at__isnull=False)
    return [
        Correction(
            client.organisation.day_of(row.voided_at),
            _("A session that was taken out"),
            _("Taken out"),
            row.void_reason,
        )
        for row in rows
        if row.voided_at
    ]
