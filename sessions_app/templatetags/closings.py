"""What the practitioner may choose as a form's last words."""

from django import template

from sessions_app.closing import CLOSINGS

register = template.Library()


@register.simple_tag
def closings() -> list[tuple[str, str]]:
    """(key, sentence) of each, the first of them none."""
    return [(key, str(sentence)) for key, sentence in CLOSINGS.items()]
