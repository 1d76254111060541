"""Clients whose data are kept and not used for now: another system reads and changes nothing of them.

Who knows which those are stands above this app, and registers it here.
"""

from collections.abc import Callable, Collection
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions

_registered: list[Callable[[], QuerySet]] = []


class UnusedData(exceptions.APIException):
    """403: a person may read them with a reason; a system has none to give."""

    status_code = 403
    default_detail = _("This client's data are kept and not used for now. A team lead can end that.")


def register_unused(keys: Callable[[], QuerySet]) -> None:
    """Called once, when the app of the clients is ready: `keys()` are one column, the clients' keys."""
    _registered.append(keys)


def without_unused(rows: QuerySet, client_path: str) -> QuerySet:
    """The rows of a list, without those of clients whose data are not used."""
    for keys in _registered:
        rows = rows.exclude(**{f"{client_path.replace('.', '__')}__in": keys()})
    return rows


def refuse_unused(clients: Collection[UUID]) -> None:
    """UnusedData if one of these clients' data are not used; one query."""
    for keys in _registered:
        if clients and keys().filter(client__in=clients).exists():
            raise UnusedData()
