"""What two people changed is put together: each field by whoever changed it, the rest chosen on one page."""

import threading

import pytest
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse

from clients.models import Client
from clients.services import clients
from organisations.edits.versions import RowVersion, merge
from organisations.models import Organisation
from organisations.tenancy.context import tenant
from sessions_app.models import AccessAlarm, Alert
from tests.factories import ClientFactory, EpisodeFactory, SessionFactory
from tests.saving import form_on, save
from tests.second_factors import App, confirm
from tests.test_versions import HEADING, chosen, form_on_answer

DAY, TIME = {"next_on": "2999-03-01", "next_at": "10:30"}, {"next_on": "2999-04-02", "next_at": "11:45"}


@pytest.fixture
def two(ann, ben):
    """Ann's and Ben's browsers."""
    browsers = Browser(), Browser()
    for browser, person in zip(browsers, (ann, ben), strict=True):
        browser.force_login(person.user)
    return browsers


@pytest.fixture
def url(nils):
    return reverse("client-edit", args=[nils.pk])


def stored(nils):
    with tenant(nils.organisation_id):
        return Client.objects.get(pk=nils.pk)


def test_fields_that_one_side_changed_are_merged_and_said(two, url, nils):
    ann, ben = two
    opened = form_on(ben, url)
    assert save(ann, url, form_on(ann, url) | DAY).status_code == 302
    page = ben.post(url, opened | {"first_name": "Sofie"}, follow=True).content.decode()
    assert "Changed meanwhile, and kept as it is: Next appointment: March 1, 2999; Time: 10:30" in page
    client = stored(nils)
    assert (client.first_name, str(client.next_on), client.next_at.hour) == ("Sofie", "2999-03-01", 10)


def test_the_page_names_who_stored_the_other_side_and_what_needs_no_choice(two, url, nils):
    ann, ben = two
    opened = form_on(ben, url)
    save(ann, url, form_on(ann, url) | DAY | {"birth_year": "1977"})
    answer = ben.post(url, opened | TIME | {"first_name": "<b>Sofie"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Stored meanwhile by Ann Holm, " in page
    assert "Changed by others only, and kept" in page
    assert "Year of birth: <bdi>1977" in page.replace("Year of birth:  ", "Year of birth: ")
    assert "First name or label: <bdi>&lt;b&gt;Sofie" in page
    assert stored(nils).first_name == "Nils", "nothing is half-written"
    assert ben.post(url, form_on_answer(answer) | chosen(answer, "mine")).status_code == 302
    client = stored(nils)
    assert (client.first_name, str(client.next_on), client.birth_year) == ("<b>Sofie", "2999-04-02", 1977)


def test_day_and_time_are_chosen_as_one(two, url, nils):
    """Ann moves the day, Ben the time: an appointment that nobody made must not come of it."""
    ann, ben = two
    save(ann, url, form_on(ann, url) | DAY)
    opened = form_on(ben, url)
    save(ann, url, form_on(ann, url) | {"next_on": "2999-03-08"})
    assert ben.post(url, opened | {"next_at": "09:00"}).status_code == 409
    assert (str(stored(nils).next_on), stored(nils).next_at.hour) == ("2999-03-08", 10)


def test_a_third_save_before_the_merge_is_chosen_about_again(two, url, nils):
    ann, ben = two
    opened = form_on(ben, url)
    save(ann, url, form_on(ann, url) | DAY)
    answer = ben.post(url, opened | TIME)
    save(ann, url, form_on(ann, url) | {"next_on": "2999-05-05"})
    again = ben.post(url, form_on_answer(answer) | chosen(answer, "mine"))
    assert (again.status_code, "May 5, 2999" in again.content.decode()) == (409, True)
    assert str(stored(nils).next_on) == "2999-05-05"


def test_what_is_wrong_in_a_merge_is_said_beside_its_field_and_the_choice_stays(two, url, nils):
    ann, ben = two
    opened = form_on(ben, url)
    save(ann, url, form_on(ann, url) | DAY)
    answer = ben.post(url, opened | TIME)
    refused = ben.post(url, form_on_answer(answer) | chosen(answer, "stored") | {"birth_year": "1780"})
    assert (refused.status_code, HEADING in refused.content.decode()) == (422, False)
    assert 'value="2999-03-01"' in refused.content.decode(), "the stored side was chosen and stands in the form"


def test_the_hidden_field_tells_nothing_of_the_values(two, url, nils):
    ann, _ben = two
    [version] = form_on(ann, url)["version"]
    assert not [word for word in ("Nils", "N-014", "1980", str(nils.pk)) if word in version]
    other = Client(organisation_id=nils.organisation_id)
    digests = RowVersion.of_values({"first_name": "Nils"}, nils).digests
    assert digests["first_name"] in version
    assert digests != RowVersion.of_values({"first_name": "Nils"}, other).digests, "the same word of another client"


def test_a_new_secret_key_makes_no_conflict(two, url, nils, settings):
    ann, ben = two
    opened = form_on(ben, url)
    save(ann, url, form_on(ann, url) | DAY)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key " * 5
    assert ben.post(url, opened | {"first_name": "Sofie"}).status_code == 302
    assert (str(stored(nils).next_on), stored(nils).first_name) == ("2999-03-01", "Sofie")


def test_a_session_is_moved_by_one_of_two(two, ann, nils, episode, service):
    with tenant(ann.organisation_id):
        session = SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)
        right = [
            EpisodeFactory(
                organisation=ann.organisation,
                service=service,
                client=ClientFactory(organisation=ann.organisation, first_name=name, teams=list(nils.teams.all())),
            )
            for name in ("Kirsten", "Karsten")
        ]
    url = reverse("session-move", args=[session.pk])
    opened = form_on(two[1], url)
    first, second = ({"episode": str(one.pk), "reason": "mixed up"} for one in right)
    assert save(two[0], url, first).status_code == 302
    assert two[1].post(url, opened | first).status_code == 302, "the same move again"
    answer = two[1].post(url, opened | second)
    assert answer.status_code == 409
    assert [name for name in ("Kirsten", "Karsten") if name not in answer.content.decode()] == []
    session.refresh_from_db()
    assert session.episode_id == right[0].pk
    assert two[1].post(url, form_on_answer(answer) | chosen(answer, "mine")).status_code == 302
    session.refresh_from_db()
    assert session.episode_id == right[1].pk


def test_what_came_of_an_alarm_stands_and_the_other_words_are_shown(browser, ada, ben, house):
    with tenant(house.pk):
        now = Organisation.objects.get(pk=house.pk).created_at
        alarm = AccessAlarm.objects.create(organisation=house, practitioner=ben, clients_count=20, since=now, until=now)
    browser.force_login(ada.user)
    url = reverse("access-alarm", args=[alarm.pk])
    opened = form_on(browser, url)
    for _click in range(2):
        assert browser.post(url, opened | {"note": "Stood in for Ann."}).status_code == 302
    answer = browser.post(url, opened | {"note": "A wrong link."})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert ["What is stored stays" in page, "Stood in for Ann." in page, "A wrong link." in page] == [True] * 3
    assert "take-note" not in page
    alarm.refresh_from_db()
    assert alarm.note == "Stood in for Ann."


def test_the_first_acknowledgement_stands_and_the_other_words_are_shown(two, nils, episode, house):
    with tenant(house.pk):
        alert = Alert.objects.create(
            organisation=house, episode=episode, rule="O1", level="red", raised_on="2026-02-03", numbers={"total": 120}
        )
    url = reverse("alert-acknowledge", args=[alert.pk])
    for _click in range(2):
        assert two[0].post(url, {"note": "I call today"}).status_code == 302
    assert two[1].post(url, {"note": ""}).status_code == 302
    answer = two[1].post(url, {"note": "I have called"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert [words for words in ("I call today", "I have called", "by Ann Holm") if words not in page] == []
    alert.refresh_from_db()
    assert alert.acknowledgement == "I call today"


def test_the_rules_of_the_log_in_stay_where_another_page_knew_less(browser, ada, house):
    browser.force_login(ada.user)
    confirm(browser)
    url = reverse("log-in-rules")
    opened = form_on(browser, url)
    browser.post(reverse("mfa_reauthenticate"), {"code": App(ada.user).code()})
    assert save(browser, url, {"requires_second_factor": "on"}).status_code == 302
    page = browser.post(url, opened, follow=True)  # the older page asks for nothing
    house.refresh_from_db()
    assert house.requires_second_factor
    assert "kept as it is: Everybody here needs a second factor: yes" in page.content.decode()


def test_archiving_and_restoring_twice_change_nothing_else(two, nils, url):
    ann, ben = two
    archive, restore = (reverse(f"client-{what}", args=[nils.pk]) for what in ("archive", "restore"))
    ann.post(archive)
    first = stored(nils).archived_at
    ben.post(archive)
    assert stored(nils).archived_at == first
    save(ann, url, form_on(ann, url) | {"first_name": "Sofie"})
    for browser in two:
        browser.post(restore)
    assert (stored(nils).archived_at, stored(nils).first_name) == (None, "Sofie")


# Two at once


def both_at_once(two, url):
    """Ann writes an appointment and Ben a name, each on a page that was opened before."""
    opened = [form_on(browser, url) for browser in two]
    start, answers = threading.Barrier(2), []

    def send(browser, data):
        start.wait(timeout=30)
        answers.append(browser.post(url, data).status_code)
        connection.close()

    sent = (opened[0] | DAY, opened[1] | {"first_name": "Sofie"})
    threads = [threading.Thread(target=send, args=one) for one in zip(two, sent, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_neither_loses_anything(two, url, nils):
    for number in range(3):
        assert both_at_once(two, url) == [302, 302], number
        client = stored(nils)
        assert (client.first_name, str(client.next_on)) == ("Sofie", "2999-03-01")
        with tenant(nils.organisation_id):
            Client.objects.filter(pk=nils.pk).update(first_name="Nils", next_on=None, next_at=None)


@pytest.mark.django_db(transaction=True)
def test_without_the_check_one_of_the_two_is_lost(two, url, nils, monkeypatch):
    monkeypatch.setattr(clients, "merge", lambda version, stored, given: dict(given))
    assert both_at_once(two, url) == [302, 302]
    client = stored(nils)
    assert (client.first_name, str(client.next_on)) in [("Sofie", "None"), ("Nils", "2999-03-01")]


def test_a_change_without_a_version_is_the_services_own(nils):
    assert merge(None, {"name": "a"}, {"name": "b"}) == {"name": "b"}
