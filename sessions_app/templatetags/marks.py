"""Numbers to choose from, where a mark is not set on a line."""

from django import template

register = template.Library()

WHOLE, TENTHS = 11, 10


@register.filter
def whole_choices(mark: int | None) -> list[tuple[str, bool]]:
    """The numbers 0 to 10, and which of them a mark in tenths holds: none of a line without one."""
    chosen = None if mark is None else mark // 10
    return [(str(number), number == chosen) for number in range(WHOLE)]


@register.filter
def tenth_choices(mark: int | None) -> list[tuple[str, bool]]:
    """The tenths 0 to 9, and which of them a mark holds: 0 of a line without one."""
    chosen = 0 if mark is None else mark % 10
    return [(str(tenth), tenth == chosen) for tenth in range(TENTHS)]
