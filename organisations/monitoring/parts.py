"""Which parts of the installation answer, since when: for a page that anybody may read. Nothing of an organisation."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import Error as DatabaseError
from django.db import connection
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from kombu import Connection
from kombu.exceptions import OperationalError as BrokerError

from organisations.models import PartState
from organisations.monitoring.readiness import database_answers

WEB, DATABASE, BROKER, WORKER = "web", "database", "broker", "worker"
NAMES: dict[str, Promise] = {
    WEB: _("Pages"),
    DATABASE: _("Database"),
    BROKER: _("Work on its way"),
    WORKER: _("Work in the background"),
}
EVERY = 60  # seconds between two looks of the clock
SILENT = timedelta(seconds=3 * EVERY)  # after that nobody works in the background: the look is such a work itself
KEPT_SECONDS = 20
_LOOK, _MAIL = "parts:look", "parts:mail"


@dataclass(frozen=True)
class Part:
    """A part as the page shows it; `since` is None where it is not known."""

    key: str
    answers: bool
    since: datetime | None

    @property
    def name(self) -> str:
        return str(NAMES[self.key])


@dataclass(frozen=True)
class PartsAnswer:
    """All parts at one moment; when a mail last left and a backup was last made, None where that is not known."""

    at: datetime
    parts: tuple[Part, ...]
    mail_at: datetime | None
    backup_at: datetime | None

    @property
    def all_answer(self) -> bool:
        return all(part.answers for part in self.parts)


def look() -> PartsAnswer:
    """As it is now, asked anew at most every 20 seconds. Raises nothing."""
    found = cache.get(_LOOK)
    if found is None:
        found = _look(timezone.now())
        cache.set(_LOOK, found, KEPT_SECONDS)
    return found


def _look(now: datetime) -> PartsAnswer:
    answers = {WEB: True, DATABASE: _holds(database_answers), BROKER: _holds(broker_answers)}
    if not answers[DATABASE]:
        connection.close()
    stored = {row.name: row for row in PartState.objects.all()} if answers[DATABASE] else {}
    seen = max((row.looked_at for row in stored.values()), default=None)
    answers[WORKER] = seen is not None and now - seen < SILENT
    parts = tuple(Part(key, answers[key], _since(key, answers[key], stored, seen)) for key in NAMES)
    return PartsAnswer(now, parts, cache.get(_MAIL), _backup_at())


def _since(key: str, answers: bool, stored: dict[str, PartState], seen: datetime | None) -> datetime | None:
    if key == WORKER and not answers:
        return seen
    row = stored.get(key)
    return row.since if row is not None and row.answers == answers else None


def note_parts(now: datetime) -> int:
    """Write down what answers; how many changed since the last look. That this runs at all is the worker's answer."""
    changed = 0
    for key, answers in ((WEB, True), (DATABASE, True), (BROKER, _holds(broker_answers)), (WORKER, True)):
        row = PartState.objects.select_for_update().filter(name=key).first()
        again = row is not None and row.answers == answers and (key != WORKER or now - row.looked_at < SILENT)
        since = row.since if row is not None and again else now
        changed += not again
        PartState.objects.update_or_create(name=key, defaults={"answers": answers, "since": since, "looked_at": now})
    return changed


def note_mail() -> None:
    """A mail was taken by the mail server just now."""
    cache.set(_MAIL, timezone.now(), None)


def broker_answers() -> bool:
    with Connection(settings.BROKER_URL, connect_timeout=1) as asked:
        asked.ensure_connection(max_retries=1, interval_start=0, timeout=1)
    return True


def _holds(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (DatabaseError, BrokerError, OSError):
        return False


def _backup_at() -> datetime | None:
    """When whoever makes backups last said so, by touching this file (docs/operations.md)."""
    try:
        return datetime.fromtimestamp((Path(settings.DATA_DIR) / "last-backup").stat().st_mtime, UTC)
    except OSError:
        return None
