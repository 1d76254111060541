"""Clients' words lie sealed in the database, history included, and open nowhere but where they stand."""

import logging

import pytest
from django.db import DatabaseError, connection, transaction

from clients.models import Client, PairMessage, Sealed, WordKey, word_key
from clients.models.sealed_text import MARK, Unreadable, WordsNotSealed, seal_anew, sealed_fields
from clients.models.word_key import forget_opened_keys
from clients.services.plain_words import sealed_columns
from clients.services.word_keys import shred_words
from organisations.audit.record import recorded
from organisations.history.privacy import DataClass, marks
from organisations.history.tracking import event_model_of, keeps_history
from organisations.models import AccessEvent
from organisations.tenancy.context import tenant
from organisations.word_keys.keepers import KeyUnreachable
from sessions_app.models import Note, NoteKind
from sessions_app.services.notes import save_note, versions_of
from tests.factories import ClientFactory, EpisodeFactory, SessionFactory
from tests.filled_world import open_tables
from tests.sealed_words import MARKER, fill

pytestmark = pytest.mark.django_db

OF_NO_CLIENT = {
    "organisations.Organisation": "what an organisation tells everybody",
    "sessions_app.AccessAlarm": "about who looked",
    "sessions_app.SampledAccess": "about who looked",
    "sessions_app.GroupMeeting": "a group's name",
    "sessions_app.HandbookChapter": "an organisation's handbook",
    "sessions_app.HandbookParagraph": "an organisation's handbook",
    "sessions_app.HandbookScript": "an organisation's handbook",
    "sessions_app.HandbookFilm": "an organisation's handbook",
    "sessions_app.PracticeGoal": "what a practitioner wants to learn",
    "sessions_app.MeasureValue": "why an organisation changed a standard",
    "sessions_app.Study": "a study's plan",
    "sessions_app.StudyAmendment": "a study's plan",
    "sessions_app.StudyExport": "why a study's data were asked for",
    "sessions_app.PackLicence": "a licence of wording",
    "organisations.MaintenanceNotice": "an operator's announcement",
    "clients.RetentionChoice": "what an organisation's own period stands on",
    "organisations.OrganisationCopy": "who may open a copy of the whole organisation",
}
# Columns about a client that are not sealed (yet), and why.
NOT_SEALED = {
    "organisations.AccessEvent.typed": "part of the signed chain of the access log, which is checked without a key",
    "organisations.KeptAnswer.body": "what the API answered, of a token and not of a client; gone within a day",
    "clients.ClientMerge.rows": "what stood before a merge: sealed columns as they were stored, else names and dates",
    "clients.Transfer.rows": "what stood before a transfer: sealed columns as they were stored, else keys and dates",
    "clients.Consent.reason": "why a row was corrected, by staff; part of a constraint with two conditions",
    "clients.ClientBlock.reason": "why a client is blocked for other units, by staff",
    "clients.ClientBlock.lift_reason": "why that ended, by staff",
    "clients.ErasureNotice.extension_reason": "why records are kept for longer, by staff",
    "clients.HeldBackPassage.reason": "what the client is told about it, by staff",
    "clients.LegalHold.reason": "why records are kept, by staff; read where no key is",
    "clients.Restriction.reason": "why nothing is used for now, by staff",
    "clients.Restriction.lift_reason": "why that ended, by staff; part of a constraint",
    "clients.SubjectRequest.reason": "what was decided, by staff; part of a constraint with two conditions",
    "clients.SubjectRequest.extension_reason": "why it takes longer, by staff; part of a constraint",
    "sessions_app.EmergencyAccess.words": "why somebody opened a client, by staff; read by whoever checks it",
    "organisations.ProvisioningCall.detail": "what was wrong with a call of the IT department's system",
    "clients.Episode.label": "a label of one line that files are matched with and lists are sorted by",
    "clients.Episode.referred_to": "the name of a place",
    "sessions_app.Session.void_reason": "why a session does not count, by staff; set for a whole import at once",
    "sessions_app.Rating.reason": "why an answer was corrected, by staff; ratings are inserted by one statement",
    "sessions_app.Goal.aim": "the service's goal, a line of the service's own",
    "sessions_app.TeamQuestion.text": "asked of a team, mostly about no client; searched for by the database",
    "sessions_app.QuestionReply.text": "as the question that it answers",
    "sessions_app.SessionImport.file_name": "a file's name",
    "sessions_app.SessionImport.content": "a file of many clients, kept until it is imported or thrown away",
    "sessions_app.SessionImport.report": "what an import of many clients found amiss",
    "sessions_app.SessionImport.choices": "what was chosen for an import of many clients",
    "sessions_app.RecordFile.content": "a file that somebody asked for; gone within an hour",
    "sessions_app.SheetPhoto.file_name": "a file's name",
}


@pytest.fixture
def here(ann):
    with tenant(ann.organisation_id), recorded(organisation_id=ann.organisation_id, request_id="words"):
        yield ann.organisation


@pytest.fixture
def note(here, episode, ann):
    session = SessionFactory(organisation=here, episode=episode, practitioner=ann)
    return Note.objects.create(
        organisation=here, session=session, kind=NoteKind.AFTER_ORS, text="The stairs again", updated_by=ann
    )


def stored(row, column="text"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {row._meta.db_table} WHERE id = %s", [row.pk])
        return cursor.fetchone()[0]


def write(row, value, column="text"):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {row._meta.db_table} SET {column} = %s WHERE id = %s", [value, row.pk])


def again(row):
    return type(row).objects.get(pk=row.pk)


def test_every_column_of_words_is_sealed_or_named_with_a_reason():
    found = {
        f"{label}.{name}"
        for label, columns in marks().items()
        for name, holds in columns.items()
        if holds == DataClass.WORDS and not label.endswith("Event") and label not in OF_NO_CLIENT
    } | {"organisations.AccessEvent.typed"}
    sealed = {f"{field.model._meta.label}.{field.name}" for field in sealed_fields()}
    assert found - sealed == set(NOT_SEALED)
    assert sealed <= found, "a sealed column is marked as words"
    assert set(OF_NO_CLIENT) <= set(marks())


def test_the_history_of_a_sealed_column_is_sealed_too():
    tracked = {field for field in sealed_fields() if keeps_history(field.model)}
    assert len(tracked) == len(sealed_fields()) - 1  # the steps of an alert are never changed
    of_history = [field for model, field in sealed_columns() if model._meta.pk.name == "pgh_id"]
    assert all(hasattr(type(field), "words_of") or field.words_of for field in of_history)
    assert len(of_history) == len(tracked)


def test_no_table_of_a_filled_world_holds_a_word_in_plain(here, episode, ann, red_team):
    rows = fill(episode, ann, red_team)
    assert {field.model.__name__ for field in sealed_fields()} == set(rows)
    with connection.cursor() as cursor:
        in_plain = []
        for table in open_tables():
            cursor.execute(f"SELECT count(*) FROM {table} AS one WHERE one::text LIKE %s", [f"%{MARKER}%"])
            in_plain += [table] * cursor.fetchone()[0]
    assert in_plain == []
    for field in sealed_fields():
        row = rows[field.model.__name__]
        assert stored(row, field.column).startswith(MARK), field
        once = "" if field.model.__name__ == "AlertStep" else " again"
        assert getattr(again(row), field.attname) == f"{MARKER}{once} {field.name}"


def test_words_are_read_back_from_the_history(here, episode, ann, red_team):
    rows = fill(episode, ann, red_team)
    for field in sealed_fields():
        if not keeps_history(field.model):
            continue
        row = rows[field.model.__name__]
        events = event_model_of(field.model).objects.filter(pgh_obj=row.pk).order_by("pgh_id")
        texts = [getattr(event, field.attname) for event in events]
        assert texts[-2:] == [f"{MARKER} {field.name}", f"{MARKER} again {field.name}"], field


def test_an_empty_text_stays_empty_so_that_the_database_finds_who_has_words(note, ann):
    empty = Note.objects.create(organisation=note.organisation, session=note.session, kind=NoteKind.FOCUS)
    assert stored(empty) == ""
    assert list(Note.objects.exclude(text="")) == [note]
    assert list(Note.objects.filter(text="")) == [empty]


@pytest.mark.parametrize(
    "ask",
    [
        lambda: Note.objects.filter(text__icontains="stairs"),
        lambda: Note.objects.filter(text="The stairs again"),
        lambda: Note.objects.update(text="in plain"),
        lambda: Note.objects.bulk_update([Note(text="in plain")], ["text"]),
    ],
)
def test_words_neither_reach_the_database_in_plain_nor_are_looked_for_there(note, ask):
    with pytest.raises(WordsNotSealed), transaction.atomic():
        list(ask())
    assert again(note).text == "The stairs again"


def test_a_value_that_was_not_opened_is_an_error_and_no_line_of_letters(note):
    [words] = Note.objects.values_list("text", flat=True)
    assert isinstance(words, Sealed)
    with pytest.raises(TypeError):
        str(words)


@pytest.mark.parametrize("way", ["another client's row", "another row of the client", "another column", "another key"])
def test_moved_words_open_nowhere_else(note, here, ann, episode, red_team, caplog, way):
    rows = fill(episode, ann, red_team)
    other = EpisodeFactory(organisation=here, service=episode.service, client=ClientFactory(organisation=here))
    session = SessionFactory(organisation=here, episode=other, practitioner=ann)
    there = Note.objects.create(organisation=here, session=session, kind=NoteKind.AFTER_ORS, text="Of somebody else")
    if way == "another key":
        mine, theirs = (stored(one).split(":") for one in (note, there))
        moved, into, column = ":".join([*mine[:2], theirs[2], mine[3]]), note, "text"
    else:
        into, column = {
            "another client's row": (there, "text"),
            "another row of the client": (rows["Note"], "text"),
            "another column": (rows["SessionDecision"], "support"),
        }[way]
        moved = stored(rows["SessionDecision"] if way == "another column" else note)
    write(into, moved, column)
    with caplog.at_level(logging.ERROR):
        said = getattr(again(into), column)
    assert said == "These words cannot be read at the moment."
    assert "stairs" not in caplog.text


def test_a_wrapped_key_in_another_clients_row_opens_nothing(note, here, episode, ann):
    other = ClientFactory(organisation=here)
    message = PairMessage.objects.create(organisation=here, client=other, text="Of somebody else", written_by=ann)
    own, theirs = WordKey.objects.get(client=episode.client), WordKey.objects.get(client=other)
    WordKey.objects.filter(pk=theirs.pk).update(wrapped=own.wrapped)
    forget_opened_keys()
    assert again(note).text == "The stairs again"
    assert isinstance(again(message).text, Unreadable)


def test_what_was_not_changed_is_stored_as_it_was(note, ann):
    before = stored(note)
    row = again(note)
    assert row.text == "The stairs again"
    row.save()
    assert stored(note) == before
    row.text = "The stairs again, twice"
    row.save()
    assert stored(note) != before


def test_a_text_from_before_is_read_as_it_stands_and_sealed_when_it_is_saved(note):
    write(note, "From before")
    row = again(note)
    assert row.text == "From before"
    row.save()
    assert stored(note).startswith(MARK)
    assert again(note).text == "From before"


def test_words_that_look_like_sealed_ones_are_words(note, ann):
    for text in (f"{MARK}nothing of the kind", stored(note)):
        version = again(note).version
        save_note(session=note.session, kind=note.kind, text=text, version=version, by=ann)
        assert again(note).text == text
        assert stored(note) != text


def test_shredded_words_are_gone_in_rows_and_history_and_others_stay(note, here, ann, nils):
    other = EpisodeFactory(organisation=here, client=ClientFactory(organisation=here))
    session = SessionFactory(organisation=here, episode=other, practitioner=ann)
    theirs = Note.objects.create(organisation=here, session=session, kind=NoteKind.AFTER_ORS, text="Of somebody else")
    with recorded(organisation_id=here.pk, request_id="shred"):
        assert shred_words(nils, by=ann) == 1
    assert again(note).text == "These words have been erased."
    assert {one.text for one in versions_of(note.session, note.kind, ann)} == {"These words have been erased."}
    assert again(theirs).text == "Of somebody else"
    key = WordKey.objects.get(client=nils)
    assert (key.wrapped, key.wrapped_by, key.destroyed_by) == (None, "", ann)
    assert AccessEvent.objects.filter(action="client.shred_words", client_ids__contains=[nils.pk]).count() == 1
    assert shred_words(nils, by=None) == 0


def test_the_sentence_is_never_stored_as_words(note, nils, ann):
    before = stored(note)
    shred_words(nils, by=ann)
    row = again(note)
    assert isinstance(row.text, Unreadable)
    row.save()
    seal_anew([again(note)])
    assert stored(note) == before
    with pytest.raises(WordsNotSealed), transaction.atomic():
        Note.objects.create(organisation=row.organisation, session=row.session, kind=NoteKind.FOCUS, text=row.text)


def test_what_is_written_after_a_shredding_gets_a_key_of_its_own(note, nils, ann):
    shred_words(nils, by=ann)
    save_note(session=note.session, kind=NoteKind.FOCUS, text="A new beginning", version=0, by=ann)
    assert Note.objects.get(kind=NoteKind.FOCUS).text == "A new beginning"
    assert again(note).text == "These words have been erased."
    assert WordKey.objects.filter(client=nils).count() == 2


def test_a_key_that_was_not_destroyed_on_purpose_cannot_be_deleted(note, nils, ann):
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        WordKey.objects.all().delete()
    shred_words(nils, by=ann)
    assert WordKey.objects.all().delete()[0] == 1


def test_without_the_key_file_nothing_is_written_and_a_sentence_is_read(note, settings, tmp_path, ann):
    settings.WORD_KEYS_FILE = str(tmp_path / "another")
    forget_opened_keys()
    assert again(note).text == "These words cannot be read at the moment."
    with pytest.raises(KeyUnreachable), transaction.atomic():
        Note.objects.create(organisation=note.organisation, session=note.session, kind=NoteKind.FOCUS, text="New")
    forget_opened_keys()


def test_a_key_is_neither_pickled_nor_shown(note):
    import pickle

    from clients.models.word_key import _memory

    [key] = _memory.opened.values()
    with pytest.raises(TypeError):
        pickle.dumps(key)


def test_words_of_many_clients_take_one_query_more_than_their_rows(here, ann, django_assert_num_queries):
    for number in range(5):
        episode = EpisodeFactory(organisation=here, client=ClientFactory(organisation=here))
        session = SessionFactory(organisation=here, episode=episode, practitioner=ann)
        own = {"organisation": here, "session": session, "kind": NoteKind.AFTER_ORS}
        Note.objects.create(**own, text=f"Words {number}")
    forget_opened_keys()
    with django_assert_num_queries(2):
        assert sorted(note.text for note in Note.objects.all()) == [f"Words {number}" for number in range(5)]
    with django_assert_num_queries(1):
        assert len({note.text for note in Note.objects.all()}) == 5


def test_whoever_only_writes_keeps_no_key_longer_than_a_page_does(here, monkeypatch):
    """An import makes a key for each of its clients: thousands stayed in the process until somebody read a word."""
    monkeypatch.setattr(word_key, "KEPT_SECONDS", -1)
    for client in (ClientFactory(organisation=here) for _number in range(3)):
        word_key.keys_to_seal_with([client.pk], client.organisation_id)
        assert [key.client_id for key in word_key._memory.opened.values()] == [client.pk]


def test_words_that_are_opened_outside_their_organisation_open_still(ann, nils):
    with tenant(ann.organisation_id):
        message = PairMessage(organisation=ann.organisation, client=nils, text="Later", written_by=ann)
        message.save()
        row = again(message)
    forget_opened_keys()
    assert row.text == "Later"
    assert Client.objects.count() == 0
