"""Whether a file is a pack: the words of pack.schema.json, and what a schema cannot say. No database."""

import base64
import binascii
import json
import re
import struct
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from sessions_app.measures.instruments.registry import CLIENT, FAMILY, Instrument
from sessions_app.wording.json_positions import NotJson, Path, line_and_column, read_json

LARGEST = 512 * 1024  # bytes
MOST_FAULTS = 30
LARGEST_SIDE = 512  # points of an image
SCHEMA: dict[str, Any] = json.loads(FilePath(__file__).with_name("pack.schema.json").read_text(encoding="utf-8"))
IMAGES = ("left_image", "right_image", "image")
ENDS = ("left", "right")
OTHERS = "others"

MARKUP = re.compile(r"[<>]|&#?\w+;")
# Characters that turn the direction of what follows would let a text show other than it reads.
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
PNG = b"\x89PNG\r\n\x1a\n"
TYPES = {"object": dict, "array": list, "string": str}


@dataclass(frozen=True)
class PackFault:
    """One thing wrong: `code` and `params` are for sentences.SENTENCES, `place` is like items[2].left."""

    code: str
    line: int
    column: int
    place: str = ""
    params: dict[str, Any] = field(default_factory=dict)


class PackRefused(Exception):
    """A file that is no pack, with every fault that was found (at most MOST_FAULTS)."""

    def __init__(self, faults: list[PackFault]):
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


Found = tuple[Path, str, dict[str, Any]]


def read_pack(raw: bytes) -> dict[str, Any]:
    """The content of a pack's file. PackRefused with the place of each fault."""
    if len(raw) > LARGEST:
        raise PackRefused([PackFault("too_large", 1, 1, params={"kilobytes": LARGEST // 1024})])
    try:
        text = raw.decode("utf-8-sig")
        content, places = read_json(text)
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        column = error.start - before.rfind(b"\n")
        raise PackRefused([PackFault("not_utf8", before.count(b"\n") + 1, column)]) from error
    except NotJson as error:
        raise PackRefused([PackFault(error.code, error.line, error.column, params=error.params)]) from error
    found = list(_against(content, SCHEMA, ()))
    found += _beyond_schema(content) if not found else []
    if found:
        faults = [
            PackFault(code, *line_and_column(text, places[path]), place=_place(path), params=params)
            for path, code, params in found
        ]
        raise PackRefused(sorted(faults, key=lambda fault: (fault.line, fault.column))[:MOST_FAULTS])
    return content


def _place(path: Path) -> str:
    names = (f"[{name}]" if isinstance(name, int) else f".{name[:40]}" for name in path)
    return "".join(names).removeprefix(".")


def _against(value: Any, schema: dict[str, Any], path: Path) -> Iterator[Found]:
    """What of a value is not as the schema says; it uses few of JSON Schema's words, and these are they."""
    kind = schema["type"]
    if not isinstance(value, TYPES[kind]):
        yield path, f"not_{kind}", {}
    elif kind == "string":
        yield from _string(value, schema, path)
    elif kind == "array":
        if not schema["minItems"] <= len(value) <= schema["maxItems"]:
            yield path, "item_count", {"most": schema["maxItems"]}
        for number, one in enumerate(value):
            yield from _against(one, schema["items"], (*path, number))
    else:
        yield from ((path, "missing", {"name": name}) for name in schema["required"] if name not in value)
        for name, one in value.items():
            if name in schema["properties"]:
                yield from _against(one, schema["properties"][name], (*path, name))
            else:
                yield (*path, name), "unknown_name", {"name": name[:40]}


def _string(value: str, schema: dict[str, Any], path: Path) -> Iterator[Found]:
    if "enum" in schema and value not in schema["enum"]:
        yield path, "not_one_of", {"allowed": ", ".join(schema["enum"])}
    elif len(value) > schema.get("maxLength", len(value)):
        yield path, "too_long", {"most": schema["maxLength"]}
    elif len(value.strip()) < schema.get("minLength", 0):
        yield path, "empty", {}
    elif "pattern" in schema and not re.fullmatch(schema["pattern"], value, re.ASCII):
        yield path, "image_kind" if path[-1] in IMAGES else "pattern", {}
    elif MARKUP.search(value):
        yield path, "markup", {}
    elif any(unicodedata.category(char) in {"Cc", "Cs"} or char in TURNING for char in value):
        yield path, "control", {}


def _beyond_schema(content: dict[str, Any]) -> Iterator[Found]:
    about = FAMILY[content["instrument"]]
    keys = [item["key"] for item in content["items"]]
    if tuple(keys) != about.items:
        yield ("items",), "keys", {"wanted": ", ".join(about.items), "found": ", ".join(keys)}
    if content.get("rater") == OTHERS and about.raters == (CLIENT,):
        yield ("rater",), "no_others", {}
    yield from _ends_or_answers(content, about)
    for part in ("items", "answers"):
        for number, one in enumerate(content.get(part, ())):
            for name in IMAGES:
                if name in one and not _is_png(one[name].partition(",")[2]):
                    yield (part, number, name), "image_kind", {}


def _ends_or_answers(content: dict[str, Any], about: Instrument) -> Iterator[Found]:
    """A line needs the words at its ends; where an answer is chosen the answers are needed instead."""
    for number, item in enumerate(content["items"]):
        for name in ENDS:
            if about.is_choice and name in item:
                yield ("items", number, name), "unknown_name", {"name": name}
            elif not about.is_choice and name not in item:
                yield ("items", number), "missing", {"name": name}
    if not about.is_choice and "answers" in content:
        yield ("answers",), "unknown_name", {"name": "answers"}
    elif about.is_choice and "answers" not in content:
        if not about.scored:  # faces without a name; the WHO-5's answers have words of ours
            yield (), "missing", {"name": "answers"}
    elif about.is_choice and len(content["answers"]) != about.mark_max + 1:
        yield ("answers",), "answer_count", {"wanted": about.mark_max + 1}


def _is_png(encoded: str) -> bool:
    """Whole chunks with right checksums from the head to the end, nothing behind it, and not too large."""
    try:
        raw = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        return False
    if not raw.startswith(PNG):
        return False
    at, kinds = len(PNG), []
    while at + 12 <= len(raw):
        length, kind = struct.unpack_from(">I4s", raw, at)
        body = raw[at + 4 : at + 8 + length]
        checksum = raw[at + 8 + length : at + 12 + length]
        if len(checksum) < 4 or zlib.crc32(body) != int.from_bytes(checksum, "big"):
            return False
        kinds.append(kind)
        at += 12 + length
    if at != len(raw) or len(kinds) < 3 or kinds[0] != b"IHDR" or kinds[-1] != b"IEND":
        return False
    return all(0 < side <= LARGEST_SIDE for side in struct.unpack_from(">II", raw, len(PNG) + 8))
