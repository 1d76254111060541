"""Cases opened to a consultant: opened and closed by whoever may see the client, listed for an administrator."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clients.models import ConsentPurpose, Episode
from clients.services.consents import has_consent
from organisations.access import keeps_typed, requires
from organisations.audit.record import record_access
from organisations.models import Practitioner
from organisations.roles import Can
from organisations.services.local_day import today_in
from organisations.views.undo import tell_done
from sessions_app.forms.opened_case import OpenCaseForm
from sessions_app.models import OpenedCase
from sessions_app.services import opened_cases as service
from sessions_app.views.shared import form_page, posted

PAGE = 50


@keeps_typed
@requires(Can.EDIT_CLIENT)
def opened_case_new(request, episode_id):
    """Open the case; without the client's yes the page says how to ask for it."""
    by = request.practitioner
    rows = Episode.objects.visible_to(by).select_related("client__organisation")
    episode = get_object_or_404(rows, pk=episode_id)
    record_access("consultant.choose", [episode.client_id])
    form = OpenCaseForm(posted(request), episode=episode, by=by)
    if request.method == "POST" and form.carry_out(service.open_case, episode=episode, by=by):
        said = _("The case is open to %(name)s.") % {"name": form.outcome.consultant.name}
        tell_done(request, said, undo=reverse("opened-case-close", args=[form.outcome.pk]))
        return redirect("client-detail", episode.client_id)
    agreed = has_consent(episode.client, ConsentPurpose.CONSULTANT)
    return form_page(request, "sessions_app/opened_case_new.html", form, episode=episode, agreed=agreed)


@require_POST
@requires(Can.EDIT_CLIENT)
def opened_case_close(request, opened_case_id):
    """At once; the consultant reads nothing of it from now on."""
    rows = OpenedCase.objects.visible_to(request.practitioner).select_related("episode", "consultant")
    case = get_object_or_404(rows, pk=opened_case_id)
    service.close_case(case=case, by=request.practitioner)
    messages.success(request, _("%(name)s does not see the case any more.") % {"name": case.consultant.name})
    return redirect("client-detail", case.episode.client_id)


@require_safe
@requires(Can.MANAGE_PEOPLE)
def opened_cases(request, practitioner_id):
    """What is or was open to a consultant, by the client's reference: who opened it, from when, until when."""
    by = request.practitioner
    person = get_object_or_404(Practitioner.objects.visible_to(by), pk=practitioner_id)
    rows = OpenedCase.objects.visible_to(by).filter(consultant=person).newest_first()
    page = Paginator(rows.select_related("episode__client", "opened_by"), PAGE).get_page(request.GET.get("page"))
    record_access("consultant.list", {case.episode.client_id for case in page})
    standing = set(rows.open_on(today_in(by.organisation)).agreed().values_list("pk", flat=True))
    context = {"person": person, "page": page, "standing": standing}
    return TemplateResponse(request, "sessions_app/opened_cases.html", context)
