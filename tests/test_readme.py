"""What README and CONTRIBUTING name exists, and works as far as it can be tried without the demo (see tests/local)."""

import re
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

ROOT = Path(__file__).parent.parent
README, CONTRIBUTING = ((ROOT / name).read_text() for name in ("README.md", "CONTRIBUTING.md"))
SETTINGS = (ROOT / "fit_project" / "settings.py").read_text()


def code_of(document: str) -> list[str]:
    """What stands in blocks and spans of code."""
    return re.findall(r"```sh\n(.*?)```|`([^`]+)`", document, re.S)


def make_targets_of(document: str) -> list[str]:
    """The targets of make that a document names."""
    return sorted(set(re.findall(r"\bmake ([a-z][a-z-]*)\b", "\n".join(map("".join, code_of(document))))))


def links_of(document: str) -> list[str]:
    """The files that a document links to, without the heading."""
    return [link.partition("#")[0] for link in re.findall(r"\]\(([^)]+)\)", document) if "://" not in link]


make_targets = make_targets_of(README)
all_targets = sorted({*make_targets, *make_targets_of(CONTRIBUTING)})
manage_lines = re.findall(r"manage\.py ([a-z_]+)([^`\n]*)", README + CONTRIBUTING)
variables = sorted(set(re.findall(r"\benv\.[a-z_]+\(\s*\"([A-Z_]+)\"", SETTINGS)))
programs = re.findall(r"\.venv/bin/([\w-]+)([^`\n]*)", README + CONTRIBUTING)


def test_the_readme_fits_a_page_and_names_the_two_commands():
    assert len(README.splitlines()) < 110
    assert {"demo", "test", "demo-reset", "lint", "types", "format", "bench", "coverage"} == set(make_targets)


@pytest.mark.parametrize("target", all_targets)
def test_make_knows_the_target(target):
    made = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    assert "Nothing to be done" not in made.stdout


def test_make_tells_of_every_target_that_is_named():
    told = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert [target for target in all_targets if target not in told] == []


@pytest.mark.parametrize(("name", "arguments"), manage_lines)
def test_manage_py_knows_the_command_and_its_options(name, arguments):
    commands = get_commands()
    assert name in commands
    command = commands[name] if not isinstance(commands[name], str) else load_command_class(commands[name], name)
    known = command.create_parser("manage.py", name).format_help()
    for option in re.findall(r"--[a-z-]+", arguments):
        assert option in known


def test_every_variable_that_the_settings_read_is_explained():
    assert len(variables) > 10
    assert [name for name in variables if f"`{name}`" not in README] == []


@pytest.mark.parametrize("link", sorted({*links_of(README), *links_of(CONTRIBUTING)}))
def test_every_link_leads_to_a_file(link):
    assert (ROOT / link).is_file()


def test_every_path_in_the_table_of_folders_exists():
    for folder in re.findall(r"^\| `([a-z_]+/)` \|", README, re.M):
        assert (ROOT / folder).is_dir()


def test_the_continuous_check_is_there_and_can_be_run():
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o100
    subprocess.run(["bash", "-n", str(script)], check=True)
    lines = script.read_text().rstrip().splitlines()
    assert lines[-2].startswith("make test"), "pytest's closing line comes last"
    assert lines.index("rm -rf .venv") < lines.index("make .venv/.dev </dev/null"), "what is left by hand hides a gap"


def test_the_suite_says_first_what_it_does(request):
    said = request.config.hook.pytest_report_header(config=request.config, start_path=ROOT)
    lines = "\n".join(line for told in said for line in ([told] if isinstance(told, str) else told or []))
    assert "processes, each first migrates" in lines
    assert "browser tests: " in lines


@pytest.mark.parametrize(("program", "arguments"), programs)
def test_a_program_of_the_virtual_environment_is_there_and_knows_its_options(program, arguments, pytestconfig):
    assert (ROOT / ".venv" / "bin" / program).exists()
    options = re.findall(r"(?<!\S)--[a-z-]+", arguments)
    if "-m pytest" in arguments:
        assert all(pytestconfig.getoption(option) is not None for option in options)
        assert [path for path in re.findall(r"\btests/\S+", arguments) if not (ROOT / path).exists()] == []
    elif program == "uv":
        known = subprocess.run(
            [ROOT / ".venv/bin/uv", "pip", "compile", "--help"], capture_output=True, text=True
        ).stdout
        assert [option for option in options if option not in known] == []


def missing_paths(document: str) -> list[str]:
    """The files and folders that a document names in code and that are not there; `views/` is a folder of some app."""
    named = [
        span
        for block, span in code_of(document)
        if re.fullmatch(r"\.?[\w-]+(?:/[\w.-]*)+|[\w.-]+\.(?:toml|yaml|yml)", span)
    ]
    return [
        path for path in named if "NNNN" not in path and not (ROOT / path).exists() and not [*ROOT.glob(f"*/{path}")]
    ]


def missing_names(document: str) -> list[tuple[str, str]]:
    """(file, name) of each `name` that a document gives in brackets after a file and that is not defined there."""
    found = []
    for path, names in re.findall(r"`([\w/]+\.py)`\s+\(((?:`\w+`(?:,\s+)?)+)\)", document):
        text = (ROOT / path).read_text()
        found += [
            (path, name)
            for name in re.findall(r"\w+", names)
            if not re.search(rf"^(?:def |class )?{name}\b", text, re.M)
        ]
    return found


def test_what_contributing_names_is_there():
    assert missing_paths(CONTRIBUTING) == []
    assert missing_names(CONTRIBUTING) == []
    assert len(re.findall(r"`([\w/]+\.py)`\s+\(", CONTRIBUTING)) >= 4


def test_a_path_and_a_name_that_are_not_there_are_seen():
    assert missing_paths("see `tests/nowhere.py`, `tests/test_house.py`, `views/` and `nowhere.toml`") == [
        "tests/nowhere.py",
        "nowhere.toml",
    ]
    text = "`tests/test_readme.py` (`ROOT`, `missing_names`,\n  `nobody`)"
    assert missing_names(text) == [("tests/test_readme.py", "nobody")]
