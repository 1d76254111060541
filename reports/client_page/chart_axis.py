"""Whether charts show sessions by date: as the address says, else as it was chosen in this browser."""

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from organisations.access import requires
from organisations.roles import Can

DATE, SESSION = "date", "session"
REMEMBERED_DAYS = 400  # browsers keep nothing longer


def by_date(request: HttpRequest) -> bool:
    """Whether the axis is the calendar; what nobody offers is not chosen."""
    asked = request.GET.get("axis", "")
    if asked in (DATE, SESSION):
        return asked == DATE
    return request.COOKIES.get(settings.CHART_COOKIE_NAME) == DATE


@require_POST
@requires(Can.VIEW_CLIENT)
def chart_axis(request):
    """Remember the axis in this browser, and go on to the page of this site in `next`."""
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    response = redirect(wanted if is_ours else "/")
    response.set_cookie(
        settings.CHART_COOKIE_NAME,
        DATE if request.POST.get("axis") == DATE else SESSION,
        max_age=REMEMBERED_DAYS * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
