"""What README names exists, and works as far as it can be tried without the demo (see tests/local)."""

import re
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
SETTINGS = (ROOT / "fit_project" / "settings.py").read_text()

code = "\n".join(re.findall(r"```.*?```|`[^`]+`", README, re.S))
make_targets = sorted(set(re.findall(r"\bmake ([a-z][a-z-]*)\b", code)))
manage_lines = re.findall(r"manage\.py ([a-z_]+)([^`\n]*)", README)
variables = sorted(set(re.findall(r"\benv\.[a-z_]+\(\s*\"([A-Z_]+)\"", SETTINGS)))
links = [link for link in re.findall(r"\]\(([^)]+)\)", README) if "://" not in link]


def test_the_readme_fits_a_page_and_names_the_two_commands():
    assert len(README.splitlines()) < 110
    assert {"demo", "test", "demo-reset", "lint", "types", "format", "bench", "coverage"} == set(make_targets)


@pytest.mark.parametrize("target", make_targets)
def test_make_knows_the_target(target):
    made = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    assert "Nothing to be done" not in made.stdout


def test_make_tells_of_every_target_that_the_readme_names():
    told = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert [target for target in make_targets if target not in told] == []


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


@pytest.mark.parametrize("link", links)
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
