"""`manage.py verify_audit`: is the access log as it was written?"""

import json
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandError

from organisations.audit import signed_log_heads
from organisations.audit.hash_chain import faults_of
from organisations.models import AccessEvent, Organisation
from organisations.tenancy.context import tenant


class Command(BaseCommand):
    help = "Walks the access log's chain and compares it with the signed heads; ends with 1 if anything is wrong."

    def add_arguments(self, parser):
        parser.add_argument("--organisation", metavar="SLUG", help="only this one")
        parser.add_argument("--json", action="store_true", help="for a program to read")

    def handle(self, *args, **options):
        organisations = Organisation.objects.order_by("slug")
        if options["organisation"]:
            organisations = organisations.filter(slug=options["organisation"])
            if not organisations:
                raise CommandError("There is no such organisation.")
        reports = [_report(organisation) for organisation in organisations]
        if options["json"]:
            self.stdout.write(json.dumps(reports))
        else:
            for report in reports:
                self._write(report)
        if any(report["faults"] for report in reports):
            raise SystemExit(1)

    def _write(self, report):
        known = f"{report['signed']} signed heads" if report["signed"] else "no signed heads yet"
        self.stdout.write(f"{report['organisation']}: {report['rows']} rows, {known}, {len(report['faults'])} faults")
        for fault in report["faults"]:
            self.stdout.write(f"  {fault['kind']}: {fault['text']}")


def _report(organisation: Organisation) -> dict:
    # The file first: what is signed while the rows are read is not missed among them.
    signed, faults = signed_log_heads.read_signed(organisation)
    with tenant(organisation.pk):
        faults += faults_of(organisation, signed)
        rows = AccessEvent.objects.filter(organisation=organisation).count()
    return {
        "organisation": organisation.slug,
        "rows": rows,
        "signed": len(signed),
        "faults": [asdict(fault) for fault in faults],
    }
