"""One's own supervision: kept apart, seen by oneself and by whom one chooses."""

import uuid

import pytest
from django.test import Client as Browser
from django.urls import reverse

from organisations.tenancy.context import tenant
from sessions_app.models import SupervisionRating, SupervisionShare
from tests.sessions_app.wording.test_packs import bring, license_it

pytestmark = pytest.mark.django_db
MARKS = {"approach": "7.5", "relation": "8", "needs": "6,1"}


def logged_in(person):
    browser = Browser()
    browser.force_login(person.user)
    return browser


def rate(person, **changes):
    sent = {"held_on": "2026-03-02", "supervisor": "Grete", "submission_id": str(uuid.uuid4()), **MARKS} | changes
    return logged_in(person).post(reverse("supervision-rate"), sent)


def stored(person):
    with tenant(person.organisation_id):
        return list(SupervisionRating.objects.filter(practitioner=person))


def test_three_lines_are_kept_and_drawn(ann):
    page = logged_in(ann).get(reverse("supervision-rate")).content.decode()
    assert page.count('class="line') >= 3
    assert "How was the supervision for you?" in page
    assert rate(ann).status_code == 302
    (row,) = stored(ann)
    assert (row.marks, row.total, row.supervisor) == ([75, 80, 61], 216, "Grete")
    page = logged_in(ann).get(reverse("supervision")).content.decode()
    assert "supervision-chart" in page
    assert "21.6" in page
    assert "Nobody but you." in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"needs": ""}, "no mark yet"),
        ({"needs": "11"}, "between 0 and 10"),
        ({"held_on": "2999-01-01"}, "still to come"),
        ({"held_on": ""}, "required"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_kept(ann, changes, words):
    answer = rate(ann, **changes)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert stored(ann) == []


def test_a_double_click_is_one_rating(ann):
    key = str(uuid.uuid4())
    assert [rate(ann, submission_id=key).status_code for _ in range(2)] == [302, 302]
    assert len(stored(ann)) == 1


def test_nobody_else_sees_it_not_even_the_lead(ann, ben, lea, ada, dora):
    rate(ann)
    for person in (ben, lea, dora):
        own = logged_in(person)
        assert "Grete" not in own.get(reverse("supervision")).content.decode()
        assert own.get(reverse("supervision-of", args=[ann.pk])).status_code == 404
        with tenant(ann.organisation_id):
            assert not SupervisionRating.objects.visible_to(person).exists()
    assert logged_in(ada).get(reverse("supervision")).status_code == 403


def test_a_shared_course_is_seen_by_that_person_until_it_ends(ann, lea, ben):
    rate(ann)
    logged_in(ann).post(reverse("supervision-share"), {"shared_with": str(lea.pk)})
    logged_in(ann).post(reverse("supervision-share"), {"shared_with": str(lea.pk)})
    with tenant(ann.organisation_id):
        share = SupervisionShare.objects.get()
    theirs = logged_in(lea)
    assert "Ann Holm" in theirs.get(reverse("supervision")).content.decode()
    assert "Grete" in theirs.get(reverse("supervision-of", args=[ann.pk])).content.decode()
    assert logged_in(ben).get(reverse("supervision-of", args=[ann.pk])).status_code == 404
    (row,) = stored(ann)
    assert theirs.post(reverse("supervision-remove", args=[row.pk])).status_code == 404, "looked at, never changed"
    assert theirs.post(reverse("supervision-share-end", args=[share.pk])).status_code == 404
    assert logged_in(ann).post(reverse("supervision-share-end", args=[share.pk])).status_code == 302
    assert theirs.get(reverse("supervision-of", args=[ann.pk])).status_code == 404


@pytest.mark.parametrize("whom", ["ann", "dora"])
def test_one_shares_with_a_colleague_only(ann, dora, whom):
    person = {"ann": ann, "dora": dora}[whom]
    logged_in(ann).post(reverse("supervision-share"), {"shared_with": str(person.pk)})
    with tenant(ann.organisation_id):
        assert not SupervisionShare.objects.exists()


def test_what_is_taken_away_is_gone(ann, ben):
    rate(ann)
    (row,) = stored(ann)
    assert logged_in(ben).post(reverse("supervision-remove", args=[row.pk])).status_code == 404
    assert logged_in(ann).post(reverse("supervision-remove", args=[row.pk])).status_code == 302
    assert stored(ann) == []


def test_no_row_points_to_a_client():
    for model in (SupervisionRating, SupervisionShare):
        related = {field.related_model.__name__ for field in model._meta.get_fields() if field.is_relation}
        assert related == {"Organisation", "Practitioner"}


def test_a_licensed_pack_is_shown_and_stays_with_the_rating(ann, ada):
    keys = ("approach", "relation", "needs")
    items = [{"key": key, "label": f"Bed {key}", "text": "it grows", "left": "dry", "right": "green"} for key in keys]
    pack = bring(ada, instrument="lass", items=items)
    page = reverse("supervision-rate")
    assert "Bed needs" not in logged_in(ann).get(page).content.decode(), "nobody has confirmed a licence"
    license_it(ada, pack)
    said = logged_in(ann).get(page).content.decode()
    assert "Bed needs" in said and "The Garden Society" in said
    assert 'name="pack" value="garden@1.0"' in said
    for name in ("garden@1.0", "meadow@1.0", ""):
        rate(ann, pack=name)
    assert [(row.pack, row.language) for row in stored(ann)] == [("garden@1.0", "en"), ("", "en"), ("", "en")]
