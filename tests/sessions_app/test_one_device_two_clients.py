"""Two clients, one after the other, on one device: what was opened for the first is closed for the second."""

import uuid

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clients.models import Rater
from organisations.audit.record import Collected, collecting
from organisations.models import Capability, CapabilityKind
from organisations.tenancy.context import tenant
from organisations.tokens import capabilities
from sessions_app.models import Attendance, PendingAnswer, Rating, RatingDraft, Session
from sessions_app.services import corrections
from sessions_app.services.drafts import keep_from_device
from sessions_app.services.pending_answers import submit_answer
from tests.factories import ClientFactory, EpisodeFactory, ServiceFactory, SessionFactory
from tests.kiosk import hand_over
from tests.people import PASSWORD
from tests.saving import save
from tests.sessions_app.test_form import ORS, ORS_TENTHS, marks
from tests.sessions_app.test_groups import begin, clients, form_at, meeting, on_from, send, shown, staff  # noqa: F401
from tests.sessions_app.test_links import open_link, token_in
from tests.sessions_app.test_links import send as send_link
from tests.sessions_app.test_sealed import deliver, filled, keys, seal  # noqa: F401

pytestmark = pytest.mark.django_db
LINES = "Close relationships"
CLOSED = "This form is closed"
OTHER = {"individual": "1", "relations": "1", "social": "1", "overall": "1"}


@pytest.fixture
def second(ann, red_team, service):
    """A session of Bea's, another client of Ann's team."""
    with tenant(ann.organisation_id):
        own = {"organisation": ann.organisation}
        bea = ClientFactory(**own, reference="B-002", first_name="Bea", teams=[red_team], contact=ann)
        episode = EpisodeFactory(**own, client=bea, service=service)
        return SessionFactory(**own, episode=episode, practitioner=ann)


@pytest.fixture
def device(ann):
    """Ann's tablet, in Ann's hands."""
    browser = Browser()
    browser.force_login(ann.user)
    return browser


def unlock(device):
    return device.post(reverse("unlock"), {"secret": PASSWORD})


def token_of(address):
    return address.split("/")[2]


def rows(session, model=Rating):
    with tenant(session.organisation_id):
        return list(model.objects.order_by("pk"))


def held(session):
    """The answers that wait for somebody to decide, as (session, marks)."""
    return [(one.session_id, one.marks) for one in rows(session, PendingAnswer) if one.decided_at is None]


def is_closed(page):
    words = page.content.decode()
    return page.status_code == 410 and CLOSED in words and LINES not in words


def to_the_second(device, record, second):
    """Handed over to Nils, who marks nothing; unlocked; handed over to Bea. The addresses of both forms."""
    first = hand_over(device, record)
    assert LINES in device.get(first).content.decode()
    assert unlock(device).status_code == 302
    return first, hand_over(device, second)


def test_the_second_client_goes_back_and_finds_a_closed_form(device, record, second):
    first, own = to_the_second(device, record, second)
    assert is_closed(device.get(first))
    assert device.head(first).status_code == 410
    assert LINES in device.get(own).content.decode()


def test_an_answer_on_the_first_clients_page_waits_for_a_decision(device, record, second):
    """The page of the first client's form still stood open in another tab."""
    first, own = to_the_second(device, record, second)
    for _again in range(2):
        device.post(first, marks(ORS, submission_id="7e1c4f0e-24f5-4f0c-9d0f-0d6c2f3b7a11"))
    assert rows(record) == []
    assert held(record) == [(record.pk, ORS_TENTHS)]
    assert device.post(own, marks(OTHER)).status_code == 303
    assert [rating.session_id for rating in rows(record)] == [second.pk]


def test_marks_that_staff_kept_for_the_first_are_not_shown_to_the_second(device, record, second):
    first = hand_over(device, record)
    unlock(device)
    device.post(reverse("rating-key-in", args=[record.pk, "ors"]), {"individual": "6,2", "keep": "1"})
    assert [draft.given for draft in rows(record, RatingDraft)] == [{"individual": 62}]
    hand_over(device, second)
    assert '"06.2"' not in (page := device.get(first).content.decode()) and 'data-mark="62"' not in page


def test_a_form_never_shows_what_staff_keyed_in_after_it_was_opened(device, ann, record):
    """Also while it is open: another colleague keys in meanwhile."""
    first = hand_over(device, record)
    other = Browser()
    other.force_login(ann.user)
    other.post(reverse("rating-key-in", args=[record.pk, "ors"]), {"individual": "6,2", "keep": "1"})
    assert 'data-mark="62"' not in device.get(first).content.decode()
    unlock(device)
    again = hand_over(device, record)
    assert 'data-mark="62"' in device.get(again).content.decode(), "opened after it, by the hand of staff"


def test_save_and_go_on_later_goes_on_in_the_next_hand_over(device, record):
    first = hand_over(device, record)
    assert device.post(f"{first}later/", {"individual": "6.2"}).status_code == 303
    unlock(device)
    again = hand_over(device, record)
    assert 'data-mark="62"' in device.get(again).content.decode()
    assert device.post(again, marks(ORS)).status_code == 303
    assert [rating.marks for rating in rows(record)] == [ORS_TENTHS]


def test_the_second_client_keeps_nothing_for_the_first(device, record, second):
    first, _own = to_the_second(device, record, second)
    assert device.post(f"{first}later/", {"individual": "6.2"}).status_code == 410
    assert rows(record, RatingDraft) == []


@pytest.mark.parametrize("cookie", ["kept", "lost"])
def test_a_restored_tab_after_unlocking_shows_no_lines(device, record, settings, cookie):
    first = hand_over(device, record)
    if cookie == "lost":  # the session alone knows which hand-over it is
        del device.cookies[settings.HANDOVER_COOKIE_NAME]
    unlock(device)
    assert is_closed(device.get(first))
    assert is_closed(Browser().get(first)), "nor does a tablet that has lost its cookies"


@pytest.mark.parametrize("way", ["log_out", "wrong"])
def test_a_hand_over_that_ends_in_a_log_out_is_closed_too(device, record, settings, way):
    first = hand_over(device, record)
    for _attempt in range(5):
        device.cookies.pop(settings.HANDOVER_COOKIE_NAME, None)  # the session alone knows which hand-over it is
        device.post(reverse("unlock"), {"log_out": "1"} if way == "log_out" else {"secret": "wrong"})
    assert is_closed(device.get(first))


def test_a_tablet_whose_session_was_lost_closes_the_first_form_when_it_is_handed_over_anew(
    device, ann, record, second, settings
):
    first = hand_over(device, record)
    del device.cookies[settings.SESSION_COOKIE_NAME]
    assert LINES in device.get(first).content.decode(), "the client who still holds it can go on"
    device.force_login(ann.user)
    hand_over(device, second)
    assert is_closed(device.get(first))
    assert is_closed(Browser().get(first))


def test_a_kiosk_opens_no_form_of_another_hand_over_that_is_still_open(device, ann, record, second):
    """Two tablets at once: the address of the one, typed on the other."""
    other = Browser()
    other.force_login(ann.user)
    first, own = hand_over(device, record), hand_over(other, second)
    assert is_closed(other.get(first))
    assert other.post(first, marks(ORS)).status_code in {302, 303}
    assert held(record) == [(record.pk, ORS_TENTHS)]
    assert LINES in device.get(first).content.decode(), "it stays open where it was handed over"
    assert device.post(first, marks(ORS)).status_code == 303
    assert other.post(own, marks(OTHER)).status_code == 303
    assert {rating.session_id for rating in rows(record)} == {record.pk, second.pk}


def test_an_answer_from_the_outbox_after_unlocking_waits_for_a_decision(device, record, second):
    first, _own = to_the_second(device, record, second)
    envelope = seal(filled(token_of(first)))
    assert [deliver(envelope).json()["outcome"] for _ in range(2)] == ["held", "repeated"]
    assert (rows(record), held(record)) == ([], [(record.pk, ORS_TENTHS)])
    unlock(device)
    page = device.get(reverse("session-flow", args=[record.pk])).content.decode()
    assert "after the tablet was unlocked" in page
    (answer,) = rows(record, PendingAnswer)
    device.post(reverse("pending-answer-decide", args=[record.pk, answer.pk]), {"take": "count"})
    assert [rating.marks for rating in rows(record)] == [ORS_TENTHS]


def test_an_answer_that_arrived_before_unlocking_is_not_asked_about_again(device, record):
    first = hand_over(device, record)
    envelope = seal(filled(token_of(first)))
    assert deliver(envelope).json()["outcome"] == "saved"
    unlock(device)
    assert deliver(envelope).json()["outcome"] == "repeated"
    assert held(record) == []


def test_both_carried_forms_belong_to_the_hand_over_and_end_with_it(device, record, second):
    carried = device.post(reverse("session-offline-tokens", args=[record.pk])).json()
    ors, srs = (one["token"] for one in carried["forms"])
    hand_over(device, record)  # there was a network for the ORS, and none for the SRS
    nines = dict.fromkeys(("relation", "goals", "approach", "overall"), "9")
    sent = {"token": srs, "submission_id": str(uuid.uuid4()), **nines}
    assert device.post(reverse("rating-form", args=[srs]), sent).status_code == 303
    assert [rating.instrument for rating in rows(record)] == ["srs"]
    unlock(device)
    hand_over(device, second)
    assert is_closed(device.get(reverse("rating-form", args=[ors])))
    assert deliver(seal(filled(ors))).json()["outcome"] == "held"


def test_forms_carried_for_another_client_are_closed_at_the_hand_over(device, record, second):
    """Two session pages stood open; the tablet goes to one client."""
    carried = device.post(reverse("session-offline-tokens", args=[record.pk])).json()["forms"][0]["token"]
    own = device.post(reverse("session-offline-tokens", args=[second.pk])).json()["forms"][1]["token"]
    hand_over(device, second)
    assert is_closed(device.get(reverse("rating-form", args=[carried])))
    assert 'data-form="srs"' in device.get(reverse("rating-form", args=[own])).content.decode()


def test_a_device_without_a_network_is_parked_with_its_own_hand_over(device, record, second):
    carried = device.post(reverse("session-offline-tokens", args=[record.pk])).json()["forms"]
    other = device.post(reverse("session-offline-tokens", args=[second.pk])).json()["forms"][0]["token"]
    assert device.post(carried[0]["park"]).status_code == 204
    for one in carried:
        assert device.get(reverse("rating-form", args=[one["token"]])).status_code == 200
    assert is_closed(device.get(reverse("rating-form", args=[other])))
    unlock(device)
    assert is_closed(device.get(reverse("rating-form", args=[carried[1]["token"]])))


def test_the_session_page_says_whether_what_it_carries_still_opens(device, record):
    """After unlocking, a device asks for forms of the next hand-over."""
    page = reverse("session-flow", args=[record.pk])
    device.post(reverse("session-offline-tokens", args=[record.pk]))
    carried = device.post(reverse("session-offline-tokens", args=[record.pk])).json()["handover"]
    assert f'data-tokens-for="{carried}"' in device.get(page).content.decode()
    hand_over(device, record)
    unlock(device)
    assert 'data-tokens-for=""' in device.get(page).content.decode()
    assert device.post(reverse("session-offline-tokens", args=[record.pk])).json()["handover"] != carried


def test_the_next_rater_belongs_to_the_same_hand_over(device, ann, record):
    with tenant(ann.organisation_id):
        Rater.objects.create(organisation=ann.organisation, client_id=record.client_id, key="mother", relation="mother")
    sent = {"forms": ["ors", "ors:mother"]}
    first = device.post(reverse("session-handover", args=[record.pk, "ors"]), sent).url
    device.post(first, marks(ORS))
    following = device.post(f"{first}next/").url
    assert LINES in device.get(following).content.decode()
    unlock(device)
    assert is_closed(device.get(following))


def test_a_line_of_raters_ends_when_the_session_moves(device, ann, record, second):
    """The tablet is still with the first client's family; the session is Bea's by now."""
    sent = {"forms": ["ors", "srs"]}
    first = device.post(reverse("session-handover", args=[record.pk, "ors"]), sent).url
    device.post(first, marks(ORS))
    assert "For staff" not in device.get(f"{first}thanks/").content.decode()
    assert "next/" in device.get(f"{first}thanks/").content.decode(), "somebody is left"
    colleague = Browser()
    colleague.force_login(ann.user)
    move(colleague, record, second)
    assert "next/" not in device.get(f"{first}thanks/").content.decode()
    assert device.post(f"{first}next/").url == f"{first}thanks/"


def test_what_a_rater_kept_is_not_shown_to_the_rest_of_the_line(device, ann, record):
    """The one before goes back to their own thanks, and on from there."""
    with tenant(ann.organisation_id):
        Rater.objects.create(organisation=ann.organisation, client_id=record.client_id, key="mother", relation="mother")
    sent = {"forms": ["ors", "ors:mother"]}
    first = device.post(reverse("session-handover", args=[record.pk, "ors"]), sent).url
    device.post(first, marks(ORS))
    mothers = device.post(f"{first}next/").url
    assert device.post(f"{mothers}later/", {"individual": "6.2"}).status_code == 303
    assert 'data-mark="62"' not in device.get(device.post(f"{first}next/").url).content.decode()
    unlock(device)
    again = device.post(reverse("session-handover", args=[record.pk, "ors:mother"])).url
    assert 'data-mark="62"' in device.get(again).content.decode()


def test_in_a_group_the_next_one_finds_the_form_of_the_one_before_closed(staff, meeting):  # noqa: F811
    bea = begin(staff, meeting)
    carl = on_from(staff, bea)  # Bea did not want to
    assert is_closed(staff.get(form_at(bea)))
    assert "Bea" not in staff.get(bea, follow=True).content.decode()
    assert "Give the tablet to Carl." in shown(staff, carl)
    assert on_from(staff, bea) != bea, "a second tap on the same button goes on too"
    staff.post(form_at(bea), marks(ORS))
    assert rows(meeting) == []
    assert len(held(meeting)) == 1


def test_a_group_round_ends_with_unlocking(staff, meeting):  # noqa: F811
    bea = begin(staff, meeting)
    unlock(staff)
    assert is_closed(staff.get(form_at(bea)))
    assert "Bea" not in Browser().get(bea, follow=True).content.decode()


def void(staff, session):  # noqa: F811
    staff.post(reverse("session-void", args=[session.pk]), {"reason": "wrong client"})


def move(staff, session, second):  # noqa: F811
    sent = {"episode": str(second.episode_id), "reason": "wrong client"}
    assert save(staff, reverse("session-move", args=[session.pk]), sent).status_code == 302


@pytest.mark.parametrize("how", ["void", "move"])
@pytest.mark.parametrize("way", ["device", "link"])
def test_a_session_taken_out_or_moved_closes_its_forms(device, ann, record, second, nils, how, way):
    colleague = Browser()
    colleague.force_login(ann.user)
    if way == "device":
        reader, token = device, token_of(hand_over(device, record))
    else:
        reader, token = Browser(), token_in(send_link(colleague, nils, record))
        assert LINES in open_link(reader, token).content.decode()
    void(colleague, record) if how == "void" else move(colleague, record, second)
    assert is_closed(reader.get(reverse("rating-form", args=[token]), follow=True))
    reader.post(reverse("rating-form", args=[token]), marks(ORS))
    assert rows(record) == []
    assert held(record) == [(record.pk, ORS_TENTHS)]


@pytest.mark.parametrize("kept_by", ["staff", "client"])
@pytest.mark.parametrize("way", ["device", "link"])
def test_what_was_kept_before_a_session_moved_is_not_shown_to_the_client_it_moved_to(
    device, ann, record, second, way, kept_by
):
    if kept_by == "staff":
        device.post(reverse("rating-key-in", args=[record.pk, "ors"]), {"individual": "6,2", "keep": "1"})
    else:
        device.post(f"{hand_over(device, record)}later/", {"individual": "6.2"})
        unlock(device)
    move(device, record, second)
    if way == "device":
        page = device.get(hand_over(device, record))
    else:
        with tenant(ann.organisation_id):
            bea = second.client
        page = open_link(Browser(), token_in(send_link(device, bea, record)))
    assert LINES in page.content.decode()
    assert 'data-mark="62"' not in page.content.decode()
    assert [draft.given for draft in rows(record, RatingDraft)] == [{"individual": 62}], "it is not lost"


def test_what_is_kept_after_a_session_moved_is_gone_on_with(device, record, second):
    move(device, record, second)
    device.post(f"{hand_over(device, record)}later/", {"individual": "6.2"})
    unlock(device)
    assert 'data-mark="62"' in device.get(hand_over(device, record)).content.decode()


def test_what_was_kept_is_gone_on_with_in_another_episode_of_the_same_client(device, ann, record, service):
    device.post(reverse("rating-key-in", args=[record.pk, "ors"]), {"individual": "6,2", "keep": "1"})
    with tenant(ann.organisation_id):
        elsewhere = ServiceFactory(organisation=ann.organisation)
        own = EpisodeFactory(organisation=ann.organisation, client=record.client, service=elsewhere)
    corrected = {"episode": str(own.pk), "reason": "wrong episode"}
    assert save(device, reverse("session-move", args=[record.pk]), corrected).status_code == 302
    assert 'data-mark="62"' in device.get(hand_over(device, record)).content.decode()


def test_marks_that_were_on_their_way_while_the_session_moved_are_not_kept(device, ann, record, second):
    """Its token had been read before the move, as with an answer below."""
    shown = capabilities.find(token_of(hand_over(device, record)), CapabilityKind.HANDOVER)
    with tenant(ann.organisation_id), collecting(Collected(request_id="test")):
        corrections.move_session(session=record, episode=second.episode, reason="wrong client", by=ann)
        assert not keep_from_device(capability=shown, marks={"individual": 62}, words={})
    assert rows(record, RatingDraft) == []


def test_a_session_that_was_taken_out_carries_no_forms_and_says_so(device, record):
    """Its page stood open in another tab, which asks for them by itself."""
    void(device, record)
    answer = device.post(reverse("session-offline-tokens", args=[record.pk]))
    assert (answer.status_code, "taken out" in answer.json()["error"]) == (409, True)


def test_what_came_for_a_moved_session_is_asked_about_at_the_moved_session(device, ann, record, second):
    first = hand_over(device, record)
    unlock(device)
    deliver(seal(filled(token_of(first))))
    move(device, record, second)
    (answer,) = rows(record, PendingAnswer)
    assert "It counts for this session" in device.get(reverse("session-flow", args=[record.pk])).content.decode()
    device.post(reverse("pending-answer-decide", args=[record.pk, answer.pk]), {"take": "count"})
    assert [rating.session_id for rating in rows(record)] == [record.pk]


def test_what_came_for_a_session_that_was_taken_out_can_count_for_another_or_stay_aside(device, ann, record, episode):
    first = hand_over(device, record)
    unlock(device)
    void(device, record)
    deliver(seal(filled(token_of(first))))
    (answer,) = rows(record, PendingAnswer)
    page = device.get(reverse("session-flow", args=[record.pk])).content.decode()
    assert "Leave it aside" in page
    assert "It counts for this session" not in page
    with tenant(ann.organisation_id):
        right = SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)
    assert "It counts for this session" in device.get(reverse("session-flow", args=[right.pk])).content.decode()
    device.post(reverse("pending-answer-decide", args=[right.pk, answer.pk]), {"take": "count"})
    assert [rating.session_id for rating in rows(record)] == [right.pk]


def absent(session, attendance=Attendance.NO_SHOW):
    with tenant(session.organisation_id):
        Session.objects.filter(pk=session.pk).update(attendance=attendance)


@pytest.mark.parametrize(
    "attendance", [one for one in Attendance.values if one not in (Attendance.ATTENDED, Attendance.EXPECTED)]
)
@pytest.mark.parametrize("way", ["post", "sealed", "link"])
def test_a_session_that_was_not_attended_takes_no_answer_by_itself(device, ann, nils, record, attendance, way):
    first = hand_over(device, record)
    colleague = Browser()
    colleague.force_login(ann.user)
    link = token_in(send_link(colleague, nils, record)) if way == "link" else ""
    absent(record, attendance)
    if way == "post":
        assert device.post(first, marks(ORS)).status_code == 303
    elif way == "sealed":
        assert deliver(seal(filled(token_of(first)))).json()["outcome"] == "held"
    else:
        Browser().post(reverse("rating-form", args=[link]), marks(ORS))
    assert rows(record) == []
    assert held(record) == [(record.pk, ORS_TENTHS)]
    page = colleague.get(reverse("session-flow", args=[record.pk])).content.decode()
    assert "the session is noted as not held" in page
    (answer,) = rows(record, PendingAnswer)
    decide = reverse("pending-answer-decide", args=[record.pk, answer.pk])
    refused = colleague.post(decide, {"take": "count"}, follow=True).content.decode()
    assert "Change the attendance first" in refused
    assert rows(record) == []
    absent(record, Attendance.ATTENDED)
    colleague.post(decide, {"take": "count"})
    assert [rating.marks for rating in rows(record)] == [ORS_TENTHS]


def test_nothing_of_a_hand_over_is_left_open_by_any_way_back(device, record, second):
    to_the_second(device, record, second)
    unlock(device)
    assert not Capability.objects.filter(used_at=None, revoked_at=None).exists()


def test_a_device_that_the_release_before_had_handed_over_is_unlocked_like_any_other(device, record, second):
    first = hand_over(device, record)
    parked = device.session
    del parked["kiosk"]["handover"]
    parked.save()
    Capability.objects.update(handover=None)
    del device.cookies["handover"]
    assert LINES in device.get(first).content.decode()
    assert device.get(reverse("unlock")).status_code == 200
    assert unlock(device).status_code == 302
    hand_over(device, second)
    assert is_closed(device.get(first))


def test_logging_in_anew_closes_what_the_lost_session_had_open(device, ann, record, settings):
    first = hand_over(device, record)
    del device.cookies[settings.SESSION_COOKIE_NAME]
    device.force_login(ann.user)
    device.get(reverse("today"))
    assert is_closed(Browser().get(first))
    assert device.cookies[settings.HANDOVER_COOKIE_NAME].value == ""


def test_the_cookie_of_a_hand_over_comes_and_goes_with_it(device, record, settings):
    """The staff's tabs look at it; it opens nothing, and the form needs it not."""
    name = settings.HANDOVER_COOKIE_NAME
    form = hand_over(device, record)
    cookie = device.cookies[name]
    assert cookie.value == device.session["kiosk"]["handover"]
    assert (cookie["path"], cookie["samesite"], cookie["httponly"]) == ("/", "Lax", "")
    assert cookie["max-age"] == settings.SESSION_COOKIE_AGE
    del device.cookies[name]
    assert LINES in device.get(form).content.decode()
    device.get(reverse("unlock"))
    assert device.cookies[name].value == cookie.value, "it comes back with the session"
    answer = unlock(device)
    assert (answer.cookies[name].value, answer.cookies[name]["max-age"]) == ("", 0)


def test_an_answer_that_was_on_its_way_while_the_session_moved_waits_too(device, ann, record, second):
    """Its token had been read before the move; session and token are read again under the lock."""
    shown = capabilities.find(token_of(hand_over(device, record)), CapabilityKind.HANDOVER)
    with tenant(ann.organisation_id), collecting(Collected(request_id="test")):
        corrections.move_session(session=record, episode=second.episode, reason="wrong client", by=ann)
        outcome = submit_answer(capability=shown, marks=ORS_TENTHS, submission_id=uuid.uuid4())
    assert (outcome, rows(record)) == ("held", [])


def test_what_came_for_a_session_that_was_taken_out_can_be_left_aside(device, record):
    first = hand_over(device, record)
    unlock(device)
    void(device, record)
    deliver(seal(filled(token_of(first))))
    (answer,) = rows(record, PendingAnswer)
    device.post(reverse("pending-answer-decide", args=[record.pk, answer.pk]), {"take": "aside"})
    assert (held(record), rows(record)) == ([], [])
    assert "Leave it aside" not in device.get(reverse("session-flow", args=[record.pk])).content.decode()


def test_an_answer_that_is_not_whole_does_not_bring_the_lines_back(device, ann, record, second):
    first, _own = to_the_second(device, record, second)
    assert is_closed(device.post(first, marks({**ORS, "social": ""})))
    other = Browser()
    other.force_login(ann.user)
    still_open = hand_over(other, record)
    assert is_closed(device.post(still_open, marks({**ORS, "social": ""})))
    assert LINES in other.post(still_open, marks({**ORS, "social": ""})).content.decode()
    assert held(record) == []
