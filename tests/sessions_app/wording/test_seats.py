"""Seats of licences: taken by whoever may hold sessions, said and never enforced."""

import csv
import datetime
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from organisations.models import Practitioner
from organisations.services.local_day import today_in
from organisations.tenancy.context import tenant
from sessions_app.models import Pack, PackLicence

DAY = datetime.timedelta(days=1)


@pytest.fixture
def admin(browser, ada):
    """Ada's browser."""
    browser.force_login(ada.user)
    return browser


def licence(ada, *, seats=None, days=None, confirmed=True, withdrawn=False, name="pack"):
    """A licence of a pack of its own."""
    with tenant(ada.organisation_id):
        own, now = {"organisation": ada.organisation}, timezone.now()
        gone = {"withdrawn_at": now, "withdrawn_by": ada} if withdrawn else {}
        pack = Pack.objects.create(
            **own, pack=name, version="1", instrument="ors", language="da", content={}, imported_by=ada, **gone
        )
        until = None if days is None else today_in(ada.organisation) + days * DAY
        agreed = {"confirmed_at": now, "confirmed_by": ada} if confirmed else {}
        about = {"holder": "House", "number": f"N-{name}", "scope": "all", "document": "signed.pdf", "recorded_by": ada}
        return PackLicence.objects.create(**own, pack=pack, seats=seats, valid_until=until, **about, **agreed)


def rows(page):
    return {row.licence.number: row for row in page.context["rows"]}


def test_a_seat_is_taken_by_whoever_has_a_log_in_and_may_hold_sessions(admin, ada, ann, ben, lea, house):
    licence(ada, seats=4)
    with tenant(house.pk):
        Practitioner.objects.create(organisation=house, name="Invited", email="eva@example.org")
        Practitioner.objects.filter(pk=ben.pk).update(access_until=today_in(house) - DAY)
    row = rows(admin.get(reverse("licence-seats")))["N-pack"]
    assert (row.used, row.free, row.over) == (2, 2, 0)  # Ann and Lea
    with tenant(house.pk):
        Practitioner.objects.filter(pk=ann.pk).update(is_active=False)
    assert rows(admin.get(reverse("licence-seats")))["N-pack"].used == 1


def test_too_many_are_said_and_keep_nobody_from_a_session(admin, ada, ann, ben, lea, nils, episode, browser):
    licence(ada, seats=1)
    assert "2 too many" in " ".join(admin.get(reverse("licence-seats")).content.decode().split())
    browser.force_login(ann.user)
    assert browser.get(reverse("session-new", args=[nils.pk])).status_code == 200


@pytest.mark.parametrize(
    ("days", "stage"), [(61, None), (60, 60), (15, 60), (14, 14), (0, 14), (-1, None), (None, None)]
)
def test_the_days_left_warn_at_sixty_and_fourteen(admin, ada, days, stage):
    licence(ada, seats=1, days=days)
    page = admin.get(reverse("licence-seats"))
    row = rows(page)["N-pack"]
    assert (row.stage, row.has_ended, row.days_left) == (stage, days == -1, days)
    text = page.content.decode()
    assert ("chip act" in text.split("<tbody>")[1].split("</tbody>")[0]) == (stage == 14 or days == -1)


def test_what_is_not_confirmed_or_withdrawn_stands_on_no_list(admin, ada):
    licence(ada, confirmed=False, name="a")
    licence(ada, withdrawn=True, name="b")
    page = admin.get(reverse("licence-seats"))
    assert page.context["rows"] == []
    assert "No confirmed licence" in page.content.decode()


def test_the_file_holds_the_same(admin, ada, ann):
    licence(ada, seats=3, days=10)
    answer = admin.get(reverse("licence-seats-csv"))
    [line] = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    assert [line[name] for name in ("Seats", "Seats taken", "Seats free", "Days left")] == ["3", "1", "2", "10"]


def test_seats_are_recorded_with_the_licence_and_none_is_none(admin, ada):
    pack = licence(ada).pack
    about = {"holder": "House", "number": "N-2", "scope": "all", "document": "signed.pdf"}
    assert admin.post(reverse("pack-detail", args=[pack.pk]), about | {"seats": "0"}).status_code == 422
    assert admin.post(reverse("pack-detail", args=[pack.pk]), about | {"seats": "25"}).status_code == 302
    with tenant(ada.organisation_id):
        assert PackLicence.objects.get(number="N-2").seats == 25


def test_only_administrators_see_it(browser, lea):
    browser.force_login(lea.user)
    assert browser.get(reverse("licence-seats")).status_code == 403
    assert browser.get(reverse("licence-seats-csv")).status_code == 403
