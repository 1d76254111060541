"""Words of a pack around a form that name somebody."""

from django import template
from django.utils.html import format_html

register = template.Library()
NAME = "{name}"


@register.filter
def naming(words: str, name: object) -> str:
    """The words with the name in its place, each with the direction of its own letters."""
    before, _place, after = words.partition(NAME)
    return format_html("{}<bdi>{}</bdi>{}", before, name, after) if NAME in words else format_html("{}", words)
