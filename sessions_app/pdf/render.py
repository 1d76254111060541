"""Sets one document: JSON on standard input, PDF on standard output. A process of its own, started by child.py."""

import io
import json
import resource
import sys
from pathlib import Path
from typing import Any

import segno
import typst

from sessions_app.paper_reading.layout import PrintedCode

HERE = Path(__file__).parent
SECONDS, BYTES = 10, 1024**3  # address space: the typesetter's threads reserve more than they use


def main() -> None:
    """Exit status 1 with the reason on standard error where the words cannot be set in our fonts."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    data = json.loads(sys.stdin.buffer.read())
    try:
        sys.stdout.buffer.write(_typeset(data))
    except typst.TypstError as error:
        sys.exit(str(error)[:500])


def _typeset(data: dict[str, Any]) -> bytes:
    compiler = typst.Compiler(
        str(HERE / "sheet.typ"),
        root=str(HERE),
        font_paths=[str(HERE / "fonts")],
        ignore_system_fonts=True,
        sys_inputs=_inputs(data),
    )
    if data.get("place") is not None:
        # Set twice: how high the lines stand is known only then, and the code says it.
        lines = json.loads(compiler.query("<lines>", field="value", one=True))
        on_one_page = {line["page"] for line in lines} == {1}
        data |= {"code": _code(data, lines)} if on_one_page else {"place": None}
    pdf = compiler.compile(sys_inputs=_inputs(data), pdf_standards=["ua-1"])
    return pdf if isinstance(pdf, bytes) else b""  # a list or nothing: of other kinds of file


def _inputs(data: dict[str, Any]) -> dict[str, str]:
    return {"sheet": json.dumps(data, ensure_ascii=True)}


def _code(data: dict[str, Any], lines: list[dict[str, float]]) -> str:
    """The code as SVG without a quiet zone, which the sheet leaves round it."""
    heights = tuple(line["y"] for line in lines)
    text = PrintedCode(data["number"], heights, data["direction"] == "rtl").text()
    out = io.BytesIO()
    segno.make(text, error="q", boost_error=False, micro=False).save(
        out, kind="svg", border=0, omitsize=True, xmldecl=False
    )
    return out.getvalue().decode()


if __name__ == "__main__":
    main()
