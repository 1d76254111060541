"""What a consultant from outside is asked about a case, and what they answer."""

from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients.services.identities import without_names
from organisations.access import keeps_typed, requires
from organisations.audit.record import record_access
from organisations.roles import Can
from organisations.views.undo import tell_done
from sessions_app.forms.questions import QuestionReplyForm
from sessions_app.services import opened_cases as service
from sessions_app.services.questions import restore_reply, withdraw_reply
from sessions_app.views.shared import form_page, posted

REPLY_STEPS = {"withdraw": withdraw_reply, "restore": restore_reply}


@keeps_typed
@requires(Can.READ_OPENED_CASES)
def consultant_question(request, question_id):
    """A question about a case that is open, what was said to it, and the form that answers."""
    by, about = request.practitioner, ("asked_by", "opened_case", "episode__client")
    question = get_object_or_404(service.questions_to(by).select_related(*about), pk=question_id)
    client = question.episode.client  # type: ignore[union-attr]  # a question of an opened case is about a case
    record_access("question.read", [client.pk], purpose="opened")
    form = QuestionReplyForm(posted(request))
    if request.method == "POST" and form.carry_out(service.answer_question, question=question, by=by):
        tell_done(
            request, _("Your answer stands here."), undo=reverse("consultant-reply-withdraw", args=[form.outcome.pk])
        )
        return redirect("consultant-question", question.pk)
    said = question.replies.standing().select_related("written_by").order_by("written_at", "pk")
    context = {
        "question": question,
        "text": without_names(question.text, client),
        "replies": [(one, without_names(one.text, client)) for one in said],
    }
    return form_page(request, "reports/consultant_question.html", form, **context)


@require_POST
@requires(Can.READ_OPENED_CASES)
def consultant_reply_step(request, reply_id, step):
    """Take one's own answer back, or let it stand again."""
    by = request.practitioner
    said = get_object_or_404(service.answers_of(by).select_related("question__episode"), pk=reply_id)
    record_access("question.step", [said.question.episode.client_id], purpose="opened")  # type: ignore[union-attr]
    REPLY_STEPS[step](said=said, by=by)
    if step == "withdraw":
        undo = reverse("consultant-reply-restore", args=[said.pk])
        tell_done(request, _("The answer is taken back."), undo=undo)
    return redirect("consultant-question", said.question_id)
