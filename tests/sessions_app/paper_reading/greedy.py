"""Stands in for paper_reading.child: the same, but its reader wants more memory than it may have."""

from collections.abc import Iterator

from sessions_app.paper_reading import child, reading
from sessions_app.paper_reading.process import MOST_MEMORY


def read_pages(content: bytes) -> Iterator[reading.PageReading]:
    """No page, and twice the memory."""
    bytearray(2 * MOST_MEMORY)
    return iter(())


reading.read_pages = read_pages
child.main()
