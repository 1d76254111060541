"""Take note of an alert."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from organisations.access import requires
from organisations.audit.record import record_access
from organisations.edits.forms import VersionedForm
from organisations.edits.last_change import last_change
from organisations.roles import Can
from organisations.views.form_pages import merge_page
from sessions_app.models import Alert
from sessions_app.services.alerts import acknowledge_alert


class AcknowledgementForm(VersionedForm):
    """What somebody does about an alert, in their own words or in none."""

    note = forms.CharField(label=_("What you do about it"), max_length=400, required=False)

    def __init__(self, *args, alert: Alert, **kwargs):
        super().__init__(*args, **kwargs)
        self.add_version(alert, {"note": alert.acknowledgement})

    def clean(self):
        """The first acknowledgement stands whatever was shown, so the service asks for no version."""
        self.cleaned_data.pop("version", None)

    def last_change(self, name):
        return last_change(self.version_of, "acknowledgement")


@require_POST
@requires(Can.HANDLE_ALERT)
def alert_acknowledge(request, alert_id):
    """Write down who has seen an alert, and those that its card tells beside it, and what they do; the first stands."""
    alert, *also = named_alerts(request, alert_id)
    client_id = alert.episode.client_id
    record_access("alert.acknowledge", [client_id])
    form = AcknowledgementForm(request.POST, alert=alert)
    done = form.carry_out(acknowledge_alert, alert=alert, also=also, by=request.practitioner)
    if form.meanwhile is not None:
        return merge_page(request, form, back=reverse("client-detail", args=[client_id]))
    if not done:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect("client-detail", client_id)


def named_alerts(request: HttpRequest, alert_id: UUID) -> list[Alert]:
    """The alert of an address, and those of its episode that `also` names; 404 where one of them is not to be seen."""
    alerts = Alert.objects.visible_to(request.practitioner).select_related("episode__client")
    alert = get_object_or_404(alerts, pk=alert_id)
    data = request.POST or request.GET
    return [alert, *_named(alerts.filter(episode=alert.episode), data.getlist("also"))]


def _named(alerts: QuerySet[Alert], named: list[str]) -> list[Alert]:
    """The alerts of these ids; 404 where one of them is not among them."""
    try:
        wanted = {UUID(one) for one in named}
    except ValueError as error:
        raise Http404 from error
    found = list(alerts.filter(pk__in=wanted))
    if len(found) != len(wanted):
        raise Http404
    return found
