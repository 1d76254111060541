"""The expected course: from whom it was learnt, whether its bands hold, its versions beside each other."""

from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from organisations.access import requires
from organisations.roles import Can
from reports.trajectory.calibration import trust_rows
from reports.trajectory.versions import VersionsForm, fits_with_a_course
from sessions_app.models import TrajectoryFit


@requires(Can.SEE_TODAY, Can.SET_MEASURES)
def expected_course(request):
    """Each stratum's newest fit with its check; counts only, no client's marks."""
    fits = TrajectoryFit.objects.visible_to(request.practitioner).current()
    context = {"rows": trust_rows(fits), "may_share": request.practitioner.can(Can.SET_MEASURES)}
    return TemplateResponse(request, "reports/expected_course.html", context)


@require_safe
@requires(Can.SEE_TODAY, Can.SET_MEASURES)
def expected_course_versions(request):
    """`of`, `newer` and `older` choose; 422 where there is no such version."""
    fits = fits_with_a_course(request.practitioner)
    if not fits:
        return TemplateResponse(request, "reports/expected_course_versions.html", {})
    form = VersionsForm(request.GET, fits=fits)
    context = {"form": form, "compared": form.compared() if form.is_valid() else None}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "reports/expected_course_versions.html", context, status=status)
