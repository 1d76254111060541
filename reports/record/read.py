"""An episode as a request asks for it: looked up, put on record, read."""

from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from clients.models import Episode
from organisations.audit.record import record_access
from organisations.services.local_day import today_in
from reports.record.content import RecordContent, read_content
from reports.record.form import RecordForm
from sessions_app.services.own_words import may_share_words


def episode_asked(request: HttpRequest, episode_id: UUID, action: str) -> Episode:
    """An episode that the practitioner may see, else 404; the access is recorded as `action`."""
    found = Episode.objects.visible_to(request.practitioner).select_related(
        "client__organisation", "client__contact", "service"
    )
    episode = get_object_or_404(found, pk=episode_id)
    record_access(action, [episode.client_id])
    return episode


def read_asked(request: HttpRequest, episode_id: UUID, action: str) -> RecordContent:
    """The episode with the choices of the address."""
    episode = episode_asked(request, episode_id, action)
    choice = RecordForm(request.GET, episode=episode).choice
    today = today_in(request.practitioner.organisation)
    return read_content(episode, choice, day=today, may_share=may_share_words(episode.client), by=request.practitioner)
