"""Many people are invited from a file: looked at first, with a sentence for each line that cannot be."""

import datetime
import io

import pytest
import time_machine
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from organisations.jobs.outbox import publish_due
from organisations.models import Outbox, Practitioner
from organisations.roles import Role
from organisations.services.invitations import SEND_INVITATION, create_invitation_link
from organisations.tasks import send_invitation
from organisations.tenancy.context import tenant
from reports.people_file.lines import MOST_LINES

HEAD = "name;email;role;teams;language;from;until"


@pytest.fixture
def admin(browser, ada):
    """Ada's browser."""
    browser.force_login(ada.user)
    return browser


def upload(browser, *lines, head=HEAD, content=None, name="people.csv"):
    content = "\n".join([head, *lines]).encode() if content is None else content
    return browser.post(reverse("people-file"), {"file": SimpleUploadedFile(name, content)})


def send(browser, page):
    return browser.post(reverse("people-file-send"), {"lines": page.context["signed"]}, follow=True)


def deliver():
    """What relay and worker do: every due outbox row runs its task."""
    return publish_due(lambda task, ids: send_invitation(**ids))


def people(house):
    with tenant(house.pk):
        return {one.email: one for one in Practitioner.objects.prefetch_related("teams") if one.user_id is None}


def test_looking_writes_nothing_and_sending_invites(admin, house, red_team, blue_team):
    page = upload(admin, "Eva Friis;Eva@Example.org;team lead;Red team, Blue team;sv;;", "Bo By;bo@example.org;;;;;")
    assert page.status_code == 200
    assert "These people can be invited" in page.content.decode()
    assert people(house) == {}
    assert not Outbox.objects.exists()
    assert "2 people are invited." in send(admin, page).content.decode()
    found = people(house)
    eva = found["eva@example.org"]
    assert (eva.name, eva.role, eva.invited_in) == ("Eva Friis", Role.TEAM_LEAD, "sv")
    assert {team.name for team in eva.teams.all()} == {"Red team", "Blue team"}
    assert found["bo@example.org"].role == Role.PRACTITIONER
    assert Outbox.objects.filter(task=SEND_INVITATION).count() == 2


@pytest.mark.parametrize(
    ("head", "role"),
    [
        ("Navn;E-mail;Rolle;Teams;Sprog;Adgang fra;Adgang til", "Teamleder"),
        ("Namn;E-post;Roll;Grupp;Språk;Från;Till", "Teamledare"),
        ("Navn;E-post;Rolle;Team;Språk;Fra;Til", "Teamleder"),
        ("Name;E-mail;Role;Teams;Language;Access from;Access until", "Team lead"),
    ],
)
def test_the_columns_are_named_in_four_languages(admin, house, red_team, head, role):
    page = upload(admin, f"Eva;eva@example.org;{role};red team;dansk;;2099-01-31", head=head)
    assert [line.role for _number, line in page.context["read"].lines] == [Role.TEAM_LEAD]
    line = page.context["read"].lines[0][1]
    assert (line.invited_in, line.access_until, line.team_names) == ("da", datetime.date(2099, 1, 31), ["Red team"])


def test_each_faulty_line_has_its_sentence_and_the_others_are_sent(admin, house, ann, red_team):
    page = upload(
        admin,
        "Eva;eva@example.org;;;;;",
        ";nobody@example.org;;;;;",
        "No Address;not an address;;;;;",
        "Eva Again;EVA@example.org;;;;;",
        f"Ann;{ann.email};;;;;",
        "Wrong;w1@example.org;boss;;;;",
        "Wrong;w2@example.org;;Green team;;;",
        "Wrong;w3@example.org;;;klingon;;",
        "Wrong;w4@example.org;;;;someday;",
        "Wrong;w5@example.org;;;;;2020-01-01",
        "Wrong;w6@example.org;consultant;;;;",
        "Wrong;w7@example.org;;;;2099-02-01;2099-01-01",
    )
    text = page.content.decode()
    for sentence in (
        "A name has between 1 and 120 letters.",
        "“not an address” is no e-mail address.",
        "The address stands in line 2 already.",
        "Ann Holm has access already.",
        "“boss” is no role.",
        "There is no team “Green team”.",
        "“klingon” is no language of this application.",
        "“someday” is no day: write 2027-01-31.",
        "That day is past.",
        "a consultant&#x27;s access ends by itself",
        "The last day comes before the first.",
    ):
        assert sentence in text, sentence
    assert "11 lines have a fault" in text
    send(admin, page)
    assert set(people(house)) == {"eva@example.org"}


def test_who_was_invited_or_worked_here_is_named(admin, house, ann):
    with tenant(house.pk):
        Practitioner.objects.create(organisation=house, name="Eva", email="eva@example.org")
        Practitioner.objects.filter(pk=ann.pk).update(is_active=False)
    text = upload(admin, "Eva;eva@example.org;;;;;", f"Ann;{ann.email};;;;;").content.decode()
    assert "Eva has been invited already." in text
    assert "Ann Holm worked here: reactivate them instead." in text
    assert "Nobody can be invited yet" in text


def test_what_was_sent_once_or_taken_meanwhile_is_refused(admin, house):
    page = upload(admin, "Eva;eva@example.org;;;;;", "Bo;bo@example.org;;;;;")
    send(admin, page)
    again = send(admin, page).content.decode()
    assert "eva@example.org: Somebody with that address already works here." in again
    assert len(people(house)) == 2
    assert Outbox.objects.filter(task=SEND_INVITATION).count() == 2


def test_nobody_sends_what_the_page_did_not_show(admin, house, ada, browser, red_team):
    page = upload(admin, "Eva;eva@example.org;;;;;")
    tampered = page.context["signed"][:-2] + "xx"
    answer = admin.post(reverse("people-file-send"), {"lines": tampered}, follow=True)
    assert "Upload the file again." in answer.content.decode()
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=2)):
        admin.force_login(ada.user)
        assert "Upload the file again." in send(admin, page).content.decode()
    assert people(house) == {}


def test_a_workbook_is_read(admin, house, red_team):
    book = Workbook()
    book.active.append(["Navn", "E-mail", "Adgang til"])
    book.active.append(["Eva", "eva@example.org", datetime.date(2099, 1, 31)])
    out = io.BytesIO()
    book.save(out)
    page = upload(admin, content=out.getvalue(), name="people.xlsx")
    assert page.context["read"].lines[0][1].access_until == datetime.date(2099, 1, 31)


@pytest.mark.parametrize("name", ["people-file-sample", "people-file-workbook"])
@pytest.mark.parametrize("language", ["da", "sv", "nb", "en"])
def test_the_samples_come_back_whole_in_every_language(admin, ada, red_team, name, language):
    ada.user.language = language
    ada.user.save()
    sample = admin.get(reverse(name))
    read = upload(admin, content=sample.content, name=sample["Content-Disposition"]).context["read"]
    assert (len(read.lines), read.faults, read.fault, read.unused) == (2, [], "", [])
    bo = read.lines[1][1]
    assert (bo.access_from, bo.access_until) == (datetime.date(2027, 1, 4), datetime.date(2027, 12, 31))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"name;role\nEva;x", "These columns are missing: E-mail."),
        (b"name;email;navn\nEva;e@example.org;x", "Two columns mean the same: Name."),
        (b"name;email\n", "There is no line below the names of the columns."),
        (b"PK\x03\x04 no workbook", "could not be read"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(admin, content, sentence):
    page = upload(admin, content=content)
    assert page.status_code == 422
    assert sentence in page.content.decode()


def test_a_file_has_only_so_many_lines(admin, house):
    lines = [f"P{number};p{number}@example.org;;;;;" for number in range(MOST_LINES + 1)]
    assert upload(admin, *lines[:-1]).status_code == 200
    page = upload(admin, *lines)
    assert page.status_code == 422
    assert "more than 200 lines" in page.content.decode()


def test_an_invitation_to_a_later_day_opens_on_that_day(admin, house):
    today = datetime.datetime.now(datetime.UTC).date()
    first = today + datetime.timedelta(days=10)
    send(admin, upload(admin, f"Eva;eva@example.org;;;;{first.isoformat()};"))
    deliver()
    assert mail.outbox == []
    with time_machine.travel(datetime.datetime.combine(first, datetime.time(9), tzinfo=datetime.UTC)):
        deliver()
    assert [message.to for message in mail.outbox] == [["eva@example.org"]]


def test_a_link_from_before_says_from_which_day_on_it_opens(admin, house, client):
    today = datetime.datetime.now(datetime.UTC).date()
    with tenant(house.pk):
        eva = Practitioner.objects.create(organisation=house, name="Eva", email="eva@example.org")
        link = create_invitation_link(practitioner=eva).removeprefix("http://localhost:8000")
        eva.access_from = today + datetime.timedelta(days=5)
        eva.save()
    page = client.get(link)
    assert page.status_code == 410
    assert "This invitation does not open yet" in page.content.decode()
    given = {"name": "Eva", "language": "en", "password": "four words make one"}
    assert client.post(link, given).status_code == 410
    assert people(house)["eva@example.org"].user_id is None
    again = admin.post(reverse("practitioner-invite", args=[eva.pk]), follow=True)
    assert "is sent on the first day" in again.content.decode()
