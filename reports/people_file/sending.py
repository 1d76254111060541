"""What was looked at is what is sent: the lines go along signed, and each is asked again when somebody is invited."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from organisations.models import Practitioner, Team
from organisations.services.people import add_practitioner
from reports.people_file.lines import PersonLine

KEPT_FOR = 3600  # seconds between looking and sending
SALT = "people_file"


def signed(lines: Sequence[PersonLine], by: Practitioner) -> str:
    """The lines as a text that only this person can send, within the hour."""
    rows = [_plain(line) for line in lines]
    return signing.dumps(rows, salt=f"{SALT} {by.pk}", compress=True)


def signed_lines(text: str, by: Practitioner) -> list[dict[str, Any]]:
    """What `signed` made; ValidationError for anything else, and after the hour."""
    try:
        return signing.loads(text, salt=f"{SALT} {by.pk}", max_age=KEPT_FOR)
    except signing.BadSignature:
        raise ValidationError(_("That was too long ago. Upload the file again.")) from None


@transaction.atomic
def invite_lines(*, rows: Sequence[dict[str, Any]], by: Practitioner) -> tuple[list[Practitioner], list[str]]:
    """Invite everybody who can be; returns them, and a sentence for each who was refused meanwhile."""
    teams = {str(team.pk): team for team in Team.objects.visible_to(by)}
    invited, refused = [], []
    for row in rows:
        given = {"name": row["name"], "email": row["email"], "role": row["role"], "invited_in": row["invited_in"]}
        given |= {
            name: date.fromisoformat(row[name]) if row[name] else None for name in ("access_from", "access_until")
        }
        try:
            with transaction.atomic():
                if any(key not in teams for key in row["teams"]):
                    raise ValidationError(_("A team is gone."))
                chosen = [teams[key] for key in row["teams"]]
                invited.append(add_practitioner(teams=chosen, by=by, **given))
        except ValidationError as error:
            refused.append(f"{row['email']}: {' '.join(error.messages)}")
    return invited, refused


def _plain(line: PersonLine) -> dict[str, Any]:
    row = asdict(line) | {"teams": [str(key) for key in line.teams]}
    return row | {name: row[name] and row[name].isoformat() for name in ("access_from", "access_until")}
