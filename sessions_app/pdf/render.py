"""Sets one sheet: JSON on standard input, PDF on standard output. A process of its own, started by sheet.py."""

import resource
import sys
from pathlib import Path

import typst

HERE = Path(__file__).parent
SECONDS, BYTES = 10, 1024**3  # address space: the typesetter's threads reserve more than they use


def main() -> None:
    """Exit status 1 with the reason on standard error where the words cannot be set in our fonts."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    data = sys.stdin.buffer.read().decode()
    try:
        pdf = typst.compile(
            str(HERE / "sheet.typ"),
            root=str(HERE),
            font_paths=[str(HERE / "fonts")],
            ignore_system_fonts=True,
            sys_inputs={"sheet": data},
            pdf_standards=["ua-1"],
        )
    except typst.TypstError as error:
        sys.exit(str(error)[:500])
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main()
