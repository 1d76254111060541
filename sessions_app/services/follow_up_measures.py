"""Measures some months after an episode ended: planned, sent to the client's own device, answered, cancelled.

None of them is a session: they stand beside the episode, and neither its course nor any result counts them.
"""

import calendar
import datetime
import uuid
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import Client, Episode
from clients.services.restrictions import refuse_restricted
from organisations.audit.record import record_access
from organisations.database.statements import written_once
from organisations.models import Capability, CapabilityKind, Practitioner
from organisations.tokens import capabilities
from organisations.web import news
from sessions_app.measures.instruments.form_key import OUTCOME, FormKey
from sessions_app.models import FollowUpMeasure, FollowUpMeasureQuerySet
from sessions_app.services.forms_due import forms_of_client
from sessions_app.services.handover import close_earlier
from sessions_app.services.ratings import Receipt
from sessions_app.services.summary import lock_episode

MONTHS = (3, 6)
LINK_OPEN_FOR = timedelta(days=14)
ANSWERS_SHOWN_FOR = timedelta(days=7)
MOST_SEEN = 50
"""So many stand on Today, those that are due first; the others follow once these are seen to."""


def form_of(client: Client) -> FormKey | None:
    """The client's own outcome form; None where somebody else marks for a small child, or it has no score."""
    forms = (one for one in forms_of_client(client, ()) if one.part == OUTCOME and one.by_client)
    return next((one for one in forms if one.instrument.scored), None)


def due_day(ended_on: datetime.date, months: int) -> datetime.date:
    """The same day so many months later, or that month's last one."""
    year, month = divmod(ended_on.year * 12 + ended_on.month - 1 + months, 12)
    return datetime.date(year, month + 1, min(ended_on.day, calendar.monthrange(year, month + 1)[1]))


@transaction.atomic
def plan_measures(*, episode: Episode, months: Iterable[int], email: str, by: Practitioner) -> list[FollowUpMeasure]:
    """Plan measures of an ended episode; those that are planned already stay. ValidationError while it is open."""
    episode = lock_episode(episode.pk)
    if episode.ended_on is None:
        raise ValidationError(_("The episode goes on: a follow-up comes after its end."))
    form = form_of(episode.client)
    if form is None:
        raise ValidationError(_("There is no form of the client's own to follow up with."))
    standing = set(episode.follow_up_measures.filter(cancelled_at=None).values_list("months", flat=True))
    record_access("follow_up.plan", [episode.client_id])
    return [
        FollowUpMeasure.objects.create(
            organisation_id=episode.organisation_id,
            episode=episode,
            months=number,
            due_on=due_day(episode.ended_on, number),
            instrument=form.instrument_key,
            email=email,
            planned_by=by,
        )
        for number in sorted(set(months) - standing)
    ]


@transaction.atomic
def open_link(*, measure: FollowUpMeasure, way: str, by: Practitioner) -> str:
    """The address of the form, open for two weeks; an earlier one closes. ValidationError if it is answered or off."""
    measure = _locked(measure)
    if measure.answered_at or measure.cancelled_at:
        raise ValidationError(_("This follow-up is answered or cancelled."))
    refuse_restricted(measure.episode.client)
    return _address(measure, way=way)


def _address(measure: FollowUpMeasure, *, way: str) -> str:
    form = FormKey(measure.instrument)
    close_earlier(object_id=measure.pk, kind=CapabilityKind.FOLLOW_UP, form=form)
    record_access("follow_up.link", [measure.episode.client_id], purpose=f"{form.key} {way}")
    token = capabilities.mint(
        kind=CapabilityKind.FOLLOW_UP,
        organisation_id=measure.organisation_id,
        object_id=measure.pk,
        detail=form.key,
        lifetime=LINK_OPEN_FOR,
    )
    measure.sent_at = timezone.now()
    measure.save(update_fields=["sent_at"])
    return settings.SITE_URL + reverse("rating-form", args=[token])


@transaction.atomic
def cancel_measure(*, measure: FollowUpMeasure, by: Practitioner) -> None:
    """It is not asked for any more, and its link closes; one that is answered stays."""
    measure = _locked(measure)
    if measure.answered_at is None and measure.cancelled_at is None:
        _cancel(FollowUpMeasure.objects.filter(pk=measure.pk), by)
    record_access("follow_up.cancel", [measure.episode.client_id])


@transaction.atomic
def resume_measure(*, measure: FollowUpMeasure, by: Practitioner) -> None:
    """It is asked for after all; ValidationError where another one is planned for the same month since."""
    measure = _locked(measure)
    others = FollowUpMeasure.objects.filter(episode=measure.episode_id, months=measure.months, cancelled_at=None)
    if measure.cancelled_at is not None:
        if others.exists() or measure.episode.ended_on is None:
            raise ValidationError(_("Another follow-up is planned, or the episode is open again."))
        measure.cancelled_at = measure.cancelled_by = None
        measure.save(update_fields=["cancelled_at", "cancelled_by"])
    record_access("follow_up.resume", [measure.episode.client_id])


def cancel_all(episode: Episode, by: Practitioner) -> None:
    """A locked episode goes on: nothing is measured after its end, unless it was answered."""
    _cancel(FollowUpMeasure.objects.filter(episode=episode, answered_at=None, cancelled_at=None), by)


def _cancel(rows: FollowUpMeasureQuerySet, by: Practitioner) -> None:
    keys = list(rows.values_list("pk", flat=True))
    forms = Capability.objects.filter(kind=CapabilityKind.FOLLOW_UP, object_id__in=keys)
    capabilities.close_unanswered(forms)
    rows.update(cancelled_at=timezone.now(), cancelled_by=by, email="")


def keep_answer(capability: Capability, *, marks: Sequence[int], submission_id: uuid.UUID, **facts: Any) -> Receipt:
    """Keep what the client marked; the same again changes nothing, and other marks do not take its place.

    `facts` are columns of the measure. Also of one that was cancelled meanwhile: an answer is never lost.
    """
    measure = FollowUpMeasure.objects.select_for_update(of=("self",)).select_related("episode__client")
    stored = measure.get(pk=capability.object_id)
    record_access("follow_up.answer", [stored.episode.client_id])
    if stored.answered_at is not None:
        return Receipt.REPEATED if stored.marks == list(marks) else Receipt.TOO_MANY
    now = timezone.now()
    values = {
        "marks": list(marks),
        "total": sum(marks),
        "submission_id": submission_id,
        "answered_at": now,
        "email": "",
    }
    values["late"] = capability.expires_at <= now
    FollowUpMeasure.objects.filter(pk=stored.pk).update(**values, **facts)
    Capability.objects.filter(pk=capability.pk, used_at=None).update(used_at=now)
    client = stored.episode.client
    news.tell(key for key in (client.contact_id, client.second_contact_id) if key is not None)
    return Receipt.SAVED


def measures_to_see(by: Practitioner, today: datetime.date) -> list[FollowUpMeasure]:
    """What stands on a person's Today: measures that are due and not sent, and fresh answers.

    Of clients whose contact person they are, and of their teams' clients who have none that works here.
    """
    return _to_see(by, today, timezone.now())


@written_once
def _to_see(by: Practitioner, today: datetime.date, now: datetime.datetime):
    path = "episode__client__"
    mine = Q(**{f"{path}contact": by.pk}) | Q(**{f"{path}second_contact": by.pk})
    nobodys = Q(**{f"{path}contact": None}) | Q(**{f"{path}contact__is_active": False})
    seen = FollowUpMeasure.objects.visible_to(by).filter(mine | nobodys)
    fresh = Q(answered_at__gt=now - ANSWERS_SHOWN_FOR)
    unsent = Q(pk__in=FollowUpMeasure.objects.due(today).filter(sent_at=None).values("pk"))
    return seen.filter(fresh | unsent).select_related("episode__client").order_by("due_on", "pk")[:MOST_SEEN]


def _locked(measure: FollowUpMeasure) -> FollowUpMeasure:
    """The measure under its lock, after that of its episode."""
    lock_episode(measure.episode_id)
    rows = FollowUpMeasure.objects.select_for_update(of=("self",)).select_related("episode__client")
    return rows.get(pk=measure.pk)
