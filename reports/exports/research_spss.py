"""A table of a study for SPSS. Missing is system-missing: elsewhere its own codes of missing are counted as values."""

from reports.exports.research_statistics import written
from reports.research.table import ExportTable, Kind

MEASURES = {Kind.ID: "nominal", Kind.CATEGORY: "nominal", Kind.COUNT: "scale", Kind.TENTHS: "scale"}


def research_spss(table: ExportTable) -> bytes:
    """The table as a .sav file."""
    import pyreadstat

    return written(
        table,
        "sav",
        pyreadstat.write_sav,
        variable_measure={one.name: MEASURES[one.kind] for one in table.variables},
        variable_format={one.name: "F12.0" for one in table.variables},
    )
