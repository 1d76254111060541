"""Who can see what, for whoever runs the organisation: names of people, numbers of clients."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from organisations.access import requires
from organisations.models import normal_form
from organisations.roles import Can
from reports.who_sees_what.rows import SeesWhat, rows_for, without_access

A_PAGE = 50


@require_safe
@requires(Can.MANAGE_PEOPLE)
def who_sees_what(request):
    by, words = request.practitioner, request.GET.get("q", "").strip()
    rows = [row for row in rows_for(by) if _is_found(row, words)]
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "q": words, "query": urlencode({"q": words} if words else {})}
    context["without_access"] = without_access(by)
    return TemplateResponse(request, "reports/who_sees_what.html", context)


def _is_found(row: SeesWhat, words: str) -> bool:
    """Whether each word stands in the name or the address, however it is spelled."""
    about = normal_form(f"{row.person.name} {row.person.email}")
    return all(normal_form(word) in about for word in words.split())
