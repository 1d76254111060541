"""Forms of sessions: starting, keying in, correcting, finishing, unlocking."""

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.forms import ClientSearchForm
from clients.models import Client, Episode
from organisations.edits.forms import VersionedForm
from organisations.edits.versions import values_of
from organisations.models import Practitioner, Service
from sessions_app.forms.rating import OWN_FORMS
from sessions_app.models import SAID_ATTENDANCES, Attendance, ContactForm, Session, Skipped
from sessions_app.services.sessions import FACTS, services_of

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


NO_REASON = [("", "—"), *Skipped.choices]


ABSENCES = [choice for choice in SAID_ATTENDANCES if choice[0] != Attendance.ATTENDED]


class WhereForm(forms.Form):
    """Asks for the episode, or the service of a new one, only where there is a choice."""

    episode: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, label=_("Episode"), required=False, widget=forms.RadioSelect
    )
    service: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, label=_("Service"), required=False, widget=forms.RadioSelect
    )

    def __init__(self, *args, client: Client, by: Practitioner, ended_too: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        episodes = Episode.objects.visible_to(by).filter(client=client).select_related("service")
        choices = episodes.newest_first() if ended_too else episodes.open().newest_first()
        any_open = episodes.open().exists()
        services = Service.objects.none() if any_open else services_of(client, by)
        # A lone ended episode is still a choice: without it a new one would be opened.
        enough = {"episode": 2 if any_open else 1, "service": 2}
        for name, rows in (("episode", choices), ("service", services)):
            self.fields[name].queryset = rows
            self.fields[name].empty_label = None
            if len(rows) < enough[name]:
                del self.fields[name]


class StartForm(WhereForm):
    """How client and practitioner meet today."""

    contact_form = forms.ChoiceField(label=_("Form of contact"), choices=ContactForm, widget=forms.RadioSelect)

    def __init__(self, data=None, **kwargs):
        usual = {"contact_form": ContactForm.IN_PERSON}
        # The start buttons of other pages post nothing: one tap starts.
        posted = None if data is None else {**usual, **data.dict()}
        super().__init__(posted, initial=usual, **kwargs)


class AbsenceForm(WhereForm):
    """Why today's session did not take place."""

    attendance = forms.ChoiceField(label=_("What happened?"), choices=ABSENCES, widget=forms.RadioSelect)


class SessionFacts(forms.Form):
    """When and how a session was held."""

    held_on = forms.DateField(label=_("Date"), widget=DATE)
    attendance = forms.ChoiceField(label=_("Attendance"), choices=SAID_ATTENDANCES)
    contact_form = forms.ChoiceField(label=_("Form of contact"), choices=ContactForm)


class SessionEditForm(VersionedForm, SessionFacts):
    """Another day, attendance or form of contact of a session that is stored."""

    def __init__(self, *args, session: Session, **kwargs):
        stored = values_of(session, FACTS)
        super().__init__(*args, **kwargs | {"initial": stored})
        if session.attendance == Attendance.EXPECTED:  # of a group: it may stay so
            self.fields["attendance"].choices = Attendance.choices
        self.add_version(session, stored)


class SkipForm(forms.Form):
    """Why the outcome or the alliance form is left out this time; `instrument` is one of the client's own forms."""

    instrument = forms.ChoiceField(choices=[(key, key) for key in OWN_FORMS], widget=forms.HiddenInput)
    reason = forms.ChoiceField(label=_("Why is there none this time?"), choices=Skipped)


class ReasonForm(forms.Form):
    """Why a session does not count."""

    reason = forms.CharField(label=_("Why?"), max_length=200)


class MoveForm(VersionedForm, ReasonForm, ClientSearchForm):
    """To which client's open episode a session belongs, and why it is moved."""

    chooses = "episode"
    episode: forms.ModelChoiceField = forms.ModelChoiceField(queryset=None, label=_("The right client and episode"))
    field_order = ["whose", "q", "episode", "reason"]

    def __init__(self, *args, by: Practitioner, session: Session, **kwargs):
        super().__init__(*args, by=by, **kwargs)
        field = self.fields["episode"]
        rows = Episode.objects.visible_to(by).open().select_related("client", "service")
        if not self.is_bound:  # once it is sent, the same move may have been made already, by a second click
            rows = rows.exclude(pk=session.episode_id)
        field.queryset = rows.order_by("client__sort_key", "service__name", "pk")
        field.label_from_instance = _course_name
        self.offer(field.queryset, of_client="client__", chosen=[self.data.get("episode", "")])
        offered = [(row.pk, _course_name(row)) for row in self.offered if row.pk != session.episode_id]
        field.choices = [("", field.empty_label), *offered]
        self.add_version(session, {"episode": session.episode})


def _course_name(episode: Episode) -> str:
    """An episode among those of other clients."""
    client = episode.client
    return f"{client} ({client.reference}), {episode}" if client.first_name else f"{client.reference}, {episode}"
