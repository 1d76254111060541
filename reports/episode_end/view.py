"""End an episode: the whole course, how it ended, what becomes of what is open."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.models import Episode
from organisations.access import keeps_typed, requires
from organisations.audit.record import record_access
from organisations.roles import Can
from organisations.services.local_day import today_in
from organisations.views.form_pages import form_page, tell_kept
from organisations.views.undo import tell_done
from reports.episode_end.page import WholeCourse, read_whole_course
from sessions_app.forms.episode_ending import CourseEndingForm
from sessions_app.services.episode_endings import end_course
from sessions_app.services.follow_up_measures import form_of


@keeps_typed
@requires(Can.END_EPISODE)
def episode_end(request, episode_id):
    """One page and one button; what it did can be taken back by the button beside the sentence."""
    by = request.practitioner
    rows = Episode.objects.visible_to(by).select_related("client__organisation", "service")
    episode = get_object_or_404(rows, pk=episode_id)
    record_access("episode.end_form", [episode.client_id])
    course = read_whole_course(episode, by)
    form = _form(request, episode, course)
    if request.method == "POST" and form.carry_out(end_course, episode=episode, by=by):
        tell_done(request, _("The episode has ended."), undo=reverse("episode-reopen", args=[episode.pk]))
        tell_kept(request, form)
        return redirect(reverse("client-detail", args=[episode.client_id], query={"episode": episode.pk}))
    context = {"client": episode.client, "episode": episode, "course": course, "chart": course.chart}
    return form_page(request, "reports/episode_end.html", form, **context)


def _form(request: HttpRequest, episode: Episode, course: WholeCourse) -> CourseEndingForm:
    organisation = episode.client.organisation
    return CourseEndingForm(
        request.POST if request.method == "POST" else None,
        episode=episode,
        today=today_in(organisation),
        organisation=organisation,
        left_open=course.left_open,
        appointment=episode.client.next_on,
        proposed=course.proposed,
        can_follow_up=form_of(episode.client) is not None,
    )
