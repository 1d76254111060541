"""make research-check: the data of a study of the demo's clients, read and worked out anew by R and by pandas.

Every client of one of the demo's organisations agrees and takes part; nothing is kept. The scripts are those that stand
in each file: they compare the results page's figures digit for digit, and each mean of each format to a billionth.
"""

import io
import shutil
import subprocess
import sys
import tempfile
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

from bench.database import migrated

R_PACKAGES = "r-base-core r-cran-haven r-cran-survival"
PURPOSE = "Whether other programs read the same"


def main() -> int:
    """Print what each program says; 1 where one of them finds another number, or nothing was compared."""
    with migrated():
        content = _export()
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            archive.extractall(folder)
        failed = _run(sys.executable, "reproduce.py", folder)
        if shutil.which("Rscript") is None:
            sys.stdout.write(f"NOT RUN: R is not installed here, so no R has read the files (apt: {R_PACKAGES}).\n")
        elif not _has_haven():
            sys.stdout.write(f"NOT RUN: R is here without haven, which reads SPSS and Stata (apt: {R_PACKAGES}).\n")
        else:
            failed |= _run("Rscript", "reproduce.R", folder)
    sys.stdout.write("Something differs.\n" if failed else "Nothing differs.\n")
    return int(failed)


def _run(program: str, script: str, folder: str) -> bool:
    """Whether a script found a difference, or could not do its work."""
    done = subprocess.run([program, script], cwd=Path(folder), capture_output=True, text=True, check=False)
    sys.stdout.write(done.stdout + done.stderr)
    return done.returncode != 0


def _has_haven() -> bool:
    asked = ["Rscript", "-e", "quit(status = if (requireNamespace('haven', quietly = TRUE)) 0 else 1)"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def _export() -> bytes:
    from django.core.management import call_command

    from organisations.models import Organisation
    from organisations.tenancy.context import tenant
    from reports.exports.research_file import make
    from sessions_app.models import ExportColumn, StudyExport

    call_command("load_demo", verbosity=0, stdout=io.StringIO())
    house = Organisation.objects.filter(is_demo=True).order_by("slug").last()
    with tenant(house.pk):
        study, by = _study(house)
        asked = {"purpose": PURPOSE, "recipient": "R and pandas", "approver": "", "approval_reference": ""}
        export = StudyExport.objects.create(
            organisation=house, study=study, asked_by=by, language="da", columns=ExportColumn.values, **asked
        )
        made = make(export)
        report = made.report
        sys.stdout.write(
            f"{house.name}: {report['people']} participants, {report['rows']['ratings']} rows of ratings, "
            f"k = {report['k']}, {report['left_out'].get('too_few', 0)} left out\n"
        )
        return made.content


def _study(house: Any) -> tuple[Any, Any]:
    """A study in which everybody takes part with their newest episode, and who asks for its data."""
    from django.utils import timezone

    from clients.models import Client
    from organisations.models import Practitioner
    from organisations.roles import Role
    from sessions_app.models import Study, StudyArm, StudySecrets

    by = Practitioner.objects.filter(organisation=house, role=Role.ADMIN).order_by("name").first()
    texts = dict.fromkeys(("purpose", "criteria", "protocol", "approver", "approval_reference"), PURPOSE)
    period = {"starts_on": date(2020, 1, 1), "ends_on": date(2030, 1, 1)}
    opened = {"created_by": by, "opened_by": by, "opened_at": timezone.now()}
    study = Study.objects.create(organisation=house, name="Check", **texts, **period, **opened)
    StudySecrets.objects.create(organisation=house, study=study)
    arms = [StudyArm.objects.create(organisation=house, study=study, name=f"Arm {n}", place=n) for n in (0, 1)]
    clients = Client.objects.filter(organisation=house, is_practice=False, merged_into=None).exclude(episodes=None)
    for number, client in enumerate(clients.order_by("pk").distinct()):
        _enrol(study, client, arms[number % 2], number)
    return study, by


def _enrol(study: Any, client: Any, arm: Any, number: int) -> None:
    from django.utils import timezone

    from clients.models import Consent, ConsentPurpose, ConsentState
    from sessions_app.models import StudyAllocation, StudyParticipant

    own, by, now = {"organisation": study.organisation}, study.created_by, timezone.now()
    said = {"purpose": ConsentPurpose.RESEARCH, "state": ConsentState.GIVEN, "said_on": timezone.localdate()}
    consent = Consent.objects.create(**own, client=client, **said, taken_by=by, recorded_by=by)
    drawn = {"place": number, "arm": arm, "client": client, "allocated_by": by}
    lot = StudyAllocation.objects.create(**own, study=study, **drawn)
    about = {"client": client, "episode": client.episodes.newest_first().first(), "assessed_by": by}
    enrolled = {"consent": consent, "allocation": lot, "enrolled_at": now, "practitioner": client.contact}
    StudyParticipant.objects.create(**own, study=study, **about, **enrolled)


if __name__ == "__main__":
    sys.exit(main())
