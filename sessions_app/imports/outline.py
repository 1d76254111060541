"""What an uploaded file looks like before it is read: its columns with examples, and what each of them means."""

from dataclasses import replace
from typing import Any, BinaryIO

from organisations.models import normal_form
from sessions_app.imports.choices import UNUSED, Choices
from sessions_app.imports.columns import MOST_COLUMNS
from sessions_app.imports.faults import shown
from sessions_app.imports.guesses import CHOSEN, KNOWN, LEFT_OUT, Guess, guesses
from sessions_app.imports.reading import examples, open_table
from sessions_app.models import SessionImport

LOOKED_AT = 300  # rows, for examples of what the columns hold
LAST_FILES = 20  # of which the choices are remembered


def outline_of(upload: SessionImport, file: BinaryIO) -> tuple[Choices, dict[str, Any]]:
    """How to read a file, and its outline as JSON: header, examples, columns, and how each of these is known.

    Until somebody has chosen, columns are those that are known, remembered or guessed, and others are left out.
    Raises FileError where the file is no table.
    """
    chosen = bool(upload.choices.get("chosen"))
    choices = Choices.from_json(upload.choices if chosen else remembered(upload) | _sheet(upload))
    with open_table(file, choices, most=LOOKED_AT) as table:
        header = table.header(choices)
        names = header.fields[:MOST_COLUMNS]
        found = guesses(names, choices.columns)
        if chosen:
            found = [_as_chosen(choices.column(name), guess) for name, guess in zip(names, found, strict=True)]
        else:
            choices = replace(choices, columns=_unknown_columns(names, found))
        outline = {
            "header": [shown(name) for name in names],
            "examples": examples(table, header),
            "columns": [guess.column for guess in found],
            "how": [guess.how for guess in found],
        }
    return choices, outline


def guessed(file: BinaryIO, choices: Choices) -> Choices:
    """The choices, with the columns they say nothing about guessed or left out. Raises FileError."""
    with open_table(file, choices, most=LOOKED_AT) as table:
        names = table.header(choices).fields
    found = _unknown_columns(names, guesses(names, choices.columns))
    return replace(choices, columns={**found, **choices.columns})


def remembered(upload: SessionImport) -> dict[str, Any]:
    """What was said about the organisation's files, where somebody wanted that to be remembered; the last one holds."""
    said = SessionImport.objects.filter(organisation=upload.organisation_id, choices__remember=True)
    kept: dict[str, dict[str, str]] = {"columns": {}, "people": {}, "attendance": {}}
    for choices in reversed(said.order_by("-changed_at").values_list("choices", flat=True)[:LAST_FILES]):
        for kind, meanings in kept.items():
            meanings |= choices.get(kind, {})
    return kept


def _sheet(upload: SessionImport) -> dict[str, str]:
    return {"sheet": upload.choices["sheet"]} if upload.choices.get("sheet") else {}


def _as_chosen(column: str | None, guess: Guess) -> Guess:
    """What somebody has said about a column; a known one that was left as it is stays known."""
    if guess.how == KNOWN and column == guess.column:
        return guess
    return Guess(column or UNUSED, CHOSEN if column else LEFT_OUT)


def _unknown_columns(names: list[str], found: list[Guess]) -> dict[str, str]:
    """Choices for the columns whose names are not our own; a name of ours that stands there twice is no choice."""
    said = list(zip(map(normal_form, names), found, strict=True))
    known = {name for name, guess in said if guess.how == KNOWN}
    return {name: guess.column for name, guess in said if name not in known}
