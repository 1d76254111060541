"""All rows of a client as one file for the archive, before they are erased."""

import base64
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from clients.models import Client, WordKey
from clients.services.subject_graph import subject_ids, subject_tables


def archive_of(client: Client) -> bytes:
    """JSON: {table: [{column: value}]} of everything that hangs on the client, with what stood there before.

    Words are opened: the archive has no key, and ours goes with the client.
    """
    ids = subject_ids(client)
    found: dict[str, list[dict[str, Any]]] = {}
    for table in subject_tables():
        if table.model is WordKey:
            continue
        keys = ids[table.model]
        found[table.model._meta.label] = _values(table.model._default_manager.filter(pk__in=keys).order_by("pk"))
        if table.events is not None:
            events = table.events._default_manager.filter(pgh_obj__in=keys).order_by("pgh_id")
            found[table.events._meta.label] = _values(events)
    told = {"format": "medspil archive 1", "organisation": client.organisation.name, "tables": found}
    return json.dumps(told, cls=ArchiveEncoder, ensure_ascii=False, indent=1).encode()


def _values(rows: models.QuerySet[Any]) -> list[dict[str, Any]]:
    names = [field.attname for field in rows.model._meta.concrete_fields]
    return [{name: getattr(row, name) for name in names} for row in rows.defer(None)]


class ArchiveEncoder(DjangoJSONEncoder):
    """As Django's, with pictures and files as base64."""

    def default(self, o: Any) -> Any:
        if isinstance(o, (bytes, memoryview)):
            return base64.b64encode(bytes(o)).decode()
        return super().default(o)
