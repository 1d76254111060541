"""Sets one document: JSON on standard input, PDF or PNG on standard output. A process of its own, see document.py."""

import functools
import itertools
import json
import re
import resource
import sys
import unicodedata
from pathlib import Path
from typing import Any

import typst
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
FONTS = HERE.parent.parent / "sessions_app" / "pdf" / "fonts"
SECONDS, BYTES = 20, 1536 * 1024**2  # address space: the typesetter's threads reserve more than they use
STANDARDS = ["a-2a", "ua-1"]
PPI = 192.0  # two pixels for one of a drawing, of which an inch has 96
NOTHING = "\N{EN DASH}"  # a heading has to say something
LACKING = "\N{WHITE SQUARE}"
# What is not printed by itself: it joins letters or says how they are drawn.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]"
)
# Of these some are needed (joiners), none of those that turn the text beside them round.
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")
# Letters of a font's own, which PDF/A does not take.
PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")


def main() -> None:
    """Exit status 1 with the reason on standard error where it cannot be set."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    data = json.loads(sys.stdin.buffer.read())
    try:
        sys.stdout.buffer.write(_png(data) if data["as"] == "png" else _pdf(data))
    except typst.TypstError as error:
        sys.exit(str(error)[:500])


def _pdf(data: dict[str, Any]) -> bytes:
    printable = Printable()
    data = printable.of(data)
    data["title"] = data["title"].strip() or NOTHING
    for part in data["parts"]:
        if part["kind"] == "heading":
            part["text"] = part["text"].strip() or NOTHING
        if part["kind"] == "picture" and part["style"]:
            part["svg"] = part["svg"].replace(">", f"><style>{part['style']}</style>", 1)
        part["runs"] = _runs(part.get("text", ""), data["direction"])
    return _compiled("document.typ", data | {"lacking": printable.lacking}, pdf_standards=STANDARDS)


def _runs(words: str, of_document: str) -> list[tuple[str, str]]:
    """The lines of a text as (lines, direction), one entry for those that follow each other in one direction."""
    grouped = itertools.groupby(words.split("\n"), lambda line: _direction(line, of_document))
    return [("\n".join(lines), direction) for direction, lines in grouped]


def _direction(words: str, of_document: str) -> str:
    """In which direction a line reads: that of its first letter that has one."""
    strong = (unicodedata.bidirectional(letter) for letter in words)
    return next(("ltr" if one == "L" else "rtl" for one in strong if one in ("L", "R", "AL")), of_document)


def _png(data: dict[str, Any]) -> bytes:
    return _compiled("picture.typ", data, format="png", ppi=PPI)


def _compiled(template: str, data: dict[str, Any], **how: Any) -> bytes:
    compiler = typst.Compiler(
        str(HERE / template),
        root=str(HERE),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"document": json.dumps(data, ensure_ascii=True)},
    )
    made = compiler.compile(**how)
    return made if isinstance(made, bytes) else b""  # a list or nothing: of more pages than one, as pictures


class Printable:
    """Texts with a square for each letter that no font of ours has; `lacking` counts them."""

    def __init__(self) -> None:
        self.lacking = 0
        self._known = _letters()

    def of(self, value: Any) -> Any:
        """The same with all its texts printable, however deep they stand; what is our own drawing stays as it is."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, list):
            return [self.of(one) for one in value]
        if isinstance(value, dict):
            return {key: one if key in ("svg", "style") else self.of(one) for key, one in value.items()}
        return value

    def _text(self, words: str) -> str:
        words = CONTROL.sub("", TURNING.sub("", words.replace("\r\n", "\n").replace("\r", "\n")))
        return "".join(self._letter(letter) for letter in words)

    def _letter(self, letter: str) -> str:
        if letter in "\n\t" or (ord(letter) in self._known and not PRIVATE.match(letter)):
            return letter
        if INVISIBLE.match(letter):
            return ""
        self.lacking += 1
        return LACKING


@functools.cache
def _letters() -> frozenset[int]:
    """The code points that at least one font has."""
    return frozenset().union(*(TTFont(path, lazy=True).getBestCmap() for path in sorted(FONTS.glob("*.ttf"))))


if __name__ == "__main__":
    main()
