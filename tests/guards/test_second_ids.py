"""Every second id of a request, replaced by the id of a row that whoever asks may not see."""

import re
import uuid

import pytest

from clients.forms import TeamsForm
from clients.models import ClientQuerySet
from organisations.database import statements
from sessions_app.models import Session
from tests.guards.asks import ASKS, NO_ID, NOT_USED, Ask
from tests.guards.second_ids import found, names_of_view
from tests.guards.worlds import Asker, changed, near_and_far, stored
from tests.route_matrix import CLIENT_WORDS, rolled_back
from tests.saving import save
from tests.shared_worlds import shared
from tests.statements import statements_of

WRITES = re.compile(r'\s*(INSERT|UPDATE|DELETE|WITH)(?!.*"?organisations_(access|devicesession|apitoken))', re.DOTALL)
SENTENCE = re.compile(r'class="error|class="errors|"errors"|"detail"')
CASES = [(route, name, ask) for (route, name), asks in ASKS.items() for ask in asks]
NAMES = [f"{route} {name} {ask.method}" for route, name, ask in CASES]


def ask_with(asker: Asker, route: str, name: str, ask: Ask, value):
    """The answer to the request with this second id."""
    about = {argument: asker.own[of] for argument, of in ask.about.items()}
    field = ask.name or name
    given = {field: [*([asker.own[ask.beside]] if ask.beside else []), value] if ask.many else value}
    url = asker.url(route, **about, **(given if ask.method == "PATH" else {}))
    if ask.by == "system":
        told = {key: [str(one) for one in text] if isinstance(text, list) else str(text) for key, text in given.items()}
        if ask.method == "GET":
            return asker.system.get(f"{url}?{field}={value}")
        return asker.system.ask("PATCH" if route.endswith("-detail") else "POST", url, ask.data(asker.own) | told)
    browser = asker.browser_of(ask.by)
    data = ask.data(asker.own) | ({} if ask.method == "PATH" else given)
    return browser.get(url, data) if ask.method == "GET" else save(browser, url, data)


@pytest.fixture(scope="module")
def askers(django_db_setup, django_db_blocker):
    with shared(near_and_far, django_db_blocker) as askers:
        yield askers


@pytest.fixture
def both(askers):
    with askers() as both:
        yield both


def complaints(both: tuple[Asker, Asker], route: str, name: str, ask: Ask, *, near: bool = True) -> list[str]:
    """What is wrong with how a route treats a second id; with `near` a colleague of another team asks too."""
    colleague, stranger = both
    found = []
    for asker in (colleague, stranger) if near and ask.near else (stranger,):
        wrong = {"another team's" if asker is colleague else "another organisation's": asker.foreign[ask.kind]}
        if ask.mine:
            wrong["another client's"] = asker.own[f"beside_{ask.kind}"]
        own = uuid.uuid4() if ask.own == "new" else asker.own[ask.own or ask.kind]
        with rolled_back():
            answer = ask_with(asker, route, name, ask, own)
            if answer.status_code != ask.lets:
                found.append(f"own: {answer.status_code} instead of {ask.lets}: {_words(answer)}")
        for whose, value in wrong.items():
            found += [f"{whose}: {fault}" for fault in _faults((colleague, stranger), asker, route, name, ask, value)]
    return found


def _faults(everybody, asker, route, name, ask, value) -> list[str]:
    """What others' id does that it may not: another status, no sentence, a word of the row, a change."""
    is_new = ask.per_house and asker is everybody[1] and value == asker.foreign[ask.kind]
    wanted = {ask.lets} if is_new else ask.refused
    looked_at = everybody[:1] if is_new else everybody
    with rolled_back():
        answer, statements = statements_of(lambda: ask_with(asker, route, name, ask, value))
        after = (
            stored(*(one.organisation_id for one in looked_at))
            if any(WRITES.match(statement) for statement in statements)
            else {}
        )
    told = answer.content.decode(errors="replace") + str(answer.headers)
    faults = [f"the answer shows {word!r}" for word in asker.unseen if word in told]
    if answer.status_code not in wanted:
        faults.append(f"{answer.status_code} instead of {wanted}: {_words(answer)}")
    if answer.status_code == 422 and not SENTENCE.search(told):
        faults.append("422 without a sentence")
    if answer.status_code == 302 and str(value) in answer.url:
        faults.append(f"sent to {answer.url}")
    if after:
        # Whatever is asked is taken back, so the rows before it are those that were made.
        before = {table: digest for one in looked_at for table, digest in one.before.items()}
        faults += [f"changed {label}" for label in changed(before, after)]
    return faults


def _words(answer) -> str:
    """What the answer says of what is wrong, for the report of a failure."""
    said = re.findall(r'class="errors?[^>]*>(.*?)</(?:div|p|ul|span)>', answer.content.decode(), re.DOTALL)
    return answer.url if answer.status_code == 302 else " ".join(" ".join(said).split())[:300]


@pytest.mark.parametrize(("route", "name", "ask"), CASES, ids=NAMES)
def test_a_second_id_of_others_is_as_nobodys(both, route, name, ask):
    assert complaints(both, route, name, ask) == []


def unlisted(names: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """What a route reads by a name that no request here varies, and what is listed and read by nobody."""
    known = {*ASKS, *NOT_USED}
    return sorted({(route, name) for route, name in names - known if name not in NO_ID} | (known - names))


def test_every_name_that_a_route_reads_is_varied_or_is_no_id():
    assert unlisted(found()) == []
    assert not set(NO_ID) - {name for _route, name in found()}


# Controls


def brand_new(request, client_id):
    friend = request.GET.get("friend")
    return TeamsForm(request.POST, by=friend), request.POST.getlist("others"), "urgent" in request.POST


def test_a_second_id_that_nobody_listed_is_seen():
    read = names_of_view(brand_new)
    assert read == {"friend", "others", "urgent", "teams"}
    assert unlisted(found() | {("brand-new", name) for name in read}) == [("brand-new", name) for name in sorted(read)]
    assert unlisted(found() - {("groups", "again")}) == [("groups", "again")]


def test_a_guard_that_is_gone_is_seen(monkeypatch, both):
    monkeypatch.setattr(ClientQuerySet, "visible_to", lambda self, practitioner: self.all())
    monkeypatch.setattr(statements, "WRITTEN", {})
    with rolled_back():
        seen = complaints(both, "groups", "clients", ASKS["groups", "clients"][0])
    assert any(complaint.startswith("another team's: 302 instead of") for complaint in seen)
    assert "another team's: changed sessions_app.GroupMeeting" in seen
    shown = complaints(both, "groups", "again", ASKS["groups", "again"][0])
    assert f"another team's: the answer shows {CLIENT_WORDS!r}" in shown


def test_a_second_id_of_another_client_is_seen(monkeypatch, both):
    monkeypatch.setattr("sessions_app.views.links._session", lambda request, client: Session.objects.first())
    seen = complaints(both, "client-links", "session", ASKS["client-links", "session"][0])
    assert any(complaint.startswith("another client's: 200 instead of") for complaint in seen)
