"""Which words a form shows: a licensed pack's, else our own."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from organisations.services.local_day import today_in
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.measures.instruments.registry import CLIENT
from sessions_app.models import Pack, PackLicence, PrintedSheet
from sessions_app.texts.form_wording import LANGUAGES, Item, Wording, known, wording_for, words_key


@dataclass(frozen=True)
class Chosen:
    """The words of a form; `pack` is "id@version", empty for our own words.

    `lapsed_on` is the last day of the licence that has ended, where our own words stand in for a pack.
    `interface` holds the words around the form that the pack brings, by their keys in its schema.
    """

    words: Wording
    pack: str
    language: str
    direction: str
    lapsed_on: datetime.date | None = None
    interface: Mapping[str, str] = field(default_factory=dict)
    answers_language: str = ""  # of the answers to choose from, where it is another

    @property
    def around(self) -> Mapping[str, str]:
        """Of `interface` what stands in for our own words: all of it, but nothing where we speak the language."""
        return {} if self.language in LANGUAGES else self.interface


def choose_wording(*, organisation_id: UUID, form: FormKey, language: str) -> Chosen:
    """The newest pack with a valid licence in that language, else our own words; one query.

    `language` may be any; where nobody has words in it, our own are English.
    """
    licences = list(
        PackLicence.objects.in_use()
        .filter(organisation=organisation_id, pack__instrument=form.instrument_key, pack__language=short(language))
        .select_related("pack", "organisation")
        .order_by("-pack__imported_at", "-pack__id")
    )
    today = today_in(licences[0].organisation) if licences else None
    licences = [licence for licence in licences if _is_for(licence.pack, form)]
    for licence in licences:
        if today is not None and licence.covers(today):
            return _of_pack(licence.pack)
    ended = [licence.valid_until for licence in licences if licence.valid_until is not None]
    return own_words(form, language, lapsed_on=max(ended, default=None))


def own_words(form: FormKey, language: str, *, lapsed_on: datetime.date | None = None) -> Chosen:
    """Our own words, in English where we have none; our languages are all written from left to right."""
    return Chosen(wording_for(words_key(form), language), "", known(language), "ltr", lapsed_on)


def words_printed(organisation_id: UUID, sheet: PrintedSheet) -> Chosen:
    """The words that a sheet was printed in, whatever is in use now; our own where its pack is not here any more."""
    pack, _at, version = sheet.pack.partition("@")
    packs = Pack.objects.filter(organisation=organisation_id, instrument=sheet.instrument, pack=pack, version=version)
    found = packs.first() if pack else None
    return own_words(sheet.form, sheet.language) if found is None else _of_pack(found)


def words_in_use(*, organisation_id: UUID, form: FormKey, language: str) -> dict[str, str]:
    """`pack` and `language` of what a form shows now: what a sheet of paper is taken to have said."""
    chosen = choose_wording(organisation_id=organisation_id, form=form, language=language)
    return {"pack": chosen.pack, "language": chosen.language}


def words_answered(*, organisation_id: UUID, form: FormKey, language: str, name: str) -> dict[str, str]:
    """`pack` and `language` of an answer: of the wording whose name came back with it, withdrawn or not.

    `language` is the client's; our own words stand in where there is no such pack.
    """
    pack = pack_named(organisation_id=organisation_id, instrument=form.instrument_key, name=name)
    return {"pack": pack, "language": short(language) if pack else known(language)}


def pack_named(*, organisation_id: UUID, instrument: str, name: str) -> str:
    """The name "id@version" that a form came back with, where there is such a pack, withdrawn or not; else ""."""
    pack, _at, version = name.partition("@")
    if not (pack and version) or "\0" in name:
        return ""
    packs = Pack.objects.filter(organisation=organisation_id, instrument=instrument, pack=pack, version=version)
    return name if packs.exists() else ""


def short(language: str) -> str:
    """The language itself, without the country."""
    return language.split("-")[0].lower()


def _is_for(pack: Pack, form: FormKey) -> bool:
    """Whether a pack's words are for whoever fills the form in: the client, or somebody about the client."""
    return (pack.content.get("rater", CLIENT) == CLIENT) == form.by_client


def _of_pack(pack: Pack) -> Chosen:
    content: dict[str, Any] = pack.content
    items = tuple(
        Item(
            key=item["key"],
            label=item["label"],
            sentence=item["text"],
            left=item.get("left", ""),
            right=item.get("right", ""),
            left_image=item.get("left_image", ""),
            right_image=item.get("right_image", ""),
        )
        for item in content["items"]
    )
    own = wording_for(words_key(FormKey(pack.instrument)), pack.language)
    answers = [(answer["label"], answer.get("image", "")) for answer in content.get("answers", ())]
    lent = bool(own.answers) and not answers  # a pack may leave the answers to choose from to us
    words = Wording(
        content["title"],
        content["instruction"],
        content["copyright"],
        own.done_label,
        items,
        own.answers if lent else tuple(label for label, _image in answers),
        tuple(image for _label, image in answers),
    )
    return Chosen(
        words,
        str(pack),
        pack.language,
        content["direction"],
        interface=content.get("interface", {}),
        answers_language=known(pack.language) if lent and known(pack.language) != pack.language else "",
    )
