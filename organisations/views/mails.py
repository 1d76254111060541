"""Mails that the brake holds: an administrator lets them go, or drops them."""

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from organisations.access import requires
from organisations.roles import Can
from organisations.services import mail_brake
from organisations.views.undo import tell_done


@requires(Can.MANAGE_PEOPLE)
def held_mails(request):
    held = mail_brake.held(request.practitioner)
    kinds = [(mail_brake.kind_of(task), count) for task, count in held.most_common()]
    context = {"kinds": kinds, "count": held.total()}
    return TemplateResponse(request, "organisations/held_mails.html", context)


@require_POST
@requires(Can.MANAGE_PEOPLE)
def mails_release(request):
    count = mail_brake.release(by=request.practitioner)
    said = ngettext("%d mail leaves now.", "%d mails leave now.", count) % count
    messages.success(request, said)
    return redirect("people")


@require_POST
@requires(Can.MANAGE_PEOPLE)
def mails_drop(request):
    count = mail_brake.drop(by=request.practitioner)
    said = ngettext("%d mail is dropped.", "%d mails are dropped.", count) % count
    tell_done(request, said, undo=reverse("mails-hold"))
    return redirect("people")


@require_POST
@requires(Can.MANAGE_PEOPLE)
def mails_hold(request):
    mail_brake.hold_again(by=request.practitioner)
    messages.success(request, _("Undone. The mails are held again."))
    return redirect("held-mails")
