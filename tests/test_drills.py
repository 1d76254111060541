"""What the drills count: a loss, a double and a readable answer must be seen, and only these. No process runs."""

import random
from types import SimpleNamespace

import pytest

from bench.drills import pages
from bench.drills.answering import Ledger
from bench.drills.counting import lost_and_doubled
from bench.drills.plain import plain_answers
from bench.drills.tablet import keys_to

ITEMS = ("individual", "relations", "social", "overall")
MARKS = (62, 38, 71, 90)
SENT = ("5b0e", MARKS)


def ledger(**acknowledged) -> Ledger:
    return Ledger(acknowledged=acknowledged)


@pytest.mark.parametrize(
    ("stored", "counted"),
    [
        ({"a": [SENT]}, (0, 0)),
        ({}, (1, 0)),
        ({"b": [SENT]}, (1, 0)),
        ({"a": [("5b0e", (62, 38, 71, 91))]}, (1, 0)),
        ({"a": [("another", MARKS)]}, (1, 0)),
        ({"a": [SENT, SENT]}, (0, 1)),
        ({"a": [SENT], "b": [("1", MARKS), ("2", MARKS)]}, (0, 1)),
    ],
    ids=["whole", "gone", "under another form", "another mark", "another id", "twice", "another form twice"],
)
def test_lost_and_doubled(stored, counted):
    assert lost_and_doubled(ledger(a=SENT), stored) == counted


READABLE = {
    "a posted form": b"token=x&individual=6.2&relations=3.8",
    "JSON": b'{"submission_id":"5b0e","overall":"9.0"}',
    "a serialised object": b'o"\x0aindividual"\x036.2"\x09relations"\x033.8',
    "UTF-16": '{"social":"7.1"}'.encode("utf-16-le"),
    "tenths in a row": b"x[62,38,71,90]y",
    "decimals in a row": b'["6.2", "3.8", "7.1", "9.0"]',
}
UNREADABLE = {
    "a sealed answer": b'{"id":"5b0e","envelope":{"key":"00","iv":"AAAA","sealed":"62Zm9v38x71"}}',
    "the empty form": b'<section class="line" data-key="individual" data-mark="">',
    "somebody else's numbers": b"[62,38,71,91] 162,38,71,90 62,38,71,90.5",
    "a version after a word": b"social network 10.4",
}


@pytest.mark.parametrize("text", READABLE.values(), ids=READABLE)
def test_an_answer_is_found_in_any_file_of_a_profile(tmp_path, text):
    (tmp_path / "Default" / "Session Storage").mkdir(parents=True)
    (tmp_path / "Default" / "Session Storage" / "000003.log").write_bytes(b"\x00\x01" + text + b"\xff")
    (found,) = {place.split(":")[0] for place in plain_answers(tmp_path, ITEMS, [MARKS])}
    assert found == "Default/Session Storage/000003.log"


@pytest.mark.parametrize("text", UNREADABLE.values(), ids=UNREADABLE)
def test_nothing_else_is_taken_for_an_answer(tmp_path, text):
    (tmp_path / "file").write_bytes(text)
    assert plain_answers(tmp_path, ITEMS, [MARKS]) == set()


def test_the_keys_lead_to_every_mark():
    steps = {"PageUp": 10, "PageDown": -10, "ArrowUp": 1, "ArrowDown": -1}
    for mark in range(101):
        first, *others = keys_to(mark)
        assert {"ArrowRight": 50, "Home": 0, "End": 100}[first] + sum(steps[key] for key in others) == mark
        assert len(others) <= 8


@pytest.mark.parametrize("number", [1, 12, 200])
def test_every_answer_has_a_way_and_each_life_of_the_browser_one_end(number):
    planned = pages.lives(number, random.Random(1))
    assert sum(len(ways) for ways in planned) == number
    for ways in planned:
        # Who has no network any more does not get it back before the browser is killed.
        assert ways == sorted(ways, key=lambda way: way != pages.ONLINE)
        assert pages.KILLED not in ways[:-1]
    if number > 10:
        assert {way for ways in planned for way in ways} == set(pages.WAYS)


def verdict(**change) -> bool:
    """The report on one answer that waited through a kill, with one figure changed."""
    facts = {
        "stored": {"a": [SENT]},
        "seconds": 0,
        "given_up": [],
        "unsent": 0,
        "readable": set(),
        "waited": 1,
    } | change
    told = Ledger(acknowledged={"a": SENT}, given_up=facts["given_up"])
    client = SimpleNamespace(ledger=told, kills=1, ways={pages.CUT: 1}, again=0, **facts)
    return pages.report(client, facts["stored"], facts["seconds"], 1, 1.0)


def test_the_report_passes_a_whole_run_only(capsys):
    assert verdict()
    printed = capsys.readouterr().out
    assert "lost 0; doubled 0" in printed
    assert "plain answers in the profile 0" in printed


@pytest.mark.parametrize(
    "change",
    [
        {"stored": {}},
        {"stored": {"a": [SENT, ("2", MARKS)]}},
        {"stored": {"a": [SENT], "b": [SENT]}},
        {"seconds": 1},
        {"given_up": ["b"]},
        {"unsent": 1},
        {"readable": {"Default/IndexedDB/000003.log: 'individual=6.2'"}},
        {"waited": 0},
    ],
    ids=["lost", "doubled", "nobody's answer", "second answer", "given up", "not sent", "readable", "nothing waited"],
)
def test_the_report_fails_on_each_fault(change):
    assert not verdict(**change)
