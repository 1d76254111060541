"""The index of the decisions is complete, and all of them have one shape."""

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "docs" / "decisions"
DECISIONS = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md") if path.name != "README.md"}
INDEX = (FOLDER / "README.md").read_text(encoding="utf-8")
FILE_NAME = re.compile(r"(\d{4})-[a-z0-9]+(?:-[a-z0-9]+)*\.md")
PARTS = ("Context", "Decision", "Consequences")


def faults(name: str, text: str) -> list[str]:
    """What is not as in all the others: the file's name, its title, its three parts."""
    matched = FILE_NAME.fullmatch(name)
    if not matched:
        return [f"{name}: the name is not NNNN-words-of-the-title.md"]
    found = []
    if not re.match(rf"# {int(matched[1])}\. [A-Z][^\n]*[^.\n]\n\n", text):
        found.append(f"the first line is not “# {int(matched[1])}. Title” without a full stop")
    parts = tuple(part for part in re.findall(r"^\*\*([A-Z][a-z]+)\.\*\*(?= \S|\n\S)", text, re.M) if part in PARTS)
    if parts != PARTS:
        found.append("it needs **Context.**, **Decision.** and **Consequences.**, each once and in this order")
    if len(re.findall(r"^#", text, re.M)) != 1:
        found.append("it has other headings than its title")
    return [f"{name}: {fault}" for fault in found]


def index_lines(decisions: dict[str, str]) -> list[str]:
    """The lines that the index has for these files, in the order of their numbers."""
    return [f"- [{text.partition(chr(10))[0].removeprefix('# ')}]({name})" for name, text in sorted(decisions.items())]


def unexplained_gaps(names: list[str], index: str) -> set[int]:
    """The numbers that no file has and the index gives no reason for."""
    given = {int(name[:4]) for name in names}
    reasons = re.findall(r"^- (\d[\d, ]*): \S", index.partition("## Numbers without a file")[2], re.M)
    explained = {int(number) for numbers in reasons for number in numbers.split(",")}
    assert not explained & given, "a number with a file needs no reason"
    return set(range(1, max(given) + 1)) - given - explained


@pytest.mark.parametrize("name", sorted(DECISIONS))
def test_a_decision_has_the_shape_of_all(name):
    assert faults(name, DECISIONS[name]) == []


def test_the_index_names_each_decision_with_its_title():
    assert re.findall(r"^- \[.*", INDEX, re.M) == index_lines(DECISIONS)


def test_a_number_without_a_file_has_its_reason():
    assert unexplained_gaps(list(DECISIONS), INDEX) == set()


WHOLE = "# 3. A title\n\n**Context.** Words.\n\n**Decision.**\n- One\n\n**Consequences.** Words.\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("00XX-a-title.md", WHOLE),
        ("0004-a-title.md", WHOLE),
        ("0003-a-title.md", WHOLE.replace("# 3. ", "# ")),
        ("0003-a-title.md", WHOLE.replace("# 3. A title", "# 3. A title.")),
        ("0003-a-title.md", WHOLE.replace("**Context.**", "## Context\n")),
        ("0003-a-title.md", WHOLE.replace("**Consequences.** Words.\n", "")),
        ("0003-a-title.md", WHOLE.replace("Context", "Consequences", 1).replace("**Consequences.** Words.\n", "", 1)),
    ],
)
def test_another_shape_is_seen(name, text):
    assert faults("0003-a-title.md", WHOLE) == []
    assert faults(name, text)


def test_a_gap_is_seen_and_so_is_a_reason_that_is_not_needed():
    names = ["0001-a.md", "0004-b.md"]
    assert unexplained_gaps(names, "## Numbers without a file\n\n- 2: taken out.\n") == {3}
    assert unexplained_gaps(names, "## Numbers without a file\n\n- 2, 3: taken out.\n") == set()
    with pytest.raises(AssertionError):
        unexplained_gaps(names, "## Numbers without a file\n\n- 2, 3, 4: taken out.\n")
