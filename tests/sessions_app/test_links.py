"""A form on the client's own device: one form, for a while, used up by its answer alone."""

import datetime
import re
import uuid

import pytest
from django.conf import settings as conf
from django.core import mail
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from organisations.models import AccessEvent, Capability
from organisations.tenancy.context import tenant
from organisations.tokens import capabilities
from organisations.tokens.capabilities import FORM_COOKIE
from organisations.web.route_checks import routes
from sessions_app.models import ConflictingAnswer, PendingAnswer, Rating, Session
from sessions_app.services import links
from tests.factories import RatingFactory
from tests.saving import save
from tests.sessions_app.test_form import ORS, ORS_TENTHS, OTHER, marks, record, stored  # noqa: F401

# What a link's token opens: the form, the word that somebody has begun, and what is kept for later.
ITS_OWN = {"rating-form", "rating-save-draft", "form-started"}


def token_routes():
    return [(pattern.name, path) for path, pattern in routes() if "<str:token>" in path]


@pytest.fixture
def staff(ann):
    browser = Browser()
    browser.force_login(ann.user)
    return browser


@pytest.fixture
def phone():
    return Browser(enforce_csrf_checks=True)


def page_of(client, session=None):
    address = reverse("client-links", args=[client.pk])
    return f"{address}?session={session.pk}" if session else address


def send(staff, client, session=None, **fields):
    """Make a link; the answering page."""
    return staff.post(page_of(client, session), {"form": "ors", "way": "text", "closing": "", **fields})


def token_in(page):
    return re.search(rf"{conf.SITE_URL}/f/([\w-]+)/", page.content.decode())[1]


def open_link(phone, token):
    """What a person does: tap the link. The form's page."""
    return phone.get(reverse("rating-form", args=[token]), follow=True)


def sent_ago(**ago):
    Capability.objects.update(expires_at=timezone.now() - datetime.timedelta(**ago))


def test_a_link_opens_one_form_and_its_answer_is_kept(staff, phone, nils, record):  # noqa: F811
    token = token_in(send(staff, nils, record))
    page = open_link(phone, token)
    words = page.content.decode()
    assert page.status_code == 200
    assert page.redirect_chain[-1][0].startswith("/f/o/")
    assert token not in page.request["PATH_INFO"]
    assert "How are things?" in words
    assert "What happens with your answer" in words
    assert "Solsikke Municipality" in words
    for unwanted in ("Nils", "N-014", "tablet", "/unlock/"):
        assert unwanted not in words
    answer = phone.post(reverse("rating-form", args=[token]), marks(), follow=True)
    assert answer.status_code == 200
    assert "Thank you." in answer.content.decode()
    assert "tablet" not in answer.content.decode()
    (rating,) = stored(record)
    assert (rating.session_id, rating.marks, rating.late) == (record.pk, ORS_TENTHS, False)


def test_only_the_finished_answer_uses_a_link_up(staff, phone, nils, record):  # noqa: F811
    token = token_in(send(staff, nils, record))
    for _scanner in range(20):  # opens, follows, keeps cookies, posts whatever forms it finds
        scanner = Browser()
        for method in (scanner.get, scanner.head):
            assert method(reverse("rating-form", args=[token]), follow=True).status_code == 200
        assert scanner.post(reverse("rating-form", args=[token])).status_code == 422
        assert scanner.post(reverse("rating-form", args=[token]), {"submission_id": uuid.uuid4()}).status_code == 422
    assert stored(record) == []
    assert open_link(phone, token).status_code == 200
    assert phone.post(reverse("rating-form", args=[token]), marks()).status_code == 303


def test_the_cookie_is_this_forms_own(staff, phone, nils, record):  # noqa: F811
    token = token_in(send(staff, nils, record))
    answer = phone.get(reverse("rating-form", args=[token]))
    cookie = answer.cookies[FORM_COOKIE]
    (row,) = Capability.objects.all()
    page = reverse("link-form", args=[capabilities.public_id(row)])
    assert (answer.headers["Location"], cookie["path"], cookie.value) == (page, page, token)
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert 0 < cookie["max-age"] <= 72 * 3600
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert Browser().get(page).status_code == 404  # without the cookie the address opens nothing
    other = token_in(send(staff, nils, record, form="srs"))
    crossed = Browser()
    crossed.cookies[FORM_COOKIE] = other
    assert crossed.get(page).status_code == 404


def test_a_lost_cookie_loses_no_answer(staff, phone, nils, record):  # noqa: F811
    token = token_in(send(staff, nils, record))
    assert phone.post(reverse("rating-form", args=[token]), marks()).status_code == 303
    assert len(stored(record)) == 1


@pytest.mark.parametrize("ago", [{"hours": 1}, {"days": 29}])
def test_after_its_time_a_link_opens_nothing_but_takes_what_was_marked(staff, phone, nils, record, ago):  # noqa: F811
    token = token_in(send(staff, nils, record))
    assert Capability.objects.get().expires_at <= timezone.now() + links.LINK_OPEN_FOR
    sent_ago(**ago)
    page = open_link(phone, token)
    assert page.status_code == 410
    assert "send you a new one" in page.content.decode()
    assert phone.post(reverse("rating-form", args=[token]), marks()).status_code == 303
    assert stored(record)[0].late


@pytest.mark.parametrize("late", [True, False])
def test_staff_see_that_an_answer_came_late(staff, phone, nils, record, late):  # noqa: F811
    token = token_in(send(staff, nils, record))
    if late:
        sent_ago(days=3)
    phone.post(reverse("rating-form", args=[token]), marks())
    session = staff.get(reverse("session-flow", args=[record.pk])).content.decode()
    result = staff.get(reverse("session-result", args=[record.pk, "ors"])).content.decode()
    assert ("Came late" in session, "after the form had closed" in result) == (late, late)


def test_a_new_link_closes_the_earlier_one_to_the_same_form(staff, phone, nils, record):  # noqa: F811
    first, second = (token_in(send(staff, nils, record)) for _ in range(2))
    assert open_link(phone, first).status_code == 410
    assert open_link(phone, second).status_code == 200


def state(staff, client):
    (state,) = staff.get(reverse("client-links-state", args=[client.pk])).json()["links"].values()
    return state["words"]


def test_the_practitioner_sees_how_far_it_is(staff, phone, nils, record):  # noqa: F811
    token = token_in(send(staff, nils, record))
    assert "Not opened yet" in state(staff, nils)
    open_link(phone, token)
    assert state(staff, nils).startswith("Opened")
    assert phone.post(reverse("form-started", args=[token])).status_code == 204
    assert state(staff, nils).startswith("First mark set")
    phone.post(reverse("rating-form", args=[token]), marks())
    assert state(staff, nils).startswith("Answered")
    assert "Answered" in staff.get(page_of(nils)).content.decode()


def test_an_open_page_that_asks_again_writes_no_row_until_something_changed(staff, phone, nils, record):  # noqa: F811
    token = token_in(send(staff, nils, record))
    tag = staff.get(page_of(nils, record)).context["tag"]

    def looks():
        with tenant(nils.organisation_id):
            return AccessEvent.objects.filter(action="link.state").count()

    def ask(tag):
        return staff.get(reverse("client-links-state", args=[nils.pk]), headers={"If-None-Match": tag})

    answers = [ask(tag) for _ in range(20)]
    assert {(answer.status_code, answer.content) for answer in answers} == {(304, b"")}
    assert looks() == 0
    open_link(phone, token)
    changed = ask(tag)
    assert "Opened" in changed.content.decode()
    assert looks() == 1
    assert (ask(changed.headers["ETag"]).status_code, looks()) == (304, 1)
    assert (ask("").status_code, looks()) == (200, 2)


def test_a_withdrawn_link_is_closed_and_its_answer_waits_for_a_decision(staff, phone, nils, record, ann):  # noqa: F811
    token = token_in(send(staff, nils, record))
    (row,) = Capability.objects.all()
    withdraw = reverse("link-withdraw", args=[nils.pk, capabilities.public_id(row)])
    assert staff.post(withdraw).status_code == 302
    assert state(staff, nils).startswith("Withdrawn")
    assert open_link(phone, token).status_code == 410
    assert phone.post(reverse("rating-form", args=[token]), marks()).status_code == 303
    assert stored(record) == []
    (held,) = stored(record, PendingAnswer)
    page = staff.get(reverse("session-flow", args=[record.pk])).content.decode()
    assert reverse("pending-answer-decide", args=[record.pk, held.pk]) in page
    assert "6.2 · 7.1 · 5.8 · 7.2" in page
    for _double_click in range(2):
        staff.post(reverse("pending-answer-decide", args=[record.pk, held.pk]), {"take": "count"})
    (rating,) = stored(record)
    (held,) = stored(record, PendingAnswer)
    assert (rating.marks, rating.created_at) == (ORS_TENTHS, held.created_at)
    assert (held.taken, held.decided_by_id) == (True, ann.pk)


def test_a_held_answer_that_is_left_aside_stays_stored(staff, phone, nils, record):  # noqa: F811
    token = token_in(send(staff, nils, record))
    Capability.objects.update(revoked_at=timezone.now())
    phone.post(reverse("rating-form", args=[token]), marks())
    (held,) = stored(record, PendingAnswer)
    staff.post(reverse("pending-answer-decide", args=[record.pk, held.pk]), {"take": "aside"})
    (held,) = stored(record, PendingAnswer)
    assert (held.taken, held.decided_at is not None, stored(record)) == (False, True, [])
    assert "pending-answer-decide" not in staff.get(reverse("session-flow", args=[record.pk])).content.decode()


def test_an_ors_sent_ahead_belongs_to_the_session_that_starts(staff, phone, nils, episode):
    token = token_in(send(staff, nils))
    answer = phone.post(reverse("rating-form", args=[token]), marks(), follow=True)
    assert "Thank you." in answer.content.decode()
    with tenant(nils.organisation_id):
        assert not Rating.objects.exists()
        (held,) = PendingAnswer.objects.all()
    started = staff.post(reverse("session-start", args=[nils.pk]))
    with tenant(nils.organisation_id):
        session = Session.objects.get()
        rating = Rating.objects.get()
        held.refresh_from_db()
    assert started.headers["Location"] == reverse("session-flow", args=[session.pk])
    assert (rating.session_id, rating.marks, rating.created_at) == (session.pk, ORS_TENTHS, held.created_at)
    assert (held.taken, held.session_id, held.decided_by_id) == (True, session.pk, None)
    episode.refresh_from_db()


def test_one_that_comes_after_the_start_goes_to_that_session(staff, phone, nils, episode):
    token = token_in(send(staff, nils))
    staff.post(reverse("session-start", args=[nils.pk]))
    assert phone.post(reverse("rating-form", args=[token]), marks()).status_code == 303
    with tenant(nils.organisation_id):
        assert Rating.objects.get().session == Session.objects.get()
        assert not PendingAnswer.objects.exists()


def test_what_was_marked_more_than_a_week_ago_is_asked_about(staff, phone, nils, episode):
    token = token_in(send(staff, nils))
    phone.post(reverse("rating-form", args=[token]), marks())
    with tenant(nils.organisation_id):
        PendingAnswer.objects.update(created_at=timezone.now() - datetime.timedelta(days=8))
    staff.post(reverse("session-start", args=[nils.pk]))
    with tenant(nils.organisation_id):
        session, held = Session.objects.get(), PendingAnswer.objects.get()
        assert not Rating.objects.exists()
    assert str(held.pk) in staff.get(reverse("session-flow", args=[session.pk])).content.decode()


def test_a_form_sent_ahead_is_closed_when_its_episode_ends(staff, phone, nils, episode):
    """No session comes that its answer could belong to; on no page would anybody see that it waits."""
    token = token_in(send(staff, nils))
    assert open_link(phone, token).status_code == 200
    ending = {"ended_on": str(timezone.localdate()), "ending": "planned"}
    assert save(staff, reverse("episode-end", args=[episode.pk]), ending).status_code == 302
    assert open_link(phone, token).status_code == 410
    phone.post(reverse("rating-form", args=[token]), marks())
    with tenant(nils.organisation_id):
        assert [answer.why for answer in PendingAnswer.objects.all()] == ["withdrawn"], "not lost all the same"


def test_two_different_answers_ahead_are_both_kept(staff, phone, nils, episode):
    token = token_in(send(staff, nils))
    for answer in (ORS, OTHER):
        phone.post(reverse("rating-form", args=[token]), marks(answer))
    staff.post(reverse("session-start", args=[nils.pk]))
    with tenant(nils.organisation_id):
        assert Rating.objects.get().marks == ORS_TENTHS
        assert ConflictingAnswer.objects.get().marks == [62, 71, 58, 10]


@pytest.mark.parametrize("name", [name for name, path in token_routes() if name not in ITS_OWN])
def test_a_links_token_opens_no_other_route(staff, phone, nils, record, name):  # noqa: F811
    token = token_in(send(staff, nils, record))
    for method in (phone.get, phone.post):
        assert method(reverse(name, args=[token])).status_code in {403, 404, 405}


def test_a_mail_holds_the_link_and_no_name_and_the_address_is_not_kept(staff, nils, record):  # noqa: F811
    page = send(staff, nils, record, way="mail", email="nils.private@example.org")
    assert "The e-mail has left." in page.content.decode()
    (letter,) = mail.outbox
    text = letter.subject + letter.body
    assert letter.to == ["nils.private@example.org"]
    assert re.search(r"/f/[\w-]{43}/", text)
    for name in ("Nils", "N-014", "Solsikke", "Ann"):
        assert name not in text
    assert "nils.private" not in page.content.decode()
    with tenant(nils.organisation_id):
        assert "nils.private" not in repr(list(AccessEvent.objects.values()))
    assert "nils.private" not in repr(list(Capability.objects.values()))


def test_a_mail_server_that_is_away_is_said_and_the_link_is_there_to_copy(staff, nils, record, settings):  # noqa: F811
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 2
    page = send(staff, nils, record, way="mail", email="nils@example.org")
    assert page.status_code == 200
    assert "could not be sent" in page.content.decode()
    assert token_in(page)


def test_a_code_is_a_picture_without_a_name(staff, nils, record):  # noqa: F811
    page = send(staff, nils, record, way="qr").content.decode()
    picture = re.search(r'<img class="code" src="(data:image/svg\+xml[^"]+)"', page)[1]
    assert "Nils" not in picture


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"way": "mail"}, "Write the address"),
        ({"way": "mail", "email": "no address"}, "valid email"),
        ({"form": "cors"}, "valid choice"),
        ({"way": "pigeon"}, "valid choice"),
        ({"closing": "You are wonderful, Nils"}, "valid choice"),
    ],
)
def test_what_is_missing_is_said_beside_the_field(staff, nils, record, fields, words):  # noqa: F811
    page = send(staff, nils, record, **fields)
    assert (page.status_code, words in page.content.decode()) == (422, True)
    assert not Capability.objects.exists()


def test_an_answered_form_is_not_offered(staff, nils, record, ann):  # noqa: F811
    with tenant(ann.organisation_id):
        RatingFactory(organisation=ann.organisation, session=record)
    page = staff.get(page_of(nils, record)).content.decode()
    assert 'value="ors"' not in page
    assert 'value="srs"' in page
    assert send(staff, nils, record).status_code == 422


def test_a_session_of_somebody_else_is_not_found(staff, nils, cleo, dora):
    assert staff.get(page_of(nils) + f"?session={uuid.uuid4()}").status_code == 404
    assert staff.get(page_of(nils) + "?session=nonsense").status_code == 404


def test_the_last_words_are_ours_and_in_the_clients_language(staff, phone, nils, record):  # noqa: F811
    token = token_in(send(staff, nils, record, closing="see-you"))
    thanks = phone.post(reverse("rating-form", args=[token]), marks(), follow=True).content.decode()
    assert "See you next time." in thanks
    other = token_in(send(staff, nils, record, form="srs"))
    assert "See you next time." not in open_link(phone, other).content.decode()


@pytest.mark.parametrize("number", [1, 5])
def test_the_page_costs_the_same_for_any_number_of_links(
    staff,
    nils,
    record,  # noqa: F811
    number,
    django_assert_max_num_queries,
):
    for _ in range(number):
        send(staff, nils, record)
    with django_assert_max_num_queries(24):
        page = staff.get(page_of(nils, record))
    assert page.content.decode().count("data-link=") == number
