"""A PDF as its readers have it: its text as PDFium reads it, what its file says of itself, what a checker finds."""

import io
import tempfile
from pathlib import Path

import outloud
import pikepdf
import pypdfium2


def text_of(content: bytes) -> str:
    """All its text, page after page, in the order in which it is read."""
    with pypdfium2.PdfDocument(content) as pdf:
        return "\n".join(page.get_textpage().get_text_range().replace("\r\n", "\n") for page in pdf)


def faults_of(content: bytes) -> list[str]:
    """What the checker calls an error or a warning; a file it cannot read is one."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "document.pdf"
        path.write_bytes(content)
        result = outloud.check(str(path))
    found = [f"{one.severity} {one.rule}: {one.evidence}" for one in result.findings if one.severity != "info"]
    return found + ([result.error] if result.error else [])


def said_of_itself(content: bytes) -> dict[str, str]:
    """Language, title and the standards that the file claims."""
    with pikepdf.open(io.BytesIO(content)) as pdf, pdf.open_metadata() as about:
        return {
            "language": str(pdf.Root.get("/Lang", "")),
            "title": about.get("dc:title", ""),
            "archive": f"{about.get('pdfaid:part')}{about.get('pdfaid:conformance')}",
            "accessible": about.get("pdfuaid:part", ""),
            "tagged": str("/StructTreeRoot" in pdf.Root),
        }
