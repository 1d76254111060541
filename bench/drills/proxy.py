"""A proxy of a drill's own: each connection goes to the next group of web processes that takes it."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator

PIECE = 65_536


class Proxy:
    """Listens on `port` before the groups of `ports`; one that is left out gets no new connection."""

    def __init__(self, port: int, ports: dict[str, int]):
        self.port, self.ports = port, ports
        self.taken_in: list[str] = []
        self.turn = 0

    def leave_out(self, group: str) -> None:
        self.taken_in = [name for name in self.taken_in if name != group]

    def take_in(self, group: str) -> None:
        self.taken_in = [*[name for name in self.taken_in if name != group], group]

    @contextlib.contextmanager
    def serving(self) -> Iterator[None]:
        """In a thread of its own until the end."""
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        server = asyncio.run_coroutine_threadsafe(asyncio.start_server(self._serve, "127.0.0.1", self.port), loop)
        server.result(10)
        try:
            yield
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join(10)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream = await self._connect()
        if upstream is None:
            writer.close()  # nobody is there: the client comes back
            return
        there_reader, there_writer = upstream
        both = asyncio.create_task(_carry(reader, there_writer))
        await _carry(there_reader, writer)
        both.cancel()
        there_writer.close()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        groups = self.taken_in
        self.turn += 1
        for place in range(len(groups)):
            group = groups[(self.turn + place) % len(groups)]
            with contextlib.suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", self.ports[group])
        return None


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Until one side ends, in order or not."""
    with contextlib.suppress(OSError):
        while piece := await reader.read(PIECE):
            writer.write(piece)
            await writer.drain()
    with contextlib.suppress(OSError):
        writer.close()
