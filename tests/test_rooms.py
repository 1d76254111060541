"""Where each thing lives (docs/architecture.md): nothing loose, one noun on every floor, old names stay gone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

ROOT = Path(__file__).resolve().parent.parent
APPS = ("organisations", "clients", "sessions_app", "reports")
AT_THE_TOP = {"__init__", "apps", "urls", "tasks", "periodic", "roles", "access", "forms"}
FLOORS = ("views", "forms", "api", "texts")
# Modules of these floors that are about no single noun, and why.
OF_NO_NOUN = {
    "organisations/views/installed.py": "the home-screen app: manifest and service worker",
    "organisations/forms/confirmed.py": "forms that ask for the password again",
    "organisations/views/form_pages.py": "the page with a form, refused or beside what somebody else stored",
    "organisations/views/roles.py": "what roles.py says, as a page",
    "organisations/api/authentication.py": "how a request of another system enters",
    "organisations/api/base.py": "what the resources are made of",
    "organisations/api/description.py": "the API's own description",
    "organisations/api/errors.py": "errors in one shape",
    "organisations/api/fields.py": "what the resources are made of",
    "organisations/api/filters.py": "what the resources are made of",
    "organisations/api/idempotency.py": "a repeated request has one effect",
    "organisations/api/paging.py": "what the resources are made of",
    "clients/views/access_log.py": "pages of organisations/audit about clients",
    "sessions_app/views/polling.py": "the small questions that open pages ask again and again",
    "sessions_app/views/shared.py": "loading a row for a view",
    "sessions_app/forms/unlock.py": "the form of services/handover.py",
    "sessions_app/api/forms_named.py": "what the resources are made of",
    "sessions_app/texts/closing.py": "the last line of a form",
    "sessions_app/texts/marks.py": "words about measures/marks.py",
    "sessions_app/texts/instruments.py": "words about measures/instruments",
    "sessions_app/texts/points.py": "points as people write them",
    "sessions_app/texts/rules.py": "words about measures/rules",
    "sessions_app/texts/verdict.py": "words about measures/verdict",
    "sessions_app/texts/alliance.py": "words about the SRS",
}
# Names that were replaced, and what is said now: one meaning, one word.
OLD_NAMES = {
    r"\bimporting\b(?=[./])": "imports",
    r"\boversight\b(?=[./])": "access_review",
    r"\bhouses\b(?=\.)": "organisations",
    r"\bform_ref\b": "form_key",
    r"\bmeasure_values\b": "standards",
    r"\bdue_forms\b": "forms_due",
}


def modules(app: str) -> Iterator[Path]:
    for path in sorted((ROOT / app).rglob("*.py")):
        if "migrations" not in path.parts and "__pycache__" not in path.parts:
            yield path.relative_to(ROOT)


def loose(app: str, paths: Iterator[Path]) -> list[str]:
    """The modules at an app's top level that belong into a folder."""
    return [str(path) for path in paths if path.parent == Path(app) and path.stem not in AT_THE_TOP]


def words(stem: str) -> set[str]:
    """The words of a module's name, in the singular."""
    singular = {word[:-3] + "y" if word.endswith("ies") else word.removesuffix("s") for word in stem.split("_")}
    return singular | {stem.removesuffix("s")}


def nouns(app: str, paths: list[Path]) -> set[str]:
    """What an app's models and services are about, and the folders that hold one noun's work."""
    named = {path.stem for path in paths if path.parts[1:2] in [("models",), ("services",)]}
    folders = {path.parts[1] for path in paths if len(path.parts) > 2} - {*FLOORS, "models", "services"}
    return {noun for stem in named | folders for noun in words(stem)} - {"answer", "by", "form"}


def without_noun(app: str, paths: list[Path]) -> list[str]:
    known = nouns(app, paths)
    return [
        str(path)
        for path in paths
        if len(path.parts) == 3 and path.parts[1] in FLOORS and path.stem != "__init__" and not words(path.stem) & known
    ]


@pytest.mark.parametrize("app", APPS)
def test_nothing_stands_loose_at_an_apps_top_level(app):
    assert loose(app, modules(app)) == []


def test_a_noun_has_the_same_name_on_every_floor():
    found = [name for app in APPS for name in without_noun(app, list(modules(app)))]
    assert sorted(found) == sorted(OF_NO_NOUN), "a module about no noun of its app's models and services"


def old_names_in(text: str) -> list[str]:
    return [f"{match[0]} is {new} now" for old, new in OLD_NAMES.items() for match in re.finditer(old, text)]


@pytest.mark.parametrize("app", [*APPS, "fit_project", "tests", "bench"])
def test_old_names_stay_gone(app):
    here = Path(__file__).relative_to(ROOT)
    found = [
        f"{path}: {line}" for path in modules(app) if path != here for line in old_names_in((ROOT / path).read_text())
    ]
    assert not found, "\n".join(found)


# Who may know WHO-5 by name: its class and rule with its sentences, and who keeps what was agreed with a client.
KNOW_WHO5 = {
    "sessions_app/measures/instruments/who5.py",
    "sessions_app/measures/instruments/registry.py",
    "sessions_app/measures/rules/wellbeing.py",
    "sessions_app/texts/verdict.py",
    "clients/api/clients.py",
    "clients/forms.py",
    "clients/models/__init__.py",
    "clients/models/client.py",
    "clients/models/privacy.py",
    "reports/changes/event_list.py",
}


def names_who5(text):
    return re.search(r"who[-_ ]?5", text, re.IGNORECASE) is not None


def test_who5_is_known_by_name_to_its_class_its_rule_and_the_clients_rhythm_alone():
    found = {
        str(path.relative_to(ROOT))
        for folder in ("clients", "fit_project", "organisations", "reports", "sessions_app", "templates", "static/js")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".html", ".js") and "migrations" not in path.parts and names_who5(path.read_text())
    }
    assert found == KNOW_WHO5
    assert names_who5('if row.value == "who5"')


def test_the_guards_see_their_faults():
    assert loose("clients", iter([Path("clients/due.py"), Path("clients/services/due.py")])) == ["clients/due.py"]
    floors = [Path("clients/models/client.py"), Path("clients/views/clients.py"), Path("clients/views/edit.py")]
    assert without_noun("clients", floors) == ["clients/views/edit.py"]
    assert old_names_in("from sessions_app.importing.rows import x") == ["importing is imports now"]


def named_in(value: object) -> Iterator[str]:
    """Every dotted name of our own code in a setting, however deep; a model's label is none."""
    if isinstance(value, dict):
        value = [*value.values()]
    if isinstance(value, list | tuple | set):
        for inner in value:
            yield from named_in(inner)
    elif isinstance(value, str) and re.fullmatch(rf"({'|'.join(APPS)})\.[a-z_]+\.[\w.]+", value):
        yield value


def test_every_form_adapter_and_middleware_that_a_setting_names_is_where_it_says():
    names = set(named_in([getattr(settings, name) for name in dir(settings) if name.isupper()]))
    assert {"organisations.forms.account.ResetForm", "organisations.models.device_session"} <= names
    for name in names - {settings.SESSION_ENGINE}:  # a module
        assert import_string(name)
