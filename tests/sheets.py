"""Photographs of sheets for the tests: real print, drawn marks, one easy picture each."""

import io

import numpy as np
from PIL import Image

from bench.drawn_sheets import draw_stroke, photograph, printed
from sessions_app.paper_reading.finding import find_sheet, ink_channel

BLUE = (30, 60, 150)


def heights_of(page) -> tuple[float, ...]:
    """How high the lines of a printed page stand."""
    return find_sheet(ink_channel(page)).code.heights


def marked(pdf: bytes, marks):
    """The printed page with an upright stroke on each line at `marks` (millimetres; None for no stroke, or several)."""
    page, random = printed(pdf), np.random.default_rng(1)
    for height, mark in zip(heights_of(page), marks, strict=True):
        for one in mark if isinstance(mark, tuple) else (mark,):
            if one is not None:
                draw_stroke(page, (one, height), random, BLUE, 0.5, lean=0.1)
    return page


def photo_of(pdf: bytes, marks, *, seed: int = 5, dpi: int = 200):
    """A photograph as an array of red, green and blue."""
    return photograph(marked(pdf, marks), np.random.default_rng(seed), dpi)


def as_file(picture, kind: str = "JPEG", **options) -> bytes:
    """A picture as the bytes of a file."""
    out = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(picture)).save(out, kind, **options)
    return out.getvalue()
