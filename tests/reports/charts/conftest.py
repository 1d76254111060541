"""Every chart of these tests is drawn for a Danish reader."""

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def danish_reader():
    with translation.override("da"):
        yield
