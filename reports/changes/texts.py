"""The changes of a client's data in words: which row, who, and each column's old and new value.

Names come from the models' own words and choices; marks are points. What a row leads to (a person, a team, a
session) is looked up once for a whole page.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.formats import date_format, time_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from clients.models import Client, Episode, Rater, Transfer
from clients.models.form_languages import language_name
from clients.services.client_blocks import may_know_place
from clients.services.merged_records import with_merged
from clients.texts.protection import NOT_TOLD
from organisations.audit.texts import role_name
from organisations.models import Practitioner, Service, Team
from reports.changes.event_list import DELETE, INSERT, UPDATE, TrackedChange
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.measures.rules.attendance import MissingForm, Overdue
from sessions_app.models import OWN_WORDS, Goal, GroupMeeting, NoteKind, Rating, Session
from sessions_app.services.forms_due import labels_of
from sessions_app.texts.instruments import BAND_NAMES, face_name, form_name, rater_words
from sessions_app.texts.rules import RULES
from sessions_app.texts.verdict import points

ROWS = {
    "clients.Client": lazy("Client"),
    "clients.ClientTeam": lazy("Team"),
    "clients.LabelledClient": lazy("Label"),
    "clients.ClientMerge": lazy("Merging of two records"),
    "clients.Consent": lazy("Consent"),
    "clients.Transfer": lazy("Transfer"),
    "clients.Rater": lazy("Rater"),
    "clients.Episode": lazy("Episode"),
    "sessions_app.Session": lazy("Session"),
    "sessions_app.Rating": lazy("Answer"),
    "sessions_app.ConflictingAnswer": lazy("Second answer"),
    "sessions_app.PendingAnswer": lazy("Answer that waited"),
    "sessions_app.Note": lazy("The client's own words"),
    "sessions_app.SessionDecision": lazy("Decision"),
    "sessions_app.FollowUpMeasure": lazy("Follow-up after the end"),
    "sessions_app.Goal": lazy("Goal"),
    "sessions_app.GoalMark": lazy("Mark of a goal"),
    "sessions_app.PlanEvaluation": lazy("Evaluation of the action plan"),
    "sessions_app.Alert": lazy("Alert"),
    "sessions_app.GroupMember": lazy("Part in a group"),
}
TELLING_PLACE = {(Rater, "label"), (Transfer, "came_from"), (Transfer, "went_to")}  # texts that may name a place
HAPPENED = {INSERT: lazy("New"), UPDATE: lazy("Changed"), DELETE: lazy("Taken away")}
# Of columns that no form shows, and so have no words of their own.
COLUMNS: dict[str, str | Promise] = {
    "archived_at": lazy("archived"),
    "team": lazy("team"),
    "label": lazy("label"),
    "is_active": lazy("is asked"),
    "new_series": lazy("new series from"),
    "episode": lazy("episode"),
    "practitioner": lazy("practitioner"),
    "started_at": lazy("started"),
    "finished_at": lazy("finished"),
    "voided_by": lazy("made void by"),
    "marks": lazy("marks on the lines"),
    "total": lazy("total"),
    "entry_mode": lazy("how it was filled in"),
    "late": lazy("came late"),
    "recorded_by": lazy("recorded by"),
    "taken": lazy("counts"),
    "decided_by": lazy("decided by"),
    "why": lazy("why it waited"),
    "rule": lazy("rule"),
    "level": lazy("level"),
    "raised_on": lazy("raised"),
    "closed_on": lazy("closed"),
    "acknowledged_at": lazy("seen"),
    "acknowledged_by": lazy("seen by"),
    "meeting": lazy("group"),
    "sent_at": lazy("sent"),
    "cancelled_at": lazy("cancelled"),
    "answered_at": lazy("answered"),
    "done_at": lazy("followed up"),
    "done_by": lazy("followed up by"),
    "undone_at": lazy("taken back"),
    "came_from": lazy("came from"),
    "went_to": lazy("went to"),
    "contact_since": lazy("handed over on"),
    "contact_note": lazy("note of the hand-over"),
    "returns_to": lazy("comes back after a leave to"),
    "planned_contact": lazy("goes later to"),
    "planned_for": lazy("goes later away from"),
    "planned_note": lazy("note of the planned hand-over"),
    "agreed_on": lazy("next appointment"),
    "agreed_at": lazy("time of the next appointment"),
    "replaced_on": lazy("appointment before"),
    "replaced_at": lazy("time of the appointment before"),
}


@dataclass(frozen=True)
class ChangedColumn:
    """A column of a change: its name, and what stood and stands there ("" for nothing)."""

    name: str
    old: str
    new: str


@dataclass(frozen=True)
class ChangeRow:
    """A change on the page. `at` is in the organisation's time, `person` "" where nobody who works here did it."""

    at: datetime.datetime
    person: str
    role: str
    happened: str
    what: str
    about: str
    lines: tuple[ChangedColumn, ...]


def column_words(model: type[models.Model], name: str) -> str:
    """What a column is called; KeyError where nobody gave it a name."""
    own = model._meta.get_field(name).verbose_name  # type: ignore[union-attr]
    return str(own if isinstance(own, Promise) else COLUMNS[name])


class ChangeTexts:
    """Puts a page's changes into words, after one look-up of each kind of row that they lead to."""

    def __init__(self, changes: Iterable[TrackedChange], client: Client, *, by: Practitioner):
        self.changes = list(changes)
        self.zone = ZoneInfo(by.organisation.time_zone)
        self.labels: Mapping[str, str] = labels_of(client)
        self.tells_place = may_know_place(by, client)
        self.found = self._look_up(by)

    def rows(self) -> list[ChangeRow]:
        return [self._row(change) for change in self.changes]

    def _look_up(self, by: Practitioner) -> dict[type[models.Model], dict[UUID, Any]]:
        wanted: dict[type[models.Model], set[str]] = {}
        for change in self.changes:
            for name, key in _keys_in(change):
                wanted.setdefault(_leads_to(change.told.model, name), set()).add(key)
            if "practitioner" in change.author:
                wanted.setdefault(Practitioner, set()).add(change.author["practitioner"])
        sources: dict[type[models.Model], Any] = {
            Client: with_merged(by),
            Practitioner: Practitioner.objects.visible_to(by),
            Team: Team.objects.visible_to(by),
            Service: Service.objects.visible_to(by),
            Episode: Episode.objects.visible_to(by).select_related("service"),
            Session: Session.objects.visible_to(by),
            Goal: Goal.objects.visible_to(by),
            Rating: Rating.objects.visible_to(by).select_related("session"),
            GroupMeeting: GroupMeeting.objects.visible_to(by),
        }
        return {model: sources[model].in_bulk(keys) for model, keys in wanted.items()}

    def _get(self, model: type[models.Model], key: str | None) -> Any:
        return self.found.get(model, {}).get(UUID(key)) if key else None

    def _row(self, change: TrackedChange) -> ChangeRow:
        form = self._form(change)
        author = self._get(Practitioner, change.author.get("practitioner"))
        return ChangeRow(
            at=change.at.astimezone(self.zone),
            person=author.name if author else "",
            role=role_name(change.author["role"]) if change.author else "",
            happened=str(HAPPENED.get(change.label) or _("Was there before changes were kept")),
            what=_what(change),
            about=self._about(change, form),
            lines=tuple(
                ChangedColumn(
                    column_words(change.told.model, name), *(self._value(change, name, side, form) for side in pair)
                )
                for name, *pair in change.changed()
            ),
        )

    def _form(self, change: TrackedChange) -> FormKey | None:
        """The form that an answer is to."""
        rating = self._get(Rating, change.about.get("rating"))
        if rating is not None:
            return FormKey(rating.instrument, rating.rater)
        return FormKey(change.about["instrument"], change.about["rater"]) if "instrument" in change.about else None

    def _about(self, change: TrackedChange, form: FormKey | None) -> str:
        """Which row: the form, the rater, the rule, the kind of words, the day of the session or of the episode."""
        about = change.about
        rating = self._get(Rating, about.get("rating"))
        session = rating.session if rating else self._get(Session, about.get("session"))
        day = about.get("held_on") or about.get("started_on") or (session and session.held_on.isoformat())
        goal = self._get(Goal, about.get("goal") or about.get("parent"))
        parts = [
            form_name(form, self.labels, rating.pack if rating else None) if form else "",
            rater_words(about["key"], self.labels) if "key" in about else "",
            _rule(about) if "rule" in about else "",
            str(NoteKind(about["kind"]).label) if "kind" in about else "",
            str(goal or ""),
            _day(day) if day else "",
        ]
        return " · ".join(part for part in parts if part)

    def _value(self, change: TrackedChange, name: str, value: Any, form: FormKey | None) -> str:
        """A column's value as people write it; "" for nothing."""
        field = change.told.model._meta.get_field(name)
        if value is None or value in ("", []):
            return ""
        if isinstance(field, models.ForeignKey):
            return self._row_name(self._get(_leads_to(change.told.model, name), value))
        if form and name in {"marks", "total"}:
            return _marks(form, value)
        if name == "rule":
            return _rule(change.about)
        if name in SPECIAL:
            return SPECIAL[name](value)
        if choices := dict(getattr(field, "flatchoices", ())):
            return str(choices.get(value, value))
        is_told = self.tells_place or (change.told.model, name) not in TELLING_PLACE
        return self._plain(field, value) if is_told else str(NOT_TOLD)

    def _plain(self, field: Any, value: Any) -> str:
        if isinstance(field, models.BooleanField):
            return _("Yes") if value else _("No")
        if isinstance(field, models.DateTimeField):
            return date_format(datetime.datetime.fromisoformat(value).astimezone(self.zone), "DATETIME_FORMAT")
        if isinstance(field, models.DateField):
            return _day(value)
        if isinstance(field, models.TimeField):
            return time_format(datetime.time.fromisoformat(value))
        return str(value)

    def _row_name(self, row: Any) -> str:
        if row is None:
            return _("Not visible to you")
        if isinstance(row, Team | Service | Episode) and not self.tells_place:
            return str(NOT_TOLD)
        if isinstance(row, Client):
            return row.reference
        return _day(row.held_on.isoformat()) if isinstance(row, Session) else str(row)


def _what(change: TrackedChange) -> str:
    """What kind of row it is; of what is written of a session, whose words."""
    if change.about.get("kind", OWN_WORDS[0]) not in OWN_WORDS:
        return _("Remark")
    return str(ROWS[change.told.label])


def _keys_in(change: TrackedChange) -> Iterable[tuple[str, str]]:
    """(column, key) of every row that a change leads to."""
    for values in (change.now, change.before or {}, change.about):
        for name, value in values.items():
            if value and isinstance(change.told.model._meta.get_field(name), models.ForeignKey):
                yield name, value


def _leads_to(model: type[models.Model], name: str) -> type[models.Model]:
    return model._meta.get_field(name).related_model  # type: ignore[return-value]


def _day(iso: str) -> str:
    return date_format(datetime.date.fromisoformat(iso), "DATE_FORMAT")


def _marks(form: FormKey, value: list[int] | int) -> str:
    """Marks in the order of the lines, or a total: in points, raw numbers where answers are chosen, or a face."""
    if not form.instrument.scored:
        return face_name(form, value if isinstance(value, list) else [value])
    written = [
        str(mark) if form.instrument.is_choice else points(mark)
        for mark in ([value] if isinstance(value, int) else value)
    ]
    return " · ".join(written)


def _rule(about: dict[str, Any]) -> str:
    """The condition of an alert's rule; rows of before M2 call what was agreed M1, without a session."""
    rule = Overdue.key if about["rule"] == MissingForm.key and not about["session"] else about["rule"]
    return str(RULES.get(rule, rule))


def _new_series(value: list[list[str]]) -> str:
    return ", ".join(f"{_day(day)} ({BAND_NAMES[band]})" for day, band in value)


SPECIAL: dict[str, Callable[[Any], str]] = {
    "form_language": language_name,
    "new_series": _new_series,
}
