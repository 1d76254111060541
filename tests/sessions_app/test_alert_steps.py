"""What people do about an alert: decided, asked, set aside; what came of it; and what nobody has seen."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from clients.services.restrictions import set_restriction
from organisations.audit.record import Collected, collecting
from organisations.history.tracking import event_model_of
from organisations.models import AccessEvent
from organisations.tenancy.context import tenant
from sessions_app import periodic
from sessions_app.models import Alert, AlertStep, MeasureValue, Notice, Session
from sessions_app.services import alert_steps
from sessions_app.services.alerts import evaluate_episode
from sessions_app.services.summary import lock_episode, refresh_summary
from sessions_app.standards.methods import UNSEEN_DAYS, UNSEEN_RED
from tests.factories import PractitionerFactory, RatingFactory, SessionFactory, UserFactory
from tests.reports.test_pages import held
from tests.saving import form_on

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture
def fallen(ann, nils, episode):
    """Nils, whose ORS has fallen far below the start; the job has written his alerts."""
    with tenant(ann.organisation_id):
        held(episode, ann, 300, 300, 300, 120, 110, srs=(380, 380, 380, 380, 340))
        refresh_summary(lock_episode(episode.pk))
        evaluate_episode(episode.pk, mails=False, today=TODAY)
    return nils


@pytest.fixture
def red(fallen):
    with tenant(fallen.organisation_id):
        return Alert.objects.select_related("episode").get(rule="O1")


@pytest.fixture
def staff(browser, ann):
    browser.force_login(ann.user)
    return browser


def step(browser, alert, name, **data):
    return browser.post(reverse(f"alert-{name}", args=[alert.pk]), data, follow=True)


def page_of(browser, client):
    return " ".join(browser.get(reverse("client-detail", args=[client.pk])).content.decode().split())


def steps(alert):
    with tenant(alert.organisation_id):
        return list(AlertStep.objects.filter(alert=alert).order_by("at").select_related("by"))


def measure_again(episode, by, total):
    with tenant(episode.organisation_id):
        own = {"organisation": episode.organisation}
        last = Session.objects.filter(episode=episode).order_by("-held_on").first()
        held_on = last.held_on + timedelta(days=7)
        session = SessionFactory(episode=episode, practitioner=by, held_on=held_on, **own)
        RatingFactory(session=session, total=total, marks=None, **own)
        refresh_summary(lock_episode(episode.pk))
        evaluate_episode(episode.pk, mails=False, today=TODAY)


def test_a_decision_is_kept_with_its_words_and_what_the_next_measure_says(staff, ann, fallen, red):
    said = step(staff, red, "decide", decision="support", words="Visits twice a week").content.decode()
    assert "The decision is kept." in said
    page = page_of(staff, fallen)
    assert "<strong>Other or more support</strong> – Visits twice a week" in page
    assert "No new measure yet" in page
    measure_again(red.episode, ann, 142)
    assert "ORS +3.2 since then" in page_of(staff, fallen)


def test_what_was_done_stays_to_be_read_when_the_rules_have_closed_the_alert(staff, ann, fallen, red):
    step(staff, red, "decide", decision="support", words="Visits twice a week")
    measure_again(red.episode, ann, 330)
    with tenant(ann.organisation_id):
        red.refresh_from_db()
    assert red.closed_on is not None
    page = page_of(staff, fallen)
    told = page[page.index('id="dealt-with"') :]
    assert "below the start" in told
    assert "Visits twice a week" in told
    assert "ORS +22 since then" in told


def test_who_decides_has_seen_it_and_the_log_says_so(staff, ann, red):
    step(staff, red, "decide", decision="talked")
    with tenant(ann.organisation_id):
        red.refresh_from_db()
        assert AccessEvent.objects.filter(action="alert.step", client_ids=[red.episode.client_id]).count() == 1
    assert red.acknowledged_by_id == ann.pk


def test_one_decision_is_about_every_alert_of_the_card_and_stands_there_once(staff, ann, fallen, red):
    with tenant(ann.organisation_id):
        also = list(
            Alert.objects.filter(rule__startswith="O", closed_on=None).exclude(pk=red.pk).values_list("pk", flat=True)
        )
    step(staff, red, "decide", decision="goal", also=also)
    with tenant(ann.organisation_id):
        assert AlertStep.objects.count() == 1 + len(also) > 1
    assert page_of(staff, fallen).count("Another goal or way of working") == 1


def test_the_same_decision_sent_twice_is_one(staff, red):
    for _time in range(2):
        step(staff, red, "decide", decision="wait", words="Summer")
    assert len(steps(red)) == 1


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("decide", {"words": "x"}, "This field is required."),
        ("decide", {"decision": "magic"}, "not one of the available choices"),
        ("ask", {"words": "What do you think?"}, "This field is required."),
        ("set-aside", {"words": "  "}, "This field is required."),
    ],
)
def test_what_is_missing_is_said_beside_the_field_and_nothing_is_kept(staff, red, name, data, sentence):
    answer = staff.post(reverse(f"alert-{name}", args=[red.pk]), data)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert steps(red) == []


def test_a_question_stands_on_the_colleagues_today_until_something_is_done(staff, browser, ann, ben, red):
    step(staff, red, "ask", colleague=str(ben.pk), words="Have you seen him?")
    browser.force_login(ben.user)
    today = browser.get(reverse("today")).content.decode()
    assert "Have you seen him?" in today
    step(browser, red, "decide", decision="closer")
    assert "Have you seen him?" not in browser.get(reverse("today")).content.decode()
    browser.force_login(ann.user)
    assert "Have you seen him?" not in browser.get(reverse("today")).content.decode()


def test_only_who_may_see_the_client_can_be_asked(staff, ann, ben, cleo, ada, red):
    offered = staff.get(reverse("alert-ask", args=[red.pk])).content.decode()
    assert "Ben Lund" in offered
    for person in (cleo, ada):
        assert str(person.pk) not in offered
        sent = staff.post(reverse("alert-ask", args=[red.pk]), {"colleague": str(person.pk), "words": "?"})
        assert sent.status_code == 422
        with tenant(ann.organisation_id), pytest.raises(ValidationError):
            alert_steps.ask(alerts=[red], colleague=person, words="?", by=ann)
    assert steps(red) == []


def test_what_is_set_aside_stays_with_its_reason_and_is_taken_up_again(staff, ann, fallen, red):
    with tenant(ann.organisation_id):
        also = list(
            Alert.objects.filter(rule__startswith="O", closed_on=None).exclude(pk=red.pk).values_list("pk", flat=True)
        )
    answer = step(staff, red, "set-aside", words="He was ill that day", also=also)
    page = " ".join(answer.content.decode().split())
    assert "It is set aside." in page
    assert "<strong>Set aside</strong> – He was ill that day" in page
    assert page.index("Alliance, SRS") < page.index("Well-being, ORS", page.index('id="alerts"')), "it stands last"
    undo = reverse("alert-take-up", args=[red.pk])
    assert undo in page
    staff.post(undo)
    assert "Set it aside" in page_of(staff, fallen)
    with tenant(ann.organisation_id):
        kinds = list(AlertStep.objects.order_by("at").values_list("kind", flat=True))
    count = 1 + len(also)
    assert kinds == ["set_aside"] * count + ["taken_up"] * count, "all of them, and nothing vanished"


def test_an_alert_that_somebody_asked_about_is_not_deleted_by_a_correction(staff, ann, ben, red):
    step(staff, red, "ask", colleague=str(ben.pk), words="Is this right?")
    with tenant(ann.organisation_id):
        Session.objects.filter(pk=red.session_id).update(
            voided_at=timezone.now(), voided_by=ann, void_reason="Wrong client"
        )
        refresh_summary(lock_episode(red.episode_id))
        evaluate_episode(red.episode_id, mails=False, today=TODAY)
        red.refresh_from_db()
    assert red.closed_on == TODAY
    assert len(steps(red)) == 1


@pytest.mark.parametrize("name", ["decide", "ask", "set-aside"])
def test_a_card_of_several_alerts_names_them_all_on_the_page_of_a_step(staff, ann, red, name):
    with tenant(ann.organisation_id):
        also = str(Alert.objects.exclude(pk=red.pk).filter(closed_on=None)[0].pk)
    address = reverse(f"alert-{name}", args=[red.pk])
    sent = form_on(staff, f"{address}?also={also}")
    assert sent["also"] == [also]


# Nobody has seen it


@pytest.fixture
def lead(ann, red_team):
    with tenant(ann.organisation_id):
        own = {"organisation": ann.organisation}
        person = PractitionerFactory(**own, user=UserFactory(), name="Lea Lund", role="team_lead")
        person.memberships.create(**own, team=red_team)
    return person


def escalate(alert, days):
    return periodic.escalate_unseen_alerts(alert.created_at + timedelta(days=days, minutes=1))


def test_a_red_alert_that_nobody_has_seen_goes_to_the_team_lead_once(browser, red, lead, time_machine):
    assert escalate(red, UNSEEN_DAYS[0] - 1) == 0
    assert escalate(red, UNSEEN_DAYS[0]) == 1
    assert escalate(red, UNSEEN_DAYS[0] + 1) == 0
    with tenant(red.organisation_id):
        assert Notice.objects.filter(practitioner=lead, alert=red).count() == 1
    time_machine.move_to(red.created_at + timedelta(days=UNSEEN_DAYS[0], minutes=1))
    browser.force_login(lead.user)
    assert "Nobody has seen it" in browser.get(reverse("today")).content.decode()


def test_an_alert_of_a_client_whose_data_are_not_used_now_goes_to_nobody(ann, red, lead):
    with tenant(ann.organisation_id), collecting(Collected("test")):
        set_restriction(client=red.episode.client, reason="It may be wrong", by=ann)
    assert escalate(red, UNSEEN_DAYS[0]) == 0


@pytest.mark.parametrize("done", ["seen", "set aside"])
def test_what_somebody_dealt_with_goes_to_nobody(ann, red, lead, done):
    with tenant(ann.organisation_id):
        if done == "seen":
            Alert.objects.filter(level="red").update(acknowledged_at=timezone.now(), acknowledged_by=ann)
        else:
            alert_steps.set_aside(alerts=list(Alert.objects.filter(level="red")), words="Known", by=ann)
    assert escalate(red, 30) == 0


@pytest.mark.parametrize(("option", "at", "count"), [(1, 3, 1), (2, 7, 0), (2, 14, 1), (3, 300, 0)])
def test_the_organisation_says_after_how_many_days(ann, ada, red, lead, option, at, count):
    with tenant(ann.organisation_id):
        MeasureValue.objects.create(organisation=ann.organisation, key=UNSEEN_RED, value=option, by=ada)
    assert escalate(red, at) == count


def test_one_that_became_red_waits_from_that_day_on(red, lead):
    with tenant(red.organisation_id):
        Alert.objects.exclude(pk=red.pk).update(acknowledged_at=timezone.now(), acknowledged_by=lead)
        raised = red.created_at - timedelta(days=UNSEEN_DAYS[0] + 3)
        Alert.objects.filter(pk=red.pk).update(level="amber", created_at=raised)
        Alert.objects.filter(pk=red.pk).update(level="red")
        became = event_model_of(Alert).objects.filter(pgh_obj_id=red.pk).latest("pgh_id").pgh_created_at
    assert periodic.escalate_unseen_alerts(became + timedelta(days=UNSEEN_DAYS[0], minutes=-1)) == 0
    assert periodic.escalate_unseen_alerts(became + timedelta(days=UNSEEN_DAYS[0], minutes=1)) == 1


def test_one_that_was_taken_up_again_waits_again(ann, red, lead):
    with tenant(ann.organisation_id):
        open_ones = list(Alert.objects.filter(closed_on=None))
        alert_steps.set_aside(alerts=open_ones, words="Known", by=ann)
    assert escalate(red, 30) == 0
    with tenant(ann.organisation_id):
        alert_steps.take_up(alerts=open_ones, by=ann)
    assert escalate(red, 30) == 1


def test_a_practitioner_sees_no_list_of_what_nobody_has_seen(browser, ann, red, lead, time_machine):
    time_machine.move_to(red.created_at + timedelta(days=30))
    browser.force_login(ann.user)
    assert "Nobody has seen it" not in browser.get(reverse("today")).content.decode()
