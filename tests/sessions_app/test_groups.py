"""Several clients meet: a session each, the tablet goes round, and each keeps a curve of their own."""

import re
import uuid

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clients.models import Episode
from organisations.models import AccessEvent
from organisations.services.local_day import today_in
from organisations.tenancy.context import tenant
from sessions_app.measures.instruments.registry import FAMILY
from sessions_app.models import GroupMeeting, GroupMember, Rating, Session
from sessions_app.services.courses import load_series
from sessions_app.services.group_meetings import parts_of
from tests.factories import ClientFactory, EpisodeFactory, SessionFactory

pytestmark = pytest.mark.django_db
NAMES = ("Bea", "Carl", "Dina")
ORS = {"individual": "6", "relations": "7", "social": "5", "overall": "6"}
GSRS = {"relation": "8", "goals": "8", "approach": "7", "overall": "8"}


def helped(ann, team, service, **fields):
    """A client of the team with an open episode."""
    client = ClientFactory(organisation=ann.organisation, teams=[team], **fields)
    EpisodeFactory(organisation=ann.organisation, client=client, service=service)
    return client


@pytest.fixture
def clients(ann, red_team, service):
    with tenant(ann.organisation_id):
        return [helped(ann, red_team, service, first_name=name) for name in NAMES]


def logged_in(person):
    browser = Browser()
    browser.force_login(person.user)
    return browser


@pytest.fixture
def staff(ann):
    return logged_in(ann)


def start(staff, clients, name="Wednesdays"):
    sent = {"name": name, "contact_form": "in_person", "clients": [str(one.pk) for one in clients]}
    return staff.post(reverse("groups"), sent)


@pytest.fixture
def meeting(staff, clients, ann):
    assert start(staff, clients).status_code == 302
    with tenant(ann.organisation_id):
        return GroupMeeting.objects.get()


def members(meeting):
    with tenant(meeting.organisation_id):
        return list(GroupMember.objects.filter(meeting=meeting).select_related("session__client").order_by("place"))


def begin(staff, meeting, part="ors"):
    """Hand the tablet over; the address of the first turn."""
    return staff.post(reverse("group-round", args=[meeting.pk, part])).url


def form_at(turn):
    return turn.replace("turn/", "")


def send(device, turn, marks=ORS):
    return device.post(form_at(turn), marks | {"submission_id": str(uuid.uuid4())})


def on_from(device, turn):
    return device.post(form_at(turn) + "on/").url


def shown(browser, url):
    return browser.get(url).content.decode()


def test_a_meeting_starts_a_session_for_each(staff, meeting, ann):
    assert [one.session.client.first_name for one in members(meeting)] == list(NAMES)
    page = shown(staff, reverse("group", args=[meeting.pk]))
    assert all(name in page for name in NAMES)
    assert "3 have not marked how things are." in page
    with tenant(ann.organisation_id):
        assert len(AccessEvent.objects.get(action="group.start").client_ids) == 3


@pytest.mark.parametrize("count", [0, 1])
def test_a_group_is_two_or_more(staff, clients, count, ann):
    assert start(staff, clients[:count]).status_code == 422
    with tenant(ann.organisation_id):
        assert not GroupMeeting.objects.exists()
        assert not Session.objects.exists()


def test_nobody_is_in_two_groups_at_once(staff, clients, meeting):
    answer = start(staff, clients[:2], name="Thursdays")
    assert answer.status_code == 422
    assert "takes part in a group today already" in answer.content.decode()


def test_the_tablet_goes_round_and_no_form_names_anybody(staff, meeting, ann):
    turn = begin(staff, meeting)
    for name in NAMES:
        page = shown(staff, turn)
        assert f"Give the tablet to {name}." in page
        assert not any(other in page for other in NAMES if other != name)
        assert not any(other in shown(staff, form_at(turn)) for other in NAMES)
        assert send(staff, turn).status_code == 303
        thanks = shown(staff, form_at(turn) + "thanks/")
        assert "On to the next" in thanks
        assert name not in thanks
        turn = on_from(staff, turn)
    assert "The tablet has been round." in shown(staff, turn)
    assert staff.get(reverse("group", args=[meeting.pk])).status_code == 302, "staff's pages are closed"
    with tenant(ann.organisation_id):
        assert Rating.objects.filter(instrument="ors").count() == 3


def test_who_is_passed_over_is_met_in_the_next_round(staff, meeting, ann):
    second = on_from(staff, begin(staff, meeting))
    assert "Give the tablet to Carl." in shown(staff, second)
    assert send(staff, second).status_code == 303
    again = logged_in(ann)
    assert "Give the tablet to Bea." in shown(again, begin(again, meeting))


def keep(device, turn):
    assert device.post(form_at(turn) + "later/", {"individual": "1.3"}).status_code == 303


def has_marks(device, turn):
    return 'data-mark="13"' in shown(device, form_at(turn))


def test_a_page_of_before_opens_nobodys_form_but_of_whoever_has_the_tablet(staff, meeting):
    first = begin(staff, meeting)
    second = on_from(staff, first)
    keep(staff, second)
    on_from(staff, second)
    again = on_from(staff, first)
    assert "Give the tablet to Dina." in shown(staff, again)
    on_from(staff, again)
    assert "The tablet has been round." in shown(staff, on_from(staff, first))


def test_what_was_kept_in_a_round_is_shown_in_the_next_one_only(staff, meeting, ann):
    first = begin(staff, meeting)
    keep(staff, on_from(staff, first))
    opened_anew = on_from(staff, first)
    assert "Give the tablet to Carl." in shown(staff, opened_anew)
    assert not has_marks(staff, opened_anew), "nobody knows whether Carl still has it"
    again = logged_in(ann)
    assert has_marks(again, on_from(again, begin(again, meeting)))


def test_a_token_alone_goes_nowhere_else(staff, meeting):
    turn = begin(staff, meeting)
    stranger = Browser()
    assert stranger.get(turn).url == form_at(turn)
    assert "Bea" not in shown(stranger, form_at(turn))
    assert on_from(stranger, turn) == form_at(turn)


def test_how_the_meeting_was_is_a_series_of_its_own(staff, meeting, ann):
    assert send(staff, begin(staff, meeting, "srs"), GSRS).status_code == 303
    with tenant(ann.organisation_id):
        rating = Rating.objects.get()
        assert (rating.instrument, rating.total) == ("gsrs", 310)
        episode = rating.session.episode
        assert list(load_series([episode])[episode.pk].srs_totals()) == []
    page = shown(logged_in(ann), reverse("client-detail", args=[rating.session.client_id]))
    assert 'id="group-alliance"' in page
    assert "alliance 36" in page


def test_children_have_the_childrens_forms_and_the_smallest_none(staff, ann, red_team, service):
    with tenant(ann.organisation_id):
        year = today_in(ann.organisation).year
        children = [helped(ann, red_team, service, birth_year=year - age) for age in (15, 9, 4)]
    start(staff, children)
    with tenant(ann.organisation_id):
        parts = {part.client.pk: part.forms for part in parts_of(GroupMember.objects.all())}
        forms = [{key: form.instrument_key for key, form in parts[child.pk].items()} for child in children]
    assert forms == [{"ors": "ors", "srs": "gsrs"}, {"ors": "cors", "srs": "cgsrs"}, {}]


def marks_of(key):
    return dict.fromkeys(FAMILY[key].items, "7")


def test_children_answer_the_childrens_forms_in_the_round(staff, ann, red_team, service):
    """A birthday alone changes no form: who was 12 at the intake goes on with the child's until a new series."""
    with tenant(ann.organisation_id):
        year = today_in(ann.organisation).year
        people = [helped(ann, red_team, service, birth_year=year - age) for age in (9, 13, 30, 4)]
        episode = Episode.objects.get(client=people[1])
        last_year = today_in(ann.organisation).replace(month=1, day=1, year=year - 1)
        SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann, held_on=last_year)
    start(staff, people)
    with tenant(ann.organisation_id):
        meeting = GroupMeeting.objects.get()
    page = shown(staff, reverse("group", args=[meeting.pk]))
    assert "3 have not marked how things are." in page
    for part, keys in (("ors", ("cors", "cors", "ors")), ("srs", ("cgsrs", "cgsrs", "gsrs"))):
        device = logged_in(ann)
        turn = begin(device, meeting, part)
        for key in keys:
            assert f'data-form="{key}"' in shown(device, form_at(turn))
            assert send(device, turn, marks_of(key)).status_code == 303
            turn = on_from(device, turn)
        assert "The tablet has been round." in shown(device, turn), "the smallest is asked by nobody here"
    with tenant(ann.organisation_id):
        given = [
            list(Rating.objects.filter(session__client=one).order_by("created_at").values_list("instrument", flat=True))
            for one in people
        ]
    assert given == [["cors", "cgsrs"], ["cors", "cgsrs"], ["ors", "gsrs"], []]


def test_an_absence_is_written_down_and_taken_back(staff, meeting, ann):
    bea, carl, _dina = members(meeting)
    staff.post(reverse("group-attendance", args=[bea.pk]), {"came": "no"})
    assert members(meeting)[0].session.attendance == "no_show"
    turn = begin(staff, meeting)
    assert "Give the tablet to Carl." in shown(staff, turn)
    send(staff, turn)
    staff = logged_in(ann)
    staff.post(reverse("group-attendance", args=[bea.pk]), {"came": "yes"})
    page = staff.post(reverse("group-attendance", args=[carl.pk]), {"came": "no"}, follow=True).content.decode()
    assert "There are answers, so the client was there." in page
    assert [one.session.attendance for one in members(meeting)] == ["attended", "attended", "expected"]


def pressed(page):
    """What is said of each member's presence, in their order."""
    return re.findall(r'aria-pressed="true">\s*([^<]+?)\s*</button>', page)


def test_nobody_counts_as_present_before_they_came(staff, meeting, ann):
    page = reverse("group", args=[meeting.pk])
    assert pressed(shown(staff, page)) == ["not here yet"] * 3
    with tenant(ann.organisation_id):
        counted = Episode.objects.filter(client__sessions__group_member__meeting=meeting)
        assert set(counted.values_list("sessions_count", "last_session_on")) == {(0, None)}
    bea, carl, _dina = members(meeting)
    staff.post(reverse("group-attendance", args=[bea.pk]), {"came": "yes"})
    staff.post(reverse("group-attendance", args=[carl.pk]), {"came": "no"})
    assert pressed(shown(staff, page)) == ["here", "stayed away", "not here yet"]
    with tenant(ann.organisation_id):
        assert sorted(counted.values_list("sessions_count", flat=True)) == [0, 0, 1]
    staff.post(reverse("group-attendance", args=[bea.pk]), {"came": "later"})
    assert members(meeting)[0].session.attendance == "expected"


def test_who_answers_has_come(staff, meeting, ann):
    send(staff, begin(staff, meeting))
    assert [one.session.attendance for one in members(meeting)] == ["attended", "expected", "expected"]
    page = shown(logged_in(ann), reverse("group", args=[meeting.pk]))
    assert pressed(page) == ["not here yet"] * 2, "of whoever has answered nothing else can be said"


def test_one_tap_says_that_everybody_is_here(staff, meeting, ann):
    bea, *_others = members(meeting)
    staff.post(reverse("group-attendance", args=[bea.pk]), {"came": "no"})
    assert "Everybody is here" in shown(staff, reverse("group", args=[meeting.pk]))
    staff.post(reverse("group-all-here", args=[meeting.pk]))
    assert [one.session.attendance for one in members(meeting)] == ["no_show", "attended", "attended"]


def test_a_session_of_their_own_says_that_a_member_has_come(staff, meeting, clients):
    staff.post(reverse("session-start", args=[clients[0].pk]))
    assert [one.session.attendance for one in members(meeting)] == ["attended", "expected", "expected"]


def test_an_expected_session_is_no_absence_on_the_curve_and_cannot_be_said_elsewhere(staff, meeting, clients):
    page = shown(staff, reverse("client-detail", args=[clients[0].pk]))
    assert "Not here yet" not in page
    one = members(meeting)[0].session
    assert 'value="expected"' in shown(staff, reverse("session-edit", args=[one.pk]))
    assert 'value="expected"' not in shown(staff, reverse("session-new", args=[clients[0].pk]))


def test_one_more_joins_and_the_next_meeting_is_like_the_last(staff, meeting, nils, episode):
    assert staff.post(reverse("group", args=[meeting.pk]), {"client": str(nils.pk)}).status_code == 302
    assert [one.place for one in members(meeting)] == [0, 1, 2, 3]
    page = staff.get(reverse("groups"), {"again": str(meeting.pk)}).content.decode()
    assert 'value="Wednesdays"' in page
    assert page.count(" checked") == 1 + 4, "the form of contact, and four clients"


def test_a_colleague_of_another_team_sees_only_whom_they_may(meeting, cleo, blue_team):
    other = logged_in(cleo)
    assert other.get(reverse("group", args=[meeting.pk])).status_code == 404
    carl = members(meeting)[1].session.client
    with tenant(meeting.organisation_id):
        carl.client_teams.create(organisation=meeting.organisation, team=blue_team)
    page = shown(other, reverse("group", args=[meeting.pk]))
    assert "Carl" in page
    assert not any(name in page for name in ("Bea", "Dina"))
    asked_again = other.get(reverse("group-state", args=[meeting.pk])).json()["links"]
    assert {key.rpartition("-")[0] for key in asked_again} == {str(members(meeting)[1].pk), ""}


def test_a_colleague_of_another_team_says_only_of_whom_they_may_see_that_they_are_here(meeting, cleo, blue_team):
    carl = members(meeting)[1].session.client
    with tenant(meeting.organisation_id):
        carl.client_teams.create(organisation=meeting.organisation, team=blue_team)
    logged_in(cleo).post(reverse("group-all-here", args=[meeting.pk]))
    assert [one.session.attendance for one in members(meeting)] == ["expected", "attended", "expected"]


@pytest.mark.parametrize("count", [2, 5])
def test_the_page_costs_the_same_for_any_group(staff, ann, red_team, service, count, django_assert_num_queries):
    with tenant(ann.organisation_id):
        found = [helped(ann, red_team, service) for _ in range(count)]
    start(staff, found)
    with tenant(ann.organisation_id):
        meeting = GroupMeeting.objects.get()
    with django_assert_num_queries(QUERIES):
        staff.get(reverse("group", args=[meeting.pk]))


QUERIES = 22


def test_the_meeting_s_form_has_no_result_of_a_session(staff, meeting, ann):
    """Keyed in, or answered beside the session's own forms: the way on is the session's page, never a missing one."""
    record = members(meeting)[0].session
    sent = GSRS | {"entry_mode": "paper", "submission_id": str(uuid.uuid4())}
    kept = staff.post(reverse("rating-key-in", args=[record.pk, "gsrs"]), sent, follow=True)
    assert kept.redirect_chain == [(reverse("session-flow", args=[record.pk]), 302)]
    assert kept.status_code == 200
    assert reverse("session-result", args=[record.pk, "gsrs"]) not in kept.content.decode()
    back = staff.get(reverse("session-flow", args=[record.pk]), {"back": "gsrs"})
    assert back.status_code == 200
