"""The list of clients whose records are to be erased, and what can be done with each."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clients.models import ErasureNotice
from clients.retention.due import HOLDING, WhyKept
from clients.retention.registry import rule_on
from clients.services.archive_file import archive_of
from organisations.access import requires
from organisations.audit.record import record_access
from organisations.roles import Can
from organisations.services.local_day import today_in
from organisations.views.form_pages import form_page
from organisations.views.undo import tell_done
from sessions_app.forms.retention import NoticeExtensionForm, ToldForm
from sessions_app.services import erasure_notices as services
from sessions_app.services.retention import judge_clients


@require_safe
@requires(Can.ERASE_CLIENTS)
def erasure_list(request):
    """Whose time is over within 30 days, by what rule, how far it is, and who is kept all the same."""
    by = request.practitioner
    day = today_in(by.organisation)
    found = services.notices_told_to(by).select_related("client", "first_by", "second_by")
    notices = list(found.order_by("kept_until", "client__sort_key"))
    record_access(services.LISTED, [notice.client_id for notice in notices])
    judged = dict(judge_clients(by.organisation, services.clients_of(notices), day))
    for notice in notices:
        _tell(notice, judged.get(notice.client_id), day)
    context = {
        "waiting": [one for one in notices if not one.is_held],
        "held": [one for one in notices if one.is_held],
    }
    return TemplateResponse(request, "sessions_app/erasure_list.html", context)


def _tell(notice: ErasureNotice, found, day) -> None:
    """Add what the pages say of a notice: its rules in words, and whether the records are kept all the same."""
    rules = [rule for key in notice.rules.split() if (rule := rule_on(key, day))]
    notice.rule_words = [_(rule.title) for rule in rules]
    notice.exceptions = [_(one.words) for rule in rules for one in rule.exceptions]
    notice.is_held = found is not None and found.judgement.reason in HOLDING
    notice.why_held = services.WHY_HELD[found.judgement.reason] if notice.is_held else ""
    notice.is_extended = notice.extended_until is not None and notice.extended_until >= day


@requires(Can.ERASE_CLIENTS)
def erasure_notice(request, notice_id):
    """One client on the list: both steps, the archive, and the form for more time."""
    by = request.practitioner
    notice = _found(request, notice_id)
    record_access(services.LISTED, [notice.client_id])
    form = NoticeExtensionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.carry_out(services.extend_notice, notice=notice, by=by):
        messages.success(request, _("It waits until then. What was confirmed has to be confirmed anew."))
        return redirect("erasure-list")
    return _notice_page(request, notice, form)


def _notice_page(request, notice: ErasureNotice, form: NoticeExtensionForm, told: ToldForm | None = None):
    by = request.practitioner
    day = today_in(by.organisation)
    _tell(notice, services.judged(notice, day), day)
    notice.archive_is_open = not notice.archives_first or notice.archived_at is not None
    notice.is_own_first_step = notice.first_by_id == by.pk and notice.first_on == day
    may_read = by.can(Can.VIEW_CLIENT)
    notice.client_ends = may_read and notice.is_held and notice.why_held is not services.WHY_HELD[WhyKept.HELD]
    context = {"notice": notice, "may_read": may_read, "told": told or ToldForm()}
    answer = form_page(request, "sessions_app/erasure_notice.html", form, **context)
    answer.status_code = 422 if told else answer.status_code
    return answer


@require_POST
@requires(Can.ERASE_CLIENTS)
def erasure_confirm(request, notice_id):
    """The first step, or the second."""
    notice = _found(request, notice_id)
    looked = bool(request.POST.get("exceptions")) or not _exceptions(notice)
    told = ToldForm(request.POST)
    if notice.is_veiled and not told.is_valid():
        record_access(services.LISTED, [notice.client_id])
        return _notice_page(request, notice, NoticeExtensionForm(), told)
    said = told.cleaned_data.get("told", "") if notice.is_veiled else ""
    by = request.practitioner
    try:
        notice = services.confirm_erasure(notice=notice, exceptions_looked_at=looked, told=said, by=by)
    except ValidationError as error:
        record_access(services.LISTED, [notice.client_id])
        messages.error(request, " ".join(error.messages))
        return redirect("erasure-notice", notice.pk)
    if notice.second_on is None:
        sentence = _("First step taken. Somebody else confirms it, or you do on another day.")
        tell_done(request, sentence, undo=reverse("erasure-undo", args=[notice.pk]))
    else:
        messages.success(request, _("Confirmed. The records go in the night when their time is over."))
    return redirect("erasure-list")


def _exceptions(notice: ErasureNotice) -> bool:
    day = today_in(notice.organisation)
    return any(rule.exceptions for key in notice.rules.split() if (rule := rule_on(key, day)))


@require_POST
@requires(Can.ERASE_CLIENTS)
def erasure_undo(request, notice_id):
    """Take the first step back."""
    notice = _found(request, notice_id)
    try:
        services.undo_first_step(notice=notice, by=request.practitioner)
    except ValidationError as error:
        record_access(services.LISTED, [notice.client_id])
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The first step is taken back."))
    return redirect("erasure-list")


@require_POST
@requires(Can.ERASE_CLIENTS)
def erasure_archive(request, notice_id):
    """Everything of the client as a file for the archive; for whoever may read it all."""
    by = request.practitioner
    if not by.can(Can.VIEW_CLIENT):
        raise PermissionDenied
    notice = services.note_archived(notice=_found(request, notice_id), by=by)
    answer = HttpResponse(archive_of(notice.client), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="archive-{notice.pk}.json"'
    return answer


def _found(request, notice_id) -> ErasureNotice:
    found = services.notices_told_to(request.practitioner)
    return get_object_or_404(found.select_related("client", "first_by", "second_by", "organisation"), pk=notice_id)
