"""A table of a study as CSV for programs: commas, a point, UTF-8; an empty cell is missing, a category is its key."""

import csv
import io

from reports.research.table import ExportTable


def research_csv(table: ExportTable) -> bytes:
    """The table as a file; no cell is anybody's words, so none is worked out by a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(one.name for one in table.variables)
    writer.writerows(["" if value is None else value for value in row] for row in table.rows)
    return out.getvalue().encode()
