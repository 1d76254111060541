"""A client who was opened in an emergency: who helps them, the curves, what they say, the client's words. Read only."""

from dataclasses import dataclass
from typing import Any

from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from clients.models import Client, Episode
from organisations.access import requires
from organisations.audit.record import record_access
from organisations.roles import Can
from reports.client_page.alerts import Situation, situations_of
from reports.client_page.course import chart_series, notes_of
from reports.client_page.large_curve import LargeCurve, large_curve
from reports.client_page.parts import OwnWords, words_of
from sessions_app.measures.instruments.registry import FAMILY
from sessions_app.measures.reading import Reading
from sessions_app.services.courses import load_series
from sessions_app.services.emergency_accesses import open_of
from sessions_app.texts.verdict import VerdictText, say

MOST_WORDS = 6


@dataclass(frozen=True)
class EmergencyCase:
    """What is shown of the newest episode."""

    episode: Episode
    said: VerdictText
    curve: LargeCurve
    situations: list[Situation]
    words: list[OwnWords]


@require_safe
@requires(Can.OPEN_EMERGENCY)
def emergency_client(request, emergency_access_id):
    """404 once it is closed or its hours are over, and for anybody but whoever opened it."""
    rows = open_of(request.practitioner).select_related("client__contact__user", "client__second_contact__user")
    access = get_object_or_404(rows, pk=emergency_access_id)
    client = access.client
    record_access("emergency.view", [client.pk], purpose=f"emergency {access.reason}")
    with_words = request.practitioner.can(Can.READ_WORDS)
    context: dict[str, Any] = {"access": access, "client": client, "shown": _shown(client, with_words=with_words)}
    context["in_danger"] = client.organisation.emergency_text
    return TemplateResponse(request, "reports/emergency_client.html", context)


def _shown(client: Client, *, with_words: bool) -> EmergencyCase | None:
    episode = client.episodes.select_related("client__organisation", "service").newest_first().first()
    if episode is None:
        return None
    series = load_series([episode])[episode.pk]
    reading, notes = Reading(series), notes_of(episode, None) if with_words else {}
    curve = LargeCurve()
    if series.sessions:
        course = chart_series(episode, series, notes={})
        curve = large_curve(course, with_srs=FAMILY[series.of.alliance].scored)
    return EmergencyCase(
        episode=episode,
        said=say(reading.verdict),
        curve=curve,
        situations=list(situations_of([], reading, {})),
        words=words_of(series, notes, most=MOST_WORDS),
    )
