"""Begin a new series with the forms of the age that the client has reached."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients.models import Episode
from organisations.access import requires
from organisations.audit.record import record_access
from organisations.roles import Can
from sessions_app.models import Session
from sessions_app.services import series_by_age


@require_POST
@requires(Can.RECORD_SESSION)
def series_begin(request, episode_id):
    """Goes back to the session it was asked from (`session`), else to the client."""
    by = request.practitioner
    episode = get_object_or_404(Episode.objects.visible_to(by), pk=episode_id)
    record_access("episode.new_series", [episode.client_id])
    try:
        series_by_age.begin_series(episode=episode, by=by)
        messages.success(request, _("A new curve begins with the next form."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    here = Session.objects.visible_to(by).filter(episode=episode).values_list("pk", flat=True)
    asked = next((key for key in here if str(key) == request.POST.get("session")), None)
    return redirect("session-flow", asked) if asked else redirect("client-detail", episode.client_id)
