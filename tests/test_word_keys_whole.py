"""Keys and words of a database that is really written: rotated under writers, dumped, and without its key."""

import datetime
import subprocess
import threading
from pathlib import Path
from secrets import token_hex

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import close_old_connections, connection
from django.urls import reverse

from clients.models import HeldBackPassage, SubjectRequest, WordKey
from clients.models.word_key import forget_opened_keys
from clients.services import word_keys
from clients.services.plain_words import sessions_of_others
from fit_project.local.postgres import binaries
from organisations.monitoring import readiness
from organisations.tenancy.context import tenant
from sessions_app.models import Note, NoteEvent, NoteKind
from tests.conftest import OWNER, connect_as
from tests.factories import ClientFactory, EpisodeFactory, SessionFactory
from tests.sealed_words import MARKER, fill

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def file(settings, tmp_path):
    """A key file of the test's own, with one key."""
    path = tmp_path / "word-keys"
    path.write_text(f"old {token_hex(32)}\n")
    settings.WORD_KEYS_FILE = str(path)
    forget_opened_keys()
    yield path
    forget_opened_keys()


def written(ann, number, words):
    """A new client with a note."""
    with tenant(ann.organisation_id):
        own = {"organisation": ann.organisation}
        client = ClientFactory(**own, reference=f"W-{number}")
        session = SessionFactory(**own, episode=EpisodeFactory(**own, client=client), practitioner=ann)
        Note.objects.create(**own, session=session, kind=NoteKind.AFTER_ORS, text=words)


def read(ann):
    forget_opened_keys()
    with tenant(ann.organisation_id):
        return sorted(note.text for note in Note.objects.all())


def test_keys_are_wrapped_anew_while_writers_go_on_and_the_old_key_can_go(file, ann, capsys):
    for number in range(12):
        written(ann, number, f"before {number}")
    wrong, going = [], threading.Event()

    def write():
        try:
            for number in range(100, 130):
                written(ann, number, f"meanwhile {number}")
                going.set()
        except Exception as error:  # told by the test, not by the thread
            wrong.append(error)
        finally:
            going.set()
            close_old_connections()
            connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    going.wait()
    with file.open("a") as keys:
        keys.write(f"new {token_hex(32)}\n")
    for _count in word_keys.rotate_word_keys(at_a_time=5):
        break  # interrupted after the first few
    writer.join()
    assert wrong == []
    call_command("rotate_word_keys")
    assert "wrapped anew; the newest key, new, wraps 42" in capsys.readouterr().out
    file.write_text(file.read_text().splitlines()[-1])
    expected = [f"before {number}" for number in range(12)] + [f"meanwhile {number}" for number in range(100, 130)]
    assert read(ann) == sorted(expected)
    assert readiness.look()["words"]
    call_command("rotate_word_keys")
    assert "0 wrapped anew" in capsys.readouterr().out


def test_an_old_key_that_goes_too_early_is_named_by_readiness_and_comes_back(file, ann, browser):
    written(ann, 1, "said once")
    old = file.read_text()
    file.write_text(f"new {token_hex(32)}\n")
    assert not readiness.look()["words"]
    answer = browser.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["words"]) == (503, False)
    assert read(ann) == ["These words cannot be read at the moment."]
    with pytest.raises(CommandError, match="not there any more"):
        call_command("rotate_word_keys")
    file.write_text(old + file.read_text())
    assert readiness.look()["words"]
    assert read(ann) == ["said once"]


def test_without_the_file_readiness_says_so(settings, tmp_path, monkeypatch):
    settings.WORD_KEYS_FILE = str(tmp_path / "gone")
    settings.PRODUCTION = True
    assert not readiness.look()["words"]
    assert not Path(settings.WORD_KEYS_FILE).exists()


def test_a_dump_holds_no_word_and_opens_with_the_key_alone(file, ann, episode, red_team):
    with tenant(ann.organisation_id):
        fill(episode, ann, red_team)
    given = connection.settings_dict
    server = ["--host", given["HOST"], "--port", str(given["PORT"] or 5432), "--username", OWNER]
    command = [str(binaries() / "pg_dump"), *server, "--data-only", given["NAME"]]
    dump = subprocess.run(command, check=True, capture_output=True).stdout
    assert episode.client.reference.encode() in dump, "the dump holds the rows"
    assert b"sealed:1:" in dump
    assert MARKER.encode() not in dump
    assert bytes.fromhex(file.read_text().split()[1]) not in dump
    assert file.read_text().split()[1].encode() not in dump
    assert all(MARKER in text for text in read(ann))
    file.write_text(f"another {token_hex(32)}\n")
    assert read(ann) == ["These words cannot be read at the moment."]


@pytest.fixture
def as_owner(django_db_setup):
    name = connection.settings_dict["USER"]
    connect_as(OWNER)
    yield
    connect_as(name)


def plain(ann, episode, text):
    """A note as the version before wrote it, with its history."""
    with tenant(ann.organisation_id):
        session = SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)
        note = Note.objects.create(organisation=ann.organisation, session=session, kind=NoteKind.AFTER_ORS)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE sessions_app_note SET text = %s WHERE id = %s", [text, note.pk])
    return note


def stands(ann, query):
    with tenant(ann.organisation_id), connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def test_words_from_before_are_sealed_with_their_history_and_leave_no_trace(file, ann, nils, service, as_owner, capsys):
    with tenant(ann.organisation_id):
        episode = EpisodeFactory(organisation=ann.organisation, client=nils, service=service)
    note = plain(ann, episode, f"{MARKER} of before")
    told = "SELECT updated_at, (SELECT count(*) FROM sessions_app_noteevent) FROM sessions_app_note"
    before = stands(ann, told)
    with pytest.raises(CommandError, match=r"sessions_app_note\.text 1, sessions_app_noteevent\.text 1"):
        call_command("seal_words", database="default", check=True)
    call_command("seal_words", database="default")
    assert "sessions_app_noteevent.text: 1 sealed" in capsys.readouterr().out
    assert stands(ann, told) == before
    for table in ("note", "noteevent"):
        texts = [text for (text,) in stands(ann, f"SELECT text FROM sessions_app_{table} WHERE text <> ''")]
        assert len(texts) == 1
        assert texts[0].startswith("sealed:1:")
    assert read(ann) == [f"{MARKER} of before"]
    with tenant(ann.organisation_id):
        events = NoteEvent.objects.filter(pgh_obj=note.pk).order_by("pgh_id")
        assert [event.text for event in events] == ["", f"{MARKER} of before"]
    call_command("seal_words", database="default")
    assert capsys.readouterr().out == "All words are sealed.\n"


def test_nothing_is_sealed_while_a_version_before_has_sessions(file, as_owner, capsys):
    about, role = connection.settings_dict, settings.DATABASES["default"]["USER"]
    server = {"host": about["HOST"], "port": about["PORT"] or None, "dbname": about["NAME"], "user": role}
    with psycopg.connect(**server):
        with pytest.raises(CommandError, match=r"Nothing was sealed: 1 session\(s\) of \w+ are not of this version"):
            call_command("seal_words", database="default")
        with psycopg.connect(**server, application_name=settings.APPLICATION_NAME):
            assert sessions_of_others("default", role, settings.APPLICATION_NAME) == 1
    call_command("seal_words", database="default")


def test_a_session_that_is_just_ending_is_waited_for(file, as_owner, capsys):
    """The server shows a session for a moment after the process was stopped."""
    about, role = connection.settings_dict, settings.DATABASES["default"]["USER"]
    server = {"host": about["HOST"], "port": about["PORT"] or None, "dbname": about["NAME"], "user": role}
    of_before = psycopg.connect(**server)
    ending = threading.Timer(0.5, of_before.close)
    ending.start()
    call_command("seal_words", database="default")
    ending.join()
    assert capsys.readouterr().out == "All words are sealed.\n"


def test_requests_and_passages_from_before_are_sealed_with_their_history(file, ann, nils, as_owner):
    day = datetime.date(2026, 2, 2)
    with tenant(ann.organisation_id), connection.cursor() as cursor:
        own = {"organisation": ann.organisation, "client": nils}
        asked = SubjectRequest.objects.create(**own, kind="access", arrived_on=day, due_on=day, recorded_by=ann)
        held = HeldBackPassage.objects.create(**own, passage="-", reason="About somebody else", held_by=ann)
        cursor.execute("UPDATE clients_subjectrequest SET wish = %s, statement = %s", [MARKER, MARKER])
        cursor.execute("UPDATE clients_heldbackpassage SET passage = %s", [MARKER])
    call_command("seal_words", database="default")
    for table, column in (("subjectrequest", "wish"), ("subjectrequest", "statement"), ("heldbackpassage", "passage")):
        for name in (table, f"{table}event"):
            rows = stands(ann, f"SELECT {column} FROM clients_{name} WHERE {column} <> ''")
            assert rows and all(text.startswith("sealed:1:") for (text,) in rows), (name, column)
    with tenant(ann.organisation_id):
        asked, held = SubjectRequest.objects.get(pk=asked.pk), HeldBackPassage.objects.get(pk=held.pk)
        assert (asked.wish, asked.statement, held.passage) == (MARKER, MARKER, MARKER)


def test_a_page_shows_words_from_before_until_they_are_sealed(file, ann, episode, browser):
    plain(ann, episode, f"{MARKER} of before")
    browser.force_login(ann.user)
    page = browser.get(reverse("client-detail", args=[episode.client_id]) + "?tab=document").content.decode()
    assert f"{MARKER} of before" in page
    with tenant(ann.organisation_id):
        assert WordKey.objects.count() == 0
