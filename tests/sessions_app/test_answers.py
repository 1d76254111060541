"""Answers that staff write down, correct and decide between; sessions taken out or moved."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from clients.models import Episode
from organisations.audit.record import recorded
from organisations.models import AccessEvent, Outbox
from organisations.tenancy.context import tenant
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.models import ConflictingAnswer, Rating
from sessions_app.services import corrections
from sessions_app.services.ratings import Answer
from tests.factories import ClientFactory, EpisodeFactory, RatingFactory, SessionFactory
from tests.saving import form_on, save

FOUR = {"individual": "6,2", "relations": "7.1", "social": "5.8", "overall": "7.2"}


@pytest.fixture
def staff(browser, ann):
    browser.force_login(ann.user)
    return browser


@pytest.fixture
def record(ann, episode):
    with tenant(ann.organisation_id):
        return SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)


@pytest.fixture
def rating(ann, record):
    with tenant(ann.organisation_id):
        return RatingFactory(organisation=ann.organisation, session=record)


def all_of(model, person):
    with tenant(person.organisation_id):
        return list(model.objects.order_by("created_at"))


def fresh(row):
    with tenant(row.organisation_id):
        row.refresh_from_db()
    return row


def keyed(**more):
    return {"submission_id": str(uuid.uuid4()), "entry_mode": "paper", **more}


def test_four_marks_from_paper(staff, ann, record):
    answer = staff.post(reverse("rating-key-in", args=[record.pk, "ors"]), keyed(**FOUR))
    assert answer.headers["Location"] == reverse("session-result", args=[record.pk, "ors"])
    (rating,) = all_of(Rating, ann)
    assert (rating.marks, rating.total, rating.entry_mode) == ([62, 71, 58, 72], 263, "paper")
    assert rating.recorded_by_id == ann.pk
    assert fresh(record.episode).outcome_last == 263


def test_only_a_total_read_aloud(staff, ann, record):
    staff.post(reverse("rating-key-in", args=[record.pk, "srs"]), keyed(total="37,5", entry_mode="read_aloud"))
    (rating,) = all_of(Rating, ann)
    assert (rating.instrument, rating.marks, rating.total, rating.entry_mode) == ("srs", None, 375, "read_aloud")


def test_a_double_click_keys_in_once(staff, ann, record):
    sent = keyed(**FOUR)
    for _click in range(2):
        assert staff.post(reverse("rating-key-in", args=[record.pk, "ors"]), sent).status_code == 302
    assert len(all_of(Rating, ann)) == 1


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Write the four marks, or the total."),
        ({**FOUR, "social": ""}, "This line has no mark yet."),
        ({**FOUR, "social": "10.1"}, "A mark lies between 0 and 10."),
        ({**FOUR, "total": "26"}, "another total"),
        ({**FOUR, "entry_mode": "device"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(staff, ann, record, sent, words):
    page = staff.post(reverse("rating-key-in", args=[record.pk, "ors"]), keyed(**sent))
    assert page.status_code == 422
    content = page.content.decode()
    assert words in content
    assert not sent or 'value="6,2"' in content
    assert all_of(Rating, ann) == []


def test_an_answered_form_is_corrected_not_keyed_in_again(staff, ann, record, rating):
    page = staff.post(reverse("rating-key-in", args=[record.pk, "ors"]), keyed(**FOUR))
    assert page.status_code == 422
    assert "Correct that answer instead" in page.content.decode()
    assert len(all_of(Rating, ann)) == 1


def test_an_answer_takes_the_reason_for_skipping_away(staff, ann, record):
    staff.post(reverse("session-skip", args=[record.pk]), {"instrument": "ors", "reason": "not_due"})
    assert fresh(record).outcome_skipped == "not_due"
    staff.post(reverse("rating-key-in", args=[record.pk, "ors"]), keyed(**FOUR))
    assert fresh(record).outcome_skipped == ""


@pytest.mark.parametrize("detail", ["xrs", "lass", "ors:", "ors:client", "ORS"])
def test_an_unknown_form_is_not_there(staff, record, detail):
    assert staff.get(reverse("rating-key-in", args=[record.pk, detail])).status_code == 404


@pytest.mark.parametrize("detail", ["cors", "ors:mother"])
def test_another_age_or_nobodys_rater_is_refused(staff, ann, record, detail):
    which = FormKey.parse(detail)
    marks = dict.fromkeys(which.instrument.items, "5") | {"entry_mode": "paper", "submission_id": str(uuid.uuid4())}
    page = staff.post(reverse("rating-key-in", args=[record.pk, detail]), marks)
    assert page.status_code == 422
    assert "does not belong to this session" in page.content.decode()
    assert all_of(Rating, ann) == []


def correction(**more):
    return {"submission_id": str(uuid.uuid4()), "reason": "read wrongly", **FOUR, **more}


def test_a_correction_is_a_new_revision_with_a_reason(staff, ann, record, rating):
    page = staff.get(reverse("rating-correct", args=[rating.pk])).content.decode()
    assert 'value="5"' in page
    answer = save(staff, reverse("rating-correct", args=[rating.pk]), correction())
    assert answer.headers["Location"] == reverse("session-result", args=[record.pk, "ors"])
    first, second = all_of(Rating, ann)
    assert (first.pk, first.marks, first.superseded_by_id) == (rating.pk, [50, 50, 50, 50], second.pk)
    assert (second.total, second.reason, second.recorded_by_id) == (263, "read wrongly", ann.pk)
    assert second.entry_mode == first.entry_mode
    assert fresh(record.episode).outcome_last == 263


def test_a_correction_needs_a_reason_and_a_change(staff, ann, rating):
    url = reverse("rating-correct", args=[rating.pk])
    assert "required" in save(staff, url, correction(reason="")).content.decode()
    same = dict.fromkeys(FOUR, "5")
    assert "stored already" in save(staff, url, correction(**same)).content.decode()
    assert len(all_of(Rating, ann)) == 1


def test_only_the_newest_revision_is_corrected(staff, ann, rating):
    url = reverse("rating-correct", args=[rating.pk])
    opened = form_on(staff, url)
    save(staff, url, correction())
    page = staff.post(url, opened | correction(social="1"))
    assert page.status_code == 409
    assert "This was changed in the meantime" in page.content.decode()
    assert len(all_of(Rating, ann)) == 2


def test_a_stored_rating_cannot_be_overwritten(ann, rating):
    with pytest.raises(DatabaseError), transaction.atomic(), tenant(ann.organisation_id):
        Rating.objects.filter(pk=rating.pk).update(total=400)


@pytest.fixture
def conflict(ann, rating):
    with tenant(ann.organisation_id):
        return ConflictingAnswer.objects.create(
            organisation_id=ann.organisation_id,
            rating=rating,
            marks=[10, 20, 30, 40],
            submission_id=uuid.uuid4(),
        )


def test_both_answers_are_shown_and_the_second_can_count(staff, ann, record, rating, conflict):
    page = staff.get(reverse("session-flow", args=[record.pk])).content.decode()
    assert "5 · 5 · 5 · 5 = 20" in page
    assert "1 · 2 · 3 · 4 = 10" in page
    staff.post(reverse("conflict-decide", args=[conflict.pk]), {"take": "second"})
    first, second = all_of(Rating, ann)
    assert (first.superseded_by_id, second.marks, second.total) == (second.pk, [10, 20, 30, 40], 100)
    conflict = fresh(conflict)
    assert (conflict.taken, conflict.decided_by_id) == (True, ann.pk)
    assert "answered twice" not in staff.get(reverse("session-flow", args=[record.pk])).content.decode()


def test_the_first_answer_can_stand(staff, ann, conflict):
    staff.post(reverse("conflict-decide", args=[conflict.pk]), {"take": "first"})
    assert len(all_of(Rating, ann)) == 1
    assert fresh(conflict).decided_at is not None
    again = staff.post(reverse("conflict-decide", args=[conflict.pk]), {"take": "second"}, follow=True)
    assert "decided this meanwhile" in again.content.decode()
    assert len(all_of(Rating, ann)) == 1


def test_a_decision_must_be_one_of_two(staff, conflict):
    staff.post(reverse("conflict-decide", args=[conflict.pk]), {"take": "third"})
    assert fresh(conflict).decided_at is None


def test_a_session_taken_out_counts_no_more_and_says_why(staff, ann, record, rating):
    with tenant(ann.organisation_id):
        Episode.objects.update(outcome_count=1, outcome_last=200)
    assert staff.post(reverse("session-void", args=[record.pk]), {"reason": ""}).status_code == 422
    staff.post(reverse("session-void", args=[record.pk]), {"reason": "wrong client"})
    record, episode = fresh(record), fresh(record.episode)
    assert (record.void_reason, record.voided_by_id) == ("wrong client", ann.pk)
    assert (episode.outcome_count, episode.outcome_last, episode.sessions_count) == (0, None, 0)
    page = staff.get(reverse("session-flow", args=[record.pk])).content.decode()
    assert "does not count" in page
    assert "wrong client" in page


@pytest.mark.parametrize("name", ["session-edit", "session-void", "session-move", "session-next"])
def test_a_session_taken_out_is_not_changed_any_more(staff, ann, record, name):
    with tenant(ann.organisation_id):
        record.voided_at, record.voided_by, record.void_reason = timezone.now(), ann, "wrong client"
        record.save()
        target = EpisodeFactory(organisation=ann.organisation, client=record.client)
    data = {
        "held_on": "2026-01-20", "attendance": "attended", "contact_form": "phone",
        "reason": "again", "episode": target.pk,
    }  # fmt: skip
    before = fresh(record).__dict__.copy()
    page = staff.post(reverse(name, args=[record.pk]), data)
    assert page.status_code == 422
    assert "was taken out" in page.content.decode()
    after = fresh(record).__dict__
    assert {key: before[key] for key in ("held_on", "episode_id", "void_reason", "finished_at")} == {
        key: after[key] for key in ("held_on", "episode_id", "void_reason", "finished_at")
    }


@pytest.fixture
def other_episode(ann, red_team, service):
    with tenant(ann.organisation_id):
        client = ClientFactory(organisation=ann.organisation, teams=[red_team], first_name="Olga")
        return EpisodeFactory(organisation=ann.organisation, client=client, service=service)


def test_a_session_moves_to_the_right_client_with_all_it_holds(staff, ann, record, rating, other_episode):
    page = staff.get(reverse("session-move", args=[record.pk])).content.decode()
    assert "Olga" in page
    save(staff, reverse("session-move", args=[record.pk]), {"episode": other_episode.pk, "reason": "mixed up"})
    left = fresh(record.episode)
    record = fresh(record)
    arrived = fresh(other_episode)
    assert (record.episode_id, record.client_id) == (arrived.pk, arrived.client_id)
    assert (left.outcome_count, left.sessions_count) == (0, 0)
    assert (arrived.outcome_count, arrived.outcome_last, arrived.sessions_count) == (1, 200, 1)
    with tenant(ann.organisation_id):
        event = AccessEvent.objects.get(action="session.move", typed="mixed up")
        assert set(event.client_ids) == {left.client_id, arrived.client_id}
        assert set(Outbox.objects.values_list("object_id", flat=True)) >= {left.pk, arrived.pk}


def test_a_session_moves_only_where_the_practitioner_sees(staff, ann, record, blue_team, service):
    with tenant(ann.organisation_id):
        hidden = ClientFactory(organisation=ann.organisation, teams=[blue_team], first_name="Canary")
        episode = EpisodeFactory(organisation=ann.organisation, client=hidden, service=service)
    url = reverse("session-move", args=[record.pk])
    assert "Canary" not in staff.get(url).content.decode()
    assert staff.post(url, {"episode": episode.pk, "reason": "x"}).status_code == 422
    assert fresh(record).client_id != hidden.pk


def test_date_and_attendance_can_be_changed(staff, ann, record):
    url = reverse("session-edit", args=[record.pk])
    sent = {"held_on": "2026-01-20", "attendance": "no_show", "contact_form": "phone"}
    assert save(staff, url, sent).status_code == 302
    record = fresh(record)
    assert (str(record.held_on), record.attendance, record.contact_form) == tuple(sent.values())
    assert fresh(record.episode).sessions_count == 0


def test_who_has_answered_was_there(staff, record, rating):
    sent = {"held_on": "2026-01-20", "attendance": "no_show", "contact_form": "phone"}
    page = save(staff, reverse("session-edit", args=[record.pk]), sent)
    assert page.status_code == 422
    assert "so the client was there" in page.content.decode()


def test_others_answers_are_not_there(browser, cleo, dora, ada, record, rating, conflict):
    for person, status in ((cleo, 404), (dora, 404), (ada, 403)):
        browser.force_login(person.user)
        assert browser.get(reverse("rating-key-in", args=[record.pk, "ors"])).status_code == status
        assert browser.get(reverse("rating-correct", args=[rating.pk])).status_code == status
        assert save(browser, reverse("rating-correct", args=[rating.pk]), correction()).status_code == status
        decided = browser.post(reverse("conflict-decide", args=[conflict.pk]), {"take": "second"})
        assert decided.status_code == status
    assert fresh(rating).superseded_by_id is None


def test_two_corrections_of_one_answer_do_not_both_count(ann, record, rating):
    with tenant(ann.organisation_id), recorded(organisation_id=ann.organisation_id, request_id="t"):
        corrections.correct_rating(rating=rating, answer=Answer(None, 300), reason="one", by=ann)
        with pytest.raises(ValidationError):
            corrections.correct_rating(rating=rating, answer=Answer(None, 310), reason="two", by=ann)
        assert Rating.objects.current().get(session=record).total == 300


def test_each_change_is_in_the_access_log(staff, ann, record):
    staff.post(reverse("rating-key-in", args=[record.pk, "ors"]), keyed(**FOUR))
    with tenant(ann.organisation_id):
        event = AccessEvent.objects.get(action="rating.key_in")
    assert (event.client_ids, event.practitioner_id) == ([record.client_id], ann.pk)
