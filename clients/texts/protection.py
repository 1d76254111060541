"""What stands on whatever is about a client of whom nobody may tell where they are."""

from django.utils.translation import gettext_lazy as _

NOT_TOLD = _("protected")
"""In the place of a name that tells where the client is."""
DO_NOT_TELL = _("Protected: do not tell where the client is")
