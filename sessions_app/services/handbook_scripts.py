"""What is said while a form is handed over: the organisation's own script, else ours, by whom and how often."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from organisations.edits.versions import RowVersion, merge
from organisations.models import Organisation, Practitioner
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.models import HandbookScript, ScriptAudience, ScriptMoment, Session
from sessions_app.texts.form_wording import handover_sentence, known
from sessions_app.texts.handbook import paragraph_texts
from sessions_app.texts.markdown import plain_text
from sessions_app.wording.choice import Chosen
from sessions_app.wording.spoken import SpokenForm, handover_words

ADULT, CHILD = ScriptAudience.ADULT.value, ScriptAudience.CHILD.value
FORMS = {"ors": ("ors", ADULT), "cors": ("ors", CHILD), "srs": ("srs", ADULT), "csrs": ("srs", CHILD)}
"""The forms that have scripts: their part, and who hears it."""
NAMES = [
    (part, moment.value, audience.value)
    for part in ("ors", "srs")
    for audience in ScriptAudience
    for moment in ScriptMoment
]
"""Part, moment and audience of each script."""


@dataclass(frozen=True)
class HandoverScript:
    """What to say now, what Medspil itself proposes where that is something else, and where the handbook tells more."""

    said: SpokenForm
    ours: SpokenForm | None
    paragraph: str


def script_name(part: str, moment: str, audience: str, language: str) -> str:
    """The name of a script's field."""
    return f"{part}-{moment}-{audience}-{language}"


def script_at(session: Session, form: FormKey, chosen: Chosen) -> HandoverScript:
    """What is said while `form` is handed over at a session; one query for the forms that have scripts."""
    ours = handover_words(form, chosen)
    if form.instrument_key not in FORMS or not form.by_client:
        return HandoverScript(ours, None, "why")
    part, audience = FORMS[form.instrument_key]
    moment = _moment(session, part)
    if moment == ScriptMoment.FIRST and not chosen.interface.get("handover"):
        ours = SpokenForm(our_script(part, moment, audience, chosen.language), known(chosen.language))
    own = HandbookScript.objects.filter(
        organisation=session.organisation_id, part=part, moment=moment, audience=audience, language=chosen.language
    ).first()
    paragraph = f"say-{part}-first-{audience}" if moment == ScriptMoment.FIRST else "say-later"
    if own is not None and own.text:
        return HandoverScript(SpokenForm(own.text, chosen.language), ours, paragraph)
    return HandoverScript(ours, None, paragraph)


def _moment(session: Session, part: str) -> str:
    """The first time while the episode has no answer of that kind: its summary counts them."""
    counted = session.episode.outcome_count if part == "ors" else session.episode.alliance_count
    return ScriptMoment.LATER if counted else ScriptMoment.FIRST


def our_script(part: str, moment: str, audience: str, language: str) -> str:
    """What Medspil itself proposes to say."""
    if moment == ScriptMoment.FIRST:
        return plain_text(paragraph_texts(known(language))[f"say-{part}-first-{audience}"].text)
    form = next(form for form, about in FORMS.items() if about == (part, audience))
    return handover_sentence(form, language)


def own_scripts(organisation: Organisation, language: str) -> dict[str, str]:
    """The organisation's own scripts in a language by the names of their fields, "" for those that it has not."""
    rows = HandbookScript.objects.filter(organisation=organisation, language=language)
    stored = {script_name(row.part, row.moment, row.audience, language): row.text for row in rows}
    return {name: stored.get(name, "") for name in (script_name(*about, language) for about in NAMES)}


@transaction.atomic
def save_scripts(*, by: Practitioner, language: str, version: RowVersion | None = None, **given: Any) -> Organisation:
    """Keep the scripts of a language, by the names of their fields; StoredMeanwhile as in `merge`."""
    organisation = Organisation.objects.select_for_update().get(pk=by.organisation_id)
    stored = own_scripts(organisation, language)
    chosen = merge(version, stored, given)
    for part, moment, audience in NAMES:
        name = script_name(part, moment, audience, language)
        if name in chosen and chosen[name] != stored[name]:
            HandbookScript.objects.update_or_create(
                organisation=organisation,
                part=part,
                moment=moment,
                audience=audience,
                language=language,
                defaults={"text": chosen[name]},
            )
    return organisation


def script_row(organisation: Organisation, name: str) -> HandbookScript | None:
    """The stored script of a field's name."""
    part, moment, audience, language = name.split("-")
    about = {"part": part, "moment": moment, "audience": audience, "language": language}
    return HandbookScript.objects.filter(organisation=organisation, **about).first()
