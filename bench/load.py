"""A small driver: prepared POSTs over some keep-alive connections at once, each answered before the next."""

import asyncio
import statistics
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Load:
    """What a run of requests took: answered a second, and the median in milliseconds."""

    rate: float
    p50: float


def request(path: str, body: str, host: str = "localhost") -> bytes:
    """One HTTP/1.1 POST of a form, as bytes."""
    head = [
        f"POST {path} HTTP/1.1",
        f"Host: {host}",
        "X-Forwarded-Proto: https",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
    ]
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode()


def run(port: int, requests: list[bytes], connections: int, *, wanted: int = 303) -> Load:
    """Send all requests; RuntimeError when one is not answered with `wanted`, since the run is void then."""
    return asyncio.run(_run(port, requests, connections, wanted))


async def _run(port: int, requests: list[bytes], connections: int, wanted: int) -> Load:
    waiting, taken = list(reversed(requests)), []
    start = time.perf_counter()
    await asyncio.gather(*(_connection(port, waiting, taken, wanted) for _ in range(connections)))
    return Load(len(taken) / (time.perf_counter() - start), statistics.median(taken) * 1000)


async def _connection(port: int, waiting: list[bytes], taken: list[float], wanted: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while waiting:
        one = waiting.pop()
        start = time.perf_counter()
        writer.write(one)
        status, closing = await _answer(reader)
        taken.append(time.perf_counter() - start)
        if status != wanted:
            raise RuntimeError(f"answered {status} instead of {wanted}: the run is void")
        if closing:
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bool]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    lines = head.split("\r\n")
    fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    if fields.get("transfer-encoding") == "chunked":
        while (size := int(await reader.readuntil(b"\r\n"), 16)) or not await reader.readexactly(2):
            await reader.readexactly(size + 2)
    else:
        await reader.readexactly(int(fields.get("content-length", "0")))
    return int(lines[0].split()[1]), fields.get("connection") == "close"
