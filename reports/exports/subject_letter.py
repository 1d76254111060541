"""The letter to a client about what became of a request, in plain words, as PDF."""

from collections.abc import Iterator

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import date_format
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clients.models import RequestDecision, RequestKind, SubjectRequest
from organisations.access import requires
from organisations.audit.record import record_access
from organisations.roles import Can
from reports.pdf.document import set_pdf
from reports.pdf.parts import Heading, Paragraph, Part, PdfDocument, Quotation
from reports.record.file_names import attachment, plain_name
from sessions_app.pdf.child import CannotBeSet

PDF = "application/pdf"


@require_safe
@requires(Can.ANSWER_REQUESTS)
def subject_letter(request, subject_request_id):
    """In the client's language where Medspil speaks it, else the organisation's; of an extension while it waits."""
    rows = SubjectRequest.objects.visible_to(request.practitioner).select_related("client__organisation")
    asked = get_object_or_404(rows, pk=subject_request_id)
    record_access("subject_request.letter", [asked.client_id])
    if asked.is_open and asked.extended_on is None:
        messages.info(request, _("There is nothing to tell the client yet."))
        return redirect("subject-request", asked.pk)
    client = asked.client
    spoken = client.form_language if client.form_language in dict(settings.LANGUAGES) else client.organisation.language
    try:
        with override(spoken):
            made = set_pdf(letter_document(asked))
            name = plain_name(client.reference, asked.answered_on or asked.due_on, _("letter"), "pdf")
    except CannotBeSet:
        messages.error(request, _("The PDF could not be made. Try once more."))
        return redirect("subject-request", asked.pk)
    return attachment(HttpResponse(made, content_type=PDF), name)


def letter_document(asked: SubjectRequest) -> PdfDocument:
    """In the active language."""
    client = asked.client
    return PdfDocument(
        title=_("Your request about your data"),
        language=(get_language() or "en").split("-")[0],
        head=" · ".join((client.organisation.name, client.reference)),
        foot=date_format(asked.answered_on or asked.extended_on or asked.arrived_on, "DATE_FORMAT"),
        missing=_("Signs that our fonts lack stand as □."),
        parts=tuple(_parts(asked)),
    )


def _parts(asked: SubjectRequest) -> Iterator[Part]:
    words = {"day": date_format(asked.arrived_on, "DATE_FORMAT"), "what": _asked_for(asked)}
    yield Paragraph(_("On %(day)s you asked us: %(what)s.") % words, "lead")
    if asked.wish:
        yield Quotation(asked.wish, _("in your own words"))
    yield from _answer(asked) if asked.answered_on else _extension(asked)
    yield Heading(_("If you do not agree"))
    yield Paragraph(_complaint(asked))


def _asked_for(asked: SubjectRequest) -> str:
    """What was asked for, as one says it to whoever asked."""
    return {
        RequestKind.ACCESS: _("to see what we keep about you"),
        RequestKind.COPY: _("for a copy of what we keep about you"),
        RequestKind.CORRECTION: _("to put something right"),
        RequestKind.ERASURE: _("to delete something about you"),
        RequestKind.RESTRICTION: _("to use nothing about you for now"),
        RequestKind.OBJECTION: _("not to use something about you"),
        RequestKind.LOOKS: _("to tell you who has looked at what we keep about you"),
    }[RequestKind(asked.kind)]


def _answer(asked: SubjectRequest) -> Iterator[Part]:
    yield Heading(_("Our answer"))
    yield Paragraph(
        {
            RequestDecision.GRANTED: _("We do what you asked for."),
            RequestDecision.PARTLY: _("We do a part of what you asked for."),
            RequestDecision.REFUSED: _("We cannot do what you asked for."),
        }[RequestDecision(asked.decision)]
    )
    yield Heading(_("Why"))
    yield Paragraph(asked.reason)
    if asked.statement:
        yield Paragraph(_("What you said about it is kept beside it:"))
        yield Quotation(asked.statement)


def _extension(asked: SubjectRequest) -> Iterator[Part]:
    yield Heading(_("It takes longer"))
    day = date_format(asked.due_on, "DATE_FORMAT")
    yield Paragraph(_("You have our answer by %(day)s at the latest.") % {"day": day})
    yield Heading(_("Why"))
    yield Paragraph(asked.extension_reason)


def _complaint(asked: SubjectRequest) -> str:
    whom = asked.client.organisation.privacy_contact
    authority = {"DK": "Datatilsynet", "SE": "Integritetsskyddsmyndigheten", "NO": "Datatilsynet"}
    name = authority.get(asked.client.organisation.country, _("the data protection authority"))
    said = [_("You can ask us: %(whom)s.") % {"whom": whom}] if whom else []
    said.append(_("You can complain to %(authority)s, and go to court.") % {"authority": name})
    return " ".join(said)
