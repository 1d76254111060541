"""The handbook on other pages: addresses of its paragraphs, Markdown, and what a rule's paragraph suggests."""

from collections.abc import Iterable

from django import template

from sessions_app.services.handbook import paragraph_url
from sessions_app.texts.handbook import handbook_language, of_rule, paragraph_texts
from sessions_app.texts.markdown import render_markdown

register = template.Library()
register.filter("markdown", render_markdown)
register.filter("handbook_url", paragraph_url)


@register.inclusion_tag("sessions_app/_suggestions.html")
def suggestions(rules: Iterable[str]) -> dict:
    """What the handbook suggests on the first of these rules, which asks for most, and where it tells of the others."""
    texts = paragraph_texts(handbook_language())
    found = [texts[key] for rule in dict.fromkeys(rules) if (key := of_rule(rule)) in texts]
    return {"first": found[0], "others": found[1:]} if found else {}
