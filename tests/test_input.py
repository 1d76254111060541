"""Whatever is sent, no route breaks: what cannot be used is refused with 400 or 413 and the page that says so."""

import json

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import resolve, reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients.models import Client
from organisations.models import Organisation, TenantModel, straight
from organisations.tenancy.context import tenant
from organisations.web import input_guard
from organisations.web.input_guard import DEEPEST, InputMiddleware
from organisations.web.problems import MEDIA_TYPE
from tests.clients.test_pages import fields
from tests.factories import ClientFactory
from tests.route_matrix import make_world, named_routes, rolled_back

FORM = "application/x-www-form-urlencoded"
LIMIT = 256 * 1024
NAMES = [name for name, _ in named_routes()]


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


def multipart(name: bytes, value: bytes, file_name: bytes = b"a.csv") -> bytes:
    return (
        b'--B\r\nContent-Disposition: form-data; name="' + name + b'"\r\n\r\n' + value + b"\r\n"
        b'--B\r\nContent-Disposition: form-data; name="file"; filename="' + file_name + b'"\r\n'
        b"Content-Type: text/csv\r\n\r\nx\r\n--B--\r\n"
    )


MULTIPART = "multipart/form-data; boundary=B"
BODIES = {
    "NUL in a field": (b"text=a%00b", FORM, 400),
    "a raw NUL": (b"text=a\x00b", FORM, 400),
    "no UTF-8": (b"text=%ff%fe", FORM, 400),
    "raw bytes that are no UTF-8": (b"text=\xff\xfe", FORM, 400),
    "half a character": (b"text=%ed%a0%80", FORM, 400),
    "too many fields": (b"&".join(b"a=1" for _ in range(1001)), FORM, 400),
    "another alphabet": (b"text=a", FORM + "; charset=utf-16", 400),
    "an alphabet that is none": (b"text=a", FORM + "; charset=hex", 400),
    "NUL in JSON": (b'{"a": "b\\u0000"}', "application/json", 400),
    "NUL in a name in JSON": (b'{"a\\u0000": 1}', "application/json", 400),
    "half a character in JSON": (b'{"a": ["\\ud800"]}', "application/json", 400),
    "deep JSON": (nested(DEEPEST + 1).encode(), "application/json", 400),
    "endless JSON": (b"[" * 100_000, "application/json", 400),
    "JSON that is no number": (b'{"a": NaN}', "application/json", 400),
    "JSON beyond numbers": (b'{"a": 1e999}', "application/json", 400),
    "JSON of thousands of digits": (b'{"a": ' + b"9" * 5000 + b"}", "application/json", 400),
    "JSON that is no UTF-8": (b'{"a": "\xff"}', "application/merge-patch+json", 400),
    "NUL in a part": (multipart(b"text", b"a\x00b"), MULTIPART, 400),
    "no UTF-8 in a part": (multipart(b"text", b"a\xffb"), MULTIPART, 400),
    "NUL in a part's name": (multipart(b"te\x00xt", b"a"), MULTIPART, 400),
    "parts without a boundary": (multipart(b"text", b"a"), "multipart/form-data", 400),
    "too much": (b"text=" + b"a" * LIMIT, FORM, 413),
    "too much JSON": (b'"' + b"a" * LIMIT + b'"', "application/json", 413),
    "too much of anything": (b"a" * (LIMIT + 1), "application/octet-stream", 413),
}
HEADS = {
    "NUL in the query": {"QUERY_STRING": "q=a%00b"},
    "no UTF-8 in the query": {"QUERY_STRING": "q=%ff"},
    "half a character in the query": {"QUERY_STRING": "q=%ed%a0%80"},
    "too many fields in the query": {"QUERY_STRING": "&".join("a=1" for _ in range(1001))},
    "NUL in a cookie": {"HTTP_COOKIE": "sessionid=a\x00b"},
    "NUL in a header": {"HTTP_ACCEPT_LANGUAGE": "da\x00"},
    "a line break in a header": {"HTTP_REFERER": "http://testserver/\r\nX: y"},
}


# One of each kind of refusal: what is looked at before a view, in its body, and how long that may be.
OF_EACH_KIND = ("NUL in the query", "NUL in a field", "NUL in JSON", "too much")


TOLD_AS = {"/api/": MEDIA_TYPE, "/scim/": "application/scim+json"}


def complaints(browser, url, *, body=True, kinds=(*HEADS, *BODIES)):
    """Each way to send something unusable that is not refused as it should be."""
    found = []

    def look(what, answer, wanted):
        kind = answer["Content-Type"].partition(";")[0]
        told = next((kind for begin, kind in TOLD_AS.items() if url.startswith(begin)), "text/html")
        if (answer.status_code, kind) != (wanted, told):
            found.append(f"{url}: {what}: {answer.status_code} {kind} instead of {wanted}")
        if "default-src 'none'" not in answer.get("Content-Security-Policy", ""):
            found.append(f"{url}: {what}: without its headers")

    for what, head in HEADS.items():
        if what not in kinds:
            continue
        with rolled_back():
            look(what, browser.generic("GET", url, **head), 400)
    with rolled_back():
        look("NUL in the path", browser.get(f"{url}%00"), 400)
    for what, (sent, kind, wanted) in BODIES.items() if body else ():
        if what not in kinds:
            continue
        with rolled_back():
            if wanted == 413:
                sent = sent + b"a" * getattr(resolve(url).func, "largest_body", 0)  # what a page takes as a file
            look(what, browser.generic("POST", url, sent, content_type=kind), wanted)
    return found


@pytest.fixture
def world(db):
    return make_world()


def test_every_route_refuses_one_of_each_kind(world):
    browser = world.browser_of("practitioner")
    # These are answered before a body is looked at.
    before = {"readyz", "news", "status", "status-json"}
    given = {name: {"body": name not in before, "kinds": OF_EACH_KIND} for name in NAMES}
    assert [one for name in NAMES for one in complaints(browser, world.url(name), **given[name])] == []


@pytest.mark.parametrize("actor", ["practitioner", "anonymous"])
def test_every_kind_is_refused_on_pages_files_forms_and_the_api(world, actor):
    names = ("today", "client-detail", "account_login", "invitation", "healthz", "people", "session-new", "rating-form")
    more = (
        "import-sessions",
        "handbook-film-new",
        "note-save",
        "sealed-answer",
        "api-session-list",
        "api-client-detail",
    )
    browser = world.browser_of(actor)
    assert [one for name in (*names, *more) for one in complaints(browser, world.url(name))] == []


def test_a_device_and_addresses_that_lead_nowhere_too(world):
    device = world.browser_of("capability")
    found = complaints(device, world.url("rating-form")) + complaints(device, reverse("unlock"))
    assert found == []
    assert device.get("/nowhere/%00/").status_code == 400
    assert device.get("/api/v1/nowhere/%00/").status_code == 400


def test_unusable_input_is_accepted_without_the_guards(world, monkeypatch):
    """The control: the same walk without the two guards."""
    browser, url = world.browser_of("practitioner"), world.url("client-new")
    monkeypatch.setattr(InputMiddleware, "process_view", lambda *args: None)
    assert len(complaints(browser, url)) > len(BODIES) / 2
    monkeypatch.setattr(input_guard, "_check_head", lambda request: None)
    assert len([one for one in complaints(browser, url, body=False) if "instead of 400" in one]) > len(HEADS) / 2


USABLE = {
    "words in every alphabet": ("text=" + "æøå ع 漢 😀", FORM),
    "text that looks like JSON": ("[" * 50, "text/plain"),
    "deep brackets in a text": (json.dumps({"a": "[" * 50}), "application/json"),
    "as deep as may be": (nested(DEEPEST), "application/json"),
    "as much as may be": ("text=" + "a" * (LIMIT - 5), FORM),
    "another name of UTF-8": ('{"a": "æ"}', "application/json; charset=utf8"),
    "the sign of what could not be read": ("text=%EF%BF%BD", FORM),
}


@pytest.mark.parametrize("what", USABLE)
def test_what_can_be_used_passes(what, browser, ann):
    browser.force_login(ann.user)
    sent, kind = USABLE[what]
    assert browser.generic("POST", reverse("client-new"), sent, content_type=kind).status_code in (200, 422)


def test_a_file_of_ten_megabytes_passes_to_its_page_and_to_no_other(browser, ada):
    browser.force_login(ada.user)
    file = SimpleUploadedFile("sessions.csv", b"a" * 10_000_000)
    assert browser.post(reverse("import-sessions"), {"file": file}).status_code in (302, 422)
    file.seek(0)
    assert browser.post(reverse("team-new"), {"name": "x", "file": file}).status_code == 413
    text = b'"' + b"a" * LIMIT + b'"'
    assert browser.generic("POST", reverse("import-sessions"), text, "application/json").status_code == 413


class BrokenOff:
    """A body of which nothing more comes."""

    def read(self, *args):
        raise OSError("the connection is gone")

    readline = read


def test_a_body_that_breaks_off_is_refused_and_no_error_of_the_server(browser, ann):
    browser.force_login(ann.user)
    broken = {"wsgi.input": BrokenOff()}
    assert browser.generic("POST", reverse("client-new"), b"reference=a", FORM, **broken).status_code == 400


@pytest.mark.parametrize("path", ["client-new", "account"])
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.lists(st.text(max_size=40), min_size=6, max_size=6),
    query=st.text(max_size=40),
    raw=st.binary(max_size=60),
)
def test_no_text_breaks_a_page(path, browser, ann, words, query, raw):
    browser.force_login(ann.user)
    browser.raise_request_exception = False
    names = ("reference", "first_name", "birth_year", "form_language", "name", "language")
    fields = dict(zip(names, (word.encode("utf-8", "surrogatepass") for word in words), strict=True))
    url = reverse(path)
    with rolled_back():
        assert browser.post(url, fields).status_code < 500
        assert browser.generic("POST", url, raw, content_type=FORM).status_code < 500
        assert browser.get(reverse("client-list"), {"q": query.encode("utf-8", "surrogatepass")}).status_code < 500


# Signs that turn the direction

TURNING = "Eva \u202eavE\u202c \u2067x\u2069"


def test_a_name_is_made_straight():
    assert straight(TURNING) == "Eva avE x"
    assert straight("A\u030astrid") == "\u00c5strid"
    assert straight("\u200fعلي") == "\u200fعلي"  # a mark turns nothing that stands beside it


def test_names_and_references_are_straight_wherever_they_come_from(house):
    with tenant(house.pk):
        client = ClientFactory(organisation=house, reference=TURNING, first_name=TURNING)
        assert client.first_name == "Eva avE x"
        client.refresh_from_db()
        assert (client.reference, client.first_name) == ("Eva avE x", "Eva avE x")
        Client.objects.filter(pk=client.pk).update(first_name="\u202eb")
        client.refresh_from_db()
        assert client.first_name == "b"
    Organisation.objects.filter(pk=house.pk).update(name="\u2066x")
    house.refresh_from_db()
    assert house.name == "x"


@pytest.mark.parametrize(
    "field",
    [
        field
        for model in apps.get_models()
        if issubclass(model, TenantModel)
        for field in model._meta.local_fields
        if not field.is_relation
        and field.name in {"name", "reference", "first_name", "label", "supervisor", "holder", "file_name"}
    ],
    ids=str,
)
def test_every_name_that_somebody_types_is_made_straight(field):
    assert field.to_python(TURNING) == "Eva avE x"


def test_a_form_makes_a_name_straight(browser, ann, red_team):
    browser.force_login(ann.user)
    browser.post(reverse("client-new"), fields(red_team, reference="\u202e7-1", first_name=TURNING))
    with tenant(ann.organisation_id):
        assert Client.objects.get(reference="7-1").first_name == "Eva avE x"
