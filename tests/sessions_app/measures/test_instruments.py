"""Instruments, cut-offs and defaults, each with its source; WHO-5 on its own scale."""

import subprocess
import sys
from datetime import date

import pytest

from sessions_app.measures.defaults import defaults
from sessions_app.measures.instruments import registry


@pytest.mark.parametrize(
    ("key", "age", "rater", "cutoff"),
    [
        ("ors", None, "client", 250),
        ("ors", 18, "client", 250),
        ("ors", 17, "client", 280),
        ("ors", 13, "client", 280),
        ("ors", 9, "client", 280),
        ("ors", 15, "mother", 280),
        ("ors", 40, "network", 280),
        ("cors", 8, "client", 320),
        ("cors", 8, "caretaker", 280),
        ("srs", None, "client", 360),
        ("csrs", 8, "client", 360),
        ("gsrs", 30, "client", 360),
        ("cgsrs", 8, "client", 360),
        ("lass", 40, "supervisee", None),
        ("ycors", 4, "client", None),
        ("who5", 40, "client", None),
    ],
)
def test_the_cutoff_for_age_and_rater(key, age, rater, cutoff):
    assert registry.cutoff_for(key, age, rater) == cutoff


def test_an_unknown_instrument_has_no_cutoff_but_an_error():
    with pytest.raises(KeyError):
        registry.cutoff_for("osr", None)


@pytest.mark.parametrize(
    ("age", "band"),
    [(0, "young_child"), (5, "young_child"), (6, "child"), (12, "child"), (13, "adolescent"), (17, "adolescent"),
     (18, "adult"), (None, "adult")],
)  # fmt: skip
def test_the_band_of_an_age(age, band):
    assert registry.age_band(age) == band


def test_every_instrument_has_range_items_and_source():
    assert set(registry.FAMILY) == {
        "ors", "cors", "ycors", "srs", "csrs", "ycsrs", "gsrs", "cgsrs", "lass", "who5",
    }  # fmt: skip
    for instrument in registry.FAMILY.values():
        assert instrument.provenance.source
        assert instrument.scored == (instrument.total_max > 0)
        if instrument.scored:
            assert instrument.mark_max * len(instrument.items) == instrument.total_max
    assert (registry.LASS.total_max, registry.FAMILY["who5"].total_max) == (300, 25)


@pytest.mark.parametrize(
    ("key", "ages", "highest_mark", "looks_back", "every", "change"),
    [
        ("ors", (13, None), 100, 7, None, 50),
        ("cors", (6, 12), 100, 7, None, 50),
        ("ycors", (0, 5), 4, None, None, None),
        ("srs", (13, None), 100, None, None, None),
        ("csrs", (6, 12), 100, None, None, None),
        ("ycsrs", (0, 5), 4, None, None, None),
        ("gsrs", (13, None), 100, None, None, None),
        ("cgsrs", (6, 12), 100, None, None, None),
        ("lass", (18, None), 100, None, None, None),
        ("who5", (9, None), 5, 14, 56, None),
    ],
)
def test_what_an_instrument_says_of_itself(key, ages, highest_mark, looks_back, every, change):
    about = registry.FAMILY[key]
    assert (about.ages, about.mark_max, about.reliable_change) == (ages, highest_mark, change)
    assert (about.lookback_days, about.interval_days) == (looks_back, every)


def test_answers_are_chosen_and_ends_are_drawn_on_these_alone():
    assert {key for key, one in registry.FAMILY.items() if one.is_choice} == {"ycors", "ycsrs", "who5"}
    assert {key for key, one in registry.FAMILY.items() if one.has_drawn_ends} == {"cors", "csrs", "cgsrs"}


def test_every_default_has_source_confidence_and_date():
    listed = defaults()
    assert len(listed) >= 20
    assert len({one.key for one in listed}) == len(listed)
    for one in listed:
        assert one.provenance.source
        assert one.provenance.valid_from <= date(2026, 12, 31)
        assert one.value
    assert all(cutoff.provenance.source for one in registry.FAMILY.values() for cutoff in one.cutoffs)


def test_a_total_is_said_as_a_percentage_where_there_is_one():
    who5 = registry.FAMILY["who5"]
    assert [who5.said(raw) for raw in (0, 1, 13, 25)] == [0, 4, 52, 100]
    assert (who5.said_max, who5.short, who5.part) == (100, "WHO-5", "periodic")
    assert (registry.ORS.said(263), registry.ORS.said_max, registry.ORS.short) == (263, 400, "ORS")


def test_every_periodic_instrument_says_how_it_is_asked_for():
    for about in registry.periodic_instruments():
        assert about.words
        assert about.interval_days
        assert about.percent * about.total_max in (0, 100)


def test_the_measures_need_no_django():
    """Every module is imported by an interpreter that cannot find Django."""
    program = (
        "import sys, pkgutil, importlib\n"
        "class Refuse:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in ('django', 'celery', 'rest_framework'): raise ImportError(name)\n"
        "sys.meta_path.insert(0, Refuse())\n"
        "import sessions_app.measures as package\n"
        "names = [one.name for one in pkgutil.walk_packages(package.__path__, 'sessions_app.measures.')]\n"
        "[importlib.import_module(name) for name in names]\n"
        "print(len(names))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 15
