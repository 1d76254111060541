"""Where a guard stands: each call of `visible_to`, and each view that `requires` a right."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("organisations", "clients", "sessions_app", "reports")


@dataclass(frozen=True)
class Site:
    """One guard in the code. `key` says the same after other lines have moved."""

    path: str
    line: int
    column: int  # where the call ends, or 0 of a decorator: what a running frame is known by
    function: str
    source: str

    @property
    def key(self) -> str:
        return f"{self.path}: {self.function}: {self.source}"


def sites() -> list[Site]:
    """Every guard of the four apps, in the order of the files."""
    found = []
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if "/migrations/" not in name:
                found += sites_of(name, path.read_text(encoding="utf-8"))
    return found


def sites_of(path: str, text: str) -> list[Site]:
    """The guards of one file."""
    return [Site(path, *told) for told in _walk(ast.parse(text), "")]


def _walk(node: ast.AST, function: str) -> Iterator[tuple]:
    for child in ast.iter_child_nodes(node):
        inside = function
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            inside = f"{function}.{child.name}".strip(".")
            for guard in getattr(child, "decorator_list", ()):
                if _called(guard) == "requires" and guard.args:
                    yield guard.end_lineno, 0, inside, ast.unparse(guard)
        if _called(child) == "visible_to":
            yield child.end_lineno, child.end_col_offset, inside, ast.unparse(child)
        yield from _walk(child, inside)


def _called(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
