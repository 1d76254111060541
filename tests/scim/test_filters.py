"""Filters, which the public tester does not check: the database finds what a plain reading of the same filter finds."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from organisations.models import ProvisionedUser
from organisations.tenancy.context import tenant
from tests.scim.conftest import switch_on

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PEOPLE = [
    {"userName": "Åse@solsikke.example", "externalId": "E1", "displayName": "Åse Ø", "title": "Chef", "active": True,
     "emails": [{"value": "aase@solsikke.example", "type": "work", "primary": True}],
     "name": {"givenName": "Åse", "familyName": "Ø"}},
    {"userName": "bo@solsikke.example", "externalId": "e1", "displayName": "Bo", "active": False,
     "emails": [{"value": "bo@solsikke.example", "type": "work"}, {"value": "bo@home.example", "type": "home"}],
     ENTERPRISE: {"department": "North"}},
    {"userName": "c'x%y_z\\", "displayName": 'Say "so"', "nickName": "", "phoneNumbers": [{"value": "12 34"}]},
    {"userName": "dorte", "title": "chef", "active": True, ENTERPRISE: {"department": "north", "employeeNumber": "7"}},
]  # fmt: skip


@pytest.fixture
def four(it, on, ada):
    switch_on(ada, keeps_other=True)
    for one in PEOPLE:
        it.made(one["userName"], **{name: value for name, value in one.items() if name != "userName"})
    return it


NAMES = [one["userName"] for one in PEOPLE]
ASE, BO, CX, DORTE = NAMES
KEPT = f" and ({' or '.join(f'userName sw {chr(34)}{start}{chr(34)}' for start in ('åse', 'bo@', 'c', 'dorte'))})"


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ('userName eq "ÅSE@SOLSIKKE.example"', [ASE]),
        ('externalId eq "e1"', [BO]),
        ('displayName co "ø"', [ASE]),
        ('displayName eq "Say \\"so\\""', [CX]),
        ('userName co "%"', [CX]),
        ('userName ew "_z\\\\"', [CX]),
        ("title pr", [ASE, DORTE]),
        ('title eq "chef" and not (externalId pr)', [DORTE]),
        ('emails co "home.example"', [BO]),
        ('emails[type eq "home" and value sw "bo"]', [BO]),
        ('emails[type eq "work" and value ew "home.example"]', []),
        ('emails[type eq "home"] or phoneNumbers.value eq "12 34"', [BO, CX]),
        ("active eq false", [BO]),
        ("active ne true and externalId pr", [BO]),
        (f'{ENTERPRISE}:department eq "NORTH"', [BO, DORTE]),
        (f'{ENTERPRISE}:employeeNumber gt "6"', [DORTE]),
        ('name.givenName sw "å"', [ASE]),
        ('meta.resourceType eq "User" and userName eq "dorte"', [DORTE]),
        ('meta.created gt "2001-01-01T00:00:00Z" and userName eq "dorte"', [DORTE]),
        ('meta.lastModified lt "2001-01-01T00:00:00Z"', []),
        ('title eq null and (externalId pr)', [BO]),
        ('schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"', [BO, DORTE]),
        ('userName ge "c" and userName lt "e" and not (emails pr)', [CX, DORTE]),
    ],
)  # fmt: skip
def test_a_filter_finds_what_it_says(four, wanted, found):
    assert sorted(four.filtered(wanted)) == sorted(found)


def test_groups_and_members_are_filtered_in_the_database(it, ann, red_team, blue_team):
    assert it.filtered(f'members eq "{ann.pk}"', "Groups") == ["Red team"]
    assert it.filtered(f'not (members[value eq "{ann.pk}"])', "Groups") == ["Blue team"]
    assert it.filtered(f'groups.value eq "{red_team.pk}" and displayName sw "ann"') == ["ann.solsikke@example.org"]
    assert it.filtered('groups.display co "RED" and displayName sw "lea"') == ["lea.solsikke@example.org"]


@pytest.mark.parametrize(
    ("wanted", "kind"),
    [
        ("userName xx 1", "invalidFilter"),
        ('nonsense eq "x"', "invalidFilter"),
        ("active gt true", "invalidFilter"),
        ('meta.created co "2026"', "invalidFilter"),
        ('name[givenName eq "x"]', "invalidFilter"),
        ("userName eq", "invalidFilter"),
        ('password sw "a"', "invalidFilter"),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused_as_such(four, wanted, kind):
    answer = four.get(f"Users?filter={wanted}")
    assert (answer.status_code, answer.json()["scimType"]) == (400, kind)
    assert answer.json()["detail"]


# A plain reading of the grammar, in Python, over the documents as they are answered.
ATTRIBUTES = [
    "userName",
    "title",
    "displayName",
    "externalId",
    "nickName",
    "name.givenName",
    "emails.value",
    "emails.type",
]
TEXTS = [
    "",
    "a",
    "b",
    "bo",
    "Åse",
    "å",
    "chef",
    "CHEF",
    "e1",
    "E1",
    "@",
    "%",
    "_",
    "\\",
    '"',
    "work",
    "home",
    "example",
]
OPERATORS = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"]


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


leaves = st.one_of(
    st.tuples(st.just("compare"), st.sampled_from(ATTRIBUTES), st.sampled_from(OPERATORS), st.sampled_from(TEXTS)),
    st.tuples(st.just("present"), st.sampled_from(["title", "emails", "name", "emails.value", "externalId", "active"])),
    st.tuples(st.just("entry"), st.sampled_from(["type", "value"]), st.sampled_from(OPERATORS), st.sampled_from(TEXTS)),
    st.tuples(st.just("active"), st.sampled_from(["eq", "ne"]), st.booleans()),
)
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(st.just("not"), inner),
        st.tuples(st.sampled_from(["and", "or"]), inner, inner),
    ),
    max_leaves=5,
)


def written(tree):
    match tree:
        case ("compare", name, operator, text):
            return f"{name} {operator} {quoted(text)}"
        case ("present", name):
            return f"{name} pr"
        case ("entry", name, operator, text):
            return f"emails[{name} {operator} {quoted(text)}]"
        case ("active", operator, value):
            return f"active {operator} {str(value).lower()}"
        case ("not", inner):
            return f"not ({written(inner)})"
        case (word, one, other):
            return f"({written(one)} {word} {written(other)})"


def compares(value, operator, text):
    if value is None:
        return operator == "ne"
    return {
        "eq": value == text, "ne": value != text, "co": text in value, "sw": value.startswith(text),
        "ew": value.endswith(text), "gt": value > text, "ge": value >= text, "lt": value < text, "le": value <= text,
    }[operator]  # fmt: skip


def values(document, name):
    """Every value of an attribute; None where it is not there."""
    first, _dot, second = name.partition(".")
    held = document.get(first)
    entries = held if isinstance(held, list) else [held]
    found = [entry.get(second) if isinstance(entry, dict) and second else entry for entry in entries]
    return [str(one) if name == "externalId" and one else one.lower() if isinstance(one, str) else one for one in found]


def holds(tree, document):
    match tree:
        case ("compare", name, operator, text):
            text = text if name == "externalId" else text.lower()
            results = [compares(value, operator, text) for value in values(document, name)]
            return all(results) if operator == "ne" else any(results)
        case ("present", name):
            return any(value not in (None, "", {}, []) for value in values(document, name))
        case ("entry", name, operator, text):
            return any(
                compares((one.get(name) or "").lower() or None, operator, text.lower())
                for one in document.get("emails", [])
            )
        case ("active", operator, value):
            return (document.get("active") == value) == (operator == "eq")
        case ("not", inner):
            return not holds(inner, document)
        case ("and", one, other):
            return holds(one, document) and holds(other, document)
        case ("or", one, other):
            return holds(one, document) or holds(other, document)


@pytest.fixture
def read(four):
    """All documents as they are answered, by user name."""
    return four, {one["userName"]: one for one in four.get("Users").json()["Resources"]}


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(tree=trees)
def test_the_database_reads_a_filter_as_plain_python_does(read, tree):
    it, documents = read
    expected = sorted(name for name, document in documents.items() if holds(tree, document))
    assert sorted(it.filtered(written(tree))) == expected, written(tree)


def test_an_empty_text_clears_what_was_there(four):
    made = four.made("fie", nickName="Fie", title="")
    assert "title" not in made
    cleared = four.patch(f"Users/{made['id']}", {"op": "replace", "path": "nickName", "value": ""})
    assert "nickName" not in cleared.json()
    assert four.filtered('nickName pr or nickName eq ""') == []


def test_what_a_filter_compares_with_never_becomes_part_of_the_statement(four, ada):
    before = four.filtered("userName pr")
    for text in ("'; DELETE FROM organisations_provisioneduser; --", "%s", "{0}", "') OR TRUE --"):
        assert four.filtered(f"displayName eq {quoted(text)}") == []
    assert four.filtered("userName pr") == before
    with tenant(ada.organisation_id):
        assert ProvisionedUser.objects.count() == len(before)


@pytest.mark.parametrize("order", ["ascending", "descending"])
def test_lists_are_ordered_with_what_has_no_value_last(four, order):
    told = four.get(f"Users?sortBy=title&sortOrder={order}&count=200").json()["Resources"]
    titles = [one.get("title", "").lower() for one in told]
    held = [title for title in titles if title]
    assert held == ["chef", "chef"]
    assert titles == (
        [*held, *[""] * (len(titles) - 2)] if order == "ascending" else [*[""] * (len(titles) - 2), *held]
    )
    by_mail = four.get("Users?sortBy=emails&count=200").json()["Resources"]
    mails = [next((one["value"] for one in user["emails"] if one.get("primary")), user["emails"][0]["value"])
             for user in by_mail if "emails" in user]  # fmt: skip
    assert mails == sorted(mails)


def test_pages_are_whole_and_do_not_overlap(four):
    seen = []
    for start in range(1, 10, 2):
        page = four.get(f"Users?startIndex={start}&count=2").json()
        assert re.fullmatch(r"\d+", str(page["totalResults"]))
        assert page["itemsPerPage"] == len(page["Resources"])
        seen += [one["id"] for one in page["Resources"]]
    assert len(seen) == len(set(seen)) == page["totalResults"]
    assert four.get("Users?count=0").json()["Resources"] == []
    assert len(four.get("Users?startIndex=-3&count=-1").json()["Resources"]) == 0
