"""The development document's fields: which there are, what they are called, and what is written in them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from organisations.database.statements import written_once
from organisations.edits.versions import RowVersion, merge
from organisations.models import Organisation, Practitioner, Service, straight
from sessions_app.measures.instruments.form_key import ALLIANCE, OUTCOME
from sessions_app.models import OWN_WORDS, DocumentTemplate, Note, NoteKind, Session
from sessions_app.texts.document import DECISION, FIELD_NAMES, SUPPORT

PARTS: dict[str, tuple[str, ...]] = {
    OUTCOME: (NoteKind.AFTER_ORS, NoteKind.DEVELOPMENT, NoteKind.FOCUS),
    ALLIANCE: (NoteKind.AFTER_SRS, NoteKind.BETTER, NoteKind.NEXT_TIME),
    DECISION: (DECISION, SUPPORT),
}
"""The fields of each part in our own order. A field never leaves its part."""
PART_OF = {str(key): part for part, keys in PARTS.items() for key in keys}
LONGEST_LABEL = 60


@dataclass(frozen=True)
class DocumentField:
    """One field: its key, the part it stands in, what it is called, whether it is offered. `own` is our own name."""

    key: str
    part: str
    label: str
    is_on: bool
    own: str

    @property
    def is_own_words(self) -> bool:
        """Whether it holds what the client said; else it is a practitioner's."""
        return self.key in OWN_WORDS


@dataclass(frozen=True)
class WrittenField:
    """A field with what is written in it at a session; `note` is None while nothing was.

    `is_closed`: the client's own words stand there, and are not shared with whoever looks; `note` is None then too.
    """

    about: DocumentField
    note: Note | None
    is_closed: bool = False


def fields_of(organisation_id: UUID, service_id: UUID | None = None) -> tuple[DocumentField, ...]:
    """The fields in their order: as the service has them, else the organisation, else our own; one query."""
    chosen = sorted(_templates(organisation_id, service_id), key=lambda row: row.service_id is None)
    return read_fields(chosen[0].fields if chosen else ())


@written_once
def _templates(organisation_id: UUID, service_id: UUID | None):
    return DocumentTemplate.objects.filter(Q(service=service_id) | Q(service=None), organisation=organisation_id)


def read_fields(stored: Iterable[Mapping[str, Any]]) -> tuple[DocumentField, ...]:
    """Stored fields part by part; those that are not stored stand last in their part, and one unknown is left out."""
    known = {field["key"]: field for field in stored if field["key"] in PART_OF}
    order = [*known, *(key for key in PART_OF if key not in known)]
    found = []
    for part in PARTS:
        for key in (key for key in order if PART_OF[key] == part):
            about, own = known.get(key, {}), str(FIELD_NAMES[key])
            found.append(DocumentField(key, part, about.get("label") or own, about.get("on", True), own))
    return tuple(found)


def written_fields(
    session: Session, fields: Iterable[DocumentField], by: Practitioner, part: str = ""
) -> list[WrittenField]:
    """The note fields of a session (of one part), each with what is written; one that is off only where it is filled.

    What `by` may not read is closed. One query.
    """
    notes = {note.kind: note for note in _notes_of(session, by)}
    parts = (part,) if part else (OUTCOME, ALLIANCE)
    found = [_written(about, notes.get(about.key)) for about in fields if about.part in parts]
    return [one for one in found if one.about.is_on or one.is_closed or (one.note and one.note.text)]


@written_once
def _notes_of(session: Session, by: Practitioner):
    return Note.objects.filter(session=session).with_is_open(by)


def _written(about: DocumentField, note: Any) -> WrittenField:
    """`note` has its `is_open`."""
    if note is not None and note.text and not note.is_open:
        return WrittenField(about, None, is_closed=True)
    return WrittenField(about, note)


def template_of(organisation: Organisation, service: Service | None) -> DocumentTemplate | None:
    """The stored template of a service, or of the whole organisation."""
    return DocumentTemplate.objects.filter(organisation=organisation, service=service).first()


def say_templates(templates: QuerySet[DocumentTemplate]) -> list[str]:
    """What is lost with a service's own fields: which names, and what was switched off."""
    found = []
    for template in templates:
        about = read_fields(template.fields)
        named = ", ".join(f"{one.label} ({one.own})" for one in about if one.label != one.own)
        off = ", ".join(one.label for one in about if not one.is_on)
        said = [_("Its own fields of the development document.")]
        said += [_("Own names: %(names)s.") % {"names": named}] if named else []
        said += [_("Not in use: %(names)s.") % {"names": off}] if off else []
        found.append(" ".join([*said, _("What is written stays, under the names that hold then.")]))
    return found


def template_choices(organisation: Organisation, service: Service | None) -> dict[str, Any]:
    """What the form of a template shows, by field of the form; `own` says whether the service has one of its own."""
    row = template_of(organisation, service)
    found: dict[str, Any] = {"own": row is not None} if service else {}
    for number, about in enumerate(fields_of(organisation.pk, service.pk if service else None), start=1):
        label = "" if about.label == about.own else about.label
        found |= {f"on-{about.key}": about.is_on, f"label-{about.key}": label, f"place-{about.key}": number}
    return found


@transaction.atomic
def set_template(
    *, service: Service | None, by: Practitioner, version: RowVersion | None = None, **given: Any
) -> DocumentTemplate | None:
    """Keep the fields of a service, or of the organisation; StoredMeanwhile as in `merge`.

    A service that has no template of its own any more (`own`) follows the organisation's; what is written stays.
    """
    organisation = Organisation.objects.select_for_update().get(pk=by.organisation_id)
    chosen = merge(version, template_choices(organisation, service), given)
    row = template_of(organisation, service)
    if not chosen.get("own", True):
        if row:
            row.delete()
        return None
    order = sorted(PART_OF, key=lambda key: chosen[f"place-{key}"])
    fields = [{"key": key, "label": straight(chosen[f"label-{key}"]), "on": chosen[f"on-{key}"]} for key in order]
    if row is None:
        return DocumentTemplate.objects.create(organisation=organisation, service=service, fields=fields)
    row.fields = fields
    row.save(update_fields=["fields"])
    return row
