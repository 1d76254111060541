"""What changed, when and by whom is written by the database itself, and cannot be taken back."""

import datetime
import uuid
from contextlib import contextmanager

import pgtrigger
import pytest
from django.apps import apps
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.urls import reverse

from clients.models import Client, ClientEvent, ClientTeamEvent, EpisodeEvent
from organisations.audit.record import Collected, recorded
from organisations.database.rls import is_tenant_model
from organisations.history.tracking import WITHOUT_HISTORY, event_model_of, event_models, is_event_model
from organisations.models import CapabilityKind, Membership, MembershipEvent, Organisation, OrganisationEvent
from organisations.tenancy.context import GLOBAL_TABLES, tenant
from organisations.tokens import capabilities
from sessions_app.models import Note, NoteEvent, NoteKind, Rating, RatingEvent
from tests.factories import ClientFactory, OrganisationFactory, RatingFactory, SessionFactory
from tests.saving import save
from tests.sealed_words import say

pytestmark = pytest.mark.django_db
TABLES = [model._meta.db_table for model in event_models()]


@pytest.fixture
def here(ann):
    with tenant(ann.organisation_id):
        yield ann.organisation


def run(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount


def story(model, row):
    return list(event_model_of(model).objects.filter(pgh_obj=row.pk).order_by("pgh_id"))


def test_every_tenant_table_has_a_history_or_a_reason_why_not():
    rows = {model for model in apps.get_models() if is_tenant_model(model) and not is_event_model(model)}
    tenants = {model for model in rows if model._meta.db_table not in GLOBAL_TABLES}
    tracked = {model.pgh_tracked_model for model in event_models()}
    without = {model._meta.label for model in tenants - tracked}
    assert without == set(WITHOUT_HISTORY)
    assert tracked - tenants == {Organisation}


def test_every_way_to_change_a_row_is_seen(here):
    client = ClientFactory(organisation=here, first_name="Nils", birth_year=1980)
    client.first_name = "Nelly"
    client.save()
    Client.objects.filter(pk=client.pk).update(birth_year=2001)
    Client.objects.bulk_update([Client(pk=client.pk, first_name="Nina")], ["first_name"])
    assert run("UPDATE clients_client SET outcome_rhythm = 14 WHERE id = %s", client.pk) == 1
    events = story(Client, client)
    assert [event.pgh_label for event in events] == ["insert", "update", "update", "update", "update"]
    assert [event.first_name for event in events] == ["Nils", "Nelly", "Nelly", "Nina", "Nina"]
    assert [event.birth_year for event in events[1:]] == [1980, 2001, 2001, 2001]
    assert events[-1].outcome_rhythm == 14


def test_rows_written_many_at_once_and_deleted_ones_are_seen(here, ann, red_team, blue_team):
    Membership.objects.bulk_create([Membership(organisation=here, practitioner=ann, team=blue_team)])
    Membership.objects.filter(practitioner=ann).delete()
    events = list(MembershipEvent.objects.filter(practitioner=ann.pk).order_by("pgh_id"))
    assert [event.pgh_label for event in events] == ["insert", "insert", "delete", "delete"]
    assert {event.team_id for event in events[2:]} == {red_team.pk, blue_team.pk}


def test_what_did_not_change_leaves_no_event(here, episode):
    before = EpisodeEvent.objects.count()
    type(episode).objects.filter(pk=episode.pk).update(label=episode.label)
    type(episode).objects.filter(pk=episode.pk).update(outcome_last=200)  # worked out from the ratings
    assert EpisodeEvent.objects.count() == before


def test_a_rolled_back_change_leaves_no_event(here, nils):
    before = ClientEvent.objects.count()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Client.objects.filter(pk=nils.pk).update(first_name="Nobody")
        assert ClientEvent.objects.count() == before + 1
        _ = 1 / 0
    assert ClientEvent.objects.count() == before


def test_a_change_by_a_page_is_put_down_to_its_person_and_request(browser, ann, nils, red_team):
    browser.force_login(ann.user)
    form = {
        "reference": "N-77",
        "first_name": "Nils",
        "form_language": "da",
        "teams": [str(red_team.pk)],
        "outcome_rhythm": 0,
        "alliance_rhythm": 0,
    }
    page = save(browser, reverse("client-edit", args=[nils.pk]), form)
    assert page.status_code == 302
    with tenant(ann.organisation_id):
        event = story(Client, nils)[-1]
    assert event.reference == "N-77"
    assert event.pgh_context == {
        "role": "practitioner",
        "practitioner": str(ann.pk),
        "request": page["X-Request-ID"],
    }


def test_an_answer_is_put_down_to_the_client_s_own_form(browser, here, ann, episode):
    record = SessionFactory(organisation=here, episode=episode, practitioner=ann)
    token = capabilities.mint(
        kind=CapabilityKind.HANDOVER,
        organisation_id=here.pk,
        object_id=record.pk,
        detail="ors",
        lifetime=datetime.timedelta(hours=4),
    )
    marks = {"individual": "6.2", "relations": "7.1", "social": "5.8", "overall": "7.2"}
    page = browser.post(reverse("rating-form", args=[token]), marks | {"submission_id": str(uuid.uuid4())})
    assert RatingEvent.objects.get().pgh_context == {"role": "capability", "request": page["X-Request-ID"]}


def test_a_job_s_change_is_put_down_to_the_program(here, nils):
    with recorded(organisation_id=here.pk, request_id="overdue"):
        Client.objects.filter(pk=nils.pk).update(first_name="Nelly")
    Client.objects.filter(pk=nils.pk).update(first_name="Nina")
    assert [event.pgh_context for event in story(Client, nils)][-2:] == [{"role": "system", "request": "overdue"}, None]


def test_the_context_names_no_client(here, nils):
    """Ids of people who work here, a role, a request: nothing that a client could be known by."""
    collected = Collected(request_id="r", organisation_id=here.pk, practitioner_id=nils.pk, role="team_lead")
    assert set(collected.author) == {"role", "practitioner", "request"}


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "change", ["UPDATE {} SET pgh_label = 'x'", "DELETE FROM {}", "TRUNCATE {}", "ALTER TABLE {} DISABLE TRIGGER ALL"]
)
def test_the_application_cannot_change_a_history(here, nils, table, change):
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
        run(change.format(table))


@contextmanager
def ignoring():
    """As the library's `ignore()` of every trigger, whose own statements the server cannot prepare."""
    setting = "SELECT set_config('pgtrigger.ignore', %s, true)"
    run(setting, "{" + ",".join(trigger.get_pgid(model) for model, trigger in pgtrigger.registered()) + "}")
    yield
    run(setting, "")


def test_the_library_s_way_around_its_triggers_is_closed_to_the_application(here, nils):
    event = story(Client, nils)[0]
    with ignoring(), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        ClientEvent.objects.filter(pk=event.pk).update(first_name="forged")
    before = ClientEvent.objects.count()
    with ignoring():
        Client.objects.filter(pk=nils.pk).update(first_name="unseen")
    assert ClientEvent.objects.count() == before + 1
    rating = RatingFactory(organisation=here)
    with ignoring(), pytest.raises(DatabaseError, match="Cannot update rows"), transaction.atomic():
        Rating.objects.filter(pk=rating.pk).update(total=1)


def test_another_organisation_s_history_is_out_of_sight():
    mine, theirs = OrganisationFactory(), OrganisationFactory()
    with tenant(theirs.pk):
        ClientFactory(organisation=theirs)
        Organisation.objects.filter(pk=theirs.pk).update(name="There")
    with tenant(mine.pk):
        assert not ClientEvent.objects.exists()
        assert {event.pgh_obj_id for event in OrganisationEvent.objects.all()} == {mine.pk}
    for model in event_models():
        assert not model.objects.exists()


def test_ratings_words_and_teams_have_theirs(here, red_team):
    session = SessionFactory(organisation=here)
    first = RatingFactory(organisation=here, session=session)
    note = Note.objects.create(organisation=here, session=session, kind=NoteKind.AFTER_ORS, text="as said")
    say(Note.objects.filter(pk=note.pk), text="as said, again")
    assert [event.text for event in NoteEvent.objects.filter(pgh_obj=note.pk).order_by("pgh_id")] == [
        "as said",
        "as said, again",
    ]
    assert RatingEvent.objects.filter(pgh_obj=first.pk).count() == 1
    client = ClientFactory(organisation=here, teams=[red_team])
    client.client_teams.all().delete()
    found = ClientTeamEvent.objects.filter(client=client.pk).order_by("pgh_id")
    assert [event.pgh_label for event in found] == ["insert", "delete"]
    assert found[0].pgh_created_at.date() == datetime.datetime.now(datetime.UTC).date()
