"""What the clock starts: overdue clients by night, one mail in the morning."""

import datetime
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from clients.models import Client, Episode
from clients.services.restrictions import lift_restriction, set_restriction
from organisations.audit.record import Collected, collecting
from organisations.models import AccessEvent, Organisation, Practitioner
from organisations.tenancy.context import tenant
from sessions_app import periodic
from sessions_app.models import Alert, Notice
from sessions_app.services import alert_mail
from sessions_app.services.alerts import acknowledge_alert, evaluate_episode
from sessions_app.services.summary import lock_episode, refresh_summary
from tests.factories import ClientFactory, EpisodeFactory, OrganisationFactory, RatingFactory, SessionFactory

SEEN = datetime.date(2026, 11, 2)
COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def at(day, hour, minute=0):
    """A moment in November 2026, local time."""
    return datetime.datetime(2026, 11, day, hour, minute, tzinfo=COPENHAGEN)


@pytest.fixture
def measured(episode, ann):
    """Nils is to be measured every 14 days and was, on 2 November."""
    return measure(episode, ann, SEEN)


def measure(episode, by, day, *, srs=True):
    own = {"organisation": episode.organisation}
    with tenant(episode.organisation_id):
        Client.objects.filter(pk=episode.client_id).update(outcome_rhythm=14, alliance_rhythm=14)
        session = SessionFactory(episode=episode, practitioner=by, held_on=day, **own)
        for instrument in ("ors", "srs") if srs else ("ors",):
            RatingFactory(session=session, instrument=instrument, marks=(95, 95, 95, 95), **own)
        refresh_summary(lock_episode(episode.pk))
        evaluate_episode(episode.pk, today=day)
    return session


def find(travel, day):
    """The night's job on a day of November 2026."""
    travel.move_to(at(day, 3, 30))
    return periodic.find_overdue()


@pytest.fixture
def travel(time_machine):
    return time_machine


def overdue(organisation):
    with tenant(organisation.pk):
        rows = Alert.objects.filter(rule="M2", session=None).order_by("raised_on")
        return [(alert.raised_on.day, alert.numbers["overdue_days"], alert.closed_on) for alert in rows]


def test_nobody_is_late_on_the_last_day(measured, house, travel):
    assert find(travel, 16) == 0
    assert overdue(house) == []


def test_late_is_told_once_and_counted_on(measured, house, travel, nils):
    assert find(travel, 17) == 1
    assert find(travel, 17) == 0
    assert overdue(house) == [(17, 1, None)]
    assert find(travel, 25) == 1
    assert overdue(house) == [(17, 9, None)]
    with tenant(house.pk):
        assert not Notice.objects.exists()  # for information: in the application only
        assert AccessEvent.objects.filter(action="alert.overdue", client_ids=[nils.pk]).count() == 2


def test_measured_again_closes_it(measured, house, travel, episode, ann):
    find(travel, 20)
    measure(episode, ann, datetime.date(2026, 11, 21))
    assert overdue(house) == [(17, 4, datetime.date(2026, 11, 21))]
    assert find(travel, 22) == 0


def test_an_appointment_to_come_is_not_late(measured, house, travel, nils):
    with tenant(house.pk):
        Client.objects.filter(pk=nils.pk).update(next_on=datetime.date(2026, 11, 23))
    assert find(travel, 20) == 0
    assert find(travel, 24) == 1
    assert overdue(house) == [(24, 1, None)]


def test_every_session_is_late_by_its_appointment_only(measured, house, travel, nils):
    with tenant(house.pk):
        Client.objects.filter(pk=nils.pk).update(outcome_rhythm=0, alliance_rhythm=0)
    assert find(travel, 30) == 0
    with tenant(house.pk):
        Client.objects.filter(pk=nils.pk).update(next_on=datetime.date(2026, 11, 9))
    find(travel, 30)
    assert overdue(house) == [(10, 21, None)]


def test_an_srs_left_out_too_long_is_found(measured, house, travel, episode, ann):
    measure(episode, ann, datetime.date(2026, 11, 19), srs=False)
    find(travel, 20)
    assert overdue(house) == [(17, 4, None)]


@pytest.mark.parametrize("change", [{"is_practice": True}, {"archived_at": at(3, 12)}])
def test_practice_and_archived_clients_are_never_late(measured, house, travel, nils, change):
    with tenant(house.pk):
        Client.objects.filter(pk=nils.pk).update(**change)
    assert find(travel, 30) == 0


def test_a_client_whose_data_are_not_used_now_is_not_late(measured, house, travel, nils, ann):
    travel.move_to(at(16, 12))
    with tenant(house.pk), collecting(Collected("test")):
        set_restriction(client=nils, reason="It may be wrong", by=ann)
    assert find(travel, 20) == 0
    assert overdue(house) == []
    travel.move_to(at(20, 12))
    with tenant(house.pk), collecting(Collected("test")):
        said = {"told_on": datetime.date(2026, 11, 20), "lift_reason": "It was right"}
        lift_restriction(restriction=nils.restrictions.get(), by=ann, **said)
    assert find(travel, 21) == 1


def test_an_ended_episode_is_late_no_more(measured, house, travel, episode):
    find(travel, 20)
    with tenant(house.pk):
        Episode.objects.filter(pk=episode.pk).update(ended_on=datetime.date(2026, 11, 20), ending="planned")
    find(travel, 21)
    assert overdue(house) == [(17, 4, datetime.date(2026, 11, 21))]
    assert find(travel, 22) == 0


def test_the_day_is_the_organisations_own(measured, house, travel):
    Organisation.objects.filter(pk=house.pk).update(time_zone="Pacific/Auckland")
    travel.move_to(datetime.datetime(2026, 11, 16, 12, tzinfo=datetime.UTC))  # the 17th there
    assert periodic.find_overdue() == 1


def test_one_broken_organisation_stops_no_other(measured, house, travel):
    other = OrganisationFactory(slug="aaa-first")
    with tenant(other.pk):
        episode = EpisodeFactory(
            organisation=other, client=ClientFactory(organisation=other, outcome_rhythm=7), started_on=SEEN
        )
    follow = periodic.alerts.follow_overdue

    def fail(key, **options):
        if key == episode.pk:
            raise ValueError
        return follow(key, **options)

    with mock.patch.object(periodic.alerts, "follow_overdue", fail):
        assert find(travel, 17) == 1
    assert overdue(house) == [(17, 1, None)]


# The mail of the morning


@pytest.fixture
def alarmed(episode, ann):
    """Alerts of Nils' that Ann must act on, raised on 10 November."""
    return alarm(episode, ann, at(10, 14))


def alarm(episode, by, moment):
    own = {"organisation": episode.organisation}
    with tenant(episode.organisation_id):
        for days, total in ((0, 50), (7, 30)):
            day = SEEN + datetime.timedelta(days=days)
            session = SessionFactory(episode=episode, practitioner=by, held_on=day, **own)
            RatingFactory(session=session, marks=[total] * 4, **own)
            RatingFactory(session=session, instrument="srs", marks=[95] * 4, **own)
        refresh_summary(lock_episode(episode.pk))
        evaluate_episode(episode.pk, today=day)
        Notice.objects.filter(sent_at=None).update(created_at=moment)
    return episode


def test_one_mail_at_seven_without_client_data(alarmed, nils, ann, settings):
    settings.SITE_URL = "https://medspil.example"
    assert periodic.send_digests(at(11, 6, 59)) == 0
    assert periodic.send_digests(at(11, 7)) == 1
    [letter] = mail.outbox
    assert letter.to == [ann.user.email]
    assert "1 client needs your attention" in letter.subject
    assert "https://medspil.example" in letter.body
    everything = letter.subject + letter.body
    for private in (nils.reference, nils.first_name, "O1", "12", "20", str(nils.pk), "deteriorat"):
        assert private not in everything


def test_each_alert_is_told_once(alarmed):
    for hour in (7, 8, 8, 15):
        periodic.send_digests(at(11, hour))
    for day in (12, 13):
        periodic.send_digests(at(day, 7))
    assert len(mail.outbox) == 1


def test_a_clock_that_jumps_doubles_nothing(alarmed):
    for hour in (7, 6, 7, 8, 7):
        periodic.send_digests(at(11, hour))
    assert len(mail.outbox) == 1


def test_what_comes_after_seven_waits_for_the_next_morning(episode, ann):
    alarm(episode, ann, at(11, 7, 5))
    assert periodic.send_digests(at(11, 8)) == 0
    assert periodic.send_digests(at(12, 7)) == 1


def test_a_scheduler_that_was_down_at_seven_makes_up_for_it(alarmed):
    assert periodic.send_digests(at(11, 11)) == 1


def test_seven_is_local_time(alarmed, house):
    Organisation.objects.filter(pk=house.pk).update(time_zone="Atlantic/Azores")  # two hours behind
    assert periodic.send_digests(at(11, 8)) == 0
    assert periodic.send_digests(at(11, 9)) == 1


def test_each_person_has_their_own_hour(alarmed, ann):
    with tenant(ann.organisation_id):
        Practitioner.objects.filter(pk=ann.pk).update(digest_hour=16)
    assert [periodic.send_digests(at(11, hour)) for hour in (7, 15, 16, 17)] == [0, 0, 1, 0]


def test_an_hour_that_is_made_earlier_brings_no_second_mail_that_day(alarmed, ann, house, service, red_team):
    assert periodic.send_digests(at(11, 7)) == 1
    with tenant(house.pk):
        client = ClientFactory(organisation=house, teams=[red_team], contact=ann)
        alarm(EpisodeFactory(organisation=house, client=client, service=service), ann, at(11, 5, 30))
        Practitioner.objects.filter(pk=ann.pk).update(digest_hour=6)
    assert periodic.send_digests(at(11, 8)) == 0
    assert periodic.send_digests(at(12, 6)) == 1


@pytest.mark.parametrize("sunday", [datetime.date(2027, 3, 28), datetime.date(2026, 10, 25)], ids=["ahead", "back"])
def test_one_mail_on_the_day_the_clocks_change(episode, ann, sunday):
    evening = datetime.datetime.combine(sunday, datetime.time(), COPENHAGEN) - datetime.timedelta(hours=4)
    alarm(episode, ann, evening)
    began = datetime.datetime.combine(sunday, datetime.time(), COPENHAGEN).astimezone(datetime.UTC)
    hours = [began + datetime.timedelta(hours=hour) for hour in range(24)]
    sent = [moment.astimezone(COPENHAGEN).hour for moment in hours if periodic.send_digests(moment)]
    assert sent == [7]


def test_two_clients_are_one_mail_for_each_of_two_people(alarmed, house, service, red_team, ann, ben):
    with tenant(house.pk):
        client = ClientFactory(organisation=house, teams=[red_team], contact=ann, second_contact=ben)
        alarm(EpisodeFactory(organisation=house, client=client, service=service), ann, at(10, 15))
    assert periodic.send_digests(at(11, 7)) == 2
    words = {letter.to[0]: letter.subject for letter in mail.outbox}
    assert "2 clients need your attention" in words[ann.user.email]
    assert "1 client needs your attention" in words[ben.user.email]


def test_what_was_told_is_not_counted_again(alarmed, house, service, red_team, ann):
    periodic.send_digests(at(11, 7))
    with tenant(house.pk):
        client = ClientFactory(organisation=house, teams=[red_team], contact=ann)
        alarm(EpisodeFactory(organisation=house, client=client, service=service), ann, at(11, 15))
    periodic.send_digests(at(12, 7))
    assert [letter.subject[:8] for letter in mail.outbox] == ["1 client", "1 client"]


def test_an_acknowledged_alert_is_not_in_the_digest(alarmed, ann):
    with tenant(alarmed.organisation_id):
        for alert in Alert.objects.all():
            acknowledge_alert(alert=alert, note="", by=ann)
    assert periodic.send_digests(at(11, 7)) == 0


@pytest.mark.parametrize("gone", ["left", "left the team", "log-in closed"])
def test_nobody_who_left_gets_a_mail(alarmed, ann, gone):
    with tenant(alarmed.organisation_id):
        if gone == "left":
            Practitioner.objects.filter(pk=ann.pk).update(is_active=False)
        elif gone == "left the team":
            ann.memberships.all().delete()
        else:
            type(ann.user).objects.filter(pk=ann.user_id).update(is_active=False)
    assert periodic.send_digests(at(11, 7)) == 0
    assert mail.outbox == []


def test_another_organisation_sends_its_own(alarmed, elsewhere, dora):
    with tenant(elsewhere.pk):
        team = dora.memberships.get().team
        client = ClientFactory(organisation=elsewhere, teams=[team], contact=dora)
        alarm(EpisodeFactory(organisation=elsewhere, client=client, service=team.service), dora, at(10, 15))
    periodic.send_digests(at(11, 7))
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted([address_of(alarmed), dora.user.email])


def address_of(episode):
    with tenant(episode.organisation_id):
        return episode.client.contact.user.email


def test_while_no_mail_can_be_sent_nothing_is_marked_as_sent(alarmed, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1  # nobody listens there
    assert periodic.send_digests(at(11, 7)) == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert periodic.send_digests(at(11, 8)) == 1


def test_a_mail_that_broke_off_is_not_sent_a_second_time(alarmed):
    with mock.patch.object(alert_mail.EmailMessage, "send", side_effect=ConnectionResetError):
        assert periodic.send_digests(at(11, 7)) == 0
    assert periodic.send_digests(at(11, 8)) == 0
    assert mail.outbox == []


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_at_once_send_one_mail(transactional_db, alarmed):
    import threading

    from django.db import connection

    claimed, may_leave = threading.Barrier(2, timeout=120), alert_mail.may_leave

    def both_at_once(*arguments, **more):
        claimed.wait()
        return may_leave(*arguments, **more)

    def run():
        try:
            periodic.send_digests(at(11, 7))
        finally:
            connection.close()

    with mock.patch.object(alert_mail, "may_leave", both_at_once):
        threads = [threading.Thread(target=run) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(mail.outbox) == 1
