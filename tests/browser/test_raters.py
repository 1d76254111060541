"""Mother, father and young person on one tablet, one after the other: it never goes back to staff in between."""

import pytest
from playwright.sync_api import expect

from clients.models import Rater
from organisations.tenancy.context import tenant
from sessions_app.models import Rating
from tests.browser.test_device import everything
from tests.browser.test_flow import ORS_LINES, start, tap, unlock

# Who marks, in turn, and where on the lines: each somewhere else.
TURNS = (("client", 0.2), ("mother", 0.5), ("father", 0.8))
NAMES = ("Nils", "N-014", "Solsikke", "Ann ")


@pytest.fixture
def family(ann_here, ann, nils):
    """Ann's tablet in the hands of the young person; the mother and the father come after."""
    with tenant(ann.organisation_id):
        for relation in ("mother", "father"):
            Rater.objects.create(organisation=ann.organisation, client=nils, key=relation, relation=relation)
    page = ann_here
    start(page)
    page.get_by_role("button", name="Hand over", exact=True).click()
    page.wait_for_url("**/f/*/")
    return page


def marked_places(page) -> list[str]:
    """Where something is marked on the page, or written into its fields."""
    return page.evaluate(
        """() => [...document.querySelectorAll(".cross:not([hidden])")].map(each => each.closest("section").dataset.key)
        .concat([...document.querySelectorAll("section input")].map(each => each.value).filter(Boolean))"""
    )


def ratings(ann) -> dict[str, int]:
    with tenant(ann.organisation_id):
        today = Rating.objects.filter(marks__isnull=False)
        return {rating.rater: round(sum(rating.marks) / 40) for rating in today}


def test_a_family_marks_one_after_the_other_and_nobody_sees_the_one_before(family, ann):
    page, forms = family, []
    for place, (_who, share) in enumerate(TURNS):
        forms.append(page.url)
        assert marked_places(page) == []
        assert page.locator("#count").inner_text() == "0 of 4 marks set"
        tap(page, ORS_LINES, share)
        page.locator("#done").click()
        page.wait_for_url("**/thanks/")
        assert [name for name in NAMES if name in everything(page)] == []
        following = page.get_by_role("button", name="Now:")
        if place < len(TURNS) - 1:
            following.click()
            page.wait_for_url(lambda url: "/thanks/" not in url)
    expect(page.get_by_role("button", name="Now:")).to_have_count(0)
    assert len(set(forms)) == len(TURNS), "a token of their own for each"
    assert ratings(ann) == {"client": 2, "mother": 5, "father": 8}
    page.goto("/unlock/")
    unlock(page)
    page.wait_for_url("**/sessions/**")


@pytest.mark.parametrize("turns", [1, 2])
def test_the_next_one_goes_back_reloads_and_types_the_address_of_the_one_before(family, ann, turns):
    page, forms = family, []
    for _who, share in TURNS[:turns]:
        forms.append(page.url)
        tap(page, ORS_LINES, share)
        page.locator("#done").click()
        page.wait_for_url("**/thanks/")
        page.get_by_role("button", name="Now:").click()
        page.wait_for_url(lambda url: "/thanks/" not in url)
    own = page.url
    page.reload()
    assert (page.url, marked_places(page)) == (own, [])
    for _step in range(10):
        page.go_back()
        assert marked_places(page) == []
        assert [name for name in NAMES if name in everything(page)] == []
        assert "/sessions/" not in page.url
    for form in forms:
        page.goto(form)
        assert page.url == f"{form}thanks/", "answered: the form is not shown again"
        assert marked_places(page) == []
    page.goto(own)
    tap(page, ORS_LINES, 0.6)
    page.locator("#done").click()
    page.wait_for_url("**/thanks/")
    assert ratings(ann)[TURNS[turns][0]] == 6
    assert len(ratings(ann)) == turns + 1


def test_without_javascript_the_tablet_goes_on_too(new_context, logged_in, ann, nils, episode):
    with tenant(ann.organisation_id):
        Rater.objects.create(organisation=ann.organisation, client=nils, key="mother", relation="mother")
    page = logged_in(new_context(java_script_enabled=False).new_page(), ann.user)
    page.goto(f"/clients/{nils.pk}/")
    start(page)
    page.get_by_role("button", name="Hand over", exact=True).click()
    for _turn in range(2):
        for key in ORS_LINES:
            page.locator(f"section[data-key={key}] input[value='6']").first.check(force=True)
        page.get_by_role("button", name="Done").click()
        page.wait_for_url("**/thanks/")
        following = page.get_by_role("button", name="Now:")
        if following.count():
            following.click()
    assert ratings(ann) == {"client": 6, "mother": 6}
