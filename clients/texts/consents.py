"""What the purposes of consent mean: to the client in plain words, and to staff where there is no yes."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clients.models import ConsentPurpose

SAID_TO_CLIENT: dict[str, str | Promise] = {
    ConsentPurpose.TEAM: _("May everybody in the team read what you say in your own words?"),
    ConsentPurpose.CASE_WORKER: _("May your case worker read what you say in your own words?"),
    ConsentPurpose.CONSULTANT: _("May a consultant from outside see your curve and your words, without your name?"),
    ConsentPurpose.STATISTICS: _("May your marks count, without your name, when we look at how our work goes?"),
    ConsentPurpose.RESEARCH: _("May your marks be used for research, without your name?"),
}
"""What the client is asked."""

WITHOUT: dict[str, str | Promise] = {
    ConsentPurpose.TEAM: _("Without a yes only those who work with the client read the own words."),
    ConsentPurpose.CASE_WORKER: _("Without a yes the own words stay out of what goes to the case worker."),
    ConsentPurpose.CONSULTANT: _("Without a yes nothing goes to a consultant."),
    ConsentPurpose.STATISTICS: _("A no takes the client out of results and their files at once."),
    ConsentPurpose.RESEARCH: _("Without a yes nothing goes into research."),
}
"""What holds where the client has not said yes, or says no."""
