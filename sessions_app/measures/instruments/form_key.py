"""Which form is meant: an instrument and who fills it in."""

import re
from dataclasses import dataclass

from sessions_app.measures.instruments.base import ALLIANCE, END, OUTCOME, START
from sessions_app.measures.instruments.registry import CLIENT, FAMILY, Instrument

__all__ = ["ALLIANCE", "OUTCOME", "FormKey", "relation_of"]

RATER = re.compile(r"[a-z0-9-]{1,20}", re.ASCII)


def relation_of(rater: str) -> str:
    """What a rater is to the client, without the number: "teacher-2" is a teacher."""
    return rater.partition("-")[0]


@dataclass(frozen=True, slots=True, order=True)
class FormKey:
    """One form of a session: a key of `measures.instruments` and the key of a rater ("client", "mother").

    `key` is how addresses, capabilities and dictionaries write it: "ors", or "cors:mother".
    """

    instrument_key: str
    rater: str = CLIENT

    def __post_init__(self) -> None:
        if self.instrument_key not in FAMILY or not RATER.fullmatch(self.rater):
            raise ValueError(f"no form {self.instrument_key!r} by {self.rater!r}")

    @property
    def key(self) -> str:
        """ "ors" of the client's own form, "cors:mother" of another rater's."""
        return self.instrument_key if self.by_client else f"{self.instrument_key}:{self.rater}"

    @property
    def instrument(self) -> Instrument:
        """The instrument's definition."""
        return FAMILY[self.instrument_key]

    @property
    def short(self) -> str:
        """The instrument's abbreviation, the same in every language."""
        return self.instrument.short

    @property
    def by_client(self) -> bool:
        """Whether the client fills it in."""
        return self.rater == CLIENT

    @property
    def part(self) -> str:
        """ "ors" for an outcome form, "srs" for an alliance form, "" for any other (periodic, supervision)."""
        return self.instrument.part if self.instrument.part in (OUTCOME, ALLIANCE) else ""

    @property
    def is_of_session(self) -> bool:
        """Whether a session begins or ends with it and has a result page of it; others have other places."""
        return self.instrument.timing in (START, END)

    @classmethod
    def parse(cls, key: str) -> "FormKey":
        """The form that a `key` names; ValueError for anything else."""
        instrument, colon, rater = key.partition(":")
        form = cls(instrument, rater if colon else CLIENT)
        if form.key != key:
            raise ValueError(f"no form {key!r}")
        return form

    def __str__(self) -> str:
        return self.key
