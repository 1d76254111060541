"""Parts of a page that are the same for everybody: prepared once in a process, for each language."""

from typing import Any

from django import template
from django.template.base import Node, NodeList, TextNode
from django.template.context import Context
from django.template.engine import Engine
from django.template.loader_tags import do_include
from django.utils.translation import get_language

register = template.Library()
ICONS = "components/_icon_"


class NotPrepared(RuntimeError):
    """A part that is said to be everybody's asks for something of the page that it stands in."""


class NothingOfThePage(Context):
    """A context that knows nothing, and remembers what it was asked for: an `if` overlooks every error."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.missed: list[str] = []

    def __getitem__(self, key: Any) -> Any:
        try:
            return super().__getitem__(key)
        except KeyError:
            self.missed.append(key)
            raise

    def get(self, key: Any, otherwise: Any = None) -> Any:
        try:
            return self[key]
        except KeyError:
            return otherwise


class Prepared(Node):
    """Its text by language, once it was shown in it. Only the language, the routes and the static files make it."""

    def __init__(self, nodelist: NodeList):
        self.nodelist = nodelist
        self.texts: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        language = get_language()
        if language not in self.texts:
            self.texts[language] = self._text(context)
        return self.texts[language]

    def _text(self, context: Any) -> str:
        nothing: Any = NothingOfThePage()
        nothing.template = context.template
        with nothing.render_context.push_state(context.template):
            text = self.nodelist.render(nothing)
        if nothing.missed:
            raise NotPrepared(f"{context.template.name} prepares what asks for {', '.join(nothing.missed)}")
        return text


@register.tag
def prepared(parser: Any, token: Any) -> Prepared:
    """`{% prepared %}...{% endprepared %}` around what depends on the language alone; NotPrepared for anything else."""
    nodelist = parser.parse(("endprepared",))
    parser.delete_first_token()
    return Prepared(nodelist)


@register.tag
def include(parser: Any, token: Any) -> Node:
    """Django's; an icon, which is text and nothing else, stands in the template that includes it from the start."""
    node = do_include(parser, token)
    name = node.template.var
    if node.extra_context or node.template.filters or not (isinstance(name, str) and name.startswith(ICONS)):
        return node
    parts = Engine.get_default().get_template(name).nodelist
    texts = [part.s for part in parts if isinstance(part, TextNode)]
    return TextNode("".join(texts)) if len(texts) == len(parts) else node
