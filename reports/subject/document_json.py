"""Everything about a client as JSON: keys that stay, each table and column with its name in plain words."""

import json
from dataclasses import asdict
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reports.subject.columns import words_of
from reports.subject.content import SubjectContent
from reports.subject.graph import columns_out
from reports.subject.rows import TableRows
from reports.subject.tables import LEFT_OUT

VERSION = 1
"""Of the file's shape: what is added does not change it, what is renamed does."""


def subject_json(content: SubjectContent, files: list[dict[str, str]]) -> str:
    """In the active language, as far as words go; `files` are those beside it in the ZIP."""
    document = {
        "version": VERSION,
        "about": {
            "reference": content.client.reference,
            "organisation": content.client.organisation.name,
            "made_on": content.day,
            "language": get_language(),
            "explanation": _(
                "Everything that is kept about one person. Marks and totals are in tenths: 73 is 7.3. A row that names "
                "another row gives its key."
            ),
        },
        "tables": [_table(table, content) for table in content.tables],
        "tables_left_out": [{"name": label, "reason": str(reason)} for label, reason in LEFT_OUT.items()],
        "who_has_looked": content.looks,
        "corrections": [asdict(one) for one in content.corrections],
        "held_back": [{"reason": reason} for reason in content.held_back],
        "files": files,
    }
    return json.dumps(document, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)


def _table(table: TableRows, content: SubjectContent) -> dict[str, Any]:
    words = str(table.given.words)
    name = table.model._meta.label
    return {
        "name": name,
        "words": _("%(table)s, as it stood before") % {"table": words} if table.is_history else words,
        "columns": [_column(table, column) for column in table.columns],
        "columns_left_out": [{"name": column, "reason": reason} for column, reason in columns_out(table.model).items()],
        "rows": content.values[name],
    }


def _column(table: TableRows, column: Any) -> dict[str, Any]:
    told = {"name": column.name, "words": words_of(column.name), "holds": table.holds[column.name].value}
    choices = {str(value): str(words) for value, words in column.flatchoices if value not in (None, "")}
    return told | ({"choices": choices} if choices else {})
