"""The house rules of docs/architecture.md that a machine can check; each guard is shown to see its fault."""

import ast
import re
import tomllib
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("fit_project", "organisations", "clients", "sessions_app", "reports")
FILE_LINES, TABLE_LINES, FUNCTION_LINES, VIEW_LINES = 300, 400, 40, 25
TEMPLATE_WIDTH = 160
SCOPED = re.compile(r"(^|/)(views/|view\.py|forms\.py|forms/|api\.py|api/)")

Guard = Callable[[str, str], list[str]]


def sources(*endings: str, roots=APPS) -> Iterator[tuple[str, str]]:
    """(path, text) of the project's own files."""
    for root in roots:
        for path in sorted((ROOT / root).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if path.suffix in endings and "/vendor/" not in name and "__pycache__" not in name:
                yield name, path.read_text(encoding="utf-8")


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def calls(text: str) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))


def last_name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


# Python


def file_is_short(name: str, text: str) -> list[str]:
    lines = text.count("\n")
    most = TABLE_LINES if re.search("/(models|texts)/", name) else FILE_LINES
    if lines <= most or "/migrations/" in name:
        return []
    return [f"{lines} lines, {most} at most"]


def functions_are_short(name: str, text: str) -> list[str]:
    if "/migrations/" in name:
        return []
    found = []
    for function in functions(ast.parse(text)):
        first = function.args.args[0].arg if function.args.args else ""
        is_view = ("/views/" in name or name.endswith("/view.py")) and first == "request"
        limit = VIEW_LINES if is_view else FUNCTION_LINES
        lines = function.end_lineno - function.lineno + 1
        if lines > limit:
            found.append(f"{function.name} has {lines} lines, {limit} at most")
    return found


def rows_are_scoped(name: str, text: str) -> list[str]:
    """In views, forms and API a model is followed by `.objects.visible_to` or `.objects.none` only."""
    if not SCOPED.search(name):
        return []
    tree, found = ast.parse(text), []
    followed = {id(node.value): node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "_base_manager"}:
            after = followed.get(id(node), "nothing")
            if after not in {"visible_to", "none"}:
                found.append(f"line {node.lineno}: .objects.{after}")
        if isinstance(node, ast.Call) and last_name(node.func) in {"get_object_or_404", "get_list_or_404"}:
            model = last_name(node.args[0])
            if model[:1].isupper():
                found.append(f"line {node.lineno}: {model} is looked up without visible_to")
    return found


def saves_name_their_columns(name: str, text: str) -> list[str]:
    """A stored row is saved by the columns that were changed: the others may be another's by now."""
    found = []
    for call in calls(text):
        named = {keyword.arg for keyword in call.keywords} & {"update_fields", "force_insert", None}
        if isinstance(call.func, ast.Attribute) and call.func.attr == "save" and not (call.args or named):
            found.append(f"line {call.lineno}: .save()")
    return found


def work_goes_through_the_outbox(name: str, text: str) -> list[str]:
    direct = {"delay", "apply_async", "send_task"}
    return [
        f"line {call.lineno}: .{call.func.attr}("
        for call in calls(text)
        if isinstance(call.func, ast.Attribute) and call.func.attr in direct
    ]


def clock_knows_its_zone(name: str, text: str) -> list[str]:
    found = []
    for call in calls(text):
        if not isinstance(call.func, ast.Attribute):
            continue
        of = last_name(call.func.value)
        naive_now = of == "datetime" and call.func.attr in {"now", "utcnow"} and not (call.args or call.keywords)
        if naive_now or (of in {"date", "datetime"} and call.func.attr == "today"):
            found.append(f"line {call.lineno}: {of}.{call.func.attr}()")
    return found


def nothing_is_marked_safe(name: str, text: str) -> list[str]:
    return re.findall(
        r"\bmark_safe\b|\b__html__\b|\bSafeString\b|\|\s*safe\b|\{% autoescape off %\}|\|\s*safeseq\b", text
    )


def nothing_streams(name: str, text: str) -> list[str]:
    """A streamed answer is read after the tenant has closed: empty, silently."""
    return re.findall(r"StreamingHttpResponse|FileResponse", text)


def names_say_something(name: str, text: str) -> list[str]:
    return re.findall(r"(?:^|/)(utils?|helpers?|common|managers?|misc)(?:\.py|/)", name)


def what_has_no_body_is_abstract(name: str, text: str) -> list[str]:
    """A class that lacks a method is refused when it is made, not when the method is called."""
    return re.findall(r"raise NotImplementedError", text)


# Templates and scripts


def policy_is_kept(name: str, text: str) -> list[str]:
    """Nothing that the content security policy refuses."""
    text = re.sub(r"\{#.*?#\}|\{% comment.*?endcomment %\}", "", text, flags=re.DOTALL)
    return [
        match[0].strip()
        for pattern in (
            r"<style\b",
            r"<script\b(?![^>]*\bsrc=)[^>]*>",
            r"<[^>]*\sstyle\s*=",
            r"<[^>]*\son[a-z]+\s*=",
            r"\bhx-on\b",
            r"javascript:",
            r"https?://(?!www\.w3\.org/)[^\s\"'<]*\.(?:js|css|woff2?)\b",
        )
        for match in re.finditer(pattern, text)
    ]


class Words(HTMLParser):
    """What a person reads of a page: text, and the attributes that are read aloud or shown."""

    SHOWN = ("aria-label", "title", "alt", "placeholder", "data-label", "aria-description", "aria-roledescription")

    def __init__(self):
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.found += [value for key, value in attrs if key in self.SHOWN and value]

    def handle_data(self, data):
        self.found.append(data)


def template_lines_are_short(name: str, text: str) -> list[str]:
    return [
        f"line {number}: {len(line)} characters, {TEMPLATE_WIDTH} at most"
        for number, line in enumerate(text.splitlines(), 1)
        if len(line) > TEMPLATE_WIDTH
    ]


PROPER_NAMES = {"Medspil", "ORS", "SRS", "PDF", "CSV", "XLSX", "PNG", "MB", "SHA"}
TRANSLATED = r"\{% *blocktrans(?:late)?\b.*?\{% *endblocktrans(?:late)? *%\}"


def words_are_translated(name: str, text: str) -> list[str]:
    """Every visible word of a template stands in a translate tag (also the words handed to an include)."""
    text = re.sub(r"\{#.*?#\}|\{% comment.*?endcomment %\}", "", text, flags=re.DOTALL)
    found = re.findall(r"\{% include [^%]*\b(?:title|text|label|heading)=\"[^\"]*\"", text)
    # A mark in place of the tag keeps the words beside it apart.
    bare = re.sub(TRANSLATED, "|", text, flags=re.DOTALL)
    bare = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "|", bare, flags=re.DOTALL)
    words = Words()
    words.feed(bare)
    for shown in words.found:
        left = [word for word in re.findall(r"[^\W\d_]{2,}", shown) if word not in PROPER_NAMES]
        if left:
            found.append(" ".join(left))
    return found


def scripts_write_text_only(name: str, text: str) -> list[str]:
    return re.findall(r"\.innerHTML\b|\.outerHTML\b|insertAdjacentHTML|document\.write|\beval\(|new Function", text)


# Everything

UNDONE = re.compile(rf"\b(?:TO{'DO'}|FIX{'ME'}|X{'XX'})\b")
ELSEWHERE = re.compile("|".join(["/wo" + "rk/", r"\.\./sha" + "red"]))


def nothing_is_left_undone(name: str, text: str) -> list[str]:
    return UNDONE.findall(text)


def repository_stands_alone(name: str, text: str) -> list[str]:
    return ELSEWHERE.findall(text)


PYTHON: list[Guard] = [
    file_is_short,
    functions_are_short,
    rows_are_scoped,
    saves_name_their_columns,
    work_goes_through_the_outbox,
    clock_knows_its_zone,
    nothing_is_marked_safe,
    nothing_streams,
    names_say_something,
    what_has_no_body_is_abstract,
]
HTML: list[Guard] = [policy_is_kept, words_are_translated, nothing_is_marked_safe, template_lines_are_short]
EVERYTHING: list[Guard] = [nothing_is_left_undone, repository_stands_alone]
ROOT_TEXTS = (
    *("README.md", "CONTRIBUTING.md", "SECURITY.md", "Makefile", "Dockerfile", "pyproject.toml", ".ci/run"),
    *(".editorconfig", ".pre-commit-config.yaml", ".gitlab-ci.yml", ".github/workflows/ci.yml", "docker-compose.yml"),
)
EVERYWHERE = (*APPS, "templates", "static", "tests", "bench", "docs", "locale")


# Where a rule is broken on purpose, and why.
EXCEPTIONS: dict[Guard, dict[str, str]] = {
    saves_name_their_columns: {
        "organisations/models/user.py": "a user who is made",
        "sessions_app/services/handover.py": "a browser's session, which is stored whole",
        "sessions_app/demo/rows.py": "a user of the demonstration who is made",
    },
    work_goes_through_the_outbox: {
        "organisations/management/commands/relay.py": "the relay hands outbox rows to Celery",
    },
    nothing_streams: {
        "organisations/views/organisation_copies.py": "a file on the disk by then, which may be larger than the memory",
    },
    nothing_is_marked_safe: {
        "templates/components/_field_words.html": "help texts are the program's own; some are Django's lists",
        "reports/charts/markup.py": "the one place that builds SVG: it escapes every value",
    },
}


def complaints(guard: Guard, files: Iterator[tuple[str, str]]) -> list[str]:
    excepted = EXCEPTIONS.get(guard, {})
    return [f"{name}: {complaint}" for name, text in files if name not in excepted for complaint in guard(name, text)]


@pytest.mark.parametrize("guard", PYTHON, ids=lambda guard: guard.__name__)
def test_python_keeps_the_house_rules(guard):
    found = complaints(guard, sources(".py"))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("guard", HTML, ids=lambda guard: guard.__name__)
def test_templates_keep_the_house_rules(guard):
    found = complaints(guard, sources(".html", roots=("templates",)))
    assert not found, "\n".join(found)


def test_scripts_write_text_only():
    found = complaints(scripts_write_text_only, sources(".js", roots=("static",)))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("guard", EVERYTHING, ids=lambda guard: guard.__name__)
def test_nothing_is_left_undone_and_no_path_leads_out_of_the_repository(guard):
    files = sources(".py", ".html", ".txt", ".js", ".css", ".md", ".sh", roots=EVERYWHERE)
    found = complaints(guard, files)
    assert not found, "\n".join(found)
    for name in ROOT_TEXTS:
        assert guard(name, (ROOT / name).read_text()) == []


def unexplained(pyproject: str) -> list[str]:
    """The dependencies of pyproject.toml without a reason beside them."""
    project = tomllib.loads(pyproject)["project"]
    groups = [project["dependencies"], *project.get("optional-dependencies", {}).values()]
    lines = pyproject.splitlines()
    return [
        dependency
        for group in groups
        for dependency in group
        if not any(re.search(re.escape(f'"{dependency}"') + r",\s+# \S", line) for line in lines)
    ]


INTERNAL = {"CELERY_BROKER_URL", "DJANGO_SETTINGS_MODULE", "PROMETHEUS_MULTIPROC_DIR"}  # set by the programs themselves


def variables(settings: str) -> set[str]:
    """The environment variables that the settings read."""
    return set(re.findall(r"\b(?:env|os\.environ)(?:\.\w+)?\(\s*\"([A-Z_]+)\"", settings))


def test_each_dependency_has_its_reason_beside_it():
    assert unexplained((ROOT / "pyproject.toml").read_text()) == []


def test_each_variable_of_the_settings_is_explained_in_the_readme():
    readme = (ROOT / "README.md").read_text()
    names = set().union(*(variables(path.read_text()) for path in (ROOT / "fit_project").glob("*.py"))) - INTERNAL
    assert {"SECRET_KEY_FALLBACKS", "WEB_WORKERS"} <= names
    assert [name for name in sorted(names) if f"`{name}`" not in readme] == []


def test_the_exceptions_are_still_needed():
    for guard, names in EXCEPTIONS.items():
        for name in names:
            assert guard(name, (ROOT / name).read_text()), name


LONG = "def f(x):\n" + "    x += 1\n" * 45
LONG_VIEW = "def page(request):\n" + "    request.x = 1\n" * 26

SEEN = [
    (file_is_short, "clients/a.py", "x = 1\n" * 301),
    (file_is_short, "clients/models/a.py", "x = 1\n" * 401),
    (functions_are_short, "clients/a.py", LONG),
    (functions_are_short, "clients/views/a.py", LONG_VIEW),
    (rows_are_scoped, "clients/views/a.py", "Client.objects.filter(pk=1)"),
    (rows_are_scoped, "clients/forms.py", "x = (\n  Client.objects\n  .all()\n)"),
    (rows_are_scoped, "reports/views/a.py", "models.Client._base_manager.get(pk=1)"),
    (rows_are_scoped, "clients/views/a.py", "rows = Client.objects"),
    (rows_are_scoped, "clients/views/a.py", "get_object_or_404(Client, pk=1)"),
    (saves_name_their_columns, "clients/a.py", "client.save()"),
    (work_goes_through_the_outbox, "clients/a.py", "evaluate.delay(1)"),
    (work_goes_through_the_outbox, "clients/a.py", "evaluate.apply_async(args=[1])"),
    (work_goes_through_the_outbox, "clients/a.py", "app.send_task('x')"),
    (clock_knows_its_zone, "clients/a.py", "datetime.now()"),
    (clock_knows_its_zone, "clients/a.py", "datetime.datetime.now()"),
    (clock_knows_its_zone, "clients/a.py", "datetime.date.today()"),
    (nothing_is_marked_safe, "clients/a.py", "mark_safe(name)"),
    (nothing_is_marked_safe, "templates/a.html", "{{ name|safe }}"),
    (nothing_streams, "clients/a.py", "return StreamingHttpResponse(rows)"),
    (names_say_something, "clients/utils.py", ""),
    (names_say_something, "clients/common/a.py", ""),
    (what_has_no_body_is_abstract, "clients/a.py", "def rows(self):\n    raise NotImplementedError"),
    (policy_is_kept, "a.html", '<p style="color:red">'),
    (policy_is_kept, "a.html", "<style>p{}</style>"),
    (policy_is_kept, "a.html", "<script>alert(1)</script>"),
    (policy_is_kept, "a.html", '<button class="btn" onclick="x()">'),
    (policy_is_kept, "a.html", '<p hx-on:click="x()">'),
    (policy_is_kept, "a.html", '<script src="https://cdn.example.org/x.js"></script>'),
    (words_are_translated, "a.html", "<p>Save the change</p>"),
    (words_are_translated, "a.html", '<p>{% translate "Save" %} now</p>'),
    (words_are_translated, "a.html", '<input placeholder="Reference">'),
    (words_are_translated, "a.html", '{% include "x.html" with title="No clients" %}'),
    (template_lines_are_short, "a.html", "<p>\n" + "x" * 161),
    (scripts_write_text_only, "static/js/a.js", "node.innerHTML = name"),
    (nothing_is_left_undone, "clients/a.py", "# TO" + "DO: later"),
    (repository_stands_alone, "docs/a.md", "see ../sha" + "red/x.md"),
]
UNSEEN = [
    (file_is_short, "clients/texts/a.py", "x = 1\n" * 400),
    (functions_are_short, "clients/a.py", LONG_VIEW),
    (rows_are_scoped, "clients/views/a.py", "get_object_or_404(Client.objects.visible_to(p), pk=1)"),
    (rows_are_scoped, "clients/services/a.py", "Client.objects.get(pk=1)"),
    (saves_name_their_columns, "clients/a.py", "client.save(update_fields=['next_on']); other.save(force_insert=True)"),
    (work_goes_through_the_outbox, "clients/a.py", "ask_for('tasks.evaluate')"),
    (clock_knows_its_zone, "clients/a.py", "timezone.now(); datetime.now(UTC); timezone.localdate()"),
    (policy_is_kept, "a.html", '<script type="module" src="{% static "js/a.js" %}"></script>'),
    (words_are_translated, "a.html", '<p title="{% translate "Save" %}">{% translate "Save" %} · Medspil {{ x }}</p>'),
    (words_are_translated, "a.html", "{% blocktranslate trimmed %}Save {{ x }}{% endblocktranslate %}"),
    (template_lines_are_short, "a.html", "<p>\n" + "x" * 160 + "\n</p>"),
]


@pytest.mark.parametrize(("guard", "name", "text"), SEEN)
def test_a_guard_sees_its_fault(guard, name, text):
    assert guard(name, text)


@pytest.mark.parametrize(("guard", "name", "text"), UNSEEN)
def test_a_guard_leaves_the_rest_alone(guard, name, text):
    assert not guard(name, text)


def test_a_dependency_without_a_reason_and_a_new_variable_are_seen():
    pyproject = '[project]\ndependencies = [\n  "a~=1",  # because\n  "b~=1",\n]\n'
    assert unexplained(pyproject) == ["b~=1"]
    read = 'env.str("NEW_ONE", "")\nenv(\n    "OTHER")\nos.environ.get("THIRD", "")'
    assert variables(read) == {"NEW_ONE", "OTHER", "THIRD"}
