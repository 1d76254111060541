"""No column without a word about what it holds."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import models

from organisations.history import privacy
from organisations.history.privacy import DataClass, mark


def test_every_column_has_a_mark_and_every_mark_a_column():
    assert privacy.faults() == [], "name each column in `data_classes` above its model"


def test_a_new_column_a_new_table_and_a_column_that_is_gone_are_seen(monkeypatch):
    known = privacy.marks()
    less = {name: holds for name, holds in known["clients.Client"].items() if name != "first_name"}
    without = {label: marks for label, marks in known.items() if label != "sessions_app.Note"}
    monkeypatch.setattr(
        privacy, "marks", lambda: without | {"clients.Client": less | {"shoe_size": DataClass.IDENTITY}}
    )
    faults = privacy.faults()
    assert "clients.Client.first_name has no mark" in faults
    assert "clients.Client.shoe_size is gone" in faults
    assert "sessions_app.Note.text has no mark" in faults


def test_a_name_cannot_be_marked_twice():
    with pytest.raises(ValueError, match="twice"):
        mark(identity="name", words="name")


def test_what_names_a_client_or_was_said_is_not_called_technical():
    """Free text and names by their kind, whatever the list says."""
    known = privacy.marks()
    for model in privacy.own_models():
        for field in model._meta.local_fields:
            holds = known[model._meta.label].get(field.name)
            if isinstance(field, models.EmailField):
                assert holds == DataClass.IDENTITY, (model, field.name)
            if isinstance(field, models.ForeignKey) and field.related_model._meta.label in {
                "clients.Client",
                "organisations.Practitioner",
                "organisations.User",
            }:
                assert holds == DataClass.IDENTITY or field.name == "pgh_obj", (model, field.name)
            if type(field) is models.TextField and not field.name.startswith("pgh_") and field.name != "session_data":
                assert holds == DataClass.WORDS, (model, field.name)


def test_the_history_holds_what_its_rows_hold():
    known = privacy.marks()
    assert known["sessions_app.NoteEvent"]["text"] == DataClass.WORDS
    assert known["clients.ClientEvent"]["pgh_context"] == DataClass.IDENTITY


def test_the_table_can_be_printed():
    out = StringIO()
    call_command("show_columns", "--only", "words", stdout=out)
    assert "| sessions_app.Note | text | words |" in out.getvalue()
    assert "first_name" not in out.getvalue()
