"""What a print or a saved picture carries, so that it can be filed without the page that it came from."""

import re
from dataclasses import dataclass
from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _

from clients.models import Client
from organisations.models import Organisation


@dataclass(frozen=True)
class RecordHead:
    """The client's reference, the organisation, the day, and the version of the rules that the sentences come from."""

    reference: str
    organisation: str
    day: date
    rules_version: str

    @property
    def line(self) -> str:
        """All but the reference, in one line."""
        rules = _("Rules, version %(version)s") % {"version": self.rules_version}
        return " · ".join((self.organisation, formats.date_format(self.day, "DATE_FORMAT"), rules))

    @property
    def picture_name(self) -> str:
        """What the saved picture is called: the reference and the day, in signs that every file system has room for."""
        reference = re.sub(r"[^\w.-]+", "-", self.reference).strip("-.")
        return "-".join(filter(None, (reference, self.day.isoformat()))) + ".png"


def record_head(client: Client, organisation: Organisation, *, day: date, rules_version: str) -> RecordHead:
    """The head of what is kept of a client's page today."""
    return RecordHead(client.reference, organisation.name, day, rules_version)
