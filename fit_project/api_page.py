"""The API's description as plain rows for a template: groups of routes with what they take, give and refuse."""

from collections.abc import Iterator
from typing import Any

METHODS = ("get", "post", "patch")
GOOD = ("200", "201")


def page_of(description: dict[str, Any]) -> dict[str, Any]:
    """Title, words, groups of routes by their tag, and the shapes of bodies, each with an anchor."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for address, methods in description["paths"].items():
        for method in METHODS:
            if method in methods:
                route = methods[method]
                groups.setdefault(route["tags"][0], []).append(_route(address, method, route))
    shapes = description["components"]["schemas"]
    return {
        "title": description["info"]["title"],
        "words": [_parts_of(words) for words in description["info"]["description"].strip().split("\n\n")],
        "groups": [{"name": name, "routes": routes} for name, routes in groups.items()],
        "shapes": [_shape(name, shapes[name]) for name in sorted(shapes)],
    }


def _route(address: str, method: str, route: dict[str, Any]) -> dict[str, Any]:
    body = route.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return {
        "anchor": route["operationId"],
        "method": method.upper(),
        "address": address,
        "summary": route.get("summary", ""),
        "words": _parts_of(_after_first(route.get("description", ""))),
        "parameters": [
            {
                "name": one["name"],
                "place": one["in"],
                "type": _type(one["schema"]),
                "words": _parts_of(one.get("description", "")),
            }
            for one in route.get("parameters", [])
        ],
        "takes": _named(body),
        "answers": [_answer(status, answer) for status, answer in sorted(route["responses"].items())],
    }


def _parts_of(words: str) -> list[dict[str, Any]]:
    """Words with what stands between backticks marked as code."""
    return [{"text": text, "code": place % 2 == 1} for place, text in enumerate(words.split("`")) if text]


def _after_first(words: str) -> str:
    """A description without its first sentence, which is the summary."""
    return words.partition(". ")[2]


def _answer(status: str, answer: dict[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = next(iter(answer.get("content", {}).values()), {})
    return {"status": status, "good": status in GOOD, "gives": _named(content.get("schema", {}))}


def _shape(name: str, shape: dict[str, Any]) -> dict[str, Any]:
    needed = set(shape.get("required", []))
    fields = [
        {
            "name": field,
            "type": _type(about),
            "needed": field in needed,
            "words": _parts_of(about.get("description", "")),
        }
        for field, about in shape.get("properties", {}).items()
    ]
    words = _parts_of(shape.get("description", ""))
    return {"name": name, "words": words, "fields": fields, "values": shape.get("enum", [])}


def _named(schema: dict[str, Any]) -> str:
    """The shape that a schema points to."""
    pointer = schema.get("$ref") or schema.get("items", {}).get("$ref", "")
    return pointer.rpartition("/")[2]


def _type(schema: dict[str, Any]) -> str:
    """A type in words: "integer 0-100", "string, date", "ClientOut"."""
    if name := _named(schema):
        return f"{name} [ ]" if "items" in schema else name
    for key in ("oneOf", "anyOf", "allOf"):
        if key in schema:
            return " | ".join(_type(one) for one in schema[key])
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    if "const" in schema:
        return str(schema["const"])
    return ", ".join(_parts(schema))


def _parts(schema: dict[str, Any]) -> Iterator[str]:
    kinds = schema.get("type", "any")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if "array" in kinds and schema.get("items"):
        yield f"{_type(schema['items'])} [ ]"
    else:
        yield " | ".join(kinds)
    if "format" in schema:
        yield schema["format"]
    if "minimum" in schema and "maximum" in schema:
        yield f"{schema['minimum']}–{schema['maximum']}"
    if "maxLength" in schema:
        yield f"≤ {schema['maxLength']}"
