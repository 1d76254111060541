"""The texts of a resource in the form in which filters and orders compare them: kept beside the row, read by SQL."""

from types import SimpleNamespace
from typing import Any

from pydantic import BaseModel
from scim2_models import CaseExact, default_comparison_key


def compared(resource: Any) -> dict[str, Any]:
    """By the names of the model's fields; what is empty is left out. References and binary values keep their case."""
    found = {}
    for name in type(resource).model_fields:
        form = _form(resource, name, getattr(resource, name))
        if form not in (None, "", [], {}):
            found[name] = form
    return found


def key_of(text: str) -> str:
    """A text whose case says nothing."""
    return default_comparison_key(SimpleNamespace(case_exact=False), text)


def without_empty(value: Any) -> Any:
    """What was sent, without what says nothing: an empty text clears an attribute, as many systems send it."""
    if isinstance(value, dict):
        inner = {name: without_empty(one) for name, one in value.items()}
        return {name: one for name, one in inner.items() if one not in (None, "", [], {})}
    if isinstance(value, list):
        return [one for one in map(without_empty, value) if one not in (None, "", [], {})]
    return value


def _form(holder: Any, name: str, value: Any) -> Any:
    if isinstance(value, BaseModel):
        return compared(value)
    if isinstance(value, list):
        return [_form(holder, name, one) for one in value]
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, str):
        is_exact = type(holder).get_field_annotation(name, CaseExact) is CaseExact.true
        return default_comparison_key(SimpleNamespace(case_exact=is_exact), str(value))
    return value if isinstance(value, bool | int | float) else None
