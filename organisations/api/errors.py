"""Every refusal as problem+json, with the sentences that the pages show."""

from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, RequestDataTooBig, ValidationError
from django.db import IntegrityError
from django.db.models import Model
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.views import set_rollback

from organisations.edits.versions import StoredMeanwhile
from organisations.web.problems import problem

# Of a service's refusals those that say: somebody was here before you.
OVERTAKEN = frozenset({"answered", "changed", "decided", "voided"})
TAKEN = "used"  # another row has the id that was sent along
IN_NO_FIELD = (NON_FIELD_ERRORS, "non_field_errors")


class Conflict(Exception):
    """409: something else is stored meanwhile; `more` tells what. Nothing was changed."""

    def __init__(self, detail: str, **more: Any):
        super().__init__(detail)
        self.detail, self.more = detail, more


class TooLarge(exceptions.APIException):
    status_code = 413
    default_detail = "The body is larger than 256 KB."


def as_json(value: Any) -> Any:
    """A stored value as a resource shows it: rows by their ids."""
    if isinstance(value, list):
        return [as_json(one) for one in value]
    return value.pk if isinstance(value, Model) else value


def title_of(status: int) -> str:
    """The name of a status."""
    return HTTPStatus(status).phrase


def as_problem(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """The answer to an expected error; None for any other, which is a 500. What was written is undone."""
    set_rollback()
    if isinstance(error, ValidationError):
        return _of_service(error, context.get("view"))
    if isinstance(error, exceptions.ValidationError):
        return invalid(dict(_flat(error.detail)))
    if isinstance(error, Conflict):
        return problem(409, title_of(409), error.detail, **error.more)
    if isinstance(error, StoredMeanwhile):
        told = _("Other values are stored since. Nothing was changed.")
        names = [name for unit in error.undecided for name in unit]
        return problem(409, title_of(409), told, theirs={name: as_json(error.stored[name]) for name in names})
    if isinstance(error, IntegrityError):
        return problem(409, title_of(409), _("This id is taken."))
    return _of_http(error)


def invalid(errors: dict[str, list[str]], status: int = 422) -> HttpResponse:
    """422 with its sentences by field; those about no field are the detail."""
    general = [sentence for key in IN_NO_FIELD for sentence in errors.pop(key, [])]
    detail = " ".join(general) or _("The request was not carried out. Look at the fields.")
    return problem(status, title_of(status), detail, errors=errors)


def _of_service(error: ValidationError, view: Any) -> HttpResponse:
    if hasattr(error, "error_dict"):
        return invalid(_as_asked(error.message_dict, view))
    codes = {getattr(one, "code", None) for one in error.error_list}
    if TAKEN in codes:
        return problem(409, title_of(409), _("This id is taken."))
    return invalid({NON_FIELD_ERRORS: error.messages}, 409 if codes & OVERTAKEN else 422)


def _as_asked(errors: Mapping[str, Iterable[Any]], view: Any) -> dict[str, list[str]]:
    """A service's sentences beside the fields that the request can have; the others are about none of them."""
    asked, names = getattr(view, "asked_fields", None), getattr(view, "field_names", {})
    found: dict[str, list[str]] = {}
    for key, sentences in errors.items():
        name = names.get(key, key)
        known = asked is None or name.partition(".")[0] in asked
        found.setdefault(name if known else NON_FIELD_ERRORS, []).extend(map(str, sentences))
    return found


def _of_http(error: Exception) -> HttpResponse | None:
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    elif isinstance(error, RequestDataTooBig):
        error = TooLarge()
    if not isinstance(error, exceptions.APIException):
        return None
    headers = {"WWW-Authenticate": error.auth_header} if getattr(error, "auth_header", None) else {}
    return problem(error.status_code, title_of(error.status_code), str(error.detail), headers=headers)


def _flat(detail: Any, path: str = "") -> Iterator[tuple[str, list[str]]]:
    """{"answers": {0: [...]}} as ("answers.0", [...])."""
    if isinstance(detail, dict):
        for key, inner in detail.items():
            yield from _flat(inner, f"{path}.{key}" if path else str(key))
    elif detail and isinstance(detail, list) and isinstance(detail[0], dict | list):
        for place, inner in enumerate(detail):
            yield from _flat(inner, f"{path}.{place}")
    elif detail:
        yield path or NON_FIELD_ERRORS, [str(sentence) for sentence in detail]
