"""All episodes of a client in one picture: joined by date, or side by side."""

from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from clients.models import Client
from organisations.access import requires
from organisations.audit.record import record_access
from organisations.roles import Can
from reports.client_page.all_courses import courses_of, joined_courses, side_pictures
from reports.client_page.page import episodes_of
from sessions_app.services.courses import load_all_curves

SIDE = "side"


@requires(Can.VIEW_CLIENT)
def client_courses(request, client_id):
    """The courses of the episodes that one may see, the oldest first: `view` is "side", or they are joined by date."""
    by = request.practitioner
    client = get_object_or_404(Client.objects.visible_to(by), pk=client_id)
    record_access("client.view", [client.pk])
    episodes = episodes_of(by, client)
    curves = load_all_curves(episodes)
    found = [course for episode in reversed(episodes) for course in courses_of(episode, curves[episode.pk])]
    found.sort(key=lambda course: (course.line.days[0], course.line.days[-1]))
    is_side = request.GET.get("view") == SIDE
    context = {
        "client": client,
        "courses": found,
        "is_side": is_side,
        "side": side_pictures(found) if is_side or len(found) == 1 else (),
        "joined": None if is_side else joined_courses(found, name="all-courses"),
    }
    return TemplateResponse(request, "reports/client_courses.html", context)
