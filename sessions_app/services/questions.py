"""Questions and dilemmas of a team: asked, answered, put on a meeting's agenda, withdrawn. No mail holds a word."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import Episode
from organisations.audit.record import record_access
from organisations.database.statements import written_once
from organisations.models import Membership, Practitioner, Team
from organisations.roles import Role
from organisations.services.local_day import today_in
from organisations.web import news
from sessions_app.models import (
    CaseReason,
    OpenedCase,
    QuestionReply,
    TeamMeeting,
    TeamMeetingCase,
    TeamQuestion,
    WaitsFor,
)
from sessions_app.services.team_meeting_cases import add_case, remove_case
from sessions_app.services.team_meetings import tell_pages

QUESTION_OF_CASE = TeamMeetingCase._meta.get_field("question").max_length


@transaction.atomic
def ask_question(
    *, team: Team, text: str, by: Practitioner, episode: Episode | None = None, opened_case: OpenedCase | None = None
) -> TeamQuestion:
    """Ask one of one's teams, about FIT or about a case of that team; the open pages of who answers hear of it.

    With an `opened_case` it is asked of the consultant to whom that one is open.

    ValidationError without words, and for a case of another team.
    """
    if episode is not None and not episode.client.teams.filter(pk=team.pk).exists():
        raise ValidationError({"episode": _("That case belongs to another team.")})
    question = TeamQuestion(
        organisation_id=by.organisation_id,
        team=team,
        episode=episode,
        opened_case=opened_case,
        text=_words(text),
        asked_by=by,
    )
    question.full_clean(exclude=["organisation", "team", "episode", "opened_case", "asked_by"])
    question.save(force_insert=True)
    _record("question.ask", question)
    news.tell(_who_hears(question) - {by.pk})
    return question


@transaction.atomic
def reply(*, question: TeamQuestion, text: str, by: Practitioner) -> QuestionReply:
    """Say something to a question: an answer to whoever asked, or from them a further question.

    ValidationError without words, and for a question that was withdrawn.
    """
    question = _locked(question)
    _refuse_withdrawn(question)
    said = QuestionReply(organisation_id=by.organisation_id, question=question, text=_words(text), written_by=by)
    said.full_clean(exclude=["organisation", "question", "written_by"])
    said.save(force_insert=True)
    if by.pk == question.asked_by_id:
        _set(question, waits_for=WaitsFor.ANSWER, answered_at=None, answered_by=None)
        news.tell(_who_hears(question) - {by.pk})
    else:
        _set(question, waits_for=WaitsFor.ASKER)
        news.tell([question.asked_by_id])
    _record("question.answer", question)
    return said


@transaction.atomic
def mark_answered(*, question: TeamQuestion, by: Practitioner) -> None:
    """Say that a question is answered. Whoever asked has seen it by that; they are told where another one says it."""
    question = _locked(question)
    _refuse_withdrawn(question)
    _refuse_stranger(question, by)
    is_asker = by.pk == question.asked_by_id
    told = question.waits_for == WaitsFor.NOBODY and question.answered_at is not None
    waits = WaitsFor.NOBODY if is_asker or told else WaitsFor.ASKER
    answered = {} if question.answered_at else {"answered_at": timezone.now(), "answered_by": by}
    _set(question, waits_for=waits, **answered)
    if waits == WaitsFor.ASKER:
        news.tell([question.asked_by_id])
    _record("question.answer", question)


@transaction.atomic
def reopen(*, question: TeamQuestion, by: Practitioner) -> None:
    """Take back that a question is answered; it waits for whoever did not speak last."""
    question = _locked(question)
    _refuse_stranger(question, by)
    if question.answered_at is not None:
        _set(question, answered_at=None, answered_by=None, waits_for=_turn(question))
    _record("question.answer", question)


@transaction.atomic
def withdraw(*, question: TeamQuestion, by: Practitioner) -> None:
    """Take one's own question back; it leaves the agenda on which it stands. ValidationError for somebody else's."""
    question = _locked(question)
    if by.pk != question.asked_by_id:
        raise ValidationError(_("Only whoever asked can take a question back."))
    _leave_agenda(question, by)
    _set(question, withdrawn_at=question.withdrawn_at or timezone.now())
    _record("question.ask", question)


@transaction.atomic
def restore(*, question: TeamQuestion, by: Practitioner) -> None:
    """Let one's own question stand again."""
    question = _locked(question)
    if by.pk == question.asked_by_id:
        _set(question, withdrawn_at=None)
    _record("question.ask", question)


@transaction.atomic
def withdraw_reply(*, said: QuestionReply, by: Practitioner) -> None:
    """Take one's own answer back; the question waits as it did without it. ValidationError for somebody else's."""
    _switch_reply(said, by, withdrawn=True)


@transaction.atomic
def restore_reply(*, said: QuestionReply, by: Practitioner) -> None:
    """Let one's own answer stand again."""
    _switch_reply(said, by, withdrawn=False)


@transaction.atomic
def put_on_agenda(*, question: TeamQuestion, by: Practitioner) -> TeamMeeting:
    """Put a question on the agenda of the team's next meeting: as that case, or as a topic without one.

    ValidationError where none is planned.
    """
    question = _locked(question)
    _refuse_withdrawn(question)
    meeting = next_meeting(question.team_id, by)
    if meeting is None:
        raise ValidationError(_("The team has no meeting planned. Plan one first."))
    if question.episode is not None:
        given: dict[str, Any] = {"meeting": meeting, "episode": question.episode, "reason": CaseReason.BROUGHT}
        add_case(**given, question=question.text[:QUESTION_OF_CASE], by=by)
    else:
        tell_pages(meeting)
    _set(question, meeting=meeting)
    _record("question.agenda", question)
    return meeting


@transaction.atomic
def take_off_agenda(*, question: TeamQuestion, by: Practitioner) -> None:
    """Take a question off the agenda again. ValidationError for a case that was discussed."""
    question = _locked(question)
    _leave_agenda(question, by)
    _record("question.agenda", question)


def next_meeting(team_id: UUID, by: Practitioner) -> TeamMeeting | None:
    """The team's meeting that is under way, else the next one."""
    coming = TeamMeeting.objects.visible_to(by).open().filter(team=team_id)
    return coming.filter(held_on__gte=today_in(by.organisation)).order_by("held_on", "starts_at").first()


def questions_of(by: Practitioner, words: str = "") -> QuerySet[TeamQuestion]:
    """What somebody may read: the open ones first, the newest on top; `words` have to stand in them or the answers."""
    found = TeamQuestion.objects.visible_to(by).standing()
    for word in words.split():
        said = QuestionReply.objects.standing().filter(text__icontains=word).values("question")
        found = found.filter(Q(text__icontains=word) | Q(pk__in=said))
    standing = Count("replies", filter=Q(replies__withdrawn_at=None))
    about = found.select_related("team", "asked_by", "episode__client", "meeting").annotate(answers=standing)
    return about.order_by(F("answered_at").desc(nulls_first=True), "-asked_at", "pk")


@dataclass(frozen=True)
class QuestionsWaiting:
    """How many questions somebody is to answer, and how many of their own have an answer that they have not seen."""

    to_answer: int
    answered: int


def questions_waiting(by: Practitioner) -> QuestionsWaiting:
    """What Today says of questions; one query, however many there are."""
    asked_by = _waiting_askers(by)
    mine = asked_by.count(by.pk)
    return QuestionsWaiting(len(asked_by) - mine, mine)


@written_once
def _waiting_askers(by: Practitioner):
    return TeamQuestion.objects.waiting_for(by).values_list("asked_by", flat=True)


def topics_of(meeting: TeamMeeting, by: Practitioner) -> list[TeamQuestion]:
    """The questions on a meeting's agenda that are about no case, in the order in which they were asked."""
    here = TeamQuestion.objects.visible_to(by).standing().filter(meeting=meeting, episode=None)
    return list(here.select_related("asked_by").order_by("asked_at", "pk"))


def may_mark(question: TeamQuestion, by: Practitioner) -> bool:
    """Whether somebody may say that a question is answered: whoever asked or answered, or is there to answer."""
    if by.pk in (question.asked_by_id, *question.replies.standing().values_list("written_by", flat=True)):
        return True
    return by.pk in _who_answers(question)


def move_questions(team: Team, into: Team) -> None:
    """The questions of a team become those of the one that it is merged into."""
    TeamQuestion.objects.filter(team=team).update(team=into)


def _who_hears(question: TeamQuestion) -> set[UUID]:
    """Whose open pages are told that a question waits; what a consultant is asked waits for none of the team."""
    return set() if question.opened_case_id else _who_answers(question)


def _who_answers(question: TeamQuestion) -> set[UUID]:
    """The FIT resource persons and the leads of the team."""
    members = Membership.objects.filter(team=question.team_id, practitioner__is_active=True)
    there = members.filter(Q(is_fit_resource=True) | Q(practitioner__role=Role.TEAM_LEAD))
    return set(there.values_list("practitioner", flat=True))


def _switch_reply(said: QuestionReply, by: Practitioner, *, withdrawn: bool) -> None:
    question = _locked(said.question)
    if said.written_by_id != by.pk:
        raise ValidationError(_("Only whoever wrote an answer can take it back."))
    said.withdrawn_at = timezone.now() if withdrawn else None
    said.save(update_fields=["withdrawn_at"])
    if question.answered_at is None:
        _set(question, waits_for=_turn(question))
    _record("question.answer", question)


def _turn(question: TeamQuestion) -> WaitsFor:
    """For whom an open question waits, by who spoke last."""
    last = question.replies.standing().order_by("-written_at", "-pk").first()
    return WaitsFor.ANSWER if last is None or last.written_by_id == question.asked_by_id else WaitsFor.ASKER


def _leave_agenda(question: TeamQuestion, by: Practitioner) -> None:
    if question.meeting is None:
        return
    if question.episode_id is not None:
        for case in question.meeting.cases.filter(episode=question.episode_id, removed_at=None):
            remove_case(case=case, by=by)
    else:
        tell_pages(question.meeting)
    _set(question, meeting=None)


def _words(text: str) -> str:
    if not text.strip():
        raise ValidationError({"text": _("Write a few words.")})
    return text.strip()


def _refuse_withdrawn(question: TeamQuestion) -> None:
    if question.withdrawn_at is not None:
        raise ValidationError(_("This question was taken back."))


def _refuse_stranger(question: TeamQuestion, by: Practitioner) -> None:
    if not may_mark(question, by):
        raise ValidationError(_("Whoever asked or answered says whether it is answered."))


def _locked(question: TeamQuestion) -> TeamQuestion:
    rows = TeamQuestion.objects.select_for_update(of=("self",)).select_related("episode__client", "meeting")
    return rows.get(pk=question.pk)


def _set(question: TeamQuestion, **values) -> None:
    for name, value in values.items():
        setattr(question, name, value)
    question.save(update_fields=list(values))


def _record(action: str, question: TeamQuestion) -> None:
    if question.episode is not None:
        record_access(action, [question.episode.client_id])
