"""The document for the record, the status and the sheet for the client, as PDF."""

from reports.pdf.document import set_pdf
from reports.pdf.parts import PdfDocument
from reports.record.choices import HOME
from reports.record.content import RecordContent
from reports.record.home_sheet import home_sheet
from reports.record.staff_document import staff_document


def document_of(content: RecordContent) -> PdfDocument:
    """The document that was chosen."""
    return home_sheet(content) if content.choice.kind == HOME else staff_document(content)


def record_pdf(content: RecordContent) -> bytes:
    """CannotBeSet where it could not be made. For a job: it takes about half a second."""
    return set_pdf(document_of(content))
