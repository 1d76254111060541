"""Everything about a client as one ZIP: a JSON for programs, a PDF to read, pictures and files."""

import io
import zipfile
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST

from organisations.access import requires
from organisations.audit.record import record_access
from organisations.login.confirmation import confirmation_required
from organisations.roles import Can
from reports.pdf.document import set_pdf
from reports.record.file_names import attachment, plain_name
from reports.subject.content import SubjectContent, read_subject
from reports.subject.document_json import subject_json
from reports.subject.document_pdf import subject_document
from reports.subject.form import SubjectFileForm
from reports.subject.page import subject_page
from reports.subject.view import client_asked
from sessions_app.pdf.child import CannotBeSet

ENDINGS = {"application/pdf": "pdf", "image/png": "png", "application/zip": "zip"}
PICTURE = "jpg"


@require_POST
@requires(Can.ANSWER_REQUESTS)
@confirmation_required
def subject_file(request, client_id):
    """The ZIP, once somebody has gone through the words and said what for; what for is on record."""
    client = client_asked(request, client_id)
    record_access("subject.review", [client.pk])
    content = read_subject(client)
    form = SubjectFileForm(request.POST, client=client, seen=content.seen)
    if not form.is_valid():
        return subject_page(request, client, sent=form)
    try:
        with override(form.cleaned_data["language"]):
            made = subject_zip(read_subject(client, names=form.cleaned_data["names"]))
            name = plain_name(client.reference, content.day, _("everything"), "zip")
    except CannotBeSet:
        messages.error(request, _("The PDF could not be made. Try once more."))
        return redirect("subject-export", client.pk)
    record_access("subject.export", [client.pk], typed=_typed(form))
    return attachment(HttpResponse(made, content_type="application/zip"), name)


def _typed(form: SubjectFileForm) -> str:
    asked, names = form.cleaned_data["request"], form.cleaned_data["names"]
    parts = [form.cleaned_data["purpose"], f"request={asked.pk}" if asked else "", "names" if names else ""]
    return " ".join(filter(None, parts))


def subject_zip(content: SubjectContent) -> bytes:
    """In the active language. CannotBeSet where the PDF could not be made."""
    files = _files(content)
    pdf = set_pdf(subject_document(content))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(plain_name(content.client.reference, content.day, "", "pdf"), pdf)
        told = [{"table": label, "key": key, "file": name} for label, key, name, _bytes in files]
        archive.writestr(plain_name(content.client.reference, content.day, "", "json"), subject_json(content, told))
        for _label, _key, name, held in files:
            archive.writestr(name, held)
    return out.getvalue()


def _files(content: SubjectContent) -> list[tuple[str, str, str, bytes]]:
    """Of each row that holds a file: its table, its key, the file's name in the ZIP and its bytes."""
    found = []
    for table, row in content.files():
        held = bytes(row.content or b"")
        if held:
            folder = table.model._meta.model_name
            found.append((table.label, str(row.pk), f"{folder}/{row.pk}.{_ending(row, held)}", held))
    return found


def _ending(row: Any, held: bytes) -> str:
    if held.startswith(b"%PDF"):
        return "pdf"
    return ENDINGS.get(getattr(row, "media_type", ""), "png" if held.startswith(b"\x89PNG") else PICTURE)
