"""A request of another system enters by its token: never by a cookie."""

import contextlib

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header

from organisations.audit import origin
from organisations.history.tracking import enter
from organisations.tokens import service
from organisations.web.problems import problem
from organisations.web.rate_limits import Limit, address_of, whole_address_of
from organisations.web.scim_errors import is_scim, scim_error

SCHEME = "bearer"
REQUESTS = Limit("api", at_most=600, seconds=60)
WRONG = Limit("api-wrong", at_most=60, seconds=60)  # secrets that open nothing, from one address


def enter_by_bearer(request: HttpRequest) -> HttpResponse | None:
    """Set `request.api_token` and `request.practitioner`, and activate their organisation; 429 if that is too often.

    Without a token that opens, both stay None and the API answers 401.
    """
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != SCHEME or not secret:
        return None
    found = service.find_token(secret.strip())
    if found is None:  # a secret that opens is answered whatever else came from its address
        address = address_of(request)
        if wait := WRONG.wait(address):
            return too_many(request, wait)
        WRONG.spend(address)
        return None
    if wait := REQUESTS.spend(str(found.pk)):
        return too_many(request, wait)
    enter(found.organisation_id, {})
    token = service.load_token(found)
    if token is None:
        enter(None, {})
        return None
    _let_in(request, token)
    return None


def too_many(request: HttpRequest, wait: int) -> HttpResponse:
    """429: come back in `wait` seconds."""
    detail = _("Too many requests. Try again in %(seconds)d seconds.") % {"seconds": wait}
    headers = {"Retry-After": str(wait)}
    if is_scim(request):
        return scim_error(429, detail, headers=headers)
    return problem(429, "Too Many Requests", detail, headers=headers)


def _let_in(request: HttpRequest, token: service.ApiToken) -> None:
    practitioner, collected = token.practitioner, request.collected
    request.api_token, request.practitioner = token, practitioner
    collected.organisation_id, collected.practitioner_id = practitioner.organisation_id, practitioner.pk
    collected.role = practitioner.role
    origin.come_from(whole_address_of(request))
    enter(practitioner.organisation_id, collected.author)
    service.note_use(token)
    if not asks_for_known_language(request):
        translation.activate(practitioner.organisation.language)


def asks_for_known_language(request: HttpRequest) -> bool:
    """Whether Accept-Language names one of ours before it takes any: many programs send "*" by themselves."""
    for code, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()):
        if code == "*":
            return False
        with contextlib.suppress(LookupError):
            return bool(translation.get_supported_language_variant(code))
    return False
