"""A world with a row of every table for one client and one for another, each column with a value of its own.

Made from the models, so a new table or column is in it by itself. Planted by the database's superuser, for whom foreign
keys, checks and triggers rest until the test's transaction is over; read by the application's role.
"""

import datetime
import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.utils import timezone

from clients.models import Client, SealedCharField, SealedTextField, WordKey
from clients.models.word_key import keys_to_seal_with
from organisations.audit.record import store
from organisations.history.tracking import is_event_model
from organisations.models import AccessEvent, Organisation, Practitioner, Service, Team
from reports.subject.graph import graph, tracked_by

START = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)


OF_KIND: tuple[tuple[type[models.Field], Any], ...] = (
    (models.BooleanField, lambda number: True),
    (models.UUIDField, lambda number: uuid.uuid4()),
    (models.DateTimeField, lambda number: START + datetime.timedelta(minutes=number)),
    (models.DateField, lambda number: START.date() + datetime.timedelta(days=number)),
    (models.TimeField, lambda number: datetime.time(number // 60 % 24, number % 60)),
    (models.IntegerField, lambda number: number),
)


class Planter:
    """Plants the rows of one person; `given` are rows that everybody shares."""

    numbers = 0

    def __init__(self, given: dict[type, models.Model]):
        self.given = given
        self.rows: dict[type, models.Model] = {}
        self.words: list[str] = []

    def plant_all(self) -> None:
        for model in graph():
            self.row(model)

    def row(self, model: Any) -> models.Model:
        """The person's row of a table, planted with those that it names."""
        if model is WordKey and model not in self.rows:
            self.rows[model] = key_of(self.row(Client))
        if model not in self.rows:
            row = model(pk=uuid.uuid4()) if not is_event_model(model) else model()
            self.rows[model] = row
            for column in model._meta.local_fields:
                if not column.primary_key:
                    setattr(row, column.attname, self.value(model, column))
            model._base_manager.bulk_create([row])
        return self.rows[model]

    def value(self, model: Any, column: Any) -> Any:
        if column.is_relation:
            return self.related(model, column)
        if column.name == "id":  # of a history: the row's own key
            return self.row(tracked_by(model)).pk
        if isinstance(column, SealedCharField | SealedTextField) and is_event_model(model):
            # As the trigger copies it: bound to the row that the history is of.
            tracked = self.row(tracked_by(model))
            return tracked._meta.get_field(column.name).pre_save(tracked, False)
        if column.flatchoices:
            return column.flatchoices[0][0]
        return self.of_kind(column)

    def related(self, model: Any, column: Any) -> Any:
        other = column.related_model
        if other in self.given:
            return self.given[other].pk
        known = other in self.rows
        if other is model or (not known and column.null) or (is_event_model(model) and other not in graph()):
            return None if column.null else self.row(other).pk
        return self.row(other).pk

    def of_kind(self, column: Any) -> Any:
        Planter.numbers += 1
        number = Planter.numbers
        if isinstance(column, ArrayField):
            return [] if isinstance(column.base_field, models.BinaryField) else [number, number + 1]
        if isinstance(column, models.JSONField):
            return {"practitioner": self.word(number)} if column.name.startswith("pgh") else [self.word(number)]
        make = next((one for kind, one in OF_KIND if isinstance(column, kind)), None)
        if make is not None:
            return make(number)
        word = self.word(number)
        if isinstance(column, models.BinaryField):
            return b"\xff\xd8" + word.encode()
        return f"{word}@example.org" if isinstance(column, models.EmailField) else word[: column.max_length]

    def word(self, number: int) -> str:
        word = f"q{number:04}z"
        self.words.append(word)
        return word


def key_of(client: Any) -> WordKey:
    """The key that a client's words are sealed with, made if there are none yet."""
    keys_to_seal_with({client.pk}, client.organisation_id)
    return WordKey.objects.get(client=client.pk)


def shared(by: Practitioner, team: Team) -> dict[type, models.Model]:
    return {Organisation: by.organisation, Practitioner: by, Team: team, Service: team.service}


def lift_checks() -> None:
    """Until the transaction ends: no trigger, no foreign key, no check."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('ALTER TABLE %I.%I DROP CONSTRAINT %I', n.nspname, t.relname, c.conname)"
            " FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace"
            " WHERE c.contype = 'c' AND n.nspname = 'public'"
        )
        statements = cursor.fetchall()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for (statement,) in statements:
            cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = replica")


def look(by: Practitioner, *clients: Any, action: str = "client.view") -> AccessEvent:
    """A row of the access log."""
    event = AccessEvent(
        organisation=by.organisation,
        practitioner=by,
        role=by.role,
        action=action,
        client_ids=[client.pk for client in clients],
        purpose="",
        request_id="planted",
        at=timezone.now(),
    )
    store([event])
    return event
