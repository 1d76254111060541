"""What clients ask for by law about their data: the list with days left, and one request from its day to its answer."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clients.forms.subject_requests import (
    RequestAnswerForm,
    RequestExtensionForm,
    RequestFilterForm,
    RequestHandlerForm,
    SubjectRequestForm,
)
from clients.models import Client, RequestKind, SubjectRequest
from clients.services import request_list
from clients.services import subject_requests as services
from organisations.access import keeps_typed, open_while_restricted, requires
from organisations.audit.record import record_access
from organisations.roles import Can
from organisations.services.local_day import today_in
from organisations.views.form_pages import form_page

PAGE = 50


@require_safe
@requires(Can.SEE_REQUESTS)
def subject_requests(request):
    """The requests of all clients that one may see, by reference: who handles them, and how many days are left."""
    by = request.practitioner
    form = RequestFilterForm(request.GET)
    rows = request_list.requests_asked(form.cleaned_data if form.is_valid() else {}, by)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    lines = request_list.lines_of(page, today_in(by.organisation))
    record_access("subject_request.list", {line.request.client_id for line in lines})
    context = {"form": form, "page": page, "lines": lines, "query": request_list.query_of(request.GET)}
    context["may_answer"] = by.can(Can.ANSWER_REQUESTS)
    return TemplateResponse(request, "clients/subject_requests.html", context)


@require_safe
@requires(Can.SEE_REQUESTS)
def subject_requests_csv(request):
    """The same as a file, without a name or a word of a client."""
    by = request.practitioner
    form = RequestFilterForm(request.GET)
    rows = request_list.requests_asked(form.cleaned_data if form.is_valid() else {}, by)
    content = request_list.as_csv(rows, today_in(by.organisation))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="requests-{today_in(by.organisation)}.csv"'
    return response


@open_while_restricted
@keeps_typed
@requires(Can.EDIT_CLIENT)
def subject_request_new(request, client_id):
    """Write down what a client asks for; whoever works with them hears it first."""
    by = request.practitioner
    client = get_object_or_404(Client.objects.visible_to(by), pk=client_id)
    record_access("subject_request.record", [client.pk])
    form = SubjectRequestForm(request.POST if request.method == "POST" else None, by=by)
    if request.method == "POST" and form.carry_out(services.record_request, client=client, by=by):
        messages.success(request, _("Written down. A team lead answers it."))
        return redirect("client-rights", client.pk)
    return form_page(request, "clients/subject_request_new.html", form, client=client)


@open_while_restricted
@keeps_typed
@requires(Can.ANSWER_REQUESTS)
def subject_request(request, subject_request_id):
    """One request: what was asked, until when, and the form to answer it."""
    by, asked = request.practitioner, _found(request, subject_request_id)
    form = RequestAnswerForm(request.POST if request.method == "POST" else None, by=by)
    if request.method == "POST" and form.carry_out(services.decide_request, request=asked, by=by):
        messages.success(request, _("Answered. The letter to the client is ready."))
        return redirect("subject-request", asked.pk)
    return form_page(request, "clients/subject_request.html", form, **_context(request, asked))


@open_while_restricted
@require_POST
@requires(Can.ANSWER_REQUESTS)
def subject_request_extend(request, subject_request_id):
    """Two months more; refused, the page says why."""
    by, asked = request.practitioner, _found(request, subject_request_id)
    form = RequestExtensionForm(request.POST, by=by)
    if form.carry_out(services.extend_request, request=asked, by=by):
        messages.success(request, _("Extended by two months."))
        return redirect("subject-request", asked.pk)
    context = _context(request, asked) | {"extension": form}
    return TemplateResponse(
        request, "clients/subject_request.html", {"form": RequestAnswerForm(by=by), **context}, status=422
    )


@open_while_restricted
@require_POST
@requires(Can.ANSWER_REQUESTS)
def subject_request_hand(request, subject_request_id):
    """Somebody handles it, or nobody yet."""
    by, asked = request.practitioner, _found(request, subject_request_id)
    form = RequestHandlerForm(request.POST, by=by, handler=asked.handler)
    if form.carry_out(services.hand_request, request=asked, by=by):
        messages.success(request, _("Saved."))
        return redirect("subject-request", asked.pk)
    context = _context(request, asked) | {"hand": form}
    return TemplateResponse(
        request, "clients/subject_request.html", {"form": RequestAnswerForm(by=by), **context}, status=422
    )


def _found(request, key) -> SubjectRequest:
    """A request of a client that one may see, else 404; the access is on record."""
    rows = SubjectRequest.objects.visible_to(request.practitioner)
    found = get_object_or_404(rows.select_related("client__organisation", "handler", "decided_by"), pk=key)
    record_access("subject_request.view", [found.client_id])
    return found


def _context(request, asked: SubjectRequest) -> dict[str, Any]:
    by = request.practitioner
    return {
        "asked": asked,
        "client": asked.client,
        "line": request_list.line_of(asked, today_in(by.organisation)),
        "hand": RequestHandlerForm(by=by, handler=asked.handler),
        "extension": RequestExtensionForm(by=by),
        "restricts": asked.kind == RequestKind.RESTRICTION,
        "everything": asked.kind in (RequestKind.ACCESS, RequestKind.COPY, RequestKind.LOOKS),
    }
