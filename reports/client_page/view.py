"""One client: the sentence, the curves, the words, what is open."""

from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from clients.models import Client, Episode
from clients.services.due import due
from organisations.access import requires
from organisations.audit.record import record_access
from organisations.roles import Can
from organisations.services.local_day import today_in
from reports.client_page.course import notes_of
from reports.client_page.other_measures import group_chart, wellbeing_of
from reports.client_page.parts import alerts_of, chart_of, why_of, words_of
from reports.client_page.rater_curves import raters_charts
from reports.trajectory.expected_course import version_before
from sessions_app.measures.instruments.by_age import own_forms
from sessions_app.measures.verdict.verdict import verdict
from sessions_app.models import Alert
from sessions_app.services.courses import load_curves
from sessions_app.services.draft_rows import unfinished_of
from sessions_app.services.pending_answers import where_to_decide
from sessions_app.services.series_by_age import offered_band
from sessions_app.services.session_steps import waiting_answer_rows
from sessions_app.standards.loading import load_standards
from sessions_app.texts.instruments import BAND_NAMES
from sessions_app.texts.verdict import say


@requires(Can.VIEW_CLIENT)
def client_detail(request, client_id):
    """The newest open episode, or the one named by `episode`."""
    by = request.practitioner
    found = Client.objects.visible_to(by).select_related("contact", "second_contact")
    client = get_object_or_404(found, pk=client_id)
    record_access("client.view", [client.pk])
    episodes = list(
        Episode.objects.visible_to(by).filter(client=client).select_related("service", "client").newest_first()
    )
    episode = _chosen(episodes, request.GET.get("episode"))
    context = {
        "client": client,
        "teams": client.teams.order_by("name"),
        "raters": client.raters.active(),
        "episodes": episodes,
        "episode": episode,
        "waiting_answers": waiting_answer_rows(where_to_decide(client), {}),
        "unfinished": unfinished_of(by, session__client=client),
        "today": today_in(by.organisation),
        "due": due(client, episode, today_in(by.organisation)),
    }
    if episode:
        context |= _course(episode, by, request.GET.get("trajectory", ""))
    return TemplateResponse(request, "reports/client_detail.html", context)


def _chosen(episodes, wanted):
    return next((episode for episode in episodes if str(episode.pk) == wanted), episodes[0] if episodes else None)


def _course(episode, by, version):
    """What an episode says: sentence, curve, words, alerts; read with an earlier expected course if one is named."""
    earlier = int(version) if version.isascii() and version.isdigit() and len(version) < 6 else None
    standards = load_standards(episode.organisation_id, version=earlier)
    curves, notes = load_curves(episode, standards), notes_of(episode)
    series = curves[0].series  # the main one of the running period
    alerts = Alert.objects.visible_to(by).filter(episode=episode).open()
    return {
        "wellbeing": wellbeing_of(episode, standards),
        "group_chart": group_chart(episode),
        "own": own_forms(series.of.band),
        "said": say(verdict(series)),
        "why": why_of(series),
        "chart": chart_of(episode, series, notes=notes),
        "raters_charts": raters_charts(episode, curves),
        "offered": BAND_NAMES.get(offered_band(episode, today_in(by.organisation)) or ""),
        "words": words_of(series, notes),
        "alerts": alerts_of(alerts, series) if episode.counts else (),
        "read_earlier": earlier is not None,
        "trajectory_before": version_before(series),
    }
