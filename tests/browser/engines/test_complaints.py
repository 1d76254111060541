"""The control: what a page does wrong is heard in each engine, and fails a test."""

from tests.browser.engines.conftest import console

WRONG = """console.error("said"); fetch("https://example.org/x").catch(() => {});
dispatchEvent(new ErrorEvent("error", { message: "nowhere" }));
document.body.append(Object.assign(document.createElement("img"), { src: "/static/nothing.png" }));"""


def test_what_a_page_does_wrong_is_heard(log_in, ann, engine):
    screen = log_in(ann.user)
    screen.open("/today/")
    screen.run(WRONG)
    heard = screen.network.complaints
    for word in ("said", "policy: connect-src", "nowhere", "not loaded"):
        screen.wait(lambda word=word: any(word in line for line in heard))
    heard.clear()
    console(engine)
