"""A study with participants who agreed, and the worker that makes its files."""

import datetime
import io
import random
import uuid
import zipfile
from itertools import product

import pytest
from django.utils import timezone

from clients.models import Consent, ConsentPurpose, ConsentState
from organisations.audit import record
from organisations.models import Outbox
from organisations.tenancy.context import tenant
from reports import tasks
from sessions_app.models import (
    ExportColumn,
    Rating,
    Session,
    Study,
    StudyAllocation,
    StudyArm,
    StudyExport,
    StudyParticipant,
    StudySecrets,
)
from sessions_app.services import study_exports
from tests.results_rows import add_episodes

YES, NO = ConsentState.GIVEN, ConsentState.WITHDRAWN
PURPOSE = "Does feedback help?"


def make_study(by, name="Trial"):
    """An open study with two arms."""
    own = {"organisation": by.organisation}
    with tenant(by.organisation_id):
        study = Study.objects.create(
            **own,
            name=name,
            purpose="Whether feedback helps",
            criteria="Adults",
            protocol="Lots are drawn",
            approver="The committee",
            approval_reference="H-26000001",
            starts_on=datetime.date(2024, 1, 1),
            ends_on=datetime.date(2027, 1, 1),
            created_by=by,
            opened_by=by,
            opened_at=timezone.now(),
        )
        StudySecrets.objects.create(**own, study=study)
        for place, arm in enumerate(("Feedback", "As usual")):
            StudyArm.objects.create(**own, study=study, name=arm, place=place, letter="BA"[place])
    return study


def say(by, clients, state, purpose=ConsentPurpose.RESEARCH):
    """What these clients answer, as rows."""
    with tenant(by.organisation_id):
        Consent.objects.bulk_create(
            Consent(
                organisation=by.organisation,
                client_id=client,
                purpose=purpose,
                state=state,
                said_on=datetime.date(2024, 3, 4),
                taken_by=by,
                recorded_by=by,
                recorded_at=timezone.now(),
            )
            for client in clients
        )


def enrol(study, by, episodes, practitioners=()):
    """The clients of these episodes agree and are put to the arms by turns, each with a practitioner by turns."""
    own = {"organisation": by.organisation, "study": study}
    say(by, [one.client_id for one in episodes], YES)
    with tenant(by.organisation_id):
        arms = list(study.arms.all())
        consents = {one.client_id: one for one in Consent.objects.newest()}
        first = study.allocations.count()
        allocations = [
            StudyAllocation(**own, place=first + number, arm=arms[number % 2], client_id=one.client_id, allocated_by=by)
            for number, one in enumerate(episodes)
        ]
        StudyAllocation.objects.bulk_create(allocations)
        StudyParticipant.objects.bulk_create(
            StudyParticipant(
                **own,
                client_id=one.client_id,
                episode=one,
                practitioner=practitioners[number // 2 % len(practitioners)] if practitioners else None,
                assessed_by=by,
                consent=consents[one.client_id],
                allocation=allocations[number],
                enrolled_at=timezone.now() - datetime.timedelta(days=200),
            )
            for number, one in enumerate(episodes)
        )


def add_sessions(by, episodes, seed=1):
    """Five more measured sessions of each, some without a form, and one that nobody came to."""
    rng, own = random.Random(seed), {"organisation": by.organisation}
    sessions, ratings = [], []
    for episode, number in product(episodes, range(1, 6)):
        session = Session(
            **own,
            client_id=episode.client_id,
            episode=episode,
            practitioner=by,
            held_on=episode.started_on + datetime.timedelta(days=7 * number + rng.randrange(5)),
            time_zone="Europe/Copenhagen",
            attendance="no_show" if number == 4 else "attended",
            alliance_skipped="declined" if number == 2 else "",
        )
        sessions.append(session)
        marks = [rng.randrange(101) for _ in range(4)]
        for instrument in {4: (), 2: ("ors",)}.get(number, ("ors", "srs")):
            answer = {"marks": marks, "total": sum(marks), "submission_id": uuid.uuid4(), "entry_mode": "device"}
            ratings.append(Rating(**own, session=session, instrument=instrument, **answer))
    with tenant(by.organisation_id):
        Session.objects.bulk_create(sessions)
        Rating.objects.bulk_create(ratings)


def ask(study, by, columns=ExportColumn.values, recipient="Prof. Nord, the university"):
    """An export that was asked for by the service."""
    with tenant(by.organisation_id), record.recorded(organisation_id=by.organisation_id, request_id="test"):
        return study_exports.ask_for_export(study=study, purpose=PURPOSE, recipient=recipient, columns=columns, by=by)


def agree(export, by, agrees=True):
    """A second person decides, by the service."""
    with tenant(by.organisation_id), record.recorded(organisation_id=by.organisation_id, request_id="test"):
        study_exports.decide_export(export=export, agrees=agrees, by=by)


def work(organisation):
    """What the relay and a worker do with what was asked for."""
    with tenant(organisation.pk):
        rows = list(Outbox.objects.filter(task=study_exports.MAKE_EXPORT, done_at=None))
    for row in rows:
        ids = {"outbox_id": row.pk, "organisation_id": row.organisation_id, "object_id": row.object_id}
        tasks.make_study_export(**{name: str(value) for name, value in ids.items()})


def again(export):
    """An export as it is stored now."""
    with tenant(export.organisation_id):
        return StudyExport.objects.get(pk=export.pk)


def made(study, by, other, **choices):
    """An export that was asked for, agreed to and made, and its files by name."""
    export = ask(study, by, **choices)
    agree(export, other)
    work(by.organisation)
    export = again(export)
    assert export.step == "ready", export.fault
    with zipfile.ZipFile(io.BytesIO(bytes(export.content))) as archive:
        return export, {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def study(ada):
    return make_study(ada)


@pytest.fixture
def episodes(ann, ben, lea, service, red_team, study, ada):
    """Sixty-four participants of several ages, endings and lengths, with sessions."""
    rng = random.Random(7)
    found = []
    for group in range(8):
        ages, endings = (25, 43, 50, 65), ("planned", "planned", "unplanned", "moved")
        pairs = [(rng.randrange(80, 320), rng.randrange(100, 400)) for _ in range(7)] + [(180, None)]
        found += add_episodes(
            ann,
            service,
            pairs,
            team=red_team,
            contact=ann,
            age_at_intake=ages[group % 4],
            ending=endings[group % 4],
            started_on=datetime.date(2024, 1, 8) + datetime.timedelta(days=17 * group),
        )
    with tenant(ann.organisation_id):
        for one in found:
            if one.ended_on:
                one.ended_on = one.started_on + datetime.timedelta(days=rng.randrange(30, 400))
                one.save(update_fields=["ended_on"])
    add_sessions(ann, found)
    enrol(study, ada, found, (ann, ben, lea))
    return found
