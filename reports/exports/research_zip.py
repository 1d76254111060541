"""A study's data in one file: both tables in four formats, the codebook, the report, and how to reproduce results."""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

from reports.exports.research_codebook import research_codebook, research_ddi
from reports.exports.research_csv import research_csv
from reports.exports.research_parquet import research_parquet
from reports.exports.research_spss import research_spss
from reports.exports.research_stata import research_stata
from reports.research.table import Dataset, means

SCRIPTS = ("reproduce.R", "reproduce.py")
FORMATS = {"csv": research_csv, "parquet": research_parquet, "sav": research_spss, "dta": research_stata}


def research_zip(dataset: Dataset) -> bytes:
    """The files as ZIP, in the active language; its times are those of no day."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _files(dataset):
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _files(dataset: Dataset) -> Iterator[tuple[str, bytes]]:
    yield "README.txt", render_to_string("reports/research/README.txt", {"dataset": dataset}).encode()
    for table in dataset.tables:
        for ending, write in FORMATS.items():
            yield f"{table.name}.{ending}", write(table)
    yield "codebook.xml", research_ddi(dataset)
    yield "codebook.html", research_codebook(dataset)
    yield "report.json", json.dumps(dataset.report, indent=1).encode()
    yield "results.csv", _lines(("name", "value"), dataset.figures)
    yield "constants.csv", _lines(("name", "value"), dataset.constants)
    yield "means.csv", _lines(("table", "column", "n", "mean"), _means(dataset))
    for name in SCRIPTS:
        yield name, (Path(settings.BASE_DIR) / "templates" / "reports" / "research" / name).read_bytes()


def _means(dataset: Dataset) -> Iterator[tuple[str, ...]]:
    for table, column, count, mean in means(dataset.tables):
        yield table, column, str(count), repr(mean)


def _lines(head: tuple[str, ...], lines: Iterable[tuple[str, ...]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(lines)
    return out.getvalue().encode()
