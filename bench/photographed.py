"""PHOTO: how well a photographed sheet is read, on drawn pictures whose marks are known to the hundredth.

It says nothing of real pens, hands and cameras: docs/photographed-sheets.md has the protocol for those.
BENCH_SHEETS=40 shortens it (of 504); BENCH_SEED draws other ones.
"""

import base64
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bench.drawn_sheets import DrawnSheet, draw_mark, draw_scribble, photograph, photographed, printed
from bench.figures import Count

SHEETS = int(os.environ.get("BENCH_SHEETS", "504"))
SEED = int(os.environ.get("BENCH_SEED", "13"))
RESOLUTIONS = (150, 200, 300)
FORMS = (("ors", "da"), ("srs", "sv"), ("cors", "nb"))
NO_DATABASE = "postgresql://fit_app@127.0.0.1:1/none"
NEAR, FAR = 0.1, 1.0  # millimetres: the mean error that is meant, and what no line may be off by without a word


@dataclass(frozen=True)
class _Line:
    """A line that was read: how far off (millimetres), or None and why; and what its picture was like."""

    error: float | None
    notice: str
    conditions: tuple[str, ...]


def measure() -> Iterator[Count]:
    """Marks at known places first, then lines with two marks, none, or one that was crossed out."""
    sheets = _sheets()
    lines = [line for place in range(SHEETS) for line in _read(sheets, place)]
    yield from _told(lines)
    yield from _doubtful(sheets)


def _read(sheets: list[tuple[np.ndarray, tuple[float, ...]]], place: int) -> Iterator[_Line]:
    from sessions_app.paper_reading.reading import read_page

    random = np.random.default_rng([SEED, place])
    page, heights = sheets[place % len(sheets)]
    drawn = photographed(page, heights, random, RESOLUTIONS[place // len(sheets) % len(RESOLUTIONS)])
    reading = read_page(drawn.picture)
    if reading.fault:
        yield from (_Line(None, reading.fault, drawn.conditions) for _mark in drawn.marks)
        return
    for line, mark in zip(reading.lines, drawn.marks, strict=True):
        error = None if line.millimetres is None else abs(line.millimetres - mark)
        yield _Line(error, line.notice, drawn.conditions)


def _told(lines: list[_Line]) -> Iterator[Count]:
    seed = f"{SHEETS} drawn sheets at {', '.join(map(str, RESOLUTIONS))} dpi, seed {SEED}; no real pens"
    errors = [line.error for line in lines if line.error is not None]
    mean, worst = 1000 * float(np.mean(errors)), max(errors)
    ninety = float(np.percentile(errors, 99))
    spread = f"99 % within {ninety:.2f} mm, the worst {worst:.2f} mm; {seed}"
    yield Count(
        "PHOTO", "mean error of a line in thousandths of a millimetre", round(mean), round(1000 * NEAR), 0, spread
    )
    far = sum(error > FAR for error in errors)
    yield Count("PHOTO", f"lines over {FAR:g} mm off without a word", far, len(lines) // 1000, 0, f"of {len(lines)}")
    why = Counter(line.notice for line in lines if line.error is None)
    told = ", ".join(f"{code} {count}" for code, count in why.most_common()) or "none"
    yield Count("PHOTO", "lines not read", why.total(), len(lines) // 100, 0, f"of {len(lines)}: {told}")
    for condition in sorted({word for line in lines for word in line.conditions}):
        group = [line.error for line in lines if condition in line.conditions]
        read = [error for error in group if error is not None]
        notes = (
            f"of {len(group)}; mean error {1000 * float(np.mean(read)):.0f} thousandths, the worst {max(read):.2f} mm"
        )
        yield Count("PHOTO", f"lines not read, {condition}", len(group) - len(read), notes=notes)


def _doubtful(sheets: list[tuple[np.ndarray, tuple[float, ...]]]) -> Iterator[Count]:
    """Lines on which nobody can tell which mark is meant, or without one: none may be given a number."""
    from sessions_app.paper_reading.reading import read_page

    taken = lines = 0
    for place in range(SHEETS // 6):
        random = np.random.default_rng([SEED, 1, place])
        page, heights = sheets[place % len(sheets)]
        paper = page.copy()
        for row, height in enumerate(
            heights[: len(heights) - place % 2]
        ):  # of every second sheet the last one is empty
            first = float(random.uniform(8, 45))
            (draw_scribble if row % 2 else draw_mark)(paper, first, height, random)
            if row != 3:
                draw_mark(paper, first + float(random.uniform(8, 45)), height, random)
        drawn = DrawnSheet(photograph(paper, random, RESOLUTIONS[place % len(RESOLUTIONS)]))
        reading = read_page(drawn.picture)
        lines += len(heights)
        taken += sum(line.millimetres is not None for line in reading.lines)
    yield Count(
        "PHOTO", "lines with two marks, a crossed-out one or none that got a number", taken, 0, 0, f"of {lines}"
    )


def _sheets() -> list[tuple[np.ndarray, tuple[float, ...]]]:
    """The real sheets as pictures, each with the heights of its lines."""
    os.environ |= {"MEDSPIL_ENV": "test", "DATABASE_URL": NO_DATABASE, "DJANGO_SETTINGS_MODULE": "fit_project.settings"}
    import django

    django.setup()
    from sessions_app.measures.instruments.form_key import FormKey
    from sessions_app.paper_reading.finding import find_sheet, ink_channel
    from sessions_app.pdf.sheet import blank_sheet
    from sessions_app.wording.choice import own_words

    sheets = []
    for key, language in FORMS:
        form = FormKey(key)
        number = base64.b32encode(np.random.default_rng(SEED).bytes(16)).decode().rstrip("=")
        page = printed(blank_sheet(form=form, chosen=own_words(form, language), number=number))
        sheets.append((page, find_sheet(ink_channel(page)).code.heights))
    return sheets
