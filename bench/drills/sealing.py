"""The processes of `make drill-keys`: one writes sealed words, one wraps keys anew, one reads what was acknowledged.

`python -m bench.drills.sealing write|rotate|read ARGUMENT`; bench/drills/keys.py starts each, and kills some.
"""

import itertools
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

MARKER = "Qvzmarker"
SLUG = "keys"
AT_A_TIME, PAUSE = 2, 0.05  # keys in a transaction, and seconds after it: an in-between to be killed in


def write(clients_file: str) -> None:
    """Give one client after another new words, and print "client words" once they are stored. Until it is killed."""
    from clients.models import Client
    from organisations.audit import record
    from organisations.models import Organisation
    from organisations.tenancy.context import tenant

    here = Organisation.objects.get(slug=SLUG)
    clients = json.loads(Path(clients_file).read_text())
    for number, client in enumerate(itertools.cycle(clients)):
        words = f"{MARKER}-{os.getpid()}-{number}"
        with tenant(here.pk), record.recorded(organisation_id=here.pk, request_id="drill"):
            row = Client.objects.get(pk=client)
            row.contact_note = words
            row.save(update_fields=["contact_note"])
        print(client, words, flush=True)


def rotate(_: str) -> None:
    """Wrap keys anew, a few at a time, and print how many after each."""
    from clients.services.word_keys import rotate_word_keys

    for count in rotate_word_keys(AT_A_TIME):
        print(count, flush=True)
        time.sleep(PAUSE)


def read(acknowledged_file: str) -> None:
    """Print as JSON how many of {client: [words]} open, in rows and history, with the key file of this process."""
    from organisations.models import Organisation
    from organisations.tenancy.context import tenant

    acknowledged = json.loads(Path(acknowledged_file).read_text())
    here = Organisation.objects.get(slug=SLUG)
    found = {"open": 0, "shut": 0, "rows_open": 0}
    for client, words in acknowledged.items():
        with tenant(here.pk):
            in_history, in_row = _opened(UUID(client))
        opened = len(set(words) & in_history)
        found["open"] += opened
        found["shut"] += len(set(words)) - opened
        found["rows_open"] += in_row
    print(json.dumps(found))


def _opened(client: UUID) -> tuple[set[str], bool]:
    from clients.models import Client
    from organisations.history.tracking import event_model_of

    row = Client.objects.get(pk=client)
    events = event_model_of(Client).objects.filter(pgh_obj=client)
    texts = {str(event.contact_note) for event in events}
    return {text for text in texts if text.startswith(MARKER)}, str(row.contact_note).startswith(MARKER)


WORK: dict[str, Callable[[str], None]] = {"write": write, "rotate": rotate, "read": read}

if __name__ == "__main__":
    import django

    django.setup()
    WORK[sys.argv[1]](sys.argv[2])
