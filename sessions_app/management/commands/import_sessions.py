"""Imports a file of past sessions into one organisation."""

import json
import sys
import uuid
from argparse import ArgumentTypeError
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from organisations.audit import record
from organisations.models import Organisation, normal_form
from organisations.tenancy.context import tenant
from sessions_app.imports import service
from sessions_app.imports.choices import Choices
from sessions_app.imports.columns import COLUMNS, SKIPS
from sessions_app.imports.faults import FileError
from sessions_app.imports.outline import guessed
from sessions_app.imports.report import COUNTS, ImportReport
from sessions_app.imports.texts import creation_lines, file_reason, reason

REFUSED, UNUSABLE = 1, 2  # exit statuses


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.rpartition("=")
    if not sign or not name:
        raise ArgumentTypeError(f"“{text}” is not NAME=VALUE")
    return normal_form(name), value.strip()


def _choices(file: BinaryIO, options: Mapping[str, Any]) -> Choices:
    """What the options say about the file; CommandError for a column that there is none of."""
    columns = dict(options["column"])
    for column in columns.values():
        if column and column not in (*COLUMNS, *SKIPS):
            raise CommandError(f"There is no column “{column}”: use one of {', '.join((*COLUMNS, *SKIPS))}.")
    choices = Choices(
        columns=columns, sheet=options["sheet"], date_order=options["dates"], people=dict(options["person"])
    )
    return guessed(file, choices) if options["guess"] else choices


class Command(BaseCommand):
    help = "Import past sessions from CSV or .xlsx. Exit status: 1 a line is refused, 2 nothing could be read."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--organisation", required=True, metavar="SLUG")
        parser.add_argument("--dry-run", action="store_true", help="say what would be, and change nothing")
        parser.add_argument("--all-or-nothing", action="store_true", help="import nothing when a line is refused")
        parser.add_argument("--json", action="store_true", help="print the report as one JSON object")
        parser.add_argument("--sheet", default="", metavar="NAME", help="the sheet of a workbook that has several")
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            type=_pair,
            metavar="HEADER=COLUMN",
            help="what a column of the file means; HEADER= leaves it out",
        )
        parser.add_argument(
            "--person",
            action="append",
            default=[],
            type=_pair,
            metavar="NAME=EMAIL",
            help="whose a name is",
        )
        parser.add_argument("--dates", default="", choices=["day", "month"], help="what comes first in 05/12/2025")
        parser.add_argument("--guess", action="store_true", help="take the meaning that unknown columns probably have")
        parser.add_argument("file", metavar="FILE", type=Path)

    def handle(self, *args, **options):
        organisation = Organisation.objects.filter(slug=options["organisation"]).first()
        if organisation is None:
            self._give_up(f"There is no organisation “{options['organisation']}”.")
        with override(organisation.language):
            report = self._import(organisation, options)
            if options["json"]:
                self.stdout.write(json.dumps(report.as_json(reason), ensure_ascii=False, indent=1))
            else:
                self._print(report, options)
        if report.refused:
            sys.exit(REFUSED)

    def _import(self, organisation, options) -> ImportReport:
        try:
            with (
                options["file"].open("rb") as file,
                tenant(organisation.pk),
                record.recorded(organisation_id=organisation.pk, request_id=str(uuid.uuid4())),
            ):
                return service.import_sessions(
                    organisation=organisation,
                    file=file,
                    choices=_choices(file, options),
                    by=None,
                    dry_run=options["dry_run"],
                    all_or_nothing=options["all_or_nothing"],
                    progress=self._tell,
                )
        except FileError as error:
            self._give_up(file_reason(error))
        except OSError as error:
            self._give_up(
                _("The file %(file)s cannot be read: %(why)s.") % {"file": options["file"], "why": error.strerror}
            )

    def _give_up(self, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        sys.exit(UNUSABLE)

    def _tell(self, step: str, done: int, total: int) -> None:
        self.stderr.write(f"{step} {100 * done // max(1, total)} %")

    def _print(self, report: ImportReport, options) -> None:
        if report.landed:
            self.stdout.write(_("Imported."))
        elif options["dry_run"]:
            self.stdout.write(_("Nothing was changed; this is what would be."))
        else:
            self.stdout.write(_("Nothing was imported, since lines are refused."))
        for name in COUNTS:
            self.stdout.write(f"{name:>10} {getattr(report, name):>7}")
        hits = "  ".join(f"{rule} {count}" for rule, count in report.rule_hits.items())
        self.stdout.write(f"{'rule_hits':>10}    {hits}")
        for line in creation_lines(report.creations):
            self.stdout.write(line)
        if report.refusals:
            self.stdout.write(
                "\n" + ngettext("%d line is refused:", "%d lines are refused:", report.refused) % report.refused
            )
        for refusal in report.refusals:
            self.stdout.write(f"{refusal.line:>7}  {refusal.column:<16}  {reason(refusal)}")
