"""JSON that remembers where in the file each value stands."""

import json
from typing import Any

Path = tuple[str | int, ...]
BLANK = " \t\n\r"
DECODER = json.JSONDecoder()


class NotJson(ValueError):
    """The text cannot be read; `code` is a key of sentences.SENTENCES, `line` and `column` count from 1."""

    def __init__(self, code: str, line: int = 1, column: int = 1, **params: Any):
        super().__init__(code)
        self.code, self.line, self.column, self.params = code, line, column, params


class _TwiceError(ValueError):
    """The same name twice in one object: which one holds would be chance."""


def read_json(text: str) -> tuple[Any, dict[Path, int]]:
    """The value of a JSON text, and the offset of each value in it by its path. NotJson with the place."""
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
        places: dict[Path, int] = {}
        _walk(text, 0, (), places)
    except json.JSONDecodeError as error:
        raise NotJson("not_json", error.lineno, error.colno) from error
    except RecursionError as error:
        raise NotJson("too_deep") from error
    except _TwiceError as error:
        raise NotJson("twice", name=str(error)[:40]) from error
    except ValueError as error:  # a number of thousands of digits, NaN
        raise NotJson("odd_number") from error
    return value, places


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Of an offset, both from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _TwiceError(name)
        found[name] = value
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in BLANK:
        at += 1
    return at


def _walk(text: str, at: int, path: Path, places: dict[Path, int]) -> int:
    """Note the value that begins at `at` and all in it; returns where it ends. `text` is known to be JSON."""
    at = _skip(text, at)
    places[path] = at
    opening = text[at]
    if opening not in "{[":
        return DECODER.raw_decode(text, at)[1]
    at, number = _skip(text, at + 1), 0
    while text[at] not in "}]":
        name: str | int = number
        if opening == "{":
            name, at = DECODER.raw_decode(text, at)
            at = _skip(text, at) + 1  # the colon
        at = _skip(text, _walk(text, at, (*path, name), places))
        if text[at] == ",":
            at = _skip(text, at + 1)
        number += 1
    return at + 1
