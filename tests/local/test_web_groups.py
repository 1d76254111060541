"""Web processes keep nothing of their own: one of two groups is killed, and nobody loses a form or a log-in."""

import subprocess
import sys

from bench.against import surroundings
from fit_project.local.demo import PROJECT


def test_a_killed_group_loses_no_form_and_no_log_in():
    """Two groups of gunicorn behind a proxy, thirty answers on their way and a practitioner who asks for Today."""
    drill = [sys.executable, "-m", "bench.drills.upgrade", "--n", "30", "--kill-one"]
    done = subprocess.run(
        drill, cwd=PROJECT, env=surroundings(), capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "forms 30; acknowledged 30; lost 0; doubled 0; refused 0; given up 0; log-ins lost 0" in done.stdout
    assert "kills 1" in done.stdout
