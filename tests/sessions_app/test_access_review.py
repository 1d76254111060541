"""Somebody looks at who has looked: bursts are told within a minute, a month's sample is signed."""

import datetime
import uuid
from collections import Counter
from random import SystemRandom

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from clients.models import Client, Consent
from organisations.audit import record
from organisations.jobs.outbox import publish_due
from organisations.models import AccessEvent, Outbox, Practitioner
from organisations.roles import Role
from organisations.tenancy.context import tenant
from sessions_app import tasks
from sessions_app.models import AccessAlarm, AccessSample, Alert, Note, Notice, SampledAccess, Session
from sessions_app.periodic import draw_look_samples, find_bursts
from sessions_app.services.access_bursts import FOREIGN
from sessions_app.services.access_looks import LISTS
from sessions_app.services.access_samples import DRAW, SIZE, WITHOUT, draw, month_before
from tests.api.asking import api_routes, system_of
from tests.factories import ClientFactory, EpisodeFactory, PractitionerFactory, SessionFactory
from tests.people import person
from tests.saving import form_on, save
from tests.statements import statements_of

pytestmark = pytest.mark.django_db
START = datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.UTC)


def clients_of(team, number, **more):
    with tenant(team.organisation_id):
        return ClientFactory.create_batch(number, organisation=team.organisation, teams=[team], **more)


def look_up(browser, clients, *, every, clock):
    """Open each client's page, `every` seconds."""
    for client in clients:
        assert browser.get(reverse("client-detail", args=[client.pk])).status_code == 200
        clock.shift(every)


def send(name, arguments):
    assert name == "sessions_app.tasks.tell_of_burst"
    tasks.tell_of_burst(**arguments)


def alarms(house):
    with tenant(house.pk):
        return list(AccessAlarm.objects.all())


def test_a_snoop_is_told_within_a_minute(browser, ann, ben, ada, house, red_team):
    """Forty look-ups of a colleague's clients in ten minutes: the job runs each 30 s, the relay each second."""
    theirs = clients_of(red_team, 40, contact=ann)
    with time_machine.travel(START, tick=False) as clock:
        browser.force_login(ben.user)
        told_after = None
        for number, client in enumerate(theirs, start=1):
            look_up(browser, [client], every=14, clock=clock)
            if number % 2 == 0:  # every 28 s
                find_bursts()
                publish_due(send)
            if mail.outbox and told_after is None:
                told_after = number
        assert told_after is not None
        assert 0 <= (told_after - FOREIGN) * 14 <= 60  # seconds after the look-up that was one too many
    [alarm] = alarms(house)
    assert alarm.practitioner_id == ben.pk
    assert alarm.clients_count == 40
    [letter] = mail.outbox
    assert letter.to == [ada.user.email]
    words = letter.subject + letter.body
    assert not [client for client in theirs if client.reference in words or client.first_name in words]
    assert ben.name not in words


@pytest.mark.parametrize("relation", ["contact", "second_contact", "session", "today", "tomorrow", "told"])
def test_who_has_a_reason_raises_no_alarm(browser, ann, ben, house, service, red_team, relation):
    given = {"contact": {"contact": ben}, "second_contact": {"second_contact": ben}}.get(relation, {})
    if relation in {"today", "tomorrow"}:
        given = {"next_on": START.date() + datetime.timedelta(days=relation == "tomorrow")}
    mine = clients_of(red_team, FOREIGN + 5, **given)
    with tenant(house.pk):
        for client in mine if relation in {"session", "told"} else ():
            episode = EpisodeFactory(organisation=house, client=client, service=service)
            if relation == "session":
                SessionFactory(organisation=house, episode=episode, practitioner=ben)
            else:
                alert = Alert.objects.create(
                    organisation=house, episode=episode, rule="O1", level="red", raised_on=START.date()
                )
                Notice.objects.create(organisation=house, alert=alert, practitioner=ben)
    with time_machine.travel(START, tick=False) as clock:
        browser.force_login(ben.user)
        look_up(browser, mine, every=5, clock=clock)
        assert find_bursts() == 0
    assert not alarms(house)


@pytest.mark.parametrize("days", [-2, 2])
def test_an_appointment_two_days_off_is_no_reason(browser, ben, house, red_team, days):
    theirs = clients_of(red_team, FOREIGN, next_on=START.date() + datetime.timedelta(days=days))
    with time_machine.travel(START, tick=False) as clock:
        browser.force_login(ben.user)
        look_up(browser, theirs, every=5, clock=clock)
        assert find_bursts() == 1


def written_down(house, person, groups):
    """Rows of the access log, one a group of clients, all of this moment."""
    with tenant(house.pk):
        for clients in groups:
            collected = record.Collected(str(uuid.uuid4()), house.pk, person.pk, person.role)
            with record.collecting(collected):
                record.record_access("client.view", [client.pk for client in clients])
                record.write(collected)


def test_one_look_up_below_the_limit_raises_no_alarm_and_the_page_says_the_limits(browser, ada, ben, house, red_team):
    theirs = clients_of(red_team, 15)
    with time_machine.travel(START, tick=False) as clock:
        written_down(house, ben, [[client] for client in theirs[:14]])
        assert find_bursts() == 0
        clock.shift(599)
        written_down(house, ben, [[theirs[0]]])  # the same one again is none more
        assert find_bursts() == 0
        written_down(house, ben, [[theirs[14]]])
        assert find_bursts() == 1
    browser.force_login(ada.user)
    assert "15 clients or more within 10 minutes" in browser.get(reverse("access-checks")).content.decode()


def test_after_ten_minutes_the_first_ones_no_longer_count(ben, house, red_team):
    theirs = clients_of(red_team, 15)
    with time_machine.travel(START, tick=False) as clock:
        written_down(house, ben, [[client] for client in theirs[:14]])
        clock.shift(600)
        written_down(house, ben, [[theirs[14]]])
        assert find_bursts() == 0


def test_a_page_that_lists_many_raises_no_alarm(house, ben, red_team):
    theirs = clients_of(red_team, 2 * FOREIGN)
    with time_machine.travel(START, tick=False):
        written_down(house, ben, list(zip(theirs[::2], theirs[1::2], strict=True)))
        assert find_bursts() == 0


@pytest.fixture
def system(house, red_team):
    """Another system of the red team."""
    with tenant(house.pk):
        return PractitionerFactory(organisation=house, user=None, email="", teams=[red_team], name="Record system")


def with_notes(clients, by, service):
    """A note of each client, who shares their own words with the team."""
    with tenant(by.organisation_id):
        for client in clients:
            episode = EpisodeFactory(organisation=client.organisation, client=client, service=service)
            session = SessionFactory(organisation=client.organisation, episode=episode, practitioner=by)
            Note.objects.create(organisation=client.organisation, session=session, kind="after_ors", text="Ord")
            shares = {"purpose": "team", "state": "given", "said_by": "client", "manner": "spoken"}
            told = {"said_on": session.held_on, "taken_by": by, "recorded_by": by}
            Consent.objects.create(organisation=client.organisation, client=client, **shares, **told)


@pytest.mark.parametrize("whose", ["ben", "system"])
def test_one_call_that_returns_the_words_of_82_clients_is_82_looks(house, ann, service, red_team, whose, request):
    reader = request.getfixturevalue(whose)
    with_notes(clients_of(red_team, 82, contact=ann), ann, service)
    with time_machine.travel(START, tick=False) as clock:
        asks = system_of(reader)
        assert len(asks.get("notes/?limit=200").json()["results"]) == 82
        assert find_bursts() == 1
        clock.shift(30)
        assert len(asks.get("notes/?limit=200").json()["results"]) == 82  # the same again is none more
        find_bursts()
    [alarm] = alarms(house)
    assert (alarm.practitioner_id, alarm.clients_count) == (reader.pk, 82)


@pytest.mark.parametrize("number", [FOREIGN - 1, FOREIGN])
def test_a_systems_single_look_ups_count_too(house, system, red_team, number):
    with time_machine.travel(START, tick=False):
        asks = system_of(system)
        for client in clients_of(red_team, number):
            assert asks.get(f"clients/{client.pk}/").status_code == 200
        assert find_bursts() == (number >= FOREIGN)


def test_the_alarm_of_a_list_shows_whose_words_were_read(browser, house, ada, ann, system, service, red_team):
    theirs = clients_of(red_team, FOREIGN, contact=ann)
    with_notes(theirs, ann, service)
    with time_machine.travel(START, tick=False):
        system_of(system).get("notes/")
        find_bursts()
    [alarm] = alarms(house)
    browser.force_login(ada.user)
    page = browser.get(reverse("access-alarm", args=[alarm.pk])).content.decode()
    assert all(client.reference in page for client in theirs)
    assert "Record system" in page


def test_a_nightly_copy_is_asked_about_once_and_again_when_it_reads_more(house, ann, system, service, red_team):
    theirs = clients_of(red_team, 2 * FOREIGN, contact=ann)
    with_notes(theirs, ann, service)
    with time_machine.travel(START, tick=False) as clock:
        asks = system_of(system, lifetime=datetime.timedelta(days=90))
        for _night in range(4):
            assert asks.get("sessions/").status_code == 200
            find_bursts()
            clock.shift(24 * 3600)
        assert len(alarms(house)) == 1
        assert asks.get("notes/").status_code == 200  # other things of the same clients
        find_bursts()
        assert len(alarms(house)) == 2
        clock.shift(24 * 3600)
        with_notes(clients_of(red_team, FOREIGN, contact=ann), ann, service)  # the same of other clients
        assert asks.get("notes/").status_code == 200
        find_bursts()
        assert len(alarms(house)) == 3
        clock.shift(36 * 24 * 3600)  # long not read: no habit any more
        assert asks.get("notes/").status_code == 200
        find_bursts()
        assert len(alarms(house)) == 4


def test_what_somebody_opened_on_pages_is_no_habit_of_their_program(house, ben, ann, service, red_team, browser):
    theirs = clients_of(red_team, FOREIGN, contact=ann)
    with_notes(theirs, ann, service)
    with time_machine.travel(START, tick=False) as clock:
        browser.force_login(ben.user)
        with tenant(house.pk):
            opened = list(Session.objects.filter(client__in=theirs).values_list("pk", flat=True))
        for session in opened:
            assert browser.get(reverse("session-edit", args=[session])).status_code == 200
            clock.shift(300)
        assert find_bursts() == 0
        clock.shift(3600)
        assert system_of(ben).get("sessions/").status_code == 200
        assert find_bursts() == 1


def test_each_list_of_the_api_but_that_of_the_clients_counts():
    """The list of clients tells who there is, as its page does."""
    kinds = {
        pattern.callback.cls.kind
        for pattern in api_routes().values()
        if getattr(pattern.callback, "actions", {}).get("get") == "list"
    }
    assert {f"{kind}.list" for kind in kinds} == LISTS | {"client.list"}


def test_the_next_day_is_another_alarm_and_another_mail(ben, ada, house, red_team):
    theirs = clients_of(red_team, FOREIGN)
    with time_machine.travel(START, tick=False) as clock:
        for _day in range(2):
            written_down(house, ben, [[client] for client in theirs])
            assert find_bursts() == 1
            publish_due(send)
            clock.shift(24 * 3600)
    assert len(alarms(house)) == len(mail.outbox) == 2


def test_the_highest_number_stays(ben, house, red_team):
    theirs = clients_of(red_team, FOREIGN + 5)
    with time_machine.travel(START, tick=False) as clock:
        written_down(house, ben, [[client] for client in theirs])
        find_bursts()
        clock.shift(601)
        written_down(house, ben, [[client] for client in theirs[:FOREIGN]])
        find_bursts()
    assert [alarm.clients_count for alarm in alarms(house)] == [FOREIGN + 5]


def test_only_administrators_who_are_still_there_are_told(ada, ben, lea, house, red_team):
    gone, closed = (person(red_team, name, Role.ADMIN, teams=[]) for name in ("Gerd Gone", "Carl Closed"))
    with tenant(house.pk):
        Practitioner.objects.filter(pk=gone.pk).update(is_active=False)
    closed.user.is_active = False
    closed.user.save()
    with time_machine.travel(START, tick=False):
        written_down(house, ben, [[client] for client in clients_of(red_team, FOREIGN)])
        find_bursts()
        publish_due(send)
    assert [letter.to for letter in mail.outbox] == [[ada.user.email]]


def test_what_came_of_an_alarm_stays_and_going_on_is_a_new_one(browser, ben, ada, house, red_team):
    with time_machine.travel(START, tick=False) as clock:
        written_down(house, ben, [[client] for client in clients_of(red_team, FOREIGN)])
        find_bursts()
        [alarm] = alarms(house)
        clock.shift(120)
        browser.force_login(ada.user)
        url = reverse("access-alarm", args=[alarm.pk])
        assert browser.post(url, {"note": "Stood in for Ann."}).status_code == 302
        again = browser.post(url, {"note": "Nothing at all."})
        assert again.status_code == 409
        assert all(words in again.content.decode() for words in ("Stood in for Ann.", "Nothing at all."))
        assert find_bursts() == 0  # the same look-ups are not told twice
        clock.shift(60)
        written_down(house, ben, [[client] for client in clients_of(red_team, FOREIGN)])
        assert find_bursts() == 1
    assert sorted(alarm.note for alarm in alarms(house)) == ["", "Stood in for Ann."]


def test_refused_attempts_that_were_asked_about_are_not_told_again(browser, cleo, ada, house, red_team):
    theirs = clients_of(red_team, FOREIGN)
    with time_machine.travel(START, tick=False) as clock:
        browser.force_login(cleo.user)
        for client in theirs:
            browser.get(reverse("client-detail", args=[client.pk]))
        assert find_bursts() == 1
        [alarm] = alarms(house)
        clock.shift(60)
        browser.force_login(ada.user)
        assert save(browser, reverse("access-alarm", args=[alarm.pk]), {"note": "A wrong link."}).status_code == 302
        assert find_bursts() == 0
        clock.shift(60)
        browser.force_login(cleo.user)
        for client in theirs:
            browser.get(reverse("client-detail", args=[client.pk]))
        assert find_bursts() == 1  # who goes on is told


def test_a_relation_made_up_afterwards_hides_no_look(browser, ben, ada, house, red_team):
    theirs = clients_of(red_team, FOREIGN)
    with time_machine.travel(START, tick=False):
        written_down(house, ben, [[client] for client in theirs])
        find_bursts()
    [alarm] = alarms(house)
    with tenant(house.pk):
        Client.objects.filter(pk=theirs[0].pk).update(second_contact=ben)
    browser.force_login(ada.user)
    page = browser.get(reverse("access-alarm", args=[alarm.pk])).content.decode()
    assert all(client.reference in page for client in theirs)
    assert page.count("has a relation by now") == 1


def test_the_page_of_refused_attempts_shows_them(browser, cleo, ada, house, red_team):
    with time_machine.travel(START, tick=False) as clock:
        browser.force_login(cleo.user)
        for client in clients_of(red_team, FOREIGN):
            browser.get(reverse("client-detail", args=[client.pk]))
            clock.shift(5)
        find_bursts()
    [alarm] = alarms(house)
    browser.force_login(ada.user)
    page = browser.get(reverse("access-alarm", args=[alarm.pk])).content.decode()
    assert page.count('<th scope="row"') == page.count("not kept") == FOREIGN


@pytest.mark.parametrize("number", [1, 5])
def test_an_alarms_page_costs_the_same_for_any_number(browser, ben, ada, house, red_team, number):
    with time_machine.travel(START, tick=False):
        written_down(house, ben, [[client] for client in clients_of(red_team, number)])
        since, until = START - datetime.timedelta(minutes=1), START
    with tenant(house.pk):
        alarm = AccessAlarm.objects.create(
            organisation=house, practitioner=ben, clients_count=number, since=since, until=until
        )
    browser.force_login(ada.user)
    url = reverse("access-alarm", args=[alarm.pk])
    browser.get(url)
    _answer, statements = statements_of(lambda: browser.get(url))
    assert len(statements) == ALARM_QUERIES


ALARM_QUERIES = 21  # two of them ask which clients were merged into another, and which were opened to a consultant


def test_a_quiet_day_raises_no_alarm(browser, ben, house, red_team):
    with time_machine.travel(START, tick=False) as clock:
        browser.force_login(ben.user)
        look_up(browser, clients_of(red_team, FOREIGN + 5), every=60, clock=clock)
        assert find_bursts() == 0
        clock.shift(3600)
        browser.get(reverse("client-list"))  # a list of many is no look at each
        assert find_bursts() == 0
    assert not alarms(house)


def test_refused_attempts_count_too(browser, cleo, house, red_team):
    with time_machine.travel(START, tick=False) as clock:
        browser.force_login(cleo.user)
        for client in clients_of(red_team, FOREIGN):
            assert browser.get(reverse("client-detail", args=[client.pk])).status_code == 404
            clock.shift(5)
        assert find_bursts() == 1
    assert alarms(house)[0].practitioner_id == cleo.pk


def test_what_goes_on_is_one_alarm_and_one_mail(browser, ben, ada, house, red_team):
    with time_machine.travel(START, tick=False) as clock:
        browser.force_login(ben.user)
        for _ in range(3):
            look_up(browser, clients_of(red_team, FOREIGN), every=5, clock=clock)
            find_bursts()
            find_bursts()
            publish_due(send)
    assert len(alarms(house)) == 1
    assert len(mail.outbox) == 1
    assert Outbox.objects.filter(done_at=None).count() == 0


def test_an_administrator_asks_and_writes_down_what_came_of_it(browser, ben, ada, house, red_team):
    theirs = clients_of(red_team, FOREIGN)
    with time_machine.travel(START, tick=False) as clock:
        browser.force_login(ben.user)
        look_up(browser, theirs, every=5, clock=clock)
        find_bursts()
    [alarm] = alarms(house)
    browser.force_login(ada.user)
    assert "Ben Lund" in browser.get(reverse("access-checks")).content.decode()
    url = reverse("access-alarm", args=[alarm.pk])
    page = browser.get(url).content.decode()
    assert all(client.reference in page for client in theirs)
    assert not [client for client in theirs if client.first_name and client.first_name in page]
    assert browser.post(url, {"note": ""}).status_code == 422
    assert browser.post(url, {"note": "Stood in for Ann."}).status_code == 302
    page = browser.get(reverse("access-checks")).content.decode()
    assert "Stood in for Ann." in page
    with tenant(house.pk):
        asked = AccessEvent.objects.filter(action="access.alarm")
        assert {len(event.client_ids) for event in asked} == {FOREIGN}


# The sample of a month.


def looks_in_march(house, person, clients, times=1):
    at = datetime.datetime(2026, 3, 10, 12, tzinfo=datetime.UTC)
    with tenant(house.pk), time_machine.travel(at, tick=False):
        for client in clients * times:
            collected = record.Collected(str(uuid.uuid4()), house.pk, person.pk, person.role)
            with record.collecting(collected):
                record.record_access("client.view", [client.pk])
                record.write(collected)


@pytest.fixture
def march(house, ann, ben, red_team):
    """The sample of a month with 60 look-ups with and 30 without a relation."""
    looks_in_march(house, ann, clients_of(red_team, 20, contact=ann), times=3)
    looks_in_march(house, ben, clients_of(red_team, 30, contact=ann))
    with time_machine.travel(datetime.datetime(2026, 4, 1, 5, tzinfo=datetime.UTC), tick=False):
        assert draw_look_samples() == 1
        assert draw_look_samples() == 0
    with tenant(house.pk):
        return AccessSample.objects.get()


def test_a_sample_asks_more_about_what_has_no_reason(house, march):
    with tenant(house.pk):
        rows = SampledAccess.objects.filter(sample=march)
        assert rows.count() == SIZE
        assert rows.filter(has_relation=False).count() >= WITHOUT
    assert (march.month, march.looks, march.unrelated) == (datetime.date(2026, 3, 1), 90, 30)


def test_nobody_can_foresee_what_is_drawn(house, march):
    drawn = Counter()  # so many draws that no row comes in all of them, but once in 10^9 runs
    for _ in range(40):
        with tenant(house.pk):
            SampledAccess.objects.all().delete()
            AccessSample.objects.all().delete()
            sample = draw(house, march.month)
            drawn.update(sample.sampled.values_list("event", flat=True))
    assert isinstance(DRAW, SystemRandom)  # no seed from which the next choice could be known
    assert len(drawn) > 3 * SIZE  # a fixed choice would be SIZE
    assert max(drawn.values()) < 40


def test_a_month_is_the_months_days_where_the_house_is(house, ann, red_team):
    """Half past eleven in the evening in UTC is the next day in Denmark."""
    edges = {  # of March 2026
        datetime.datetime(2026, 2, 28, 22, 59, 59, tzinfo=datetime.UTC): False,
        datetime.datetime(2026, 2, 28, 23, 0, tzinfo=datetime.UTC): True,
        datetime.datetime(2026, 3, 31, 21, 59, 59, tzinfo=datetime.UTC): True,
        datetime.datetime(2026, 3, 31, 22, 0, tzinfo=datetime.UTC): False,
    }
    for moment in edges:
        with time_machine.travel(moment, tick=False):
            written_down(house, ann, [clients_of(red_team, 1)])
    with tenant(house.pk):
        sample = draw(house, datetime.date(2026, 3, 1))
        drawn = set(sample.sampled.values_list("event__at", flat=True))
    assert drawn == {moment for moment, inside in edges.items() if inside}
    assert sample.looks == 2


def test_a_small_month_is_looked_through_whole_and_an_empty_one_leaves_nothing(house, ann, red_team):
    looks_in_march(house, ann, clients_of(red_team, 2, contact=ann))
    with tenant(house.pk):
        assert draw(house, datetime.date(2026, 3, 1)).sampled.count() == 2
        assert draw(house, datetime.date(2026, 2, 1)) is None
    assert month_before(datetime.date(2026, 1, 31)) == datetime.date(2025, 12, 1)


def test_a_sample_is_judged_signed_and_then_stays(browser, house, ada, march):
    browser.force_login(ada.user)
    url = reverse("access-sample", args=[march.pk])
    assert browser.get(url).content.decode().count('<th scope="row"') == SIZE
    with tenant(house.pk):
        rows = list(march.sampled.all())
    given = {f"verdict-{row.pk}": "right" for row in rows} | {f"note-{row.pk}": "" for row in rows}
    half = given | {f"verdict-{rows[0].pk}": ""}
    refused = save(browser, url, half | {"sign": "1"})
    assert refused.status_code == 422
    assert "before you sign" in refused.content.decode()
    asks = given | {f"verdict-{rows[0].pk}": "ask"}
    assert "Write down what you ask" in save(browser, url, asks | {"sign": "1"}).content.decode()
    assert save(browser, url, asks | {"keep": "1"}).status_code == 302
    opened = form_on(browser, url)
    assert save(browser, url, asks | {f"note-{rows[0].pk}": "Why?", "sign": "1"}).status_code == 302
    page = browser.get(url).content.decode()
    assert "Signed by Ada Berg" in page
    assert "Why?" in page
    assert "<select" not in page
    changed = browser.post(url, opened | given | {"keep": "1"})
    assert (changed.status_code, "What is stored stays" in changed.content.decode()) == (409, True)
    with tenant(house.pk):
        assert SampledAccess.objects.get(pk=rows[0].pk).verdict == "ask"
        assert AccessSample.objects.get().signed_at <= timezone.now()


def test_a_sample_says_when_each_field_is_needed(browser, house, ada, march):
    """Kept half-judged, but not signed: neither field can be left out for good."""
    browser.force_login(ada.user)
    page = browser.get(reverse("access-sample", args=[march.pk])).content.decode()
    assert page.count("(needed before you sign)") == page.count("(needed where you ask)") == SIZE
    assert "(optional)" not in page


@pytest.mark.parametrize("rows", [1, 5])
def test_the_page_costs_the_same_for_any_number(browser, house, ada, ann, red_team, rows, django_assert_num_queries):
    looks_in_march(house, ann, clients_of(red_team, rows))
    with tenant(house.pk):
        sample = draw(house, datetime.date(2026, 3, 1))
    browser.force_login(ada.user)
    with django_assert_num_queries(QUERIES):
        assert browser.get(reverse("access-sample", args=[sample.pk])).status_code == 200


QUERIES = 20
