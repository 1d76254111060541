"""SEALED: CPU time of the whole request for an envelope that cannot be opened, before and beyond its limit."""

import base64
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.database import migrated
from bench.figures import Figure

ROUNDS, EACH = 7, 100


def measure() -> Iterator[Figure]:
    """Rounds that take turns: refused beyond the limit / decrypted in vain."""
    with migrated(), TemporaryDirectory() as folder:
        from django.conf import settings
        from django.core.cache import cache

        from sessions_app.views.client_form.offline import UNOPENED

        settings.SEALING_KEYS_FILE = Path(folder) / "keys.json"
        body, ratios, opened = _envelope(), [], []
        _cpu_of(body)
        for _round in range(ROUNDS):
            cache.clear()
            opened.append(_cpu_of(body))
            for _wrong in range(UNOPENED.at_most):
                _cpu_of(body, 1)
            ratios.append(_cpu_of(body) / opened[-1])
        notes = f"{1000 * min(opened):.2f} ms CPU for one that is decrypted in vain"
        yield Figure(
            "SEALED", "a wrong envelope beyond its limit / before", tuple(ratios), 1.0, 1.2, more=False, notes=notes
        )


def _envelope() -> str:
    """Of the right shape, with the server's key and nothing that it opens."""
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    from sessions_app.services import sealed_answers

    own = ec.generate_private_key(sealed_answers.CURVE).public_key()
    parts = {
        "from": own.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint),
        "iv": os.urandom(12),
        "sealed": os.urandom(400),
    }
    encoded = {name: base64.b64encode(part).decode() for name, part in parts.items()}
    return json.dumps({"key": sealed_answers.current_key().id, **encoded})


def _cpu_of(body: str, number: int = EACH) -> float:
    """Seconds of CPU for a request, of so many."""
    from django.test import Client

    browser = Client()
    start = time.process_time()
    for _request in range(number):
        browser.post("/sealed/", body, content_type="application/json")
    return (time.process_time() - start) / number
