"""The expected course: from whom it was learnt, whether its bands hold, and how far its middle may lie elsewhere."""

from django.template.response import TemplateResponse

from organisations.access import requires
from organisations.roles import Can
from reports.trajectory.calibration import trust_rows
from sessions_app.models import TrajectoryFit


@requires(Can.SEE_TODAY, Can.SET_MEASURES)
def expected_course(request):
    """Each stratum's newest fit with its check; counts only, no client's marks."""
    fits = TrajectoryFit.objects.visible_to(request.practitioner).current()
    context = {"rows": trust_rows(fits)}
    return TemplateResponse(request, "reports/expected_course.html", context)
