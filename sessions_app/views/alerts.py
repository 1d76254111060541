"""Take note of an alert."""

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from organisations.access import requires
from organisations.audit import record_access
from organisations.roles import Can
from sessions_app.models import Alert
from sessions_app.services.alerts import acknowledge_alert


class AcknowledgementForm(forms.Form):
    """What somebody does about an alert, in their own words or in none."""

    note = forms.CharField(max_length=400, required=False)


@require_POST
@requires(Can.HANDLE_ALERT)
def alert_acknowledge(request, alert_id):
    """Write down who has seen an alert and what they do about it; the first one stands."""
    alerts = Alert.objects.visible_to(request.practitioner).select_related("episode")
    alert = get_object_or_404(alerts, pk=alert_id)
    client_id = alert.episode.client_id
    record_access("alert.acknowledge", [client_id])
    form = AcknowledgementForm(request.POST)
    if form.is_valid():
        acknowledge_alert(alert=alert, note=form.cleaned_data["note"], by=request.practitioner)
    else:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect("client-detail", client_id)
