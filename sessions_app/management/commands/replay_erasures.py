"""`manage.py replay_erasures`: after a restore, erase again whom the signed files tell of."""

from django.core.management.base import BaseCommand

from organisations.models import Organisation
from sessions_app.services.erasures import replay_erasures


class Command(BaseCommand):
    help = "Reads erasures/*.jsonl and erases again whom a restored backup brought back; ends with 1 for a bad line."

    def handle(self, *args, **options):
        bad = False
        for organisation in Organisation.objects.order_by("slug"):
            erased, faults = replay_erasures(organisation)
            self.stdout.write(f"{organisation.slug}: {erased} erased again, {len(faults)} faults")
            for fault in faults:
                self.stdout.write(f"  {fault}")
            bad = bad or bool(faults)
        if bad:
            raise SystemExit(1)
