"""Records of a file in a temporary one without a name, to be read again and again (pure)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO


@dataclass(frozen=True)
class Record:
    """One record: the number of its first physical line (or its row), from 1, and its fields as written."""

    line: int
    fields: list[str]


class RecordSpool:
    """One JSON array a record in `file`: its number, then its fields. The file must have no name that others could
    open it by: the records hold references and words of clients.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file

    def add(self, record: Record) -> None:
        """Put a record behind the others."""
        self.file.write(json.dumps([record.line, *record.fields]).encode() + b"\n")

    def records(self) -> Iterator[Record]:
        """Yield all records from the first."""
        place = 0
        while True:  # another reader may have moved the file meanwhile
            self.file.seek(place)
            line = self.file.readline()
            if not line:
                return
            place = self.file.tell()
            number, *fields = json.loads(line)
            yield Record(number, fields)
