"""Markdown as HTML: paragraphs, lists, quotes, strong, emphasis and links, and nothing else, whoever wrote it.

The library reads the text; what is written is put together here from the parts that are known, each value escaped. So
HTML in a text is text, and an address that is not https (or of this application) is no link.
"""

from collections.abc import Iterator
from functools import lru_cache

from django.utils.html import format_html, format_html_join
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

OWN_ADDRESS, SAFE = "/handbook/", "https://"
READER = MarkdownIt("zero", {"html": False}).enable(
    ["list", "blockquote", "emphasis", "link", "newline", "escape", "balance_pairs", "fragments_join"]
)
AROUND = {
    "paragraph": "<p>{}</p>",
    "bullet_list": "<ul>{}</ul>",
    "ordered_list": "<ol>{}</ol>",
    "list_item": "<li>{}</li>",
    "blockquote": "<blockquote>{}</blockquote>",
    "strong": "<strong>{}</strong>",
    "em": "<em>{}</em>",
}
"""What stands around the parts of each kind."""
ELSEWHERE = '<a href="{}" rel="noopener noreferrer" target="_blank">{}</a>'


@lru_cache(maxsize=1024)
def render_markdown(text: str) -> str:
    """The text as HTML that can be shown as it is."""
    return _html(SyntaxTreeNode(READER.parse(text)))


def _html(node: SyntaxTreeNode) -> str:
    if node.type == "text":
        return format_html("{}", node.content)
    if node.type in ("softbreak", "hardbreak"):
        return format_html("{}", " ") if node.type == "softbreak" else format_html("<br>{}", "")
    inside = format_html_join("", "{}", ((_html(child),) for child in node.children))
    if node.type == "link":
        return _link(str(node.attrs.get("href", "")), inside)
    return format_html(AROUND.get(node.type, "{}"), inside)


def _link(address: str, inside: str) -> str:
    if address.startswith(SAFE):
        return format_html(ELSEWHERE, address, inside)
    return format_html('<a href="{}">{}</a>', address, inside) if address.startswith(OWN_ADDRESS) else inside


@lru_cache(maxsize=1024)
def plain_text(text: str) -> str:
    """What a reader sees of it, in one line: for searching, and to say aloud."""
    return " ".join(" ".join(_words(SyntaxTreeNode(READER.parse(text)))).split())


def _words(node: SyntaxTreeNode) -> Iterator[str]:
    if node.type == "inline":
        yield "".join(_inline(node))
        return
    for child in node.children:
        yield from _words(child)


def _inline(node: SyntaxTreeNode) -> Iterator[str]:
    if node.type == "text":
        yield node.content
    elif node.type in ("softbreak", "hardbreak"):
        yield " "
    for child in node.children:
        yield from _inline(child)
