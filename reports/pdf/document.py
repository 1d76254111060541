"""Documents as PDF/A-2a and PDF/UA-1, and pictures as PNG, by a child process with bounded memory and time.

    content = set_pdf(PdfDocument(title=_("Status"), language="da", head=..., foot=..., missing=..., parts=(
        Heading(_("Course")), Picture(svg, alternative=...), Rows(_("Marks"), columns=..., rows=...),
    )))

What the template (document.typ) forces, since the typesetter accepts documents without it: a title and a language, a
header row of each table, an alternative text of each picture. tests/reports/pdf asks a checker of its own.
"""

from dataclasses import asdict

from reports.pdf.parts import PdfDocument
from sessions_app.pdf.child import typeset

RENDER, SECONDS = "reports.pdf.render", 60  # of waiting; the process itself may use twenty of computing


def set_pdf(document: PdfDocument) -> bytes:
    """The document as PDF. For a job: about half a second. CannotBeSet where it could not be made."""
    parts = [{"kind": part.kind, **asdict(part)} for part in document.parts]
    return typeset(RENDER, {**asdict(document), "parts": parts, "as": "pdf"}, seconds=SECONDS)


def set_png(svg: str) -> bytes:
    """A picture as PNG, two pixels for one of the drawing, in our own fonts. CannotBeSet where it could not be made."""
    return typeset(RENDER, {"svg": svg, "as": "png"}, seconds=SECONDS)
