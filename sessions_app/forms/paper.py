"""Many forms on paper, keyed in at once: one row each."""

import uuid
from collections.abc import Mapping

from django import forms
from django.db.models import F, Q
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from clients.forms import ClientSearchForm
from clients.models import Client
from organisations.models import Practitioner, normal_form, straight
from sessions_app.forms.session import DATE
from sessions_app.measures.instruments.by_age import BANDS, own_forms
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.measures.instruments.registry import Instrument, periodic_instruments
from sessions_app.measures.marks import EMPTY, MarkError, parse_mark, parse_step, parse_total
from sessions_app.services.ratings import Answer, answer_of
from sessions_app.texts.instruments import instrument_name
from sessions_app.texts.marks import mark_error, other_total, total_error

# The client's own scored forms, those of grown-ups first; whose age they fit is looked at when they are stored.
_OWN = dict.fromkeys(form for band in reversed(BANDS) for form in own_forms(band) if form.instrument.scored)
PAPER_FORMS = (*_OWN, *(FormKey(one.key) for one in periodic_instruments()))
MOST_MARKS = max(len(form.instrument.items) for form in PAPER_FORMS)
USUAL_MARKS = len(PAPER_FORMS[0].instrument.items)
MARKS = tuple(f"mark{number}" for number in range(1, MOST_MARKS + 1))
TYPED = ("client", "held_on", *MARKS, "total")
ROWS, MOST_ROWS = 10, 60
PREFIX = "row"


class FormSelect(forms.Select):
    """The forms to choose from; an option tells the page of whole numbers, and of more lines than most have."""

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        about = FormKey.parse(value).instrument
        told = {"data-whole": about.is_choice, "data-more": len(about.items) > USUAL_MARKS}
        option["attrs"] |= {attribute: True for attribute, holds in told.items() if holds}
        return option


class PaperRow(forms.Form):
    """One paper: whose, of which day, which form, and its marks, or only the total."""

    submission_id = forms.UUIDField(widget=forms.HiddenInput)
    client = forms.CharField(label=_("Client's reference"), max_length=80)
    held_on = forms.DateField(label=_("Date"), widget=DATE)
    form = forms.ChoiceField(label=_("Form"), widget=FormSelect)

    use_required_attribute = False

    def __init__(self, *args, clients: Mapping[str, list[Client]], unchecked: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.clients, self.unchecked = clients, unchecked
        self.answer: Answer | None = None
        self.saved = None  # the stored rating, once there is one
        self.fields["submission_id"].initial = uuid.uuid4
        self.fields["form"].choices = [(form.key, instrument_name(form.instrument_key)) for form in PAPER_FORMS]
        self.fields["client"].widget.attrs = {"list": "clients", "autocomplete": "off", "autocapitalize": "characters"}
        number = {"inputmode": "decimal", "autocomplete": "off", "size": 4}
        for place, name in enumerate(MARKS, start=1):
            label = _("Line %(number)s") % {"number": place}
            self.fields[name] = forms.CharField(required=False, label=label, widget=forms.TextInput(attrs=number))
        self.fields["total"] = forms.CharField(required=False, label=_("Total"), widget=forms.TextInput(attrs=number))

    def has_changed(self) -> bool:
        """Whether anything was typed; the row's own id and the chosen form do not count."""
        return any(self.data.get(self.add_prefix(name), "").strip() for name in TYPED)

    def full_clean(self):
        """Of a row that is only to be shown again, as it was typed, nothing is wrong yet."""
        super().full_clean()
        if self.unchecked:
            self._errors = ErrorDict()

    def clean_client(self):
        """The client with that reference among those that may be seen."""
        return one_client(self.cleaned_data["client"], self.clients)

    def clean(self):
        super().clean()
        if "form" in self.cleaned_data:
            self.answer = self._read(FormKey.parse(self.cleaned_data["form"]).instrument)

    def _read(self, instrument: Instrument) -> Answer | None:
        """All marks of the instrument, or only a total; an error beside each that is missing or wrong."""
        texts = {name: self.cleaned_data.get(name, "").strip() for name in MARKS}
        for name in MARKS[len(instrument.items) :]:
            if texts.pop(name):
                self.add_error(name, _("This form has no such line."))
        total = self._total(instrument)
        if not any(texts.values()):
            if total is None and "total" not in self.errors:
                self.add_error(MARKS[0], _("Write the marks, or the total."))
            return None if total is None else Answer(None, total)
        marks = [self._mark(instrument, name, text) for name, text in texts.items()]
        if any(mark is None for mark in marks) or self.errors:
            return None
        answer = answer_of([mark for mark in marks if mark is not None])
        if total is not None and total != answer.total:
            self.add_error("total", other_total(instrument))
        return answer

    def _mark(self, instrument: Instrument, name: str, text: str) -> int | None:
        try:
            return parse_step(text, instrument.mark_max) if instrument.is_choice else parse_mark(text)
        except MarkError as error:
            self.add_error(name, mark_error(error.code, instrument))
            return None

    def _total(self, instrument: Instrument) -> int | None:
        text = self.cleaned_data.get("total", "")
        try:
            return parse_step(text, instrument.total_max) if instrument.is_choice else parse_total(text)
        except MarkError as error:
            if error.code != EMPTY:
                self.add_error("total", total_error(error.code, instrument))
            return None

    @property
    def seldom(self) -> tuple[str, ...]:
        """The names of the lines that few forms have."""
        return MARKS[USUAL_MARKS:]

    def marks(self):
        """The fields of the lines, for the page."""
        return [self[name] for name in MARKS]


PaperRows = forms.formset_factory(PaperRow, extra=ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS)


class PaperSearchForm(ClientSearchForm):
    """Whose papers they are: the references that the rows offer while one writes, one's own clients' to begin with."""

    def __init__(self, *args, by: Practitioner, **kwargs):
        super().__init__(*args, by=by, **kwargs)
        self.offer(Client.objects.visible_to(by).current().alphabetical())
        if not self.narrows:  # a colleague's reference is typed in full, or searched for
            own = [client for client in self.offered if by.pk in (client.contact_id, client.second_contact_id)]
            self.offered = own if self.page is None else []  # the first of so many help nobody


def clients_named(by: Practitioner, data: Mapping[str, str] | None) -> dict[str, list[Client]]:
    """The clients that `by` may see whose references stand in the rows, by the reference's normal form; one query."""
    typed = {normal_form((data or {}).get(f"{PREFIX}-{place}-client", "")[:80]) for place in range(MOST_ROWS)} - {""}
    named: dict[str, list[Client]] = {}
    if typed:
        spelled = Q(reference_key__in=typed) | Q(merged__reference_key__in=typed)
        found = Client.objects.visible_to(by).current().filter(spelled).annotate(once=F("merged__reference_key"))
        for client in found:
            for key in {client.reference_key, client.once} & typed:  # by the reference of a merged record too
                if client not in named.setdefault(key, []):
                    named[key].append(client)
    return named


def own_client(reference: str, by: Practitioner) -> Client:
    """The client with that reference whom `by` may see; ValidationError as `one_client`."""
    key = normal_form(straight(reference)[:80])
    return one_client(reference, {key: list(Client.objects.visible_to(by).current().filter(reference_key=key))})


def one_client(reference: str, clients: Mapping[str, list[Client]]) -> Client:
    """The client with that reference; of two that were stored before spellings were compared, the one spelled so.

    ValidationError where there is none, or more than one.
    """
    typed = straight(reference)
    found = clients.get(normal_form(typed), [])
    exact = [client for client in found if client.reference == typed] or found
    if not exact:
        raise forms.ValidationError(_("There is no client of yours with this reference."))
    if len(exact) > 1:
        spelled = ", ".join(sorted(client.reference for client in exact))
        raise forms.ValidationError(
            _("Several clients have this reference (%(spelled)s): write it as it is spelled."),
            params={"spelled": spelled},
        )
    return exact[0]
