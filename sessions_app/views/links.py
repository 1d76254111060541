"""Forms on the client's own device: send one, see how far it is, withdraw it; what came when nobody expected it."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clients.models import Client, Episode
from organisations.access import requires
from organisations.roles import Can
from sessions_app.forms.link import MAIL, LinkForm
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.models import PendingAnswer, Session
from sessions_app.services import links, pending_answers
from sessions_app.services.forms_due import labels_in, raters_of
from sessions_app.services.qr import picture_of
from sessions_app.texts.closing import closings_for
from sessions_app.texts.form_wording import known
from sessions_app.texts.instruments import form_name
from sessions_app.views.polling import answer_of, tag_of
from sessions_app.views.shared import attempt, client_of, form_page, posted, session_of


@requires(Can.RECORD_SESSION)
def client_links(request, client_id):
    """Send a form of a session (`?session=`), or ahead of the next one. The link is shown once, on the answer."""
    client = client_of(request, client_id, "link.page")
    session = _session(request, client)
    episode = Episode.objects.visible_to(request.practitioner).filter(client=client).open().newest_first().first()
    raters = raters_of(client)
    labels, due = labels_in(raters), links.forms_to_send(session, client, episode, raters)
    choices = [(form.key, form_name(form, labels)) for form in due]
    offered = {"choices": choices, "closings": list(closings_for(request.practitioner.organisation).items())}
    offered["is_protected"] = client.is_protected
    form, made = LinkForm(posted(request), **offered), None
    if request.method == "POST" and form.is_valid():
        made = _made(request, client, form, {"session": session} if session else {"episode": episode})
        form = LinkForm(**offered) if made else form
    rows = _rows(client, request.practitioner.organisation, labels)
    context = {"client": client, "session": session, "made": made, "choices": choices, "links": rows}
    return form_page(request, "sessions_app/client_links.html", form, tag=tag_of(_states(rows)), **context)


@require_http_methods(["GET", "HEAD"])
@requires(Can.RECORD_SESSION)
def client_links_state(request, client_id):
    """How far each link is, in words: for the page to ask again every few seconds; 304 while nothing changed."""
    client = get_object_or_404(Client.objects.visible_to(request.practitioner), pk=client_id)
    states = _states(_rows(client, request.practitioner.organisation, {}))
    return answer_of(request, states, action="link.state", clients=[client.pk])


@require_POST
@requires(Can.RECORD_SESSION)
def link_withdraw(request, client_id, link_id):
    client = client_of(request, client_id, "link.withdraw_form")
    if not links.withdraw_link(client=client, link_id=link_id, by=request.practitioner):
        raise Http404
    messages.success(request, _("The form is withdrawn. Nobody can open it any more."))
    return redirect("client-links", client.pk)


@require_POST
@requires(Can.RECORD_SESSION)
def pending_answer_decide(request, session_id, pending_answer_id):
    """Whether an answer that came ahead, or to a withdrawn form, counts for this session."""
    session = session_of(request, session_id, "held.view")
    answers = PendingAnswer.objects.visible_to(request.practitioner).filter(episode=session.episode_id)
    answer = get_object_or_404(answers, pk=pending_answer_id)
    take = request.POST.get("take") == "count"
    try:
        pending_answers.decide_pending_answer(answer=answer, session=session, take=take, by=request.practitioner)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("session-flow", session.pk)


def _session(request, client) -> Session | None:
    """The session that the form belongs to; none for a form that goes ahead of one."""
    text = request.POST.get("session") or request.GET.get("session")
    if not text:
        return None
    sessions = Session.objects.visible_to(request.practitioner).filter(client=client)
    try:
        return get_object_or_404(sessions.select_related("client"), pk=text)
    except ValidationError:  # no id at all
        raise Http404 from None


def _made(request, client, form: LinkForm, where: dict) -> dict | None:
    """The link with everything to hand it on; None when it was refused, with the words in the form."""
    chosen = form.cleaned_data
    ref = FormKey.parse(chosen["form"])
    facts = {"way": chosen["way"], "closing": chosen.get("closing", ""), "by": request.practitioner}
    address = attempt(form, links.make_link, form=ref, **where, **facts)
    if address is None:
        return None
    made = {"address": address, "name": form.names[chosen["form"]], "way": chosen["way"]}
    made["picture"] = picture_of(address)
    with translation.override(known(client.form_language)):
        made["text"] = render_to_string("sessions_app/mail/link.txt", {"address": address, "hours": 72}).strip()
        subject = _("A short form for you")
    if chosen["way"] == MAIL:
        made["sent"] = links.send_by_mail(to=chosen["email"], subject=subject, text=made["text"])
    return made


def _rows(client, organisation, labels: Mapping[str, str]) -> list[dict]:
    zone = ZoneInfo(organisation.time_zone)
    return [
        {
            "id": link.id,
            "name": form_name(link.form, labels),
            "ahead": link.ahead,
            "open": link.is_open,
            "state": _state(link, zone),
        }
        for link in links.links_of(client)
    ]


def _states(rows: list[dict]) -> dict[str, dict]:
    """What of the rows can change while somebody looks."""
    return {str(row["id"]): {"words": row["state"], "open": row["open"]} for row in rows}


def _state(link: links.Link, zone: ZoneInfo) -> str:
    """How far a link is, in words, with the time of it."""
    if link.finished_at:
        return _("Answered %(when)s") % {"when": _when(link.finished_at, zone)}
    if link.withdrawn_at:
        return _("Withdrawn %(when)s") % {"when": _when(link.withdrawn_at, zone)}
    if link.expires_at <= timezone.now():
        return _("Not answered; closed %(when)s") % {"when": _when(link.expires_at, zone)}
    if link.started_at:
        return _("First mark set %(when)s") % {"when": _when(link.started_at, zone)}
    if link.opened_at:
        return _("Opened %(when)s") % {"when": _when(link.opened_at, zone)}
    return _("Not opened yet; open until %(when)s") % {"when": _when(link.expires_at, zone)}


def _when(moment: datetime, zone: ZoneInfo) -> str:
    return date_format(moment.astimezone(zone), "SHORT_DATETIME_FORMAT")
