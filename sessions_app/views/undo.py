"""One tap takes back what was just done to a session."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients.models import Episode
from organisations.access import requires
from organisations.roles import Can
from organisations.services.undo import read_state
from sessions_app.services import undo
from sessions_app.views.shared import form_of, session_of


@require_POST
@requires(Can.RECORD_SESSION)
def session_unskip(request, session_id, instrument):
    """The form is asked for again."""
    session = session_of(request, session_id, "session.unskip")
    return _undone(request, session, undo.unskip_form, form=form_of(instrument))


@require_POST
@requires(Can.RECORD_SESSION)
def session_restore(request, session_id):
    """A voided session counts again."""
    session = session_of(request, session_id, "session.restore")
    return _undone(request, session, undo.restore_session)


@require_POST
@requires(Can.RECORD_SESSION)
def session_reopen(request, session_id):
    """A finished session goes on; `was` is what stood before."""
    session = session_of(request, session_id, "session.reopen")
    state = read_state(request.POST.get("was", ""), of=session.pk)
    return _undone(request, session, undo.reopen_session, state=state) if state else _too_late(request, session)


@require_POST
@requires(Can.RECORD_SESSION)
def session_move_back(request, session_id):
    """A moved session goes back to the client of before; `was` names the episode."""
    session = session_of(request, session_id, "session.move_back")
    state = read_state(request.POST.get("was", ""), of=session.pk)
    if not state or str(session.episode_id) != state["to"]:
        return _too_late(request, session)
    episode = get_object_or_404(Episode.objects.visible_to(request.practitioner), pk=state["from"])
    return _undone(request, session, undo.move_back, episode=episode, started_on=state["started_on"])


def _undone(request, session, service, /, **arguments):
    try:
        service(session=session, by=request.practitioner, **arguments)
        messages.success(request, _("Undone. The session is as it was before."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("session-flow", session.pk)


def _too_late(request, session):
    messages.error(request, _("This can no longer be undone here. Change the session on its own page."))
    return redirect("session-flow", session.pk)
