"""Open and reopen an episode."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients.forms import EpisodeForm
from clients.models import Client, Episode
from clients.services import episodes as services
from organisations.access import requires
from organisations.audit.record import record_access
from organisations.roles import Can
from organisations.services.local_day import today_in
from organisations.views.form_pages import form_page


@requires(Can.EDIT_CLIENT)
def episode_new(request, client_id):
    by = request.practitioner
    client = get_object_or_404(Client.objects.visible_to(by), pk=client_id)
    record_access("episode.new", [client.pk])
    form = EpisodeForm(request.POST or None, initial={"started_on": today_in(by.organisation)}, by=by, client=client)
    if request.method == "POST" and form.carry_out(services.open_episode, client=client, by=by):
        return redirect("client-detail", client.pk)
    earlier = list(Episode.objects.visible_to(by).filter(client=client).select_related("service").newest_first())
    return form_page(request, "clients/episode_form.html", form, client=client, earlier=earlier)


@require_POST
@requires(Can.EDIT_CLIENT)
def episode_reopen(request, episode_id):
    episode = get_object_or_404(Episode.objects.visible_to(request.practitioner), pk=episode_id)
    try:
        services.reopen_episode(episode=episode, by=request.practitioner)
        messages.success(request, _("The episode is open again."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("client-detail", episode.client_id)
