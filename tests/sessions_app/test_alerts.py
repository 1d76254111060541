"""Alert rows follow the rules; whoever must act is noted once; an alert is acknowledged."""

import datetime

import pytest
from django.urls import reverse

from clients.models import Client
from organisations.edits.versions import StoredMeanwhile
from organisations.models import AccessEvent, Membership, Practitioner
from organisations.roles import Role
from organisations.tenancy.context import tenant
from sessions_app.models import Alert, AlertLevel, Notice, Rating
from sessions_app.services import alert_mail
from sessions_app.services.alerts import acknowledge_alert, evaluate_episode
from sessions_app.services.summary import lock_episode, refresh_summary
from tests.factories import EpisodeFactory, RatingFactory, SessionFactory
from tests.people import person

MONDAY = datetime.date(2026, 1, 5)
TODAY = datetime.date(2026, 3, 2)
SRS = 380


@pytest.fixture
def meet(episode, ann):
    """Hold a session a week: `meet(240)` measures that ORS, and an SRS that asks for nothing."""
    held = []

    def hold(ors, srs=SRS, *, mails=True, **facts):
        own = {"organisation": episode.organisation}
        with tenant(episode.organisation_id):
            day = MONDAY + datetime.timedelta(days=7 * len(held))
            session = SessionFactory(episode=episode, practitioner=facts.pop("by", ann), held_on=day, **facts, **own)
            held.append(session)
            for instrument, total in (("ors", ors), ("srs", srs)):
                if total is not None:
                    marks = [total // 4 + (line < total % 4) for line in range(4)]
                    RatingFactory(session=session, instrument=instrument, marks=marks, **own)
            refresh_summary(lock_episode(episode.pk))
            evaluate_episode(episode.pk, mails=mails, today=TODAY)
        return session

    return hold


@pytest.fixture
def here(episode):
    with tenant(episode.organisation_id):
        yield


def rows(episode, **wanted):
    with tenant(episode.organisation_id):
        found = Alert.objects.filter(episode=episode, **wanted).select_related("session", "acknowledged_by")
        return list(found.order_by("raised_on", "rule"))


def told(episode):
    with tenant(episode.organisation_id):
        names = Notice.objects.filter(alert__episode=episode).values_list("practitioner__name", "alert__rule")
        return sorted(names)


def evaluate(episode, **options):
    with tenant(episode.organisation_id):
        refresh_summary(lock_episode(episode.pk))
        return evaluate_episode(episode.pk, today=TODAY, **options)


def correct(episode, session, total):
    """Put another total in the place of an ORS."""
    with tenant(episode.organisation_id):
        old = Rating.objects.current().get(session=session, instrument="ors")
        new = RatingFactory.build(
            organisation=episode.organisation, session=session, marks=[total // 4] * 4, reason="misread"
        )
        old.superseded_by = new
        new.superseded_by = None
        Rating.objects.filter(pk=old.pk).update(superseded_by=new.pk)  # the key is checked at COMMIT
        new.save(force_insert=True)
    return evaluate(episode)


def test_an_alert_is_one_row_from_raised_to_closed(episode, meet):
    meet(200)
    raised = meet(140)
    [alert] = rows(episode, rule="O1")
    assert (alert.level, alert.session_id, alert.raised_on, alert.closed_on) == (
        "amber",
        raised.pk,
        raised.held_on,
        None,
    )
    assert alert.numbers["change"] == -60
    later = meet(136)
    [alert] = rows(episode, rule="O1")
    assert (alert.session_id, alert.last_session_id, alert.numbers["score"]) == (raised.pk, later.pk, 136)
    closing = meet(200)
    [alert] = rows(episode, rule="O1")
    assert alert.closed_on == closing.held_on


def test_it_is_raised_again_only_when_worse(episode, meet):
    for total in (240, 180, 130):
        meet(total)
    alerts = rows(episode, rule="O1")
    assert [(alert.session.held_on.day, bool(alert.closed_on)) for alert in alerts] == [(12, True), (19, False)]


def test_evaluating_again_writes_nothing(episode, meet):
    meet(200), meet(140)
    before = [(alert.pk, alert.created_at) for alert in rows(episode)]
    assert evaluate(episode) is False
    assert [(alert.pk, alert.created_at) for alert in rows(episode)] == before


def test_an_acknowledgement_stays(episode, meet, ann):
    meet(200), meet(140)
    with tenant(episode.organisation_id):
        acknowledge_alert(alert=Alert.objects.get(rule="O1"), note="talked", by=ann)
    meet(138)
    [alert] = rows(episode, rule="O1")
    assert (alert.acknowledged_by, alert.acknowledgement, alert.numbers["score"]) == (ann, "talked", 138)


def test_the_first_acknowledgement_stands(episode, meet, ann, ben, here):
    meet(200), meet(140)
    alert = Alert.objects.get(rule="O1")
    acknowledge_alert(alert=alert, note="first", by=ann)
    acknowledge_alert(alert=alert, note="", by=ben)
    with pytest.raises(StoredMeanwhile):
        acknowledge_alert(alert=alert, note="second", by=ben)
    alert.refresh_from_db()
    assert (alert.acknowledgement, alert.acknowledged_by) == ("first", ann)


def test_an_alert_that_a_correction_took_away_is_gone(episode, meet):
    meet(200)
    session = meet(140)
    assert correct(episode, session, 200)
    assert rows(episode) == []
    assert told(episode) == []


def test_one_that_somebody_acted_on_stays_closed_and_without_numbers(episode, meet, ann):
    meet(200)
    session = meet(140)
    with tenant(episode.organisation_id):
        acknowledge_alert(alert=Alert.objects.get(rule="O1"), note="talked", by=ann)
    correct(episode, session, 200)
    [alert] = rows(episode)
    assert (alert.rule, alert.closed_on, alert.numbers, alert.acknowledgement) == ("O1", TODAY, {}, "talked")
    assert evaluate(episode) is False


def test_a_corrected_date_moves_the_alert(episode, meet):
    meet(200)
    session = meet(140)
    with tenant(episode.organisation_id):
        session.held_on = datetime.date(2026, 1, 14)
        session.save()
    evaluate(episode)
    [alert] = rows(episode, rule="O1")
    assert alert.raised_on == datetime.date(2026, 1, 14)


def test_the_end_of_the_episode_closes_what_waits_for_a_gain(episode, meet):
    for _ in range(3):
        meet(200)
    assert [alert.closed_on for alert in rows(episode, rule="O6")] == [None]
    with tenant(episode.organisation_id):
        type(episode).objects.filter(pk=episode.pk).update(ended_on=TODAY, ending="planned")
    evaluate(episode)
    assert [alert.closed_on for alert in rows(episode, rule="O6")] == [datetime.date(2026, 1, 19)]


def test_a_practice_client_has_no_alerts(episode, meet, nils):
    meet(200), meet(140)
    with tenant(episode.organisation_id):
        Client.objects.filter(pk=nils.pk).update(is_practice=True)
    evaluate(episode)
    meet(100)
    assert rows(episode) == []


def test_another_organisations_episode_is_not_there(episode, dora):
    with tenant(dora.organisation_id):
        assert evaluate_episode(episode.pk) is False


def test_both_contact_persons_are_told_once(episode, meet, nils, ann, ben):
    with tenant(episode.organisation_id):
        Client.objects.filter(pk=nils.pk).update(second_contact=ben)
    meet(200), meet(140), meet(138)
    evaluate(episode)
    who = told(episode)
    assert {("Ann Holm", "O1"), ("Ben Lund", "O1")} <= set(who)
    assert len(who) == len(set(who))


def test_an_alert_for_information_sends_no_mail(episode, meet):
    meet(280)
    assert [alert.level for alert in rows(episode)] == [AlertLevel.INFO]
    assert told(episode) == []


def test_a_closed_alert_is_not_noted_for_a_mail(episode, meet):
    meet(200), meet(140, mails=False), meet(200, mails=False)
    evaluate(episode)
    assert told(episode) == []


def test_alerts_of_imported_sessions_are_not_noted_for_a_mail(episode, meet):
    meet(200, imported=True), meet(140, imported=True)
    assert {"O1", "O2"} <= {alert.rule for alert in rows(episode)}
    assert told(episode) == []


@pytest.mark.parametrize("gone", ["left", "log-in closed", "no log-in", "not in the team", "administrator"])
def test_without_a_contact_who_can_look_the_sessions_practitioner_is_told(episode, meet, ann, ben, gone):
    with tenant(episode.organisation_id):
        mine = Practitioner.objects.filter(pk=ann.pk)
        if gone == "left":
            mine.update(is_active=False)
        elif gone == "log-in closed":
            type(ann.user).objects.filter(pk=ann.user_id).update(is_active=False)
        elif gone == "no log-in":
            mine.update(user=None)
        elif gone == "not in the team":
            Membership.objects.filter(practitioner=ann).delete()
        else:
            mine.update(role=Role.ADMIN)
    meet(200, by=ben), meet(140, by=ben)
    assert {name for name, _ in told(episode)} == {"Ben Lund"}


def test_without_a_contact_or_session_practitioner_the_team_leads_are_told(episode, meet, nils, lea, cleo, blue_team):
    person(blue_team, "Lis Bay", Role.TEAM_LEAD)  # leads another team
    with tenant(episode.organisation_id):
        Client.objects.filter(pk=nils.pk).update(contact=None)
    meet(200, by=cleo), meet(140, by=cleo)
    assert {name for name, _ in told(episode)} == {"Lea Vang"}


def test_an_alert_of_one_client_is_not_raised_for_another(episode, meet, nils):
    with tenant(episode.organisation_id):
        other = EpisodeFactory(organisation=episode.organisation)
        evaluate_episode(other.pk)
    meet(200), meet(140)
    assert rows(other) == []


# The page's button


@pytest.fixture
def alert(episode, meet):
    meet(200), meet(140)
    return rows(episode, rule="O1")[0]


def post(browser, alert, by, **data):
    browser.force_login(by.user)
    return browser.post(reverse("alert-acknowledge", args=[alert.pk]), data)


def test_a_colleague_acknowledges(browser, alert, ben, nils):
    answer = post(browser, alert, ben, note="We talk about it on Thursday.")
    assert answer.status_code == 302
    assert answer["Location"] == reverse("client-detail", args=[nils.pk])
    with tenant(alert.organisation_id):
        alert.refresh_from_db()
        assert alert.acknowledgement == "We talk about it on Thursday."
        assert (alert.acknowledged_by, bool(alert.acknowledged_at)) == (ben, True)
        event = AccessEvent.objects.get(action="alert.acknowledge")
        assert (event.client_ids, event.practitioner) == ([nils.pk], ben)


def test_a_note_that_is_too_long_changes_nothing(browser, alert, ben):
    assert post(browser, alert, ben, note="x" * 401).status_code == 302
    with tenant(alert.organisation_id):
        alert.refresh_from_db()
        assert alert.acknowledged_at is None


@pytest.mark.parametrize(("who", "status"), [("cleo", 404), ("dora", 404), ("ada", 403)])
def test_who_may_not_handle_the_alert_cannot_acknowledge_it(browser, alert, request, who, status):
    assert post(browser, alert, request.getfixturevalue(who), note="x").status_code == status
    with tenant(alert.organisation_id):
        alert.refresh_from_db()
        assert alert.acknowledged_at is None


def test_who_must_act_is_asked_once_for_the_alerts_of_one_session(episode, meet, ann, monkeypatch):
    asked = []
    find = alert_mail.who_must_act
    monkeypatch.setattr(alert_mail, "who_must_act", lambda *given: asked.append(given[1]) or find(*given))
    meet(220)
    meet(120, srs=300)
    with tenant(episode.organisation_id):
        noted = Notice.objects.filter(practitioner=ann, alert__session__held_on=MONDAY + datetime.timedelta(days=7))
        assert noted.count() > 1, "several alerts of one session, each noted for the contact person"
    assert asked == [ann.pk]
