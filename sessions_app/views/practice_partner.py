"""A practice client's partner answers, so that one can practise talking about the marks."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organisations.access import requires
from organisations.roles import Can
from sessions_app.measures.simulation.partner import Partner
from sessions_app.services.practice_partner import let_partner_answer
from sessions_app.views.shared import form_of, session_of


@require_POST
@requires(Can.RECORD_SESSION)
def partner_answer(request, session_id, instrument):
    """`partner` says who answers, one of Partner or nothing; to the result, as after a client's own answer."""
    session, form = session_of(request, session_id, "session.partner"), form_of(instrument)
    partner = request.POST.get("partner", "")
    if not session.client.is_practice or not form.instrument.scored or not form.is_of_session:
        raise Http404
    if partner and partner not in set(Partner):
        raise Http404
    try:
        let_partner_answer(session=session, form=form, partner=partner, by=request.practitioner)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("session-flow", session.pk)
    messages.success(request, _("The partner has answered. Talk about it aloud, as you would with a client."))
    return redirect("session-result", session.pk, form.key)
