"""What editors, pre-commit and the forges are told is what `make lint` and `.ci/run` do."""

import configparser
import fnmatch
import importlib
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from bench.__main__ import MODULES

ROOT = Path(__file__).resolve().parent.parent
FORGES = (".github/workflows/ci.yml", ".gitlab-ci.yml")
PINNED = re.compile(r"[\w./-]+@[0-9a-f]{40}")
TEXTS = ("*.py", "*.html", "*.js", "*.css", "*.md", "*.toml", "*.yml", "*.yaml", "*.sh", "Makefile", ".ci/run")


def editorconfig() -> list[tuple[str, dict[str, str]]]:
    """(pattern, settings) of .editorconfig, in their order."""
    parser = configparser.ConfigParser()
    parser.read_string("[top]\n" + (ROOT / ".editorconfig").read_text())
    return [(section, dict(parser[section])) for section in parser.sections() if section != "top"]


def untidy(name: str, content: bytes) -> list[str]:
    """What in a file is not as .editorconfig says."""
    wanted: dict[str, str] = {}
    for pattern, settings in editorconfig():
        if fnmatch.fnmatch(Path(name).name, pattern):
            wanted |= settings
    text = content.decode(wanted["charset"])
    lines = text.split("\n")
    found = []
    if wanted["end_of_line"] == "lf" and "\r" in text:
        found.append("a carriage return")
    if wanted["insert_final_newline"] == "true" and text and (not text.endswith("\n") or text.endswith("\n\n")):
        found.append("its end is not one line break")
    if wanted["trim_trailing_whitespace"] == "true" and any(line != line.rstrip(" \t") for line in lines):
        found.append("blanks at the end of a line")
    if wanted["indent_style"] == "space" and any(line.startswith("\t") for line in lines):
        found.append("a tab")
    return [f"{name}: {fault}" for fault in found]


def texts() -> list[str]:
    """The repository's own files of text, without those that others wrote."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *TEXTS],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split("\n")  # fmt: skip
    return [name for name in listed if name and "vendor/" not in name and (ROOT / name).exists()]


def test_every_text_is_as_the_editors_are_told():
    names = texts()
    assert len(names) > 500
    assert [fault for name in names for fault in untidy(name, (ROOT / name).read_bytes())] == []
    ruff = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]
    assert dict(editorconfig())["*.py"]["max_line_length"] == str(ruff["line-length"])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.py", b"x = 1"),
        ("a.py", b"x = 1\n\n"),
        ("a.py", b"x = 1 \n"),
        ("a.py", b"if x:\n\ty = 1\n"),
        ("a.md", b"one\r\n"),
    ],
)
def test_an_untidy_text_is_seen(name, content):
    assert untidy(name, content)
    assert untidy("Makefile", b"all:\n\ttrue\n") == []
    with pytest.raises(UnicodeDecodeError):
        untidy("a.md", b"\xff\n")


def loaded(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text())


def plain(command: str) -> str:
    """A linter's command without its files and without the settings before it."""
    command = command.replace("$(PY)", ".venv/bin/python").replace("$(VENV)", ".venv").replace("$(UNCONNECTED)", "")
    return re.sub(r"\s(?:\.|\$\(TEMPLATES\))$", "", command.strip().removeprefix("@").strip())


def test_pre_commit_runs_the_linters_of_make_lint():
    repositories = loaded(".pre-commit-config.yaml")["repos"]
    assert [one["repo"] for one in repositories] == ["local"], "a version stands once, in requirements/dev.txt"
    recipe = re.search(r"^lint:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.M)[1]
    hooks = repositories[0]["hooks"]
    assert sorted(hook["entry"] for hook in hooks) == sorted(plain(line) for line in recipe.splitlines())
    assert {hook["language"] for hook in hooks} == {"system"}
    for hook in hooks:
        assert (ROOT / hook["entry"].split()[0]).exists()


def unpinned(workflow: dict[str, Any]) -> list[str]:
    """The actions and the like that a workflow does not name by a commit."""
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    return [step["uses"] for step in steps if "uses" in step and not PINNED.fullmatch(step["uses"])]


def test_the_forges_call_the_one_script_and_pin_what_they_use():
    workflow, pipeline = map(loaded, FORGES)
    steps = workflow["jobs"]["check"]["steps"]
    assert steps[-1] == {"run": ".ci/run"}
    assert unpinned(workflow) == []
    assert pipeline["check"]["script"][-1] == ".ci/run"
    # In both the same system, with the Python that everything is made for.
    assert workflow["jobs"]["check"]["container"] == pipeline["check"]["image"] == "python:3.11-bookworm"
    assert workflow["permissions"] == {"contents": "read"}
    assert set(workflow[True]) == {"push", "pull_request"}  # YAML reads the word "on" as true


def test_an_action_without_a_commit_is_seen():
    assert unpinned({"jobs": {"a": {"steps": [{"uses": "actions/checkout@v4"}, {"run": "make"}]}}}) == [
        "actions/checkout@v4"
    ]


@pytest.mark.parametrize("name", MODULES)
def test_every_measurement_of_the_bench_can_be_begun(name):
    assert callable(importlib.import_module(f"bench.{name}").measure)
