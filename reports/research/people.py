"""Who is in an export: participants whose consent stands, with what results count of each and the numbers they get."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from clients.models import Client
from reports.results.rows import ResultRow, load_rows_of
from sessions_app.models import Study, StudyArm, StudyExport, StudyParticipant
from sessions_app.services.study_exports import participants_in_exports
from sessions_app.standards.loading import Standards

LOWEST_ID, IDS = 10**11, 9 * 10**11


@dataclass(frozen=True)
class Participation:
    """One participant, their episode as results see it, and the arm's letter."""

    participant: StudyParticipant
    row: ResultRow
    letter: str


@dataclass
class RandomNumbers:
    """Numbers of twelve digits, keyed by a study's secret: nobody without it can tell whose they are.

    The same thing has the same number in every export of the study, and another in every other study.
    """

    secret: str
    given: dict[int, tuple[str, UUID]] = field(default_factory=dict)

    def of(self, kind: str, key: UUID) -> int:
        """The number of a thing ("episode", its key). Two things of one export never share a number."""
        tries = 0
        while True:
            text = f"{kind}:{key}:{tries}" if tries else f"{kind}:{key}"
            digest = hmac.new(self.secret.encode(), text.encode(), hashlib.sha256).digest()
            number = LOWEST_ID + int.from_bytes(digest[:8], "big") % IDS
            if self.given.setdefault(number, (kind, key)) == (kind, key):
                return number
            tries += 1


def people_of(export: StudyExport, standards: Standards, today: date) -> list[Participation]:
    """Everybody who may be in an export now, in the order of their episodes' keys; six queries."""
    found = participants_in_exports(export.study).select_related("allocation__arm", "episode")
    participants = {one.episode_id: one for one in found}
    clients = Client.objects.filter(pk__in=[one.client_id for one in participants.values()])
    rows = {row.episode: row for row in load_rows_of(clients, export.asked_by, standards, today)}
    letters = arm_letters(export.study)
    return [
        Participation(participants[key], rows[key], letters[participants[key].allocation.arm_id])
        for key in sorted(participants, key=str)
        if key in rows
    ]


def arm_letters(study: Study) -> Mapping[UUID, str]:
    """The letter that each arm has; that of its place where none was drawn."""
    return {arm.pk: _letter(arm) for arm in study.arms.all()}


def arm_names(study: Study) -> list[tuple[str, str]]:
    """(letter, name) of each arm by letter; as long as a study is blinded the letter stands for the name."""
    named = ((_letter(arm), _letter(arm) if study.hides_arms else arm.name) for arm in study.arms.all())
    return sorted(named)


def _letter(arm: StudyArm) -> str:
    return arm.letter or chr(ord("A") + arm.place)
