"""A table of a study for Stata, in its format of version 15: older ones know no letters but those of English."""

from reports.exports.research_statistics import written
from reports.research.table import ExportTable

VERSION = 15


def research_stata(table: ExportTable) -> bytes:
    """The table as a .dta file."""
    import pyreadstat

    return written(
        table,
        "dta",
        pyreadstat.write_dta,
        version=VERSION,
        variable_format={one.name: "%14.0g" for one in table.variables},
    )
