"""How much of the sessions hangs on a person or a service, in words."""

from django.utils.translation import ngettext_lazy

WORDS = {
    "sessions_app.Session.practitioner": ngettext_lazy(
        "%(count)d session, also those taken out", "%(count)d sessions, also those taken out", "count"
    ),
    "sessions_app.DocumentTemplate.service": ngettext_lazy(
        "%(count)d set of fields of the document", "%(count)d sets of fields of the document", "count"
    ),
}
