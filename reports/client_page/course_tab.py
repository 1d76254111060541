"""The tab of a client's course: the sentence, the curves, the words, what is open."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from clients.models import Episode
from clients.services.due import due
from organisations.models import Practitioner
from organisations.services.local_day import today_in
from reports.client_page.alerts import dealt_with, situations_of
from reports.client_page.course import notes_of
from reports.client_page.other_measures import group_chart, periodic_of
from reports.client_page.page import ClientPage
from reports.client_page.parts import chart_of, words_of
from reports.client_page.rater_curves import raters_charts
from reports.client_page.record_head import record_head
from reports.client_page.state_line import has_state_line
from reports.trajectory.expected_course import version_before
from sessions_app.measures.instruments.by_age import own_forms
from sessions_app.measures.reading import Reading
from sessions_app.models import Alert, AlertStep
from sessions_app.services.alert_steps import steps_of
from sessions_app.services.courses import load_curves
from sessions_app.services.draft_rows import unfinished_of
from sessions_app.services.explanations import why_verdict
from sessions_app.services.pending_answers import where_to_decide
from sessions_app.services.series_by_age import offered_band
from sessions_app.services.session_steps import waiting_answer_rows
from sessions_app.standards.loading import load_standards
from sessions_app.texts.instruments import BAND_NAMES
from sessions_app.texts.verdict import say


def read_course(page: ClientPage) -> dict[str, Any]:
    """What the tab's template shows of the client, and of the episode where there is one."""
    by, client, episode = page.by, page.client, page.episode
    today = today_in(by.organisation)
    context = {
        "raters": client.raters.active(),
        "episodes": page.episodes,
        "waiting_answers": waiting_answer_rows(where_to_decide(client), {}),
        "drafts": unfinished_of(by, session__client=client),
        "today": today,
        "due": due(client, episode, today),
    }
    return context | (_of_episode(episode, by, page.trajectory, with_state=page.with_state) if episode else {})


def _of_episode(episode: Episode, by: Practitioner, version: str, *, with_state: bool) -> dict[str, Any]:
    """What an episode says: sentence, curve, words, alerts; read with an earlier expected course if one is named."""
    earlier = int(version) if version.isascii() and version.isdigit() and len(version) < 6 else None
    standards = load_standards(episode.organisation_id, version=earlier)
    curves, notes = load_curves(episode, standards), notes_of(episode)
    series = curves[0].series  # the main one of the running period
    reading = Reading(series)
    alerts = list(
        Alert.objects.visible_to(by)
        .filter(Exists(AlertStep.objects.filter(alert=OuterRef("pk"))) | Q(closed_on=None), episode=episode)
        .select_related("acknowledged_by")
    )
    steps = steps_of(alerts, episode, reading.series.of.outcome)
    return {
        "periodic": periodic_of(episode, standards),
        "group_chart": group_chart(episode),
        "own": own_forms(series.of.band),
        "said": say(reading.verdict),
        "why": why_verdict(reading),
        "chart": chart_of(episode, series, notes=notes, with_state=with_state),
        "record": record_head(
            episode.client, by.organisation, day=today_in(by.organisation), rules_version=series.rules.version
        ),
        "offers_state": has_state_line(series),
        "raters_charts": raters_charts(episode, curves),
        "offered": BAND_NAMES.get(offered_band(episode, today_in(by.organisation)) or ""),
        "words": words_of(series, notes),
        "situations": situations_of(alerts, reading, steps) if episode.counts else (),
        "dealt_with": dealt_with(alerts, reading, steps),
        "read_earlier": earlier is not None,
        "trajectory_before": version_before(series),
    }
