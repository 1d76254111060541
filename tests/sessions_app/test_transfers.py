"""A client goes to another practitioner, team or service: nothing is lost, rights change, both hear of it."""

import datetime
import threading

import pytest
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from clients.models import Client, Episode, Transfer
from clients.services.contact_changes import contact_changes
from organisations.models import AccessEvent
from organisations.services.local_day import today_in
from organisations.tenancy.context import tenant
from organisations.web.news import news_pass
from sessions_app.models import Alert, SessionDecision
from tests.factories import EpisodeFactory, ServiceFactory, SessionFactory, TeamFactory
from tests.people import person
from tests.saving import form_on
from tests.sealed_words import the
from tests.sessions_app.test_client_merges import all_rows, fill, worked_out

pytestmark = pytest.mark.django_db
# Whose the client is, who follows up, and the transfer itself
MOVED = {f"clients.{name}" for name in ("Client", "ClientTeam", "Episode", "Transfer")} | {
    "sessions_app.SessionDecision"
}


@pytest.fixture
def staff(browser, ann):
    browser.force_login(ann.user)
    return browser


@pytest.fixture
def full(ann, ben, nils, service, red_team):
    """Nils' course with everything that hangs on it, and three follow-ups: Ann's, Ben's, nobody's."""
    with tenant(nils.organisation_id):
        episode = fill(ann, nils, service)
        Client.objects.filter(pk=nils.pk).update(next_on=today_in(nils.organisation), second_contact=ben)
        session = episode.sessions.latest("held_on")
        for who in (ann, ben, None):
            SessionDecision.objects.create(
                organisation=nils.organisation,
                session=session,
                text=f"For {who}",
                responsible=who,
                follow_up_on=session.held_on,
            )
    worked_out(ann)
    return episode


def key_of(team, contact=None):
    return f"{team.pk}:{contact.pk if contact else ''}"


def transfer(browser, nils, to, **more):
    url = reverse("client-transfer", args=[nils.pk])
    return browser.post(url, form_on(browser, url) | {"to": to} | more)


def again(row):
    with tenant(row.organisation_id):
        return type(row).objects.get(pk=row.pk)


def the_transfer(nils):
    with tenant(nils.organisation_id):
        return Transfer.objects.get()


def sees(browser, nils):
    return browser.get(reverse("client-detail", args=[nils.pk])).status_code == 200


def today_of(who):
    colleague = Browser()
    colleague.force_login(who.user)
    return colleague.get(reverse("today")).content.decode()


def test_a_colleague_of_the_same_team_takes_over_and_both_still_see_the_client(staff, ann, ben, nils, full, red_team):
    day = full.started_on + datetime.timedelta(days=5)
    done = transfer(staff, nils, key_of(red_team, ben), note="Likes the mornings.", on=day.isoformat())
    assert (done.status_code, done.url) == (302, reverse("client-detail", args=[nils.pk]))
    client = again(nils)
    assert (client.contact, client.second_contact, client.contact_note) == (ben, None, "Likes the mornings.")
    assert sees(staff, nils)
    with tenant(nils.organisation_id):
        agreed = [one for one in SessionDecision.objects.all() if one.text.startswith("For ")]
        assert sorted(str(one.responsible) for one in agreed) == ["Ben Lund", "Ben Lund", "None"]
        changes = [(one.on, one.came, one.left) for one in contact_changes(client, [full])[full.pk]]
    assert (day, (), ("Ann Holm",)) in changes


def test_another_team_sees_the_client_from_that_moment_and_the_old_one_no_longer(
    staff, ann, cleo, nils, full, blue_team
):
    other = Browser()
    other.force_login(cleo.user)
    assert (sees(staff, nils), sees(other, nils)) == (True, False)
    done = transfer(staff, nils, key_of(blue_team, cleo))
    assert (done.status_code, done.url) == (302, reverse("client-list"))
    assert (sees(staff, nils), sees(other, nils)) == (False, True)
    with tenant(nils.organisation_id):
        responsible = set(SessionDecision.objects.values_list("responsible__name", flat=True))
        assert responsible == {"Cleo Dahl", None}, "Ann's and Ben's would stand on nobody's Today"
        assert AccessEvent.objects.filter(action="client.transfer", client_ids=[nils.pk]).exists()


def test_the_old_team_goes_on_seeing_the_client_where_that_was_agreed(staff, ben, cleo, nils, full, blue_team):
    transfer(staff, nils, key_of(blue_team, cleo), keeps="on")
    client = again(nils)
    assert (client.contact, client.second_contact) == (cleo, ben)
    assert sees(staff, nils)


def test_another_service_takes_over_the_open_episode_alone(staff, ann, nils, full, service):
    with tenant(nils.organisation_id):
        school = ServiceFactory(organisation=nils.organisation, name="School")
        team = TeamFactory(organisation=nils.organisation, service=school, name="School team")
        ended = {"started_on": datetime.date(2025, 1, 1), "ended_on": datetime.date(2025, 3, 1), "ending": "planned"}
        before = EpisodeFactory(organisation=nils.organisation, client=nils, service=service, **ended)
    eva = person(team, "Eva Krag")
    assert transfer(staff, nils, key_of(team, eva)).status_code == 302
    assert (again(full).service_id, again(before).service_id) == (school.pk, service.pk)


def test_nothing_is_lost_and_undone_every_row_stands_as_before(staff, ann, nils, full, service):
    with tenant(nils.organisation_id):
        school = ServiceFactory(organisation=nils.organisation, name="School")
        team = TeamFactory(organisation=nils.organisation, service=school, name="School team")
    eva = person(team, "Eva Krag")
    before = all_rows(ann)
    transfer(staff, nils, key_of(team, eva))
    moved = all_rows(ann)
    for label, rows in before.items():
        if label not in MOVED:
            assert moved[label] == rows, label
    with tenant(nils.organisation_id):
        made = Transfer.objects.standing().get()
    answer = staff.post(reverse("transfer-undo", args=[made.pk]), follow=True)
    assert "Everything is as it was" in answer.content.decode()
    after = all_rows(ann)
    for label, rows in before.items():
        if label != "clients.Transfer":
            assert after[label] == rows, label
    assert sees(staff, nils)


def test_undo_is_whoever_made_it_alone_and_only_while_nothing_was_changed(
    staff, ann, ben, nils, full, red_team, blue_team, cleo
):
    transfer(staff, nils, key_of(red_team, ben))
    with tenant(nils.organisation_id):
        made = Transfer.objects.standing().get()
    other = Browser()
    other.force_login(ben.user)
    url = reverse("transfer-undo", args=[made.pk])
    assert "by whoever made it" in other.post(url, follow=True).content.decode()
    transfer(other, nils, key_of(blue_team, cleo))
    assert "changed since" in staff.post(url, follow=True).content.decode()
    assert again(nils).contact == cleo


def test_a_follow_up_that_was_seen_to_since_stays_seen_to(staff, ann, ben, nils, full, red_team):
    transfer(staff, nils, key_of(red_team, ben))
    with tenant(nils.organisation_id):
        made = Transfer.objects.standing().get()
        mine = the(SessionDecision, text=f"For {ann}")
        SessionDecision.objects.filter(pk=mine.pk).update(done_at=timezone.now(), done_by=ben)
    staff.post(reverse("transfer-undo", args=[made.pk]))
    assert (again(mine).responsible, again(nils).contact) == (ben, ann)


def test_both_hear_of_it_once_without_a_word_about_the_client_in_the_news(
    staff, browser, ann, ben, lea, nils, full, red_team
):
    boss = Browser()
    boss.force_login(lea.user)
    transfer(boss, nils, key_of(red_team, ben), note="Likes the mornings.")
    for who in (ann, ben):
        told = boss.get(reverse("news"), {"pass": news_pass(who.pk)})
        assert told.content.isdigit() or float(told.content) >= 0
    assert "Likes the mornings." in today_of(ben)
    assert "Clients who changed hands" in today_of(ann)
    assert "Clients who changed hands" not in today_of(lea)
    with tenant(nils.organisation_id):
        made = Transfer.objects.standing().get()
    for who in (ann, ben):
        colleague = Browser()
        colleague.force_login(who.user)
        colleague.post(reverse("transfer-seen", args=[made.pk]))
        assert "Clients who changed hands" not in today_of(who)


def test_a_team_without_a_person_hears_that_it_decides(staff, cleo, nils, full, blue_team):
    transfer(staff, nils, key_of(blue_team))
    assert again(nils).contact is None
    assert "Decide who" in today_of(cleo).replace("\n", " ")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"to": ""}, "Choose who takes over."),
        ({"on": "2999-01-01"}, "choose today or an earlier day"),
        ({"on": "2020-01-01"}, "The episode began later than that."),
        ({"note": "x" * 401}, "400"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_lost(staff, ben, nils, full, red_team, more, said):
    answer = transfer(staff, nils, **({"to": key_of(red_team, ben), "note": "Kept words"} | more))
    page = answer.content.decode()
    assert (answer.status_code, said in page) == (422, True)
    assert "Kept words" in page or "note" in more
    assert again(nils).contact.name == "Ann Holm"


def test_a_client_with_an_open_episode_there_is_not_moved_into_a_second_one(staff, nils, full):
    with tenant(nils.organisation_id):
        school = ServiceFactory(organisation=nils.organisation, name="School")
        team = TeamFactory(organisation=nils.organisation, service=school, name="School team")
        EpisodeFactory(organisation=nils.organisation, client=nils, service=school)
    eva = person(team, "Eva Krag")
    answer = transfer(staff, nils, key_of(team, eva), episode=str(full.pk))
    assert (answer.status_code, "already has an open episode" in answer.content.decode()) == (422, True)


def test_of_two_at_once_one_is_told_to_look_again(staff, ann, ben, lea, nils, full, red_team, blue_team, cleo):
    url = reverse("client-transfer", args=[nils.pk])
    opened = form_on(staff, url)
    boss = Browser()
    boss.force_login(lea.user)
    assert transfer(boss, nils, key_of(red_team, ben)).status_code == 302
    answer = staff.post(url, opened | {"to": key_of(blue_team, cleo)})
    assert (answer.status_code, "Look again." in answer.content.decode()) == (422, True)
    assert again(nils).contact == ben


@pytest.mark.django_db(transaction=True)
def test_two_in_one_moment_make_one_transfer(ann, ben, lea, nils, episode, red_team, blue_team, cleo):
    url = reverse("client-transfer", args=[nils.pk])
    browsers, answers = [], []
    for who in (ann, lea):
        browsers.append(Browser())
        browsers[-1].force_login(who.user)
    forms = [form_on(one, url) for one in browsers]
    both = threading.Barrier(2)

    def send(browser, form, to):
        both.wait()
        answers.append(browser.post(url, form | {"to": to}).status_code)
        connection.close()

    targets = (key_of(red_team, ben), key_of(blue_team, cleo))
    threads = [threading.Thread(target=send, args=each) for each in zip(browsers, forms, targets, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [302, 422]
    the_transfer(nils)


def test_open_things_are_named_before_it_is_sent(staff, nils, full):
    with tenant(nils.organisation_id):
        Alert.objects.filter(episode=full).update(closed_on=None)
        SessionFactory(organisation=nils.organisation, episode=full)
    page = " ".join(staff.get(reverse("client-transfer", args=[nils.pk])).content.decode().split())
    for words in ("For Ann Holm", "open alert", "The appointment on", "answer that waits", "unfinished form"):
        assert words in page, words
    with tenant(nils.organisation_id):
        assert Episode.objects.get(pk=full.pk).ended_on is None
