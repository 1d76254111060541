"""What a web process has loaded after a day's pages: large libraries only where they are used."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection

from fit_project import webserver
from organisations.models import CapabilityKind
from organisations.tenancy.context import tenant
from organisations.tokens import capabilities
from tests.factories import SessionFactory
from tests.people import PASSWORD

ROOT = Path(__file__).parents[1]
LARGE = {"plotly", "numpy", "pandas", "pyarrow", "pyreadstat", "cv2", "typst", "onelogin", "xmlsec", "lxml", "openpyxl"}
LARGE |= {"PIL", "pypdfium2", "zxingcpp", "fontTools", "drf_spectacular.generators"}
CHILD = """
import json, sys, django
django.setup()
import fit_project.wsgi
from django.test import Client
from fit_project import webserver
webserver.when_ready(None)
mail, password, form, ours = sys.argv[1:]
browser, device = Client(), Client()
answers = [browser.get("/account/login/"), browser.post("/account/login/", {"login": mail, "password": password})]
answers += [browser.get("/today/"), browser.get(ours), device.get(form)]
for address in filter(None, sys.stdin.read().split()):
    answers.append(browser.get(address))
print(json.dumps([[answer.status_code for answer in answers], sorted(sys.modules)]))
"""


@pytest.fixture
def served(transactional_db, ann, nils, episode):
    """`served(*addresses)`: (status of each page, modules) of a new web process: log-in, Today, client, form, these."""
    with tenant(ann.organisation_id):
        session = SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)
        token = capabilities.mint(
            kind=CapabilityKind.HANDOVER,
            organisation_id=ann.organisation_id,
            object_id=session.pk,
            detail="ors",
            lifetime=timedelta(hours=1),
        )
    name = connection.settings_dict["NAME"]
    urls = {one: os.environ[one].rsplit("/", 1)[0] + "/" + name for one in ("DATABASE_URL", "OWNER_DATABASE_URL")}

    def serve(*addresses):
        command = [sys.executable, "-W", "ignore", "-c", CHILD, ann.user.email, PASSWORD]
        command += [f"/f/{token}/", f"/clients/{nils.pk}/"]
        told = subprocess.run(
            command, cwd=ROOT, env=os.environ | urls, input=" ".join(addresses), capture_output=True, text=True
        )
        assert told.returncode == 0, told.stderr
        statuses, modules = json.loads(told.stdout.splitlines()[-1])
        return statuses, set(modules)

    return serve


def test_a_web_process_that_served_the_form_today_and_the_log_in_has_no_large_library(served):
    statuses, modules = served()
    assert statuses == [200, 302, 200, 200, 200]
    assert modules & LARGE == set()


def test_what_a_page_needs_is_loaded_then(served):
    """The control: the same question answers otherwise once somebody asks for the API's description."""
    statuses, modules = served("/api/v1/schema/")
    assert statuses[-1] == 200
    assert "drf_spectacular.generators" in modules & LARGE


def test_workers_share_what_was_loaded_before_them(monkeypatch):
    frozen = []
    monkeypatch.setattr(webserver.gc, "freeze", lambda: frozen.append("frozen"))
    monkeypatch.setattr("django.db.connections.close_all", lambda: frozen.append("no connection goes along"))
    webserver.when_ready(SimpleNamespace())
    assert webserver.preload_app
    assert frozen == ["no connection goes along", "frozen"]


def test_the_demos_supervisor_loads_no_framework_and_no_client_of_its_servers():
    """It stands beside them for good, and only watches."""
    command = [sys.executable, "-c", "import sys, fit_project.local.demo; print(*sys.modules)"]
    modules = set(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split())
    assert "psutil" in modules
    assert modules & {"django", "celery", "kombu", "psycopg", "redis", "valkey", "structlog"} == set()
