"""Everything about one client, read and with held-back passages blackened: what the files are made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from clients.models import Client, HeldBackPassage
from clients.services.merged_records import keys_of_all_records
from organisations.services.local_day import today_in
from reports.subject.corrections import Correction, corrections_of
from reports.subject.held_back import Blackened, ReviewedText, digest_of, texts_in
from reports.subject.looks import looks_at
from reports.subject.rows import TableRows, files_in, read_tables


@dataclass(frozen=True)
class SubjectContent:
    """What is given to a client; `values` are the rows of each table as they are given, by the table's name."""

    client: Client
    day: date
    tables: list[TableRows]
    values: Mapping[str, list[dict[str, Any]]]
    looks: list[dict[str, Any]]
    corrections: list[Correction]
    held_back: list[str]
    texts: list[ReviewedText]
    seen: str

    @property
    def files_are_held_back(self) -> bool:
        """Whether files stay out: in a picture or a PDF no passage can be blackened."""
        return bool(self.held_back)

    def of(self, label: str) -> list[dict[str, Any]]:
        """The rows of a table, without their history."""
        return self.values.get(label, [])

    def files(self) -> list[tuple[TableRows, Any]]:
        return [] if self.files_are_held_back else files_in(self.tables)


def held_back_from(client: Client) -> list[HeldBackPassage]:
    """The passages that stay out, the newest first."""
    found = HeldBackPassage.objects.filter(client__in=keys_of_all_records(client)).standing()
    return list(found.select_related("held_by").order_by("-held_at"))


def read_subject(client: Client, *, names: bool = False) -> SubjectContent:
    """Read everything; `names`: with the names of those who looked. A constant number of queries."""
    tables, held = read_tables(client), held_back_from(client)
    texts, blackened = texts_in(tables), Blackened(held)
    values = {
        table.model._meta.label: [
            {**table.key(row), **{name: blackened.of(value) for name, value in table.values(row).items()}}
            for row in table.rows
        ]
        for table in tables
    }
    return SubjectContent(
        client=client,
        day=today_in(client.organisation),
        tables=tables,
        values=values,
        looks=list(looks_at(client, names=names)),
        corrections=[_blackened(one, blackened) for one in corrections_of(client)],
        held_back=[one.reason for one in held],
        texts=texts,
        seen=digest_of(texts, held),
    )


def _blackened(one: Correction, blackened: Blackened) -> Correction:
    return Correction(
        one.on, blackened.of(one.about), one.outcome, blackened.of(one.reason), blackened.of(one.statement), one.key
    )
