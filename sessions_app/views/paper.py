"""Paper: a grid to key in many forms at once, and blank sheets to print."""

from itertools import chain

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from organisations.access import keeps_typed, requires
from organisations.audit.record import record_access
from organisations.roles import Can
from sessions_app.forms.paper import PREFIX, PaperRows, PaperSearchForm, clients_named
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.pdf.sheet import SHEETS
from sessions_app.services.paper import record_paper
from sessions_app.services.printed_sheets import print_sheet
from sessions_app.views.shared import form_of, posted, session_of


@keeps_typed
@requires(Can.RECORD_SESSION)
def paper_grid(request):
    """One row for each paper; what can be stored is, the rest stays as it was typed.

    Only the references of one's own clients are suggested; a colleague's is typed in full.
    """
    by = request.practitioner
    search = PaperSearchForm(posted(request), by=by)
    named = clients_named(by, posted(request))
    about = {"clients": named, "unchecked": search.is_searching}
    rows = PaperRows(posted(request), prefix=PREFIX, form_kwargs=about)
    refused = False
    if request.method == "POST" and not search.is_searching:
        typed, refused = _store_all(rows, by)
        if typed and not refused:
            saved = sum(row.saved is not None for row in typed)
            messages.success(request, _("Stored: %(count)s.") % {"count": saved})
    record_access(
        "paper.grid",
        {client.pk for client in (*search.offered, *chain.from_iterable(named.values()))},
        typed=search.typed,
    )
    context = {"rows": rows, "form": search, "sheets": SHEETS, "refused": refused}
    return TemplateResponse(request, "sessions_app/paper_grid.html", context, status=422 if refused else 200)


def _store_all(rows, by) -> tuple[list, bool]:
    """Store every row that something was typed in; these rows, and whether any was refused."""
    rows.is_valid()
    typed = [row for row in rows if row.has_changed()]
    for row in typed:
        _store(row, by)
    return typed, any(row.errors for row in typed)


def _store(row, by) -> None:
    """Store a row that has no error; what the service refuses becomes an error of the row."""
    if row.errors or row.answer is None:
        return
    facts = {name: row.cleaned_data[name] for name in ("client", "held_on", "submission_id")}
    try:
        row.saved = record_paper(form=FormKey.parse(row.cleaned_data["form"]), answer=row.answer, by=by, **facts)
    except ValidationError as error:
        known = hasattr(error, "error_dict") and set(error.error_dict) <= set(row.fields)
        row.add_error(None, error if known else ValidationError(error.messages))


@require_safe
@requires(Can.RECORD_SESSION)
def paper_sheet(request, instrument):
    """A blank form in the organisation's words, for anybody."""
    by = request.practitioner
    language = request.GET.get("language") or by.user.language or by.organisation.language
    return _sheet(request, form_of(instrument), language[:10])


@require_safe
@requires(Can.RECORD_SESSION)
def session_sheet(request, session_id, instrument):
    """A blank form in the client's words, with the client's reference; its photograph finds the session again."""
    session = session_of(request, session_id, "session.sheet")
    client = session.client
    return _sheet(request, form_of(instrument), client.form_language, session=session, reference=client.reference)


def _sheet(request, form: FormKey, language: str, **about) -> HttpResponse:
    try:
        pdf, chosen = print_sheet(form=form, language=language, by=request.practitioner, **about)
    except ValidationError as error:
        return TemplateResponse(request, "sessions_app/sheet_refused.html", {"refusals": error.messages}, status=422)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{form.instrument_key}-{chosen.language}.pdf"'
    return response
