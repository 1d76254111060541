"""Sealed words through pages and services: shredded, moved, merged and taken back, imported, searched."""

import io

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.models import Client, WordKey
from clients.models.word_key import forget_opened_keys
from clients.services.word_keys import shred_words
from organisations.audit.record import recorded
from organisations.history.tracking import event_model_of
from organisations.tenancy.context import tenant
from sessions_app.imports.service import import_sessions
from sessions_app.models import Note, NoteKind, SessionDecision
from sessions_app.services.client_merge_preview import preview_of
from sessions_app.services.client_merge_undo import undo_merge
from sessions_app.services.client_merges import merge_clients
from sessions_app.services.corrections import move_session
from tests.factories import ClientFactory, EpisodeFactory, SessionFactory
from tests.sealed_words import MARKER, fill

pytestmark = pytest.mark.django_db
ERASED = "These words have been erased."
PAGES = ("client-detail", "client-changes", "client-pair", "client-edit", "client-transfer")


@pytest.fixture
def here(ann):
    with tenant(ann.organisation_id), recorded(organisation_id=ann.organisation_id, request_id="words"):
        yield ann.organisation


@pytest.fixture
def filled(ann, lea, nils, service, red_team):
    """Nils with words in every sealed column, and an episode of his; Ann and Lea are his contact persons."""
    with tenant(ann.organisation_id):
        Client.objects.filter(pk=nils.pk).update(contact=ann, second_contact=lea)
        nils.refresh_from_db()
        episode = EpisodeFactory(organisation=ann.organisation, client=nils, service=service)
        return fill(episode, ann, red_team)


def pages_of(user, client):
    """The text of every page of the client and its tabs, each of which answers; in a browser that looked at none."""
    browser = Browser()
    browser.force_login(user)
    addresses = [reverse(name, args=[client.pk]) for name in PAGES]
    addresses += [f"{reverse('client-detail', args=[client.pk])}?tab={tab}" for tab in ("document", "goals", "courses")]
    addresses.append(reverse("client-together", args=[client.pk]))  # which covers the others afterwards
    found = {}
    for address in addresses:
        answer = browser.get(address)
        assert answer.status_code == 200, address
        found[address] = answer.content.decode()
    return found


def test_every_page_of_a_client_whose_words_were_shredded_answers_with_a_sentence(ann, nils, filled):
    before = pages_of(ann.user, nils)
    assert sum(MARKER in page for page in before.values()) >= 3
    with tenant(ann.organisation_id), recorded(organisation_id=ann.organisation_id, request_id="shred"):
        assert shred_words(nils, by=ann) == 1
    after = pages_of(ann.user, nils)
    assert not any(MARKER in page for page in after.values())
    assert {address for address, page in after.items() if ERASED[:21] in page} >= {  # some cut them short
        address for address, page in before.items() if MARKER in page and "transfer" not in address
    }


def test_a_page_opens_the_keys_it_needs_in_one_query_however_many_rows(browser, ann, nils, filled):
    browser.force_login(ann.user)
    address = f"{reverse('client-detail', args=[nils.pk])}?tab=document"

    def asked():
        browser.get(address)
        forget_opened_keys()
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(address).status_code == 200
        return [one["sql"] for one in captured.captured_queries if "clients_wordkey" in one["sql"]]

    few = len(asked())
    with tenant(ann.organisation_id):
        for _number in range(5):
            session = SessionFactory(
                organisation=ann.organisation, episode=filled["Note"].session.episode, practitioner=ann
            )
            for kind in (NoteKind.AFTER_ORS, NoteKind.FOCUS):
                Note.objects.create(organisation=ann.organisation, session=session, kind=kind, text="More words")
    assert len(asked()) == few == 1


def test_words_are_found_by_a_search_inside_the_client(browser, ann, nils, filled):
    browser.force_login(ann.user)
    address = reverse("client-detail", args=[nils.pk])
    found = browser.get(address, {"tab": "document", "q": MARKER.upper()}).content.decode()
    assert f"{MARKER} again text" in found
    assert f"{MARKER} again text" not in browser.get(address, {"tab": "document", "q": "nowhere"}).content.decode()


def key_of(row):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT split_part(text, ':', 3) FROM {row._meta.db_table} WHERE id = %s", [row.pk])
        return cursor.fetchone()[0]


def standing(client):
    return str(WordKey.objects.standing().get(client=client).pk)


def test_a_session_that_moves_takes_its_words_under_the_other_clients_key(here, ann, nils, filled, service):
    olga = ClientFactory(organisation=here, reference="O-1")
    right = EpisodeFactory(organisation=here, client=olga, service=service)
    note, decision = filled["Note"], filled["SessionDecision"]
    move_session(session=note.session, episode=right, reason="the wrong one", by=ann)
    assert {key_of(note), key_of(decision)} == {standing(olga)}
    shred_words(nils, by=ann)
    assert Note.objects.get(pk=note.pk).text == f"{MARKER} again text"
    assert SessionDecision.objects.get(pk=decision.pk).support == f"{MARKER} again support"
    texts = [event.text for event in event_model_of(Note).objects.filter(pgh_obj=note.pk).order_by("pgh_id")]
    assert texts == [ERASED, ERASED, f"{MARKER} again text"], "what was said under the wrong name is the wrong one's"
    shred_words(olga, by=ann)
    assert Note.objects.get(pk=note.pk).text == ERASED


def test_merged_records_are_shredded_together_and_a_merge_is_undone_word_for_word(
    here, ann, nils, filled, service, red_team
):
    twin = ClientFactory(organisation=here, reference="N-14", first_name="Nils H", teams=[red_team])
    episode = EpisodeFactory(organisation=here, client=twin, service=service, ended_on="2026-03-01", ending="planned")
    session = SessionFactory(organisation=here, episode=episode, practitioner=ann)
    note = Note.objects.create(organisation=here, session=session, kind=NoteKind.AFTER_ORS, text="Under the other name")
    chosen = dict.fromkeys(("reference", "first_name", "birth_year", "contact", "next_on"), "one")
    preview = preview_of(nils, twin)
    merge = merge_clients(one=nils, other=twin, chosen=chosen, seen=preview.seen, by=ann)
    assert MARKER not in str(merge.rows)
    assert Note.objects.get(pk=note.pk).text == "Under the other name"
    undone = undo_merge(merge=merge, by=ann)
    assert undone.undone_at
    assert Note.objects.get(pk=note.pk).text == "Under the other name"
    assert Client.objects.get(pk=nils.pk).contact_note == f"{MARKER} again contact_note"
    pair = [Client.objects.get(pk=one.pk) for one in (nils, twin)]
    again = merge_clients(one=pair[0], other=pair[1], chosen=chosen, seen=preview_of(*pair).seen, by=ann)
    assert shred_words(again.kept, by=ann) == 2
    assert Note.objects.get(pk=note.pk).text == ERASED


def test_words_of_a_file_are_sealed_as_they_come_and_the_same_file_again_changes_nothing(ann, house, service):
    lines = ["client_reference;held_on;attendance;words"]
    lines += [f"I-{number};2026-03-02;attended;{MARKER} of file {number}" for number in (1, 2)]
    file = "\n".join(lines).encode()
    with tenant(house.pk), recorded(organisation_id=house.pk, request_id="file"):
        for _time in range(2):
            import_sessions(organisation=house, file=io.BytesIO(file), by=None)
        assert sorted(note.text for note in Note.objects.all()) == [f"{MARKER} of file {n}" for n in (1, 2)]
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM sessions_app_note WHERE text LIKE %s", [f"%{MARKER}%"])
            assert cursor.fetchone() == (0,)
        assert WordKey.objects.count() == 2
