"""What an instrument is: one class with its lines, range, ages, raters, rhythm, cut-offs and what its total means."""

from dataclasses import dataclass
from typing import ClassVar

from sessions_app.measures.instruments.cutoffs import Cutoff
from sessions_app.measures.provenance import Confidence, Provenance

CLIENT = "client"
COLLATERAL = ("mother", "father", "caretaker", "teacher", "professional", "network")
# The part that an instrument plays. The first two are both sides of a session, named as the columns that keep them.
OUTCOME, ALLIANCE, PERIODIC, SUPERVISION = "ors", "srs", "periodic", "supervision"
# When it is filled in.
START, END, END_OF_GROUP, NOW_AND_THEN, END_OF_SUPERVISION = (
    "start",
    "end",
    "end_of_group",
    "periodic",
    "end_of_supervision",
)
# What is shown or spoken: the same four lines, the same numbers.
PAPER_OR_SCREEN, ORAL, RELATIONAL = "visual", "oral", "relational"
TENTHS, RAW = "tenths", "raw"


@dataclass(frozen=True)
class PeriodicWords:
    """What the pages say of a periodic instrument (English, translated by the application).

    `name` is of whatever words were shown; `own_name` of answers to the application's own words where its limits hold
    for the licensed text alone, with `own_note` beside their curve and `curve` over that of the licensed text.
    """

    name: str
    asked: str  # over the card that asks for it at a session
    hint: str  # on the card
    hand_over: str  # on the card's button
    today: str  # beside a session of today
    rhythm: str  # the organisation's choice
    own_name: str = ""
    own_note: str = ""
    curve: str = ""


class Instrument:
    """One instrument; a class of its own says all of it, and the registry holds one object of each.

    `mark_max`, `total_max` and `reliable_change` are tenths of a point, but raw points where `unit` is "raw".
    `ages` are whole years (None: no upper limit); `bands` are the age bands whose own form of its part it is,
    `others_in` those in which others rate the client with it. `lookback_days` is what the client looks back over, None
    where it is the session itself. `interval_days` is the rhythm of a periodic instrument, None for every session.
    """

    key: ClassVar[str]
    part: ClassVar[str]
    items: ClassVar[tuple[str, ...]]
    mark_max: ClassVar[int] = 100
    total_max: ClassVar[int] = 400
    ages: ClassVar[tuple[int, int | None]]
    timing: ClassVar[str]
    provenance: ClassVar[Provenance]
    short_name: ClassVar[str] = ""  # the abbreviation, where it is not the key in capitals
    bands: ClassVar[tuple[str, ...]] = ()
    others_in: ClassVar[tuple[str, ...]] = ()
    scored: ClassVar[bool] = True
    higher_is_better: ClassVar[bool] = True
    unit: ClassVar[str] = TENTHS
    raters: ClassVar[tuple[str, ...]] = (CLIENT,)
    uses: ClassVar[tuple[str, ...]] = (PAPER_OR_SCREEN,)
    lookback_days: ClassVar[int | None] = None
    reliable_change: ClassVar[int | None] = None
    cutoffs: ClassVar[tuple[Cutoff, ...]] = ()  # the first that fits holds
    # Of periodic instruments.
    interval_days: ClassVar[int | None] = None
    rhythm: ClassVar[Provenance] = Provenance("", Confidence.PROPOSAL)
    agreed_in: ClassVar[str] = ""  # the client's field with the weeks that were agreed, where there is one
    percent: ClassVar[int] = 0  # what each raw point is of 100; 0: its total is read as it is
    limits_need_pack: ClassVar[bool] = False  # the limits hold for its licensed text alone
    words: ClassVar[PeriodicWords | None] = None

    @property
    def short(self) -> str:
        """The abbreviation, the same in every language: "ORS", "CORS"."""
        return self.short_name or self.key.upper()

    @property
    def is_choice(self) -> bool:
        """Whether an answer is chosen in each row (marks are raw numbers), instead of a mark set on a line."""
        return self.unit == RAW

    @property
    def has_drawn_ends(self) -> bool:
        """Whether drawn faces stand at the ends of our own lines: on the scored forms of children."""
        return self.scored and self.ages[1] is not None and self.ages[1] <= 12

    @property
    def said_max(self) -> int:
        """The highest total as it is said: 100 of a percentage, else the highest total."""
        return 100 if self.percent else self.total_max

    def said(self, total: int) -> int:
        """A total as it is said and as rules read it: the percentage where there is one, else itself."""
        return total * self.percent if self.percent else total

    def cutoff(self, band: str, rater: str = CLIENT) -> Cutoff | None:
        """The cut-off with its source; None where there is none. The alliance has one, whoever rates."""
        client = self.part == ALLIANCE or rater == CLIENT
        return next((one for one in self.cutoffs if band in one.bands and one.client is client), None)
