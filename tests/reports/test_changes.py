"""What was changed about a client: who, when, which column, from what to what."""

import datetime
import uuid

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from clients.forms import ClientForm
from clients.models import Client, ClientEvent, Episode, Rater, RaterEvent
from organisations.audit import record
from organisations.history.tracking import event_models
from organisations.models import AccessEvent
from organisations.tenancy.context import tenant
from reports.changes import view
from reports.changes.event_list import NOT_TOLD, TOLD, columns_told
from reports.changes.texts import ROWS, column_words
from sessions_app.models import Alert, ConflictingAnswer, Note, NoteKind, Session
from sessions_app.services.corrections import correct_rating
from sessions_app.services.ratings import answer_of
from tests.api.asking import system_of
from tests.factories import ClientFactory, EpisodeFactory, RatingFactory, SessionFactory
from tests.saving import save
from tests.sealed_words import say

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(browser, ann):
    browser.force_login(ann.user)
    return browser


@pytest.fixture
def here(ann):
    with tenant(ann.organisation_id):
        yield ann.organisation


def page_of(browser, client, **query):
    page = browser.get(reverse("client-changes", args=[client.pk]), query)
    assert page.status_code == 200
    return page


def told(browser, client, what=""):
    """[(what, happened, {column: (old, new)})] of the page, the newest first; `what` narrows it to a kind of row."""
    rows = page_of(browser, client).context["rows"]
    return [
        (row.what, row.happened, {line.name: (line.old, line.new) for line in row.lines})
        for row in rows
        if what in ("", row.what)
    ]


def form_of(nils, red_team, **more):
    given = {"reference": nils.reference, "first_name": nils.first_name, "form_language": "da", "outcome_rhythm": 0}
    return given | {"alliance_rhythm": 0, "teams": [str(red_team.pk)]} | more


def test_a_change_by_a_page_is_told_with_person_column_old_and_new(staff, nils, red_team):
    url = reverse("client-edit", args=[nils.pk])
    assert save(staff, url, form_of(nils, red_team, reference="N-77", outcome_rhythm=14)).status_code == 302
    row = page_of(staff, nils).context["rows"][0]
    assert (row.person, row.role, row.happened, row.what) == ("Ann Holm", "Practitioner", "Changed", "Client")
    lines = {line.name: (line.old, line.new) for line in row.lines}
    assert lines["reference"] == ("N-014", "N-77")
    assert lines["ORS"] == ("Every session", "Every 14 days")
    assert row.at.date() == timezone.localdate()
    shown = page_of(staff, nils).content.decode()
    assert "<del><bdi>N-014</bdi></del>" in shown
    assert "<ins><bdi>N-77</bdi></ins>" in shown


def test_a_change_by_the_api_is_told_with_its_practitioner(staff, nils, ann):
    system = system_of(ann)
    assert system.patch(f"clients/{nils.pk}/", {"birth_year": 1984}).status_code == 200
    with tenant(ann.organisation_id):
        context = ClientEvent.objects.latest("pgh_id").pgh_context
    assert (context["practitioner"], context["role"]) == (str(ann.pk), "practitioner")
    row = page_of(staff, nils).context["rows"][0]
    assert row.person == "Ann Holm"
    assert [(line.name, line.old, line.new) for line in row.lines] == [
        ("year of birth", str(nils.birth_year or ""), "1984")
    ]


def test_a_correction_is_told_beside_what_it_replaces(staff, here, episode, ann):
    session = SessionFactory(organisation=here, episode=episode, practitioner=ann)
    first = RatingFactory(organisation=here, session=session, marks=[40, 52, 61, 70], total=223)
    with record.recorded(organisation_id=here.pk, request_id="correction"):
        correct_rating(rating=first, answer=answer_of([40, 52, 61, 47], scored=True), reason="Read wrongly", by=ann)
    newest, oldest = told(staff, episode.client, "Answer")
    assert oldest[2]["marks on the lines"] == ("", "4 · 5.2 · 6.1 · 7")
    assert newest[2]["marks on the lines"] == ("4 · 5.2 · 6.1 · 7", "4 · 5.2 · 6.1 · 4.7")
    assert newest[2]["total"] == ("22.3", "20")
    assert newest[2]["reason"] == ("", "Read wrongly")


def test_raw_answers_and_faces_are_not_told_as_points(staff, here, episode, ann):
    session = SessionFactory(organisation=here, episode=episode, practitioner=ann)
    RatingFactory(organisation=here, session=session, instrument="who5", marks=[5, 4, 3, 2, 1], total=15)
    RatingFactory(organisation=here, session=session, instrument="ycors", marks=[0], total=None)
    face, who5 = (row[2] for row in told(staff, episode.client, "Answer"))
    assert (who5["marks on the lines"][1], who5["total"][1]) == ("5 · 4 · 3 · 2 · 1", "15")
    assert face["marks on the lines"][1]
    assert face["marks on the lines"][1] != "0"


def test_teams_words_sessions_alerts_and_raters_are_told(staff, here, nils, episode, ann, red_team, blue_team):
    session = SessionFactory(organisation=here, episode=episode, practitioner=ann)
    nils.client_teams.create(organisation=here, team=blue_team)
    nils.client_teams.filter(team=blue_team).delete()
    Session.objects.filter(pk=session.pk).update(attendance="no_show")
    Session.objects.filter(pk=session.pk).update(
        voided_at=timezone.now(), voided_by=ann, void_reason="The wrong client"
    )
    note = Note.objects.create(organisation=here, session=session, kind=NoteKind.AFTER_ORS, text="as said")
    say(Note.objects.filter(pk=note.pk), text="as said, again", version=2)
    alert = Alert.objects.create(
        organisation=here, episode=episode, rule="S1", level="amber", session=session, raised_on=session.held_on
    )
    seen_by = {"acknowledged_by": ann, "acknowledged_at": timezone.now()}
    say(Alert.objects.filter(pk=alert.pk), **seen_by, acknowledgement="ok")
    Rater.objects.create(organisation=here, client=nils, key="teacher", relation="teacher", label="Mr. Holt")
    assert told(staff, nils, "Team")[0][1:] == ("Taken away", {"team": ("Blue team", "")})
    voided, missed, _made = told(staff, nils, "Session")
    assert missed[2] == {"attendance": ("Attended", "Did not come")}
    assert voided[2] == {"made void by": ("", "Ann Holm"), "reason": ("", "The wrong client")}
    assert told(staff, nils, "The client's own words")[0][2] == {"text": ("as said", "as said, again")}
    seen, raised = told(staff, nils, "Alert")
    assert raised[2]["rule"] == ("", "The SRS is below its cut-off. For information until it is so twice in a row.")
    assert seen[2]["note"] == ("", "ok")
    assert seen[2]["seen by"] == ("", "Ann Holm")
    assert told(staff, nils, "Rater")[0][2]["called"] == ("", "Mr. Holt")


def test_each_row_says_which_rater_alert_or_episode_it_is_about(staff, here, nils, episode, ann):
    session = SessionFactory(organisation=here, episode=episode, practitioner=ann)
    for key, label in (("teacher", "Mr. Holt"), ("teacher-2", "")):
        rater = Rater.objects.create(organisation=here, client=nils, key=key, relation="teacher", label=label)
        Rater.objects.filter(pk=rater.pk).update(is_active=False)
    own = {"organisation": here, "episode": episode, "level": "amber", "raised_on": session.held_on}
    for rule, of in (("S1", session), ("M1", None)):
        alert = Alert.objects.create(**own, rule=rule, session=of)
        Alert.objects.filter(pk=alert.pk).update(closed_on=session.held_on)
    Episode.objects.filter(pk=episode.pk).update(label="The second one")
    rows = [row for row in page_of(staff, nils).context["rows"] if row.happened == "Changed"]
    assert [row.about for row in rows if row.what == "Rater"] == ["Teacher 2", "Mr. Holt"]
    without_session, of_session = (row.about for row in rows if row.what == "Alert")
    assert without_session == "Something that was agreed is late: an appointment or a form."
    assert of_session.startswith("The SRS is below its cut-off. For information until it is so twice in a row. · ")
    (ours,) = (row.about for row in rows if row.what == "Episode")
    assert ours == date_format(episode.started_on, "DATE_FORMAT")


def test_a_change_of_a_row_from_before_its_history_is_told(staff, here, nils):
    Rater.objects.create(organisation=here, client=nils, key="mother", relation="mother")
    as_it_was = RaterEvent.objects.values().get()
    RaterEvent.objects.create(**as_it_was | {"pgh_id": 0, "pgh_label": "update", "label": "Mum"})
    happened = [row[1:] for row in told(staff, nils, "Rater") if row[1] == "Changed"]
    assert happened == [("Changed", {"who": ("", "Mother"), "called": ("", "Mum"), "is asked": ("", "Yes")})]


def test_a_second_answer_says_to_which_form(staff, here, episode, ann):
    session = SessionFactory(organisation=here, episode=episode, practitioner=ann)
    rating = RatingFactory(organisation=here, session=session)
    ConflictingAnswer.objects.create(
        organisation=here, rating=rating, marks=[10, 10, 10, 15], submission_id=uuid.uuid4()
    )
    row = next(row for row in page_of(staff, episode.client).context["rows"] if row.what == "Second answer")
    assert "ORS" in row.about
    assert {line.name: line.new for line in row.lines}["marks on the lines"] == "1 · 1 · 1 · 1.5"


def test_what_changed_in_columns_that_are_not_told_is_no_row(staff, here, episode, ann):
    session = SessionFactory(organisation=here, episode=episode, practitioner=ann)
    before = len(told(staff, episode.client))
    Session.objects.filter(pk=session.pk).update(time_zone="Europe/Oslo")
    assert len(told(staff, episode.client)) == before


def test_only_this_client_s_changes_are_told(staff, here, nils, red_team):
    ClientFactory(organisation=here, first_name="Somebody", teams=[red_team])
    assert "Somebody" not in page_of(staff, nils).content.decode()
    (made,) = told(staff, nils, "Client")
    assert made[2]["reference"] == ("", "N-014")
    assert "archived" not in made[2]  # nothing before, nothing now


def test_what_a_session_belonged_to_in_another_team_is_not_named(staff, here, nils, episode, ann, blue_team):
    theirs = ClientFactory(organisation=here, teams=[blue_team], first_name="Karenina")
    away = EpisodeFactory(organisation=here, client=theirs, service=episode.service, label="Karenina")
    session = SessionFactory(organisation=here, episode=away, practitioner=ann)
    Session.objects.filter(pk=session.pk).update(episode=episode, client=nils)
    page = page_of(staff, nils)
    assert [row.what for row in page.context["rows"]].count("Session") == 2
    assert "Karenina" not in page.content.decode()


def test_a_session_that_was_moved_to_another_team_is_not_named(staff, here, nils, episode, blue_team):
    theirs = ClientFactory(organisation=here, teams=[blue_team])
    right = EpisodeFactory(organisation=here, client=theirs, service=episode.service)
    session = SessionFactory(organisation=here, episode=episode, held_on=datetime.date(2026, 3, 17))
    Alert.objects.create(
        organisation=here, episode=episode, rule="S1", level="amber", session=session, raised_on="2026-04-01"
    )
    day = date_format(session.held_on, "DATE_FORMAT")
    assert day in page_of(staff, nils).content.decode()
    Session.objects.filter(pk=session.pk).update(episode=right, client=theirs)
    page = page_of(staff, nils).content.decode()
    assert "Alert" in page
    assert day not in page


def test_the_newest_comes_first_and_50_stand_on_a_page(staff, here, nils):
    for number in range(60):
        Client.objects.filter(pk=nils.pk).update(first_name=f"Nils {number}")
    first, second = (page_of(staff, nils, page=number).context for number in (1, 2))
    assert [[line.new for line in row.lines] for row in first["rows"][:2]] == [["Nils 59"], ["Nils 58"]]
    assert len(first["rows"]) == view.PAGE == 50
    rest = second["rows"]
    assert first["page"].paginator.count == len(first["rows"]) + len(rest)
    # What stood before the oldest change of a page stands on the next one.
    assert [line.old for line in first["rows"][-1].lines] == [line.new for line in rest[0].lines] == ["Nils 9"]
    assert not {row.lines for row in first["rows"]} & {row.lines for row in rest}


def test_the_page_costs_the_same_for_any_number(staff, here, nils):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            page_of(staff, nils)
        return len(queries)

    Client.objects.filter(pk=nils.pk).update(first_name="One")
    page_of(staff, nils)
    one = cost()
    for number in range(5):
        Client.objects.filter(pk=nils.pk).update(first_name=f"Nils {number}")
    assert cost() == one


def test_who_may_not_see_the_client_is_told_nothing(browser, nils, cleo, ada, dora):
    for person, status in ((cleo, 404), (dora, 404), (ada, 403)):
        browser.force_login(person.user)
        assert browser.get(reverse("client-changes", args=[nils.pk])).status_code == status


def test_to_look_is_on_record_and_the_two_pages_lead_to_each_other(staff, nils, ann):
    page = page_of(staff, nils).content.decode()
    looks = staff.get(reverse("client-looks", args=[nils.pk])).content.decode()
    assert reverse("client-looks", args=[nils.pk]) in page
    assert reverse("client-changes", args=[nils.pk]) in looks
    assert "Looked up what was changed" in looks
    with tenant(ann.organisation_id):
        assert AccessEvent.objects.get(action="client.changes").client_ids == [nils.pk]


def test_every_table_with_a_history_is_told_or_has_a_reason_why_not():
    tracked = {model.pgh_tracked_model._meta.label for model in event_models()}
    ours = {label for label in tracked if label.partition(".")[0] in {"clients", "sessions_app"}}
    assert set(TOLD) | set(NOT_TOLD) == ours
    assert not set(TOLD) & set(NOT_TOLD)


@pytest.mark.parametrize("label", TOLD)
def test_every_column_that_is_told_has_words(label):
    assert ROWS[label]
    assert columns_told(label)
    for name in columns_told(label):
        assert column_words(apps.get_model(label), name)


def test_every_field_of_the_clients_form_is_told():
    """A technical column is told where TOLD names it; teams and labels are rows of tables of their own."""
    untold = set(ClientForm.Meta.fields) - {"teams", "labels"} - set(columns_told("clients.Client"))
    assert untold == set(), "name them in `also` of Client in reports/changes/event_list.py"
