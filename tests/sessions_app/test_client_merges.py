"""Two records of one person: merged with a preview, nothing lost, and taken back row for row."""

import datetime
import uuid

import pytest
from django.apps import apps
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from clients.models import Client, ClientMerge, Episode, Rater
from organisations.audit.record import recorded
from organisations.history.privacy import own_models
from organisations.history.tracking import is_event_model
from organisations.models import AccessEvent, Capability
from organisations.tenancy.context import tenant
from sessions_app.models import (
    Alert,
    Attendance,
    ConflictingAnswer,
    GroupMeeting,
    GroupMember,
    Note,
    Notice,
    PendingAnswer,
    Rating,
    RatingDraft,
    Session,
)
from sessions_app.services.alerts import evaluate_episode
from sessions_app.services.summary import lock_episode, refresh_summary
from tests.api.asking import system_of
from tests.factories import ClientFactory, EpisodeFactory, RatingFactory, ServiceFactory, SessionFactory, TeamFactory
from tests.saving import form_on
from tests.sessions_app.test_form import marks
from tests.sessions_app.test_links import open_link, send, token_in

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 9, 1)


@pytest.fixture
def twin(ann, red_team):
    """The second record of Nils."""
    with tenant(ann.organisation_id):
        return ClientFactory(
            organisation=ann.organisation, reference="N-14", first_name="Nils H", birth_year=2010, teams=[red_team]
        )


def preview_url(one, other):
    return reverse("client-merge-preview", args=[one.pk, other.pk])


def merge(staff, one, other, **chosen):
    """Open the preview, choose, and send; what is not named is taken from the record of the page."""
    url = preview_url(one, other)
    form = form_on(staff, url)
    asked = {name: "one" for name in form if name not in ("seen", "csrfmiddlewaretoken")}
    return staff.post(url, {**asked, "seen": form["seen"], **chosen})


def undo(staff, found):
    return staff.post(reverse("client-merge-undo", args=[found.pk]), follow=True)


def the_merge(ann):
    with tenant(ann.organisation_id):
        return ClientMerge.objects.latest("merged_at")


def fresh(row):
    with tenant(row.organisation_id):
        return type(row).objects.get(pk=row.pk)


def fill(ann, client, service, *, day=DAY, marks=(50, 50, 50, 50), ended=False, label=""):
    """An episode with two sessions and everything that can hang on them; inside the tenant."""
    own = {"organisation": ann.organisation}
    end = {"ended_on": day + datetime.timedelta(days=30), "ending": "planned"} if ended else {}
    episode = EpisodeFactory(**own, client=client, service=service, started_on=day, label=label, **end)
    for number in range(2):
        held_on = day + datetime.timedelta(days=7 * number)
        session = SessionFactory(**own, episode=episode, practitioner=ann, held_on=held_on, started_at=timezone.now())
        rating = RatingFactory(**own, session=session, marks=marks)
        RatingFactory(**own, session=session, instrument="srs", marks=marks)
        Note.objects.create(**own, session=session, kind="after_ors", text=f"words of {client.reference} {number}")
    ConflictingAnswer.objects.create(**own, rating=rating, marks=[1, 2, 3, 4], submission_id=uuid.uuid4())
    RatingDraft.objects.create(**own, session=session, instrument="who5", rater="client", marks=[1] + [None] * 4)
    PendingAnswer.objects.create(
        **own, episode=episode, instrument="ors", marks=[1, 2, 3, 4], submission_id=uuid.uuid4(), why="ahead"
    )
    alert = Alert.objects.create(**own, episode=episode, rule="A1", level="red", session=session, raised_on=held_on)
    Notice.objects.create(**own, alert=alert, practitioner=ann)
    return episode


def worked_out(ann):
    """Summary and alerts, as after each change of the rows that the fixtures made; and the job's work."""
    with tenant(ann.organisation_id), recorded(organisation_id=ann.organisation_id, request_id="test"):
        for key in Episode.objects.order_by("pk").values_list("pk", flat=True):
            refresh_summary(lock_episode(key))
            evaluate_episode(key)


LEFT_OUT = {"AccessEvent", "AccessHead", "Outbox", "ClientMerge", "KeptAnswer", "DeviceSession", "User"}


def all_rows(ann):
    """Every row of every table, but for what only ever grows and the moment of the last change."""
    found = {}
    with tenant(ann.organisation_id):
        for model in own_models():
            if is_event_model(model) or model.__name__ in LEFT_OUT:
                continue
            names = [field.attname for field in model._meta.local_concrete_fields if field.name != "updated_at"]
            rows = model._default_manager.values_list(*names)
            found[model._meta.label] = sorted(repr(dict(zip(names, row, strict=True))) for row in rows)
    return found


KEPT = (Rating, Note, ConflictingAnswer, RatingDraft, PendingAnswer, Session, GroupMember)


def what_people_gave(ann):
    with tenant(ann.organisation_id):
        return {
            "marks": sorted(map(str, Rating.objects.values_list("pk", "marks", "total", "rater"))),
            "words": sorted(Note.objects.values_list("text", flat=True)),
            **{model.__name__: set(model.objects.values_list("pk", flat=True)) for model in KEPT},
        }


def group_with(ann, *clients):
    """A group meeting with each client's newest session of an open episode; inside the tenant."""
    own = {"organisation": ann.organisation}
    meeting = GroupMeeting.objects.create(**own, name="Group", held_on=DAY, practitioner=ann)
    for place, client in enumerate(clients):
        session = Session.objects.filter(client=client, episode__ended_on=None).latest("held_on")
        GroupMember.objects.create(**own, meeting=meeting, session=session, place=place)


@pytest.fixture
def two_full_records(ann, ben, nils, twin, service, red_team, blue_team):
    """Both with an open episode in one service, an ended one, raters, teams, links and an appointment."""
    own = {"organisation": ann.organisation}
    with tenant(ann.organisation_id), recorded(organisation_id=ann.organisation_id, request_id="test"):
        school = ServiceFactory(**own, name="School")
        for client, day in ((nils, DAY), (twin, DAY + datetime.timedelta(days=3))):
            fill(ann, client, service, day=day, label=client.reference)
            fill(ann, client, school, day=day - datetime.timedelta(days=100), ended=True)
            Rater.objects.create(**own, client=client, key="mother", relation="mother", label=f"Mum {client.reference}")
        Rater.objects.create(**own, client=twin, key="teacher", relation="teacher")
        twin.client_teams.create(organisation=ann.organisation, team=blue_team)
        Client.objects.filter(pk=twin.pk).update(next_on=DAY, contact=ben, birth_month=4, archived_at=None)
        group_with(ann, twin)
    worked_out(ann)


@pytest.mark.parametrize("stays", ["one", "other"])
@pytest.mark.parametrize("chosen", ["one", "other"])
def test_a_merge_and_its_undo_leave_every_row_as_it_was(staff, ann, nils, twin, two_full_records, stays, chosen):
    token_in(send(staff, nils))
    token_in(send(staff, twin))
    before, given = all_rows(ann), what_people_gave(ann)
    names = ("first_name", "birth_year", "contact", "next_on", "rater-mother")
    done = merge(staff, nils, twin, **dict.fromkeys(names, chosen), reference=stays)
    assert done.status_code == 302
    worked_out(ann)
    kept, emptied = (nils, twin) if stays == "one" else (twin, nils)
    assert all_rows(ann) != before
    assert what_people_gave(ann) == given
    with tenant(ann.organisation_id):
        for model in (Rating, Note, RatingDraft, GroupMember):
            assert set(model.objects.values_list("session__client", flat=True)) == {kept.pk}
        assert set(Session.objects.values_list("client", "episode__client")) == {(kept.pk, kept.pk)}
        assert set(PendingAnswer.objects.values_list("episode__client", flat=True)) == {kept.pk}
        assert fresh(emptied).merged_into_id == kept.pk
    assert undo(staff, the_merge(ann)).status_code == 200
    worked_out(ann)
    after = all_rows(ann)
    for label, rows in before.items():
        assert after[label] == rows, label
