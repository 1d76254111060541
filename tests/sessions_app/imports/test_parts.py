"""A long file is judged and written in parts: what lands is what lands of the whole, and one part is in memory."""

from weakref import WeakSet

import pytest

from clients.models import Client, ClientTeam, Episode
from organisations.models import AccessEvent, Practitioner, Service, Team
from organisations.tenancy.context import tenant
from sessions_app.imports import parts, whole_file
from sessions_app.imports.line_memory import Ledger
from sessions_app.models import Alert, Note, Rating, Session
from tests.factories import OrganisationFactory
from tests.sessions_app.imports.test_import import DATA, EXPECTED, bare, imported, rows, run

pytestmark = pytest.mark.django_db
LINES, CLIENTS = 600, 120
HEADER = "client_reference;service;team;practitioner;held_on;ors_total;words\n"


@pytest.fixture
def house():
    return OrganisationFactory(slug="house", name="The house", language="en")


@pytest.fixture
def in_parts(monkeypatch):
    """Files of more than two thousand bytes have several parts; returns how many parts each file had."""
    counts = []

    def counted(*args):
        counts.append(args)
        return place(*args)

    place = parts._place
    monkeypatch.setattr(parts, "PART", 2000)
    monkeypatch.setattr(parts, "_place", counted)
    return lambda: {args[2] for args in counts}


def _long_file(folder):
    """Lines of many clients in turns, as an export by date has them."""
    lines = []
    for number in range(LINES):
        service = f"Tilbud {number % 3}" if number < CLIENTS else ""
        lines.append(f"K-{number % CLIENTS};{service};;;2026-0{number // CLIENTS + 1}-05;20;ord")
    file = folder / "long.csv"
    file.write_text(HEADER + "\n".join(lines))
    return file


def _stored(house):
    """What an import wrote, without ids and moments."""
    named = {
        Client: ("reference", "birth_year"),
        Service: ("name",),
        Team: ("service__name", "name"),
        Practitioner: ("email", "name"),
        ClientTeam: ("client__reference", "team__name"),
        Episode: (
            "client__reference",
            "service__name",
            "label",
            "started_on",
            "ended_on",
            "ending",
            "sessions_count",
            "outcome_best",
        ),
        Session: ("client__reference", "episode__label", "held_on", "attendance", "practitioner__name"),
        Rating: ("session__client__reference", "session__held_on", "instrument", "total", "marks"),
        Alert: ("episode__client__reference", "rule", "level", "raised_on", "closed_on", "session__held_on"),
    }
    with tenant(house.pk):
        found = {model.__name__: sorted(map(str, model.objects.values_list(*names))) for model, names in named.items()}
        notes = Note.objects.select_related("session__client")
        found["Note"] = sorted(f"{note.session.client.reference} {note.session.held_on} {note.text}" for note in notes)
        return found


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_file_in_parts_lands_as_the_whole_does(house, name, monkeypatch, in_parts):
    other = OrganisationFactory(slug="other", name="The house", language="en")
    told = run(house, DATA / name)
    assert max(in_parts()) > 1
    assert bare(imported(house, DATA / name))["imported"] == 0  # and comes twice without a trace
    monkeypatch.setattr(parts, "PART", 10**9)
    whole = run(other, DATA / name)
    assert (told[0], told[1]) == (whole[0], whole[1])
    assert _stored(house) == _stored(other)


def test_no_more_than_one_part_is_in_memory(house, tmp_path, monkeypatch, in_parts):
    alive, held = WeakSet(), []

    class Counted(Ledger):
        def __init__(self, *args):
            super().__init__(*args)
            alive.add(self)

        def add(self, row):
            super().add(row)
            held.append(sum(map(len, alive)))

    monkeypatch.setattr(whole_file, "Ledger", Counted)
    assert imported(house, _long_file(tmp_path))["imported"] == LINES
    (count,) = in_parts()
    assert count > 5
    assert max(held) < 2 * LINES / count + 10


def test_a_refusal_in_the_last_part_keeps_all_parts_from_landing(house, tmp_path, in_parts):
    file = _long_file(tmp_path)
    before = rows(house)
    with file.open("a") as more:
        more.write("\nK-1;;;;2026-01-05;30;ord")
    report = imported(house, file, "--all-or-nothing")
    assert (report["imported"], report["refused"]) == (0, 1)
    assert rows(house) == before


def test_a_part_that_is_judged_otherwise_the_second_time_lets_nothing_land(house, tmp_path, monkeypatch, in_parts):
    before, judge, calls = rows(house), whole_file.decide, []

    def otherwise(*args):
        decided = judge(*args)
        calls.append(decided)
        if len(calls) == max(in_parts()) + 2:
            decided.states[0] = whole_file.NEW + 1
        return decided

    monkeypatch.setattr(whole_file, "decide", otherwise)
    status, _out, told = run(house, _long_file(tmp_path))
    assert status == 2
    assert "Clients of this file were changed while it was read. Nothing was imported" in told
    assert len(calls) == max(in_parts()) + 2
    assert rows(house) == before


def test_all_clients_of_all_parts_are_in_one_entry_of_the_access_log(house, tmp_path, in_parts):
    imported(house, _long_file(tmp_path))
    with tenant(house.pk):
        (event,) = AccessEvent.objects.filter(action="sessions.import")
        assert set(event.client_ids) == set(Client.objects.values_list("pk", flat=True))
        assert len(event.client_ids) == CLIENTS
