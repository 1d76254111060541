"""What a model and its app declare of themselves is collected, for an app that organisations has never heard of."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from organisations.audit.texts import register_actions
from organisations.tokens.scopes import Resource, register_resources
from organisations.web.navigation import Section, register_sections

ROOT = Path(__file__).resolve().parent.parent
FILES = {
    "gardens/__init__.py": "",
    "gardens/apps.py": """
from django.apps import AppConfig

class GardensConfig(AppConfig):
    name = "gardens"

    def ready(self):
        from organisations.audit.texts import register_actions
        from organisations.roles import Can
        from organisations.tokens.scopes import Resource, register_resources
        from organisations.web.navigation import Section, register_pages_below, register_sections

        register_actions({"garden.view": "Opened the garden"}, {"garden": "Dug in the garden"})
        register_resources(Resource("gardens", "Read gardens", "Write gardens", own_words=True))
        register_sections(Section(99, Can.SEE_TODAY, "garden-list", "Gardens"))
        register_pages_below("garden-list", "/beds/")
""",
    "gardens/models.py": """
from django.db import models
from organisations.audit.route_arguments import named_in_routes
from organisations.history.privacy import data_classes
from organisations.history.row_rights import append_only, never_deleted
from organisations.history.tracking import keep_history, without_history
from organisations.models import TenantModel

@data_classes(identity="owner", words="wish", technical="id organisation")
@keep_history(without=("wish",), found_by=("owner",))
@never_deleted
@named_in_routes("garden_id")
class Garden(TenantModel):
    owner = models.ForeignKey("clients.Client", models.PROTECT)
    wish = models.TextField()

@without_history("dug anew each year")
@append_only
class Bed(TenantModel):
    name = models.CharField(max_length=20)
""",
    "gardens_settings.py": """
from fit_project.settings import *

OWN_APPS = [*OWN_APPS, "gardens"]
INSTALLED_APPS = [*INSTALLED_APPS, "gardens"]
""",
    "collected.py": """
import json

import django

django.setup()

from organisations.audit.route_arguments import is_about_a_client
from organisations.audit.texts import describe
from organisations.history import privacy, row_rights, tracking
from organisations.tokens import scopes
from organisations.web import navigation

[last] = navigation.sections()[-1:]
events = [model for model in tracking.event_models() if model._meta.app_label == "gardens"]
print(json.dumps({
    "marks": {label: marks for label, marks in privacy.marks().items() if label.startswith("gardens.")},
    "faults": privacy.faults(),
    "untracked": tracking.WITHOUT_HISTORY.get("gardens.Bed"),
    "histories": [model._meta.db_table for model in events],
    "indexed": [index.fields for model in events for index in model._meta.indexes],
    "append_only": sorted(t for t in row_rights.append_only_tables() if t.startswith("gardens_")),
    "never_deleted": sorted(t for t in row_rights.never_deleted_tables() if t.startswith("gardens_")),
    "about": [is_about_a_client(["garden_id", "page"]), is_about_a_client(["bed_id"])],
    "words": [describe(action) for action in ("garden.view", "garden.water", "orchard.view")],
    "scopes": scopes.word_choices()[-2:],
    "menu": [last.route, str(last.label), navigation.pages_below(last)],
}))
""",
}


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """What the program knows once an app of gardens is installed beside its own."""
    place = tmp_path_factory.mktemp("gardens")
    for name, text in FILES.items():
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_text(text)
    env = {
        **os.environ,
        "PYTHONPATH": f"{place}{os.pathsep}{ROOT}",
        "DJANGO_SETTINGS_MODULE": "gardens_settings",
        "MEDSPIL_ENV": "test",
        "DATABASE_URL": "postgresql://fit_app@127.0.0.1:1/none",
    }
    asked = [sys.executable, str(place / "collected.py")]
    done = subprocess.run(asked, env=env, cwd=place, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_what_the_columns_of_a_new_model_hold_is_collected_for_its_history_too(collected):
    assert collected["marks"]["gardens.Garden"] == {
        "owner": "identity",
        "wish": "words",
        "id": "technical",
        "organisation": "technical",
    }
    history = collected["marks"]["gardens.GardenEvent"]
    assert history["owner"] == "identity"
    assert history["pgh_context"] == "identity"
    assert "wish" not in history


def test_a_new_model_that_says_nothing_of_its_columns_is_told_by_name(collected):
    assert collected["faults"] == [f"gardens.Bed.{name} has no mark" for name in ("id", "name", "organisation")]


def test_history_and_rights_of_a_new_model_are_collected(collected):
    assert collected["histories"] == ["gardens_gardenevent"]
    assert collected["indexed"] == [["owner"]]
    assert collected["untracked"] == "dug anew each year"
    assert collected["append_only"] == ["gardens_bed"]
    assert collected["never_deleted"] == ["gardens_garden"]


def test_the_routes_of_a_new_model_are_about_a_client(collected):
    assert collected["about"] == [True, False]


def test_words_scopes_and_menu_of_a_new_app_are_collected(collected):
    assert collected["words"] == ["Opened the garden", "Dug in the garden", "orchard.view"]
    assert collected["scopes"] == [["gardens:read", "Read gardens"], ["gardens:write", "Write gardens"]]
    assert collected["menu"] == ["garden-list", "Gardens", ["/beds/"]]


def test_what_is_declared_already_cannot_be_declared_otherwise():
    with pytest.raises(ValueError, match=r"client\.view"):
        register_actions({"client.view": "Nothing"})
    with pytest.raises(ValueError, match="session"):
        register_actions({}, {"session": "Nothing"})
    with pytest.raises(ValueError, match="clients"):
        register_resources(Resource("clients", "", ""))
    with pytest.raises(ValueError, match="place 1"):
        register_sections(Section(1, None, "elsewhere", ""))
