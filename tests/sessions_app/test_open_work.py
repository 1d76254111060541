"""Somebody leaves: all that hangs on them is shown and given to named colleagues, at once or afterwards."""

import datetime
import random
import threading

import pytest
from django.db import connection
from django.db.models import Q
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from clients.models import Client
from organisations.models import AccessEvent, Membership, Practitioner
from organisations.roles import Role
from organisations.services.local_day import today_in
from organisations.tenancy.context import tenant
from sessions_app.models import (
    FollowUpMeasure,
    RatingDraft,
    SessionDecision,
    TeamMeeting,
    TeamQuestion,
    WaitsFor,
)
from sessions_app.services.under_way import LOOKED_BACK, open_sessions
from tests.factories import ClientFactory, EpisodeFactory, SessionFactory
from tests.people import person

SOON = datetime.timedelta(days=7)


@pytest.fixture
def admin(browser, ada):
    """Ada's browser."""
    browser.force_login(ada.user)
    return browser


def again(row):
    """The row as it is stored now."""
    with tenant(row.organisation_id):
        return type(row).objects.get(pk=row.pk)


def page_of(browser, person, name="practitioner-deactivate"):
    return browser.get(reverse(name, args=[person.pk]))


def leave(browser, person, name="practitioner-deactivate", **given):
    return browser.post(reverse(name, args=[person.pk]), given)


def decided(client, service, person, **more):
    """A follow-up of a client that this person sees to."""
    about = {"organisation": client.organisation}
    episode = client.episodes.first() or EpisodeFactory(**about, client=client, service=service)
    session = SessionFactory(**about, episode=episode, practitioner=person)
    on = today_in(client.organisation) + SOON
    return SessionDecision.objects.create(
        **about, session=session, text="Ring the school", responsible=person, follow_up_on=on, **more
    )


def planned(team, person, days=7):
    on = today_in(team.organisation) + datetime.timedelta(days=days)
    return TeamMeeting.objects.create(
        organisation=team.organisation, team=team, held_on=on, starts_at=datetime.time(9), planned_by=person
    )


def begun(client, service, person, days=0):
    """A session that this person began so many days ago and nobody finished, with some marks of its SRS."""
    about = {"organisation": client.organisation}
    episode = client.episodes.first() or EpisodeFactory(**about, client=client, service=service)
    held_on = today_in(client.organisation) - datetime.timedelta(days=days)
    session = SessionFactory(
        **about, episode=episode, practitioner=person, held_on=held_on, started_at=timezone.now(), finished_at=None
    )
    form = {"instrument": "srs", "rater": "client", "marks": [7, None, None, None], "entry_mode": "paper"}
    return session, RatingDraft.objects.create(**about, session=session, recorded_by=person, **form)


def orphans(organisation):
    """What is open and names only people who have no access; in the open tenant."""
    gone = Practitioner.objects.filter(is_active=False).values("pk")
    contacts = Q(contact__in=gone) | Q(second_contact__in=gone) | Q(next_contact__in=gone)
    return [
        *Client.objects.current().filter(contacts),
        *SessionDecision.objects.to_follow_up().filter(responsible__in=gone),
        *FollowUpMeasure.objects.waiting().filter(planned_by__in=gone),
        *TeamMeeting.objects.open().filter(Q(planned_by__in=gone) | Q(presenter__in=gone)),
        *TeamQuestion.objects.filter(asked_by__in=gone, waits_for=WaitsFor.ASKER),
        *open_sessions().filter(practitioner__in=gone, held_on__gt=today_in(organisation) - LOOKED_BACK),
        *RatingDraft.objects.filter(recorded_by__in=gone),
    ]


def test_the_page_says_what_hangs_on_the_person(admin, ann, ben, nils, service, red_team):
    with tenant(ann.organisation_id):
        Client.objects.filter(pk=nils.pk).update(next_on=today_in(ann.organisation) + SOON)
        decided(nils, service, ann)
        bens = ClientFactory(organisation=ann.organisation, reference="B-1", teams=[red_team], contact=ben)
        decided(bens, service, ann)
        planned(red_team, ann)
    page = page_of(admin, ann).content.decode()
    assert "What is open: 2 follow-ups, 1 appointment." in page
    assert "1 follow-up, 1 appointment" in page  # of Nils
    assert "B-1" in page
    assert "Meeting of Red team on" in page
    assert "Ring the school" not in page  # an administrator reads no words about a client


def test_all_goes_to_whom_it_was_given(admin, ann, ben, lea, cleo, nils, service, red_team):
    with tenant(ann.organisation_id):
        own = decided(nils, service, ann)
        bens = ClientFactory(organisation=ann.organisation, reference="B-1", teams=[red_team], contact=ben)
        hers, others = decided(bens, service, ann), decided(bens, service, lea)
        meeting = planned(red_team, ann)
    given = {"successor": lea.pk, "message": "Ring first", f"meeting-{meeting.pk}": ben.pk}
    assert leave(admin, ann, **given).status_code == 302
    assert (again(nils).contact_id, again(nils).contact_note) == (lea.pk, "Ring first")
    assert [again(row).responsible_id for row in (own, hers, others)] == [lea.pk, ben.pk, lea.pk]
    assert again(meeting).planned_by_id == ben.pk
    with tenant(ann.organisation_id):
        events = AccessEvent.objects.filter(action="client.hand_over")
        assert {key for event in events for key in event.client_ids} == {nils.pk, bens.pk}
        assert orphans(ann.organisation) == []


def test_a_session_of_today_goes_on_with_the_taker_and_an_earlier_one_is_closed(
    admin, ann, ben, lea, cleo, nils, service, red_team
):
    with tenant(ann.organisation_id):
        now, marks = begun(nils, service, ann)
        earlier, kept = begun(nils, service, ann, days=2)
        bens = ClientFactory(organisation=ann.organisation, reference="B-1", teams=[red_team], contact=ben)
        beside, _draft = begun(bens, service, ann)
        others, _draft = begun(bens, service, lea, days=1)
    page = page_of(admin, ann).content.decode()
    assert "4 sessions under way" not in page  # only Ann's
    assert "B-1" in page
    assert leave(admin, ann, successor=lea.pk).status_code == 302
    assert (again(now).practitioner_id, again(now).finished_at) == (lea.pk, None)
    assert again(earlier).practitioner_id == ann.pk  # she held it
    assert again(earlier).finished_at is not None
    assert [again(row).recorded_by_id for row in (marks, kept)] == [lea.pk, lea.pk]
    assert again(kept).marks == [7, None, None, None]
    assert again(beside).practitioner_id == ben.pk  # his client
    assert (again(others).practitioner_id, again(others).finished_at) == (lea.pk, None)
    with tenant(ann.organisation_id):
        assert orphans(ann.organisation) == []


def test_marks_of_a_closed_session_are_still_finished_by_the_taker(admin, ann, ben, nils, service):
    with tenant(ann.organisation_id):
        earlier, _draft = begun(nils, service, ann, days=2)
    leave(admin, ann, successor=ben.pk)
    bens = Browser()
    bens.force_login(ben.user)
    page = bens.get(reverse("rating-key-in", args=[earlier.pk, "srs"]))
    assert page.status_code == 200
    assert "7" in page.content.decode()
    shown = bens.get(reverse("client-detail", args=[nils.pk])).content.decode()
    assert str(earlier.pk) in shown


def test_sessions_that_were_left_for_later_stand_on_the_list(admin, ann, ben, bare, service):
    with tenant(ann.organisation_id):
        session, _draft = begun(bare, service, ann, days=1)
    assert leave(admin, ann, later="on").status_code == 302
    assert again(session).finished_at is None
    assert "Not yet handed over" in admin.get(reverse("people")).content.decode()
    assert leave(admin, ann, "practitioner-hand-over", **{f"taker-{bare.pk}": ben.pk}).status_code == 302
    assert again(session).finished_at is not None
    assert "Not yet handed over" not in admin.get(reverse("people")).content.decode()


@pytest.fixture
def bare(ann, red_team):
    """A client without a contact person."""
    with tenant(ann.organisation_id):
        return ClientFactory(organisation=ann.organisation, reference="C-1", teams=[red_team])


def test_a_word_about_one_client_stands_beside_the_one_for_all(admin, ann, ben, lea, nils, red_team):
    with tenant(ann.organisation_id):
        bo = ClientFactory(organisation=ann.organisation, reference="B-2", teams=[red_team], contact=ann)
    given = {"successor": ben.pk, "message": "Ring first", f"note-{bo.pk}": "Only in the morning"}
    assert leave(admin, ann, **(given | {f"note-{nils.pk}": "x" * 401})).status_code == 422
    assert again(bo).contact_note == ""
    assert leave(admin, ann, **given).status_code == 302
    assert [again(one).contact_note for one in (nils, bo)] == ["Ring first", "Only in the morning"]


def test_a_follow_up_goes_to_nobody_who_may_not_see_the_client(admin, ann, ben, cleo, nils, service, red_team):
    with tenant(ann.organisation_id):
        bens = ClientFactory(organisation=ann.organisation, reference="B-1", teams=[red_team], contact=ben)
        row = decided(bens, service, ann)
    page = leave(admin, ann, **{"successor": ben.pk, f"taker-{bens.pk}": cleo.pk})
    assert page.status_code == 422
    assert page.context["form"].errors.keys() == {f"taker-{bens.pk}"}
    assert (again(row).responsible_id, again(nils).contact_id, again(ann).is_active) == (ann.pk, ann.pk, True)


def test_a_meeting_goes_to_nobody_outside_the_team_and_is_not_forgotten(admin, ann, ben, cleo, red_team):
    with tenant(ann.organisation_id):
        meeting = planned(red_team, ann)
    assert leave(admin, ann, **{f"meeting-{meeting.pk}": cleo.pk}).status_code == 422
    page = leave(admin, ann)
    assert page.status_code == 422
    assert "Choose who sees to the meetings of Red team." in page.content.decode()
    assert (again(meeting).planned_by_id, again(ann).is_active) == (ann.pk, True)


def test_the_log_in_ends_at_once_and_the_rest_stands_on_the_lists_until_it_is_empty(
    admin, ann, ben, lea, nils, service, red_team
):
    with tenant(ann.organisation_id):
        bo = ClientFactory(organisation=ann.organisation, reference="B-2", teams=[red_team], contact=ann)
        row = decided(nils, service, ann)
    anns, leads = Browser(), Browser()
    anns.force_login(ann.user)
    leads.force_login(lea.user)
    assert anns.get(reverse("today")).status_code == 200
    assert leave(admin, ann, later="on", **{f"taker-{bo.pk}": ben.pk}).status_code == 302
    assert anns.get(reverse("today")).status_code != 200
    assert (again(bo).contact_id, again(nils).contact_id, again(row).responsible_id) == (ben.pk, ann.pk, ann.pk)

    people = admin.get(reverse("people")).content.decode()
    assert "Not yet handed over" in people
    assert reverse("practitioner-hand-over", args=[ann.pk]) in people
    today = leads.get(reverse("today")).content.decode()
    assert "Not yet handed over" in today
    assert reverse("client-transfer", args=[nils.pk]) in today
    assert reverse("client-transfer", args=[bo.pk]) not in today

    assert "N-014" in page_of(admin, ann, "practitioner-hand-over").content.decode()
    assert leave(admin, ann, "practitioner-hand-over").status_code == 422
    assert leave(admin, ann, "practitioner-hand-over", successor=ben.pk).status_code == 302
    assert (again(nils).contact_id, again(row).responsible_id) == (ben.pk, ben.pk)
    for browser, name in ((admin, "people"), (leads, "today")):
        assert "Not yet handed over" not in browser.get(reverse(name)).content.decode()


def test_nothing_is_taken_from_somebody_who_works_here(admin, ann, ben, nils):
    page = leave(admin, ann, "practitioner-hand-over", successor=ben.pk)
    assert page.status_code == 422
    assert again(nils).contact_id == ann.pk


def test_a_team_gets_another_lead_who_sees_its_clients(admin, ann, lea, nils, red_team, blue_team):
    assert "Lead of Red team" in page_of(admin, lea).content.decode()
    assert leave(admin, lea, later="on").status_code == 302
    assert "Lea Vang" in admin.get(reverse("people")).content.decode()
    assert leave(admin, lea, "practitioner-hand-over", **{f"lead-{red_team.pk}": ann.pk}).status_code == 302
    assert again(ann).role == Role.TEAM_LEAD
    assert "Not yet handed over" not in admin.get(reverse("people")).content.decode()


def test_somebody_of_another_team_becomes_no_lead(admin, lea, ann, cleo, red_team):
    page = leave(admin, lea, **{f"lead-{red_team.pk}": cleo.pk})
    assert page.status_code == 422
    assert (again(cleo).role, again(lea).is_active) == (Role.PRACTITIONER, True)


def test_a_lead_of_another_team_joins(admin, lea, ann, red_team, blue_team):
    bea = person(blue_team, "Bea Skov", Role.TEAM_LEAD)
    assert leave(admin, lea, **{f"lead-{red_team.pk}": bea.pk}).status_code == 302
    with tenant(lea.organisation_id):
        assert Membership.objects.filter(practitioner=bea, team=red_team).exists()


@pytest.mark.parametrize("seed", range(8))
def test_nothing_open_names_only_somebody_who_is_gone(admin, ann, ben, lea, cleo, service, red_team, blue_team, seed):
    """Clients, follow-ups, meetings, sessions and marks by lot, and by lot who takes them over, through the page."""
    draw = random.Random(seed)
    staff = {red_team.pk: [ann, ben, lea], blue_team.pk: [cleo, ann]}
    given = {"successor": ben.pk}
    with tenant(ann.organisation_id):
        Membership.objects.create(organisation=ann.organisation, practitioner=ann, team=blue_team)
        Membership.objects.create(organisation=ann.organisation, practitioner=ben, team=blue_team)
        for number in range(draw.randint(1, 9)):
            team = draw.choice([red_team, blue_team])
            pair = draw.sample([*staff[team.pk], ben], 2)
            pair = pair if pair[0] != pair[1] else [pair[0], None]
            about = {"contact": pair[0], "second_contact": pair[1], "next_contact": draw.choice([None, *pair])}
            client = ClientFactory(
                organisation=ann.organisation, reference=f"R-{number}", teams=[team], **about,
                next_on=draw.choice([None, today_in(ann.organisation) + SOON]),
            )  # fmt: skip
            for _number in range(draw.randint(0, 2)):
                decided(client, service, draw.choice(staff[team.pk]))
            for _number in range(draw.randint(0, 2)):
                begun(client, service, draw.choice(staff[team.pk]), days=draw.choice([0, 1, 13, 40]))
            if ann in pair and draw.random() < 0.5:
                given[f"taker-{client.pk}"] = draw.choice([one.pk for one in staff[team.pk] if one != ann])
        for team in (red_team, blue_team):
            meeting = planned(team, draw.choice(staff[team.pk]))
            if meeting.planned_by == ann:
                given[f"meeting-{meeting.pk}"] = draw.choice([one.pk for one in staff[team.pk] if one != ann])
    answer = leave(admin, ann, **given)
    assert answer.status_code == 302, answer.context["form"].errors
    with tenant(ann.organisation_id):
        assert orphans(ann.organisation) == []
        for client in Client.objects.exclude(contact=None):
            assert Client.objects.visible_to(client.contact).filter(pk=client.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_hand_over_at_once_leave_one_result(ada, ann, ben, lea, nils, service, red_team):
    with tenant(ann.organisation_id):
        row = decided(nils, service, ann)
    eve = person(red_team, "Eve Krag", Role.ADMIN, teams=[])
    codes = []

    def send(by, taker):
        browser = Browser()
        browser.force_login(by.user)
        codes.append(leave(browser, ann, successor=taker.pk).status_code)
        connection.close()

    threads = [threading.Thread(target=send, args=pair) for pair in ((ada, ben), (eve, lea))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [302, 302]
    assert again(nils).contact_id == again(row).responsible_id
    assert again(nils).contact_id in (ben.pk, lea.pk)
    assert not again(ann).is_active


@pytest.mark.parametrize("many", [1, 5])
def test_the_page_costs_the_same_for_many_clients(
    admin, ann, ben, red_team, service, many, django_assert_max_num_queries
):
    with tenant(ann.organisation_id):
        for number in range(many):
            client = ClientFactory(
                organisation=ann.organisation, reference=f"Q-{number}", teams=[red_team], contact=ann
            )
            decided(client, service, ann)
    with django_assert_max_num_queries(38):
        page_of(admin, ann)
