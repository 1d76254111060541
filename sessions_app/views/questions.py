"""Questions and dilemmas of a team: the list, a question with its answers, and what is done about it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST, require_safe

from organisations.access import keeps_typed, requires
from organisations.audit.record import record_access
from organisations.roles import Can
from organisations.views.undo import tell_done
from sessions_app.forms.questions import QuestionReplyForm, TeamQuestionForm
from sessions_app.models import QuestionReply, TeamQuestion
from sessions_app.services import questions as service
from sessions_app.views.shared import form_page, posted

PAGE = 20
TO_ANSWER, MINE = "answer", "mine"


@dataclass(frozen=True)
class QuestionStep:
    """What a button of a question does, what is said, and the step that takes it back."""

    carry_out: Callable[..., Any]
    said: Promise | str = ""
    undo: str = ""


STEPS = {
    "answered": QuestionStep(service.mark_answered, lazy("The question is answered."), "reopen"),
    "reopen": QuestionStep(service.reopen),
    "withdraw": QuestionStep(service.withdraw, lazy("The question is taken back."), "restore"),
    "restore": QuestionStep(service.restore),
    "agenda": QuestionStep(service.put_on_agenda, lazy("It stands on the agenda of the next meeting."), "off-agenda"),
    "off-agenda": QuestionStep(service.take_off_agenda),
}
REPLY_STEPS = {
    "withdraw": QuestionStep(service.withdraw_reply, lazy("The answer is taken back."), "restore"),
    "restore": QuestionStep(service.restore_reply),
}


@require_safe
@requires(Can.RECORD_SESSION)
def team_questions(request):
    """The questions of one's own teams, the open ones on top; `show` narrows them, `q` finds words."""
    by, words, show = request.practitioner, request.GET.get("q", "").strip(), request.GET.get("show", "")
    rows = service.questions_of(by, words)
    if show == TO_ANSWER:
        rows = rows.filter(pk__in=TeamQuestion.objects.visible_to(by).to_answer(by).values("pk"))
    elif show == MINE:
        rows = rows.filter(asked_by=by)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    clients = {question.episode.client_id for question in page if question.episode_id}
    record_access("question.list", clients, typed=words)
    context = {"page": page, "words": words, "show": show, "has_team": by.memberships.exists()}
    return TemplateResponse(request, "sessions_app/questions.html", context)


@keeps_typed
@requires(Can.RECORD_SESSION)
def question_new(request):
    """Ask; `episode` of the address is the case that is chosen already."""
    by = request.practitioner
    form = TeamQuestionForm(posted(request), by=by, initial={"episode": request.GET.get("episode", "")})
    record_access("client.choices", form.offered)
    if request.method == "POST" and form.carry_out(service.ask_question, by=by):
        undo = reverse("question-withdraw", args=[form.outcome.pk])
        tell_done(request, _("Asked. No mail goes out: it stands on Today of those who answer."), undo=undo)
        return redirect("question", form.outcome.pk)
    return form_page(request, "sessions_app/question_form.html", form)


@keeps_typed
@requires(Can.RECORD_SESSION)
def question(request, question_id):
    """A question with its answers, and the form that answers."""
    asked, by = question_of(request, question_id, "question.read"), request.practitioner
    form = QuestionReplyForm(posted(request))
    if request.method == "POST" and form.carry_out(service.reply, question=asked, by=by):
        tell_done(request, _("Your answer stands here."), undo=reverse("reply-withdraw", args=[form.outcome.pk]))
        return redirect("question", asked.pk)
    replies = list(asked.replies.standing().select_related("written_by").order_by("written_at", "pk"))
    context = {
        "question": asked,
        "replies": replies,
        "may_mark": service.may_mark(asked, by),
        "next_meeting": service.next_meeting(asked.team_id, by),
        "is_asker": asked.asked_by_id == by.pk,
    }
    return form_page(request, "sessions_app/question.html", form, **context)


@require_POST
@requires(Can.RECORD_SESSION)
def question_step(request, question_id, step):
    """One of STEPS; what is refused is said on the question's page."""
    asked, what = question_of(request, question_id, "question.step"), STEPS[step]
    page = redirect("team-questions") if step == "withdraw" else redirect("question", asked.pk)
    return _carried_out(request, what, page, f"question-{what.undo}", question=asked)


@require_POST
@requires(Can.RECORD_SESSION)
def reply_step(request, reply_id, step):
    """One of REPLY_STEPS; back to the question."""
    rows = QuestionReply.objects.visible_to(request.practitioner).select_related("question__episode")
    said, what = get_object_or_404(rows, pk=reply_id), REPLY_STEPS[step]
    if said.question.episode:
        record_access("question.step", [said.question.episode.client_id])
    return _carried_out(request, what, redirect("question", said.question_id), f"reply-{what.undo}", said=said)


def question_of(request, question_id, action) -> TeamQuestion:
    """A question that somebody may read, else 404; the access is recorded as `action`."""
    about = ("team", "asked_by", "answered_by", "episode__client", "meeting", "opened_case__consultant")
    rows = TeamQuestion.objects.visible_to(request.practitioner).select_related(*about)
    asked = get_object_or_404(rows, pk=question_id)
    if asked.episode:
        record_access(action, [asked.episode.client_id])
    return asked


def _carried_out(request, what: QuestionStep, page, undo: str, **row):
    (key,) = (one.pk for one in row.values())
    try:
        what.carry_out(by=request.practitioner, **row)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return page
    if what.undo:
        tell_done(request, str(what.said), undo=reverse(undo, args=[key]))
    return page
