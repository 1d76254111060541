"""Save a form as a browser does: with the version that stood on the page."""

from html.parser import HTMLParser


class Forms(HTMLParser):
    """The forms of a page that are sent: action, hidden and other fields with what they hold, by name."""

    def __init__(self, html: str):
        super().__init__()
        self.found: list[dict] = []
        self._form: dict | None = None
        self._select: str | None = None
        self._text: str | None = None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form" and (given.get("method") or "").lower() == "post":
            self._form = {"action": given.get("action", ""), "hidden": {}, "fields": {}}
            self.found.append(self._form)
        if self._form is None or (not (name := given.get("name")) and tag != "option"):
            return
        if tag == "input":
            self._input(name, given)
        elif tag == "select":
            self._form["fields"].setdefault(name, [])
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self._form["fields"][self._select].append(given.get("value", ""))
        elif tag == "textarea":
            self._form["fields"][name] = [""]
            self._text = name

    def _input(self, name, given):
        kind, value = given.get("type", "text"), given.get("value", "")
        if kind == "hidden":
            self._form["hidden"].setdefault(name, []).append(value)
        elif kind in ("checkbox", "radio"):
            self._form["fields"].setdefault(name, [])
            if "checked" in given:
                self._form["fields"][name].append(value or "on")
        elif kind != "submit":
            self._form["fields"][name] = [value]

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._text = None

    def handle_data(self, data):
        if self._text and self._form:
            self._form["fields"][self._text][0] += data.removeprefix("\n")


def forms_on(page) -> list[dict]:
    """The forms on an answer."""
    return Forms(page.content.decode()).found


def form_on(browser, url: str, *, page: str = "") -> dict[str, list[str]]:
    """All that the form which is sent to `url` holds, as it is shown on `page` (or on its own)."""
    for form in forms_on(browser.get(page or url)):
        if (form["action"] or page or url) == url and "csrfmiddlewaretoken" in form["hidden"] | form["fields"]:
            return {**form["hidden"], **form["fields"]}
    return {}


def save(browser, url: str, data: dict | None = None, *, page: str = "", **more):
    """Open the page of a form, write `data` into it as the only visible fields, and send it."""
    hidden = {name: value for name, value in form_on(browser, url, page=page).items() if name.endswith("version")}
    return browser.post(url, {**hidden, **(data or {})}, **more)
