"""Our own plain wording of the forms, as data: not the licensed scales, and the form's foot says so.

The four areas have fixed names (the item's label); charts, tables and reports use them too.
"""

from dataclasses import dataclass

FALLBACK = "en"


@dataclass(frozen=True)
class Item:
    """One line of a form: its key in `measures.instruments`, its name and the sentence below it."""

    key: str
    label: str
    sentence: str
    left: str  # the low end
    right: str  # the high end
    left_image: str = ""  # data URI, only of packs
    right_image: str = ""


@dataclass(frozen=True)
class Wording:
    """All words of one form in one language; `foot` says whose they are."""

    title: str
    instruction: str
    foot: str
    done_label: str
    items: tuple[Item, ...]


FOOT = {
    "da": "Formuleringerne er applikationens egne, ikke de licenserede skalaer.",
    "sv": "Formuleringarna är programmets egna, inte de licensierade skalorna.",
    "nb": "Formuleringene er applikasjonens egne, ikke de lisensierte skalaene.",
    "en": "The wording is the application's own, not the licensed scales.",
}
DONE = {"da": "Færdig", "sv": "Klar", "nb": "Ferdig", "en": "Done"}

# What the practitioner may say while handing the tablet over, in the client's language.
HANDOVER = {
    (
        "ors",
        "da",
    ): "Jeg vil gerne høre, hvordan det går hos dig. Her er fire linjer; sæt et mærke, hvor det passer.",
    ("ors", "sv"): "Jag vill gärna höra hur du har det. Här är fyra linjer; sätt ett märke där det stämmer.",
    (
        "ors",
        "nb",
    ): "Jeg vil gjerne høre hvordan du har det. Her er fire linjer; sett et merke der det passer.",
    (
        "ors",
        "en",
    ): "I would like to hear how things are for you. Here are four lines; put a mark where it fits.",
    (
        "srs",
        "da",
    ): "Jeg vil gerne vide, hvordan mødet var for dig. Sig endelig, hvad der ikke passede; det hjælper mig.",
    (
        "srs",
        "sv",
    ): "Jag vill gärna veta hur mötet var för dig. Säg gärna vad som inte passade; det hjälper mig.",
    (
        "srs",
        "nb",
    ): "Jeg vil gjerne vite hvordan møtet var for deg. Si gjerne hva som ikke passet; det hjelper meg.",
    (
        "srs",
        "en",
    ): "I would like to know how this meeting was for you. Do say what did not fit; that helps me.",
}

# Title, instruction, left end, right end.
FRAMES = {
    ("ors", "da"): (
        "Hvordan går det?",
        "Tænk på den seneste uge og på i dag. Sæt ét mærke på hver linje.",
        "svært",
        "godt",
    ),
    ("ors", "sv"): (
        "Hur går det?",
        "Tänk på den senaste veckan och på i dag. Sätt ett märke på varje linje.",
        "svårt",
        "bra",
    ),
    ("ors", "nb"): (
        "Hvordan går det?",
        "Tenk på den siste uken og på i dag. Sett ett merke på hver linje.",
        "vanskelig",
        "bra",
    ),
    ("ors", "en"): (
        "How are things?",
        "Think of the past week and today. Put one mark on each line.",
        "hard",
        "good",
    ),
    ("srs", "da"): (
        "Hvordan var mødet for dig?",
        "Sæt ét mærke på hver linje. Det, der ikke var godt, hjælper os mest.",
        "slet ikke",
        "helt",
    ),
    ("srs", "sv"): (
        "Hur var mötet för dig?",
        "Sätt ett märke på varje linje. Det som inte var bra hjälper oss mest.",
        "inte alls",
        "helt",
    ),
    ("srs", "nb"): (
        "Hvordan var møtet for deg?",
        "Sett ett merke på hver linje. Det som ikke var bra, hjelper oss mest.",
        "ikke i det hele tatt",
        "helt",
    ),
    ("srs", "en"): (
        "How was this meeting for you?",
        "Put one mark on each line. What was not good helps us most.",
        "not at all",
        "fully",
    ),
}

# Label and sentence of each line, in the instrument's order.
LINES = {
    ("ors", "da"): {
        "individual": ("Individuelt", "mig selv, krop og humør"),
        "relations": ("Nære relationer", "dem, jeg er tættest på"),
        "social": ("Socialt", "hverdagen ude: arbejde, skole, fritid"),
        "overall": ("Generelt", "det hele lagt sammen"),
    },
    ("ors", "sv"): {
        "individual": ("Personligt", "jag själv, kropp och humör"),
        "relations": ("Nära relationer", "de som står mig närmast"),
        "social": ("Socialt", "vardagen ute: arbete, skola, fritid"),
        "overall": ("Allmänt", "allt sammantaget"),
    },
    ("ors", "nb"): {
        "individual": ("Individuelt", "meg selv, kropp og humør"),
        "relations": ("Nære relasjoner", "de som står meg nærmest"),
        "social": ("Sosialt", "hverdagen ute: jobb, skole, fritid"),
        "overall": ("Generelt", "alt lagt sammen"),
    },
    ("ors", "en"): {
        "individual": ("Individually", "myself, body and mood"),
        "relations": ("Close relationships", "the people closest to me"),
        "social": ("Socially", "out in the day: work, school, free time"),
        "overall": ("Overall", "all of it together"),
    },
    ("srs", "da"): {
        "relation": ("Relation", "Blev der lyttet til mig?"),
        "goals": ("Mål og emner", "Handlede det om mit?"),
        "approach": ("Tilgang eller metode", "Passede måden til mig?"),
        "overall": ("Generelt", "Var det et godt møde?"),
    },
    ("srs", "sv"): {
        "relation": ("Relationen", "Blev jag lyssnad på?"),
        "goals": ("Mål och ämnen", "Handlade det om mitt?"),
        "approach": ("Sätt att arbeta", "Passade sättet mig?"),
        "overall": ("Allmänt", "Var det ett bra möte?"),
    },
    ("srs", "nb"): {
        "relation": ("Relasjon", "Ble jeg lyttet til?"),
        "goals": ("Mål og temaer", "Handlet det om mitt?"),
        "approach": ("Tilnærming eller metode", "Passet måten meg?"),
        "overall": ("Generelt", "Var det et godt møte?"),
    },
    ("srs", "en"): {
        "relation": ("Relationship", "Was I listened to?"),
        "goals": ("Goals and topics", "Was it about what is mine?"),
        "approach": ("Approach or method", "Did the way suit me?"),
        "overall": ("Overall", "Was it a good meeting?"),
    },
}


def known(language: str) -> str:
    """The language whose words are shown: `language` ("da-dk" is "da"), or English."""
    short = language.split("-")[0].lower()
    return short if short in FOOT else FALLBACK


def wording_for(instrument: str, language: str) -> Wording:
    """All words of a form. KeyError for an instrument without words."""
    language = known(language)
    title, instruction, left, right = FRAMES[instrument, language]
    lines = LINES[instrument, language]
    items = tuple(Item(key, label, sentence, left, right) for key, (label, sentence) in lines.items())
    return Wording(title, instruction, FOOT[language], DONE[language], items)


def labels_for(instrument: str, language: str) -> dict[str, str]:
    """The names of the four lines by item key, in the order of the form."""
    return {key: label for key, (label, _) in LINES[instrument, known(language)].items()}


def handover_sentence(instrument: str, language: str) -> str:
    """What the practitioner may say while handing the tablet over."""
    return HANDOVER[instrument, known(language)]
