"""Why a file as a whole cannot be read, or a line of it (pure)."""

from typing import Any

LONGEST_SHOWN = 60  # characters of the file's own text in a sentence


class FileError(ValueError):
    """The file as a whole cannot be read; `code` names the sentence, `params` fill it."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class LineError(ValueError):
    """A line cannot be taken; `code` names the sentence, `params` fill it, `column` is where it stands."""

    def __init__(self, column: str, code: str, **params: Any) -> None:
        super().__init__(code)
        self.column = column
        self.code = code
        self.params = params


def shown(text: str) -> str:
    """As much of the file's own text as a sentence can hold."""
    plain = text.strip().replace("\0", "")
    return plain if len(plain) <= LONGEST_SHOWN else plain[: LONGEST_SHOWN - 1] + "…"
