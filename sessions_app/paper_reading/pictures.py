"""Bytes of a photograph, or of a scan as PDF or TIFF, as pictures; what is too large is refused before unpacking."""

import io
import struct
from collections.abc import Iterator
from typing import Any

import numpy as np
import pillow_heif
import pypdfium2
from PIL import Image, ImageOps

from sessions_app.paper_reading.faults import PictureError

MOST_PIXELS = 64_000_000  # four times what an iPad takes
MOST_PAGES = 30
LONGEST = 4096  # pixels of the longer side that are kept: A4 at 300 dpi and a little round it
PDF_SCALE = 200 / 72  # a scan's page is drawn at 200 dpi
FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "HEIF")
Picture = np.ndarray[Any, np.dtype[np.uint8]]  # rows x columns x red, green, blue

pillow_heif.register_heif_opener()
Image.MAX_IMAGE_PIXELS = MOST_PIXELS


def pictures_in(content: bytes) -> Iterator[Picture]:
    """Each page of a PDF or TIFF, or the one picture, turned as its own tag says and made small enough.

    PictureError with the code "broken", "huge", "pages" (more than MOST_PAGES) or "locked" (a PDF with a password).
    """
    if content.startswith(b"%PDF"):
        yield from _pages(content)
    else:
        yield from _opened(content)


def _opened(content: bytes) -> Iterator[Picture]:
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            # Of the kinds that are taken only a scan has pages; what else has several frames is one picture.
            pages = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
            if pages > MOST_PAGES:
                raise PictureError("pages")
            for page in range(pages):
                image.seek(page)
                if image.width * image.height > MOST_PIXELS:
                    raise PictureError("huge")
                image.draft("RGB", (LONGEST, LONGEST))  # a JPEG is unpacked at half the size where that is enough
                yield _small(ImageOps.exif_transpose(image))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as error:
        raise PictureError("huge") from error
    except (OSError, ValueError, SyntaxError, EOFError, struct.error, RuntimeError) as error:
        raise PictureError("broken") from error


def _small(image: Image.Image) -> Picture:
    if image.mode != "RGB":
        image = image.convert("RGB")
    image.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    return np.asarray(image)


def _pages(content: bytes) -> Iterator[Picture]:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise PictureError("locked" if "password" in str(error).lower() else "broken") from error
    try:
        if len(document) > MOST_PAGES:
            raise PictureError("pages")
        for number in range(len(document)):
            yield _page(document, number)
    finally:
        document.close()


def _page(document: pypdfium2.PdfDocument, number: int) -> Picture:
    try:
        page = document[number]
        longest = max(page.get_size())
        # A page says its own size: a poster is drawn smaller, and a page of no size is none.
        scale = min(PDF_SCALE, LONGEST / longest) if longest > 0 else 0
        return np.asarray(_small(page.render(scale=scale).to_pil().convert("RGB")))
    except (pypdfium2.PdfiumError, ValueError, ZeroDivisionError) as error:
        raise PictureError("broken") from error
