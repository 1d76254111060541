"""What a document is made of. Every text is plain text: nothing in it is ever markup of the typesetter."""

from dataclasses import dataclass, field
from typing import ClassVar, Literal


@dataclass(frozen=True)
class Heading:
    """A heading below the title: level 2, or 3 under one of level 2; no level is left out."""

    text: str
    level: Literal[2, 3] = 2
    kind: ClassVar[str] = "heading"


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; a `lead` says what the document says first, a `small` one what is beside it."""

    text: str
    style: Literal["plain", "lead", "small"] = "plain"
    kind: ClassVar[str] = "paragraph"


@dataclass(frozen=True)
class Quotation:
    """What the client said, as it was said; `about` says when and after what. Looks like nothing else.

    `key` is the row that it comes from; it is not printed. So it is of the two below.
    """

    text: str
    about: str = ""
    key: str = ""
    kind: ClassVar[str] = "quotation"


@dataclass(frozen=True)
class Remark:
    """What a practitioner wrote: its field and its text."""

    name: str
    text: str
    key: str = ""
    kind: ClassVar[str] = "remark"


@dataclass(frozen=True)
class Decided:
    """What was decided, and in a second line by whom and until when."""

    text: str
    about: str = ""
    key: str = ""
    kind: ClassVar[str] = "decided"


@dataclass(frozen=True)
class Facts:
    """A few names and values under each other: (name, value)."""

    rows: tuple[tuple[str, str], ...]
    kind: ClassVar[str] = "facts"


@dataclass(frozen=True)
class Rows:
    """A table. It always has a header row: `columns`; of each row the first cell names it.

    `numbers` are the places of columns that are set to the right.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...] = ()
    kind: ClassVar[str] = "rows"

    def __post_init__(self) -> None:
        if not (self.columns and self.rows and all(len(row) == len(self.columns) for row in self.rows)):
            raise ValueError("A table has a header and at least one row, all as long as the header.")


@dataclass(frozen=True)
class Picture:
    """A picture as finished SVG with the text that says what is on it; `width` in percent of the page's.

    `style` are rules of CSS for the classes of the drawing, where a page has them from its stylesheets.
    """

    svg: str
    alternative: str
    caption: str = ""
    width: int = 100
    style: str = ""
    kind: ClassVar[str] = "picture"

    def __post_init__(self) -> None:
        if not self.alternative.strip():
            raise ValueError("A picture needs its alternative text.")


Part = Heading | Paragraph | Quotation | Remark | Decided | Facts | Rows | Picture


@dataclass(frozen=True)
class PdfDocument:
    """A document in one `language` (its code, "da") and `direction` ("ltr", "rtl").

    `head` stands above the title and on top of every page, `foot` at the bottom of each, beside the page's number.
    `missing` is said at the end where letters could not be printed, in the document's language.
    """

    title: str
    language: str
    head: str
    foot: str
    missing: str
    direction: Literal["ltr", "rtl"] = "ltr"
    parts: tuple[Part, ...] = field(default=())

    def __post_init__(self) -> None:
        if not (self.title.strip() and self.language):
            raise ValueError("A document has a title and a language.")
