"""Where sources disagree about a way, not a number: the ways that an organisation may choose between, as data."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import gettext_noop

from sessions_app.measures.instruments.registry import Instrument
from sessions_app.measures.provenance import Confidence, Provenance
from sessions_app.measures.rules import Level

EXPECTED_COURSE, LATE_BANDS, TARGET = "expected-course", "late-bands", "service-target"
UNSEEN_RED = "unseen-red"
OWN_THEN_DEFAULT, ONLY_OWN, ONLY_DEFAULT, NO_COURSE = range(4)
AS_LEARNT, HELD = range(2)
OF_ALL, OF_SUCCESSFUL = range(2)

# How often a periodic form is asked for unless something else is agreed with a client, in weeks by the option's number.
RHYTHM_WEEKS = (0, 4, 8, 12, 26)
RHYTHM_NAMES: tuple[Promise, ...] = (
    lazy("only where it is agreed with the client"),
    lazy("every 4 weeks"),
    lazy("every 8 weeks"),
    lazy("every 12 weeks"),
    lazy("every half year"),
)

# After how many days a red alert that nobody has seen goes to the team lead, by the option's number; None is never.
UNSEEN_DAYS: tuple[int | None, ...] = (7, 3, 14, None)

# The level of a rule's alert by the number of the option; None is switched off.
LEVELS: tuple[Level | None, ...] = (None, Level.INFO, Level.AMBER, Level.RED)
LEVEL_NAMES: tuple[Promise, ...] = (
    lazy("switched off"),
    lazy("for information"),
    lazy("talk about it"),
    lazy("act"),
)
LEVEL_KEY = "-level"


def rhythm_key(instrument: Instrument) -> str:
    """The key of the organisation's choice how often a periodic instrument is asked for."""
    return f"{instrument.key}-rhythm"


@dataclass(frozen=True)
class Method:
    """One disagreement: the first of the `options` is the default."""

    key: str
    name: Promise
    options: tuple[Promise, ...]
    provenance: Provenance
    hint: Promise


METHODS: tuple[Method, ...] = (
    Method(
        EXPECTED_COURSE,
        lazy("Expected course"),
        (
            lazy("learnt from your own clients; the design default until there are 30 closed episodes"),
            lazy("learnt from your own clients only; none until then"),
            lazy("the design default only"),
            lazy("no expected course"),
        ),
        Provenance(
            gettext_noop("MyOutcomes: all with the same intake; OpenFIT: successful ones; ours: all"),
            Confidence.PROPOSAL,
        ),
        lazy("The alerts O4, O5 and O8 are read against it."),
    ),
    Method(
        LATE_BANDS,
        lazy("Expected course late in an episode"),
        (
            lazy("as learnt: it may fall, since those who do well leave earlier"),
            lazy("held at the highest: it never falls, and more clients lie below it late"),
        ),
        Provenance(gettext_noop("survivor effect, seen in a simulation"), Confidence.PROPOSAL),
        lazy("As learnt the bands hold the share of scores they say; held they do not, at late sessions."),
    ),
    Method(
        TARGET,
        lazy("Expected course over a whole episode"),
        (
            lazy("what all closed episodes with the same start reached in the middle"),
            lazy("what the successful ones reached, from 30 of them on"),
        ),
        Provenance(
            gettext_noop("OpenFIT: clients who were successful; a fitted median of all can be checked"),
            Confidence.PROPOSAL,
        ),
        lazy("Successful: a reliable gain, or an end at the cut-off or above. The alert O8 is read against it."),
    ),
    Method(
        UNSEEN_RED,
        lazy("A red alert that nobody has seen"),
        (
            lazy("goes to the team lead after 7 days"),
            lazy("goes to the team lead after 3 days"),
            lazy("goes to the team lead after 14 days"),
            lazy("stays with the contact persons"),
        ),
        Provenance(gettext_noop("a proposal of ours; no source says a number"), Confidence.PROPOSAL),
        lazy("It then stands on the lead's Today and is told of in the mail of the day."),
    ),
)
