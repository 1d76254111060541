"""A file that a worker made for a record: how each kind is made, and how its owner fetches it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from clients.models import Episode
from organisations.access import requires
from organisations.audit.record import record_access
from organisations.roles import Can
from organisations.services.local_day import today_in
from reports.exports.curve_picture import curve_png
from reports.exports.episode_zip import episode_zip
from reports.exports.record_pdf import record_pdf
from reports.record.choices import STATUS, WHOLE, RecordChoice
from reports.record.content import RecordContent, read_content
from reports.record.file_names import attachment, file_name
from reports.record.staff_document import head_of
from sessions_app.models import RecordFile, RecordFileKind
from sessions_app.pdf.child import CannotBeSet
from sessions_app.services.own_words import may_share_marks, may_share_words
from sessions_app.services.record_files import MadeFile, is_open

PDF, PNG, ZIP = "application/pdf", "image/png", "application/zip"


@require_safe
@requires(Can.EXPORT_RECORD)
def record_file(request, record_file_id):
    """The file, to whoever asked for it, for an hour; one that is gone or closed says so on its page."""
    found = RecordFile.objects.visible_to(request.practitioner).select_related("episode__client__organisation")
    file = get_object_or_404(found, pk=record_file_id)
    client = file.episode.client
    record_access("record.download", [client.pk])
    if not is_open(file) or (file.with_shared_words and not may_share_words(client)):
        messages.error(request, _("This file is not there any more. Make it once more."))
        return redirect("record", file.episode_id)
    return attachment(HttpResponse(bytes(file.content), content_type=file.media_type), file.file_name)


def make(file: RecordFile, going_on: Callable[[int], None]) -> MadeFile:
    """Make a file as its owner would see it now, in the language it was asked for in. CannotBeSet where that fails."""
    client = file.episode.client
    if not Episode.objects.visible_to(file.asked_by).filter(pk=file.episode_id).exists():
        raise CannotBeSet("Whoever asked does not see this client any more.")
    if file.kind == RecordFileKind.STATUS and not may_share_marks(client):
        raise CannotBeSet("There is no agreement to a status.")
    choice = WHOLE if file.kind == RecordFileKind.EPISODE else RecordChoice.read(file.choice)
    with override(file.choice["language"]):
        day = today_in(client.organisation)
        content = read_content(file.episode, choice, day=day, may_share=may_share_words(client), by=file.asked_by)
        going_on(10)
        return _made(file.kind, content, going_on)


def _made(kind: str, content: RecordContent, going_on: Callable[[int], None]) -> MadeFile:
    head = head_of(content)
    if kind == RecordFileKind.EPISODE:
        return MadeFile(episode_zip(content, going_on), ZIP, file_name(head, "", "zip"))
    if kind == RecordFileKind.PICTURE:
        if not content.courses:
            raise CannotBeSet("There is no curve.")
        return MadeFile(curve_png(content), PNG, file_name(head, "", "png"))
    shared = content.choice.kind == STATUS and content.may_quote
    name = {RecordFileKind.RECORD: _("record"), RecordFileKind.STATUS: _("status"), RecordFileKind.HOME: _("home")}
    return MadeFile(record_pdf(content), PDF, file_name(head, name[RecordFileKind(kind)], "pdf"), shared)
