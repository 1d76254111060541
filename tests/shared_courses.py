"""Expected courses of simulated clients, and the files in which organisations share them."""

from dataclasses import replace
from itertools import count, islice
from random import Random

from sessions_app.measures.simulation.simulator import simulate_episode
from sessions_app.measures.trajectory.design_default import DEFAULT
from sessions_app.measures.trajectory.sharing import publishable


def simulated_rows(episodes: int, seed: int = 1) -> list[tuple[str, int, int]]:
    """Rows of so many simulated episodes with two scores or more: (episode, session, total)."""
    rng = Random(seed)
    drawn = (simulate_episode(rng).ors_totals() for _ in count())
    found = islice((totals for totals in drawn if len(totals) > 1), episodes)
    return [
        (f"{seed}-{at}", session, total) for at, totals in enumerate(found) for session, total in enumerate(totals, 1)
    ]


def shared_document(publisher: str = "Björken", *, band: str = "adult", seed: int = 1, episodes: int = 220) -> dict:
    """A file as another organisation publishes it, of simulated episodes, all of them closed."""
    rows = simulated_rows(episodes, seed)
    course = publishable(rows, {row[0] for row in rows}, centre=190, random=Random(seed))
    return _document(publisher, band, course)


def quick_document(publisher: str = "Björken", band: str = "adult") -> dict:
    """The same with the numbers of the design default, where only the file matters."""
    course = replace(DEFAULT, rows=900, episodes=210, closed_episodes=200).as_json()
    return _document(publisher, band, course | {"noise": [0.1] * 5})


def _document(publisher: str, band: str, course: dict) -> dict:
    return {
        "format": "medspil-expected-course",
        "format_version": 1,
        "publisher": publisher,
        "instrument": "ors",
        "rater": "client",
        "age_band": band,
        "years": [2021, 2026],
        "noise": course.pop("noise"),
        "course": course,
    }
