"""The documents in each language: passed by a checker of its own, with every word that they should hold, in order."""

import pytest
from django.utils import translation

from clients.models import Client, Episode
from organisations.tenancy.context import tenant
from reports.exports.record_pdf import record_pdf
from reports.record.choices import HOME, RecordChoice
from reports.record.content import read_content
from reports.record.staff_document import head_of
from sessions_app.models import Note
from tests.reports.pdf.pdf_reading import faults_of, said_of_itself, text_of
from tests.sealed_words import say

pytestmark = pytest.mark.django_db
ARABIC = "نحن سعداء جدا"

STAFF = {
    "da": (
        "Til journalen: N-014",
        "Kontaktperson",
        "Trivsel, ORS",
        "Kurven",
        "Tallene",
        "\nMål\n",
        "Sagt, skrevet og besluttet",
    ),
    "sv": (
        "Till journalen: N-014",
        "Ansvarig behandlare",
        "ORS",
        "Kurvan",
        "Siffrorna",
        "\nMål\n",
        "Sagt, skrivet och beslutat",
    ),
    "nb": (
        "Til journalen: N-014",
        "Kontaktperson",
        "ORS",
        "Kurven",
        "Tallene",
        "\nMål\n",
        "Sagt, skrevet og besluttet",
    ),
    "en": (
        "For the record: N-014",
        "Contact person",
        "ORS",
        "The curve",
        "The numbers",
        "\nGoals\n",
        "What was said, written",
    ),
}
HOME_WORDS = {
    "da": (
        "Sådan går det",
        "Sådan er det gået indtil nu.",
        "Din kurve",
        "Det sagde du",
        "Det, vi arbejder på",
        "Det aftalte vi",
    ),
    "ar": ("كيف تسير", "منحناك", "كيف حالك", "ما نعمل عليه", "ما اتفقنا عليه", "هذه الورقة لك"),
}


def made(ann, episode, kind: str, day):
    with tenant(ann.organisation_id):
        found = Episode.objects.select_related("client__organisation", "client__contact", "service").get(pk=episode.pk)
        choice = RecordChoice(kind)
        content = read_content(found, choice, day=day, may_share=False, by=None)
        assert head_of(content).reference == "N-014"
        return record_pdf(content)


def stand_in_order(read: str, expected) -> bool:
    places = [read.find(words) for words in expected]
    assert -1 not in places, expected[places.index(-1)]
    return places == sorted(places)


@pytest.mark.parametrize("language", STAFF)
def test_for_the_record_in_each_language(language, ann, episode, sessions):
    with tenant(ann.organisation_id):
        say(Note.objects.filter(kind="after_ors"), text=ARABIC)
    with translation.override(language):
        pdf = made(ann, episode, "record", sessions[-1].held_on)
    assert faults_of(pdf) == []
    claims = said_of_itself(pdf)
    assert claims == {
        "language": language, "title": STAFF[language][0], "archive": "2A", "accessible": "1", "tagged": "True",
    }  # fmt: skip
    read = text_of(pdf)
    assert stand_in_order(read, (*STAFF[language], "Cook on Tuesdays", "He sleeps better", ARABIC))
    for words in ("My own key", "Pay the rent", "Less help with shopping", "The hard things first", "Solsikke"):
        assert words in read
    assert "Nils" not in read


@pytest.mark.parametrize("language", HOME_WORDS)
def test_to_take_home_in_the_clients_language(language, ann, nils, episode, sessions):
    with tenant(ann.organisation_id):
        Client.objects.filter(pk=nils.pk).update(form_language=language)
    pdf = made(ann, episode, HOME, sessions[-1].held_on)
    assert faults_of(pdf) == []
    assert said_of_itself(pdf)["language"] == language
    read = text_of(pdf)
    assert stand_in_order(read, HOME_WORDS[language][:5])
    assert HOME_WORDS[language][5] in read
    # PDFium turns the order of Latin words on an Arabic page, not that of their letters.
    for word in ("garden", "now", "own", "key", "Cook", "Tuesdays"):
        assert word in read
    assert "sleeps" not in read and "Nils" not in read
