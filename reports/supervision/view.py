"""One's own supervision as a curve, and that of colleagues who share theirs."""

from django.db.models import F
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from organisations.access import requires
from organisations.audit.record import record_access
from organisations.models import Practitioner
from organisations.roles import Can
from reports.client_page.small_charts import points_chart
from sessions_app.forms.supervision import ShareForm
from sessions_app.measures.instruments.registry import LASS
from sessions_app.models import SupervisionCase, SupervisionRating, SupervisionShare
from sessions_app.texts.verdict import points

MOST_CASES = 30


@requires(Can.RECORD_SESSION)
def supervision(request):
    """One's own ratings and with whom they are shared; names of colleagues who share theirs."""
    by = request.practitioner
    shares = SupervisionShare.objects.visible_to(by).open().order_by("since")
    own = list(SupervisionRating.objects.visible_to(by).filter(practitioner=by).oldest_first())
    context = {
        "cases": _cases(by, by),
        "ratings": _rows(own),
        "chart": _chart(own),
        "shares": shares.filter(practitioner=by).select_related("shared_with"),
        "share_form": ShareForm(by=by),
        "shared_with_me": shares.filter(shared_with=by).select_related("practitioner"),
    }
    return TemplateResponse(request, "reports/supervision.html", context)


@requires(Can.RECORD_SESSION)
def supervision_of(request, practitioner_id):
    """What a colleague shares; 404 where nothing is."""
    by = request.practitioner
    shares = SupervisionShare.objects.visible_to(by).open().filter(shared_with=by).select_related("practitioner")
    share = get_object_or_404(shares, practitioner=practitioner_id)
    shared = SupervisionRating.objects.visible_to(by).filter(practitioner=practitioner_id)
    ratings = list(shared.oldest_first())
    context = {"ratings": _rows(ratings), "chart": _chart(ratings), "colleague": share.practitioner}
    context["cases"] = _cases(share.practitioner, by)
    return TemplateResponse(request, "reports/supervision_of.html", context)


def _cases(whose: Practitioner, by: Practitioner) -> list[SupervisionCase]:
    """Somebody's cases for supervision as far as one may see them: those to bring first, then the latest."""
    rows = (
        SupervisionCase.objects.visible_to(by).standing().filter(practitioner=whose).select_related("episode__client")
    )
    cases = list(rows.order_by(F("brought_on").desc(nulls_first=True), "-created_at", "pk")[:MOST_CASES])
    record_access("supervision.case", {case.episode.client_id for case in cases})
    return cases


def _rows(ratings):
    """The newest first, with the total as it is read."""
    return [(rating, points(rating.total)) for rating in reversed(ratings)]


def _chart(ratings):
    if not ratings:
        return None
    measured = [(rating.held_on, rating.total, str(rating.pk)) for rating in ratings]
    return points_chart(measured, name="supervision-chart", title=_("Supervision"), top=LASS.total_max)
