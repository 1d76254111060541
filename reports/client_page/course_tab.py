"""The tab of a client's course: the sentence, the curves, the words, what is open."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from clients.models import Client, Episode
from clients.services.client_blocks import told_labels
from clients.services.due import due
from organisations.database.statements import written_once
from organisations.models import Practitioner
from organisations.services.local_day import today_in
from reports.client_page.alerts import dealt_with, situations_of
from reports.client_page.all_courses import courses_of, joined_courses
from reports.client_page.compared import compared_with
from reports.client_page.course import notes_of
from reports.client_page.episode_lines import episode_lines
from reports.client_page.other_measures import PeriodicForms, group_chart, periodic_of
from reports.client_page.own_files import own_files
from reports.client_page.page import ClientPage
from reports.client_page.parts import chart_of, words_of
from reports.client_page.rater_curves import raters_charts
from reports.client_page.record_head import record_head
from reports.client_page.state_line import has_state_line
from reports.trajectory.expected_course import version_before
from sessions_app.measures.instruments.by_age import own_forms
from sessions_app.measures.reading import Reading
from sessions_app.measures.series import Series
from sessions_app.models import Alert, AlertStep, Note, RecordFileKind
from sessions_app.services.alert_steps import steps_of
from sessions_app.services.courses import load_curves
from sessions_app.services.draft_rows import unfinished_of_client
from sessions_app.services.explanations import why_verdict
from sessions_app.services.own_words import may_read_words
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
        "raters": told_labels(client, _raters_of(client)),
        "waiting_answers": waiting_answer_rows(where_to_decide(client), {}),
        "drafts": unfinished_of_client(by, client),
        "today": today,
        "due": due(client, episode, today),
    }
    return context | (_of_episode(page, episode) if episode else {})


@written_once
def _raters_of(client: Client):
    return client.raters.active()


def _of_episode(page: ClientPage, episode: Episode) -> dict[str, Any]:
    """What an episode says: sentence, curve, words, alerts; read with an earlier expected course if one is named."""
    by, version = page.by, page.trajectory
    earlier = int(version) if version.isascii() and version.isdigit() and len(version) < 6 else None
    standards = load_standards(episode.organisation_id, version=earlier)
    curves, notes = load_curves(episode, standards), notes_of(episode, by)
    series = curves[0].series  # the main one of the running period
    reading = Reading(series)
    alerts = _alerts(by, episode)
    steps = steps_of(alerts, episode, reading.series.of.outcome)
    periodic = periodic_of(episode, standards)
    return {
        "episode_lines": episode_lines(page.episodes, standards, today_in(by.organisation)),
        "periodic": periodic,
        **_course(page, episode, series, notes, periodic),
        **(_made_at_the_end(by, episode) if episode.ended_on else {}),
        "group_chart": group_chart(episode),
        "own": own_forms(series.of.band),
        "said": say(reading.verdict),
        "why": why_verdict(reading),
        "joined": joined_courses(courses_of(episode, curves), name="of-ages"),
        "record": record_head(
            episode.client, by.organisation, day=today_in(by.organisation), rules_version=series.rules.version
        ),
        "offers_state": has_state_line(series),
        "raters_charts": raters_charts(episode, curves),
        "offered": BAND_NAMES.get(offered_band(episode, today_in(by.organisation)) or ""),
        "words": words_of(series, notes),
        "words_closed": not may_read_words(by, episode.client),
        "situations": situations_of(alerts, reading, steps) if episode.counts else (),
        "dealt_with": dealt_with(alerts, reading, steps),
        "read_earlier": earlier is not None,
        "trajectory_before": version_before(series),
    }


@written_once
def _alerts(by: Practitioner, episode: Episode):
    """The open ones, and those about which somebody did something."""
    followed = Exists(AlertStep.objects.filter(alert=OuterRef("pk")))
    found = Alert.objects.visible_to(by).filter(followed | Q(closed_on=None), episode=episode)
    return found.select_related("acknowledged_by")


def _made_at_the_end(by: Practitioner, episode: Episode) -> dict[str, Any]:
    """Everything of an ended episode as a file, while it is there; and where the page is that tells how far it is."""
    kind = RecordFileKind.EPISODE
    return own_files(by, episode, kind) | {"files_title": kind.label, "query": f"episode={episode.pk}"}


def _course(
    page: ClientPage, episode: Episode, series: Series, notes: dict[UUID, dict[str, Note]], periodic: PeriodicForms
) -> dict[str, Any]:
    """The chart as somebody wants to see it."""
    compared = compared_with(episode, periodic) if page.compares else ()
    how = {"with_state": page.with_state, "by_date": page.by_date}
    shown = chart_of(episode, series, notes=notes, compared=compared, **how)
    return {"chart": shown, "by_date": page.by_date, "compares": page.compares}
