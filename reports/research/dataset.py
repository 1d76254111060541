"""An export put together: who may be in it, made safe, both tables, the figures of its rows and the report."""

from collections.abc import Collection
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from organisations.services.local_day import today_in
from reports.research.episodes import episode_table, make_safe
from reports.research.figures import constants, figure_lines
from reports.research.people import RandomNumbers, arm_names, people_of
from reports.research.ratings import load_measured, rating_table
from reports.research.report import report_of
from reports.research.table import Dataset
from sessions_app.measures.results.k_anonymity import K
from sessions_app.models import ExportColumn, StudyExport
from sessions_app.services.study_exports import CannotBeMade
from sessions_app.standards.loading import load_standards


def build_dataset(export: StudyExport) -> tuple[Dataset, Collection[UUID]]:
    """Everything that goes out, and whose it is; about fifteen queries, however many there are.

    CannotBeMade where fewer than k participants are alike enough to go out at all.
    """
    study, columns = export.study, list(export.columns)
    today = today_in(export.asked_by.organisation)
    standards = load_standards(export.organisation_id)
    people = people_of(export, standards, today)
    safe, found = make_safe(people, columns)
    if not safe:
        raise CannotBeMade(_("Fewer than %(least)s participants agree and are alike: nothing leaves.") % {"least": K})
    numbers = RandomNumbers(study.secrets.id_secret)
    level = found.levels.get(ExportColumn.WEEKS, 0)
    measured = load_measured(safe)
    episodes = episode_table(safe, columns, arm_names(study), numbers, level, _("Episodes, one for each participant"))
    ratings = rating_table(safe, columns, measured, numbers, level, _("Ratings, session by session"))
    tables = (episodes, ratings)
    rows = [one.person.row for one in safe]
    dataset = Dataset(
        title=study.name,
        language=export.language,
        facts=tuple(_facts(export, today)),
        tables=tables,
        figures=figure_lines(rows, standards),
        constants=constants(rows, standards),
        report=report_of(study, columns, safe, found, tables, measured.left_out),
    )
    return dataset, {row.client for row in rows}


def _facts(export: StudyExport, today) -> list[tuple[str, str]]:
    study = export.study
    return [
        (_("Study"), study.name),
        (_("Purpose of the study"), study.purpose),
        (_("Approved by"), f"{export.approver}, {export.approval_reference}"),
        (_("What the data are for"), export.purpose),
        (_("Who gets them"), export.recipient),
        (_("Made in"), date_format(today, "YEAR_MONTH_FORMAT")),
    ]
