"""A register that is in, and what a page of it says."""

import html
import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

# Services by name are made up, and so is where they are but for Hvidovre and Rebild. Sums by year, of services with
# FIT, of those for adults, of municipalities and of the whole register, are those that the Danish National Board of
# Social Services published in 2017 (Tilbudsportalen, week 8).
PUBLISHED = Path(__file__).parents[2] / "data" / "service_register" / "spread_2014_2016.csv"
HEADER = "year;municipality;name;kind;uses_fit;services\n"


def words_of(answer):
    """The page as somebody reads it."""
    page = re.sub(r"<(script|style|title)\b.*?</\1>", " ", answer.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


@pytest.fixture
def bring(browser, ada):
    """`bring(content)`: upload a file as the administrator; the address of its page."""

    def upload(content, name="register.csv"):
        browser.force_login(ada.user)
        raw = content if isinstance(content, bytes) else (HEADER + content).encode()
        answer = browser.post(reverse("register-files"), {"file": SimpleUploadedFile(name, raw)})
        assert answer.status_code == 302, words_of(answer)
        return answer["Location"]

    return upload


@pytest.fixture
def bring_in(browser, bring):
    """The same, and import it."""

    def upload(content, name="register.csv"):
        address = bring(content, name)
        answer = browser.post(address + "import/")
        assert answer["Location"] == reverse("spread"), words_of(browser.get(address))
        return address

    return upload
