"""Film clips of the handbook: what is taken, how it is served, and when it goes."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from organisations.tenancy.context import tenant
from sessions_app.models import HandbookFilm, HandbookFilmPart
from sessions_app.services import handbook_films
from sessions_app.services.handbook_films import PIECE, asked_range, forget_withdrawn, kind_of_film

pytestmark = pytest.mark.django_db
WEBM = b"\x1a\x45\xdf\xa3....webm" + b"\x00" * 60
MP4 = b"\x00\x00\x00\x20ftypisom" + b"\x00" * 60
CAPTIONS = b"WEBVTT\n\n00:00.000 --> 00:02.000\nHere are four lines.\n"
NEW = ("handbook-film-new", "say-ors-first-adult")


@pytest.fixture
def lead(lea):
    browser = Browser()
    browser.force_login(lea.user)
    return browser


def given(content=WEBM, captions=CAPTIONS, name="film.webm", **more):
    data = {"title": "How to begin", "captions_language": "en", **more}
    if content is not None:
        data["file"] = SimpleUploadedFile(name, content, content_type="text/html")
    if captions is not None:
        data["captions"] = SimpleUploadedFile("words.vtt", captions)
    return data


def added(browser, of, **more):
    answer = browser.post(reverse(NEW[0], args=NEW[1:]), given(**more))
    assert answer.status_code == 302, answer.content.decode()
    with tenant(of.organisation_id):
        return HandbookFilm.objects.latest("added_at")


def refused(browser, **more):
    answer = browser.post(reverse(NEW[0], args=NEW[1:]), given(**more))
    assert answer.status_code == 422
    return " ".join(answer.content.decode().split())


def file_of(browser, film, **headers):
    return browser.get(reverse("handbook-film", args=[film.pk]), headers=headers)


def test_a_film_with_captions_stands_on_the_page_and_nothing_of_it_is_loaded(lead, lea, staff):
    film = added(lead, lea)
    page = staff.get("/handbook/chapters/introducing/")
    text = page.content.decode()
    assert 'preload="none"' in text and 'type="video/webm"' in text and 'kind="captions"' in text
    assert "media-src 'self'" in page.headers["Content-Security-Policy"]
    assert "media-src" not in staff.get("/handbook/").headers["Content-Security-Policy"]
    captions = staff.get(reverse("handbook-captions", args=[film.pk]))
    assert captions.headers["Content-Type"] == "text/vtt; charset=utf-8"
    assert b"Here are four lines." in captions.content


def test_it_is_served_as_what_its_first_bytes_say_and_never_as_a_page(lead, lea, staff):
    film = added(lead, lea, content=MP4 + b"<script>alert(1)</script>", name="film.html")
    answer = file_of(staff, film, accept_encoding="gzip")
    assert answer.status_code == 200
    assert answer.content == MP4 + b"<script>alert(1)</script>"
    told = answer.headers
    assert told["Content-Type"] == "video/mp4"
    assert told["X-Content-Type-Options"] == "nosniff"
    assert told["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert told["Content-Disposition"] == 'inline; filename="film.mp4"'
    assert told["Accept-Ranges"] == "bytes"
    assert told["Content-Encoding"] == "identity"
    assert told["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-1", 0, 1), (f"bytes={PIECE - 2}-{PIECE + 2}", PIECE - 2, PIECE + 2), ("bytes=-3", -3, -1)],
)
def test_a_range_is_those_bytes_also_across_pieces(lead, lea, staff, asked, first, last):
    content = WEBM + bytes(number % 251 for number in range(PIECE + 100))
    film = added(lead, lea, content=content)
    size = len(content)
    first, last = first % size, last % size
    answer = file_of(staff, film, range=asked)
    assert answer.status_code == 206
    assert answer.content == content[first : last + 1]
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{size}"


def test_a_long_range_is_answered_in_parts(lead, lea, staff, monkeypatch):
    monkeypatch.setattr(handbook_films, "LONGEST_ANSWER", 10)
    film = added(lead, lea)
    answer = file_of(staff, film, range="bytes=2-")
    assert (answer.status_code, len(answer.content)) == (206, 10)
    assert answer.headers["Content-Range"] == f"bytes 2-11/{len(WEBM)}"


def test_a_range_beyond_the_end_and_one_of_another_version(lead, lea, staff):
    film = added(lead, lea)
    beyond = file_of(staff, film, range="bytes=9999-")
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{len(WEBM)}")
    tag = file_of(staff, film).headers["ETag"]
    assert file_of(staff, film, range="bytes=0-1", if_range=tag).status_code == 206
    assert file_of(staff, film, range="bytes=0-1", if_range='"other"').status_code == 200


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("", None),
        ("bytes=0-", (0, 99)),
        ("bytes=5-7", (5, 7)),
        ("bytes=90-500", (90, 99)),
        ("bytes=-500", (0, 99)),
        ("bytes=7-5", None),
        ("bytes=0-1,4-5", None),
        ("items=0-1", None),
        ("bytes=-", None),
    ],
)
def test_ranges(header, found):
    assert asked_range(header, 100) == found


@pytest.mark.parametrize(
    ("content", "kind"),
    [(MP4, "video/mp4"), (WEBM, "video/webm"), (b"<html>", ""), (b"", ""), (b"\x1a\x45\xdf\xa3matroska", "")],
)
def test_the_first_bytes_say_what_it_is(content, kind):
    assert kind_of_film(content) == kind


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"content": b"<html>"}, "it has to be MP4 or WebM"),
        ({"content": None}, "Choose a film first."),
        ({"content": b""}, "empty"),
        ({"captions": None}, "Add captions, or say that nobody speaks in it."),
        ({"captions": b"1\n00:00 words"}, "it has to be WebVTT"),
        ({"captions": b"WEBVTT\n\xff"}, "it has to be WebVTT"),
        ({"title": ""}, "required"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field(lead, more, sentence):
    assert sentence in refused(lead, **more)


def test_one_that_is_too_large_and_one_too_many(lead, lea, monkeypatch):
    monkeypatch.setattr(handbook_films, "LARGEST", 60)
    assert "too large" in refused(lead)
    monkeypatch.setattr(handbook_films, "LARGEST", 1000)
    monkeypatch.setattr(handbook_films, "MOST_OF_ALL", 100)
    added(lead, lea)
    assert "no room left" in refused(lead)
    with tenant(lea.organisation_id):
        assert HandbookFilm.objects.count() == 1, "nothing of what was refused is kept"
        assert HandbookFilmPart.objects.count() == 1


def test_a_silent_film_needs_no_captions(lead, lea):
    assert added(lead, lea, captions=None, is_silent="on").has_speech is False


def test_a_link_leads_only_where_the_operator_allows_it(lead, lea, staff, settings):
    assert 'name="link"' not in lead.get(reverse(NEW[0], args=NEW[1:])).content.decode()
    settings.HANDBOOK_FILM_HOSTS = ["film.example"]
    for link in (
        *("https://evil.example/x", "http://film.example/x", "https://film.example@evil.example/x"),
        *("https://film.example:8443/x", "javascript:alert(1)", "https://film.example.evil.example/"),
    ):
        assert "these places only: film.example" in refused(lead, content=None, captions=None, link=link), link
    film = added(lead, lea, content=None, captions=None, link="https://film.example/x")
    text = staff.get("/handbook/chapters/introducing/").content.decode()
    assert 'href="https://film.example/x" target="_blank"' in text.replace("\n", " ")
    assert "<iframe" not in text and "<video" not in text
    assert file_of(staff, film).status_code == 404


def test_a_film_goes_a_week_after_it_was_taken_away(lead, lea, staff):
    film = added(lead, lea)
    lead.post(reverse("handbook-film-withdraw", args=[film.pk]))
    assert file_of(staff, film).status_code == 404
    assert "How to begin" not in staff.get("/handbook/chapters/introducing/").content.decode()
    with tenant(lea.organisation_id):
        assert forget_withdrawn(lea.organisation, timezone.now() + timedelta(days=6)) == 0
    lead.post(reverse("handbook-film-restore", args=[film.pk]))
    assert file_of(staff, film).status_code == 200
    with tenant(lea.organisation_id):
        assert forget_withdrawn(lea.organisation, timezone.now() + timedelta(days=9)) == 0, "it stands again"
    lead.post(reverse("handbook-film-withdraw", args=[film.pk]))
    with tenant(lea.organisation_id):
        assert forget_withdrawn(lea.organisation, timezone.now() + timedelta(days=8)) == 1
        assert HandbookFilmPart.objects.count() == 0
    back = lead.post(reverse("handbook-film-restore", args=[film.pk]), follow=True)
    assert "has been deleted" in back.content.decode()


def test_another_organisation_sees_none_of_it(lead, lea, dora):
    film = added(lead, lea)
    browser = Browser()
    browser.force_login(dora.user)
    assert file_of(browser, film).status_code == 404
    assert browser.get(reverse("handbook-captions", args=[film.pk])).status_code == 404
    assert "How to begin" not in browser.get("/handbook/chapters/introducing/").content.decode()
