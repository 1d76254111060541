"""The page "For the record": for whom, what goes in, how it looks, and the ways out."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from clients.models.form_languages import language_name
from organisations.access import requires
from organisations.roles import Can
from organisations.services.local_day import today_in
from reports.client_page.own_files import own_files
from reports.record.choices import HOME, OFFERED, STATUS, RecordChoice
from reports.record.content import RecordContent, read_content
from reports.record.form import RecordForm
from reports.record.home_sheet import home_language, home_sheet
from reports.record.journal_text import journal_text
from reports.record.read import episode_asked
from reports.record.staff_document import staff_document
from sessions_app.models import RecordFileKind
from sessions_app.services import record_files
from sessions_app.services.own_words import may_share_marks, may_share_words


@require_safe
@requires(Can.VIEW_CLIENT)
def record(request, episode_id):
    """What goes in stands in the address; below it the document as it will be, beside it the files of the last hour."""
    by, episode = request.practitioner, episode_asked(request, episode_id, "record.page")
    form = RecordForm(request.GET, episode=episode)
    choice = form.choice
    may_share = may_share_words(episode.client)
    content = read_content(episode, choice, day=today_in(by.organisation), may_share=may_share, by=by)
    context = {
        "client": episode.client,
        "episode": episode,
        "form": form,
        "kinds": [(kind, RecordFileKind(kind).label, urlencode({"kind": kind})) for kind in OFFERED],
        "content": content,
        "is_refused": form.kind == STATUS and not may_share_marks(episode.client),
        **own_files(by, episode),
        "query": _query(choice),
        "chosen": _pairs(choice),
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "reports/record.html", context | _preview(content), status=status)


def _preview(content: RecordContent) -> dict[str, Any]:
    """The document as parts, its plain text, and what has to be said about it."""
    if content.choice.kind == HOME:
        client, language = content.episode.client, home_language(content.episode.client)
        elsewhere = language_name(client.form_language) if language != client.form_language else ""
        return {"document": home_sheet(content), "no_sheet_in": elsewhere, "sheet_in": language_name(language)}
    return {"document": staff_document(content), "text": journal_text(content)}


def _pairs(choice: RecordChoice) -> list[tuple[str, str]]:
    """The choice as names and values of a form."""
    stored = choice.stored()
    several = [("parts", part) for part in stored["parts"]] + [("without", key) for key in stored["without"]]
    return [(name, stored[name]) for name in ("kind", "since", "until")] + several


def _query(choice: RecordChoice) -> str:
    """The address of a choice."""
    return urlencode(_pairs(choice))


@require_POST
@requires(Can.EXPORT_RECORD)
def record_file_new(request, episode_id):
    """Ask for one of the files, with the choices that its page shows; the same page tells when it is ready."""
    by, episode = request.practitioner, episode_asked(request, episode_id, "record.file")
    wanted = request.POST.get("file")
    kind = RecordFileKind(wanted) if wanted in RecordFileKind.values else RecordFileKind.RECORD
    form = RecordForm(request.POST, episode=episode)
    choice = form.choice
    stored = choice.stored() | {"language": (get_language() or "en").split("-")[0]}
    try:
        record_files.ask_for_file(episode=episode, kind=kind, choice=stored, by=by)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(f"{reverse('record', args=[episode.pk])}?{_query(choice)}#files")
