"""What the practitioner may choose as a form's last words."""

from django import template

from organisations.models import Organisation
from sessions_app.texts.closing import closings_for

register = template.Library()


@register.simple_tag
def closings(organisation: Organisation) -> list[tuple[str, str]]:
    """(key, sentence) of each, the first of them none; no others where the organisation wants none."""
    return [(key, str(sentence)) for key, sentence in closings_for(organisation).items()]
