"""One code for a whole group: make it, show it without a name, and come in by it with a number."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from organisations.access import capability, requires
from organisations.models import CapabilityKind
from organisations.roles import Can
from organisations.tokens import capabilities
from organisations.web import errors
from sessions_app.forms.group import NumberForm
from sessions_app.services import group_codes
from sessions_app.services.qr import picture_of
from sessions_app.texts.form_wording import known
from sessions_app.views.client_form.kiosk_pages import private
from sessions_app.views.groups import meeting_of, refuse_other
from sessions_app.views.shared import attempt, posted


@require_POST
@requires(Can.RECORD_SESSION)
def group_code(request, meeting_id, part):
    """A new code and everybody's number, shown once: on this answer."""
    meeting, parts = meeting_of(request, meeting_id, "group.code_page")
    refuse_other(part)
    door = group_codes.open_door(meeting=meeting, part=part, parts=parts, by=request.practitioner)
    if door is None:
        messages.success(request, _("Everybody who is here has answered."))
        return redirect("group", meeting.pk)
    context = {"meeting": meeting, "part": part, "door": door, "hours": group_codes.OPEN_FOR.seconds // 3600}
    return TemplateResponse(request, "sessions_app/group_code.html", context)


@require_POST
@requires(Can.RECORD_SESSION)
def group_code_close(request, meeting_id, part):
    meeting, parts = meeting_of(request, meeting_id, "group.code_page")
    refuse_other(part)
    here = [one.client.pk for one in parts]
    group_codes.close_door(meeting=meeting, part=part, clients=here, by=request.practitioner)
    messages.success(request, _("The code is closed. Forms that are open already can be finished."))
    return redirect("group", meeting.pk)


@csrf_exempt  # the token in the path and the number are the authority
@require_http_methods(["GET", "HEAD", "POST"])
@capability(CapabilityKind.GROUP, kiosk=False)
def group_code_entry(request, token):
    """Where the code leads: asks for a number and goes on to that one's own form. Names nobody."""
    door = request.capability
    if not capabilities.is_open(door):
        return _for_all(request, "group_number.html", 410)
    form = NumberForm(posted(request))
    if request.method == "POST":
        if wait := group_codes.GUESSES.wait(str(capabilities.public_id(door))):
            return private(errors.too_many(request, wait=wait))
        opened = form.is_valid() and attempt(form, group_codes.enter, door=door, token=token, **form.cleaned_data)
        if opened:
            response = private(redirect("rating-form", opened))
            response.status_code = 303
            return response
    return _for_all(request, "group_number.html", 422 if form.is_bound else 200, form=form)


@require_http_methods(["GET", "HEAD"])
@capability(CapabilityKind.GROUP, kiosk=False)
def group_screen(request, token):
    """The code, large and without a name, for a screen that the whole group sees."""
    address = settings.SITE_URL + reverse("group-code-entry", args=[token])
    if not capabilities.is_open(request.capability):
        return _for_all(request, "group_number.html", 410)
    return _for_all(request, "group_screen.html", picture=picture_of(address))


def _for_all(request, template, status=200, **context):
    """A page that shows no one's data, in the language of the browser that asks."""
    language = known(translation.get_language())
    with translation.override(language):
        context |= {"language": language, "instrument": request.capability.detail}
        return private(render(request, f"sessions_app/{template}", context, status=status))
