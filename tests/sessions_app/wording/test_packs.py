"""Licensed wording from the file to the form, and back to our own words when its licence ends."""

import datetime
import uuid

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.models import Client
from organisations.audit.record import recorded
from organisations.models import CapabilityKind, Organisation, Practitioner
from organisations.tenancy.context import tenant
from organisations.tokens import capabilities
from sessions_app import periodic
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.models import EntryMode, Pack, PackLicence, PackReminder, Rating
from sessions_app.services import corrections, ratings
from sessions_app.services.ratings import Answer
from sessions_app.texts.form_wording import wording_for
from sessions_app.wording import packs
from sessions_app.wording.choice import choose_wording
from tests.factories import OrganisationFactory, PractitionerFactory, SessionFactory
from tests.sessions_app.wording.packs import content, png, raw, uri

pytestmark = pytest.mark.django_db
MARKS = {"individual": "6.2", "relations": "7.1", "social": "5.8", "overall": "7.2"}
OPEN = "not the licensed scales"


@pytest.fixture
def admin(browser, ada):
    browser.force_login(ada.user)
    return browser


@pytest.fixture
def today(time_machine):
    """A day that can be moved: `today(5)` is five days later."""
    start = datetime.datetime(2026, 11, 2, 12, tzinfo=datetime.UTC)
    time_machine.move_to(start)

    def move(days):
        time_machine.move_to(start + datetime.timedelta(days=days))

    return move


@pytest.fixture
def record(ann, episode):
    with tenant(ann.organisation_id):
        return SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)


@pytest.fixture
def address(record):
    token = capabilities.mint(
        kind=CapabilityKind.HANDOVER,
        organisation_id=record.organisation_id,
        object_id=record.pk,
        detail="ors",
        lifetime=datetime.timedelta(hours=4),
    )
    return reverse("rating-form", args=[token])


def in_house(ada, do):
    own = ada.organisation_id
    with tenant(own), recorded(organisation_id=own, request_id="test"):
        return do()


def bring(ada, *args, **more):
    return in_house(ada, lambda: packs.import_pack(raw=raw(*args, **more), by=ada))


def license_it(ada, pack, until=datetime.date(2027, 1, 1), *, confirm=True):
    def do():
        licence = packs.record_licence(
            pack=pack, holder="Us", number="L-7", scope="electronic", document="d", valid_until=until, by=ada
        )
        if confirm:
            packs.confirm_licence(licence=licence, by=ada)
        return licence

    return in_house(ada, do)


def shown(address) -> str:
    return Browser().get(address).content.decode()


def choose(ada, instrument="ors", language="en"):
    with tenant(ada.organisation_id):
        return choose_wording(organisation_id=ada.organisation_id, form=FormKey(instrument), language=language)


def send(address, **more):
    return Browser().post(address, {**MARKS, "submission_id": str(uuid.uuid4()), **more})


def the_rating(ada) -> Rating:
    with tenant(ada.organisation_id):
        return Rating.objects.get(superseded_by=None)


def upload(admin, data):
    return admin.post(reverse("packs"), {"file": SimpleUploadedFile("garden.json", data)})


def test_from_the_file_to_the_form(admin, ada, address):
    answer = upload(admin, raw())
    assert answer.status_code == 302
    assert OPEN in shown(address)
    detail = answer.url
    licence = {
        "holder": "House",
        "number": "L-9",
        "scope": "screens",
        "valid_until": "2999-01-31",
        "document": "contract.pdf",
    }
    assert admin.post(detail, {**licence, "number": ""}).status_code == 422
    assert admin.post(detail, licence).status_code == 302
    assert OPEN in shown(address)
    page = admin.get(detail).content.decode()
    assert "not confirmed" in page
    assert "contract.pdf" in page
    with tenant(ada.organisation_id):
        recorded = PackLicence.objects.get()
    assert admin.post(reverse("licence-confirm", args=[recorded.pk]), follow=True).status_code == 200
    form = shown(address)
    assert OPEN not in form
    for words in ("How is the garden?", "Walk along the beds.", "Bed 3", "how it grows in bed 3", "dry 1", "green 4",
                  "© 2026 The Garden Society", "all the way to the end: dry 2", "very close to: green 3"):  # fmt: skip
        assert words in form
    assert "Shown on the forms" in admin.get(reverse("packs")).content.decode()
    admin.post(reverse("pack-withdraw", args=[recorded.pack_id]))
    assert OPEN in shown(address)
    page = admin.get(detail).content.decode()
    assert "Withdrawn" in page
    assert "Record a licence" not in page
    assert admin.post(detail, licence).status_code == 422
    with tenant(ada.organisation_id):
        pack = Pack.objects.get()
        assert (pack.imported_by_id, pack.withdrawn_by_id) == (ada.pk, ada.pk)
        assert PackLicence.objects.get().confirmed_by_id == ada.pk


def test_a_file_with_faults_is_told_with_line_column_and_place(admin, ada):
    page = upload(admin, raw(title="<b>"))
    assert page.status_code == 422
    assert "column 11 (title): Text only" in page.content.decode()
    with tenant(ada.organisation_id):
        assert not Pack.objects.exists()


def test_a_version_comes_once_and_a_new_one_replaces_it(admin, ada, address, today):
    license_it(ada, bring(ada))
    assert "is here already" in upload(admin, raw(title="Other")).content.decode()
    today(1)
    newer = bring(ada, version="1.1", title="How are the roses?")
    assert "How is the garden?" in shown(address)
    license_it(ada, newer)
    assert "How are the roses?" in shown(address)


def test_a_licence_that_has_ended_is_not_recorded(ada, admin, today):
    pack = bring(ada)
    given = {"holder": "a", "number": "b", "scope": "c", "document": "d", "valid_until": "2026-11-01"}
    page = admin.post(reverse("pack-detail", args=[pack.pk]), given)
    assert "That day has passed." in page.content.decode()
    assert admin.post(reverse("pack-detail", args=[pack.pk]), {**given, "valid_until": "2026-11-02"}).status_code == 302


def test_after_the_last_day_our_own_words_stand_in_and_staff_is_told(browser, ann, ada, record, address, today):
    license_it(ada, bring(ada), datetime.date(2026, 11, 3))
    browser.force_login(ann.user)
    flow = reverse("session-flow", args=[record.pk])
    today(1)
    assert "How is the garden?" in shown(address)
    assert send(address, pack="garden@1.0").status_code == 303
    assert the_rating(ada).pack == "garden@1.0"
    with tenant(ada.organisation_id):
        other = SessionFactory(organisation=ada.organisation, episode=record.episode, practitioner=ann)
    flow = reverse("session-flow", args=[other.pk])
    assert "ended on" not in browser.get(flow).content.decode()
    today(2)
    browser.force_login(ann.user)
    page = browser.get(flow).content.decode()
    assert "wording ended on 3 November 2026" in page.replace("Nov. 3, 2026", "3 November 2026")
    chosen = choose(ada)
    assert (chosen.pack, chosen.words) == ("", wording_for("ors", "en"))
    assert chosen.lapsed_on == datetime.date(2026, 11, 3)
    assert the_rating(ada).pack == "garden@1.0"


def test_a_renewal_goes_on_and_a_licence_without_an_end_holds(ada, today):
    pack = bring(ada)
    license_it(ada, pack, datetime.date(2026, 11, 3))
    license_it(ada, pack, datetime.date(2026, 12, 24))
    today(20)
    assert choose(ada).pack == "garden@1.0"
    today(90)
    assert choose(ada).lapsed_on == datetime.date(2026, 12, 24)
    forever = bring(ada, pack="meadow")
    license_it(ada, forever, None)
    today(20_000)
    assert choose(ada).pack == "meadow@1.0"


def test_only_the_same_form_language_and_organisation(ada):
    license_it(ada, bring(ada, language="da"))
    assert choose(ada, language="da").pack == "garden@1.0"
    assert choose(ada, language="da-dk").pack == "garden@1.0"
    assert choose(ada, language="en").pack == ""
    assert choose(ada, instrument="srs", language="da").pack == ""
    elsewhere = OrganisationFactory()
    with tenant(elsewhere.pk):
        found = choose_wording(organisation_id=elsewhere.pk, form=FormKey("ors"), language="da")
        assert (found.pack, found.lapsed_on, found.direction) == ("", None, "ltr")


def test_the_form_of_a_right_to_left_pack_is_mirrored(ada, nils, address):
    faces = content()["items"]
    faces[0]["left_image"] = uri(png())
    license_it(ada, bring(ada, language="ar", direction="rtl", title="كيف الحديقة؟", items=faces))
    with tenant(ada.organisation_id):
        Client.objects.filter(pk=nils.pk).update(form_language="ar")
    page = shown(address)
    assert '<html lang="ar" dir="rtl">' in page
    assert "كيف الحديقة؟" in page
    assert f'<img src="{uri(png())}"' in page
    send(address, pack="garden@1.0")
    assert (the_rating(ada).language, the_rating(ada).pack) == ("ar", "garden@1.0")


def test_a_language_that_nobody_has_words_in_is_english(ada, nils, address):
    with tenant(ada.organisation_id):
        Client.objects.filter(pk=nils.pk).update(form_language="ar")
    page = shown(address)
    assert '<html lang="en" dir="ltr">' in page
    assert OPEN in page
    send(address)
    assert (the_rating(ada).language, the_rating(ada).pack) == ("en", "")


@pytest.mark.parametrize("name", ["garden@2.0", "meadow@1.0", "garden", "@", "garden@1.0@1", "x" * 9999])
def test_a_pack_that_is_not_here_is_not_written_down(ada, address, name):
    bring(ada)
    assert send(address, pack=name).status_code == 303
    assert the_rating(ada).pack == ""


def test_an_answer_that_was_on_its_way_when_the_pack_was_withdrawn_keeps_its_name(ada, address):
    pack = bring(ada)
    license_it(ada, pack)
    assert '<input type="hidden" name="pack" value="garden@1.0">' in shown(address)
    in_house(ada, lambda: packs.withdraw_pack(pack=pack, by=ada))
    assert send(address, pack="garden@1.0").status_code == 303
    assert the_rating(ada).pack == "garden@1.0"


def test_a_correction_keeps_the_pack_and_nothing_changes_it(ada, ann, address):
    license_it(ada, bring(ada))
    send(address, pack="garden@1.0")
    rating = the_rating(ada)
    in_house(
        ada,
        lambda: corrections.correct_rating(
            rating=rating, answer=Answer((1, 1, 1, 1), 4), reason="Paper", by=ann, entry_mode=EntryMode.PAPER
        ),
    )
    assert the_rating(ada).pack == "garden@1.0"
    with tenant(ada.organisation_id), pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        Rating.objects.filter(pk=rating.pk).update(pack="")


def test_the_form_costs_one_query_more_with_or_without_a_pack(ada, address):
    def cost(do):
        with CaptureQueriesContext(connection) as queries:
            do()
        return [query["sql"] for query in queries.captured_queries if "sessions_app_pack" in query["sql"]]

    shown(address)  # a page of these words is prepared once a process
    assert len(cost(lambda: shown(address))) == 1
    license_it(ada, bring(ada))
    shown(address)
    assert len(cost(lambda: shown(address))) == 1
    assert len(cost(lambda: send(address, individual="", pack="garden@1.0"))) == 1
    # The rating itself is written with its pack; only one query asks for it.
    assert len([sql for sql in cost(lambda: send(address, pack="garden@1.0")) if "SELECT" in sql[:6]]) == 1


def test_confirming_twice_keeps_the_first_and_a_withdrawn_pack_cannot_be_licensed(ada, admin, ann):
    pack = bring(ada)
    licence = license_it(ada, pack, confirm=False)
    admin.post(reverse("licence-confirm", args=[licence.pk]))
    in_house(ada, lambda: packs.confirm_licence(licence=licence, by=ann))
    with tenant(ada.organisation_id):
        assert PackLicence.objects.get().confirmed_by_id == ada.pk
    waiting = license_it(ada, pack, confirm=False)
    in_house(ada, lambda: packs.withdraw_pack(pack=pack, by=ada))
    page = admin.post(reverse("licence-confirm", args=[waiting.pk]), follow=True).content.decode()
    assert "This pack was withdrawn." in page
    with tenant(ada.organisation_id):
        assert PackLicence.objects.get(pk=waiting.pk).confirmed_at is None


def test_nobody_confirms_without_a_name(ada):
    licence = license_it(ada, bring(ada), confirm=False)
    found = PackLicence.objects.filter(pk=licence.pk)
    refused = pytest.raises(IntegrityError, match="confirmed_by_somebody")
    with tenant(ada.organisation_id), refused, transaction.atomic():
        found.update(confirmed_at=datetime.datetime.now(datetime.UTC))


# Reminders


def reminded() -> list[str]:
    """Who gets a mail in a run of the daily job; a second run sends nothing."""
    mail.outbox.clear()
    count = periodic.remind_of_licences()
    assert count == len(mail.outbox)
    assert periodic.remind_of_licences() == 0
    return sorted(message.to[0] for message in mail.outbox)


def test_administrators_are_reminded_60_and_14_days_before_once_each(ada, ann, today):
    license_it(ada, bring(ada), datetime.date(2027, 1, 31))  # day 90
    days = {}
    for day in (29, 30, 31, 75, 76, 77, 90, 91):
        today(day)
        if found := reminded():
            days[day] = found
    assert days == {30: [ada.user.email], 76: [ada.user.email]}
    with tenant(ada.organisation_id):
        assert sorted(PackReminder.objects.values_list("days", flat=True)) == [14, 60]


def test_the_mail_says_which_licence_and_when(ada, today):
    license_it(ada, bring(ada), datetime.date(2026, 11, 10))
    with tenant(ada.organisation_id):
        Organisation.objects.filter(pk=ada.organisation_id).update(language="en")
    assert reminded() == [ada.user.email]
    message = mail.outbox[0]
    assert "garden@1.0" in message.subject
    assert "\n" not in message.subject
    assert "garden@1.0" in message.body
    assert "own wording" in message.body


def test_no_mail_without_need(ada, today):
    unconfirmed = bring(ada, pack="a")
    license_it(ada, unconfirmed, datetime.date(2026, 11, 5), confirm=False)
    renewed = bring(ada, pack="b")
    license_it(ada, renewed, datetime.date(2026, 11, 5))
    license_it(ada, renewed, datetime.date(2027, 11, 5))
    endless = bring(ada, pack="c")
    license_it(ada, endless, datetime.date(2026, 11, 5))
    license_it(ada, endless, None)
    withdrawn = bring(ada, pack="d")
    license_it(ada, withdrawn, datetime.date(2026, 11, 5))
    in_house(ada, lambda: packs.withdraw_pack(pack=withdrawn, by=ada))
    assert reminded() == []


def test_each_administrator_who_can_log_in(ada, today):
    license_it(ada, bring(ada), datetime.date(2026, 11, 5))
    with tenant(ada.organisation_id):
        eva = PractitionerFactory(organisation=ada.organisation, role="admin")
        PractitionerFactory(organisation=ada.organisation, role="admin", is_active=False)
        PractitionerFactory(organisation=ada.organisation, role="admin", user=None, email="new@example.org")
    assert reminded() == sorted([ada.user.email, eva.user.email])
    with tenant(ada.organisation_id):
        assert Practitioner.objects.filter(role="admin").count() == 4


def test_while_no_mail_can_be_sent_nothing_is_marked_as_sent(ada, today, settings):
    license_it(ada, bring(ada), datetime.date(2026, 11, 5))
    before, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert periodic.remind_of_licences() == 0
    settings.EMAIL_BACKEND = before
    assert reminded() == [ada.user.email]


def test_where_nobody_says_whose_words_they_were_nothing_is_claimed(ada, ann, record):
    license_it(ada, bring(ada))
    in_house(
        ada,
        lambda: ratings.record_rating(
            session=record,
            form=FormKey("ors"),
            answer=Answer((1, 1, 1, 1), 4),
            entry_mode=EntryMode.PAPER,
            submission_id=uuid.uuid4(),
            by=ann,
        ),
    )
    assert (the_rating(ada).pack, the_rating(ada).language) == ("", "")
