"""One code for a whole group: all open the same page with it, and each only their own form, by a number."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from organisations.audit.record import record_access
from organisations.models import Capability, CapabilityKind, Practitioner
from organisations.tokens import capabilities
from organisations.web import rate_limits
from sessions_app.models import GroupMeeting, GroupMember
from sessions_app.services.group_meetings import MemberPart, forms_at
from sessions_app.services.handover import FORM_OPEN_FOR
from sessions_app.services.links import open_link

OPEN_FOR = timedelta(hours=4)
DIGITS = 6
# Any two numbers of a group differ in so many places: a slip of a finger, or two digits that are swapped, open
# nobody else's form.
APART = 3
# Wrong numbers at one code, wherever they come from: a group of 30 mistypes less. Whoever guesses for the whole four
# hours tries 720 of a million numbers.
GUESSES = rate_limits.Limit("group-number", at_most=30, seconds=600)


@dataclass(frozen=True)
class Door:
    """A code as its page shows it, once: the token that all share, and each participant's number."""

    token: str
    numbers: Sequence[tuple[MemberPart, str]]


@dataclass(frozen=True)
class Progress:
    """How far a participant is with a form on their own device."""

    has_number: bool = False
    opened_at: datetime | None = None
    started_at: datetime | None = None


@transaction.atomic
def open_door(*, meeting: GroupMeeting, part: str, parts: Sequence[MemberPart], by: Practitioner) -> Door | None:
    """A code for the outcome ("ors") or alliance ("srs") forms that `parts` still wait for; None if there are none.

    It opens for four hours. Earlier codes and numbers of the same meeting and part are closed.
    """
    GroupMeeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    waiting = [one for one in parts if one.waits_for(part)]
    if not waiting:
        return None
    _close(meeting, part)
    token = capabilities.mint(
        kind=CapabilityKind.GROUP,
        organisation_id=meeting.organisation_id,
        object_id=meeting.pk,
        detail=part,
        lifetime=OPEN_FOR,
    )
    numbers = list(zip(waiting, draw_numbers(len(waiting)), strict=True))
    Capability.objects.bulk_create(
        Capability(
            token_hash=capabilities.hash_of(_secret(token, number)),
            kind=CapabilityKind.NUMBER,
            organisation_id=meeting.organisation_id,
            object_id=one.member.pk,
            detail=part,
            expires_at=timezone.now() + OPEN_FOR,
        )
        for one, number in numbers
    )
    record_access("group.code", [one.client.pk for one in waiting], purpose=part)
    return Door(token, numbers)


@transaction.atomic
def close_door(*, meeting: GroupMeeting, part: str, clients: Sequence[UUID], by: Practitioner) -> None:
    """Nobody comes in by the code any more; a form that is open already can be finished."""
    _close(meeting, part)
    record_access("group.code_close", clients, purpose=part)


def enter(*, door: Capability, token: str, number: str) -> str:
    """A token for the form of whoever has the number, on the device that asks; earlier ones of it are closed.

    ValidationError for a number that is nobody's, which counts as a guess, and for a form that is answered or gone.
    """
    found = capabilities.find(_secret(token, number), CapabilityKind.NUMBER)
    closed = ValidationError(
        {"number": _("The form of this number is closed: it has been answered, or is no longer needed.")}, code="closed"
    )
    if found is None:
        GUESSES.spend(str(capabilities.public_id(door)))
        raise ValidationError({"number": _("No form is open for this number. Look at it again.")}, code="unknown")
    if found.revoked_at is not None:
        raise closed
    try:
        session = GroupMember.objects.select_related("session").get(pk=found.object_id).session
        form = forms_at(session)[found.detail]
        opened = open_link(session=session, form=form, way="group", lifetime=FORM_OPEN_FOR)
    except (ValidationError, KeyError) as error:
        raise closed from error
    Capability.objects.filter(pk=found.pk, opened_at=None).update(opened_at=timezone.now())
    return opened


def doors_of(meeting: GroupMeeting) -> dict[str, datetime]:
    """Until when a code of the meeting is open, by the part that it is for."""
    rows = _rows(CapabilityKind.GROUP, [meeting.pk]).filter(expires_at__gt=timezone.now())
    return dict(rows.values_list("detail", "expires_at"))


def progress_of(parts: Sequence[MemberPart]) -> dict[tuple[UUID, str], Progress]:
    """Return how far each participant (member id) is with each part's own form; one query."""
    forms = {(one.session.pk, form.key): (one.member.pk, key) for one in parts for key, form in one.forms.items()}
    numbers = _rows(CapabilityKind.NUMBER, [one.member.pk for one in parts])
    rows = numbers | _rows(CapabilityKind.LINK, [one.session.pk for one in parts])
    found: dict[tuple[UUID, str], Progress] = {}
    for row in rows.filter(expires_at__gt=timezone.now()).order_by("created_at"):
        about = forms.get((row.object_id, row.detail), (row.object_id, row.detail))
        before = found.get(about, Progress())
        found[about] = Progress(
            row.kind == CapabilityKind.NUMBER or before.has_number,
            row.opened_at or before.opened_at,
            row.started_at or before.started_at,
        )
    return found


def draw_numbers(count: int) -> list[str]:
    """So many numbers of six digits, any two of which differ in at least three places."""
    drawn: list[str] = []
    while len(drawn) < count:
        number = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        if all(sum(a != b for a, b in zip(number, other, strict=True)) >= APART for other in drawn):
            drawn.append(number)
    return drawn


def _secret(token: str, number: str) -> str:
    """What is stored of a number, as a hash: with the code's token, so that the stored hash alone gives none away."""
    return f"{token}.{number}"


def _close(meeting: GroupMeeting, part: str) -> None:
    members = GroupMember.objects.filter(meeting=meeting).values("pk")
    about = Q(kind=CapabilityKind.GROUP, object_id=meeting.pk) | Q(kind=CapabilityKind.NUMBER, object_id__in=members)
    Capability.objects.filter(about, detail=part, revoked_at=None).update(revoked_at=timezone.now())


def _rows(kind: CapabilityKind, about):
    return Capability.objects.filter(kind=kind, object_id__in=list(about), revoked_at=None)
