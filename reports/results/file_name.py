"""What files of results are called: of nobody, and with the day of counting."""

import datetime

from django.utils.translation import gettext as _


def results_file_name(day: datetime.date, ending: str) -> str:
    """ "results-2026-11-29.pdf"."""
    name = _("results")
    return f"{name}-{day.isoformat()}.{ending}"
