"""Which names a route takes beside the first id of its address: found in its code, its forms and its serializers."""

import ast
import inspect
import textwrap
from collections.abc import Iterator
from functools import cache
from typing import Any

import django_filters
from django import forms
from django.forms.formsets import BaseFormSet
from rest_framework import serializers

from tests.api.asking import api_routes
from tests.route_matrix import named_routes

OF_FORMS = (forms.ModelChoiceField, forms.ModelMultipleChoiceField, forms.UUIDField)
OF_BODIES = (serializers.PrimaryKeyRelatedField, serializers.ManyRelatedField, serializers.UUIDField)
HERE = ("organisations", "clients", "sessions_app", "reports")


def found() -> set[tuple[str, str]]:
    """(route, name) of everything that a request may name: `?again`, a form's `episode`, a second id of the path."""
    named = set()
    for route, pattern in named_routes():
        if route in api_routes():
            view = pattern.callback.cls
            actions = getattr(pattern.callback, "actions", {}).values()  # "who am I" is a view without any
            names = set().union(*(_names_of_action(view, action) for action in actions))
        else:
            names = names_of_view(inspect.unwrap(pattern.callback))
        arguments = getattr(pattern.pattern, "converters", None) or pattern.pattern.regex.groupindex
        ids = [argument for argument in arguments if argument.endswith("_id")]
        named |= {(route, name) for name in names.union(ids[1:])}
    return named


def names_of_view(view: Any) -> set[str]:
    """What a page reads from its query and its body by name, and the ids among the fields of its forms."""
    names = set()
    for function in _with_helpers(view):
        tree = _tree(function)
        names |= set(_read(tree))
        for thing in _mentioned(function, tree):
            if inspect.isclass(thing) and issubclass(thing, forms.BaseForm | BaseFormSet):
                names |= _ids_of_form(thing)
    return names


def _names_of_action(view: type, action: str) -> set[str]:
    """The ids in the body of an action of the API, and, of a list, in its filters."""
    names = set()
    filters = {view.filterset_class} if action == "list" else set()
    for function in _with_helpers(getattr(view, action), view):
        for thing in _mentioned(function, _tree(function)):
            if inspect.isclass(thing) and issubclass(thing, django_filters.FilterSet):
                filters.add(thing)
            if inspect.isclass(thing) and issubclass(thing, serializers.BaseSerializer) and not _is_shown(thing):
                names |= {key for key, field in thing().fields.items() if isinstance(field, OF_BODIES)}
    for filterset in filters:
        names |= {key for key, one in filterset.base_filters.items() if isinstance(one, django_filters.UUIDFilter)}
    return names


def _is_shown(serializer: type) -> bool:
    """Whether a serializer only says how a row looks."""
    return serializer.__name__.endswith("Out") or not hasattr(serializer, "to_internal_value")


def _ids_of_form(form: type) -> set[str]:
    if issubclass(form, BaseFormSet):
        return _ids_of_form(form.form)
    return {name for name, field in getattr(form, "base_fields", {}).items() if isinstance(field, OF_FORMS)}


def _with_helpers(function: Any, view: type | None = None) -> list[Any]:
    """A function and those of the project that it calls by name, and theirs; of a view class its methods too."""
    waiting, seen = [inspect.unwrap(function)], []
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.append(one)
        tree = _tree(one)
        waiting += [
            inspect.unwrap(thing)
            for thing in _mentioned(one, tree)
            if inspect.isfunction(inspect.unwrap(thing)) and ".views." in inspect.unwrap(thing).__module__
        ]
        if view is not None:
            own = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and _is_self(node.value)}
            waiting += [vars(view)[name] for name in own if inspect.isfunction(vars(view).get(name))]
    return seen


def _is_self(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def _mentioned(function: Any, tree: ast.AST) -> Iterator[Any]:
    """What the names in a function stand for in its module; its own arguments stand for nothing there."""
    arguments = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    for node in ast.walk(tree):
        is_global = isinstance(node, ast.Name) and node.id not in arguments
        thing = function.__globals__.get(node.id) if is_global else None
        if getattr(thing, "__module__", "").partition(".")[0] in HERE or inspect.isclass(thing):
            yield thing


@cache
def _tree(function: Any) -> ast.AST:
    return ast.parse(textwrap.dedent(inspect.getsource(function)))


def _read(tree: ast.AST) -> Iterator[str]:
    """The names that code reads from `request.GET`, `request.POST` or from what was posted."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and _is_data(node.value):
            yield from _text(node.slice)
        if isinstance(node, ast.Compare) and _is_data(node.comparators[0]):
            yield from _text(node.left)
        asked = node.func if isinstance(node, ast.Call) and node.args else None
        if isinstance(asked, ast.Attribute) and asked.attr in {"get", "getlist"} and _is_data(asked.value):
            yield from _text(node.args[0])


def _is_data(node: ast.AST) -> bool:
    if isinstance(node, ast.Name):
        return node.id in {"posted", "data", "body"}
    return isinstance(node, ast.Attribute) and node.attr in {"GET", "POST", "COOKIES", "headers"} and bool(node.value)


def _text(node: ast.AST) -> Iterator[str]:
    """A name that is written out; of one that is computed, the code that computes it."""
    yield node.value if isinstance(node, ast.Constant) else ast.unparse(node)
