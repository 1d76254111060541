"""`manage.py replay_erasures`: after a restore, erase again whom the signed files tell of."""

from django.core.management.base import BaseCommand

from clients.services.erasure_ledger import chain_faults
from organisations.models import Organisation
from organisations.tenancy.context import tenant
from sessions_app.services.erasures import replay_erasures


class Command(BaseCommand):
    help = "Reads erasures/*.jsonl and erases again whom a backup brought back; ends with 1 for a bad line or row."

    def handle(self, *args, **options):
        bad = False
        for organisation in Organisation.objects.order_by("slug"):
            erased, faults = replay_erasures(organisation)
            with tenant(organisation.pk):
                faults = [*faults, *chain_faults(organisation)]
            self.stdout.write(f"{organisation.slug}: {erased} erased again, {len(faults)} faults")
            for fault in faults:
                self.stdout.write(f"  {fault}")
            bad = bad or bool(faults)
        if bad:
            raise SystemExit(1)
