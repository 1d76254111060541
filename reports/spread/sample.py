"""A file as the register's page takes it, with made-up services of the organisation's country."""

from organisations.models import Practitioner
from organisations.municipalities.lists import municipalities_of
from organisations.services.csv_files import csv_file
from organisations.services.local_day import today_in
from reports.spread.columns import FIT, KIND, MUNICIPALITY, NAME, NUMBER, YEAR


def sample_file(by: Practitioner) -> bytes:
    """Two services by name, and those without FIT as numbers."""
    names = [one.name for one in municipalities_of(by.organisation.country)] or ["A", "B"]
    here, there = names[-1], names[0]
    year = str(today_in(by.organisation).year)
    return csv_file(
        [
            [YEAR, MUNICIPALITY, NAME, KIND, FIT, NUMBER],
            [year, here, "Example House", "adults", "yes", "1"],
            [year, there, "Example Street", "children", "yes", "1"],
            [year, here, "", "", "no", "41"],
            [year, there, "", "", "no", "187"],
        ]
    )
