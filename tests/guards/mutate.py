"""Guards removed one at a time: does a test notice? `make mutate-guards`, slow, not in CI's run.

A guard is a call of `visible_to`, which then gives every row, or a view's `requires`, which then lets everybody in.
Nothing on the disk is changed: while the tests run, the call at one place of the code is answered without its guard,
and all others as ever. A first run notes which tests come by which guard; then, for each guard, those tests run until
one fails. Ends with 1 when a guard goes unnoticed that unnoticed.json does not name, or when that table names one
that is noticed or gone.
"""

import json
import sys
from collections import defaultdict
from pathlib import Path
from types import FrameType

import pytest
from _pytest.runner import runtestprotocol

from tests.guards.sites import ROOT, Site, sites

REASONS = Path(__file__).with_name("unnoticed.json")
# Few tests come by many guards: they are asked first, and the others only about what these leave.
ROUNDS = (
    ("tests/test_routes.py", "tests/api/test_access.py"),
    ("tests/guards",),
    ("tests/clients", "tests/organisations", "tests/reports", "tests/sessions_app", "tests/api"),
)
LEFT_OUT = ("--ignore=tests/sessions_app/measures", "--ignore=tests/reports/charts", "--ignore=tests/api/test_fuzz.py")
THROUGH = ("django/db/models/manager.py", "tests/guards/mutate.py")


class Guards:
    """Stands between the code and its guards: notes which are come by, and leaves out `removed`."""

    def __init__(self, known: list[Site]):
        self.calls = {(site.path, site.line, site.column): site for site in known if site.column}
        self.views = {(_module(site.path), site.function): site for site in known if not site.column}
        self.removed: Site | None = None
        self.come_by: set[Site] = set()

    def install(self) -> None:
        """After Django's models are there."""
        from django.db.models import QuerySet

        from organisations.models import Practitioner

        for queryset in _subclasses(QuerySet):
            if "visible_to" in vars(queryset):
                queryset.visible_to = self._narrowed(queryset.visible_to)
        Practitioner.can = self._asked(Practitioner.can)

    def _narrowed(self, visible_to):
        def narrowed(queryset, practitioner):
            site = self.calls.get(place_of(sys._getframe(1)))
            return queryset.all() if self._meets(site) else visible_to(queryset, practitioner)

        return narrowed

    def _asked(self, can):
        def asked(practitioner, verb):
            return True if self._meets(self.views.get(_view(sys._getframe(1)))) else can(practitioner, verb)

        return asked

    def _meets(self, site: Site | None) -> bool:
        if site is None:
            return False
        self.come_by.add(site)
        return site == self.removed


def _subclasses(of: type) -> set[type]:
    return {of}.union(*(_subclasses(one) for one in of.__subclasses__()))


def _module(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".")


def place_of(frame: FrameType | None) -> tuple[str, int, int] | None:
    """File, line and column where the call ends that is going on in the first frame of our own."""
    while frame is not None and frame.f_code.co_filename.endswith(THROUGH):
        frame = frame.f_back
    if frame is None or not frame.f_code.co_filename.startswith(f"{ROOT}/"):
        return None
    _first, line, _start, column = list(frame.f_code.co_positions())[frame.f_lasti // 2]
    return frame.f_code.co_filename.removeprefix(f"{ROOT}/"), line or 0, column or 0


def _view(frame: FrameType | None) -> tuple[str, str] | None:
    """Module and name of the view that `requires` is asking for."""
    if frame is None or not frame.f_code.co_filename.endswith("organisations/access.py"):
        return None
    guarded = frame if frame.f_code.co_name == "guarded" else frame.f_back
    view = guarded.f_locals["view"]
    return view.__module__, view.__qualname__


class Run:
    """A pytest plugin that runs the collected tests once, and then again for each guard they come by."""

    def __init__(self, known: list[Site], rounds: tuple[tuple[str, ...], ...]):
        self.left, self.rounds = known, rounds
        self.guards = Guards(known)

    def pytest_collection_finish(self, session):
        self.guards.install()

    def pytest_runtestloop(self, session):
        for paths in self.rounds:
            here = [item for item in session.items if item.nodeid.startswith(paths)]
            say(f"{len(self.left)} guards, {len(here)} tests of {' '.join(paths)}")
            tests = self._who_comes_by(here)
            self.left = [site for site in self.left if not self._is_noticed(here, site, sorted(tests[site]))]
        return True

    def _who_comes_by(self, items) -> dict[Site, list[tuple[int, int]]]:
        """For each guard the tests that come by it, as (how many guards they come by, place in the list)."""
        tests = defaultdict(list)
        for place, item in enumerate(items):
            self.guards.come_by = set()
            if not _passes(item):
                say(f"  fails without any guard removed: {item.nodeid}")
                continue
            for site in self.guards.come_by:
                tests[site].append((len(self.guards.come_by), place))
        return tests

    def _is_noticed(self, items, site: Site, tests: list[tuple[int, int]]) -> bool:
        """Run the tests that come by a guard without it, the most particular first, until one fails."""
        self.guards.removed = site
        try:
            for _others, place in tests:
                if not _passes(items[place]):
                    say(f"  {site.path}:{site.line}: {site.source}: {items[place].nodeid}")
                    return True
        finally:
            self.guards.removed = None
        return False


def _passes(item) -> bool:
    """Whether a test passes. Only what belongs to the whole run, such as the database, stays set up behind it."""
    from organisations.database.statements import WRITTEN

    WRITTEN.clear()  # with the guard in it
    return all(report.outcome != "failed" for report in runtestprotocol(item, log=False, nextitem=item.session))


def say(line: str) -> None:
    """To the terminal that pytest has not taken."""
    sys.__stdout__.write(f"{line}\n")
    sys.__stdout__.flush()


def main(rounds: tuple[tuple[str, ...], ...]) -> int:
    """Remove every guard; print each unnoticed one with its place. Returns how much is not as the table says."""
    known = sites()
    run = Run(known, rounds)
    tests = [path for paths in rounds for path in paths]
    pytest.main(["-q", "-p", "no:cacheprovider", "--reuse-db", "--no-header", *LEFT_OUT, *tests], plugins=[run])
    return report(known, run.left, json.loads(REASONS.read_text(encoding="utf-8")))


def report(known: list[Site], left: list[Site], reasons: dict[str, str]) -> int:
    """Print what went unnoticed and what the table of reasons says too much; how many of both."""
    keys = {site.key for site in left}
    unnamed = [site for site in left if site.key not in reasons]
    for site in left:
        say(f"{site.path}:{site.line}: {site.function}: {site.source}: {reasons.get(site.key, 'UNNOTICED')}")
    stale = sorted(set(reasons) - keys)
    for key in stale:
        say(f"no longer true: {key}")
    say(f"{len(known)} guards, {len(known) - len(left)} noticed, {len(left) - len(unnamed)} named, {len(unnamed)} not")
    return len(unnamed) + len(stale)


if __name__ == "__main__":
    sys.exit(min(1, main(tuple((name,) for name in sys.argv[1:]) or ROUNDS)))
