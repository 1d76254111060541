"""What axe finds on a page. Its script is given to a page once, and only what is wrong comes back from there."""

from axe_playwright_python.base import AXE_SCRIPT

GIVEN = "typeof axe === 'object'"
RUN = "() => axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations)"


def violations(page) -> list[dict]:
    """The rules that the page as it is now breaks, each with its `id` and its `nodes` (`html`, `target`)."""
    if not page.evaluate(GIVEN):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate(RUN)
