"""BREACH: whose data an address touched, asked of a log of a million entries; and of a person who made all of them.

BENCH_EVENTS is how many entries there are (1,000,000).
"""

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from bench.database import migrated
from bench.figures import Figure

EVENTS = int(os.environ.get("BENCH_EVENTS", "1000000"))
ROUNDS, CLIENTS, MINUTE = 3, 2_000, 60
THIEF = "198.51.100.23"
# Written behind the chain's back: how long the reading takes does not hang on the hashes.
FILL = """
    INSERT INTO organisations_accessevent
        (id, organisation_id, practitioner_id, role, action, client_ids, purpose, request_id, at, seq,
         previous_hash, hash, address, log_in)
    SELECT gen_random_uuid(), %(house)s, %(person)s, 'practitioner', 'client.view',
        ARRAY[md5((n %% %(clients)s)::text)::uuid], '', '-', now() - n * interval '1 second', n, '', '',
        CASE WHEN n %% 10 = 0 THEN %(thief)s ELSE '192.0.2.' || n %% 200 END, md5((n / 500)::text)
    FROM generate_series(1, %(events)s) AS n
"""


def measure() -> Iterator[Figure]:
    """Seconds of an answer / 60, as the law's 72 hours are no reason to wait more than a minute."""
    with migrated():
        from django.db import connection

        from organisations.tenancy.context import tenant
        from tests.factories import OrganisationFactory, PractitionerFactory

        house = OrganisationFactory(name="Bench", slug="bench")
        with tenant(house.pk):
            person = PractitionerFactory(organisation=house, name="Ann", role="admin")
            told = {"house": house.pk, "person": person.pk, "clients": CLIENTS, "thief": THIEF, "events": EVENTS}
            with connection.cursor() as cursor:
                cursor.execute(FILL, told)
            days = {"since": house_day() - timedelta(days=400), "until": house_day()}
            yield _figure("an address", person, days | {"address": THIEF}, EVENTS // 10)
            yield _figure("a person who made all of them", person, days | {"person": person}, EVENTS)


def house_day() -> Any:
    """Today."""
    from django.utils import timezone

    return timezone.localdate()


def _figure(words: str, person: Any, asked: dict[str, Any], found: int) -> Figure:
    from reports.data_protection.breach import trace_breach

    ratios = []
    for _ in range(ROUNDS):
        begun = time.monotonic()
        trace = trace_breach(asked, person)
        ratios.append((time.monotonic() - begun) / MINUTE)
        if trace.events != found:
            raise RuntimeError(f"{trace.events} entries were found, {found} stand there")
    about = f"whose data {words} touched among {EVENTS:,} entries, seconds / {MINUTE}"
    return Figure("BREACH", about, tuple(ratios), 0.25, 1, more=False, notes=f"{found:,} entries read")
