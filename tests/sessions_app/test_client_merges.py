"""Two records of one person: merged with a preview, nothing lost, and taken back row for row."""

import datetime
import random
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from clients.models import Client, ClientMerge, Episode, Rater, Transfer
from clients.services.clients import update_client
from clients.services.episodes import open_episode
from clients.services.raters import add_rater
from organisations.audit.record import recorded
from organisations.history.privacy import own_models
from organisations.history.tracking import is_event_model
from organisations.models import AccessEvent
from organisations.tenancy.context import tenant
from organisations.tokens import capabilities
from sessions_app.forms.paper import clients_named
from sessions_app.imports.service import import_sessions
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.models import (
    Alert,
    ConflictingAnswer,
    Goal,
    GoalMark,
    GroupMeeting,
    GroupMember,
    Note,
    Notice,
    PendingAnswer,
    PlanEvaluation,
    Rating,
    RatingDraft,
    Session,
    SessionDecision,
)
from sessions_app.services.access_relations import related
from sessions_app.services.alerts import evaluate_episode
from sessions_app.services.client_merge_preview import preview_of
from sessions_app.services.client_merge_undo import undo_merge
from sessions_app.services.client_merges import merge_clients
from sessions_app.services.links import make_link
from sessions_app.services.pending_answers import submit_answer
from sessions_app.services.sessions import start_session
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
    goal = Goal.objects.create(**own, episode=episode, wording=f"goal of {client.reference}", since=day)
    PlanEvaluation.objects.create(**own, episode=episode, since=day, until=day, text="So far", made_by=ann)
    Goal.objects.create(**own, episode=episode, parent=goal, wording=f"step of {client.reference}", since=day)
    for number in range(2):
        held_on = day + datetime.timedelta(days=7 * number)
        session = SessionFactory(**own, episode=episode, practitioner=ann, held_on=held_on, started_at=timezone.now())
        rating = RatingFactory(**own, session=session, marks=marks)
        RatingFactory(**own, session=session, instrument="srs", marks=marks)
        Note.objects.create(**own, session=session, kind="after_ors", text=f"words of {client.reference} {number}")
        SessionDecision.objects.create(**own, session=session, text=f"decided for {client.reference}")
        GoalMark.objects.create(**own, goal=goal, session=session, mark=3 + number)
    ConflictingAnswer.objects.create(**own, rating=rating, marks=[1, 2, 3, 4], submission_id=uuid.uuid4())
    RatingDraft.objects.create(**own, session=session, instrument="who5", rater="client", marks=[1] + [None] * 4)
    PendingAnswer.objects.create(
        **own, episode=episode, instrument="ors", marks=[1, 2, 3, 4], submission_id=uuid.uuid4(), why="ahead"
    )
    alert = Alert.objects.create(**own, episode=episode, rule="A1", level="red", session=session, raised_on=held_on)
    Notice.objects.create(**own, alert=alert, practitioner=ann)
    Transfer.objects.create(**own, client=client, to_contact=ann, made_by=ann, since=held_on, undone_at=timezone.now())
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


KEPT = (
    *(Rating, Note, ConflictingAnswer, RatingDraft, PendingAnswer, Session, GroupMember),
    *(Goal, GoalMark, SessionDecision, PlanEvaluation),
)


def what_people_gave(ann):
    with tenant(ann.organisation_id):
        return {
            "marks": sorted(map(str, Rating.objects.values_list("pk", "marks", "total", "rater"))),
            "words": sorted(note.text for note in Note.objects.all()),
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
        for model in (Goal, PlanEvaluation):
            assert set(model.objects.values_list("episode__client", flat=True)) == {kept.pk}
        assert GoalMark.objects.counting().count() == GoalMark.objects.count() == 8
        for step in Goal.objects.exclude(parent=None).select_related("parent"):
            assert step.episode_id == step.parent.episode_id
        assert fresh(emptied).merged_into_id == kept.pk
    assert undo(staff, the_merge(ann)).status_code == 200
    worked_out(ann)
    after = all_rows(ann)
    for label, rows in before.items():
        assert after[label] == rows, label


def arrange_at_random(draw, ann, clients, services, teams):
    """Anything that two records can have, drawn for each; inside the tenant."""
    own = {"organisation": ann.organisation}
    for client in clients:
        for service in draw.sample(services, draw.randint(0, len(services))):
            day = DAY + datetime.timedelta(days=draw.randint(-20, 20))
            marks = [draw.randint(0, 100) for _ in range(4)]
            fill(ann, client, service, day=day, marks=marks, ended=draw.random() < 0.3, label=draw.choice(["", "x"]))
        for key in draw.sample(["mother", "father", "teacher", "network"], draw.randint(0, 2)):
            label, is_active = draw.choice(["", "A", "B"]), draw.random() < 0.5
            Rater.objects.create(**own, client=client, key=key, relation=key, label=label, is_active=is_active)
        if draw.random() < 0.5 and client.episodes.open().exists():
            group_with(ann, client)
        if draw.random() < 0.5 and not client.client_teams.filter(team=teams[1]).exists():
            client.client_teams.create(organisation=ann.organisation, team=teams[1])
        archived_at = None if client.episodes.open().exists() or draw.random() < 0.5 else timezone.now()
        next_on = draw.choice([None, DAY])
        fields = {
            "next_on": next_on,
            "birth_year": draw.choice([None, 1980, 2012]),
            "contact": draw.choice([None, ann]),
        }
        Client.objects.filter(pk=client.pk).update(
            archived_at=archived_at, first_name=draw.choice(["", "Nils"]), **fields
        )


@pytest.mark.parametrize("seed", range(6))
def test_whatever_two_records_hold_nothing_is_lost_and_all_comes_back(
    staff, ann, nils, twin, service, red_team, blue_team, seed
):
    draw = random.Random(seed)
    with tenant(ann.organisation_id):
        services = [
            service,
            ServiceFactory(organisation=ann.organisation),
            ServiceFactory(organisation=ann.organisation),
        ]
        arrange_at_random(draw, ann, (nils, twin), services, (red_team, blue_team))
    worked_out(ann)
    before, given = all_rows(ann), what_people_gave(ann)
    names = (
        "reference",
        "first_name",
        "birth_year",
        "contact",
        "next_on",
        "rater-mother",
        "rater-father",
        "rater-teacher",
    )
    assert merge(staff, nils, twin, **{name: draw.choice(["one", "other"]) for name in names}).status_code == 302
    worked_out(ann)
    assert what_people_gave(ann) == given
    kept = the_merge(ann).kept_id
    with tenant(ann.organisation_id):
        assert set(Session.objects.values_list("client", "episode__client")) <= {(kept, kept)}
        assert set(PendingAnswer.objects.values_list("episode__client", flat=True)) <= {kept}
        assert set(Goal.objects.values_list("episode__client", flat=True)) <= {kept}
    assert "two records again" in undo(staff, the_merge(ann)).content.decode()
    worked_out(ann)
    after = all_rows(ann)
    for label, rows in before.items():
        assert after[label] == rows, label


# The page


def test_look_alikes_are_proposed_first_and_others_are_found(staff, ann, nils, red_team):
    with tenant(ann.organisation_id):
        own = {"organisation": ann.organisation, "teams": [red_team]}
        alike = ClientFactory(**own, reference="n 14", first_name="")
        other = ClientFactory(**own, reference="Q-9", first_name="Nils")
    assert reverse("client-merge", args=[nils.pk]) in staff.get(reverse("client-edit", args=[nils.pk])).content.decode()
    page = staff.get(reverse("client-merge", args=[nils.pk]))
    assert page.context["look_alikes"] == [alike]
    assert preview_url(nils, alike) in page.content.decode()
    assert preview_url(nils, other) not in page.content.decode()
    chosen = staff.post(reverse("client-merge", args=[nils.pk]), {"other": str(other.pk)})
    assert chosen.headers["Location"] == preview_url(nils, other)
    refused = staff.post(reverse("client-merge", args=[nils.pk]), {})
    assert refused.status_code == 422
    assert "Choose the other record." in refused.content.decode()


def test_the_preview_says_what_goes_along_and_what_clashes(staff, ann, nils, twin, service):
    with tenant(ann.organisation_id):
        for client in (nils, twin):
            fill(ann, client, service)
    page = staff.get(preview_url(nils, twin))
    text = page.content.decode()
    assert page.context["preview"].counts["ratings"] == (4, 4)
    assert page.context["preview"].counts["notes"] == (2, 2)
    assert "Both have an open episode in <bdi>The house at the harbour</bdi>" in text
    assert "Both have a session on these days" in text
    assert page.context["preview"].days == [DAY, DAY + datetime.timedelta(days=7)]
    asked = {field.name for field in page.context["form"].visible_fields()}
    assert asked == {"reference", "first_name", "birth_year", "contact"}
    assert page.context["form"]["contact"].value() == "one", "only one of the two has a contact person"


def test_what_differs_has_to_be_chosen(staff, ann, nils, twin):
    refused = merge(staff, nils, twin, birth_year="", reference="")
    assert refused.status_code == 422
    assert refused.content.decode().count("Choose which one is right.") == 4  # above the form and beside the field
    assert fresh(twin).merged_into_id is None
    assert merge(staff, nils, twin, birth_year="other").status_code == 302
    kept = fresh(nils)
    assert (kept.reference, kept.birth_year, kept.first_name, kept.contact_id) == ("N-014", 2010, "Nils", ann.pk)


def test_a_name_that_was_chosen_decides_the_place_in_the_list(staff, ann, nils, twin):
    with tenant(ann.organisation_id):
        Client.objects.filter(pk=twin.pk).update(first_name="Ask")
    merge(staff, nils, twin, first_name="other")
    assert fresh(nils).sort_key.startswith("ask")
    undo(staff, the_merge(ann))
    assert fresh(nils).sort_key == nils.sort_key


def test_what_changed_after_the_preview_is_shown_again(staff, ann, nils, twin, service):
    url = preview_url(nils, twin)
    seen = form_on(staff, url)["seen"]
    with tenant(ann.organisation_id):
        fill(ann, twin, service)
    sent = {"seen": seen, **dict.fromkeys(("reference", "first_name", "birth_year", "contact"), "one")}
    refused = staff.post(url, sent)
    assert refused.status_code == 422
    assert "Something was changed meanwhile." in refused.content.decode()
    assert fresh(twin).merged_into_id is None
    again = refused.context["preview"].seen
    assert staff.post(url, {**sent, "seen": again}).status_code == 302


def practice_and_real(ann, nils, twin):
    Client.objects.filter(pk=twin.pk).update(is_practice=True)


def in_one_group(ann, nils, twin):
    service = nils.episodes.get().service
    fill(ann, nils, ServiceFactory(organisation=ann.organisation))
    fill(ann, twin, service)
    group_with(ann, nils, twin)


def too_many_raters(ann, nils, twin):
    for client, relations in (
        (nils, ("mother", "father", "teacher")),
        (twin, ("network", "caretaker", "professional")),
    ):
        for key in relations:
            Rater.objects.create(organisation=ann.organisation, client=client, key=key, relation=key)


@pytest.mark.parametrize(
    ("obstacle", "said"),
    [
        (practice_and_real, "One of the two is a practice client"),
        (in_one_group, "Both took part in the group meeting Group"),
        (too_many_raters, "6 people beside the client would be asked, and 5 are enough."),
    ],
)
def test_what_stands_in_the_way_is_said_and_refused(staff, ann, nils, twin, episode, obstacle, said):
    with tenant(ann.organisation_id):
        obstacle(ann, nils, twin)
    page = staff.get(preview_url(nils, twin))
    assert said in page.content.decode()
    sent = {"seen": page.context["preview"].seen}
    names = [field.name for field in page.context["form"].visible_fields()]
    refused = staff.post(preview_url(nils, twin), sent | dict.fromkeys(names, "one"))
    assert refused.status_code == 422
    assert fresh(twin).merged_into_id is None


def test_only_two_records_that_one_sees_are_merged(staff, ann, nils, blue_team, cleo):
    with tenant(ann.organisation_id):
        unseen = ClientFactory(organisation=ann.organisation, teams=[blue_team])
    assert staff.get(preview_url(nils, unseen)).status_code == 404
    assert staff.get(preview_url(unseen, nils)).status_code == 404
    assert staff.get(preview_url(nils, nils)).status_code == 200
    refused = merge(staff, nils, nils)
    assert refused.status_code == 422
    assert "Choose another record than this one." in refused.content.decode()


def test_who_no_longer_sees_one_of_the_two_does_not_merge_them(ann, nils, twin, cleo):
    with tenant(ann.organisation_id), recorded(organisation_id=ann.organisation_id, request_id="test"):
        given = {"one": nils, "other": twin, "chosen": {"reference": "one"}, "seen": preview_of(nils, twin).seen}
        with pytest.raises(ValidationError, match="You can only merge records that you both see"):
            merge_clients(**given, by=cleo)


# Afterwards


def test_an_administrator_does_not_see_the_emptied_record_in_the_list(staff, nils, twin, ada):
    merge(staff, nils, twin)
    admin = Browser()
    admin.force_login(ada.user)
    for show, found in (("current", [nils.pk]), ("archived", []), ("without-team", [])):
        assert [one.pk for one in admin.get(reverse("client-list"), {"show": show}).context["page"]] == found


def test_the_emptied_record_is_found_nowhere_and_leads_to_the_other(staff, ann, nils, twin):
    merge(staff, nils, twin)
    for show in ("current", "archived"):
        page = staff.get(reverse("client-list"), {"show": show})
        assert "N-14<" not in page.content.decode()
    found = staff.get(reverse("client-list"), {"q": "N-14"})
    assert [one.pk for one in found.context["page"]] == [nils.pk], "the reference of before finds the record that stays"
    for name in ("client-detail", "client-edit", "client-raters", "client-merge"):
        answer = staff.get(reverse(name, args=[twin.pk]))
        assert answer.headers["Location"] == reverse(name, args=[nils.pk])
        assert (
            "N-14 was merged with N-014: this is that record." in staff.get(answer.headers["Location"]).content.decode()
        )
    answer = staff.post(reverse("session-start", args=[twin.pk]), follow=True)
    assert answer.redirect_chain[0][0] == reverse("client-detail", args=[nils.pk])
    assert "What you sent was not stored; do it here." in answer.content.decode()
    with tenant(ann.organisation_id):
        assert not Session.objects.exists()


def test_the_old_address_leads_nobody_who_may_not_see_the_record(staff, ann, nils, twin, cleo, ada):
    merge(staff, nils, twin)
    browser = Browser()
    browser.force_login(cleo.user)
    assert browser.get(reverse("client-detail", args=[twin.pk])).status_code == 404
    browser.force_login(ada.user)
    answer = browser.get(reverse("client-teams", args=[twin.pk]))
    assert answer.headers["Location"] == reverse("client-teams", args=[nils.pk])


def test_the_api_says_into_whom_a_record_was_merged_and_lists_it_no_more(staff, ann, nils, twin):
    merge(staff, nils, twin)
    system = system_of(ann)
    assert system.get(f"clients/{twin.pk}/").json()["merged_into"] == str(nils.pk)
    assert system.get(f"clients/{nils.pk}/").json()["merged_into"] is None
    assert [one["id"] for one in system.get("clients/").json()["results"]] == [str(nils.pk)]
    assert [one["id"] for one in system.get("clients/?reference=n-14").json()["results"]] == [str(nils.pk)]
    assert system.patch(f"clients/{twin.pk}/", {"birth_year": 1999}).status_code == 404
    taken = {"reference": "N-14", "form_language": "en", "teams": [str(team.pk) for team in teams_of(ann)]}
    assert system.post("clients/", taken).status_code == 422
    about = {"client": str(twin.pk), "service": str(uuid.uuid4()), "started_on": "2026-01-05"}
    assert system.post("episodes/", about).status_code == 422


def teams_of(ann):
    with tenant(ann.organisation_id):
        return list(ann.teams.all())


def test_both_are_on_the_access_log_and_the_changes_tell_of_it(staff, ann, nils, twin, episode):
    staff.get(reverse("client-detail", args=[twin.pk]))
    merge(staff, nils, twin)
    with tenant(ann.organisation_id):
        event = AccessEvent.objects.get(action="client.merge")
        assert set(event.client_ids) == {nils.pk, twin.pk}
        looks = AccessEvent.objects.filter(action="client.view").count()
        assert looks == 1
    page = staff.get(reverse("client-looks", args=[nils.pk])).content.decode()
    assert "Opened the client" in page, "who looked at the other record before has looked at this person"
    page = staff.get(reverse("client-changes", args=[nils.pk])).content.decode()
    assert "Merging of two records" in page
    assert "N-14" in page
    assert "two records again" in undo(staff, the_merge(ann)).content.decode()
    page = staff.get(reverse("client-changes", args=[nils.pk])).content.decode()
    assert "Taken back" in page


def test_an_administrator_finds_looks_at_both_by_either_reference(staff, ann, nils, twin, ada, browser):
    staff.get(reverse("client-detail", args=[twin.pk]))
    merge(staff, nils, twin)
    browser = Browser()
    browser.force_login(ada.user)
    for reference in ("N-014", "N-14"):
        page = browser.get(reverse("access-log"), {"reference": reference})
        told = [row["references"] for row in page.context["rows"] if "Opened the client" in str(row["what"])]
        assert told == [["N-14"]]


def test_sums_and_alerts_are_of_both_records(staff, ann, nils, twin, service):
    with tenant(ann.organisation_id):
        fill(ann, nils, service)
        fill(ann, twin, service, day=DAY + datetime.timedelta(days=20), marks=(10, 10, 10, 10))
    worked_out(ann)
    merge(staff, nils, twin)
    worked_out(ann)
    with tenant(ann.organisation_id):
        course = nils.episodes.get()
        assert (course.sessions_count, course.outcome_count, course.outcome_first, course.outcome_last) == (
            4,
            4,
            200,
            40,
        )
        left = twin.episodes.get()
        assert (left.sessions_count, left.ended_on is None) == (0, False)
        assert Alert.objects.filter(episode=course, closed_on=None, session__held_on__gt=DAY).exists()
        assert not Alert.objects.filter(episode=left, closed_on=None).exists()


def test_forms_given_out_stay_open_and_their_answers_come_to_the_one_record(staff, ann, nils, twin, service):
    with tenant(ann.organisation_id):
        for client in (nils, twin):
            EpisodeFactory(organisation=ann.organisation, client=client, service=service)
    ahead = token_in(send(staff, twin))
    merge(staff, nils, twin)
    phone = Browser()
    assert open_link(phone, ahead).status_code == 200
    assert phone.post(reverse("rating-form", args=[ahead]), marks()).status_code == 303
    with tenant(ann.organisation_id):
        assert PendingAnswer.objects.get().episode.client_id == nils.pk
    assert "Answers that wait" in staff.get(reverse("client-detail", args=[nils.pk])).content.decode()
    staff.post(reverse("session-start", args=[nils.pk]))
    with tenant(ann.organisation_id):
        assert Rating.objects.get().session.client_id == nils.pk


def test_a_form_sent_ahead_that_is_answered_while_the_records_are_merged_is_not_lost(staff, ann, nils, twin, service):
    with tenant(ann.organisation_id), recorded(organisation_id=ann.organisation_id, request_id="test"):
        for client in (nils, twin):
            EpisodeFactory(organisation=ann.organisation, client=client, service=service)
    token = token_in(send(staff, twin))
    read_before = capabilities.find(token, "ahead")
    merge(staff, nils, twin)
    with tenant(ann.organisation_id), recorded(organisation_id=ann.organisation_id, request_id="test"):
        submit_answer(capability=read_before, marks=[1, 2, 3, 4], submission_id=uuid.uuid4())
        assert PendingAnswer.objects.get().episode.client_id == nils.pk


def test_nothing_is_written_down_on_a_record_that_was_merged_meanwhile(staff, ann, nils, twin, service):
    with tenant(ann.organisation_id):
        for client in (nils, twin):
            EpisodeFactory(organisation=ann.organisation, client=client, service=service)
        course, stale = twin.episodes.get(), Client.objects.get(pk=twin.pk)
    merge(staff, nils, twin)
    today = {"started_on": DAY, "by": ann}
    with tenant(ann.organisation_id), recorded(organisation_id=ann.organisation_id, request_id="test"):
        for write in (
            lambda: start_session(client=stale, by=ann, episode=course),
            lambda: open_episode(client=stale, service=service, **today),
            lambda: update_client(client=stale, by=ann, birth_year=1999),
            lambda: add_rater(client=stale, relation="mother", label="", by=ann),
            lambda: make_link(form=FormKey("ors"), by=ann, way="text", episode=course),
        ):
            with pytest.raises(ValidationError):
                write()


def test_a_file_with_the_reference_of_before_goes_to_the_record_that_stays(staff, ann, nils, twin, a_file):
    merge(staff, nils, twin)
    lines = [
        "n-14;;1980;The house at the harbour;Red team;;2026-02-02;mødt;25,0;;;;",
        "N-014;;1980;The house at the harbour;Red team;;2026-02-09;mødt;26,0;;;;",
    ]
    with tenant(ann.organisation_id), recorded(organisation_id=ann.organisation_id, request_id="test"):
        with a_file(*lines).open("rb") as file:
            report = import_sessions(organisation=ann.organisation, file=file, by=ann)
        assert (report.imported, report.refused, report.creations.clients) == (2, 0, [])
        assert set(Session.objects.values_list("client", flat=True)) == {nils.pk}
        assert Episode.objects.count() == 1
        assert Client.objects.count() == 2
        with a_file(*lines).open("rb") as file:
            assert import_sessions(organisation=ann.organisation, file=file, by=ann).unchanged == 2


def test_the_reference_of_before_is_known_on_the_paper_grid(staff, ann, nils, twin):
    merge(staff, nils, twin)
    with tenant(ann.organisation_id):
        named = clients_named(ann, {"row-0-client": "n-14", "row-1-client": "N-014"})
    assert {key: [one.pk for one in found] for key, found in named.items()} == {"n-14": [nils.pk], "n-014": [nils.pk]}


def test_a_look_at_the_record_of_before_has_the_relation_of_the_one_that_stays(staff, ann, ben, nils, twin):
    with tenant(ann.organisation_id):
        assert not related({(ann.pk, twin.pk), (ben.pk, twin.pk)}, DAY)
    merge(staff, nils, twin)
    with tenant(ann.organisation_id):
        assert related({(ann.pk, twin.pk), (ben.pk, twin.pk)}, DAY) == {(ann.pk, twin.pk)}


# Undone


def a_session(ann, nils):
    SessionFactory(organisation=ann.organisation, episode=nils.episodes.first(), practitioner=ann)


def a_rating(ann, nils):
    RatingFactory(
        organisation=ann.organisation, session=Session.objects.first(), instrument="who5", marks=[1] * 5, total=5
    )


def a_note(ann, nils):
    Note.objects.create(organisation=ann.organisation, session=Session.objects.first(), kind="after_srs", text="new")


def a_pending_answer(ann, nils):
    about = {"episode": nils.episodes.first(), "marks": [1, 2, 3, 4], "submission_id": uuid.uuid4()}
    PendingAnswer.objects.create(organisation=ann.organisation, instrument="ors", why="ahead", **about)


def a_decision(ann, nils):
    ConflictingAnswer.objects.update(decided_at=timezone.now(), decided_by=ann)


def a_draft(ann, nils):
    RatingDraft.objects.update(kept_at=timezone.now())


def a_form(ann, nils):
    ids = {"organisation_id": ann.organisation_id, "object_id": nils.episodes.first().pk}
    capabilities.mint(kind="ahead", lifetime=datetime.timedelta(hours=1), detail="ors", **ids)


def something_decided(ann, nils):
    session = Session.objects.first()
    SessionDecision.objects.create(organisation=ann.organisation, session=session, text="Visits at home")


def a_goal(ann, nils):
    Goal.objects.create(organisation=ann.organisation, episode=nils.episodes.first(), wording="Sleep", since=DAY)


def a_goal_rated(ann, nils):
    GoalMark.objects.update(mark=9)


def an_evaluation(ann, nils):
    about = {"episode": nils.episodes.first(), "since": DAY, "until": DAY, "made_by": ann}
    PlanEvaluation.objects.create(organisation=ann.organisation, **about)


def a_goals_mark_taken_away(ann, nils):
    GoalMark.objects.all().delete()


def an_alert_seen(ann, nils):
    Alert.objects.update(acknowledged_at=timezone.now(), acknowledged_by=ann)


def an_episode(ann, nils):
    EpisodeFactory(organisation=ann.organisation, client=nils)


def a_group(ann, nils):
    meeting = GroupMeeting.objects.create(organisation=ann.organisation, name="G", held_on=DAY, practitioner=ann)
    session = Session.objects.first()
    GroupMember.objects.create(organisation=ann.organisation, meeting=meeting, session=session, place=0)


def a_rater(ann, nils):
    Rater.objects.create(organisation=ann.organisation, client=nils, key="mother", relation="mother")


def a_team(ann, nils):
    team = TeamFactory(organisation=ann.organisation)
    nils.client_teams.create(organisation=ann.organisation, team=team)


def an_agreement(ann, nils):
    Client.objects.filter(pk=nils.pk).update(outcome_rhythm=14)


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (a_session, "Sessions were held or changed since."),
        (a_rating, "Answers came or were corrected since."),
        (a_note, "Words of the client were written down since."),
        (a_pending_answer, "Answers that wait for a decision came or were decided since."),
        (a_decision, "Somebody decided between two answers since."),
        (a_draft, "Lines were marked on a form that is not finished."),
        (a_form, "Forms were given out since."),
        (something_decided, "Something was decided since."),
        (a_goal, "Goals were agreed or changed since."),
        (a_goal_rated, "The client rated a goal since."),
        (an_evaluation, "The action plan was evaluated since."),
        (a_goals_mark_taken_away, "The client rated a goal since."),
        (an_alert_seen, "Alerts were seen since."),
        (an_episode, "Episodes were opened, ended or changed since."),
        (a_group, "part in a group was changed since."),
        (a_rater, "Who else rates was changed since."),
        (a_team, "teams were changed since."),
        (an_agreement, "What is agreed with the client was changed since."),
    ],
)
def test_what_was_built_on_a_merge_stands_in_the_way_of_its_undo(staff, ann, nils, twin, service, build, said):
    with tenant(ann.organisation_id):
        fill(ann, nils, service)
    merge(staff, nils, twin)
    found = the_merge(ann)
    page = staff.get(reverse("client-merge", args=[nils.pk]))
    assert reverse("client-merge-undo", args=[found.pk]) in page.content.decode()
    with tenant(ann.organisation_id):
        build(ann, nils)
    page = staff.get(reverse("client-merge", args=[nils.pk]))
    ((_merge, obstacles),) = page.context["merges"]
    assert [one for one in obstacles if said in one]
    assert reverse("client-merge-undo", args=[found.pk]) not in page.content.decode()
    assert "This cannot be taken back." in undo(staff, found).content.decode()
    assert fresh(twin).merged_into_id == nils.pk


def test_a_merge_is_taken_back_on_the_page_it_led_to_and_only_once(staff, ann, nils, twin, episode):
    answer = merge(staff, nils, twin)
    page = staff.get(answer.headers["Location"])
    address = reverse("client-merge-undo", args=[the_merge(ann).pk])
    assert address in page.content.decode()
    said = "N-014 and N-14 are two records again, as they were."
    assert said in staff.post(address, follow=True).content.decode()
    assert fresh(twin).merged_into_id is None
    assert staff.get(reverse("client-detail", args=[twin.pk])).status_code == 200
    merge(staff, nils, twin)
    assert "This was taken back already." in staff.post(address, follow=True).content.decode()
    assert fresh(twin).merged_into_id == nils.pk, "the first merge is taken back once"


def test_of_three_records_the_last_merge_is_taken_back_first(staff, ann, nils, twin, red_team):
    with tenant(ann.organisation_id):
        third = ClientFactory(organisation=ann.organisation, reference="Z-1", first_name="Nils", teams=[red_team])
    merge(staff, twin, third)
    first = the_merge(ann)
    merge(staff, nils, twin)
    second = the_merge(ann)
    for client in (twin, third):
        answer = staff.get(reverse("client-detail", args=[client.pk]))
        assert answer.headers["Location"] == reverse("client-detail", args=[nils.pk])
    assert staff.post(reverse("client-merge-undo", args=[first.pk])).status_code == 404
    recording = recorded(organisation_id=ann.organisation_id, request_id="test")
    with tenant(ann.organisation_id), recording, pytest.raises(ValidationError, match="was merged with another one"):
        undo_merge(merge=first, by=ann)
    undo(staff, second)
    assert (fresh(third).merged_into_id, fresh(twin).merged_into_id) == (twin.pk, None)
    fourth = the_fourth(ann, red_team)
    merge(staff, twin, fourth)
    assert "Another record was merged into this one later: Y-1." in undo(staff, first).content.decode()
    undo(staff, the_merge(ann))
    assert "are two records again" in undo(staff, first).content.decode()
    assert fresh(third).merged_into_id is None


def the_fourth(ann, red_team):
    with tenant(ann.organisation_id):
        return ClientFactory(organisation=ann.organisation, reference="Y-1", teams=[red_team])


def test_nobody_of_another_organisation_takes_a_merge_back(staff, ann, nils, twin, dora):
    merge(staff, nils, twin)
    browser = Browser()
    browser.force_login(dora.user)
    assert browser.post(reverse("client-merge-undo", args=[the_merge(ann).pk])).status_code == 404
