"""What the demo's organisations have written in the handbook: a chapter, paragraphs, a script and a film, invented."""

from pathlib import Path
from typing import Any

from organisations.models import Organisation, Practitioner
from sessions_app.models import HandbookChapter, HandbookFilm, HandbookParagraph, HandbookScript
from sessions_app.services.handbook_films import add_film

FILM = Path(__file__).with_name("film.webm")
CAPTIONS = """WEBVTT

00:00.000 --> 00:03.000
{}

00:03.000 --> 00:06.000
{}
"""
# Of each organisation: its chapter with paragraphs, (beside, title, text), a script, and a film with two captions.
WRITTEN: dict[str, dict[str, Any]] = {
    "solby": {
        "chapter": "Sådan gør vi på Solby",
        "paragraphs": [
            (
                "Hvem og hvornår",
                "Begge kontaktpersoner udfylder med borgeren på skift. Aftal det, når I lægger ugen.\n\n"
                "- **Hver 14. dag** som udgangspunkt\n- mindst én gang om måneden\n- altid før et handleplansmøde",
            ),
            (
                "Hvis borgeren ikke kan blive færdig",
                "Skriv de første mærker på papir, og fortsæt en af de næste dage. Indtast først, når alle fire er der, "
                "med den dato, hvor borgeren satte dem.",
            ),
            (
                "Spørgsmål om FIT",
                "Trine er FIT-ressourceperson i Rødt team, Hanne i Blåt team. Skriv spørgsmålet ned, når det opstår; "
                "vi tager dem på teammødet, og dem, vi ikke selv kan svare på, sender vi til vores FIT-konsulent.",
            ),
        ],
        "beside": (
            "meeting",
            "Vores teammøde",
            "Onsdag kl. 9.15. Kurverne ligger på skærmen, når vi begynder. Tre borgere hver gang, højst ti minutter "
            "til hver, og den daglige leder holder øje med uret.",
        ),
        "script": "Før kaffen har jeg de fire linjer til dig. Sæt ét mærke på hver, så jeg ved, hvordan ugen har "
        "været for dig. Bagefter ser vi på det sammen, og du bestemmer, hvad vi taler om.",
        "film": ("say-ors-first-adult", "Fire linjer, fire mærker", "”Her er fire linjer.”", "”Sæt ét mærke på hver.”"),
    },
    "bjorken": {
        "chapter": "Så gör vi på Björken",
        "paragraphs": [
            (
                "Familjer",
                "Var och en svarar för sig innan vi sätter oss. Barnet först, så att inget annat svar hinner synas.",
            )
        ],
        "beside": (
            "several",
            "Två surfplattor",
            "I rum 3 finns två surfplattor, så att föräldrarna kan svara samtidigt. Den ena står på barnets höjd.",
        ),
        "script": "Innan vi börjar vill jag höra hur veckan har varit för dig. Fyra linjer, ett kryss på varje, "
        "sedan tittar vi på det tillsammans.",
        "film": ("say-ors-first-adult", "Fyra linjer, fyra kryss", "”Här är fyra linjer.”", "”Ett kryss på varje.”"),
    },
}


def write_handbook(organisation: Organisation, author: Practitioner) -> None:
    """The organisation's own part of the handbook, in its language."""
    written, own = WRITTEN[organisation.slug], {"organisation": organisation}
    language = {"language": organisation.language}
    chapter = HandbookChapter.objects.create(title=written["chapter"], **own, **language)
    for place, (title, text) in enumerate(written["paragraphs"], start=1):
        HandbookParagraph.objects.create(chapter=chapter, title=title, text=text, place=place, **own, **language)
    beside, title, text = written["beside"]
    HandbookParagraph.objects.create(beside=beside, title=title, text=text, **own, **language)
    HandbookScript.objects.create(
        part="ors", moment="later", audience="adult", text=written["script"], **own, **language
    )
    beside, title, *said = written["film"]
    film = HandbookFilm(
        beside=beside, title=title, captions=CAPTIONS.format(*said), captions_language=organisation.language, **own
    )
    with FILM.open("rb") as file:
        add_film(film=film, file=file, by=author)
