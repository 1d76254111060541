"""Admins look at every value with its source, and choose another where sources disagree."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from organisations.access import requires
from organisations.edits.versions import StoredMeanwhile
from organisations.roles import Can
from organisations.views.form_pages import form_page, merge_page, tell_saved
from sessions_app.forms.standards import EmergencyForm, ValueForm
from sessions_app.models import MeasureValue
from sessions_app.services import standards
from sessions_app.services.explanations import in_unit
from sessions_app.services.standard_effects import effects_in_words
from sessions_app.standards.values import BY_KEY, CONFIDENCE, VALUES, Unit, Value, effective
from sessions_app.views.shared import posted


@dataclass(frozen=True)
class StandardLine:
    """One value as the page shows it; `chosen` is the newest choice, None where the default holds."""

    about: Value
    now: str
    default: str
    source: str
    confidence: str
    chosen: MeasureValue | None

    @property
    def unit(self) -> str:
        """What is counted, where neither the name nor the number says it."""
        return str(self.about.unit.label) if self.about.unit in (Unit.POINTS, Unit.TIMES) else ""

    @property
    def group(self) -> str:
        """In which of the page's tables it stands: value, method or level."""
        if self.about.unit != Unit.CHOICE:
            return "value"
        return "level" if self.about.rule else "method"


@requires(Can.SET_MEASURES)
def measures(request):
    """Every value with source and confidence, the history, and the words for danger."""
    form = EmergencyForm(posted(request), instance=request.practitioner.organisation)
    if request.method == "POST" and form.carry_out(standards.set_emergency_text, by=request.practitioner):
        tell_saved(request, form, _("Saved."))
        return redirect("measures")
    history = _history(request)
    context = {
        "groups": _groups([_line(about, history) for about in VALUES]),
        "history": [
            (row, BY_KEY[row.key].name, in_unit(BY_KEY[row.key], row.value)) for row in history if row.key in BY_KEY
        ],
    }
    return form_page(request, "sessions_app/standards.html", form, **context)


@requires(Can.SET_MEASURES)
def measure_edit(request, measure):
    """A new value: first what it would change, then it is saved."""
    if measure not in BY_KEY:
        raise Http404
    about, effects = BY_KEY[measure], None
    form = ValueForm(posted(request), about=about, by=request.practitioner)
    if form.leaves_stored:
        return redirect("measures")
    if form.is_bound and form.is_valid():
        given = {"key": measure, "value": form.cleaned_data["value"], "by": request.practitioner}
        try:
            if form.was_seen:
                about_it = {name: form.cleaned_data[name] for name in ("reason", "version")}
                standards.set_measure_value(**about_it, **given)
                messages.success(request, _("Saved. Alerts follow within a minute."))
                return redirect("measures")
            effects = standards.preview(**given)
        except ValidationError as error:
            form.add_error("value", error)
        except StoredMeanwhile as meanwhile:
            form.note_meanwhile(meanwhile)
            return merge_page(request, form)
    return _value_page(request, about, form, effects)


def _groups(lines: list[StandardLine]) -> list[tuple[str, list[StandardLine]]]:
    """The page's tables with their headings."""
    headings = {"value": _("Values"), "method": _("Ways"), "level": _("Alerts")}
    return [(words, [line for line in lines if line.group == group]) for group, words in headings.items()]


def _value_page(request, about, form, effects):
    context = {"form": form, "line": _line(about, _history(request)), "effects": effects}
    if effects is not None:
        context |= {"words": effects_in_words(effects), "seen": form.seen_mark}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "sessions_app/standard_edit.html", context, status=status)


def _history(request) -> list[MeasureValue]:
    """Newest first."""
    rows = MeasureValue.objects.visible_to(request.practitioner).select_related("by")
    return list(rows.order_by("-at", "-id"))


def _line(about: Value, history: list[MeasureValue]) -> StandardLine:
    chosen = next((row for row in history if row.key == about.key), None)
    return StandardLine(
        about=about,
        now=in_unit(about, effective({row.key: row.value for row in reversed(history)})[about.key]),
        default=in_unit(about, about.default),
        source=_(about.provenance.source),
        confidence=str(CONFIDENCE[about.provenance.confidence]),
        chosen=chosen,
    )
