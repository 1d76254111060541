"""What practitioner and client look at together when the screen is turned: the curve, the words, what is next."""

from datetime import date
from typing import Any

from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import formats
from django.utils.translation import gettext as _

from clients.models import Client, Episode
from organisations.access import for_client_eyes, requires
from organisations.audit.record import record_access
from organisations.models import Practitioner
from organisations.roles import Can
from organisations.services.local_day import today_in
from organisations.web.cover import cover
from reports.client_page.chart_axis import by_date
from reports.client_page.course import notes_of
from reports.client_page.page import chosen_episode, episodes_of
from reports.client_page.parts import chart_of, words_of
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.measures.reading import Reading
from sessions_app.measures.series import Series
from sessions_app.services.courses import load_curves
from sessions_app.texts.points import points
from sessions_app.texts.verdict import say


@for_client_eyes
@requires(Can.VIEW_CLIENT)
def client_together(request, client_id):
    """The client's page for the client's eyes: nothing that is written for staff. Until it is left by its button,
    pages of the staff are covered.
    """
    by = request.practitioner
    client = get_object_or_404(Client.objects.visible_to(by).select_related("contact"), pk=client_id)
    record_access("client.view", [client.pk])
    cover(request.session)
    episode = chosen_episode(episodes_of(by, client), request.GET.get("episode"))
    today = today_in(by.organisation)
    context = {
        "client": client,
        "episode": episode,
        "for_client": True,
        "is_agreed": client.next_on is not None and client.next_on >= today,
    }
    shown = _course(episode, by, by_date=by_date(request))
    return TemplateResponse(request, "reports/client_together.html", context | shown)


def _course(episode: Episode | None, by: Practitioner, *, by_date: bool) -> dict[str, Any]:
    """Sentence, curve and words of an episode; empty where there is no session yet."""
    if episode is None:
        return {}
    series, notes = load_curves(episode)[0].series, notes_of(episode, by)
    headline, numbers = _said(series, is_today=_is_marked_on(series, today_in(by.organisation)))
    return {
        "headline": headline,
        "numbers": numbers,
        "chart": chart_of(episode, series, notes=notes, to_client=True, by_date=by_date),
        "words": words_of(series, notes),
    }


def _is_marked_on(series: Series, day: date) -> bool:
    marked = [session for session, _total in series.ors_totals()]
    return bool(marked) and marked[-1].held_on == day


def _said(series: Series, *, is_today: bool) -> tuple[str, str]:
    """To the client: right after the form what the result page says; on another day where it began and where it is."""
    if is_today and FormKey(series.of.outcome, series.of.rater).by_client:
        said = say(Reading(series).verdict)
        return said.result, said.result_detail
    marked = series.ors_totals()
    if not marked:
        return _("This is how it has gone so far."), ""
    (first, intake), (latest, score) = marked[0], marked[-1]
    given = {"score": points(score), "day": formats.date_format(latest.held_on, "MONTH_DAY_FORMAT")}
    if first is latest:
        return _("This is how it began."), _("%(score)s on %(day)s.") % given
    given["intake"] = points(intake)
    return _("This is how it has gone so far."), _("%(score)s on %(day)s. At the start %(intake)s.") % given
