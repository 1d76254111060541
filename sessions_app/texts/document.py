"""What the fields of the development document are called where an organisation has no words of its own."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sessions_app.models import NoteKind

DECISION, SUPPORT = "decision", "support"

FIELD_NAMES: dict[str, Promise] = {
    NoteKind.AFTER_ORS: _("Reasons for the ORS"),
    NoteKind.DEVELOPMENT: _("Development"),
    NoteKind.FOCUS: _("Focus ahead"),
    NoteKind.AFTER_SRS: _("Reasons for the SRS"),
    NoteKind.BETTER: _("What could be better?"),
    NoteKind.NEXT_TIME: _("What we take along"),
    DECISION: _("Decided"),
    SUPPORT: _("Support needs and main services"),
}
