"""Somebody who may see no client subtracts pages of results from each other: nobody is found, alone or among a few."""

import uuid
from dataclasses import replace
from functools import cache
from itertools import permutations
from random import Random

import pytest

from reports.results.rows import AGE_GROUPS, NO_TEAM, SEVERAL, ResultRow
from reports.results.selection import Selection
from reports.results.small_numbers import (
    BEGUN,
    COUNTED,
    ENDINGS,
    USED,
    ChangeLimits,
    counts_of,
    scopes_with,
    shown_to_all,
)
from sessions_app.measures.results.aggregate import EpisodeScores
from sessions_app.measures.results.linked_tables import ROOM
from sessions_app.services.attendance_counts import AttendanceCounts

LIMITS = ChangeLimits(50, 84.3)
WORLDS = 6
TEN = 10
LABELS = tuple(uuid.UUID(int=7000 + number) for number in range(3))
YEARS = (2023, 2024, 2025, 2026)


@cache
def world(seed):
    """An organisation: services of unequal size with teams of unequal size, some clients with several episodes."""
    rng = Random(seed)
    rows = []
    for number in range(rng.randint(2, 4)):
        service, kind = uuid.UUID(int=seed * 100 + number), rng.choice(["adults", "children"])
        parts = [str(uuid.UUID(int=rng.getrandbits(100))) for _ in range(rng.randint(1, 4))] + [SEVERAL, NO_TEAM]
        contacts = [uuid.UUID(int=rng.getrandbits(100)) for _ in range(6)]
        for part in parts:
            for _ in range(rng.choice([0, 2, 7, 13, 30, 60, 90])):
                rows += [_row(rng, service, kind, part, contacts)] * rng.choice([1, 1, 1, 1, 2])
    return rows, shown_to_all(rows, LIMITS)


def _row(rng, service, kind, part, contacts):
    first = rng.randint(60, 340)
    closed = rng.random() < 0.7
    person = rng.getrandbits(100)
    client = uuid.UUID(int=person)
    return ResultRow(
        client=client,
        service=service,
        kind=kind,
        part=part,
        teams=frozenset(),
        contact=rng.choice(contacts),
        mine=False,
        year=rng.choice(YEARS),
        age=rng.choice(AGE_GROUPS),
        form="ors",
        ending=rng.choice(ENDINGS) if closed else "",
        alliance_first=None,
        last_is_scored=rng.random() < 0.8,
        length=rng.randint(1, 700),
        labels=frozenset(one for place, one in enumerate(LABELS) if not client.int >> 2 * place & 3),
        scores=EpisodeScores(
            first=first,
            last=max(0, min(400, first + round(rng.gauss(40, 70)))),
            scores=rng.choice([0, 1, 3, 3, 3, 3]),
            sessions=4,
            closed=closed,
            ending=None,
            at_intake=rng.random() < 0.95,
        ),
        attendance=AttendanceCounts(4, no_shows=int(person % 3 == 0), by_client=2 * int(person % 4 == 0)),
    )


def selections(rows):
    """Every page that an administrator can ask for."""
    for scope in sorted({scope for row in rows for scope in scopes_with(row)}):
        yield from (Selection(scope, year=year) for year in ("", *map(str, YEARS)))
        if not scope.startswith("part:"):
            yield from (Selection(scope, age=age) for age in AGE_GROUPS)
            yield from (Selection(scope, ending=one) for one in ENDINGS)
            yield from (Selection(scope, label=str(one)) for one in LABELS)


@cache
def holds():
    """Which count holds which, whoever is counted: as seen in very many episodes. (wide, narrow)"""
    rng = Random(1)
    rows = [_row(rng, uuid.UUID(int=1), "adults", NO_TEAM, [None]) for _ in range(20_000)]
    inside = {name: set() for name in COUNTED}
    for place, row in enumerate(rows):
        for name in counts_of(row, LIMITS):
            if name in inside:
                inside[name].add(place)
    return {(wide, narrow) for wide in COUNTED for narrow in COUNTED if inside[narrow] <= inside[wide]}


def scope_pairs(rows):
    return {(w, n) for row in rows for place, w in enumerate(scopes_with(row)) for n in scopes_with(row)[place:]}


def found_by_subtracting(rows, shown):
    """(how many pairs of shown counts of which one holds the other, those whose difference is of a few persons)."""
    told, person, within = {}, [row.client for row in rows], scope_pairs(rows)
    pages = list(selections(rows))
    for place, row in enumerate(rows):
        names = [name for name in counts_of(row, LIMITS) if name in COUNTED]
        for chosen in pages:
            if chosen.takes(row):
                for name in names:
                    told[chosen, name] = told.get((chosen, name), 0) | 1 << place
    told = {key: who for key, who in told.items() if shown.may_show(*key)}
    few, pairs = [], 0
    for (wide, wide_name), (narrow, narrow_name) in permutations(told, 2):
        if (wide_name, narrow_name) not in holds() or (wide.scope, narrow.scope) not in within:
            continue
        if any(getattr(wide, one) not in ("", getattr(narrow, one)) for one in ("year", "age", "ending", "label")):
            continue
        pairs += 1
        apart = told[wide, wide_name] & ~told[narrow, narrow_name]
        if apart and apart.bit_count() < 3 * TEN:
            clients = {one for place, one in enumerate(person) if apart >> place & 1}
            if len(clients) < TEN:
                few.append(((wide, wide_name), (narrow, narrow_name), len(clients)))
    return pairs, few


@pytest.mark.parametrize("seed", range(WORLDS))
def test_no_two_shown_counts_differ_by_a_few_persons(seed):
    rows, shown = world(seed)
    pairs, few = found_by_subtracting(rows, shown)
    assert few == []
    assert pairs > 500


@pytest.mark.parametrize("seed", range(WORLDS))
def test_no_shown_count_is_of_fewer_than_ten_clients(seed):
    rows, shown = world(seed)
    for chosen in selections(rows):
        taken = [row for row in rows if chosen.takes(row)]
        for name in COUNTED:
            clients = {row.client for row in taken if name in counts_of(row, LIMITS)}
            if shown.may_show(chosen, name):
                assert not 0 < len(clients) < TEN, (chosen, name)
    assert any(shown.may_show(chosen, USED) for chosen in selections(rows)), "something is told"


def test_who_has_no_label_does_not_follow_from_those_who_have_one():
    """Two labels that nobody shares, and four clients without: all of them less both labels would be these four."""
    rng, service = Random(3), uuid.UUID(int=1)
    contacts = [uuid.UUID(int=number) for number in range(5)]
    rows = [_row(rng, service, "adults", NO_TEAM, contacts) for _number in range(64)]
    owned = [frozenset({LABELS[0]})] * 30 + [frozenset({LABELS[1]})] * 30 + [frozenset()] * 4
    rows = [replace(row, labels=own) for row, own in zip(rows, owned, strict=True)]
    shown = shown_to_all(rows, LIMITS)
    asked = [Selection("all"), *(Selection("all", label=str(one)) for one in LABELS[:2])]
    assert 0 < sum(shown.may_show(one, BEGUN) for one in asked) < 3


def test_what_is_not_looked_at_together_is_not_shown():
    _rows, shown = world(0)
    scope = next(scope for row in _rows for scope in scopes_with(row) if scope.startswith("part:"))
    for chosen in (
        Selection(scope, age="18-29"),
        Selection("all", year="2024", age="18-29"),
        Selection("all", age="18-29", ending="planned"),
        Selection("all", kind="adults"),
        Selection("all", year="2024", label=str(LABELS[0])),
        Selection(scope, label=str(LABELS[0])),
    ):
        assert not shown.may_show(chosen, USED)
    assert ROOM == 3


def test_most_of_a_large_organisation_is_told():
    rng = Random(9)
    service = uuid.UUID(int=1)
    contacts = [uuid.UUID(int=number) for number in range(5)]
    rows = [_row(rng, service, "adults", f"{team}", contacts) for team in range(3) for _ in range(200)]
    shown = shown_to_all(rows, LIMITS)
    asked = [(chosen, name) for chosen in selections(rows) if not chosen.ending for name in (BEGUN, USED)]
    assert sum(shown.may_show(*one) for one in asked) > 0.8 * len(asked)
