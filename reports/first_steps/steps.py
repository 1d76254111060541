"""What a new colleague sets up and tries before the day's work, and how much of it is done."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clients.models import Client
from clients.services.clients import create_client, own_teams
from organisations.database.statements import written_once
from organisations.login.second_factor import has_second_factor
from organisations.models import Practitioner, User
from sessions_app.models import Session

PIN, FACTOR, PRACTICE = "pin", "factor", "practice"
TRIES = 20  # names of a practice client, where others have some of them


@dataclass(frozen=True)
class FirstStep:
    """One step, by its key, and whether it is done."""

    key: str
    is_done: bool


@dataclass(frozen=True)
class FirstSteps:
    """All steps in their order. Nothing keeps them: each is done once what it is about is there."""

    steps: tuple[FirstStep, ...]

    @property
    def done(self) -> int:
        return sum(step.is_done for step in self.steps)

    @property
    def next(self) -> FirstStep | None:
        """The first that is not done; None when all are."""
        return next((step for step in self.steps if not step.is_done), None)


def first_steps_of(by: Practitioner, user: User) -> FirstSteps:
    """The PIN, the second factor where the organisation asks for one, and a first session; `user` is the log-in.

    A session with any client ends the practising: somebody who has worked here for long is not asked to practise.
    """
    steps = [FirstStep(PIN, user.has_pin)]
    if by.organisation.requires_second_factor:
        steps.append(FirstStep(FACTOR, has_second_factor(user)))
    has_practised = bool(_own_session(by))
    return FirstSteps((*steps, FirstStep(PRACTICE, has_practised)))


@written_once
def _own_session(by: Practitioner):
    return Session.objects.visible_to(by).filter(practitioner=by).values_list("pk", flat=True)[:1]


def practice_client(by: Practitioner) -> Client:
    """A practice client of one's own: the one there is, else a new one in one's first team.

    ValidationError for somebody without a team.
    """
    mine = Client.objects.visible_to(by).current().filter(is_practice=True, contact=by).order_by("created_at").first()
    if mine is not None:
        return mine
    team = own_teams(by).first()
    if team is None:
        raise ValidationError(_("You are in no team yet. Ask an administrator to choose your teams."))
    name, named = _("Practice"), Client.objects.filter(is_practice=True).count()
    for number in range(named + 1, named + TRIES):
        try:
            return _made(by, team, f"{name}-{number}")
        except ValidationError as error:
            refused = error
    raise refused


def _made(by, team, reference: str) -> Client:
    language = by.organisation.language
    return create_client(by=by, teams=[team], reference=reference, form_language=language, is_practice=True)
