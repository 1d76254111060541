"""Stands in for paper_reading.child: wants more memory than it may have."""

import resource

from sessions_app.paper_reading.process import MOST_MEMORY

resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
bytearray(2 * MOST_MEMORY)
