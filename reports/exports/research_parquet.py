"""A table of a study as Parquet: whole numbers with gaps stay whole numbers, in pandas too."""

import io

from reports.research.table import ExportTable, Kind, Variable, shortened

WIDTHS = {Kind.ID: "Int64", Kind.COUNT: "Int32", Kind.TENTHS: "Int16"}


def research_parquet(table: ExportTable) -> bytes:
    """The table as a file. Its metadata name pandas' own types, or pandas would read what has gaps as floats."""
    import pandas
    import pyarrow
    import pyarrow.parquet

    columns = {one.name: pandas.array(table.column(one.name), dtype=_type(one)) for one in table.variables}
    made = pyarrow.Table.from_pandas(pandas.DataFrame(columns), preserve_index=False)
    fields = [
        made.schema.field(one.name).with_metadata({"label": shortened(one.label, letters=200)})
        for one in table.variables
    ]
    labelled = made.cast(pyarrow.schema(fields, metadata=made.schema.metadata))
    out = io.BytesIO()
    pyarrow.parquet.write_table(labelled, out, compression="zstd")
    return out.getvalue()


def _type(variable: Variable) -> str:
    return WIDTHS.get(variable.kind, "string")
