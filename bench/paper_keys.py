"""KEYS: how many keys a stack of papers costs in the grid, counted in a browser.

Six clients' papers of one day, of the same form: the reference, then Enter wherever the grid asks for nothing new, four
marks of two figures each, as they are read from a ruler.
"""

from collections.abc import Iterator

from bench.demo_browser import logged_in_page
from bench.figures import Count, NotRun
from bench.pages import CHROMIUM

SCREEN = {"width": 1366, "height": 1024}
PAPERS = 6
MARK = "62"
MOST_KEYS = 20  # a paper, its first day and form among them
FOCUSED = "document.activeElement.name ?? document.activeElement.tagName"


class Keys:
    """A keyboard that counts."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def type(self, text: str) -> None:
        for letter in text:
            self.press(letter)

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.count += 1

    def go_on_to(self, ending: str) -> None:
        """Enter until the field with that name has the focus."""
        for _press in range(12):
            self.press("Enter")
            if self.page.evaluate(FOCUSED).endswith(ending):
                return
        raise RuntimeError(f"Enter does not lead to {ending}")


def measure() -> Iterator[Count | NotRun]:
    """The whole stack, from the first letter to the word that it is stored."""
    with logged_in_page("trine@solby.example", viewport=SCREEN) as page:
        if page is None:
            yield NotRun("KEYS", f"there is no browser at {CHROMIUM}")
            return
        keys, letters = _stack(page)
    told = f"of {PAPERS} papers; {letters} keys for their references and marks, the rest to get about"
    yield Count("KEYS", "keys a paper", round(keys / PAPERS), MOST_KEYS, 1, told)


def _stack(page) -> tuple[int, int]:
    """The keys pressed, and those of them that write a reference or a mark."""
    page.goto("/paper/")
    references = page.locator("#clients option").evaluate_all("all => all.map(each => each.value)")
    keys, letters = Keys(page), 0
    for number in range(PAPERS):
        reference = references[number]
        keys.type(reference)
        letters += len(reference) + 4 * len(MARK)
        if number == 0:
            keys.go_on_to("held_on")
            keys.type("04012026")  # day, month, year, as the field takes them
        keys.go_on_to("mark1")
        for place in range(1, 5):
            keys.type(MARK)
            if place < 4:
                keys.go_on_to(f"mark{place + 1}")
        if number < PAPERS - 1:
            keys.go_on_to(f"row-{number + 1}-client")
    keys.press("Control+Enter")
    page.locator(".paper-row.is-saved").nth(PAPERS - 1).wait_for()
    return keys.count, letters
