#!/bin/sh
# typst 0.15.2 draws a black rectangle of exactly 100 mm; PDFium (pypdfium2 5.15.2) and MuPDF (PyMuPDF 1.26.5) draw its page
# as a picture. In MuPDF's picture the ink adds up to 100.0 mm at each resolution, as its edges are grey where they cover
# part of a pixel. PDFium's ink is always too long, by up to a whole pixel, since the sides of an upright rectangle are moved
# outward to whole pixels: 100.28 mm at 96 dpi, 100.08 at 150 and still at 300. Who takes PDFium's picture for the
# truth of a printed line (a test, a simulation of a scan) measures against a line that is too long.
# Exits 1 when that is no longer so.
set -eu
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/v"
"$folder/v/bin/pip" -q install --disable-pip-version-check typst==0.15.2 pypdfium2==5.15.2 PyMuPDF==1.26.5 numpy==2.4.6 pillow==13.0.0
"$folder/v/bin/python" - <<'PY'
import sys

import numpy as np
import pymupdf
import pypdfium2
import typst

SOURCE = b'#set page(paper: "a4", margin: 0pt)\n#place(top + left, dx: 55mm, dy: 100mm, rect(width: 100mm, height: 10mm, fill: black))'
pdf = typst.compile(SOURCE)


def long(picture, dpi):
    """Millimetres of ink in the row through the middle of the rectangle."""
    row = np.asarray(picture, float)[round(105 / 25.4 * dpi)]
    return float((1 - row / 255).sum() / dpi * 25.4)


def by_pdfium(dpi):
    return long(pypdfium2.PdfDocument(pdf)[0].render(scale=dpi / 72).to_pil().convert("L"), dpi)


def by_mupdf(dpi):
    drawn = pymupdf.open(stream=pdf)[0].get_pixmap(dpi=dpi, colorspace=pymupdf.csGRAY)
    return long(np.frombuffer(drawn.samples, np.uint8).reshape(drawn.height, drawn.stride)[:, : drawn.width], dpi)


told = {dpi: (by_pdfium(dpi), by_mupdf(dpi)) for dpi in (96, 150, 200, 300)}
print("a rectangle of 100 mm, in the ink of one row")
for dpi, (pdfium, mupdf) in told.items():
    print(f"  {dpi} dpi: PDFium {pdfium:.3f} mm, MuPDF {mupdf:.3f} mm")
same = all(0.03 < pdfium - 100 <= 25.4 / dpi + 0.03 and abs(mupdf - 100) < 0.03 for dpi, (pdfium, mupdf) in told.items())
sys.exit(0 if same else 1)
PY
