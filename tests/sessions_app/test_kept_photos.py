"""Pictures of confirmed sheets: kept for as many days as the organisation chooses, for those who may read the words."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from clients.models import Consent, ConsentState
from organisations.history.tracking import event_model_of
from organisations.models import AccessEvent, Organisation
from organisations.tenancy.context import tenant
from sessions_app.models import KeptPhoto, PhotoStep, PrintedSheet, SheetPhoto
from sessions_app.periodic import forget_kept_photos
from sessions_app.services import kept_photos, sheet_photos
from tests.factories import ClientFactory, EpisodeFactory, RatingFactory, SessionFactory
from tests.saving import form_on, save
from tests.statements import statements_of

pytestmark = pytest.mark.django_db
MARKED = ("individual", "relations", "social", "overall")
PICTURE = b"\xff\xd8 the whole sheet"
MARKS = {f"mark{n}": str(n) for n in range(4)} | {f"fits{n}": "on" for n in range(4)}


def keep_for(organisation, days):
    Organisation.objects.filter(pk=organisation.pk).update(sheet_photo_days=days)


@pytest.fixture
def record(ann, episode):
    with tenant(ann.organisation_id):
        return SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)


def waiting(by, session, form="ors"):
    """A sheet of the session that was read and waits to be confirmed."""
    own = {"organisation": by.organisation}
    with tenant(by.organisation_id):
        number = {"number_hash": bytes(16) + session.pk.bytes if form == "ors" else session.pk.bytes * 2}
        sheet = PrintedSheet.objects.create(
            **own, **number, instrument=form, rater="client", language="en", printed_by=by
        )
        about = {"sheet": sheet, "session": session, "step": PhotoStep.READ, "proposal": [[50, ""]] * 4}
        pictures = {"overview": PICTURE, "cut_outs": [b"\xff\xd8"] * 4}
        return SheetPhoto.objects.create(**own, taken_by=by, file_name="IMG_1.jpg", size=9, **about, **pictures)


def confirm(browser, by, session, form="ors"):
    browser.force_login(by.user)
    return browser.post(reverse("sheet-photo", args=[waiting(by, session, form).pk]), MARKS, follow=True)


def kept(organisation_id):
    with tenant(organisation_id):
        return list(KeptPhoto.objects.select_related("rating__session"))


@pytest.fixture
def photo(browser, ann, record, house):
    """What is kept for 30 days of a sheet that Ann has confirmed."""
    keep_for(house, 30)
    confirm(browser, ann, record)
    (photo,) = kept(house.pk)
    return photo


def picture(photo):
    return reverse("kept-photo", args=[photo.pk])


def answer_page(browser, by, photo):
    browser.force_login(by.user)
    return browser.get(reverse("session-flow", args=[photo.rating.session_id])).content.decode()


def choose(browser, ada, **chosen):
    """Save the page of the form as a browser sends it, with some fields changed."""
    browser.force_login(ada.user)
    url = reverse("form-settings")
    return browser.post(url, form_on(browser, url) | chosen)


def test_nothing_is_kept_unless_the_organisation_chose_it(browser, ann, record):
    page = confirm(browser, ann, record)
    assert "Stored. The picture is deleted." in page.content.decode()
    assert kept(ann.organisation_id) == []


def test_a_confirmed_sheet_stands_beside_the_answer_for_the_days_chosen(browser, ada, ann, record, house):
    assert choose(browser, ada, photo_days="30").status_code == 302
    browser.force_login(ann.user)
    assert (
        "The picture is kept beside the answer for 30 days."
        in browser.get(reverse("sheet-photo", args=[waiting(ann, record, "srs").pk])).content.decode()
    )
    assert "Stored. The picture is kept until" in confirm(browser, ann, record).content.decode()
    (photo,) = kept(house.pk)
    with tenant(house.pk):
        left = SheetPhoto.objects.get(step=PhotoStep.STORED)
    assert not any([left.content, left.overview, left.cut_outs, left.proposal, left.digest, left.file_name])
    page = answer_page(browser, ann, photo)
    assert page.count(f'src="{picture(photo)}"') == 1
    assert 'loading="lazy"' in page
    answer = browser.get(picture(photo))
    assert (answer.content, answer["Content-Type"]) == (PICTURE, "image/jpeg")
    assert answer["Content-Disposition"] == f'attachment; filename="ors-{record.held_on.isoformat()}.jpg"'
    assert (answer["Cache-Control"], answer["X-Content-Type-Options"]) == ("no-store, private", "nosniff")
    assert picture(photo) in browser.get(reverse("rating-correct", args=[photo.rating_id])).content.decode()


def test_it_still_stands_beside_an_answer_that_was_corrected(browser, ann, photo):
    url = reverse("rating-correct", args=[photo.rating_id])
    answer = save(
        browser,
        url,
        dict(zip(MARKED, "4321", strict=True)) | {"reason": "Misread", "total": "", "submission_id": str(uuid4())},
    )
    assert answer.status_code == 302, answer.context["form"].errors
    assert picture(photo) in answer_page(browser, ann, photo)


def test_who_may_not_read_the_clients_own_words_does_not_see_it(browser, ann, ben, lea, cleo, ada, dora, nils, photo):
    """Ben and Lea see the client's curve; what somebody wrote on the paper is the client's own words."""
    for person, status in ((ben, 404), (lea, 404), (cleo, 404), (ada, 403), (dora, 404)):
        browser.force_login(person.user)
        assert browser.get(picture(photo)).status_code == status
        assert browser.post(picture(photo) + "delete/").status_code == status
    assert picture(photo) not in answer_page(browser, ben, photo)
    with tenant(ann.organisation_id):
        said = {"purpose": "team", "state": ConsentState.GIVEN, "said_on": "2026-01-05", "recorded_at": timezone.now()}
        Consent.objects.create(organisation=ann.organisation, client=nils, taken_by=ann, recorded_by=ann, **said)
    browser.force_login(dora.user)
    assert browser.get(picture(photo)).status_code == 404, "another organisation"
    for person in (ben, lea):
        assert picture(photo) in answer_page(browser, person, photo)
        assert browser.get(picture(photo)).status_code == 200
    assert len(kept(ann.organisation_id)) == 1


def test_whoever_confirmed_it_sees_it(browser, ben, record, house):
    keep_for(house, 30)
    confirm(browser, ben, record)
    (photo,) = kept(house.pk)
    assert browser.get(picture(photo)).status_code == 200


def test_who_looks_and_who_deletes_is_on_record(browser, nils, photo):
    browser.get(picture(photo))
    answer = browser.post(picture(photo) + "delete/", follow=True).content.decode()
    assert "The picture is deleted. The answer stays." in answer
    assert kept(nils.organisation_id) == []
    assert browser.get(picture(photo)).status_code == 404
    with tenant(nils.organisation_id):
        events = {event.action: event.client_ids for event in AccessEvent.objects.all()}
    assert events["paper.kept_photo"] == [nils.pk]
    assert events["paper.kept_photo_delete"] == [nils.pk]


def test_when_its_days_are_over_it_is_not_shown_and_soon_deleted(browser, ann, photo, house):
    with tenant(house.pk):
        KeptPhoto.objects.update(kept_at=timezone.now() - timedelta(days=30, seconds=1))
    assert browser.get(picture(photo)).status_code == 404
    assert picture(photo) not in answer_page(browser, ann, photo)
    with tenant(house.pk):
        KeptPhoto.objects.update(kept_at=timezone.now())
    now = timezone.now()
    assert forget_kept_photos(now=now + timedelta(days=29, hours=23)) == 0
    assert forget_kept_photos(now=now + timedelta(days=30, hours=1)) == 1
    assert kept(house.pk) == []


def test_switched_off_all_are_deleted_at_once_and_with_fewer_days_the_older_ones(browser, ada, ann, photo, house):
    with tenant(house.pk):
        KeptPhoto.objects.update(kept_at=timezone.now() - timedelta(days=10))
    confirm(browser, ann, photo.rating.session, "srs")
    assert len(kept(house.pk)) == 2
    assert choose(browser, ada, photo_days="7").status_code == 302
    (left,) = kept(house.pk)
    assert left.rating.instrument == "srs"
    assert choose(browser, ada, photo_days="").status_code == 302
    assert kept(house.pk) == []
    assert form_on(browser, reverse("form-settings"))["photo_days"] == ["0"]
    with tenant(house.pk):
        days = list(event_model_of(Organisation).objects.order_by("pgh_id").values_list("sheet_photo_days", flat=True))
    assert days[-3:] == [30, 7, 0], "the history tells who chose what, and when"


def test_it_is_switched_off_while_somebody_confirms(ann, record, house, monkeypatch):
    """Ann's page was opened with 30 days; nothing is kept when that is 0 by the time she is stored."""
    keep_for(house, 30)
    ann.organisation.refresh_from_db()
    keep_for(house, 0)
    with tenant(house.pk):
        rating = RatingFactory(organisation=house, session=record, instrument="ors")
        assert kept_photos.keep_photo(content=PICTURE, rating=rating, by=ann) is None
        assert KeptPhoto.objects.count() == 0


@pytest.mark.parametrize("days", ["-1", "366", "1.5", "many"])
def test_days_that_cannot_be_are_told_beside_the_field(browser, ada, days):
    page = choose(browser, ada, photo_days=days)
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["photo_days"])
    assert f'value="{days}"' in page.content.decode()


def test_more_than_a_year_is_refused_by_the_database(house):
    with pytest.raises(IntegrityError, match="sheet_photos_for_a_year_at_most"), transaction.atomic():
        keep_for(house, 366)


def test_another_setting_saved_leaves_the_pictures(browser, ada, photo, house):
    assert choose(browser, ada, contact="Office 1").status_code == 302
    assert len(kept(house.pk)) == 1


def test_of_a_session_that_does_not_count_it_is_not_shown_until_it_counts_again(browser, ann, photo):
    session = photo.rating.session_id
    assert browser.post(reverse("session-void", args=[session]), {"reason": "Wrong client"}).status_code == 302
    assert browser.get(picture(photo)).status_code == 404
    assert browser.post(reverse("session-restore", args=[session])).status_code == 302
    assert browser.get(picture(photo)).status_code == 200


def test_it_goes_with_its_session_to_the_right_client(browser, ann, photo, service, house, red_team):
    """Whoever may read that client's words may see it, nobody else."""
    with tenant(house.pk):
        own = {"organisation": house}
        right = ClientFactory(**own, reference="N-015", teams=[red_team], contact=ann)
        episode = EpisodeFactory(**own, client=right, service=service, started_on="2020-01-01")
    moved = {"client": right.reference, "episode": str(episode.pk), "reason": "Wrong client"}
    url = reverse("session-move", args=[photo.rating.session_id])
    assert browser.post(url, form_on(browser, url) | moved).status_code == 302
    assert browser.get(picture(photo)).status_code == 200
    with tenant(house.pk):
        last = AccessEvent.objects.filter(action="paper.kept_photo").order_by("pk").last()
    assert last.client_ids == [right.pk]


def test_the_page_of_a_session_asks_once_for_both_pictures_and_never_where_none_are_kept(browser, ann, photo, house):
    def asked():
        _page, statements = statements_of(lambda: answer_page(browser, ann, photo))
        return [sql for sql in statements if "keptphoto" in sql]

    confirm(browser, ann, photo.rating.session, "srs")
    assert len(asked()) == 1
    assert all('"content"' not in sql for sql in asked())
    keep_for(house, 0)
    assert asked() == []


def test_what_was_not_confirmed_goes_after_three_days_all_the_same(ann, record, house):
    keep_for(house, 365)
    waiting(ann, record)
    with tenant(house.pk):
        assert sheet_photos.forget_old(house, timezone.now() + timedelta(days=3, hours=1)) == 1
        assert KeptPhoto.objects.count() == 0
