"""Start a session, record an absence, or write down a session that took place before."""

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organisations.access import keeps_typed, requires
from organisations.roles import Can
from sessions_app.forms.past_session import PastSessionForm
from sessions_app.forms.session import AbsenceForm, StartForm
from sessions_app.services import forms_due, sessions
from sessions_app.views.shared import attempt, client_of, form_page, posted
from sessions_app.wording.choice import choose_wording, words_answered


@requires(Can.RECORD_SESSION)
def session_start(request, client_id):
    """One tap starts; the page behind it asks for the form of contact, and for the episode if there are several."""
    by = request.practitioner
    client = client_of(request, client_id, "session.start_form")
    form = StartForm(posted(request), client=client, by=by)
    if request.method == "POST" and form.is_valid():
        session = attempt(form, sessions.start_session, client=client, by=by, **form.cleaned_data)
        if session is not None:
            return redirect("session-flow", session.pk)
    absence = AbsenceForm(client=client, by=by, prefix="absence")
    return form_page(request, "sessions_app/session_start.html", form, client=client, absence=absence)


@require_POST
@requires(Can.RECORD_SESSION)
def session_absent(request, client_id):
    by = request.practitioner
    client = client_of(request, client_id, "session.absent")
    prefix = "absence" if "absence-attendance" in request.POST else None
    absence = AbsenceForm(request.POST, client=client, by=by, prefix=prefix)
    if absence.is_valid():
        session = attempt(absence, sessions.record_absence, client=client, by=by, **absence.cleaned_data)
        if session is not None:
            messages.success(request, _("Recorded: %(what)s.") % {"what": session.get_attendance_display()})
            return redirect("client-detail", client.pk)
    context = {"form": StartForm(client=client, by=by), "client": client, "absence": absence}
    return TemplateResponse(request, "sessions_app/session_start.html", context, status=422)


@keeps_typed
@requires(Can.RECORD_SESSION)
def session_new(request, client_id):
    by = request.practitioner
    client = client_of(request, client_id, "session.new_form")
    spoken = {"organisation_id": by.organisation_id, "language": client.form_language}
    chosen = {which: choose_wording(form=which, **spoken) for which in forms_due.forms_of_client(client)}
    form = PastSessionForm(posted(request), client=client, by=by, chosen=chosen, labels=forms_due.labels_of(client))
    if request.method == "POST" and form.is_valid():
        words = {which.key: words_answered(form=which, name=name, **spoken) for which, name in form.packs().items()}
        given = {"client": client, "by": by, "words": words, **form.as_session()}
        session = attempt(form, sessions.record_past_session, **given)
        if session is not None:
            messages.success(request, _("The session is recorded."))
            return redirect("client-detail", client.pk)
    return form_page(request, "sessions_app/session_new.html", form, client=client)
