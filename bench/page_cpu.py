"""B13 and B14: CPU of the server for Today with 50 clients, and for a client's page, against the version of AGAINST.

CPU is the application's and its database connection's, as in B19. Both sides have the same people and answers, made by
the same draw; where the pages of the two do not name the same clients the run is void. BENCH_TURNS chooses how often.
"""

import contextlib
import os
import re
import sys
from collections.abc import Iterator
from typing import Any

from bench import large_team
from bench.against import in_turns, sides, take_turns
from bench.figures import Figure, NotRun

CLIENTS, ASKED = 50, 20  # clients of the team; how often each page is asked for in a turn
BARS = {"B13": ("Today for 50 clients", 0.25, 0.4), "B14": ("client page", 0.35, 0.5)}


def measure() -> Iterator[Figure | NotRun]:
    """Ratio of CPU, turn by turn."""
    against = os.environ.get("AGAINST")
    if not against:
        for bar in BARS:
            yield NotRun(bar, "AGAINST=REV names the version to compare with")
        return
    with sides(against, "page_cpu") as (here, there):
        both = list(in_turns(here.turn, there.turn, 2 * int(os.environ.get("BENCH_TURNS") or 3)))
    for ours, theirs in both:
        if ours["shown"] != theirs["shown"]:
            raise RuntimeError("the pages do not show the same clients: the run is void")
    for bar, (words, target, least) in BARS.items():
        ratios = tuple(ours[bar] / theirs[bar] for ours, theirs in both)
        notes = f"{1000 * both[-1][0][bar]:.1f} ms here, {1000 * both[-1][1][bar]:.1f} ms there"
        yield Figure(bar, f"CPU of {words} / that of {against}", ratios, target, least, more=False, notes=notes)


def _prepared() -> tuple[Any, dict[str, str]]:
    """(a browser of somebody in the team, the addresses of the pages by bar)."""
    browser = large_team._team()
    listed = browser.get("/clients/", secure=True).content.decode()
    client = re.search(r'href="(/clients/[0-9a-f-]{36}/)', listed)
    if client is None:
        raise RuntimeError("no client is listed: the run is void")
    return browser, {"B13": "/today/", "B14": client[1]}


def _turn(browser: Any, pages: dict[str, str]) -> dict[str, Any]:
    measured: dict[str, Any] = {}
    for bar, address in pages.items():
        start = large_team._used()
        for _ in range(ASKED):
            answer = browser.get(address, secure=True)
            if answer.status_code != 200:
                raise RuntimeError(f"{address} answered {answer.status_code}: the run is void")
        measured[bar] = (large_team._used() - start) / ASKED
    read = "".join(browser.get(address, secure=True).content.decode() for address in pages.values())
    measured["shown"] = sorted(set(re.findall(r"\bL-\d+", re.sub(r"<[^>]*>", " ", read))))
    return measured


def main() -> None:
    """One side."""
    from bench.database import migrated

    large_team.CLIENTS = CLIENTS
    with migrated():
        with contextlib.redirect_stdout(sys.stderr):
            browser, pages = _prepared()
            _turn(browser, pages)  # what is read once a process
        take_turns(lambda: _turn(browser, pages))


if __name__ == "__main__":
    main()
