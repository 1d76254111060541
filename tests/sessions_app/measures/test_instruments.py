"""Instruments, cut-offs and defaults, each with its source; WHO-5 on its own scale."""

import subprocess
import sys
from datetime import date

import pytest

from sessions_app.measures.defaults import defaults
from sessions_app.measures.instruments import registry, who5
from sessions_app.measures.instruments.cutoffs import CUTOFFS


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
    assert (registry.LASS.total_max, registry.WHO5.total_max) == (300, 25)


def test_every_default_has_source_confidence_and_date():
    listed = defaults()
    assert len(listed) >= 20
    assert len({one.key for one in listed}) == len(listed)
    for one in listed:
        assert one.provenance.source
        assert one.provenance.valid_from <= date(2026, 12, 31)
        assert one.value
    assert all(cutoff.provenance.source for cutoff in CUTOFFS)


def test_who5_percentages():
    assert who5.percentage((5, 5, 5, 5, 5)) == 100
    assert who5.percentage((0, 0, 1, 0, 0)) == 4
    for marks in ((1, 2, 3, 4), (0, 0, 0, 0, 6), (0, 0, 0, 0, -1)):
        with pytest.raises(ValueError, match="five marks"):
            who5.percentage(marks)


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
