"""A team meeting through its pages: planned by need, presented, taken over, written down, and found again."""

import datetime
import re

import pypdfium2
import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from clients.models import Client, ConsentPurpose, ConsentState
from clients.services.consents import record_consent
from clients.services.identities import without_identities
from organisations.audit.record import recorded
from organisations.models import AccessEvent
from organisations.services.local_day import today_in
from organisations.tenancy.context import tenant
from organisations.web.news import last_told
from sessions_app.forms.team_meeting import CaseMinutesForm
from sessions_app.models import (
    CaseReason,
    Note,
    SessionDecision,
    TeamMeeting,
    TeamMeetingAttendance,
    TeamMeetingCase,
)
from sessions_app.services import team_meetings
from sessions_app.services.summary import lock_episode, refresh_summary
from sessions_app.services.team_meeting_agenda import decisions_due, share_discussed
from tests.factories import ClientFactory, EpisodeFactory, RatingFactory, SessionFactory

pytestmark = pytest.mark.django_db
JSON = {"headers": {"Accept": "application/json"}}


def course(by, team, reference, *totals, **about):
    """A client of a team with a course, one session a week, the last one yesterday."""
    own = {"organisation": by.organisation}
    today = today_in(by.organisation)
    client = ClientFactory(**own, reference=reference, first_name=f"Name of {reference}", teams=[team], **about)
    began = today - datetime.timedelta(days=1 + 7 * (len(totals) - 1))
    episode = EpisodeFactory(**own, client=client, service=team.service, started_on=began)
    for number, total in enumerate(totals):
        day = began + datetime.timedelta(days=7 * number)
        session = SessionFactory(**own, episode=episode, practitioner=by, held_on=day)
        RatingFactory(**own, session=session, marks=None, total=total)
        RatingFactory(**own, session=session, instrument="srs", marks=None, total=380)
    refresh_summary(lock_episode(episode.pk))
    return episode


@pytest.fixture
def courses(lea, ann, red_team):
    """One that gets worse, one that does not move, one that went well."""
    with tenant(lea.organisation_id):
        return {
            "worse": course(ann, red_team, "W-1", 300, 240, 250, 220, 230, 210, 200, 190, contact=ann),
            "still": course(ann, red_team, "U-2", 180, 182, 181, 183, 180, 182, contact=ann),
            "well": course(ann, red_team, "G-3", 150, 190, 220, 250, 280, 290, contact=ann),
        }


@pytest.fixture
def lead(lea):
    browser = Browser()
    browser.force_login(lea.user)
    return browser


@pytest.fixture
def meeting(lead, courses, lea, red_team):
    """Planned by Lea for today, through the page."""
    fields = {"team": red_team.pk, "held_on": today_in(lea.organisation), "starts_at": "09:00", "minutes": 45}
    answer = lead.post(reverse("team-meeting-new"), fields)
    with tenant(lea.organisation_id):
        meeting = TeamMeeting.objects.select_related("team").get()
    assert answer.url == reverse("team-meeting", args=[meeting.pk])
    return meeting


def cases(meeting):
    with tenant(meeting.organisation_id):
        return list(
            TeamMeetingCase.objects.filter(meeting=meeting).in_order().select_related("decision", "meeting__planned_by")
        )


def post(browser, name, key, **data):
    return browser.post(reverse(name, args=[key]), data)


def minutes_of(page):
    """The version that the page of a running meeting has for its form."""
    return re.search(r'name="version" value="([^"]*)"', page.content.decode())[1]


def write(browser, case, how=JSON, **sent):
    """As the script sends the form, with the version of what stands there now unless another one is named."""
    with tenant(case.organisation_id):
        row = TeamMeetingCase.objects.select_related("episode__client__contact", "decision__responsible", "meeting")
        form = CaseMinutesForm(case=row.get(pk=case.pk), by=case.meeting.planned_by)
    fields = {"heard": "", "text": "", "responsible": "", "follow_up_on": "", "review_on": ""}
    version = {"version": form.fields["version"].initial}
    return browser.post(reverse("meeting-case-minutes", args=[case.pk]), fields | version | sent, **how)


def test_the_agenda_comes_by_need_and_says_why(lead, meeting, lea):
    reasons = [case.reason for case in cases(meeting)]
    assert reasons[0] in (CaseReason.RED, CaseReason.WORSE)
    assert reasons[1:] == [CaseReason.UNCHANGED, CaseReason.SUCCESS]
    page = lead.get(reverse("team-meeting", args=[meeting.pk])).content.decode()
    assert page.index("W-1") < page.index("U-2") < page.index("G-3")
    assert "Name of W-1" not in page
    with tenant(lea.organisation_id):
        seen = AccessEvent.objects.filter(action="team_meeting.agenda").get()
        assert len(seen.client_ids) == 3


def test_a_day_has_one_meeting_and_a_refusal_keeps_what_was_typed(lead, meeting, lea, red_team):
    fields = {"team": red_team.pk, "held_on": meeting.held_on, "starts_at": "10:15", "minutes": 30}
    answer = lead.post(reverse("team-meeting-new"), fields)
    assert answer.status_code == 422
    assert "The team already has a meeting that day." in answer.content.decode()
    assert "10:15" in answer.content.decode()
    assert lead.post(reverse("team-meeting-new"), fields | {"held_on": "2020-01-01"}).status_code == 422
    post(lead, "team-meeting-cancel", meeting.pk)
    assert lead.post(reverse("team-meeting-new"), fields).status_code == 302
    post(lead, "team-meeting-restore", meeting.pk)
    with tenant(lea.organisation_id):
        assert TeamMeeting.objects.open().count() == 1


def test_the_order_is_changed_by_buttons_by_dragging_and_taken_back(lead, meeting):
    first, second, third = cases(meeting)
    post(lead, "meeting-case-down", first.pk)
    assert [case.pk for case in cases(meeting)] == [second.pk, first.pk, third.pk]
    post(lead, "team-meeting-order", meeting.pk, cases=[third.pk, second.pk, first.pk])
    assert [case.pk for case in cases(meeting)] == [third.pk, second.pk, first.pk]
    post(lead, "meeting-case-more", third.pk)
    assert cases(meeting)[0].minutes == third.minutes + 1
    page = lead.post(reverse("meeting-case-remove", args=[second.pk]), follow=True).content.decode()
    assert reverse("meeting-case-restore", args=[second.pk]) in page
    assert cases(meeting)[1].removed_at is not None
    post(lead, "meeting-case-restore", second.pk)
    assert cases(meeting)[1].removed_at is None


def test_anybody_of_the_team_brings_a_case_with_a_question(staff, lead, meeting, ann, red_team):
    with tenant(ann.organisation_id):
        brought = course(ann, red_team, "B-4", 200)
        empty = EpisodeFactory(organisation=ann.organisation, service=red_team.service,
                               client=ClientFactory(organisation=ann.organisation, teams=[red_team]))  # fmt: skip
    page = reverse("team-meeting", args=[meeting.pk])
    refused = staff.post(page, {"episode": empty.pk, "question": "Where is she?"})
    assert refused.status_code == 422
    assert "There is no session yet to look at." in refused.content.decode()
    assert "Where is she?" in refused.content.decode()
    assert staff.post(page, {"episode": brought.pk, "question": "Is it us?"}).status_code == 302
    case = cases(meeting)[-1]
    assert (case.reason, case.question, case.asked_by_id) == (CaseReason.BROUGHT, "Is it us?", ann.pk)
    assert "Is it us?" in lead.get(page).content.decode()


def test_who_presents_moves_on_and_another_takes_over(lead, staff, meeting, lea, ann):
    first, second, _third = cases(meeting)
    post(lead, "team-meeting-start", meeting.pk)
    post(staff, "team-meeting-join", meeting.pk)
    post(lead, "team-meeting-show", meeting.pk, case=first.pk)
    followed = staff.get(reverse("team-meeting-follow", args=[meeting.pk])).content.decode()
    assert "W-1" in followed
    assert "U-2" not in followed
    post(staff, "team-meeting-show", meeting.pk, case=second.pk)  # who follows moves nothing
    with tenant(lea.organisation_id):
        assert TeamMeeting.objects.get().shown_id == first.pk
    post(staff, "team-meeting-take-over", meeting.pk)
    post(staff, "team-meeting-show", meeting.pk, case=second.pk)
    post(lead, "team-meeting-show", meeting.pk, case=first.pk)
    with tenant(lea.organisation_id):
        now = TeamMeeting.objects.get()
        assert (now.presenter_id, now.shown_id) == (ann.pk, second.pk)
        assert set(TeamMeetingAttendance.objects.values_list("practitioner", flat=True)) == {lea.pk, ann.pk}
        assert AccessEvent.objects.filter(action="team_meeting.screen", practitioner=ann).exists()
    assert "Take over the screen" in lead.get(reverse("team-meeting-present", args=[meeting.pk])).content.decode()


def test_open_pages_hear_that_the_meeting_went_on(lead, meeting, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        post(lead, "team-meeting-start", meeting.pk)
    told = last_told(meeting.pk)
    assert told > 0
    page = lead.get(reverse("team-meeting-present", args=[meeting.pk])).content.decode()
    assert f'data-moves-known="{told}"' in page
    with django_capture_on_commit_callbacks(execute=True):
        post(lead, "team-meeting-show", meeting.pk, case=cases(meeting)[0].pk)
    assert last_told(meeting.pk) > told


def test_what_was_passed_by_was_not_discussed(lead, meeting):
    first, second, _third = cases(meeting)
    post(lead, "team-meeting-start", meeting.pk)
    post(lead, "team-meeting-show", meeting.pk, case=first.pk)
    with time_machine.travel(timezone.now() + datetime.timedelta(seconds=5)):
        post(lead, "team-meeting-show", meeting.pk, case=second.pk)
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=4)):
        post(lead, "team-meeting-end", meeting.pk)
    assert [case.discussed_at is not None for case in cases(meeting)] == [False, True, False]


def test_a_decision_lands_in_the_document_among_the_follow_ups_and_on_the_curve(lead, staff, meeting, courses, ann):
    first = cases(meeting)[0]
    post(lead, "team-meeting-start", meeting.pk)
    day = (meeting.held_on + datetime.timedelta(days=7)).isoformat()
    sent = {"heard": "She says less.", "text": "Ask what home is like.", "responsible": ann.pk, "follow_up_on": day}
    assert write(lead, first, **sent).status_code == 200
    [decision] = _decisions(ann)
    assert (decision.text, decision.responsible_id) == ("Ask what home is like.", ann.pk)
    document = reverse("client-detail", args=[courses["worse"].client_id])
    page = staff.get(f"{document}?tab=document").content.decode()
    assert "She says less." in page
    assert "Ask what home is like." in page
    assert "Ask what home is like." in staff.get(reverse("today")).content.decode()
    assert "Team meeting" in staff.get(document).content.decode()
    together = reverse("client-together", args=[courses["worse"].client_id])
    assert "Team meeting" not in staff.get(together).content.decode()


def _decisions(by):
    with tenant(by.organisation_id):
        return list(SessionDecision.objects.all())


def test_two_who_write_at_once_lose_nothing(lead, staff, meeting, ann, ben):
    first = cases(meeting)[0]
    post(lead, "team-meeting-start", meeting.pk)
    post(lead, "team-meeting-show", meeting.pk, case=first.pk)
    mine = minutes_of(lead.get(reverse("team-meeting-present", args=[meeting.pk])))
    theirs = minutes_of(staff.get(reverse("team-meeting-follow", args=[meeting.pk])))
    about = {"responsible": ann.pk}
    assert write(lead, first, heard="Heard by Lea", version=mine, **about).status_code == 200
    other = write(staff, first, text="Decided by Ann", version=theirs, **about)  # another field: both stay
    assert other.status_code == 200
    assert "Heard by Lea" in other.json()["theirs"]
    clash = write(staff, first, heard="Heard by Ann", text="Decided by Ann", version=theirs, **about)
    assert clash.status_code == 409
    assert "Heard by Lea" in clash.json()["theirs"]
    [case] = [one for one in cases(meeting) if one.pk == first.pk]
    assert (case.heard, case.decision.text) == ("Heard by Lea", "Decided by Ann")
    both = {"heard": "Heard by both", "text": "Decided by Ann", "version": clash.json()["version"]}
    assert write(staff, first, **both, **about).status_code == 200


def test_whoever_is_chosen_before_anything_is_decided_stays_chosen(lead, meeting, ann, ben):
    first = cases(meeting)[0]
    version = write(lead, first, heard="So", responsible=ben.pk).json()["version"]
    assert write(lead, first, heard="So", text="Decided", responsible=ben.pk, version=version).status_code == 200
    [decision] = _decisions(ann)
    assert decision.responsible_id == ben.pk


def test_a_day_without_a_decision_is_refused_beside_the_form(lead, meeting, ann):
    first = cases(meeting)[0]
    answer = write(lead, first, heard="Typed", follow_up_on="2026-12-08")
    assert (answer.status_code, answer.json()) == (422, {"error": "Write what was decided."})
    page = write(lead, first, {}, heard="Typed", responsible=ann.pk, follow_up_on="2026-12-08")
    assert page.status_code == 422
    assert "Typed" in page.content.decode()


def test_the_next_meeting_opens_with_what_is_due_and_what_the_curve_did(lead, meeting, courses, lea, ann, red_team):
    first, second, _third = cases(meeting)
    post(lead, "team-meeting-start", meeting.pk)
    later = meeting.held_on + datetime.timedelta(days=60)
    write(lead, first, text="Meet twice a week", responsible=ann.pk)
    write(lead, second, text="Look again much later", responsible=ann.pk, review_on=later.isoformat())
    post(lead, "team-meeting-end", meeting.pk)
    own = {"organisation": lea.organisation}
    with time_machine.travel(timezone.now() + datetime.timedelta(days=14)), tenant(lea.organisation_id):
        day = today_in(lea.organisation)
        session = SessionFactory(**own, episode=courses["worse"], practitioner=ann, held_on=day)
        RatingFactory(**own, session=session, marks=None, total=222)
        refresh_summary(lock_episode(courses["worse"].pk))
    with time_machine.travel(timezone.now() + datetime.timedelta(days=15)):
        lead.force_login(lea.user)
        fields = {"team": red_team.pk, "held_on": today_in(lea.organisation), "starts_at": "09:00", "minutes": 45}
        page = lead.get(lead.post(reverse("team-meeting-new"), fields).url).content.decode()
        assert "1 decision to follow up" in page
        assert "Meet twice a week" in page
        assert "19 → 22.2 (+3.2) over 1 measurement" in page
        assert "Look again much later" not in page
        with tenant(lea.organisation_id):
            assert share_discussed(red_team, lea, today_in(lea.organisation)) == (2, 3)
        [due] = [one for one in _decisions(ann) if one.text == "Meet twice a week"]
        lead.post(reverse("decision-done", args=[due.pk]))
        with tenant(lea.organisation_id):
            newest = TeamMeeting.objects.newest_first().first()
            assert decisions_due(newest, lea) == []


def test_nobody_outside_the_team_sees_a_meeting_or_its_cases(meeting, cleo, ada, dora):
    case = cases(meeting)[0]
    for person, refusal in ((cleo, 404), (ada, 403), (dora, 404)):
        browser = Browser()
        browser.force_login(person.user)
        for name in ("team-meeting", "team-meeting-present", "team-meeting-follow", "team-meeting-minutes"):
            assert browser.get(reverse(name, args=[meeting.pk])).status_code == refusal
        assert post(browser, "meeting-case-more", case.pk).status_code == refusal
        assert write(browser, case, heard="Mine").status_code == refusal
    browser = Browser()
    browser.force_login(cleo.user)
    assert "No meeting yet" in browser.get(reverse("team-meetings")).content.decode()


def test_who_left_the_team_sees_neither_the_meeting_nor_its_cases(meeting, lead, lea):
    with tenant(lea.organisation_id):
        lea.memberships.all().delete()
        assert not TeamMeetingCase.objects.visible_to(lea).exists()
    assert lead.get(reverse("team-meeting", args=[meeting.pk])).status_code == 404
    assert "You are in no team yet" in lead.get(reverse("team-meetings")).content.decode()


def test_a_case_that_was_discussed_stays_in_the_minutes(lead, meeting):
    first = cases(meeting)[0]
    write(lead, first, heard="Something")
    page = lead.post(reverse("meeting-case-remove", args=[first.pk]), follow=True).content.decode()
    assert "stays in the minutes" in page
    assert cases(meeting)[0].removed_at is None


def test_a_meeting_that_began_is_neither_called_off_nor_moved(lead, meeting, lea):
    post(lead, "team-meeting-start", meeting.pk)
    with tenant(lea.organisation_id), pytest.raises(ValidationError):
        team_meetings.cancel_meeting(meeting=meeting, by=lea)
    tomorrow = meeting.held_on + datetime.timedelta(days=1)
    fields = {"held_on": tomorrow, "starts_at": "09:00", "minutes": 45}
    page = lead.get(reverse("team-meeting-edit", args=[meeting.pk]))
    answer = post(lead, "team-meeting-edit", meeting.pk, **fields, version=minutes_of(page))
    assert answer.status_code == 422
    post(lead, "team-meeting-end", meeting.pk)
    post(lead, "team-meeting-start", meeting.pk)  # it was not over after all
    with tenant(lea.organisation_id):
        assert TeamMeeting.objects.get().is_running


def test_the_minutes_on_paper_name_no_client_and_say_who_was_there(lead, meeting, ann, lea):
    first = cases(meeting)[0]
    post(lead, "team-meeting-start", meeting.pk)
    heard = "Name of W-1 says less than before, and name of w-1's sister too 😀. W-1 is tired."
    write(lead, first, heard=heard, text="Ask W-1 at home", responsible=ann.pk)
    answer = lead.get(reverse("team-meeting-minutes", args=[meeting.pk]))
    assert answer["Content-Type"] == "application/pdf"
    text = " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(answer.content))
    text = " ".join(text.split())
    for said in ("Lea Vang", "Case 1 says less than before", "Ask Case 1 at home", "1 of 3 open episodes", "Ann Holm"):
        assert said in text
    for named in ("W-1", "Name of", "U-2", "G-3"):
        assert named.lower() not in text.lower()
    with tenant(lea.organisation_id):
        assert len(AccessEvent.objects.filter(action="team_meeting.minutes").latest("seq").client_ids) == 3


def test_only_whole_words_are_replaced():
    clients = [Client(first_name="Bo", reference="B-1"), Client(first_name="", reference="Bo-2")]
    text = "Bo bor i Bogense. bo's kat. Bo-2 bor der også."
    assert without_identities(text, clients, ["Sag 1", "Sag 2"]) == (
        "Sag 1 bor i Bogense. Sag 1 kat. Sag 2 bor der også."
    )


def test_own_words_are_on_the_screen_only_while_the_client_agrees(lead, staff, meeting, courses, ann):
    first = cases(meeting)[0]
    client = courses["worse"].client
    with tenant(ann.organisation_id):
        session = courses["worse"].sessions.latest("held_on")
        Note.objects.create(organisation=ann.organisation, session=session, kind="after_ors", text="Nobody asks me.")
    post(lead, "team-meeting-start", meeting.pk)
    post(lead, "team-meeting-show", meeting.pk, case=first.pk)
    pages = [reverse(f"team-meeting-{name}", args=[meeting.pk]) for name in ("present", "follow")]
    for state, shown in ((None, False), (ConsentState.GIVEN, True), (ConsentState.WITHDRAWN, False)):
        if state is not None:
            said = {"state": state, "said_on": today_in(ann.organisation), "taken_by": ann}
            with tenant(ann.organisation_id), recorded(organisation_id=ann.organisation_id, request_id="test"):
                record_consent(client=client, by=ann, purpose=ConsentPurpose.TEAM, **said)
        for page in pages:
            assert ("Nobody asks me." in staff.get(page).content.decode()) is shown
