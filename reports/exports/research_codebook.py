"""The codebook of a study's data: as DDI Codebook 2.5 for archives and programs, and as a page to read.

Labels are cut in the files for statistics programs; here stands the whole wording of each column and category.
"""

from xml.etree import ElementTree

from django.template.loader import render_to_string

from reports.research.table import Dataset, ExportTable, Kind, Variable, means

NAMESPACE, VERSION = "ddi:codebook:2_5", "2.5"
Element = ElementTree.Element


def research_ddi(dataset: Dataset) -> bytes:
    """The codebook as XML; each table is a file of it, its variables in their order."""
    root = Element("codeBook", {"xmlns": NAMESPACE, "version": VERSION, "xml:lang": dataset.language})
    study = _child(root, "stdyDscr")
    _child(_child(_child(study, "citation"), "titlStmt"), "titl", dataset.title)
    about = _child(study, "stdyInfo")
    _child(about, "abstract", "\n".join(f"{name}: {value}" for name, value in dataset.facts))
    for table in dataset.tables:
        _file(root, table)
    described = _child(root, "dataDscr")
    known = {(table, name): (count, mean) for table, name, count, mean in means(dataset.tables)}
    for table in dataset.tables:
        for variable in table.variables:
            _variable(described, table, variable, known.get((table.name, variable.name)))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def research_codebook(dataset: Dataset) -> bytes:
    """The codebook as a page that needs nothing beside it."""
    return render_to_string("reports/research/codebook.html", {"dataset": dataset, "lines": _lines(dataset)}).encode()


def _lines(dataset: Dataset) -> list[tuple[ExportTable, list[tuple[Variable, list[tuple[int, str, str]]]]]]:
    """Each table with its variables and the (number, key, wording) of their categories."""
    return [
        (table, [(one, [(place, *each) for place, each in enumerate(one.categories, 1)]) for one in table.variables])
        for table in dataset.tables
    ]


def _child(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    made = ElementTree.SubElement(parent, tag, attributes)
    made.text = text or None
    return made


def _file(root: Element, table: ExportTable) -> None:
    told = _child(_child(root, "fileDscr", ID=table.name), "fileTxt")
    _child(told, "fileName", f"{table.name}.csv")
    _child(told, "fileCont", table.label)
    size = _child(told, "dimensns")
    _child(size, "caseQnty", str(len(table.rows)))
    _child(size, "varQnty", str(len(table.variables)))


def _variable(described: Element, table: ExportTable, variable: Variable, known: tuple[int, float] | None) -> None:
    kind = "discrete" if variable.kind in (Kind.ID, Kind.CATEGORY) else "contin"
    names = {"ID": f"{table.name}.{variable.name}", "name": variable.name, "files": table.name, "intrvl": kind}
    made = _child(described, "var", **names)
    _child(made, "labl", variable.label)
    if known is not None:
        _child(made, "sumStat", str(known[0]), type="vald")
        _child(made, "sumStat", repr(known[1]), type="mean")
    if variable.note:
        _child(made, "txt", variable.note)
    for key, wording in variable.categories:
        category = _child(made, "catgry")
        _child(category, "catValu", str(variable.numbers[key]))
        _child(category, "labl", wording)
        _child(category, "txt", key)
    _child(made, "varFormat", type="numeric")
