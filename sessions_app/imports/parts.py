"""A long file in parts that are judged and written one after another, so that the memory is that of one part (pure).

What happens to a line depends on the other lines of its client, never on another client's: all lines of a client lie
in one part, in the file's order. A file that is short enough is its only part and is not copied.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from tempfile import TemporaryFile
from zlib import crc32

from organisations.models.labels import normal_form
from sessions_app.imports.line_memory import FileNames
from sessions_app.imports.reading import SessionFile
from sessions_app.imports.record_spool import Record, RecordSpool
from sessions_app.imports.rows import RowParser, RowRefusal

PART = 3 * 1024**2  # bytes of a file that are judged together: 50,000 short lines
MOST_PARTS = 64  # each is an open file

Part = Callable[[], Iterator[Record]]


@contextmanager
def parts_of(
    sessions: SessionFile, parser: RowParser, names: FileNames, merged: Mapping[str, str], told: Callable[[int], None]
) -> Iterator[Sequence[Part]]:
    """The parts of a file; with several, `names` gets the names of all lines in the file's order.

    `merged`: as in `Ledger`. `told` gets the number of each line that was copied. Raises FileError.
    """
    count = min(1 + sessions.table.size // PART, MOST_PARTS)
    if count == 1:
        yield [sessions.records]
        return
    with ExitStack() as opened:
        # Mode 0600 and without a name from the start, or from at once after it: nobody else can open them.
        files = [RecordSpool(opened.enter_context(TemporaryFile())) for _ in range(count)]
        for number, record in enumerate(sessions.records(), 1):
            row = parser.parse(record)
            if not isinstance(row, RowRefusal):
                names.number(row)
            reference = row.reference if isinstance(row, RowRefusal) else row.client_reference
            files[_place(reference, merged, count)].add(record)
            told(number)
        yield [file.records for file in files]


def _place(reference: str, merged: Mapping[str, str], count: int) -> int:
    """The part of a client's lines, however the reference is spelled and whichever of merged records it names."""
    key = normal_form(reference)
    if key in merged:
        key = normal_form(merged[key])
    return crc32(key.encode("utf-8", "surrogatepass")) % count
