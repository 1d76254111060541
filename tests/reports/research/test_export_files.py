"""What goes out of a study: its tables in every format, their codebook, and results that can be reproduced."""

import io
import json
import subprocess
import sys

import pandas
import pyarrow.parquet
import pyreadstat
import pytest

from tests.reports.research.conftest import made

pytestmark = pytest.mark.django_db


def test_all(study, episodes, ada, lea, tmp_path):
    export, files = made(study, ada, lea)
    print(json.dumps(export.report, indent=0)[:3000])
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    print(files["results.csv"].decode(), files["episodes.csv"].decode()[:1500], files["ratings.csv"].decode()[:1500])
    print(subprocess.run([sys.executable, "reproduce.py"], cwd=tmp_path, capture_output=True, text=True))
    print(subprocess.run(["Rscript", "reproduce.R"], cwd=tmp_path, capture_output=True, text=True))
