"""Dates at the ends of the calendar, long and unknown words: in every query and every form, nothing breaks."""

import re
from urllib.parse import urlencode

import pytest

from organisations.access import requires
from organisations.roles import Can
from tests.api.asking import api_routes, system_of, token_routes
from tests.query_parameters import PROBE, PostForms, hearing, named_in_code
from tests.route_matrix import make_world, named_routes, rolled_back

pytestmark = pytest.mark.django_db
ROUTES = dict(named_routes())
ACTORS = ("practitioner", "team_lead", "admin", "anonymous")
LONG = "x" * 10_000
DATES = ("0001-01-01", "9999-12-31", "0000-00-00", "2026-02-30", "10000-01-01", "-0001-01-01", LONG)
MOMENTS = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "9999-12-31T23:59:59Z")
NUMBERS = ("-1", "0", str(2**31), str(2**63), str(10**40), "1e400", "NaN")
WORDS = ("", LONG, "kanariefugl", "'\"%s%%<b>", "00000000-0000-4000-8000-000000000000", "å" * 300, "\u202e")
CORPUS = (*DATES[:-1], *MOMENTS, *NUMBERS, *WORDS)
ONE_OF_EACH = (DATES[0], MOMENTS[0], NUMBERS[3], LONG, "kanariefugl")  # where a role reads by the code of another
# Files that read by the form of the page beside them, and cost much.
OF_A_PAGE = {"results-csv", "results-xlsx", "results-pdf", "fit-in-use-csv", "record-csv", "record-svg"}
TIMES = ("24:00", "23:59:59.999999", "00:00", "-1:00", LONG)
SHOWN_AFTER = ("today", "client-list", "client-detail", "client-changes", "session-flow", "access-log")
LEAVES = {"account_logout"}  # the actor's own way out
HEARD: dict[tuple[str, str], set[str]] = {}  # by actor and route: what the walk over the pages heard, if it ran


def heard_on(browser, url, *queries):
    """The names that a route looks for in its query, and whether this actor may look at it."""
    with hearing() as heard:
        answers = [browser.get(f"{url}?{query}" if query else url) for query in queries]
    return heard, answers[0].status_code == 200


def broken(browser, url, name, value):
    """What is wrong with the answer, "" for nothing."""
    answer = browser.get(f"{url}?{urlencode({name: value})}")
    if answer.status_code >= 500:
        return f"{answer.status_code} for {url}?{name}={value[:40]}"
    is_page = answer.status_code == 200 and answer.headers.get("Content-Type", "").startswith("text/html")
    if is_page and "<h1" not in answer.content.decode():
        return f"no page for {url}?{name}={value[:40]}"
    return ""


def pages():
    return [name for name in ROUTES if name not in token_routes() and name not in LEAVES]


def api_pages():
    return [name for name, one in api_routes().items() if "get" in getattr(one.callback, "actions", {"get": "get"})]


def complaints(world, actor, routes, noted):
    """What breaks on a parameter; a lead's pages are a practitioner's, and get one value of each kind.

    The names that a route listens to are added to `noted`, by actor and route.
    """
    browser, found = world.browser_of(actor), []
    for route in routes:
        url = world.url(route)
        corpus = ONE_OF_EACH if actor == "team_lead" or route in OF_A_PAGE else CORPUS
        with rolled_back():
            names, may = heard_on(browser, url, "", f"{PROBE}=1")
            noted[actor, route] = names
            for name in sorted(names):
                values = corpus if may else WORDS[:3]
                found += filter(None, (broken(browser, url, name, value) for value in values))
                twice = browser.get(f"{url}?{name}=1&{name}={LONG}")
                found += [f"{twice.status_code} for {url}?{name} twice"] if twice.status_code >= 500 else []
    return found


@pytest.mark.parametrize("actor", ACTORS)
def test_no_page_breaks_on_any_value_of_its_parameters(actor):
    found = complaints(make_world(), actor, pages(), HEARD)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("actor", ["practitioner", "team_lead"])
def test_no_list_of_the_api_breaks_on_any_value_of_its_parameters(actor):
    world, found = make_world(), []
    system = system_of(world.people[actor])
    for route in api_pages():
        url = world.url(route)
        names, _may = heard_on(system, url, "limit=50", "")
        for name in sorted(names):
            values = ONE_OF_EACH if actor == "team_lead" else CORPUS
            found += filter(None, (broken(system, url, name, value) for value in values))
    assert not found, "\n".join(found)


# Asked of routes that take a token of their own: tests/scim/test_filters.py sends every kind of it.
OF_SCIM = {"filter"}


def test_every_parameter_in_the_code_is_heard_on_a_route():
    world, heard = make_world(), set()
    for actor in ("practitioner", "admin"):
        for browser, routes in ((world.browser_of(actor), pages()), (system_of(world.people[actor]), api_pages())):
            for route in routes:
                noted = HEARD.get((actor, route))  # then the first two questions were asked of the same page
                queries = ("limit=50",) if noted is not None else ("", f"{PROBE}=1", "limit=50")
                with rolled_back():
                    heard |= heard_on(browser, world.url(route), *queries)[0] | (noted or set())
    assert {"until", "show", "updated_since", "cursor"} <= heard
    assert named_in_code() - heard == OF_SCIM


def test_a_new_parameter_is_found_and_its_fault_seen(monkeypatch):
    def careless(request):
        int(request.GET.get("brand_new", "1"))
        return ROUTES["today"].callback.__wrapped__(request)

    monkeypatch.setattr(ROUTES["account"], "callback", requires(Can.SEE_TODAY)(careless))
    found = complaints(make_world(), "practitioner", ["account"], {})
    assert any("500" in one and "brand_new=kanariefugl" in one for one in found)


# Forms


def fields_to_try(fields):
    """(name, values) of the dates, times and numbers of a form; of many rows alike the first."""
    values = {"date": DATES, "time": TIMES, "number": NUMBERS}
    seen = set()
    for name, kind, _value in fields:
        alike = re.sub(r"\d+", "#", name)
        if kind in values and alike not in seen:
            seen.add(alike)
            yield name, values[kind]


def sent(world, browser, url, fields, name, value):
    """What breaks when a form is sent with this value, or on the pages that show what was stored of it."""
    with rolled_back():
        data = {field: given for field, _kind, given in fields} | {name: value}
        answer = browser.post(url, data)
        if answer.status_code >= 500:
            return [f"{answer.status_code} for {name}={value[:40]} sent to {url}"]
        if answer.status_code != 302:
            return []
        after = [
            answer.url,
            *map(world.url, ("today", "client-list", "client-detail", "client-changes", "session-flow")),
        ]
        statuses = {page: browser.get(page).status_code for page in after}
        return [f"{status} on {page} after {name}={value[:40]}" for page, status in statuses.items() if status >= 500]


@pytest.mark.parametrize("actor", ["practitioner", "team_lead", "admin"])
def test_no_form_breaks_on_dates_and_numbers_at_their_ends(actor):
    world, found, tried = make_world(), [], set()
    browser = world.browser_of(actor)
    for route in pages():
        url = world.url(route)
        with rolled_back():  # a page for a client's eyes covers those that come after it
            answer = browser.get(url)
        if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
            continue
        for action, fields in PostForms(answer.content.decode()).found:
            address = action or url
            for name, values in fields_to_try(fields):
                if (address, name) not in tried:
                    tried.add((address, name))
                    found += [fault for value in values for fault in sent(world, browser, address, fields, name, value)]
    assert not found, "\n".join(found)
    assert {"practitioner": "held_on", "team_lead": "held_on", "admin": ""}[actor] in {
        "",
        *(name for _url, name in tried),
    }
