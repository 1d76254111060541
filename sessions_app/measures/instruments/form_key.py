"""Which form is meant: an instrument and who fills it in."""

import re
from dataclasses import dataclass

from sessions_app.measures.instruments.registry import CLIENT, FAMILY, Instrument

OUTCOME, ALLIANCE = "ors", "srs"
# Both sides of a session by the part that an instrument plays in it; named as the columns that keep them.
PARTS = {
    "ors": OUTCOME,
    "cors": OUTCOME,
    "ycors": OUTCOME,
    "srs": ALLIANCE,
    "csrs": ALLIANCE,
    "ycsrs": ALLIANCE,
    "gsrs": ALLIANCE,
    "cgsrs": ALLIANCE,
}
RATER = re.compile(r"[a-z0-9-]{1,20}", re.ASCII)


def relation_of(rater: str) -> str:
    """What a rater is to the client, without the number: "teacher-2" is a teacher."""
    return rater.partition("-")[0]


@dataclass(frozen=True, slots=True, order=True)
class FormKey:
    """One form of a session: a key of `measures.instruments` and the key of a rater ("client", "mother").

    `detail` is how addresses, capabilities and dictionaries write it: "ors", or "cors:mother".
    """

    instrument: str
    rater: str = CLIENT

    def __post_init__(self) -> None:
        if self.instrument not in FAMILY or not RATER.fullmatch(self.rater):
            raise ValueError(f"no form {self.instrument!r} by {self.rater!r}")

    @property
    def detail(self) -> str:
        """ "ors" of the client's own form, "cors:mother" of another rater's."""
        return self.instrument if self.by_client else f"{self.instrument}:{self.rater}"

    @property
    def about(self) -> Instrument:
        """The instrument's definition."""
        return FAMILY[self.instrument]

    @property
    def short(self) -> str:
        """The abbreviation, the same in every language: "ORS", "CORS", "WHO-5"."""
        return "WHO-5" if self.instrument == "who5" else self.instrument.upper()

    @property
    def by_client(self) -> bool:
        """Whether the client fills it in."""
        return self.rater == CLIENT

    @property
    def part(self) -> str:
        """ "ors" for an outcome form, "srs" for an alliance form, "" for any other (WHO-5, LASS)."""
        return PARTS.get(self.instrument, "")

    @property
    def is_of_session(self) -> bool:
        """Whether a session begins or ends with it and has a result page of it; WHO-5 and groups have other places."""
        return self.about.timing in ("start", "end")

    @classmethod
    def parse(cls, detail: str) -> "FormKey":
        """The form that a `detail` names; ValueError for anything else."""
        instrument, colon, rater = detail.partition(":")
        form = cls(instrument, rater if colon else CLIENT)
        if form.detail != detail:
            raise ValueError(f"no form {detail!r}")
        return form

    def __str__(self) -> str:
        return self.detail
