"""The page on which somebody goes through the words about a client before everything is given out."""

from typing import Any

from django.http import HttpRequest
from django.template.response import TemplateResponse

from clients.models import Client
from reports.subject.content import held_back_from
from reports.subject.form import HeldBackPassageForm, SubjectFileForm
from reports.subject.held_back import digest_of, texts_in
from reports.subject.rows import read_tables


def subject_page(
    request: HttpRequest,
    client: Client,
    *,
    sent: SubjectFileForm | None = None,
    hold: HeldBackPassageForm | None = None,
) -> TemplateResponse:
    """With a form that was refused (`sent`, `hold`) 422."""
    texts, held = texts_in(read_tables(client)), held_back_from(client)
    seen = digest_of(texts, held)
    form = sent or SubjectFileForm(client=client, seen=seen)
    if sent is not None:
        sent.show_again(seen)
    context: dict[str, Any] = {"client": client, "form": form, "hold": hold or HeldBackPassageForm(), "held": held}
    context |= {"of_others": [one for one in texts if not one.is_own], "own": [one for one in texts if one.is_own]}
    context["hold_open"] = hold is not None
    status = 422 if sent is not None or hold is not None else 200
    return TemplateResponse(request, "reports/subject_export.html", context, status=status)
