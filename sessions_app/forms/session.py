"""Forms of sessions: starting, keying in, correcting, finishing, unlocking."""

from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from clients.forms import ClientSearchForm
from clients.models import Client, Episode
from clients.services.client_blocks import course_shown, place_shown
from clients.services.episodes import services_by_client, services_of
from organisations.edits.forms import VersionedForm
from organisations.edits.versions import values_of
from organisations.models import Practitioner, Service
from sessions_app.forms.rating import OWN_FORMS
from sessions_app.models import SAID_ATTENDANCES, Attendance, ContactForm, Session, Skipped
from sessions_app.services.sessions import FACTS

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
        self.fields["episode"].label_from_instance = partial(course_shown, by=by)
        self.fields["service"].label_from_instance = partial(place_shown, client=client, by=by)
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


class CourseField(forms.ModelChoiceField):
    """An open episode, or (as "client:service") one that is to be opened."""

    by: Practitioner

    def to_python(self, value):
        if not isinstance(value, str) or ":" not in value:
            return super().to_python(value)
        try:
            return self._begun(*value.split(":"))
        except (Client.DoesNotExist, Service.DoesNotExist, ValidationError, TypeError, ValueError):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice") from None

    def _begun(self, client_id: str, service_id: str) -> Episode:
        """Not stored yet; the open one where somebody has opened it meanwhile."""
        client = Client.objects.visible_to(self.by).current().get(pk=client_id)
        service = services_of(client, self.by).get(pk=service_id)
        opened = self.queryset.filter(client=client, service=service).first()
        return opened or Episode(organisation_id=client.organisation_id, client=client, service=service)


class MoveForm(VersionedForm, ReasonForm, ClientSearchForm):
    """To which client's open episode a session belongs, and why it is moved. A client without one gets a new one."""

    chooses = "episode"
    episode = CourseField(queryset=None, label=_("The right client and episode"))
    field_order = ["whose", "q", "episode", "reason"]

    def __init__(self, *args, by: Practitioner, session: Session, **kwargs):
        super().__init__(*args, by=by, **kwargs)
        field = self.fields["episode"]
        field.by = by
        # Once it is sent, the same move may have been made already, by a second click.
        field.queryset = Episode.objects.visible_to(by).open().select_related("client", "service")
        field.label_from_instance = partial(_course_name, by=by)
        sent = self.data.get("episode", "")
        chosen = [sent.partition(":")[0]] if ":" in sent else _clients_of(field.queryset, sent)
        self.offer(Client.objects.visible_to(by).current().alphabetical(), chosen=chosen)
        courses = list(self._courses(session))
        field.choices = [("", field.empty_label), *((key, _course_name(episode, by)) for key, episode in courses)]
        self.offered = list({episode.client_id: episode.client for _key, episode in courses}.values())
        self.add_version(session, {"episode": session.episode})

    def _courses(self, session: Session) -> Iterator[tuple[str, Episode]]:
        """Of each offered client the open episodes; of one without any, a new one in each service of a shared team."""
        opened: dict[UUID, list[Episode]] = defaultdict(list)
        for episode in self.fields["episode"].queryset.filter(client__in=self.offered).order_by("service__name", "pk"):
            opened[episode.client_id].append(episode)
        services = services_by_client([client for client in self.offered if client.pk not in opened], self.by)
        for client in self.offered:
            for episode in opened.get(client.pk, ()):
                if episode.pk != session.episode_id:
                    yield str(episode.pk), episode
            for service in services.get(client.pk, ()):
                yield f"{client.pk}:{service.pk}", Episode(client=client, service=service)


def _clients_of(episodes: QuerySet[Episode], key: str) -> list[str]:
    try:
        return [str(client) for client in episodes.filter(pk=key).values_list("client", flat=True)] if key else []
    except ValidationError:  # no key at all
        return []


def _course_name(episode: Episode, by: Practitioner) -> str:
    """An episode among those of other clients, or one that would be opened."""
    client = episode.client
    whose = f"{client} ({client.reference})" if client.first_name else client.reference
    if episode._state.adding:
        return _("%(client)s, new episode in %(service)s") % {
            "client": whose,
            "service": place_shown(episode.service, client, by),
        }
    return f"{whose}, {course_shown(episode, by)}"
