"""Where each thing lives (docs/architecture.md): nothing loose, one noun on every floor, old names stay gone, and the
ground floor names nothing that stands above it."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import URLPattern
from django.utils.module_loading import import_string

from organisations.audit.texts import ACTIONS, KINDS
from organisations.history.privacy import own_models
from organisations.tokens.scopes import SCOPES

ROOT = Path(__file__).resolve().parent.parent
APPS = ("organisations", "clients", "sessions_app", "reports")
AT_THE_TOP = {"__init__", "apps", "urls", "tasks", "periodic", "roles", "access", "forms"}
FLOORS = ("views", "forms", "api", "texts")
# Modules of these floors that are about no single noun, and why.
OF_NO_NOUN = {
    "organisations/views/installed.py": "the home-screen app: manifest and service worker",
    "organisations/forms/confirmed.py": "forms that ask for the password again",
    "organisations/views/form_pages.py": "the page with a form, refused or beside what somebody else stored",
    "organisations/api/authentication.py": "how a request of another system enters",
    "organisations/api/base.py": "what the resources are made of",
    "organisations/api/description.py": "the API's own description",
    "organisations/api/errors.py": "errors in one shape",
    "organisations/api/fields.py": "what the resources are made of",
    "organisations/api/filters.py": "what the resources are made of",
    "organisations/api/idempotency.py": "a repeated request has one effect",
    "organisations/api/paging.py": "what the resources are made of",
    "organisations/api/resources.py": "what the API speaks of, and its scopes",
    "organisations/api/unused.py": "of whom another system reads nothing for now",
    "clients/api/resources.py": "what the API speaks of, and its scopes",
    "sessions_app/views/legal_holds.py": "of clients/models/legal_hold.py; its pages are beside those of erasure",
    "clients/texts/protection.py": "words about blocks and protected addresses of a client",
    "sessions_app/views/polling.py": "the small questions that open pages ask again and again",
    "sessions_app/forms/unlock.py": "the form of services/handover.py",
    "sessions_app/api/forms_named.py": "what the resources are made of",
    "sessions_app/api/resources.py": "what the API speaks of, and its scopes",
    "sessions_app/texts/closing.py": "the last line of a form",
    "sessions_app/texts/markdown.py": "how the handbook's texts are marked up",
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
    r"\bHeldAnswer\b": "PendingAnswer",
    r"\bHeld(Session|Rating)\b": "SessionRow and RatingRow",
    r"\bload_held\b": "load_rows",
    r"\bFormRef\b": "FormKey",
    r"\bclass Life\b|\blives_of\b": "AlertSpan",
    r"\bclass Hit\b": "RuleMatch",
    r"\bclass Stretch\b|\bstretches_of\b": "AgePeriod",
    r"\bclass Holds\b": "DataClass",
    r"\b(LookAlarm|LookSample|SampledLook)\b": "AccessAlarm, AccessSample and SampledAccess",
    r"\bmeasures\.(sourced|lives)\b": "provenance and alert_spans",
    r"(?<![a-z])(ors|srs)_(rhythm|skipped|count|first|last|best|last_on|due)(?![a-z])": "outcome_ and alliance_",
    r"\bsigned_heads\b(?=\.)": "signed_log_heads",
    r"\bUNTRACKED\b": "WITHOUT_HISTORY",
    r"\bcleaner\b(?=\.)": "input_guard",
    r"\bin_hands\b": "handover_state",
    r"\bform(_now)?\.(about|detail)\b": "FormKey.instrument and FormKey.key",
    r"(?<=[\"'])(rating-later|session-carry|look-checks|group-door)(?=[\"'])": (
        "rating-save-draft, session-offline-tokens, access-checks and group-code-entry"
    ),
    r"\bprobes\b(?=\.)": "heartbeat",
}
# Classes that Django or a command looks for by this name.
SAME_NAME = {"Command", "Meta", "Migration"}


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


# One fills a database of the version before, the other says the old names.
MAY_SAY_OLD_NAMES = {Path("tests/test_migrations.py"), Path("tests/test_rooms.py")}


@pytest.mark.parametrize("folder", [*APPS, "fit_project", "tests", "bench", "templates", "static/js"])
def test_old_names_stay_gone(folder):
    paths = [path.relative_to(ROOT) for end in ("html", "js") for path in (ROOT / folder).rglob(f"*.{end}")]
    known = {*modules(folder), *paths} - MAY_SAY_OLD_NAMES
    found = [f"{path}: {line}" for path in sorted(known) for line in old_names_in((ROOT / path).read_text())]
    assert not found, "\n".join(found)


def test_a_class_stands_once_in_all_apps():
    found: dict[str, list[str]] = {}
    for app in APPS:
        for path in modules(app):
            for name in re.findall(r"(?m)^class (\w+)", (ROOT / path).read_text()):
                found.setdefault(name, []).append(str(path))
    assert not {name: paths for name, paths in found.items() if len(paths) > 1 and name not in SAME_NAME}


# Who may know WHO-5 by name: its class and rule with its sentences, and who keeps what was agreed with a client.
KNOW_WHO5 = {
    "reports/subject/columns.py",  # what the client's rhythm is called for the client
    "sessions_app/measures/instruments/who5.py",
    "sessions_app/measures/instruments/registry.py",
    "sessions_app/measures/rules/wellbeing.py",
    "sessions_app/texts/verdict.py",
    "clients/api/clients.py",
    "clients/forms/clients.py",
    "clients/models/__init__.py",
    "clients/models/client.py",
    "reports/changes/event_list.py",
    # A study asks for it in every arm, and says so.
    *(
        f"sessions_app/{room}/{noun}.py"
        for room, noun in (("models", "study"), ("forms", "study"), ("demo", "studies"))
    ),
    *(f"sessions_app/services/{noun}.py" for noun in ("studies", "study_answers", "study_enrolment", "study_flow")),
    *(f"templates/reports/_study_{part}.html" for part in ("arms", "flow", "protocol")),
    "templates/sessions_app/_study_notice.html",
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
    for name in names - {settings.SESSION_ENGINE, *settings.TEMPLATES[0]["OPTIONS"]["builtins"]}:  # these are modules
        assert import_string(name)


# The ground floor

ABOVE = tuple(settings.OWN_APPS[1:])
# Of organisations: log-ins, tokens of the API, public registers, the copy of everything.
OWN_KINDS = {"account", "token", "service_register", "organisation_copy"}
# What organisations says for itself with a word that is a name above too.
ITS_OWN_WORDS = {
    "organisations/audit/emptied_rows.py: access.emptied": "its own row of the log; clients only put it into words",
    "organisations/audit/detached_rows.py: access.detached": "its own row of the log; clients only put it into words",
    "organisations/urls.py: people/": "its own pages; another app has further ones below",
    "organisations/api/base.py: results": "the rows of a page of the API",
    "organisations/api/description.py: results": "the rows of a page of the API",
    "organisations/api/practitioners.py: results": "the rows of a page of the API",
    "organisations/audit/hash_chain.py: link": "of a chain",
    "organisations/models/capability.py: follow_up": "a kind of token",
    "organisations/models/capability.py: group": "a kind of token",
    "organisations/login/sign_on/oidc.py: client_id": "a parameter of OpenID Connect",
    "organisations/views/operator_use.py: sessions": "a count of a month",
    "organisations/models/capability.py: link": "a kind of token",
    "organisations/scim/documents.py: group": "a kind of resource of SCIM",
    "organisations/scim/documents.py: groups": "an attribute of SCIM",
    "organisations/scim/schemas.py: groups": "an attribute of SCIM",
    "organisations/scim/schemas.py: home": "a kind of address in SCIM",
    "organisations/services/account_mail.py: link": "in a mail",
    "organisations/web/context_processors.py: demo": "an organisation's mark",
}


def models_above() -> set[type]:
    return {model for model in own_models() if model._meta.app_label in ABOVE}


def routes_of(*names: str) -> list[URLPattern]:
    return [route for name in names for route in import_module(f"{name}.urls").urlpatterns]


def keys_in(routes: list[URLPattern]) -> set[str]:
    """The arguments that name a row."""
    return {argument for route in routes for argument in route.pattern.converters if argument.endswith("_id")}


def kinds_above() -> set[str]:
    """The words that begin actions of the access log."""
    return KINDS.keys() - OWN_KINDS


def names_above() -> set[str]:
    """Tables, labels, classes, routes and their keys, actions of the access log and scopes of the apps above."""
    tables = {name for model in models_above() for name in (model._meta.db_table, model._meta.label, model.__name__)}
    actions = {action for action in ACTIONS if action.partition(".")[0] not in OWN_KINDS}
    routes, keys = routes_of(*ABOVE), keys_in(routes_of(*ABOVE)) - keys_in(routes_of("organisations"))
    return tables | actions | kinds_above() | {route.name for route in routes} | keys | {*SCOPES}


def pattern_above() -> re.Pattern[str]:
    """Finds such a name within a text, if it is more than a word of the language; and whatever is made like one."""
    compound = sorted(re.escape(name) for name in names_above() if re.search(r"[._:-]", name))
    starts = sorted({str(route.pattern).partition("/")[0] for route in routes_of(*ABOVE)} - {""})
    found_in_text = rf"(?<![\w.:-])(?:{'|'.join(compound)})(?![\w:-])"
    made_alike = (
        rf"\b(?:{'|'.join(ABOVE)})\.\w+|^(?:{'|'.join(sorted(kinds_above()))})\.[a-z_]+$|(?:^|/)(?:{'|'.join(starts)})/"
    )
    return re.compile(f"{found_in_text}|{made_alike}")


def names_of_above_in(text: str) -> list[str]:
    """What a module names of the apps above: in its strings, and as a class."""
    names, classes, pattern = names_above(), {model.__name__ for model in models_above()}, pattern_above()
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found += [node.value] if node.value in names else pattern.findall(node.value)
        said = getattr(node, "id", None) or getattr(node, "attr", None) or getattr(node, "name", None)
        found += [said] if said in classes else []
    return found


def test_organisations_names_nothing_of_the_apps_above():
    found = {
        f"{path}: {name}" for path in modules("organisations") for name in names_of_above_in((ROOT / path).read_text())
    }
    assert found == set(ITS_OWN_WORDS)


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ('TABLES = ("sessions_app_rating",)', "sessions_app_rating"),
        ('run("UPDATE clients_client SET tone = 1")', "clients_client"),
        ('WHY = {"sessions_app.Note": "a reason"}', "sessions_app.Note"),
        ('apps.get_model("clients", "Rater")', "Rater"),
        ("rows = Client.objects.all()", "Client"),
        ('redirect("unlock")', "unlock"),
        ('reverse("client-detail", args=[pk])', "client-detail"),
        ('HOLDS = ("/paper/", "/teams/")', "/paper/"),
        ('record_access("client.view", [pk])', "client.view"),
        ('record_access("rating.invented", [pk])', "rating.invented"),
        ('TASK = "sessions_app.tasks.evaluate"', "sessions_app.tasks"),
        ('if "notes:read" in scopes: pass', "notes:read"),
        ('KINDS = {"rating": ANSWERS}', "rating"),
        ('if "episode_id" in kwargs: pass', "episode_id"),
        ('ask(f"{base}/sessions/{pk}/")', "/sessions/"),
    ],
)
def test_a_name_of_the_apps_above_is_seen(line, named):
    assert names_of_above_in(line) == [named]
    assert names_of_above_in('"""A client\'s session, told in a note."""\nhead = session.get("account.login")') == []
