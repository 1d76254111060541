"""Admins import licensed wording, record and confirm its licence, withdraw it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from organisations.access import requires
from organisations.roles import Can
from organisations.services.local_day import today_in
from sessions_app.forms.wording import LicenceForm, PackForm
from sessions_app.models import Pack, PackLicence
from sessions_app.views.shared import attempt, form_page, posted
from sessions_app.wording.packs import confirm_licence, import_pack, record_licence, state_of, withdraw_pack
from sessions_app.wording.seats import seats_of_licences
from sessions_app.wording.validation import LARGEST


@requires(Can.MANAGE_PACKS)
def packs(request):
    """Every pack and where it stands; a file to import."""
    form = PackForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            raw = form.cleaned_data["file"].read(LARGEST + 1)
            pack = import_pack(raw=raw, by=request.practitioner)
            messages.success(
                request, _("Imported. Record the licence now; until it is confirmed nobody sees the words.")
            )
            return redirect("pack-detail", pack.pk)
        except ValidationError as error:
            form.add_error("file", error)
    found = Pack.objects.visible_to(request.practitioner).prefetch_related("licences").order_by("-imported_at")
    today = today_in(request.practitioner.organisation)
    rows = [(pack, state_of(pack, today)) for pack in found]
    return form_page(request, "sessions_app/packs.html", form, rows=rows)


@requires(Can.MANAGE_PACKS)
def pack_detail(request, pack_id):
    """The words of a pack, its licences, and a form to record one."""
    pack = _pack(request, pack_id)
    form = LicenceForm(posted(request), initial={"holder": request.practitioner.organisation.name})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if attempt(form, record_licence, pack=pack, by=request.practitioner, **given) is not None:
            messages.success(request, _("Recorded. Look it over and confirm it."))
            return redirect("pack-detail", pack.pk)
    licences = PackLicence.objects.visible_to(request.practitioner).filter(pack=pack).order_by("-recorded_at")
    today = today_in(request.practitioner.organisation)
    context = {
        "pack": pack,
        "state": state_of(pack, today),
        "licences": [(one, one.covers(today)) for one in licences.select_related("recorded_by", "confirmed_by")],
    }
    return form_page(request, "sessions_app/pack_detail.html", form, **context)


@require_safe
@requires(Can.MANAGE_PACKS)
def licence_seats(request):
    """Each licence with its seats and how many are taken; too many are said, and keep nobody from working."""
    rows = seats_of_licences(request.practitioner)
    return TemplateResponse(request, "sessions_app/licence_seats.html", {"rows": rows})


@require_POST
@requires(Can.MANAGE_PACKS)
def licence_confirm(request, licence_id):
    licences = PackLicence.objects.visible_to(request.practitioner).select_related("pack")
    licence = get_object_or_404(licences, pk=licence_id)
    try:
        confirm_licence(licence=licence, by=request.practitioner)
        messages.success(request, _("Confirmed. The forms show this wording while the licence is valid."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("pack-detail", licence.pack_id)


@require_POST
@requires(Can.MANAGE_PACKS)
def pack_withdraw(request, pack_id):
    withdraw_pack(pack=_pack(request, pack_id), by=request.practitioner)
    messages.success(request, _("Withdrawn. The forms no longer show it."))
    return redirect("packs")


def _pack(request, pack_id):
    found = Pack.objects.visible_to(request.practitioner).prefetch_related("licences")
    return get_object_or_404(found, pk=pack_id)
