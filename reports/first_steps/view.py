"""A new colleague is led: PIN, second factor, a practice client, then the day's work. Each step can wait."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organisations.access import requires
from organisations.roles import Can
from reports.first_steps.steps import first_steps_of, practice_client


@requires(Can.SEE_TODAY)
def first_steps(request):
    """What is done, what comes next, and the way to Today."""
    shown = first_steps_of(request.practitioner, request.user)
    return TemplateResponse(request, "reports/first_steps.html", {"shown": shown})


@require_POST
@requires(Can.EDIT_CLIENT)
def first_practice(request):
    """To the page of a practice client, which is made where there is none yet."""
    try:
        client = practice_client(request.practitioner)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("first-steps")
    messages.success(request, _("Practise as often as you like: nothing of this client counts. Start a session."))
    return redirect("client-detail", client.pk)
