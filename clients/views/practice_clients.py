"""A practice client is shown to people of another team, so that they see how it is done; ended with one tap."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients.forms.practice_clients import ShowPracticeForm
from clients.models import Client
from clients.services import practice_clients as service
from organisations.access import requires
from organisations.audit.record import record_access
from organisations.models import Team
from organisations.roles import Can
from organisations.views.form_pages import form_page
from organisations.views.undo import tell_done


@requires(Can.SUPPORT_STAFF)
def practice_teams(request, client_id):
    """Which teams beyond one's own see a practice client, and one more; 404 for any other client."""
    client, by = _practice_client(request, client_id), request.practitioner
    form = ShowPracticeForm(request.POST if request.method == "POST" else None, client=client, by=by)
    if request.method == "POST" and form.carry_out(service.show_to_team, client=client, by=by):
        team = form.cleaned_data["team"]
        undo = reverse("practice-team-end", args=[client.pk, team.pk])
        tell_done(request, _("%(team)s can look over your shoulder now.") % {"team": team}, undo=undo)
        return redirect("practice-teams", client.pk)
    shown = service.teams_shown(client, by)
    return form_page(
        request, "clients/practice_teams.html", form, reference=client.reference, shown=shown, key=client.pk
    )


@require_POST
@requires(Can.SUPPORT_STAFF)
def practice_team_end(request, client_id, team_id):
    """A team sees a practice client no longer."""
    client = _practice_client(request, client_id)
    team = get_object_or_404(Team.objects.visible_to(request.practitioner), pk=team_id)
    try:
        service.end_showing(client=client, team=team, by=request.practitioner)
        messages.success(request, _("%(team)s does not see it any more.") % {"team": team})
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("practice-teams", client.pk)


def _practice_client(request, client_id) -> Client:
    rows = Client.objects.visible_to(request.practitioner).filter(is_practice=True)
    client = get_object_or_404(rows, pk=client_id)
    record_access("client.practice_teams", [client.pk])
    return client
