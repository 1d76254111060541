"""`manage.py forget_accesses --years N`: what of the access log is older than it is kept, with the database's owner."""

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.utils import timezone

from clients.services.forgotten_accesses import forget_accesses


class Command(BaseCommand):
    help = "Removes months of the access log that are older than N years (longer where a country's rule says so)."

    def add_arguments(self, parser):
        parser.add_argument("--years", type=int, required=True, help="how long the log is kept, at least 1")

    def handle(self, *args, years, **options):
        if not 1 <= years <= 100:
            raise CommandError("Keep the log for 1 to 100 years.")
        try:
            found = forget_accesses(years=years, now=timezone.now())
        except OperationalError as error:
            raise CommandError("The log is in use. What is gone is gone in order; run it again.") from error
        self.stdout.write(f"{found.rows} rows are gone; as a whole: {', '.join(found.months) or 'no month'}.")
        if found.not_in_order:
            raise CommandError(f"Not in order, and left alone: {', '.join(found.not_in_order)}. Run verify_audit.")
