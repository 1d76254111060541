"""The guards that `make mutate-guards` leaves out in turn: none is missed, and its report says what is not noticed."""

import json

from organisations.access import requires
from tests.guards import mutate
from tests.guards.sites import ROOT, sites, sites_of

CODE = """
class Thing:
    def one(self, by):
        return (
            Client.objects
            .visible_to(by)
            .filter(pk=1)
        )

@requires(Can.EDIT_CLIENT)
@require_POST
def two(request):
    return [Team.objects.visible_to(by), Client.objects.visible_to(by)]

@requires()
def three(request):
    return None
"""


def test_every_guard_of_a_file_is_found():
    assert [(site.function, site.source) for site in sites_of("x.py", CODE)] == [
        ("Thing.one", "Client.objects.visible_to(by)"),
        ("two", "requires(Can.EDIT_CLIENT)"),
        ("two", "Team.objects.visible_to(by)"),
        ("two", "Client.objects.visible_to(by)"),
    ]


def test_no_guard_of_the_apps_is_missed():
    found = sites()
    written = sum(
        path.read_text(encoding="utf-8").count(".visible_to(")
        for app in ("organisations", "clients", "sessions_app", "reports")
        for path in (ROOT / app).rglob("*.py")
    )
    assert sum(site.source.endswith(".visible_to", 0, site.source.rfind("(")) for site in found) == written > 100
    assert len({site.key for site in found}) == len(found)


def test_every_guard_that_is_said_to_go_unnoticed_still_stands():
    keys = {site.key for site in sites()}
    reasons = json.loads(mutate.REASONS.read_text(encoding="utf-8"))
    assert set(reasons) <= keys
    assert all(len(reason) > 20 for reason in reasons.values())


def test_a_call_is_known_by_its_place(tmp_path):
    """The frame of a running call leads to its guard in the code, also where the call stands on several lines."""
    known = {(site.path, site.line, site.column): site.source for site in sites_of("tests/guards/x.py", CODE)}
    seen = []

    class Rows:
        objects = property(lambda self: self)

        def visible_to(self, by):
            seen.append(mutate.place_of(mutate.sys._getframe(1)))
            return self

        filter = visible_to

    given = {"Client": Rows(), "Team": Rows(), "by": None, "requires": requires, "require_POST": lambda view: view}
    given |= {"Can": type("Can", (), {"EDIT_CLIENT": 1})}
    exec(compile(CODE.replace("filter(pk=1)", "filter(1)"), str(ROOT / "tests/guards/x.py"), "exec"), given)
    given["Thing"]().one(None)
    assert known[seen[0]] == "Client.objects.visible_to(by)"


def test_a_guard_that_nobody_notices_is_printed(monkeypatch):
    said = []
    monkeypatch.setattr(mutate, "say", said.append)
    one, two, *_others = known = sites_of("x.py", CODE)
    assert mutate.report(known, [one, two], {one.key: "a second guard holds"}) == 1
    assert said[0].endswith("a second guard holds")
    assert said[1] == "x.py:10: two: requires(Can.EDIT_CLIENT): UNNOTICED"
    assert mutate.report(known, [], {one.key: "a second guard holds"}) == 1
    assert said[-2] == f"no longer true: {one.key}"
    assert mutate.report(known, [], {}) == 0
