"""Cases opened to a consultant from outside: opened with a question, closed, answered; and what ends them by itself.

A case is read only while its client agrees (`ConsentPurpose.CONSULTANT`): no ground in law reaches a consultant.
"""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from clients.models import Client, ConsentPurpose, Episode
from clients.services.consent_closings import ConsentClosing
from clients.services.consents import has_consent
from organisations.audit.record import record_access
from organisations.database.statements import written_once
from organisations.models import Organisation, Practitioner, Team
from organisations.roles import Can, Role, may
from organisations.services.local_day import day_of, today_in
from sessions_app.models import OpenedCase, OpenedCaseQuerySet, QuestionReply, TeamQuestion
from sessions_app.services.questions import ask_question, reply


def consultants_of(by: Practitioner) -> QuerySet[Practitioner]:
    """To whom somebody can open a case: the consultants of the organisation whose access lasts."""
    roles = [role.value for role in Role if may(role, Can.READ_OPENED_CASES)]
    people = Practitioner.objects.visible_to(by).filter(is_active=True, role__in=roles)
    return people.filter(access_until__gte=today_in(by.organisation)).order_by("name")


@transaction.atomic
def open_case(
    *, episode: Episode, consultant: Practitioner, until: date, by: Practitioner, question: str = ""
) -> OpenedCase:
    """Let a consultant read a case until a day, and ask them something.

    ValidationError without the client's yes, for a day that is past or beyond the consultant's own, and for a case
    that is open to them already.
    """
    client, today = episode.client, today_in(by.organisation)
    consultant = Practitioner.objects.select_for_update(of=("self",)).get(pk=consultant.pk)
    if not has_consent(client, ConsentPurpose.CONSULTANT):
        raise ValidationError(_("The client has not said yes to a consultant. Ask first, and enter the answer."))
    if until < today:
        raise ValidationError({"until": _("That day is past.")})
    if consultant.access_until is None or until > consultant.access_until:
        last = date_format(consultant.access_until or today, "DATE_FORMAT")
        raise ValidationError({"until": _("Their access ends on %(day)s: that day at most.") % {"day": last}})
    _close_over(OpenedCase.objects.filter(episode=episode, consultant=consultant), today)
    case = OpenedCase(
        organisation_id=by.organisation_id,
        episode=episode,
        consultant=consultant,
        number=_number(episode, consultant),
        opened_by=by,
        until=until,
    )
    case.full_clean()
    case.save(force_insert=True)
    record_access("consultant.open", [client.pk])
    if question.strip():
        ask_consultant(case=case, text=question, by=by)
    return case


@transaction.atomic
def ask_consultant(*, case: OpenedCase, text: str, by: Practitioner) -> TeamQuestion:
    """Ask the consultant something about the case; it stands among the questions of the team too."""
    team = Team.objects.filter(client_teams__client=case.episode.client_id)
    own = team.filter(memberships__practitioner=by.pk).order_by("name").first()
    return ask_question(team=own or team.earliest("name"), text=text, by=by, episode=case.episode, opened_case=case)


@transaction.atomic
def close_case(*, case: OpenedCase, by: Practitioner) -> None:
    """From now on the consultant reads nothing of it; closing again changes nothing."""
    case = OpenedCase.objects.select_for_update(of=("self",)).select_related("episode").get(pk=case.pk)
    if case.closed_at is None:
        case.closed_at = timezone.now()
        case.save(update_fields=["closed_at"])
    record_access("consultant.close", [case.episode.client_id])


@transaction.atomic
def answer_question(*, question: TeamQuestion, text: str, by: Practitioner) -> QuestionReply:
    """What a consultant says to a question about a case that is open to them; ValidationError as `reply`."""
    return reply(question=question, text=text, by=by)


def questions_to(by: Practitioner) -> QuerySet[TeamQuestion]:
    """The questions that a consultant is asked about the cases that are open to them now."""
    cases = OpenedCase.objects.visible_to(by)
    return TeamQuestion.objects.standing().filter(opened_case__in=cases.filter(consultant=by.pk))


def answers_of(by: Practitioner) -> QuerySet[QuestionReply]:
    """What a consultant said to them."""
    return QuestionReply.objects.filter(written_by=by, question__in=questions_to(by))


def open_to(client: Client, by: Practitioner) -> list[OpenedCase]:
    """To whom cases of a client are open now, for whoever may see the client; one query."""
    return _open_cases(client, by, today_in(by.organisation))


@written_once
def _open_cases(client: Client, by: Practitioner, today: date):
    cases = OpenedCase.objects.visible_to(by).open_on(today).agreed().filter(episode__client=client)
    return cases.select_related("consultant").order_by("until", "pk")


def close_those_over(organisation: Organisation, now: datetime) -> int:
    """Close what is past its day, and what is open to somebody whose account has ended; how many."""
    return _close_over(OpenedCase.objects.filter(organisation=organisation), day_of(now, organisation))


def _close_over(cases: OpenedCaseQuerySet, today: date) -> int:
    over = Q(until__lt=today) | Q(consultant__is_active=False) | Q(consultant__access_until__lt=today)
    return cases.standing().filter(over).update(closed_at=timezone.now())


def _number(episode: Episode, consultant: Practitioner) -> int:
    """By which the consultant knows the case: the same one again where it was open to them before."""
    known = OpenedCase.objects.filter(consultant=consultant)
    before = known.filter(episode=episode).values_list("number", flat=True).first()
    return before or (known.aggregate(last=Max("number"))["last"] or 0) + 1


def _open_of(client: Client) -> QuerySet[OpenedCase]:
    return OpenedCase.objects.standing().filter(episode__client=client)


CLOSING = ConsentClosing(
    ConsentPurpose.CONSULTANT,
    ngettext_lazy("%(count)d case open to a consultant", "%(count)d cases open to a consultant", "count"),
    lambda client: _open_of(client).count(),
    lambda client: _open_of(client).update(closed_at=timezone.now()),
)
"""What a client's no closes at once."""
