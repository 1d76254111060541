"""Unfinished forms: deleting one. They are kept by the form itself and by keying in."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from organisations.access import requires
from organisations.audit.record import record_access
from organisations.roles import Can
from sessions_app.models import RatingDraft
from sessions_app.services import drafts
from sessions_app.services.draft_rows import draft_rows


@requires(Can.RECORD_SESSION)
def draft_delete(request, draft_id):
    """Asks first."""
    found = RatingDraft.objects.visible_to(request.practitioner).select_related("session__client")
    draft = get_object_or_404(found, pk=draft_id)
    session = draft.session
    record_access("rating.discard_draft_form", [session.client_id])
    if request.method == "POST":
        drafts.discard(draft=draft, by=request.practitioner)
        messages.success(request, _("The marks are deleted."))
        return redirect("session-flow", session.pk)
    row = draft_rows([draft], request.practitioner.organisation)[0]
    context = {"session": session, "client": session.client, "row": row}
    return TemplateResponse(request, "sessions_app/draft_delete.html", context)
