"""A document of parts as a Word file, for whoever has to write in it."""

import io
from collections.abc import Iterable
from typing import Any

from reports.pdf.parts import Facts, Heading, Paragraph, Part, Rows

MARGIN, NAMES, VALUES = 2, 5, 12  # centimetres


def word_file(title: str, language: str, parts: Iterable[Part]) -> bytes:
    """A .docx with headings as headings and tables with a header row. TypeError for a part that it has no shape for."""
    from docx import Document  # large, and only administrators make papers
    from docx.shared import Cm

    document = Document()
    document.core_properties.title, document.core_properties.language = title, language
    document.core_properties.author = ""
    for section in document.sections:
        section.left_margin = section.right_margin = Cm(MARGIN)
    document.add_heading(title, 0)
    for part in parts:
        _add(document, part)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _add(document: Any, part: Part) -> None:
    if isinstance(part, Heading):
        document.add_heading(part.text, part.level - 1)
    elif isinstance(part, Paragraph):
        document.add_paragraph(part.text)
    elif isinstance(part, Facts):
        _add_table(document, part.rows)
    elif isinstance(part, Rows):
        _add_table(document, (part.columns, *part.rows), has_header=True)
    else:
        raise TypeError(f"A Word file has no shape for {part.kind}")


def _add_table(document: Any, rows: tuple[tuple[str, ...], ...], *, has_header: bool = False) -> None:
    from docx.shared import Cm

    table = document.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
    for number, row in enumerate(rows):
        for place, text in enumerate(row):
            cell = table.cell(number, place)
            cell.text = text
            if (number == 0 and has_header) or (place == 0 and not has_header):
                cell.paragraphs[0].runs[0].bold = True
            if not has_header and len(row) == 2:
                cell.width = Cm(NAMES if place == 0 else VALUES)
    document.add_paragraph()
