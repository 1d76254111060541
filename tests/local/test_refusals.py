"""What can stand in the demo's way: one clear sentence each, and nothing left running."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from fit_project.local import StepRefused, demo, folders
from fit_project.local.broker import free_port
from fit_project.local.postgres import Postgres
from fit_project.local.processes import Processes, Stopped

ROOT = Path(__file__).parents[2]


def refused(folder, port, *arguments):
    """Run the demo, which must refuse; its only sentence on standard error."""
    env = os.environ | {"MEDSPIL_DATA": str(folder), "PORT": str(port)}
    env.pop("MAKELEVEL", None)
    command = [sys.executable, "-m", "fit_project.local.demo", *arguments]
    run = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)
    assert run.returncode == 1
    (sentence,) = run.stderr.strip().splitlines()
    return sentence


def test_a_port_in_use(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert f"Port {port} is in use" in refused(tmp_path / "data", port)


@pytest.mark.parametrize("text", ["http", "0", "65536", "-1", "٨٠٨٠"])
def test_a_port_that_is_none(monkeypatch, text):
    monkeypatch.setenv("PORT", text)
    with pytest.raises(StepRefused, match="not a port"):
        demo.chosen_port()


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    assert "cannot be written" in refused(tmp_path / "file" / "data", free_port())


def test_a_folder_that_holds_other_things_is_neither_used_nor_removed(tmp_path):
    (tmp_path / "diary.txt").write_text("mine")
    assert "holds other things" in refused(tmp_path, free_port())
    assert "nothing was removed" in refused(tmp_path, free_port(), "reset")
    assert (tmp_path / "diary.txt").read_text() == "mine"


def test_a_folder_that_another_demo_holds(tmp_path, monkeypatch):
    monkeypatch.setattr(demo, "SECONDS_TO_END", 0)
    folders.prepare(tmp_path)
    with folders.lock(tmp_path), pytest.raises(StepRefused, match="already runs"), demo.held(tmp_path):
        pass


def test_a_database_that_does_not_come_up(tmp_path):
    tmp_path.chmod(0o711)
    (tmp_path / "data" / "postgres").mkdir(parents=True)
    (tmp_path / "data" / ".medspil-data").write_text("")
    (tmp_path / "data" / "postgres" / "PG_VERSION").write_text("18\n")
    sentence = refused(tmp_path / "data", free_port())
    assert "PostgreSQL did not come up" in sentence
    assert "postgres.log" in sentence


def test_the_data_of_another_postgresql(tmp_path):
    (tmp_path / "postgres").mkdir()
    (tmp_path / "run").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("16\n")
    with pytest.raises(StepRefused, match="make demo-reset"):
        Postgres(tmp_path / "postgres", tmp_path / "run").initialise()


def test_a_server_that_is_gone_when_its_roles_are_made(tmp_path):
    with pytest.raises(StepRefused, match=r"could not make its roles and database: .*socket"):
        Postgres(tmp_path / "postgres", tmp_path / "run").create_roles()


def test_a_process_that_ends_by_itself_is_named(tmp_path):
    folders.prepare(tmp_path)
    run = demo.Demo(tmp_path, 8000)
    run.processes.start("relay", [sys.executable, "-c", "raise SystemExit(3)"], env=dict(os.environ)).wait()
    with pytest.raises(StepRefused, match=r"The process relay ended by itself \(exit code 3\)"):
        run.report_ended()
    run.end()


def test_a_management_command_that_fails_is_named_with_its_last_words(tmp_path, monkeypatch):
    folders.prepare(tmp_path)
    monkeypatch.setattr(demo, "MANAGE", [sys.executable, "-c", "raise SystemExit('no such table')"])
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StepRefused, match=r"`manage.py migrate` failed \(no such table\)"):
        demo.Demo(tmp_path, 8000).manage("migrate", "Migrating", "migrate")


@pytest.mark.parametrize(("program", "sentence"), [("./old", "is too old"), ("./none", "Python is not here")])
def test_a_python_that_is_too_old_or_missing(tmp_path, program, sentence):
    old = tmp_path / "old"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2 && exit\nexit 1\n')
    old.chmod(0o755)
    command = ["sh", ROOT / "fit_project" / "local" / "venv.sh", "demo.txt"]
    env = os.environ | {"PYTHON": program}
    made = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True)
    assert made.returncode == 1
    assert sentence in made.stderr
    assert not (tmp_path / ".venv").exists()


def test_the_demo_ends_when_the_make_that_started_it_is_gone(tmp_path, monkeypatch):
    processes = Processes(tmp_path)
    monkeypatch.setenv("MAKELEVEL", "1")
    processes.pause(0)
    processes.parent = -1
    with pytest.raises(Stopped):
        processes.pause(0)
