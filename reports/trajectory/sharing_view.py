"""Administrators share expected courses with other organisations: publish, take in, put aside."""

import json

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from organisations.access import requires
from organisations.roles import Can
from organisations.views.undo import tell_done
from organisations.web.input_guard import takes_body
from reports.trajectory.sharing import LARGEST, SharedFileForm, own_fits, sharing_context
from sessions_app.models import PublishedCourse, SharedCourse
from sessions_app.services import shared_courses


@takes_body(LARGEST + 1024 * 1024)  # a little more than is taken, which the page then says itself
@requires(Can.SET_MEASURES)
def shared_expected_courses(request):
    """Own courses to publish, and those of others; a file that is uploaded is used from the next night on."""
    form = SharedFileForm(request.POST if request.method == "POST" else None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            kept = shared_courses.take_in(form.cleaned_data["file"].read(), request.practitioner)
        except ValidationError as error:
            form.add_error("file", error)
        else:
            undo = reverse("shared-course-put-aside", args=[kept.pk])
            tell_done(request, _("The course of “%(name)s” is used from tonight on.") % {"name": kept}, undo=undo)
            return redirect("shared-courses")
    context = {"form": form, **sharing_context(request.practitioner)}
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "reports/shared_courses.html", context, status=status)


@require_POST
@requires(Can.SET_MEASURES)
def publish_expected_course(request, fit_id):
    """Make the file of the newest own course of a stratum; it is made once, and then stays the same."""
    fit = next((fit for fit in own_fits(request.practitioner) if fit.pk == fit_id), None)
    if fit is None:
        raise Http404
    from sessions_app.services.course_publishing import publish  # brings numpy, which no other page needs

    try:
        publish(fit, request.practitioner)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The file is made. Whoever you give it to can use the course."))
    return redirect("shared-courses")


@require_safe
@requires(Can.SET_MEASURES)
def published_expected_course(request, published_course_id):
    """The file for other organisations."""
    row = get_object_or_404(PublishedCourse.objects.visible_to(request.practitioner), pk=published_course_id)
    answer = HttpResponse(json.dumps(row.document, indent=1, ensure_ascii=False), content_type="application/json")
    answer["Content-Disposition"] = 'attachment; filename="expected-course.json"'
    return answer


@require_POST
@requires(Can.SET_MEASURES)
def put_shared_course_aside(request, shared_course_id):
    """Use a file of others no longer."""
    row = _of_others(request, shared_course_id)
    shared_courses.put_aside(row, request.practitioner)
    undo = reverse("shared-course-use-again", args=[row.pk])
    tell_done(request, _("The course of “%(name)s” is put aside from tonight on.") % {"name": row}, undo=undo)
    return redirect("shared-courses")


@require_POST
@requires(Can.SET_MEASURES)
def use_shared_course_again(request, shared_course_id):
    """Use a file of others again that was put aside."""
    row = _of_others(request, shared_course_id)
    shared_courses.use_again(row, request.practitioner)
    undo = reverse("shared-course-put-aside", args=[row.pk])
    tell_done(request, _("The course of “%(name)s” is used from tonight on.") % {"name": row}, undo=undo)
    return redirect("shared-courses")


def _of_others(request, shared_course_id):
    return get_object_or_404(SharedCourse.objects.visible_to(request.practitioner), pk=shared_course_id)
