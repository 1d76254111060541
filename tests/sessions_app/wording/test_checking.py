"""What is a pack and what is none; each fault with its place in the file."""

import copy
import json

import pytest
from django.utils import translation

from sessions_app.wording.validation import LARGEST, MOST_FAULTS, SCHEMA, PackRefused, read_pack
from sessions_app.wording.validation_texts import SENTENCES, sentence
from tests.sessions_app.wording.packs import chunk, content, png, raw, uri

# What checking.py reads of JSON Schema; a schema that says more would promise what nobody checks.
UNDERSTOOD = {"type", "required", "properties", "additionalProperties", "items", "enum", "pattern"} | {
    "minLength", "maxLength", "minItems", "maxItems", "description", "title", "$schema"
}  # fmt: skip


def faults(data: bytes) -> list:
    with pytest.raises(PackRefused) as refused:
        read_pack(data)
    with translation.override("en"):
        assert all(sentence(fault) for fault in refused.value.faults)
    return refused.value.faults


def codes(data: bytes) -> list[tuple[str, str]]:
    return [(fault.code, fault.place) for fault in faults(data)]


def with_item(number=0, **changes) -> bytes:
    given = content()
    given["items"][number].update(changes)
    return json.dumps(given).encode()


def every_schema(schema):
    yield schema
    for one in schema.get("properties", {}).values():
        yield from every_schema(one)
    if "items" in schema:
        yield from every_schema(schema["items"])


def test_a_pack_is_read_as_it_stands():
    assert read_pack(raw()) == content()
    assert read_pack(b"\xef\xbb\xbf" + raw("srs")) == content("srs")
    assert read_pack(raw(language="ar", direction="rtl", title="كيف الحديقة؟"))["direction"] == "rtl"
    assert read_pack(with_item(text="", left_image=uri(png()), right_image=uri(png(512))))


def test_the_schema_says_nothing_that_is_not_checked():
    for schema in every_schema(SCHEMA):
        assert set(schema) <= UNDERSTOOD, schema
        if schema["type"] == "object":
            assert schema["additionalProperties"] is False
            assert set(schema["required"]) <= set(schema["properties"])
        if schema["type"] == "array":
            assert {"minItems", "maxItems", "items"} <= set(schema)


@pytest.mark.parametrize("name", SCHEMA["required"])
def test_every_required_field_is_missed_and_typed(name):
    given = content()
    del given[name]
    found = faults(json.dumps(given).encode())
    assert [(fault.code, fault.params) for fault in found] == [("missing", {"name": name})]
    kind = SCHEMA["properties"][name]["type"]
    assert codes(raw(**{name: 5})) == [(f"not_{kind}", name)]


@pytest.mark.parametrize("name", SCHEMA["properties"]["items"]["items"]["required"])
def test_every_required_field_of_an_item_is_missed(name):
    given = content()
    del given["items"][2][name]
    found = faults(json.dumps(given).encode())
    assert [(fault.code, fault.place, fault.params) for fault in found] == [("missing", "items[2]", {"name": name})]


@pytest.mark.parametrize(
    ("name", "most"),
    [(name, one["maxLength"]) for name, one in SCHEMA["properties"].items() if "maxLength" in one],
)
def test_the_longest_text(name, most):
    filler = {"language": "a", "version": "1"}.get(name, "a")
    assert read_pack(raw(**{name: filler * most}))
    assert codes(raw(**{name: filler * (most + 1)})) == [("too_long", name)]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"pack": "Garden Society"}, "pattern"),
        ({"pack": "garden\n"}, "pattern"),
        ({"version": "one"}, "pattern"),
        ({"version": "١"}, "pattern"),
        ({"language": "da-DK"}, "too_long"),
        ({"language": "DA"}, "pattern"),
        ({"direction": "up"}, "not_one_of"),
        ({"instrument": "xors"}, "not_one_of"),
        ({"title": ""}, "empty"),
        ({"title": "   "}, "empty"),
        ({"title": "<b>Garden</b>"}, "markup"),
        ({"title": "a > b"}, "markup"),
        ({"title": "&lt;b&gt;"}, "markup"),
        ({"title": "&#60;"}, "markup"),
        ({"title": "a\u0000b"}, "control"),
        ({"title": "two\nlines"}, "control"),
        ({"title": "\ud800"}, "control"),
        ({"title": "a\u202eb"}, "control"),
    ],
)
def test_text_only(change, code):
    data = json.dumps(content() | change).encode()
    assert codes(data) == [(code, next(iter(change)))]


def test_an_ampersand_alone_is_text():
    assert read_pack(raw(copyright="© Rose & Thorn; all rights"))


def test_the_keys_are_the_instruments_own_in_its_order():
    given = content()
    given["items"].reverse()
    assert codes(json.dumps(given).encode()) == [("keys", "items")]
    assert codes(raw("srs", items=content("ors")["items"])) == [("keys", "items")]
    assert codes(raw(items=content()["items"][:3])) == [("keys", "items")]
    assert codes(raw(items=[])) == [("item_count", "items")]
    assert codes(raw(items=content()["items"] * 3)) == [("item_count", "items")]


def test_a_name_that_is_no_part_of_a_pack():
    assert codes(raw(script="x")) == [("unknown_name", "script")]
    assert codes(with_item(3, onclick="x")) == [("unknown_name", "items[3].onclick")]


BROKEN = bytearray(png())
BROKEN[20] ^= 1


@pytest.mark.parametrize(
    "image",
    [
        uri(b"<svg onload='x'/>", "image/svg+xml"),
        uri(png(), "image/svg+xml"),
        uri(b"<svg onload='x'/>"),
        uri(b"GIF89a"),
        uri(png(513)),
        uri(png()[:-4]),
        uri(png() + b"<script>"),
        uri(bytes(BROKEN)),
        uri(b"\x89PNG\r\n\x1a\n"),
        uri(b"\x89PNG\r\n\x1a\n" + chunk(b"IEND", b"") * 3),
        "data:image/png;base64,A",
        "https://example.org/face.png",
    ],
)
def test_other_images_are_refused(image):
    assert codes(with_item(1, left_image=image)) == [("image_kind", "items[1].left_image")]


def test_a_fault_has_its_line_and_column():
    text = '{\n  "pack": "garden",\n  "version": <1>\n}'
    (fault,) = faults(text.encode())
    assert (fault.code, fault.line, fault.column) == ("not_json", 3, 14)
    lines = raw(title="<i>").decode().splitlines()
    number = next(number for number, line in enumerate(lines, 1) if "<i>" in line)
    (fault,) = faults("\n".join(lines).encode())
    assert (fault.line, fault.column, fault.place) == (number, lines[number - 1].index('"<i>"') + 1, "title")
    with translation.override("en"):
        assert sentence(fault).startswith(f"Line {number}, column {fault.column} (title): Text only")


def test_every_fault_is_told_from_top_to_bottom_and_not_without_end():
    given = content(title="", direction="up")
    given["items"][3]["left"] = "<"
    found = faults(json.dumps(given).encode())
    assert {fault.place for fault in found} == {"title", "direction", "items[3].left"}
    assert [fault.column for fault in found] == sorted(fault.column for fault in found)
    assert len(faults(raw(**{f"x{number}": "" for number in range(99)}))) == MOST_FAULTS


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_json"),
        (b"\xff\xfe{", "not_utf8"),
        (b'{"pack": "\xe6"}', "not_utf8"),
        (b"[]", "not_object"),
        (b"null", "not_object"),
        (b'"text"', "not_object"),
        (b"[" * 100_000 + b"]" * 100_000, "too_deep"),
        (b"[" * 900 + b"]" * 900, "not_object"),
        (b'{"a": ' + b"9" * 5000 + b"}", "odd_number"),
        (b'{"a": NaN}', "odd_number"),
        (b'{"pack": "a", "pack": "b"}', "twice"),
        (b" " * (LARGEST + 1), "too_large"),
    ],
)
def test_files_that_are_no_packs(data, code):
    assert faults(data)[0].code == code


def test_any_single_damage_is_told_and_never_breaks():
    whole = content()
    for name in list(whole):
        for odd in (None, True, 1.5, [], {}, "", [[]], {"a": {}}):
            damaged = copy.deepcopy(whole) | {name: odd}
            assert faults(json.dumps(damaged).encode())[0].code in SENTENCES
