"""Two contact persons of one client: who takes the next session, who is away, and what they tell each other."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from clients.models import Client, PairMessage
from clients.services.restrictions import set_restriction
from organisations.audit.record import Collected, collecting
from organisations.models import AccessEvent, Practitioner
from organisations.services.local_day import today_in
from organisations.tenancy.context import tenant
from organisations.web import news
from sessions_app import periodic
from sessions_app.models import Alert, Notice
from tests.api.asking import system_of
from tests.reports.test_pages import held
from tests.saving import form_on
from tests.sessions_app.test_transfers import key_of, transfer

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(nils, ann, ben):
    """Nils, with Ann and Ben."""
    with tenant(nils.organisation_id):
        Client.objects.filter(pk=nils.pk).update(second_contact=ben)
        return Client.objects.get(pk=nils.pk)


def stored(row):
    with tenant(row.organisation_id):
        return type(row).objects.get(pk=row.pk)


def away(person, days):
    with tenant(person.organisation_id):
        until = today_in(person.organisation) + timedelta(days=days)
        Practitioner.objects.filter(pk=person.pk).update(away_until=until)
    return until


def page_of(browser, person, name="today", *args):
    browser.force_login(person.user)
    return " ".join(browser.get(reverse(name, args=args)).content.decode().split())


def write(browser, person, client, text):
    browser.force_login(person.user)
    return browser.post(reverse("client-pair", args=[client.pk]), {"text": text}, follow=True)


def test_a_message_stands_on_the_others_today_and_ends_up_in_no_mail(
    browser, pair, ann, ben, lea, django_capture_on_commit_callbacks
):
    cache.clear()
    with django_capture_on_commit_callbacks(execute=True):
        page = write(browser, ann, pair, "Ask about the new job.").content.decode()
    assert "Ben Lund sees it on Today. No mail goes out." in page
    assert cache.get(news._key(ben.pk.hex), 0) > 0
    assert mail.outbox == []
    assert "Ask about the new job." in page_of(browser, ben)
    assert "Ask about the new job." not in page_of(browser, ann)
    assert "Ask about the new job." not in page_of(browser, lea)
    assert "1 new" in page_of(browser, ben, "client-detail", pair.pk)
    with tenant(pair.organisation_id):
        message = PairMessage.objects.get()
        assert AccessEvent.objects.filter(action="pair.write", client_ids=[pair.pk]).count() == 1
    browser.force_login(ben.user)
    done = browser.post(reverse("message-read", args=[message.pk]), follow=True).content.decode()
    assert reverse("message-unread", args=[message.pk]) in done
    assert "Ask about the new job." not in page_of(browser, ben)
    assert "read by Ben Lund" in page_of(browser, ann, "client-pair", pair.pk)
    browser.force_login(ben.user)
    browser.post(reverse("message-unread", args=[message.pk]))
    assert "Ask about the new job." in page_of(browser, ben)


def test_nobody_else_reads_it_and_whoever_takes_over_reads_on(browser, pair, ann, lea):
    write(browser, ann, pair, "Between us.")
    browser.force_login(lea.user)
    assert browser.get(reverse("client-pair", args=[pair.pk])).status_code == 404
    with tenant(pair.organisation_id):
        Client.objects.filter(pk=pair.pk).update(second_contact=lea)
    assert "Between us." in page_of(browser, lea, "client-pair", pair.pk)


def test_the_writer_cannot_read_their_own_and_an_empty_one_is_refused(browser, pair, ann):
    assert write(browser, ann, pair, "  ").status_code == 422
    write(browser, ann, pair, "Once.")
    with tenant(pair.organisation_id):
        message = PairMessage.objects.get()
    browser.post(reverse("message-read", args=[message.pk]))
    assert stored(message).read_at is None


def test_alone_there_is_nobody_to_write_to(browser, nils, ann):
    assert "You are alone with this client" in page_of(browser, ann, "client-pair", nils.pk)
    assert write(browser, ann, nils, "Hello?").status_code == 422


def test_the_end_of_a_session_proposes_the_other_one_unless_they_are_away(browser, pair, ann, ben, episode):
    browser.force_login(ann.user)
    browser.post(reverse("session-start", args=[pair.pk]))
    with tenant(pair.organisation_id):
        session = episode.sessions.get()
    url = reverse("session-next", args=[session.pk])
    assert form_on(browser, url)["next_contact"] == [str(ben.pk)]
    away(ben, 3)
    assert form_on(browser, url)["next_contact"] == [str(ann.pk)]
    reasons = {"outcome_skipped": "declined", "alliance_skipped": "declined"}
    sent = form_on(browser, url) | {"when": "none", "next_contact": str(ben.pk)} | reasons
    assert browser.post(url, sent).status_code == 302
    assert stored(pair).next_contact_id == ben.pk
    assert "Ben Lund takes it" in page_of(browser, ann)
    assert "You take it" in page_of(browser, ben)


def test_only_one_of_the_two_can_take_it(browser, pair, ann, lea):
    browser.force_login(ann.user)
    url = reverse("client-edit", args=[pair.pk])
    refused = browser.post(url, form_on(browser, url) | {"next_contact": str(lea.pk)})
    assert refused.status_code == 422
    assert "Choose one of the two contact persons for the next session." in refused.content.decode()
    answer = system_of(ann).patch(f"clients/{pair.pk}/", {"next_contact": str(lea.pk)})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["next_contact"])


def test_whoever_leaves_the_pair_takes_no_session(browser, pair, ann, ben):
    with tenant(pair.organisation_id):
        Client.objects.filter(pk=pair.pk).update(next_contact=ben)
    browser.force_login(ann.user)
    url = reverse("client-edit", args=[pair.pk])
    assert browser.post(url, form_on(browser, url) | {"second_contact": "", "next_contact": ""}).status_code == 302
    assert stored(pair).next_contact_id is None
    assert system_of(ann).patch(f"clients/{pair.pk}/", {"second_contact": str(ben.pk)}).status_code == 200


def test_away_is_chosen_on_ones_own_page_and_seen_by_the_other(browser, pair, ann, ben):
    browser.force_login(ann.user)
    url, until = reverse("account"), today_in(ann.organisation) + timedelta(days=5)
    refused = browser.post(url, form_on(browser, url) | {"away_until": "2020-01-01"})
    assert (refused.status_code, "That day has passed." in refused.content.decode()) == (422, True)
    assert browser.post(url, form_on(browser, url) | {"away_until": until.isoformat()}).status_code == 302
    assert stored(ann).away_until == until
    for name, args in (("today", []), ("client-detail", [pair.pk]), ("client-pair", [pair.pk])):
        assert "Ann Holm is away until" in page_of(browser, ben, name, *args)


def test_an_admin_can_say_that_somebody_is_ill(browser, ada, ann):
    browser.force_login(ada.user)
    url = reverse("practitioner-edit", args=[ann.pk])
    assert browser.post(url, form_on(browser, url) | {"away_until": "2026-12-02"}).status_code == 302
    assert stored(ann).away_until == date(2026, 12, 2)


def told(pair):
    with tenant(pair.organisation_id):
        return set(Notice.objects.values_list("practitioner__name", flat=True))


def test_the_other_is_told_of_alerts_while_one_is_away(pair, ann, ben, episode, record_alerts):
    away(ann, 2)
    record_alerts(episode)
    assert told(pair) == {"Ben Lund"}


def test_where_both_are_away_somebody_is_told_all_the_same(pair, ann, ben, lea, episode, record_alerts):
    for person in (ann, ben):
        away(person, 2)
    record_alerts(episode)
    assert told(pair) == {"Lea Vang"}


def test_yesterday_is_not_away(pair, ann, episode, record_alerts):
    away(ann, -1)
    record_alerts(episode)
    assert told(pair) == {"Ann Holm", "Ben Lund"}


@pytest.fixture
def record_alerts(ann):
    """The alerts of a course that has fallen far below its start."""
    from sessions_app.services.alerts import evaluate_episode
    from sessions_app.services.summary import lock_episode, refresh_summary

    def write_alerts(episode, **options):
        with tenant(episode.organisation_id):
            held(episode, ann, 300, 300, 300, 120, 110, srs=(380, 380, 380, 380, 340))
            refresh_summary(lock_episode(episode.pk))
            evaluate_episode(episode.pk, **options)

    return write_alerts


def test_nothing_goes_on_of_a_client_whose_data_are_not_used_now(nils, ann, ben, episode, record_alerts):
    record_alerts(episode)
    with tenant(nils.organisation_id), collecting(Collected("test")):
        Client.objects.filter(pk=nils.pk).update(second_contact=ben)
        set_restriction(client=nils, reason="It may be wrong", by=ben)
    away(ann, 2)
    assert periodic.cover_those_away() == 0


def test_what_only_somebody_away_was_told_of_goes_on_to_the_other(nils, ann, ben, episode, record_alerts):
    record_alerts(episode)
    with tenant(nils.organisation_id):
        Client.objects.filter(pk=nils.pk).update(second_contact=ben)
        alerts = Alert.objects.open().filter(notices__practitioner=ann).count()
    assert alerts
    assert periodic.cover_those_away() == 0
    away(ann, 2)
    assert periodic.cover_those_away() == alerts
    assert periodic.cover_those_away() == 0
    assert told(nils) == {"Ann Holm", "Ben Lund"}


def test_whoever_gives_the_client_away_takes_no_next_session(browser, pair, ann, lea, red_team):
    with tenant(pair.organisation_id):
        Client.objects.filter(pk=pair.pk).update(next_contact=ann)
    browser.force_login(ann.user)
    assert transfer(browser, pair, key_of(red_team, lea)).status_code == 302
    client = stored(pair)
    assert (client.contact_id, client.next_contact_id) == (lea.pk, None)
