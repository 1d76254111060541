"""Error pages in our own words, without a query."""

import errno
import sys
from http import HTTPStatus

from django.db import OperationalError
from django.http import HttpResponse
from django.template import loader
from django.utils.translation import gettext as _

from organisations.access import public
from organisations.models import CapabilityKind
from organisations.web.problems import is_api, problem
from organisations.web.scim_errors import is_scim, scim_error

FULL = (errno.ENOSPC, errno.EDQUOT)


def _page(request, status: int, template: str) -> HttpResponse:
    if is_scim(request):
        return scim_error(status)
    if is_api(request):
        return problem(status, HTTPStatus(status).phrase)
    context = {"request_id": getattr(request, "request_id", "")}
    return HttpResponse(loader.render_to_string(template, context), status=status)


@public
def bad_request(request, exception=None):
    # Django's words for a session that could not be written: a full disk too.
    return unavailable(request) if is_passing(exception) else _page(request, 400, "400.html")


@public
def forbidden(request, exception=None):
    return _page(request, 403, "403.html")


@public
def not_found(request, exception=None):
    """404; whoever followed a link with a token is seldom staff, and is told whom to ask for a new one."""
    match = getattr(request, "resolver_match", None)
    by_token = match is not None and getattr(match.func, "capability", None)
    return _page(request, 404, "404_link.html" if by_token else "404.html")


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
    """500; 503 where trying again can help. Called while the error is being handled, wherever it came from."""
    return unavailable(request) if is_passing(sys.exc_info()[1]) else _page(request, 500, "500.html")


def is_passing(error: BaseException | None) -> bool:
    """Whether it is no fault of the program's, and may be over soon: a full disk, a database that cannot just now."""
    while error is not None:
        if isinstance(error, OperationalError) or (isinstance(error, OSError) and error.errno in FULL):
            return True
        error = error.__cause__ or error.__context__
    return False


def unavailable(request) -> HttpResponse:
    """503, to be tried again."""
    response = _page(request, 503, "503.html")
    response["Retry-After"] = "5"
    return response


def is_shut(capability, method: str) -> bool:
    """Whether a link opens nothing since its organisation is suspended; an answer that is being sent is still taken."""
    return capability.is_suspended and (method in ("GET", "HEAD") or capability.kind == CapabilityKind.INVITATION)


def suspended(request) -> HttpResponse:
    """403 for whoever follows a link of an organisation that is shut for the time being."""
    return _page(request, 403, "403_suspended.html")


def csrf_failure(request, reason=""):
    """The page was open too long or cookies are off: say so instead of a bare refusal."""
    context = {
        "request_id": getattr(request, "request_id", ""),
        "explanation": _("The page was open for too long. Go back, reload it and try again; nothing was saved."),
    }
    return HttpResponse(loader.render_to_string("403.html", context), status=403)
