"""Ask a client how it goes after the end of an episode: plan it, send the form, take it off again."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients.models import Episode
from organisations.access import requires
from organisations.audit.record import record_access
from organisations.roles import Can
from organisations.services.local_day import today_in
from organisations.views.undo import tell_done
from sessions_app.forms.follow_up_measure import FollowUpPlanForm
from sessions_app.forms.link import MAIL, LinkForm
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.models import FollowUpMeasure, FollowUpState
from sessions_app.services import follow_up_measures as services
from sessions_app.services.follow_up_mail import link_text
from sessions_app.services.links import send_by_mail
from sessions_app.services.qr import picture_of
from sessions_app.texts.form_wording import known
from sessions_app.texts.instruments import form_name
from sessions_app.views.shared import attempt, form_page, posted


@requires(Can.RECORD_SESSION)
def follow_up_plan(request, episode_id):
    """Choose the months of an ended episode; those that are planned already stay."""
    by = request.practitioner
    found = Episode.objects.visible_to(by).select_related("client", "service")
    episode = get_object_or_404(found, pk=episode_id)
    record_access("follow_up.plan_form", [episode.client_id])
    form = FollowUpPlanForm(posted(request), organisation=by.organisation)
    if request.method == "POST" and form.carry_out(services.plan_measures, episode=episode, by=by):
        messages.success(request, _("Planned. It stands on Today when it is due."))
        return redirect(_course(episode))
    standing = episode.follow_up_measures.filter(cancelled_at=None).order_by("due_on")
    context = {"client": episode.client, "episode": episode, "standing": standing}
    return form_page(request, "sessions_app/follow_up_plan.html", form, **context)


@requires(Can.RECORD_SESSION)
def follow_up_measure(request, follow_up_measure_id):
    """One measure: its answer, or the link to send. The link is shown once, on the answer."""
    measure = _measure(request, follow_up_measure_id, "follow_up.view")
    state = measure.state_on(today_in(request.practitioner.organisation))
    is_open = state not in (FollowUpState.ANSWERED, FollowUpState.CANCELLED)
    name = form_name(FormKey(measure.instrument), {})
    form, made = LinkForm(posted(request), choices=[(measure.instrument, name)], closings=[("", "")]), None
    if request.method == "POST" and is_open and form.is_valid():
        made = _made(request, measure, form)
    about = {"measure": measure, "state": state, "is_open": is_open, "name": name, "made": made}
    context = about | {"client": measure.episode.client, "episode": measure.episode}
    return form_page(request, "sessions_app/follow_up_measure.html", form, **context)


def _made(request, measure, form: LinkForm) -> dict | None:
    """The link with everything to hand it on; None when it was refused, with the words in the form."""
    chosen = form.cleaned_data
    address = attempt(form, services.open_link, measure=measure, way=chosen["way"], by=request.practitioner)
    if address is None:
        return None
    made = {"way": chosen["way"], "picture": picture_of(address)}
    with translation.override(known(measure.episode.client.form_language)):
        made["text"], subject = link_text(address), _("A short form for you")
    if chosen["way"] == MAIL:
        made["sent"] = send_by_mail(to=chosen["email"], subject=subject, text=made["text"])
    return made


@require_POST
@requires(Can.RECORD_SESSION)
def follow_up_cancel(request, follow_up_measure_id):
    """It is not asked for any more."""
    measure = _measure(request, follow_up_measure_id, "follow_up.cancel")
    services.cancel_measure(measure=measure, by=request.practitioner)
    undo = reverse("follow-up-resume", args=[measure.pk])
    tell_done(request, _("The follow-up is cancelled. Its link is closed."), undo=undo)
    return redirect(_course(measure.episode))


@require_POST
@requires(Can.RECORD_SESSION)
def follow_up_resume(request, follow_up_measure_id):
    """It is asked for after all."""
    measure = _measure(request, follow_up_measure_id, "follow_up.resume")
    try:
        services.resume_measure(measure=measure, by=request.practitioner)
        messages.success(request, _("The follow-up is planned again. A link has to be sent anew."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(_course(measure.episode))


def _measure(request: HttpRequest, key, action: str) -> FollowUpMeasure:
    rows = FollowUpMeasure.objects.visible_to(request.practitioner)
    measure = get_object_or_404(rows.select_related("episode__client", "episode__service"), pk=key)
    record_access(action, [measure.episode.client_id])
    return measure


def _course(episode: Episode) -> str:
    return reverse("client-detail", args=[episode.client_id], query={"episode": episode.pk})
