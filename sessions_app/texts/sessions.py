"""How many sessions hang on a person, in words."""

from django.utils.translation import ngettext_lazy

WORDS = {
    "sessions_app.Session.practitioner": ngettext_lazy(
        "%(count)d session, also those taken out", "%(count)d sessions, also those taken out", "count"
    ),
}
