"""Clients with a row in every table that hangs on a client, in which every text is the client's mark."""

import datetime
import uuid

from django.db import connection, models, transaction
from django.utils import timezone

from clients.models import Client, Rater, WordKey
from clients.models.word_key import keys_to_seal_with
from clients.services.subject_graph import subject_tables
from organisations.models import AccessEvent, ApiToken, Capability, KeptAnswer, Outbox, OutgoingMail
from sessions_app.models import AccessSample, SampledAccess, Session, SessionImport

LONG_AGO = datetime.date(2010, 3, 1)
# What the tables' own constraints ask for beyond a value of the right kind
VALUES = {
    "clients.Client": {"second_contact": None, "next_contact": None, "merged_into": None, "is_practice": False},
    "clients.ClientMerge": {"undone_at": None},
    "clients.Consent": {"corrects": None, "merge": None, "reason": "", "said_by": "guardian"},
    "clients.ErasureNotice": {"first_by": None, "second_by": None, "first_on": None, "second_on": None},
    "clients.ClientBlock": {"lifted_by": None, "lifted_at": None},
    "clients.HeldBackPassage": {"given_free_by": None, "given_free_at": None},
    "clients.LegalHold": {"until": None},
    "clients.SubjectRequest": {
        "objects_to": "",
        "extended_on": None,
        "extension_reason": "",
        "told_extension_on": None,
    },
    "sessions_app.EmergencyAccess": {
        "until": timezone.now() + datetime.timedelta(hours=1),
        "ended_at": None,
        "looked_by": None,
        "looked_at": None,
    },
    "sessions_app.AlertStep": {"kind": "set_aside", "decision": "", "asked": None},
    "sessions_app.Goal": {"state": "active", "ended_on": None},
    "sessions_app.Rating": {"instrument": "ors", "marks": [5, 5, 5, 5], "total": 20},
    "sessions_app.StudyAllocation": {"practitioner": None},
    "sessions_app.StudyExport": {"decided_by": None, "step": "waiting", "content": None},
    "sessions_app.StudyParticipant": {"exclusion": ""},
}


class FilledWorld:
    """The rows are made from the models: a new table that hangs on a client is filled without anybody naming it."""

    def __init__(self, by, team, service):
        self.by, self.organisation = by, by.organisation
        self.known = {type(one): one for one in (by, team, service, by.organisation)}
        self.others = {}  # rows that are nobody's: a study, a meeting
        self.marks = 0

    def fill(self, mark):
        """The client; `mark` is its reference and stands in every text of its rows."""
        rows = {}
        self.marks += 1
        for table in subject_tables():
            made = self._key_of if table.model is WordKey else self._row
            rows[table.model] = made(table.model, mark, rows)
        self._beside(rows, mark)
        return rows[Client]

    def _key_of(self, model, mark, rows):
        """The client's words are sealed by then, or will be, with one key."""
        keys_to_seal_with({rows[Client].pk}, self.organisation.pk)
        return WordKey.objects.get(client=rows[Client])

    def _row(self, model, mark, rows):
        values = {
            field.name: self._value(field, mark, rows)
            for field in model._meta.local_concrete_fields
            if not field.primary_key
        }
        values |= VALUES.get(model._meta.label, {})
        if model._meta.label == "clients.ClientMerge":
            values["emptied"] = self._row(Client, f"{mark}-merged", {})
            Client.objects.filter(pk=values["emptied"].pk).update(merged_into=rows[Client])
        row = model(**values)
        with transaction.atomic():
            row.save(force_insert=True)
        return row

    def _value(self, field, mark, rows):
        if isinstance(field, models.ForeignKey):
            return self._parent(field, rows)
        kind = field.get_internal_type()
        if field.choices:
            return next(value for value, _words in field.flatchoices if value not in ("", None, 0))
        if isinstance(field, (models.CharField, models.TextField)) and field.name not in (
            "reference_key",
            "form_language",
        ):
            return mark[: field.max_length]
        if field.has_default() and kind not in ("JSONField", "BinaryField"):
            return field.get_default()
        makes = {
            "JSONField": lambda: {"said": mark},
            "BinaryField": lambda: f"{mark}{uuid.uuid4()}".encode()[: field.max_length],
            "UUIDField": uuid.uuid4,
            "DateField": lambda: LONG_AGO,
            "DateTimeField": timezone.now,
            "TimeField": lambda: datetime.time(10),
            "BooleanField": lambda: False,
            "ArrayField": lambda: [self._value(field.base_field, mark, rows)],
        }
        return makes[kind]() if kind in makes else self.marks

    def _parent(self, field, rows):
        model = field.related_model
        if model in self.known or model in rows:
            return self.known.get(model) or rows[model]
        if field.null:
            return None
        if model not in self.others:
            self.others[model] = self._row(model, "nobodys", {})
        return self.others[model]

    def _beside(self, rows, mark):
        """What names a client without hanging on it."""
        client, session, here = rows[Client], rows[Session], {"organisation": self.organisation}
        later = timezone.now() + datetime.timedelta(1)
        hashed = mark.encode().ljust(32, b".")
        Capability.objects.create(token_hash=hashed, kind="link", object_id=session.pk, expires_at=later, **here)
        Outbox.objects.create(task="t", object_id=session.pk, **here)
        OutgoingMail.objects.create(practitioner=self.by, task="t", object_id=session.pk, event=mark, **here)
        token = self.others.get(ApiToken) or self._row(ApiToken, "token", {})
        self.others[ApiToken] = token
        KeptAnswer.objects.create(
            token=token, key=mark, request_hash=b"1", status=200, body=mark, client_ids=[client.pk], **here
        )
        gone = {"key": "teacher-9", "relation": "teacher", "label": f"{mark} teacher"}
        Rater.objects.create(client=client, **gone, **here).delete()  # stands in the history alone
        Client.objects.filter(pk=client.pk).update(first_name=f"{mark} before")
        Client.objects.filter(pk=client.pk).update(first_name=mark)
        SessionImport.objects.create(
            started_by=self.by,
            file_name="f.csv",
            size=1,
            step="done",
            report={"counts": {"lines": 1}, "refused": [mark]},
            created={"clients": [str(client.pk)]},
            **here,
        )

    def note_look(self, client, mark):
        """What somebody noted at a look-up of the client that is in the log already."""
        event = AccessEvent.objects.filter(client_ids=[client.pk]).order_by("seq").first()
        sample, _made = AccessSample.objects.get_or_create(
            organisation=self.organisation, month=LONG_AGO, defaults={"looks": 1, "unrelated": 0}
        )
        SampledAccess.objects.create(
            organisation=self.organisation, sample=sample, event=event, has_relation=True, note=mark
        )


def open_tables():
    """Every table by name; of a table in parts the whole, as none of its parts is open to the application."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace "
            "AND NOT relispartition ORDER BY relname"
        )
        return [table for (table,) in cursor.fetchall()]


def every_row():
    """(table, row as text) of all that the active organisation can see, and of every global table."""
    with connection.cursor() as cursor:
        found = []
        for table in open_tables():
            cursor.execute(f'SELECT one::text FROM "{table}" AS one')
            found += [(table, text) for (text,) in cursor.fetchall()]
    return found


def rows_with(*marks):
    """The rows in which one of the marks stands, as text or as bytes, however it is written."""
    wanted = [form for mark in marks for form in (mark.lower(), mark.encode().hex())]
    return [(table, text) for table, text in every_row() if any(form in text.lower() for form in wanted)]
