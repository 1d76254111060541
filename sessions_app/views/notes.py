"""Save what is written in a field of a session: by the script while it is typed, or by the button."""

from zoneinfo import ZoneInfo

from django.http import Http404, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organisations.access import keeps_typed, requires
from organisations.roles import Can
from sessions_app.forms.note import NoteForm
from sessions_app.models import OWN_WORDS, NoteKind
from sessions_app.services import notes
from sessions_app.services.document import PART_OF, fields_of
from sessions_app.services.forms_due import ratings_of
from sessions_app.services.session_steps import result_of
from sessions_app.views.shared import attempt, session_of


@keeps_typed
@require_POST
@requires(Can.RECORD_SESSION)
def note_save(request, session_id, kind):
    """JSON for the script (200, 409 with the other text, 422), pages for the button. Nothing typed is lost."""
    if kind not in NoteKind.values:
        raise Http404
    session = session_of(request, session_id, "note.save")
    form = NoteForm(request.POST)
    theirs, note = None, None
    if form.is_valid():
        try:
            facts = {"session": session, "kind": kind, "by": request.practitioner}
            note = attempt(form, notes.save_note, **facts, **form.cleaned_data)
        except notes.NoteChanged as changed:
            theirs = changed.note
    answer = _as_json if request.accepts("application/json") and not request.accepts("text/html") else _as_page
    return answer(request, session, kind, form, note, theirs)


@requires(Can.RECORD_SESSION)
def note_versions(request, session_id, kind):
    """What stood in a field before, and who wrote it when."""
    if kind not in NoteKind.values:
        raise Http404
    session = session_of(request, session_id, "note.versions")
    fields = {field.key: field for field in fields_of(session.organisation_id, session.episode.service_id)}
    context = {"session": session, "client": session.client, "about": fields[kind]}
    context["versions"] = notes.versions_of(session, kind, request.practitioner)
    return TemplateResponse(request, "sessions_app/note_versions.html", context)


def _as_json(request, session, kind, form, note, theirs):
    if note is not None:
        moment = note.updated_at.astimezone(ZoneInfo(session.time_zone))
        saved = _("Saved %(time)s") % {"time": date_format(moment, "TIME_FORMAT")}
        return JsonResponse({"version": note.version, "saved": saved})
    if theirs is not None:
        return JsonResponse({"version": theirs.version, "theirs": theirs.text}, status=409)
    words = [error for errors in form.errors.values() for error in errors]
    return JsonResponse({"error": " ".join(words)}, status=422)


def _as_page(request, session, kind, form, note, theirs):
    if note is not None:
        form = result_of(session, PART_OF[kind], ratings_of(session))
        if form is not None:
            return redirect("session-result", session.pk, form.key)
        return redirect("session-flow", session.pk)
    context = {
        "session": session,
        "client": session.client,
        "kind": kind,
        "form": form,
        "text": request.POST.get("text", ""),
        "version": theirs.version if theirs else request.POST.get("version", "0"),
        "theirs": theirs,
        "own_words": kind in OWN_WORDS,
    }
    status = 409 if theirs else 422
    return TemplateResponse(request, "sessions_app/note_conflict.html", context, status=status)
