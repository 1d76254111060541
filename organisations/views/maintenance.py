"""Announcements of work on the installation."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organisations.access import for_operators
from organisations.forms.operator import NoticeForm
from organisations.services import maintenance as services
from organisations.views.form_pages import form_page
from organisations.views.undo import tell_done


@for_operators
def maintenance(request):
    """What is announced, and a new announcement."""
    form = NoticeForm(request.POST or None)
    if request.method == "POST" and form.carry_out(services.add_notice, by=request.user):
        messages.success(request, _("Announced."))
        return redirect("maintenance")
    return form_page(request, "organisations/maintenance.html", form, notices=services.coming())


@require_POST
@for_operators
def maintenance_withdraw(request, maintenance_id):
    notice = get_object_or_404(services.notices(), pk=maintenance_id)
    services.withdraw_notice(notice=notice, by=request.user)
    tell_done(request, _("Shown no more."), undo=reverse("maintenance-restore", args=[notice.pk]))
    return redirect("maintenance")


@require_POST
@for_operators
def maintenance_restore(request, maintenance_id):
    notice = get_object_or_404(services.notices(), pk=maintenance_id)
    services.withdraw_notice(notice=notice, by=request.user, withdrawn=False)
    messages.success(request, _("Undone. It is shown again."))
    return redirect("maintenance")
