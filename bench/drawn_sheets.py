"""Sheets as people would photograph them, drawn: real print, marks at known millimetres, then bent, tilted, badly lit.

Everything follows from the seed. Pens here are drawn ones: what real pens, hands and cameras do is not in it.
"""

import math
from dataclasses import dataclass, field, replace
from typing import Any

import cv2
import numpy as np

from sessions_app.paper_reading.layout import LINE, LINE_LEFT, PAGE

PRINT = 12  # pixels a millimetre of the printed sheet
STEP = 8  # pixels between those whose ray is followed to the paper
INKS = ((40, 45, 130), (25, 25, 35), (30, 70, 160), (95, 95, 100))  # blue and black pens, a felt pen, a pencil
Pixels = np.ndarray[Any, Any]


@dataclass
class DrawnSheet:
    """A picture (rows x columns x red, green, blue) and where its marks are, in millimetres from each line's left."""

    picture: Pixels
    marks: list[float] = field(default_factory=list)
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Conditions:
    """What makes a picture hard: `curl` is how many millimetres the paper rises, `quality` is that of the JPEG."""

    dpi: int
    curl: float
    shadow: bool
    quality: int

    @classmethod
    def drawn(cls, random: np.random.Generator, dpi: int) -> "Conditions":
        """Any of them, at a resolution that is given."""
        return cls(dpi, random.uniform(0, 4), bool(random.random() < 0.5), int(random.integers(70, 93)))

    @property
    def words(self) -> tuple[str, ...]:
        """The groups that a picture is counted in."""
        return (
            f"{self.dpi} dpi",
            "bent over 2 mm" if self.curl > 2 else "bent less",
            "in shadow" if self.shadow else "no shadow",
            "JPEG under 80" if self.quality < 80 else "better JPEG",
        )


def printed(pdf: bytes) -> Pixels:
    """The first page of a sheet as it comes out of a printer."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0].render(scale=PRINT * 25.4 / 72).to_pil().convert("RGB")
    return np.asarray(page).copy()


def photographed(page: Pixels, heights: tuple[float, ...], random: np.random.Generator, dpi: int) -> DrawnSheet:
    """The page with one mark on each line, photographed by hand at about `dpi` dots an inch of the sheet."""
    paper = page.copy()
    marks = []
    for height in heights:
        mark = float(random.uniform(0, LINE))
        draw_mark(paper, mark, height, random)
        marks.append(mark)
    conditions = Conditions.drawn(random, dpi)
    return DrawnSheet(photograph(paper, random, dpi, conditions), marks, conditions.words)


def draw_mark(paper: Pixels, mark: float, height: float, random: np.random.Generator) -> None:
    """A stroke across the line, or in one of six times a cross, whose middle is `mark` millimetres from the left."""
    ink = INKS[random.integers(len(INKS))]
    width = random.uniform(0.35, 0.8)
    lean = random.normal(0, 0.22)
    if random.random() < 1 / 6:
        lift = random.normal(0, 0.25)
        for side in (-1, 1):
            draw_stroke(paper, (mark, height + lift), random, ink, width, lean=side * random.uniform(0.5, 1.1))
    else:
        draw_stroke(paper, (mark, height), random, ink, width, lean=lean, past=random.uniform(-0.8, 0.8))


def draw_scribble(paper: Pixels, mark: float, height: float, random: np.random.Generator) -> None:
    """A mark that its owner has crossed out again."""
    ink = INKS[random.integers(len(INKS))]
    draw_stroke(paper, (mark, height), random, ink, 0.6, lean=0.1)
    turns = int(random.integers(5, 9))
    across = mark + np.linspace(-2.2, 2.2, turns) + random.normal(0, 0.15, turns)
    up_down = height + np.where(np.arange(turns) % 2, 2.6, -2.6) + random.normal(0, 0.4, turns)
    _polyline(paper, np.column_stack([across, up_down]), ink, 0.5)


def draw_stroke(
    paper: Pixels,
    middle: tuple[float, float],
    random: np.random.Generator,
    ink: tuple[int, int, int],
    width: float,
    *,
    lean: float,
    past: float = 0.0,
) -> None:
    """One movement of the hand through `middle`: leaning, a little bent, not quite steady."""
    length = random.uniform(5, 11)
    along = np.linspace(-length / 2 + past, length / 2 + past, 60)
    bend = random.normal(0, 0.012)
    shake = random.normal(0, 0.06) * np.sin(along * random.uniform(0.5, 1.2) + random.uniform(0, 6))
    shake -= np.interp(0, along, shake)
    across = lean * along + bend * along**2 + shake
    _polyline(paper, np.column_stack([middle[0] + across, middle[1] + along]), ink, width)


def _polyline(paper: Pixels, points: Pixels, ink: tuple[int, int, int], width: float) -> None:
    """Ink over print: the darker of both stays. `points` are millimetres from the lines' left end, and on the page."""
    on_page = np.column_stack([points[:, 0] + LINE_LEFT, points[:, 1]]) * PRINT - 0.5
    first, last = on_page.min(axis=0).astype(int) - 2 * PRINT, on_page.max(axis=0).astype(int) + 2 * PRINT
    left, top = np.maximum(first, 0)
    part = paper[top : last[1], left : last[0]]
    layer = np.full(part.shape[:2], 255, np.uint8)
    fixed = np.round((on_page - (left, top)) * 256).astype(np.int32).reshape(-1, 1, 2)
    cv2.polylines(layer, [fixed], False, 0, max(1, round(width * PRINT)), cv2.LINE_AA, 8)
    cover = (255 - layer)[..., None] / 255.0
    inked = part * (1 - cover) + np.array(ink) * cover
    part[:] = np.minimum(part, inked.astype(np.uint8))


def photograph(paper: Pixels, random: np.random.Generator, dpi: int, conditions: Conditions | None = None) -> Pixels:
    """A page on a table, bent a little, from a hand-held camera, through light, blur, noise and JPEG."""
    scale = dpi / 25.4
    conditions = conditions or Conditions.drawn(random, dpi)
    picture = _seen(paper, random, scale, conditions.curl)
    blurred = cv2.GaussianBlur(
        _lit(picture, random, conditions.shadow), (0, 0), random.uniform(0.3, 1.1) * scale / 8 + 0.2
    )
    cv2.setRNGSeed(int(random.integers(2**31)))
    noise = np.empty(blurred.shape, np.int8)
    cv2.randn(noise, (0, 0, 0), (random.uniform(1, 4),) * 3)
    noisy = cv2.add(blurred, noise, dtype=cv2.CV_8U)
    quality = [cv2.IMWRITE_JPEG_QUALITY, conditions.quality]
    coded = cv2.imencode(".jpg", noisy[..., ::-1], quality)[1]
    turned = np.rot90(cv2.imdecode(coded, cv2.IMREAD_COLOR)[..., ::-1], int(random.integers(4)))
    return np.ascontiguousarray(turned)


def _seen(paper: Pixels, random: np.random.Generator, scale: float, curl: float) -> Pixels:
    """The bent page in perspective, wholly on the picture."""
    far = random.uniform(330, 480)  # millimetres of the camera from the table
    turns = [math.radians(random.normal(0, most)) for most in (5, 5, 3)]
    view = _View(scale, far, _turn(*turns))
    axis = math.radians(random.normal(0, 15))
    bend = _Bend(curl, random.uniform(0.5, 1.0), math.cos(axis), math.sin(axis))
    while (seen := _followed(view, bend)) is None:
        view = replace(view, margin=view.margin + 10)  # whoever takes it sees that a corner is missing
    maps = [_enlarged(part * PRINT - 0.5, STEP, view.size) for part in seen]
    blur = cv2.GaussianBlur(paper, (0, 0), max(0.3, 0.35 * PRINT / scale))
    table = tuple(int(value) for value in random.integers(60, 150, 3))
    return cv2.remap(blur, maps[0], maps[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=table)


def _followed(view: "_View", bend: "_Bend") -> tuple[Pixels, Pixels] | None:
    """Millimetres on the page of every `STEP`th pixel; None where some of the page is beside the picture.

    Each pixel's ray is followed to the paper, in a few steps as that is bent.
    """
    out = view.size
    u, v = np.meshgrid(np.arange(0, out[0] + STEP, STEP), np.arange(0, out[1] + STEP, STEP))
    middle = (u - out[0] / 2) / view.scale / view.far, (v - out[1] / 2) / view.scale / view.far
    rays = np.stack([*middle, np.ones_like(u, float)], -1) @ view.turn
    eye = view.turn.T @ np.array([0, 0, -view.far])
    rise = np.zeros_like(u, float)
    for _step in range(6):
        along = (-rise - eye[2]) / rays[..., 2]
        x, y = eye[0] + along * rays[..., 0], eye[1] + along * rays[..., 1]
        rise = bend.rise(x, y)
    at_x, at_y = bend.on_paper(x, y)
    at_x, at_y = at_x + PAGE[0] / 2, at_y + PAGE[1] / 2
    on_page = (at_x > 0) & (at_x < PAGE[0]) & (at_y > 0) & (at_y < PAGE[1])
    edge = [on_page[0], on_page[-1], on_page[:, 0], on_page[:, -1]]
    return None if any(side.any() for side in edge) else (at_x, at_y)


@dataclass(frozen=True)
class _View:
    """A camera `far` millimetres from the table's middle, `turn`ed; `scale` pixels a millimetre there."""

    scale: float
    far: float
    turn: Pixels
    margin: float = 20.0  # millimetres of table round the page

    @property
    def size(self) -> tuple[int, int]:
        wide, high = (round((side + 2 * self.margin) * self.scale) for side in PAGE)
        return wide, high


@dataclass(frozen=True)
class _Bend:
    """Paper that rises in waves `curl` millimetres high, round an axis that leans against the page's long side."""

    curl: float
    waves: float
    cos: float
    sin: float

    def rise(self, x: Pixels, y: Pixels) -> Pixels:
        """Millimetres over the table at a place that is counted from the page's middle."""
        across = (self.cos * x + self.sin * y) / PAGE[0] + 0.5
        return self.curl * np.sin(np.clip(across, 0, 1) * math.pi * 2 * self.waves)

    def on_paper(self, x: Pixels, y: Pixels) -> tuple[Pixels, Pixels]:
        """Where on the flat page lies what stands over a place of the table; both from the middle."""
        across, along = self.cos * x + self.sin * y, self.cos * y - self.sin * x
        across = _along_paper(across, PAGE[0], self.curl, self.waves) - PAGE[0] / 2
        return self.cos * across - self.sin * along, self.sin * across + self.cos * along


def _along_paper(x: Pixels, width: float, curl: float, waves: float) -> Pixels:
    """Millimetres along the bent paper from its left edge, of what stands over `x` of the table."""
    across = np.linspace(0, width, 2000)
    slope = curl * math.pi * 2 * waves / width * np.cos(across / width * math.pi * 2 * waves)
    length = np.concatenate([[0], np.cumsum(np.sqrt(1 + slope[1:] ** 2) * np.diff(across))])
    length += (width - length[-1]) / 2  # the paper keeps its length; its middle lies over the table's
    from_left = x + width / 2
    inside = np.interp(from_left, across, length)
    return inside + np.minimum(from_left, 0) + np.maximum(from_left - width, 0)


def _enlarged(coarse: Pixels, step: int, size: tuple[int, int]) -> Pixels:
    """A map of every pixel from one of every `step`th, linear between them."""
    rows, columns = np.arange(size[1]) / step, np.arange(size[0]) / step
    at_x, at_y = np.meshgrid(columns.astype(np.float32), rows.astype(np.float32))
    return cv2.remap(coarse.astype(np.float32), at_x, at_y, cv2.INTER_LINEAR)


def _turn(about_x: float, about_y: float, about_z: float) -> Pixels:
    x, y, z = ((math.cos(angle), math.sin(angle)) for angle in (about_x, about_y, about_z))
    return (
        np.array([[z[0], -z[1], 0], [z[1], z[0], 0], [0, 0, 1]])
        @ np.array([[y[0], 0, y[1]], [0, 1, 0], [-y[1], 0, y[0]]])
        @ np.array([[1, 0, 0], [0, x[0], -x[1]], [0, x[1], x[0]]])
    )


def _lit(picture: Pixels, random: np.random.Generator, shadow: bool) -> Pixels:
    """Uneven light of a lamp, and perhaps the soft shadow of a hand or a head."""
    height, width = (side // 8 for side in picture.shape[:2])
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    angle = random.uniform(0, 2 * math.pi)
    slope = (across / width - 0.5) * math.cos(angle) + (down / height - 0.5) * math.sin(angle)
    light = random.uniform(0.75, 0.95) + slope * random.uniform(0.05, 0.35)
    if shadow:
        edge = (across / width - random.uniform(0.2, 0.8)) * math.cos(angle + 1) + (
            down / height - random.uniform(0.2, 0.8)
        ) * math.sin(angle + 1)
        sharp = np.clip(-edge * random.uniform(25, 120), -50, 50)
        light *= 1 - random.uniform(0.15, 0.45) / (1 + np.exp(sharp))
    tint = np.array([1.0, random.uniform(0.94, 1.0), random.uniform(0.85, 0.98)], np.float32)
    whole = cv2.resize(
        (light[..., None] * tint).astype(np.float32), picture.shape[1::-1], interpolation=cv2.INTER_LINEAR
    )
    return cv2.multiply(picture, whole, dtype=cv2.CV_8U)
