"""Error pages in our own words, without a query."""

from http import HTTPStatus

from django.http import HttpResponse
from django.template import loader
from django.utils.translation import gettext as _

from organisations.access import public
from organisations.problems import is_api, problem


def _page(request, status: int, template: str) -> HttpResponse:
    if is_api(request):
        return problem(status, HTTPStatus(status).phrase)
    context = {"request_id": getattr(request, "request_id", "")}
    return HttpResponse(loader.render_to_string(template, context), status=status)


@public
def bad_request(request, exception=None):
    return _page(request, 400, "400.html")


@public
def forbidden(request, exception=None):
    return _page(request, 403, "403.html")


@public
def not_found(request, exception=None):
    return _page(request, 404, "404.html")


@public
def too_large(request):
    return _page(request, 413, "413.html")


@public
def too_many(request, exception=None, *, wait: int = 60):
    """429, to be tried again after `wait` seconds."""
    response = _page(request, 429, "429.html")
    response["Retry-After"] = str(wait)
    return response


@public
def server_error(request):
    return _page(request, 500, "500.html")


def unavailable(request) -> HttpResponse:
    """503, to be tried again."""
    response = _page(request, 503, "503.html")
    response["Retry-After"] = "5"
    return response


def csrf_failure(request, reason=""):
    """The page was open too long or cookies are off: say so instead of a bare refusal."""
    context = {
        "request_id": getattr(request, "request_id", ""),
        "explanation": _("The page was open for too long. Go back, reload it and try again; nothing was saved."),
    }
    return HttpResponse(loader.render_to_string("403.html", context), status=403)
