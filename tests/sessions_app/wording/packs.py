"""Packs of the tests: invented wording about a garden, which is nobody's scale."""

import base64
import json
import struct
import zlib

KEYS = {"ors": ("individual", "relations", "social", "overall"), "srs": ("relation", "goals", "approach", "overall")}


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(side: int = 1) -> bytes:
    rows = zlib.compress(b"".join(b"\0" + b"\0" * side for _ in range(side)))
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def uri(raw: bytes, kind: str = "image/png") -> str:
    return f"data:{kind};base64,{base64.b64encode(raw).decode()}"


def content(form="ors", /, **more) -> dict:
    """A pack's content; `more` replaces fields."""
    items = [
        {"key": key, "label": f"Bed {number}", "text": f"how it grows in bed {number}", "left": f"dry {number}",
         "right": f"green {number}"}
        for number, key in enumerate(KEYS[form], 1)
    ]  # fmt: skip
    return {
        "pack": "garden",
        "version": "1.0",
        "instrument": form,
        "language": "en",
        "direction": "ltr",
        "title": "How is the garden?",
        "instruction": "Walk along the beds.",
        "items": items,
        "copyright": "© 2026 The Garden Society",
        "holder": "The Garden Society",
        "terms": "For gardeners.",
    } | more


def raw(form="ors", /, **more) -> bytes:
    return json.dumps(content(form, **more), ensure_ascii=False, indent=1).encode()
