"""TRACE: one rating on its way through our own code: the form is posted, the alert job runs, its page and mail follow.

Counts functions of our own that were called, their modules, and changes of module: calls that come from a function of
ours in another module, whatever of Django's stands between. Whether somebody can follow one rating in the code depends
on these. AGAINST=REV follows it in that revision too.
"""

import io
import json
import logging
import os
import subprocess
import sys
import tarfile
import tempfile
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from bench.figures import Count

APPS = ("organisations", "clients", "sessions_app", "reports", "fit_project")
PERSON = "trine@solby.example"
# The demo's client who is followed, and another before, so that what is read once a process counts for nobody.
FIRST, FOLLOWED = "Nils", "Ahmad"
MARKS = ("2.1", "3.0", "1.8", "2.4")  # far below the ones before, so that an alert is raised and a mail sent
# What is to be worked out once for each series, by the names of the function that does it.
ONCE = {"verdict": {"verdict"}, "rules": {"judge"}, "alert spans": {"lives", "alert_spans", "find_alert_spans"}}
# Half of what was found before a series was read once: 406, 83 and 3,516, of a client with as many sessions.
BARS = {"functions": 203, "modules": 41, "changes of module": 1758}


@dataclass
class Trace:
    """What one step called; `readings` counts by kind, function and series how often it was worked out."""

    root: Path
    functions: set[CodeType] = field(default_factory=set)
    edges: Counter[tuple[str, str]] = field(default_factory=Counter)
    readings: dict[str, Counter[tuple[CodeType, tuple[int, ...]]]] = field(default_factory=dict)
    _stack: list[str] = field(default_factory=list)
    _modules: dict[str, str] = field(default_factory=dict)
    _kept: list[Any] = field(default_factory=list)  # what was read: its id is no other's meanwhile

    def __enter__(self) -> "Trace":
        sys.setprofile(self._see)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    @property
    def modules(self) -> set[str]:
        """The modules of the called functions."""
        return {self._module(code) for code in self.functions}

    @property
    def changes(self) -> int:
        """How many calls came from another module of ours."""
        return self.edges.total()

    def most(self, kind: str) -> int:
        """How often one series was read at most."""
        return max(self.readings.get(kind, Counter()).values(), default=0)

    def _module(self, code: CodeType) -> str:
        """The module of ours that a function stands in, "" for another's."""
        name = code.co_filename
        if name not in self._modules:
            path = Path(name)
            ours = path.is_relative_to(self.root) and path.relative_to(self.root).parts[0] in APPS
            self._modules[name] = str(path.relative_to(self.root)) if ours else ""
        return self._modules[name]

    def _see(self, frame: FrameType, event: str, _about: object) -> None:
        if event not in ("call", "return"):
            return
        module = self._module(frame.f_code)
        if not module:
            return
        if event == "return":
            if self._stack:
                self._stack.pop()
            return
        # A generator that goes on is no new call; its RESUME has another number than that of a beginning.
        if not frame.f_code.co_code[frame.f_lasti + 1]:
            self._call(frame, module)
        self._stack.append(module)

    def _call(self, frame: FrameType, module: str) -> None:
        if not frame.f_code.co_name.startswith("<"):  # a comprehension or a lambda is its function's
            self.functions.add(frame.f_code)
        if self._stack and self._stack[-1] != module:
            self.edges[self._stack[-1], module] += 1
        for kind, names in ONCE.items():
            if frame.f_code.co_name in names and "/measures/" in module:
                code = frame.f_code
                given = [frame.f_locals[name] for name in code.co_varnames[: code.co_argcount]]
                self._kept += given
                key = code, tuple(id(one) for one in given)
                self.readings.setdefault(kind, Counter())[key] += 1


@dataclass(frozen=True)
class Step:
    """One step as it is printed; `found` as `_numbers` has it."""

    name: str
    found: dict[str, Any]

    def line(self) -> str:
        """Its numbers, and between which modules it changed most often."""
        numbers = ", ".join(f"{self.found[what]} {what}" for what in BARS)
        once = ", ".join(f"{kind} {self.found[kind]}x" for kind in ONCE)
        return f"TRACE {self.name}: {numbers}; of one series at most: {once}; most: {', '.join(self.found['edges'])}"


def measure() -> Iterator[Step | Count]:
    """Each step and all together; with AGAINST in that revision before, then the bars of the code that stands here."""
    if against := os.environ.get("AGAINST"):
        yield from (Step(f"{against}, {name}", found) for name, found in _steps_of(against).items())
    steps = follow()
    yield from (Step(f"here, {name}", found) for name, found in steps.items())
    for what, most in BARS.items():
        yield Count("TRACE", what, steps["all"][what], most)
    for kind in ONCE:
        yield Count("TRACE", f"{kind} of one series in one request or job", steps["all"][kind], 1, at_least=1)


def _steps_of(revision: str) -> dict[str, dict[str, Any]]:
    """The same of another revision, followed by this script in a process and a folder of its own."""
    project = Path(__file__).resolve().parents[1]
    packed = subprocess.run(["git", "archive", revision], cwd=project, check=True, capture_output=True).stdout
    with tempfile.TemporaryDirectory(prefix="medspil-trace-") as folder:
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(folder, filter="data")
        for name in ("trace_rating", "figures"):
            (Path(folder) / "bench" / f"{name}.py").write_text((project / "bench" / f"{name}.py").read_text())
        command = [sys.executable, "-m", "bench.trace_rating"]
        found = subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(found.stdout)


def follow() -> dict[str, dict[str, Any]]:
    """Each step of one rating in the code of this process, and "all": what was called and how often."""
    from bench.database import migrated

    with migrated():
        from django.core.management import call_command
        from django.utils import timezone

        call_command("load_demo", stdout=io.StringIO())
        logging.disable(logging.WARNING)
        tomorrow = timezone.now() + timedelta(days=1)
        for _name, step in _walk(FIRST, tomorrow):
            step()
        traces = {}
        for name, step in _walk(FOLLOWED, tomorrow + timedelta(days=1)):
            with Trace(Path(__file__).resolve().parents[1]) as trace:
                step()
            traces[name] = trace
    return _told(traces)


def _told(traces: dict[str, Trace]) -> dict[str, dict[str, Any]]:
    whole = Trace(Path(__file__).resolve().parents[1])
    for trace in traces.values():
        whole.functions |= trace.functions
        whole.edges += trace.edges
        for kind, found in trace.readings.items():
            # Each step is a request or a job of its own: of all of them the worst one counts.
            whole.readings[kind] = whole.readings.get(kind, Counter()) | found
    return {name: _numbers(trace) for name, trace in (*traces.items(), ("all", whole))}


def _numbers(trace: Trace) -> dict[str, Any]:
    most = trace.edges.most_common(int(os.environ.get("BENCH_EDGES") or 3))
    return {
        "functions": len(trace.functions),
        "modules": len(trace.modules),
        "changes of module": trace.changes,
        "edges": [f"{before} to {after} {count}" for (before, after), count in most],
        **{kind: trace.most(kind) for kind in ONCE},
    }


def _walk(first_name: str, morning: datetime) -> Iterator[tuple[str, Callable[[], object]]]:
    """The steps of a rating of today by this client of the demo; the caller takes each before it asks for the next."""
    from django.test import Client as Browser

    from organisations.models import User

    organisation, session, path = _open_form(first_name)
    device, browser = Browser(SERVER_NAME="localhost"), Browser(SERVER_NAME="localhost")
    items = ("individual", "relations", "social", "overall")
    answer = dict(zip(items, MARKS, strict=True)) | {"submission_id": str(uuid.uuid4())}
    for run, ids in _asked_for(session.episode_id):
        run(**ids)  # the session's own, before anything is marked in it
    yield "form", lambda: _answered(device.post(path, answer, secure=True))
    jobs = _asked_for(session.episode_id)
    yield "job", lambda: [run(**ids) for run, ids in jobs]
    browser.force_login(User.objects.get(email=PERSON))
    browser.get("/account/", secure=True)  # the first request of a log-in writes more than the others
    yield "client page", lambda: _answered(browser.get(f"/clients/{session.client_id}/", secure=True))
    yield "mail", lambda: _mailed(organisation, morning)


def _open_form(first_name: str) -> tuple[Any, Any, str]:
    """(organisation, session of today, address of its open outcome form)."""
    from clients.models import Client
    from organisations.audit import record
    from organisations.models import CapabilityKind, Organisation
    from organisations.tenancy.context import tenant
    from organisations.tokens import capabilities
    from sessions_app.services.sessions import start_session

    organisation = Organisation.objects.get(slug="solby")
    with tenant(organisation.pk), record.recorded(organisation_id=organisation.pk, request_id="trace"):
        client = Client.objects.get(first_name=first_name)
        session = start_session(client=client, by=client.contact)
        token = capabilities.mint(
            kind=CapabilityKind.HANDOVER,
            organisation_id=organisation.pk,
            object_id=session.pk,
            detail="ors",
            lifetime=timedelta(hours=1),
        )
    return organisation, session, f"/f/{token}/"


def _asked_for(episode_id: uuid.UUID) -> list[tuple[Callable[..., object], dict[str, str]]]:
    """What the answer left in the outbox for the worker, as (task, its keywords)."""
    from organisations.jobs.outbox import publish_due
    from sessions_app import tasks

    sent: list[tuple[str, dict[str, str]]] = []
    publish_due(lambda name, ids: sent.append((name, ids)))
    jobs = [(getattr(tasks, name.rpartition(".")[2]), ids) for name, ids in sent if ids["object_id"] == str(episode_id)]
    if not jobs:
        raise RuntimeError("the answer asked for no job: the run is void")
    return jobs


def _answered(answer: Any) -> None:
    if answer.status_code not in (200, 303):
        raise RuntimeError(f"the answer was {answer.status_code}: the run is void")


def _mailed(organisation: Any, now: datetime) -> None:
    from django.conf import settings

    from sessions_app.services.alert_mail import send_digests

    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    if not send_digests(organisation, now):
        raise RuntimeError("no mail went out: the run is void")


if __name__ == "__main__":
    print(json.dumps(follow()))
