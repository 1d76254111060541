"""Which query parameters the routes read: found by listening while they run, and by reading their code."""

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from unittest import mock

from django.http import QueryDict

ROOT = Path(__file__).resolve().parent.parent
APPS = ("fit_project", "organisations", "clients", "sessions_app", "reports")
PROBE = "probe"  # a parameter that nobody knows, so that forms are read as sent


def listening(heard: set[str]) -> type[QueryDict]:
    """A QueryDict that notes every name it is asked for."""

    class Listening(QueryDict):
        def __getitem__(self, key):
            heard.add(key)
            return super().__getitem__(key)

        def __contains__(self, key):
            heard.add(key)
            return super().__contains__(key)

        def get(self, key, default=None):
            heard.add(key)
            return super().get(key, default)

        def getlist(self, key, default=None):
            heard.add(key)
            return super().getlist(key, default)

    return Listening


@contextmanager
def hearing() -> Iterator[set[str]]:
    """The names that requests inside the block look for in their query."""
    heard: set[str] = set()
    with mock.patch("django.core.handlers.wsgi.QueryDict", listening(heard)):
        yield heard
    heard -= {PROBE, None}  # a filter that does not say what it orders by asks for None


def named_in_code() -> set[str]:
    """Every name that is looked up in a request's query, wherever it is written as a literal."""
    return {
        name
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        for name in _literals(ast.parse(path.read_text(encoding="utf-8")))
    }


def _literals(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        given: list[ast.expr] = []
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _is_query(node.func.value):
            given = node.args[:1] if node.func.attr in ("get", "getlist") else []
        elif isinstance(node, ast.Subscript) and _is_query(node.value):
            given = [node.slice]
        elif isinstance(node, ast.Compare) and _is_query(node.comparators[0]):
            given = [node.left]
        yield from (one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str))


def _is_query(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in ("GET", "query_params")


class PostForms(HTMLParser):
    """The forms of a page that are sent with POST: `found` as (address, fields), a field as (name, type, value).

    Filled in as somebody would: what stands there, else the first choice, else something short.
    """

    def __init__(self, page: str):
        super().__init__()
        self.found: list[tuple[str, list[tuple[str, str, str]]]] = []
        self._inside = False
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._inside = given.get("method", "").lower() == "post"
            if self._inside:
                self.found.append((given.get("action", ""), []))
        elif not self._inside or not (given.get("name") or tag == "option"):
            return
        elif tag == "select":
            self._select = given["name"]
        elif tag == "option" and self._select and given.get("value"):
            self._take(self._select, "select", given["value"])
            self._select = ""
        elif tag == "textarea":
            self._take(given["name"], "textarea", "Ord")
        elif tag == "input" and given.get("type") != "file":
            kind = given.get("type", "text")
            self._take(given["name"], kind, given.get("value") or _something(given["name"], kind))

    def handle_endtag(self, tag):
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._select = ""

    def _take(self, name: str, kind: str, value: str) -> None:
        _address, fields = self.found[-1]
        if name not in {known for known, *_rest in fields}:
            fields.append((name, kind, value))


def _something(name: str, kind: str) -> str:
    if kind == "email":
        return "eva@example.org"
    if kind == "date":
        return "2026-01-12"
    return "1983" if "year" in name else "5"
