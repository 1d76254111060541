"""LASS: what practitioners say about their supervision, in three lines."""

from sessions_app.measures.instruments.base import END_OF_SUPERVISION, SUPERVISION, Instrument
from sessions_app.measures.provenance import Confidence, Provenance


class Lass(Instrument):
    """The Leeds Alliance in Supervision Scale; no cut-off is known."""

    key, part, timing = "lass", SUPERVISION, END_OF_SUPERVISION
    items, total_max = ("approach", "relation", "needs"), 300
    ages = (18, None)
    raters = ("supervisee",)
    provenance = Provenance("O'Donovan, three lines; no cut-off is known; line names to check", Confidence.HIGH)
