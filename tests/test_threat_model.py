"""Every test that the threat model names exists, and no threat stands there without one."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODEL = (ROOT / "docs/threat-model.md").read_text()
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", MODEL)))
ROWS = [line for line in MODEL.splitlines() if line.startswith("| ") and not re.match(r"\| (threat|---) ", line)]


def functions(path: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)}


def test_each_threat_names_what_guards_against_it():
    assert len(ROWS) > 30
    assert [row for row in ROWS if "`tests/" not in row and "`make drill-" not in row] == []


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_the_guard_exists(path, name):
    assert name in functions(ROOT / path)


def test_the_drills_exist():
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"`make (drill-\w+)`", MODEL):
        assert f"\n{target}:" in makefile


@pytest.mark.parametrize("document", ["SECURITY.md", "docs/accepted-risks.md", "docs/threat-model.md"])
def test_their_links_lead_somewhere(document):
    here = ROOT / document
    for link in re.findall(r"\]\(([^):]+)\)", here.read_text()):
        assert (here.parent / link).exists(), link
