"""The address of a record that was merged leads to the record that stays."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from clients.services.merged_records import merged_record
from organisations.audit.record import record_access
from organisations.roles import Can
from organisations.web.middleware import Around


class MergedRecordMiddleware(Around):
    """Where a page of a client is not there because the record was merged, the same page of the other one is."""

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        match, by = request.resolver_match, getattr(request, "practitioner", None)
        if by is None or not isinstance(exception, Http404) or "client_id" not in match.kwargs:
            return None
        emptied = merged_record(by, match.kwargs["client_id"])
        if emptied is None:
            return None
        kept = emptied.merged_into
        record_access("client.merged", [emptied.pk, kept.pk])
        facts = {"emptied": emptied.reference, "kept": kept.reference}
        if request.method in ("GET", "HEAD"):
            messages.info(request, _("%(emptied)s was merged with %(kept)s: this is that record.") % facts)
            return redirect(match.url_name, **match.kwargs | {"client_id": kept.pk})
        said = _("%(emptied)s was merged with %(kept)s meanwhile. What you sent was not stored; do it here.")
        messages.warning(request, said % facts)
        return redirect("client-detail" if by.can(Can.VIEW_CLIENT) else "client-list", *_of(by, kept))


def _of(by, kept):
    return [kept.pk] if by.can(Can.VIEW_CLIENT) else []
