"""A whole import is taken back, as long as nothing was built on it; the same file can come again."""

from datetime import date

import pytest
from django.utils import timezone

from clients.models import Client, ClientTeam, Episode, Rater
from organisations.models import AccessEvent, Capability, CapabilityKind, Membership, Outbox, Practitioner, Team
from organisations.tenancy.context import tenant
from sessions_app.imports import uploads
from sessions_app.models import (
    Alert,
    EntryMode,
    Goal,
    ImportStep,
    Note,
    NoteKind,
    Rating,
    Session,
    SessionDecision,
    SessionImport,
)
from tests.factories import ClientFactory, EpisodeFactory, RatingFactory, SessionFactory
from tests.sealed_words import say
from tests.sessions_app.imports.test_pages import admin as admin  # the fixture
from tests.sessions_app.imports.test_pages import send, work

pytestmark = pytest.mark.django_db
FILE = (
    "borger;fødselsår;tilbud;team;behandler;dato;ors_total;egne ord\n"
    "A;1990;Bosted;Rød;x@example.org;2026-01-05;30;Ja\nA;;Bosted;Rød;x@example.org;2026-01-12;22;\n"
    "B;;Bosted;;;2026-01-12;21;\n"
).encode()


@pytest.fixture
def imported(admin):
    """The path of an imported file's page."""
    _, path = send(admin, FILE)
    admin.post(f"{path}confirm/")
    return path


def undone(admin, path):
    return admin.post(f"{path}undo/", follow=True).content.decode()


def test_an_import_is_undone(admin, house, imported):
    assert "Undo the import" in admin.get(imported).content.decode()
    with tenant(house.pk):
        assert Alert.objects.filter(closed_on=None).exists()
    page = undone(admin, imported)
    assert "The import is undone" in page
    with tenant(house.pk):
        assert not Session.objects.valid().exists()
        assert {one.void_reason for one in Session.objects.all()} == {"The import was undone."}
        assert not Client.objects.current().exists()
        assert not Episode.objects.open().exists()
        assert set(Episode.objects.values_list("sessions_count", "outcome_count")) == {(0, 0)}
        assert not Alert.objects.filter(closed_on=None).exists()
        assert not Team.objects.filter(name="Rød").exists()
        assert Practitioner.objects.filter(email="x@example.org").exists()
        assert len(AccessEvent.objects.get(action="sessions.import_undo").client_ids) == 2
        assert SessionImport.objects.get().step == ImportStep.UNDONE
    assert "cannot be undone" in undone(admin, imported)


def test_the_same_file_can_come_again_and_be_undone_again(admin, house, imported):
    undone(admin, imported)
    page, path = send(admin, FILE)
    assert "3 sessions can be imported" in page
    admin.post(f"{path}confirm/")
    with tenant(house.pk):
        assert Client.objects.current().count() == 2
        assert Episode.objects.open().count() == Episode.objects.count() == 2
        assert Session.objects.valid().count() == 3
        episode = Episode.objects.get(client__reference="A")
        assert (episode.started_on, episode.outcome_first, episode.outcome_count) == (date(2026, 1, 5), 300, 2)
    undone(admin, path)
    with tenant(house.pk):
        assert not Session.objects.valid().exists()
        assert not Client.objects.current().exists()
        assert not Episode.objects.open().exists()


def test_what_was_there_before_is_put_back(admin, house, red_team, service, ann):
    with tenant(house.pk):
        client = ClientFactory(organisation=house, reference="A", birth_year=None, teams=[red_team])
        episode = EpisodeFactory(organisation=house, client=client, service=service, started_on=date(2026, 3, 1))
        session = SessionFactory(organisation=house, episode=episode, practitioner=ann, held_on=date(2026, 3, 1))
        RatingFactory(organisation=house, session=session)
    lines = f"A;1990;{service.name};Ny;;2026-01-05;30;2026-04-01;planlagt\n"
    header = "borger;fødselsår;tilbud;team;behandler;dato;ors_total;afsluttet;afslutning\n"
    _, path = send(admin, f"{header}{lines}".encode())
    admin.post(f"{path}confirm/")
    with tenant(house.pk):
        episode.refresh_from_db()
        assert (episode.started_on, episode.ended_on, episode.outcome_count) == (date(2026, 1, 5), date(2026, 4, 1), 2)
        assert ClientTeam.objects.filter(client=client).count() == 2
    assert "The import is undone" in undone(admin, path)
    with tenant(house.pk):
        episode.refresh_from_db()
        client.refresh_from_db()
        assert (episode.started_on, episode.ended_on, episode.ending) == (date(2026, 3, 1), None, "")
        assert (episode.outcome_count, client.birth_year, client.archived_at) == (1, None, None)
        assert [one.team for one in ClientTeam.objects.filter(client=client).select_related("team")] == [red_team]
        assert Session.objects.valid().get() == session


def _changed_session(house, ann):
    Session.objects.filter(held_on="2026-01-05").update(held_on="2026-01-06")


def _another_rating(house, ann):
    session = Session.objects.get(held_on="2026-01-05")
    RatingFactory(organisation=house, session=session, instrument="srs", entry_mode=EntryMode.PAPER)


def _a_corrected_rating(house, ann):
    session = Session.objects.get(held_on="2026-01-05")
    new = RatingFactory(organisation=house, session=session, instrument="srs", entry_mode=EntryMode.IMPORTED)
    Rating.objects.filter(session=session, instrument="ors").update(superseded_by=new)


def _a_link(house, ann):
    Capability.objects.create(
        token_hash=b"h" * 32,
        kind=CapabilityKind.LINK,
        organisation=house,
        object_id=Session.objects.get(client__reference="B").pk,
        expires_at=timezone.now(),
    )


def _a_note(house, ann):
    session = Session.objects.get(client__reference="B")
    Note.objects.create(organisation=house, session=session, kind=NoteKind.AFTER_ORS, text="Set")


def _a_decision(house, ann):
    SessionDecision.objects.create(organisation=house, session=Session.objects.get(client__reference="B"), text="Cook")


def _a_goal(house, ann):
    episode = Episode.objects.get(client__reference="A")
    Goal.objects.create(organisation=house, episode=episode, wording="My own flat", since=episode.started_on)


def _changed_words(house, ann):
    say(Note.objects.all(), text="Nej", version=2)


def _a_seen_alert(house, ann):
    Alert.objects.update(acknowledged_at=timezone.now(), acknowledged_by=ann)


def _another_session(house, ann):
    SessionFactory(organisation=house, episode=Episode.objects.get(client__reference="A"), practitioner=ann)


def _an_ended_episode(house, ann):
    Episode.objects.filter(client__reference="A").update(ended_on="2026-02-01", ending="planned")


def _a_named_client(house, ann):
    Client.objects.filter(reference="A").update(first_name="Anna")


def _a_rater(house, ann):
    Rater.objects.create(organisation=house, client=Client.objects.get(reference="A"), key="parent", relation="parent")


@pytest.mark.parametrize(
    "build",
    [
        _changed_session,
        _another_rating,
        _a_corrected_rating,
        _a_link,
        _a_note,
        _a_decision,
        _a_goal,
        _changed_words,
        _a_seen_alert,
        _another_session,
        _an_ended_episode,
        _a_named_client,
        _a_rater,
    ],
)
def test_what_was_built_on_is_not_undone_and_the_reason_is_said(admin, house, ann, imported, build):
    with tenant(house.pk):
        build(house, ann)
        before = Session.objects.valid().count()
    assert "This import cannot be undone as a whole" in admin.get(imported).content.decode()
    assert "Undo the import" not in admin.get(imported).content.decode()
    assert "This import cannot be undone as a whole" in undone(admin, imported)
    with tenant(house.pk):
        assert Session.objects.valid().count() == before
        assert SessionImport.objects.get().step == ImportStep.DONE


def test_a_team_that_somebody_else_is_in_stays(admin, house, ann, imported):
    with tenant(house.pk):
        Membership.objects.create(organisation=house, practitioner=ann, team=Team.objects.get(name="Rød"))
    undone(admin, imported)
    with tenant(house.pk):
        assert Team.objects.filter(name="Rød").exists()
        assert Rating.objects.count() == 3


def test_a_large_import_is_undone_by_a_worker(admin, house, imported, monkeypatch):
    monkeypatch.setattr(uploads, "AT_ONCE", 10)
    assert "The import is being undone" in undone(admin, imported)
    with tenant(house.pk):
        assert Session.objects.valid().count() == 3
    assert Outbox.objects.filter(done_at=None).exists()
    work(house)
    with tenant(house.pk):
        assert not Session.objects.valid().exists()
    assert "The import is undone" in admin.get(imported).content.decode()
