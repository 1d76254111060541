"""The cases that are open to a consultant, and one of them: the curves, what they say, the client's words; no name and
no reference."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from clients.models import Episode
from clients.services.identities import without_names
from organisations.access import requires
from organisations.audit.record import record_access
from organisations.models import Practitioner
from organisations.roles import Can
from reports.client_page.alerts import Situation, situations_of
from reports.client_page.course import chart_series, notes_of
from reports.client_page.events import named_only
from reports.client_page.large_curve import LargeCurve, beside, large_curve
from reports.client_page.parts import OwnWords, words_of
from sessions_app.measures.instruments.registry import FAMILY
from sessions_app.measures.reading import Reading
from sessions_app.measures.series import Series
from sessions_app.models import OpenedCase, TeamQuestion, WaitsFor
from sessions_app.services.courses import load_series
from sessions_app.services.opened_cases import questions_to
from sessions_app.texts.verdict import VerdictText, say

MOST_WORDS = 6
PAGE = 50


@dataclass(frozen=True)
class CaseForConsultant:
    """All that is shown; nothing in it leads to the client."""

    case: OpenedCase
    said: VerdictText
    curve: LargeCurve
    beside: str
    situations: Sequence[Situation]
    words: Sequence[OwnWords]
    questions: Sequence[tuple[TeamQuestion, str]]


@require_safe
@requires(Can.READ_OPENED_CASES)
def consultant_cases(request):
    """By number, those with a question that waits first."""
    asked = Q(questions__withdrawn_at=None, questions__waits_for=WaitsFor.ANSWER)
    rows = OpenedCase.objects.visible_to(request.practitioner).annotate(waiting=Count("questions", filter=asked))
    rows = rows.select_related("opened_by", "episode").order_by("-waiting", "until", "number")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    record_access("consultant.list", {case.episode.client_id for case in page}, purpose="opened")
    return TemplateResponse(request, "reports/consultant_cases.html", {"page": page})


@require_safe
@requires(Can.READ_OPENED_CASES)
def consultant_case(request, opened_case_id):
    """404 once it is closed, its day is past, or the client has said no."""
    by = request.practitioner
    rows = OpenedCase.objects.visible_to(by).select_related("episode__client__organisation", "opened_by")
    case = get_object_or_404(rows, pk=opened_case_id)
    record_access("consultant.view", [case.episode.client_id], purpose="opened")
    return TemplateResponse(request, "reports/consultant_case.html", {"shown": _shown(case, by), "case": case})


def _shown(case: OpenedCase, by: Practitioner) -> CaseForConsultant:
    episode, client = case.episode, case.episode.client
    series = load_series([episode])[episode.pk]
    reading = Reading(series)
    words = words_of(series, notes_of(episode, None), most=MOST_WORDS)
    asked = questions_to(by).filter(opened_case=case).order_by("-asked_at", "pk")
    return CaseForConsultant(
        case=case,
        said=say(reading.verdict),
        curve=_curve(episode, series),
        beside=beside(episode),
        situations=situations_of([], reading, {}),
        words=[replace(one, text=without_names(one.text, client)) for one in words],
        questions=[(question, without_names(question.text, client)) for question in asked.select_related("asked_by")],
    )


def _curve(episode: Episode, series: Series) -> LargeCurve:
    if not series.sessions:
        return LargeCurve()
    course = named_only(chart_series(episode, series, notes={}))
    return large_curve(course, with_srs=FAMILY[series.of.alliance].scored)
