"""Studies for the tests: what is typed for one, clients who have said yes, and what a worker does afterwards."""

from contextlib import contextmanager

from clients.models import ConsentPurpose, ConsentState
from clients.services.consents import record_consent
from organisations.audit import record
from organisations.models import Outbox
from organisations.tenancy.context import tenant
from sessions_app import tasks
from sessions_app.services.studies import open_study, plan_study
from sessions_app.services.study_answers import RELEASE
from tests.factories import ClientFactory, EpisodeFactory

YES = ConsentState.GIVEN


@contextmanager
def acting(by):
    """The organisation of somebody, and an access log to write to."""
    with tenant(by.organisation_id), record.recorded(organisation_id=by.organisation_id, request_id="test"):
        yield


def fields(today, **other):
    """What is typed for a study of two arms that runs today."""
    return {
        "name": "Does feedback help?",
        "purpose": "To see whether clients do better who look at their curves.",
        "criteria": "New adult clients.",
        "protocol": "Lots are drawn. WHO-5 is answered every four weeks.",
        "approver": "Ethics committee",
        "approval_reference": "N-1",
        "starts_on": today,
        "ends_on": today,
        "unit": "clients",
        "by_service": False,
        "by_age": False,
        "by_intake": False,
        "is_blinded": False,
        "who5_weeks": 4,
        "arm_1": "With feedback",
        "arm_1_feedback": True,
        "arm_1_weight": 1,
        "arm_2": "As usual",
        "arm_2_feedback": False,
        "arm_2_weight": 1,
        "arm_3": "",
        "arm_3_feedback": False,
        "arm_3_weight": 1,
        **other,
    }


def study_of(ada, today, **other):
    """A study that is open, of an administrator."""
    with acting(ada):
        return open_study(study=plan_study(by=ada, **fields(today, **other)), by=ada)


def new_client(by, **other):
    """A client of somebody's team with open help who has said yes to research."""
    team = by.teams.get()
    client = ClientFactory(organisation=by.organisation, teams=[team], **{"contact": by, **other})
    EpisodeFactory(organisation=by.organisation, client=client, service=team.service)
    record_consent(client=client, by=by, purpose=ConsentPurpose.RESEARCH, state=YES)
    return client


def works(organisation):
    """What the relay and a worker do with the answers that are released."""
    with tenant(organisation.pk):
        rows = list(Outbox.objects.filter(task=RELEASE, done_at=None))
    for row in rows:
        ids = {"outbox_id": row.pk, "organisation_id": row.organisation_id, "object_id": row.object_id}
        tasks.release_study_answers(**{name: str(value) for name, value in ids.items()})
