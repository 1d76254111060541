"""What is done about the alerts of one situation, each step a page of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from organisations.access import requires
from organisations.audit.record import record_access
from organisations.edits.forms import ServedForm
from organisations.roles import Can
from organisations.views.form_pages import form_page
from organisations.views.undo import tell_done
from sessions_app.forms.alert_steps import AlertDecisionForm, AskForm, SetAsideForm
from sessions_app.services import alert_steps
from sessions_app.views.alerts import named_alerts
from sessions_app.views.shared import posted


@dataclass(frozen=True)
class StepPage:
    """How the page of a step is called, what it says first, what its button does, and what is said afterwards."""

    title: Promise
    lead: Promise
    button: Promise
    done: Promise
    form: Callable[..., ServedForm]
    service: Callable[..., Any]


PAGES = {
    "decide": StepPage(
        _("What was decided"),
        _("It stands on the alert. What the next measures say is shown beside it."),
        _("Save"),
        _("The decision is kept."),
        AlertDecisionForm,
        alert_steps.decide,
    ),
    "ask": StepPage(
        _("Ask a colleague"),
        _("Your question stands on their Today until somebody has answered it with a decision. No mail holds it."),
        _("Ask"),
        _("Your colleague is asked."),
        AskForm,
        alert_steps.ask,
    ),
    "set-aside": StepPage(
        _("Set it aside"),
        _("The alert stays to be seen with your reason, and asks nobody any more. The rules go on."),
        _("Set it aside"),
        _("It is set aside."),
        SetAsideForm,
        alert_steps.set_aside,
    ),
}


@requires(Can.HANDLE_ALERT)
def alert_step(request, alert_id, step):
    """Decide about an alert and what its card tells beside it (`also`), ask a colleague, or set them aside."""
    alerts, page, by = named_alerts(request, alert_id), PAGES[step], request.practitioner
    client = alerts[0].episode.client
    record_access("alert.step", [client.pk])
    more: dict[str, Any] = {}
    if step == "ask":
        asked = {"colleague": request.GET.get("colleague", "")}
        more = {"colleagues": alert_steps.askable(client, by), "initial": asked}
    form = page.form(posted(request), **more)
    if request.method == "POST" and form.carry_out(page.service, alerts=alerts, by=by):
        if step == "set-aside":
            tell_done(request, str(page.done), undo=reverse("alert-take-up", args=[alert_id]))
        else:
            messages.success(request, str(page.done))
        return redirect("client-detail", client.pk)
    context = {"page": page, "client": client, "also": [alert.pk for alert in alerts[1:]]}
    return form_page(request, "sessions_app/alert_step.html", form, **context)


@require_POST
@requires(Can.HANDLE_ALERT)
def alert_take_up(request, alert_id):
    """Take up again what was set aside: this alert, and those of `also`."""
    alerts = named_alerts(request, alert_id)
    record_access("alert.step", [alerts[0].episode.client_id])
    alert_steps.take_up(alerts=alerts, by=request.practitioner)
    return redirect("client-detail", alerts[0].episode.client_id)
