"""The wall between organisations holds in the database itself."""

import pytest
from django.apps import apps
from django.db import IntegrityError, ProgrammingError, connection, transaction

from clients.models import (
    Client,
    ClientBlock,
    ClientMerge,
    ClientTeam,
    Consent,
    Erasure,
    ErasureNotice,
    HeldBackPassage,
    LegalHold,
    PairMessage,
    Restriction,
    SubjectRequest,
    Transfer,
)
from organisations.database.rls import composite_keys, is_tenant_model
from organisations.history.privacy import own_models
from organisations.history.tracking import is_event_model
from organisations.models import AccessEvent, AccessHead, DetachedAccesses, EmptiedAccess, OperatorAct, Practitioner
from organisations.tenancy.context import GLOBAL_TABLES, activate, as_user, tenant
from sessions_app.models import (
    AlertStep,
    ConflictingAnswer,
    EmergencyAccess,
    FollowUpMeasure,
    Goal,
    GroupMeeting,
    GroupMember,
    MeasureValue,
    OpenedCase,
    PendingAnswer,
    PlanEvaluation,
    PrintedSheet,
    PublishedCourse,
    QuestionReply,
    Rating,
    Session,
    SessionDecision,
    Study,
    StudyAllocation,
    StudyAmendment,
    StudyAnswer,
    StudyParticipant,
    StudySecrets,
    SupervisionCase,
    TeamMeeting,
    TeamMeetingCase,
    TeamQuestion,
    TrajectoryFit,
)
from tests.factories import (
    ClientFactory,
    OrganisationFactory,
    PractitionerFactory,
    RatingFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db
TENANT_MODELS = [
    model for model in apps.get_models() if is_tenant_model(model) and model._meta.db_table not in GLOBAL_TABLES
]

ONLY_GROW = {
    AccessEvent,
    AlertStep,
    Consent,
    EmptiedAccess,
    DetachedAccesses,
    Erasure,
    MeasureValue,
    OperatorAct,
    PrintedSheet,
    PublishedCourse,
    StudyAllocation,
    StudyAmendment,
    StudySecrets,
    TrajectoryFit,
}  # and every table of the history
NEVER_DELETED = {
    AccessHead,
    ClientBlock,
    ClientMerge,
    ConflictingAnswer,
    EmergencyAccess,
    ErasureNotice,
    FollowUpMeasure,
    Goal,
    GroupMeeting,
    GroupMember,
    HeldBackPassage,
    LegalHold,
    OpenedCase,
    PairMessage,
    PendingAnswer,
    PlanEvaluation,
    Rating,
    Restriction,
    Session,
    SessionDecision,
    Study,
    StudyAnswer,
    StudyParticipant,
    SubjectRequest,
    TeamMeeting,
    TeamMeetingCase,
    TeamQuestion,
    QuestionReply,
    SupervisionCase,
    Transfer,
}


def rows(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def test_the_application_runs_as_a_role_that_row_security_binds():
    assert rows("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user") == [(False,)]


def test_every_table_is_walled_or_named_as_global_with_its_reason():
    walled = {
        name
        for (name,) in rows(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace "
            "AND relrowsecurity AND relforcerowsecurity"
        )
    }
    parts = {name for (name,) in rows("SELECT relname FROM pg_class WHERE relispartition AND relkind IN ('r', 'p')")}
    tables = {name for (name,) in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    assert tables - walled == set(GLOBAL_TABLES)
    assert {model._meta.db_table for model in TENANT_MODELS} == walled - parts


def test_every_key_to_a_tenant_table_is_composite():
    constraints = {name for (name,) in rows("SELECT conname FROM pg_constraint WHERE contype = 'f'")}
    wanted = {name for model in TENANT_MODELS for name, _, _ in composite_keys(model)}
    assert wanted
    assert wanted <= constraints


def test_without_a_tenant_there_are_no_rows_and_with_one_only_its_own():
    here, there = OrganisationFactory(), OrganisationFactory()
    with tenant(here.pk):
        mine = ClientFactory(organisation=here)
    with tenant(there.pk):
        ClientFactory(organisation=there)
        assert not Client.objects.filter(pk=mine.pk).exists()
        assert Client.objects.filter(pk=mine.pk).update(first_name="taken") == 0
    assert Client.objects.count() == 0
    with tenant(here.pk):
        assert [client.pk for client in Client.objects.all()] == [mine.pk]


def test_a_row_of_another_organisation_cannot_be_written():
    here, there = OrganisationFactory(), OrganisationFactory()
    with tenant(here.pk), pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        ClientFactory(organisation=there)


def test_a_child_cannot_point_into_another_organisation():
    here, there = OrganisationFactory(), OrganisationFactory()
    with tenant(there.pk):
        theirs = ClientFactory(organisation=there)
    with tenant(here.pk):
        team = TeamFactory(organisation=here)
        with pytest.raises(IntegrityError, match="same_org"), transaction.atomic():
            ClientTeam.objects.create(organisation=here, client=theirs, team=team)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_same_reference_may_stand_in_two_organisations():
    for organisation in (OrganisationFactory(), OrganisationFactory()):
        with tenant(organisation.pk):
            ClientFactory(organisation=organisation, reference="A-1")


def test_a_user_finds_their_own_practitioner_rows_before_a_tenant_is_chosen():
    here, there = OrganisationFactory(), OrganisationFactory()
    with tenant(here.pk):
        ann = PractitionerFactory(organisation=here)
    with tenant(there.pk):
        PractitionerFactory(organisation=there, user=ann.user)
        PractitionerFactory(organisation=there)
    with as_user(ann.user_id):
        assert Practitioner.objects.count() == 2
        activate(here.pk)
        assert [found.pk for found in Practitioner.objects.all()] == [ann.pk]
        activate(None)
    assert Practitioner.objects.count() == 0


def test_tenants_nest_and_an_error_leaves_the_outer_one():
    here, there = OrganisationFactory(), OrganisationFactory()
    with tenant(here.pk):
        ClientFactory(organisation=here)
        with pytest.raises(ValueError, match="oops"), tenant(there.pk):
            raise ValueError("oops")
        assert Client.objects.count() == 1


@pytest.mark.parametrize("change", ["UPDATE {} SET action = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_access_log_only_grows(change):
    organisation = OrganisationFactory()
    with tenant(organisation.pk):
        AccessEvent.objects.create(
            organisation=organisation, role="system", action="test", client_ids=[], purpose="", request_id="-"
        )
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            rows(change.format("organisations_accessevent"))


def test_a_stored_rating_changes_only_by_being_superseded():
    organisation = OrganisationFactory()
    with tenant(organisation.pk):
        rating = RatingFactory(organisation=organisation)
        rating.total = 390
        with pytest.raises(Exception, match="Cannot update rows"), transaction.atomic():
            rating.save()
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            rows("DELETE FROM sessions_app_rating")


@pytest.mark.parametrize("model", list(own_models()), ids=lambda model: model._meta.label)
def test_the_application_may_change_and_delete_the_rows_that_it_has_to(model):
    only_grows = model in ONLY_GROW or is_event_model(model)
    asked = ", ".join(f"has_table_privilege(%s, '{right}')" for right in ("INSERT", "UPDATE", "DELETE"))
    [rights] = rows(f"SELECT {asked}", *[model._meta.db_table] * 3)
    assert rights == (True, not only_grows, not only_grows and model not in NEVER_DELETED)
