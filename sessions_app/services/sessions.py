"""Sessions: started now, recorded afterwards, absences, and the end of the flow."""

import datetime
import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import Client, Episode
from clients.services.episodes import open_episode, services_of
from clients.services.restrictions import refuse_restricted
from organisations.audit.record import record_access
from organisations.database.statements import written_once
from organisations.edits.versions import RowVersion, merge, values_of, write
from organisations.models import Practitioner, Service
from organisations.services.local_day import today_in
from sessions_app.measures.instruments.form_key import ALLIANCE, OUTCOME, FormKey
from sessions_app.models import SKIPPED_COLUMNS, Attendance, ContactForm, Session, Skipped
from sessions_app.services.appointments import agree
from sessions_app.services.forms_due import parts_of_session, ratings_of
from sessions_app.services.locking import lock_countable
from sessions_app.services.pending_answers import attach_ahead
from sessions_app.services.ratings import Answer, note_arrival, record_rating
from sessions_app.services.rhythms import skipped_at_start
from sessions_app.services.summary import lock_episode, measurements_changed
from sessions_app.services.used_ids import refusing_used

FACTS = ("held_on", "attendance", "contact_form")
EARLIEST = datetime.date(1990, 1, 1)  # before feedback-informed treatment: a mistyped year


@transaction.atomic
def episode_for(
    *,
    client: Client,
    by: Practitioner,
    on: datetime.date,
    episode: Episode | None = None,
    service: Service | None = None,
) -> Episode:
    """The chosen episode, or the only open one, or a new one in the team's service; locked.

    ValidationError for an archived client, and on `episode` or `service` when somebody must choose.
    """
    if client.archived_at is not None:
        raise ValidationError(_("This client is archived. Restore the client first."))
    refuse_restricted(client)
    if episode is None:
        found = _first_open(client)
        if not found:
            # Two who start at once must not both open one.
            Client.objects.select_for_update().get(pk=client.pk)
            found = _first_open(client)
        if len(found) > 1:
            raise ValidationError({"episode": _("Choose the episode that the session belongs to.")})
        episode = found[0] if found else _new_episode(client, by, on, service)
    episode = lock_episode(episode.pk)
    if episode.client.merged_into_id is not None:
        raise ValidationError(_("This record was merged with another one meanwhile. Open that one."), code="merged")
    return episode


@written_once
def _first_open(client: Client):
    return Episode.objects.filter(client=client).open()[:2]


def _new_episode(client: Client, by: Practitioner, on: datetime.date, service: Service | None) -> Episode:
    if service is None:
        services = list(services_of(client, by)[:2])
        if len(services) != 1:
            raise ValidationError({"service": _("Choose the service that the episode begins in.")})
        service = services[0]
    return open_episode(client=client, service=service, started_on=on, by=by)


@transaction.atomic
def start_session(
    *,
    client: Client,
    by: Practitioner,
    contact_form: str = ContactForm.IN_PERSON,
    episode: Episode | None = None,
    service: Service | None = None,
    attendance: str = Attendance.ATTENDED,
    practitioner: Practitioner | None = None,
) -> Session:
    """Today's session with a client. An unfinished one is gone on with: a double tap starts one only.

    `practitioner` (else `by`) holds it; `attendance` is EXPECTED for a member of a group who has not come yet.
    A form that the agreed rhythm does not ask for today is left out as not due; it can still be answered.
    """
    today = today_in(by.organisation)
    episode = episode_for(client=client, by=by, on=today, episode=episode, service=service)
    session = next(iter(_begun_today(episode, (practitioner or by).pk, today)), None)
    if session is None:
        session = _stored(
            Session(
                episode=episode,
                practitioner=practitioner or by,
                held_on=today,
                started_at=timezone.now(),
                contact_form=contact_form,
                attendance=attendance,
                **skipped_at_start(client, episode, today),
            )
        )
        attach_ahead(session)
    elif attendance == Attendance.ATTENDED:
        session.episode = episode
        note_arrival(session)
    record_access("session.start", [client.pk])
    return session


@written_once
def _begun_today(episode: Episode, holder: uuid.UUID, today: datetime.date):
    """The holder's own session of today that is not finished; also that of a group's member who is expected."""
    rows = Session.objects.valid().filter(episode=episode, practitioner=holder, held_on=today, finished_at=None)
    present = (Attendance.ATTENDED, Attendance.EXPECTED)
    return rows.filter(started_at__isnull=False, attendance__in=present).order_by("pk")[:1]


@transaction.atomic
def record_absence(
    *,
    client: Client,
    by: Practitioner,
    attendance: str,
    episode: Episode | None = None,
    service: Service | None = None,
) -> Session:
    """Today's appointment that did not take place; it has no forms and is finished at once."""
    if attendance == Attendance.ATTENDED:
        raise ValidationError({"attendance": _("Start a session for a client who came.")})
    today = today_in(by.organisation)
    episode = episode_for(client=client, by=by, on=today, episode=episode, service=service)
    session = _stored(
        Session(
            episode=episode,
            practitioner=by,
            held_on=today,
            attendance=attendance,
            finished_at=timezone.now(),
        )
    )
    record_access("session.absent", [client.pk])
    return session


@transaction.atomic
def record_past_session(
    *,
    client: Client,
    by: Practitioner,
    held_on: datetime.date,
    contact_form: str,
    attendance: str,
    answers: Mapping[str, Answer],
    entry_mode: str,
    skipped: Mapping[str, str],
    submission_id: uuid.UUID,
    words: Mapping[str, Mapping[str, str]] | None = None,
    practitioner: Practitioner | None = None,
    **where,
) -> Session:
    """A session that took place before, held by `practitioner`, else `by`.

    `answers` and `words` (of `record_rating`) by `FormKey.key`, `skipped` by part, `where` as `episode_for`. The form's
    `submission_id` makes a double click harmless. An episode written down as begun later begins that day.
    """
    episode = episode_for(client=client, by=by, on=held_on, **where)
    if (known := Session.objects.filter(pk=submission_id, client=client).first()) is not None:
        return known
    check_held_on(held_on, episode, by)
    session = Session(
        pk=submission_id,
        episode=episode,
        practitioner=practitioner or by,
        held_on=held_on,
        contact_form=contact_form,
        attendance=attendance,
        finished_at=timezone.now(),
        **{SKIPPED_COLUMNS[part]: reason for part, reason in skipped.items()},
    )
    with refusing_used("sessions_app_session_pkey"):
        _stored(session)
    _record_answers(session, answers, words or {}, entry_mode=entry_mode, by=by)
    record_access("session.record_past", [client.pk])
    return session


def _record_answers(session: Session, answers: Mapping[str, Answer], words: Mapping, **how: Any) -> None:
    for key, answer in answers.items():
        given: dict[str, Any] = {"answer": answer, "words": words.get(key), "submission_id": uuid.uuid4()}
        record_rating(session=session, form=FormKey.parse(key), **given, **how)


def check_held_on(held_on: datetime.date, episode: Episode, by: Practitioner) -> None:
    """ValidationError for a day in the future, long ago, or after the episode's end.

    Earlier than the (locked) episode's start: the start moves to that day.
    """
    if held_on > today_in(by.organisation):
        raise ValidationError({"held_on": _("A session cannot be recorded before it is held.")})
    if held_on < EARLIEST:
        raise ValidationError({"held_on": _("That is long ago. Look at the year again.")})
    if episode.ended_on and held_on > episode.ended_on:
        raise ValidationError({"held_on": _("The episode had ended by then. Choose another, or reopen it.")})
    episode.started_on = min(episode.started_on, held_on)  # saved with the summary


def _stored(session: Session) -> Session:
    """Check and save a session of a locked episode, its summary with it."""
    episode = session.episode
    session.client, session.organisation_id = episode.client, episode.organisation_id
    session.time_zone = session.practitioner.organisation.time_zone
    session.full_clean(exclude=["id", "organisation", "client", "episode", "practitioner"])
    session.save(force_insert=True)
    measurements_changed(episode)
    return session


@transaction.atomic
def edit_session(*, session: Session, by: Practitioner, version: RowVersion | None = None, **facts: Any) -> Session:
    """Change when and how a session was held (some of FACTS); ValidationError for an absence that has answers.

    StoredMeanwhile by `version` as in `merge`.
    """
    session = lock_countable(session.pk)
    facts = merge(version, values_of(session, FACTS), facts)
    check_held_on(facts.get("held_on", session.held_on), session.episode, by)
    if facts.get("attendance", session.attendance) != Attendance.ATTENDED and ratings_of(session):
        raise ValidationError({"attendance": _("There are answers, so the client was there.")})
    write(session, facts, exclude=["id", "organisation", "client", "episode", "practitioner"])
    measurements_changed(session.episode)
    record_access("session.edit", [session.client_id])
    return session


@transaction.atomic
def finish_session(
    *,
    session: Session,
    by: Practitioner,
    next_on: datetime.date | None,
    next_at: datetime.time | None,
    skipped: Mapping[str, str],
    next_contact: Practitioner | None = None,
    version: RowVersion | None = None,
) -> Session:
    """The flow's last step: the next appointment (or none yet), which contact person takes it, why a form is missing.

    `skipped` maps parts ("ors", "srs") to Skipped; ValidationError where a missing form has no reason. StoredMeanwhile
    by `version` (of the client's `next_appointment`) as in `merge`.
    """
    session = lock_countable(session.pk)
    # No key of the client changes, so whoever writes down something else of the client need not wait.
    client = Client.objects.select_for_update(no_key=True).get(pk=session.client_id)
    agreed = merge(version, next_appointment(session, client), {"next_on": next_on, "next_at": next_at})
    next_on, next_at = agreed["next_on"], agreed["next_at"]
    for key in missing_forms(session):
        if not skipped.get(key):
            raise ValidationError({SKIPPED_COLUMNS[key]: _("Say why there is none this time.")})
        setattr(session, SKIPPED_COLUMNS[key], Skipped(skipped[key]))
    if next_at and not next_on:
        raise ValidationError({"next_on": _("Choose the day as well.")})
    if next_on and next_on < today_in(by.organisation):
        raise ValidationError({"next_on": _("That day has passed.")})
    if next_contact is not None and next_contact.pk not in (client.contact_id, client.second_contact_id):
        raise ValidationError({"next_contact": _("Choose one of the two contact persons for the next session.")})
    columns = agree(session, client, next_on, next_at)
    Client.objects.filter(pk=client.pk).exclude(next_contact=next_contact).update(next_contact=next_contact)
    session.finished_at = session.finished_at or timezone.now()
    session.save(update_fields=["finished_at", *columns, *SKIPPED_COLUMNS.values()])
    measurements_changed(session.episode)
    record_access("session.finish", [session.client_id])
    return session


def next_appointment(session: Session, client: Client) -> dict[str, Any]:
    """Day and time that are agreed for after the session; a day that has come is the session's own appointment."""
    is_next = client.next_on is not None and client.next_on > session.held_on
    return {"next_on": client.next_on if is_next else None, "next_at": client.next_at if is_next else None}


def missing_forms(session: Session) -> list[str]:
    """Of an attended session's two parts ("ors", "srs") those neither answered nor skipped, in their order."""
    if session.attendance != Attendance.ATTENDED:
        return []
    answered = parts_of_session(session, ratings_of(session))
    return [
        part for part in (OUTCOME, ALLIANCE) if part not in answered and not getattr(session, SKIPPED_COLUMNS[part])
    ]
