"""`manage.py show_measures`: the main defaults with their sources."""

from django.core.management.base import BaseCommand

from sessions_app.measures.defaults import defaults

HEADINGS = ("default", "value", "unit", "confidence", "since", "source")


class Command(BaseCommand):
    """Prints one line a default, in columns; reads no database."""

    help = "Print the main defaults of the measures: value, unit, how sure, since when, source."
    requires_system_checks = []

    def handle(self, *args, **options):
        rows = [HEADINGS]
        for one in defaults():
            about = one.provenance
            since = about.valid_from.isoformat()
            rows.append((one.key, one.value, one.unit, about.confidence.value, since, about.source))
        widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
        for row in rows:
            cells = (text.ljust(width) for text, width in zip(row, widths, strict=True))
            self.stdout.write("  ".join(cells).rstrip())
