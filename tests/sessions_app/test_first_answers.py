"""A first answer is locked, read and stored by two statements; in random worlds the general way leaves the same rows.

The general way is the ORM's: `ratings.keep_answer` after `locking.lock_session`. Each world sends five answers; the
5,000 are FIRST_ANSWER_WORLDS=1000 .venv/bin/python -m pytest -q tests/sessions_app/test_first_answers.py
"""

import contextlib
import datetime
import os
import random
import uuid
from unittest import mock

import pytest
from django.apps import apps
from django.db import transaction
from django.utils import timezone

from clients.models import Episode
from organisations.audit import hash_chain, record
from organisations.models import Capability, CapabilityKind, Organisation
from organisations.tenancy.context import tenant
from organisations.tokens import capabilities
from sessions_app.measures.instruments.by_age import forms_for
from sessions_app.measures.instruments.cutoffs import ADULT
from sessions_app.models import Attendance, EntryMode, RatingDraft, Session, Skipped
from sessions_app.services import pending_answers
from sessions_app.services.answered_sessions import lock_answered_session
from sessions_app.services.corrections import correct_rating
from sessions_app.services.forms_due import band_of
from sessions_app.services.ratings import answer_of
from sessions_app.services.summary import refresh_summary
from tests.factories import ClientFactory, EpisodeFactory, RatingFactory, SessionFactory

WORLDS = int(os.environ.get("FIRST_ANSWER_WORLDS", "20"))
ANSWERS, MOST_IDS = 5, 4
RATERS = ("mother", "teacher-2")
FIRST_DAY = datetime.date(2026, 3, 2)
# What differs between two runs of the same: keys drawn at random, moments, and the chain over both.
APART = {"id", "created_at", "updated_at", "at", "used_at", "due_at", "kept_at", "hash", "previous_hash", "seq"}
APART |= {"pgh_id", "pgh_created_at", "pgh_obj_id", "superseded_by_id", "rating_id", "request_id"}


@pytest.mark.parametrize("seed", range(WORLDS))
def test_both_ways_of_storing_answers_leave_the_same_rows(seed, house, ann, service):
    """Repeats, conflicts, late and foreign answers, closed tokens, skipped forms, absences, voided sessions, ages,
    several raters, answers that were corrected, new series by age."""
    rng = random.Random(seed)
    with tenant(house.pk):
        episode = _episode(rng, house, service, ann)
        answers = [_answer(rng, episode) for _ in range(ANSWERS)]
    told, rows = zip(*(_sent(answers, house, first=first) for first in (True, False)), strict=True)
    assert told[0] == told[1]
    assert rows[0] == rows[1]
    assert rows[0]["organisations.accessevent"], "nothing was sent"


def test_a_usual_answer_takes_two_statements(house, ann, service, django_assert_num_queries):
    """The session locked and read with its episode; all of it stored. The access log is written at the end."""
    with tenant(house.pk):
        session = SessionFactory(organisation=house, practitioner=ann, episode=_plain_episode(house, service, ann))
        shown = _token(session, "ors")
    with (
        tenant(house.pk),
        pending_answers.acting_for(shown, "request"),
        django_assert_num_queries(2),
    ):
        pending_answers.submit_answer(capability=shown, marks=[10, 20, 30, 40], submission_id=uuid.uuid4())


def test_a_session_of_another_organisation_is_neither_locked_nor_read(house, elsewhere, ann, service):
    with tenant(house.pk):
        session = SessionFactory(organisation=house, practitioner=ann, episode=_plain_episode(house, service, ann))
        assert lock_answered_session(session.pk).session == session
    with tenant(elsewhere.pk):
        assert lock_answered_session(session.pk) is None


def _plain_episode(house, service, ann, **client):
    return EpisodeFactory(
        organisation=house, service=service, client=ClientFactory(organisation=house, contact=ann, **client)
    )


def _episode(rng, house, service, ann):
    """Up to six sessions of a client of any age, as they may stand: absent, taken out, skipped, half answered."""
    episode = _plain_episode(house, service, ann, birth_year=rng.choice([None, 1980, 2010, 2016, 2022]))
    voided = set()
    for number in range(rng.randint(1, 6)):
        session = SessionFactory(
            organisation=house,
            practitioner=ann,
            episode=episode,
            held_on=FIRST_DAY + datetime.timedelta(days=rng.choice([0, 7]) * number),
            attendance=rng.choices(list(Attendance), weights=[6, *[1] * (len(Attendance) - 1)])[0],
            outcome_skipped=rng.choice(["", "", "", Skipped.NOT_DUE]),
            alliance_skipped=rng.choice(["", "", Skipped.NOT_DUE]),
        )
        if rng.random() < 0.15:
            Session.objects.filter(pk=session.pk).update(voided_at=timezone.now(), voided_by=ann, void_reason="twice")
            voided.add(session.pk)
        for form in forms_for(band_of(session), RATERS):
            if rng.random() < 0.4:
                marks = _marks(rng, form)
                total = sum(marks) if form.instrument.scored else None
                rating = RatingFactory(
                    organisation=house,
                    session=session,
                    instrument=form.instrument_key,
                    marks=marks,
                    total=total,
                    rater=form.rater,
                )
                if session.pk not in voided and rng.random() < 0.2:
                    _correct(rng, rating, form, ann)
    if rng.random() < 0.2:
        Episode.objects.filter(pk=episode.pk).update(new_series=[[str(FIRST_DAY + datetime.timedelta(days=10)), ADULT]])
        episode.refresh_from_db()
    refresh_summary(episode)
    return episode


def _correct(rng, rating, form, by):
    marks = _marks(rng, form)
    if marks != rating.marks:
        with record.recorded(organisation_id=by.organisation_id, request_id="world"):
            answer = answer_of(marks, scored=form.instrument.scored)
            correct_rating(rating=rating, answer=answer, reason="misread", by=by)


def _marks(rng, form):
    few = (0, 37, 74, 100) if form.instrument.scored else (1, 2, 3)
    return [rng.choice(few) for _item in form.instrument.items]


def _token(session, detail, **columns):
    token = capabilities.mint(
        kind=columns.pop("kind", CapabilityKind.HANDOVER),
        organisation_id=session.organisation_id,
        object_id=session.pk,
        detail=detail,
        lifetime=datetime.timedelta(days=1),
    )
    shown = capabilities.opened_by(token)
    Capability.objects.filter(pk=shown.pk).update(**columns)
    shown.refresh_from_db()
    return shown


def _answer(rng, episode):
    """(token's row, what is sent): one of few sessions, forms, marks and keys, so that some meet each other."""
    session = rng.choice(list(episode.sessions.order_by("held_on", "pk")))
    form = rng.choice(forms_for(band_of(session), RATERS))
    now = timezone.now()
    columns = {
        "kind": rng.choice([CapabilityKind.HANDOVER, CapabilityKind.LINK]),
        "revoked_at": rng.choice([None, None, None, now]),
        "expires_at": now + datetime.timedelta(days=rng.choice([1, 1, -1])),
        "handover": rng.choice([None, uuid.UUID(int=7)]),
    }
    if rng.random() < 0.3 and not RatingDraft.objects.filter(session=session, instrument=form.instrument_key):
        RatingDraft.objects.create(
            organisation_id=session.organisation_id,
            session=session,
            instrument=form.instrument_key,
            rater=form.rater,
            marks=[None] * len(form.instrument.items),
            entry_mode=EntryMode.DEVICE,
        )
    sent = {
        "marks": _marks(rng, form),
        "submission_id": uuid.UUID(int=rng.randint(1, MOST_IDS)),
        "foreign": rng.random() < 0.1,
        "language": rng.choice(["da", "en"]),
        "pack": rng.choice(["", "somebody@1"]),
        "device_time": rng.choice(["", "2026-06-10T12:00:00+02:00"]),
    }
    return _token(session, form.key, **columns), sent


def _sent(answers, house, *, first):
    """What became of each answer, and every row of the organisation afterwards; nothing of it stays."""
    general = mock.patch.object(pending_answers, "submit_first_answer", lambda **given: False)
    with transaction.atomic():
        with tenant(house.pk), contextlib.nullcontext() if first else general:
            told = [_submit(shown.pk, sent) for shown, sent in answers]
            assert list(hash_chain.faults_of(Organisation.objects.get(pk=house.pk), {})) == []
            rows = {model._meta.label_lower: _rows(model, house) for model in _tenant_models()}
        transaction.set_rollback(True)
    return told, rows


def _submit(key, sent):
    shown = Capability.objects.get(pk=key)
    with pending_answers.acting_for(shown, "request"):
        return pending_answers.submit_answer(capability=shown, **sent)


def _tenant_models():
    return [
        model
        for model in apps.get_models()
        if model._meta.managed and any(field.attname == "organisation_id" for field in model._meta.concrete_fields)
    ]


def _rows(model, house):
    """Every row's columns but those APART, in an order of their own; an id that we drew ourselves counts as drawn."""
    names = [field.attname for field in model._meta.concrete_fields if field.attname not in APART]
    rows = model._default_manager.filter(organisation_id=house.pk).values(*names)
    return sorted(repr(row | {"submission_id": _sent_id(row)}) for row in rows)


def _sent_id(row):
    sent = row.get("submission_id")
    return sent if sent is None or sent.int <= MOST_IDS else "drawn"
