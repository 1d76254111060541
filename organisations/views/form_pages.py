"""The page with a form: shown, refused beside its fields, or put beside what somebody else stored meanwhile."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from organisations.edits.forms import STORED, VersionedForm
from organisations.edits.versions import Unit


@dataclass(frozen=True)
class Field:
    """A field that both sides changed: what the person wrote and what is stored, in words."""

    bound: forms.BoundField
    label: str
    mine: str
    stored: str

    @property
    def is_text(self) -> bool:
        """Whether it is a text of several lines: somebody may want to put it together from both."""
        return isinstance(self.bound.field.widget, forms.Textarea)


@dataclass(frozen=True)
class Choice:
    """Fields that are chosen as one: the name of the two buttons, what one's own sends, who stored the other."""

    fields: list[Field]
    name: str
    mine: str
    who: str

    @property
    def is_several(self) -> bool:
        """Whether each value needs the name of its field beside it."""
        return len(self.fields) > 1

    @property
    def label(self) -> str:
        return ", ".join(field.label for field in self.fields)


def form_page(request: HttpRequest, template: str, form: forms.BaseForm, **context: Any) -> TemplateResponse:
    """A page with a form: 422 once something was posted, 409 with both sides where other values are stored by now.

    200 while somebody searches for what to choose in it (`is_searching` of the form).
    """
    if isinstance(form, VersionedForm) and form.meanwhile is not None:
        return merge_page(request, form)
    status = 422 if form.is_bound and not getattr(form, "is_searching", False) else 200
    return TemplateResponse(request, template, {"form": form, **context}, status=status)


def tell_saved(request: HttpRequest, form: VersionedForm, sentence: str) -> None:
    """Say that a form was saved, and what stays as somebody else stored it meanwhile."""
    messages.success(request, sentence)
    tell_kept(request, form)


def tell_kept(request: HttpRequest, form: VersionedForm) -> None:
    """Say what stays as somebody else stored it meanwhile; nothing where that is nothing."""
    version = form.cleaned_data.get("version")  # a new row has none
    kept = version.kept if version else {}
    if kept:
        fields = "; ".join(f"{form.label_of(name)}: {form.in_words(name, value)}" for name, value in kept.items())
        messages.info(request, _("Changed meanwhile, and kept as it is: %(fields)s.") % {"fields": fields})


def merge_page(request: HttpRequest, form: VersionedForm, *, back: str = "") -> TemplateResponse:
    """What both sides wrote, to choose from; `back` is where the stored values are seen, else the form's own page."""
    meanwhile = form.meanwhile
    choices = [_choice(request, form, unit) for unit in meanwhile.undecided]
    texts = {field.bound.name for choice in choices for field in choice.fields if field.is_text}
    context = {
        "form": form,
        "back": back or request.path,
        "choices": choices,
        "closed": meanwhile.closed,
        "stored": STORED,
        "kept": [(form.label_of(name), form.in_words(name, value)) for name, value in meanwhile.kept.items()],
        "mine": [(form.label_of(name), form.in_words(name, form.cleaned_data[name])) for name in meanwhile.only_given],
        "hidden": [bound for bound in form if bound.name not in texts or meanwhile.closed],
    }
    return TemplateResponse(request, "components/merge.html", context, status=409)


def _choice(request, form, unit: Unit) -> Choice:
    given, stored = form.cleaned_data, form.meanwhile.stored
    fields = [
        Field(form[name], form.label_of(name), form.in_words(name, given.get(name)), form.in_words(name, stored[name]))
        for name in unit
    ]
    told = [field for field in fields if field.mine != field.stored or field.is_text]
    mine = form.version_over({name: stored[name] for name in unit})
    return Choice(told or fields, form.choice(unit), mine, _who(request.practitioner, form, unit))


def _who(by, form: VersionedForm, names: Iterable[str]) -> str:
    """Who stored it and when, where the organisation is."""
    found = [change for name in names if (change := form.last_change(name))]
    if not found:
        return _("Stored meanwhile")
    change = max(found, key=lambda one: one.at)
    zone = ZoneInfo(by.organisation.time_zone)
    at = timezone.localtime(change.at, zone)
    today = at.date() == timezone.localtime(timezone.now(), zone).date()
    given = {"time": date_format(at, "TIME_FORMAT" if today else "SHORT_DATETIME_FORMAT")}
    if change.by is None:
        return _("Stored meanwhile, %(time)s") % given
    if change.by.pk == by.pk:
        return _("Stored by you in another window, %(time)s") % given
    return _("Stored meanwhile by %(name)s, %(time)s") % {"name": change.by.name, **given}
