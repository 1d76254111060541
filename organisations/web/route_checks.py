"""System checks: a route that does not say who may use it is an error."""

from collections.abc import Iterator

from django.core.checks import Error, register
from django.urls import URLPattern, URLResolver, get_resolver

from organisations.access import declared


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every (path, pattern) of the URL conf."""
    resolver = resolver or get_resolver()
    for pattern in resolver.url_patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, path)
        else:
            yield path, pattern


@register()
def every_route_declares_access(app_configs, **kwargs):
    return [
        Error(
            f"The route {path!r} does not declare who may use it.",
            hint="Decorate its view with requires, capability or public of organisations.access.",
            id="fit.E001",
        )
        for path, pattern in routes()
        if declared(pattern.callback) is None
    ]
