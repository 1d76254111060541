"""One's own development, and that of colleagues who show it."""

from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from organisations.access import requires
from organisations.audit.record import record_access
from organisations.models import Practitioner
from organisations.roles import Can
from organisations.services.local_day import today_in
from reports.development.figures import read_figures
from reports.learning.steps import ROUNDS, steps_of
from sessions_app.forms.practice_goal import PracticeGoalForm
from sessions_app.measures.results.suppression import INSIDE
from sessions_app.models import PracticeGoal, SupervisionShare


@require_safe
@requires(Can.RECORD_SESSION)
def development(request):
    """One's own quarters, goals and steps, and who is shown them."""
    by = request.practitioner
    shares = SupervisionShare.objects.visible_to(by).open().order_by("since")
    context = _of(by, by) | {
        "form": PracticeGoalForm(today=today_in(by.organisation)),
        "person": steps_of(Practitioner.objects.visible_to(by).filter(pk=by.pk))[0],
        "rounds": ROUNDS,
        "shares": shares.filter(practitioner=by).select_related("shared_with"),
        "shown_to_me": shares.filter(shared_with=by, with_development=True).select_related("practitioner"),
    }
    return TemplateResponse(request, "reports/development.html", context)


@require_safe
@requires(Can.RECORD_SESSION)
def development_of(request, practitioner_id):
    """What a colleague shows; 404 where nothing is."""
    by = request.practitioner
    shown = SupervisionShare.objects.visible_to(by).open().filter(shared_with=by, with_development=True)
    share = get_object_or_404(shown.select_related("practitioner__organisation"), practitioner=practitioner_id)
    context = _of(share.practitioner, by) | {"colleague": share.practitioner}
    return TemplateResponse(request, "reports/development_of.html", context)


def _of(whose: Practitioner, by: Practitioner) -> dict:
    """Figures of at least INSIDE clients tell about none of them: they are on record without clients, as results."""
    record_access("development", ())
    goals = PracticeGoal.objects.visible_to(by).filter(practitioner=whose).order_by("reached_on", "-set_on", "pk")
    figures = read_figures(whose, today_in(whose.organisation))
    return {"figures": figures, "goals": list(goals), "fewest": INSIDE}
