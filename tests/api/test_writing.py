"""Writing by the API is writing by the pages: the same services, rules and sentences."""

import uuid

import pytest
from django.urls import reverse

from clients.models import Client, Episode, Rater
from organisations.jobs.outbox import Outbox
from organisations.services.local_day import today_in
from organisations.tenancy.context import tenant
from sessions_app.models import Alert, ConflictingAnswer, Note, Rating, Session
from sessions_app.services import corrections
from tests.api.asking import PROBLEM, system_of
from tests.factories import RatingFactory, SessionFactory
from tests.saving import save

MARKS = [62, 71, 58, 72]


@pytest.fixture
def record(episode, ann):
    """A session of Nils with Ann."""
    with tenant(episode.organisation_id):
        return SessionFactory(organisation=episode.organisation, episode=episode, practitioner=ann)


def refused(answer, status: int, **errors: str) -> str:
    """The detail of a refusal with these sentences beside its fields."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == PROBLEM
    assert answer.json().get("errors", {}) == {field: [words] for field, words in errors.items()}
    return answer.json()["detail"]


def shown_on(page) -> str:
    assert page.status_code == 422
    return page.content.decode()


# Clients


def test_a_client_is_made_changed_archived_and_restored(system, nils, red_team, ann, ben):
    body = {"reference": "  A   7 ", "form_language": "da", "teams": [str(red_team.pk)], "contact": str(ben.pk)}
    made = system.post("clients/", body | {"outcome_rhythm": 14, "next_on": "2027-01-04", "next_at": "10:30"})
    assert made.status_code == 201, made.content
    told = made.json()
    assert told["reference"] == "A 7"
    assert (told["contact"], told["outcome_rhythm"], told["next_at"]) == (str(ben.pk), 14, "10:30:00")
    assert uuid.UUID(told["id"]).version == 4
    changed = system.patch(f"clients/{told['id']}/", {"birth_year": 1984}).json()
    assert changed["birth_year"] == 1984
    assert changed["teams"] == [str(red_team.pk)]
    assert changed["updated_at"] > told["updated_at"]
    assert system.post(f"clients/{told['id']}/archive/").json()["archived_at"]
    assert system.post(f"clients/{told['id']}/restore/").json()["archived_at"] is None


def test_refusals_of_clients_have_the_pages_sentences(system, nils, episode, ann, red_team, browser):
    browser.force_login(ann.user)
    page = {"form_language": "en", "teams": [red_team.pk], "outcome_rhythm": 0, "alliance_rhythm": 0}
    for reference, words in (
        ("N-014", "There is already a client with that reference."),
        ("010180-1234", "This looks like a national identity number. Use a reference of your own instead."),
    ):
        body = {"reference": reference, "form_language": "en", "teams": [str(red_team.pk)]}
        refused(system.post("clients/", body), 422, reference=words)
        assert words in shown_on(browser.post(reverse("client-new"), page | {"reference": reference}))
    twice = {"contact": str(ann.pk), "second_contact": str(ann.pk)}
    assert refused(system.patch(f"clients/{nils.pk}/", twice), 422) == "Choose two different contact persons."
    words = "End the open episode first; then the client can be archived."
    assert refused(system.post(f"clients/{nils.pk}/archive/"), 422) == words


def test_how_often_who5_is_asked_for_is_read_and_agreed(system, nils):
    path = f"clients/{nils.pk}/"
    assert system.get(path).json()["who5_weeks"] is None
    for weeks in (12, 0, None):
        assert system.patch(path, {"who5_weeks": weeks}).json()["who5_weeks"] == weeks
    for weeks in (5, -4, "often"):
        assert list(system.patch(path, {"who5_weeks": weeks}).json()["errors"]) == ["who5_weeks"]
    assert system.get("clients/").json()["results"][0]["who5_weeks"] is None


def test_a_contact_person_in_none_of_the_clients_teams_is_refused(system, nils, cleo):
    words = "Cleo Dahl is a contact person and in none of the client's teams, and could not see the client."
    refused(system.patch(f"clients/{nils.pk}/", {"contact": str(cleo.pk)}), 422, contact=words)


def test_an_organisation_without_first_names(system, nils, house):
    type(house).objects.filter(pk=house.pk).update(uses_first_names=False)
    answer = system.patch(f"clients/{nils.pk}/", {"first_name": "Nils"})
    refused(answer, 422, first_name="There is no such field, or it cannot be written.")


# Episodes


def test_an_episode_is_opened_ended_and_reopened(system, nils, service, ann):
    body = {"client": str(nils.pk), "service": str(service.pk), "started_on": "2026-02-02"}
    made = system.post("episodes/", body).json()
    assert made["ended_on"] is None
    again = refused(system.post("episodes/", body), 422)
    assert again == "The client already has an open episode in this service."
    path = f"episodes/{made['id']}"
    ended = system.post(f"{path}/end/", {"ended_on": "2026-03-02", "ending": "planned"}).json()
    assert (ended["ended_on"], ended["ending"]) == ("2026-03-02", "planned")
    assert system.post(f"{path}/reopen/").json()["ended_on"] is None


def test_an_end_in_the_future_is_refused_as_on_the_page(system, episode, ann, browser):
    browser.force_login(ann.user)
    body = {"ended_on": "2199-01-01", "ending": "planned"}
    words = "An episode cannot end in the future."
    refused(system.post(f"episodes/{episode.pk}/end/", body), 422, ended_on=words)
    assert words in shown_on(save(browser, reverse("episode-end", args=[episode.pk]), body))


# Sessions


def test_a_session_is_started_and_finished(system, episode, ann, house):
    made = system.post("sessions/start/", {"client": str(episode.client_id), "contact_form": "video"}).json()
    assert (made["held_on"], made["contact_form"]) == (today_in(house).isoformat(), "video")
    path = f"sessions/{made['id']}"
    refused(system.post(f"{path}/finish/"), 422, **{"skipped.ors": "Say why there is none this time."})
    skipped = system.post(f"{path}/skip/", {"form": "ors", "reason": "no_time"}).json()
    assert skipped["outcome_skipped"] == "no_time"
    done = system.post(f"{path}/finish/", {"next_on": "2199-01-01", "skipped": {"srs": "declined"}})
    assert done.json()["finished_at"]
    with tenant(house.pk):
        assert Client.objects.get().next_on.year == 2199


def test_a_past_session_comes_once_and_is_changed_moved_and_voided(system, episode, nils, house, service):
    given = {"client": str(nils.pk), "held_on": "2026-02-03", "contact_form": "home", "attendance": "attended"}
    given |= {"submission_id": str(uuid.uuid4()), "skipped": {"srs": "not_due"}}
    made = system.post("sessions/", given).json()
    assert (made["id"], made["alliance_skipped"]) == (given["submission_id"], "not_due")
    assert system.post("sessions/", given).json()["id"] == made["id"]
    path = f"sessions/{made['id']}"
    assert system.patch(f"{path}/", {"held_on": "2026-02-04"}).json()["held_on"] == "2026-02-04"
    future = system.patch(f"{path}/", {"held_on": "2199-02-04"})
    refused(future, 422, held_on="A session cannot be recorded before it is held.")
    refused(system.post(f"{path}/void/"), 422, reason="This field is required.")
    voided = system.post(f"{path}/void/", {"reason": "Twice"}).json()
    assert (voided["void_reason"], bool(voided["voided_at"])) == ("Twice", True)
    words = "This session was taken out and can no longer be changed."
    assert refused(system.patch(f"{path}/", {"held_on": "2026-02-05"}), 409) == words
    with tenant(house.pk):
        assert Session.objects.count() == 1


def test_the_id_of_another_organisations_session_is_taken(system, episode, nils, dora):
    with tenant(dora.organisation_id):
        foreign = SessionFactory(organisation=dora.organisation, practitioner=dora)
    given = {"client": str(nils.pk), "held_on": "2026-02-03", "contact_form": "home", "attendance": "attended"}
    answer = system.post("sessions/", given | {"submission_id": str(foreign.pk)})
    assert refused(answer, 409) == "This id is taken."


# Ratings


def rating(record, **more) -> dict:
    return {
        "session": str(record.pk),
        "form": "ors",
        "marks": MARKS,
        "entry_mode": "device",
        "submission_id": str(uuid.uuid4()),
    } | more


def test_an_answer_is_kept_in_tenths_and_told_in_points(system, record, house):
    made = system.post("ratings/", rating(record, total=263, device_time="2026-02-03T10:30+01:00"))
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["marks"], told["total"], told["points"]) == (MARKS, 263, "26.3")
    assert told["lines"] == {"individual": 62, "relations": 71, "social": 58, "overall": 72}
    with tenant(house.pk):
        assert Episode.objects.get().outcome_last == 263
        assert Outbox.objects.filter(task="sessions_app.tasks.evaluate_episode").exists()


def test_the_same_answer_again_changes_nothing(system, record, house):
    body = rating(record)
    assert system.post("ratings/", body).status_code == 201
    assert system.post("ratings/", body).status_code == 200
    assert system.post("ratings/", body | {"submission_id": str(uuid.uuid4())}).status_code == 200
    with tenant(house.pk):
        assert Rating.objects.count() == 1


def test_another_answer_of_the_client_is_kept_and_decided_about(system, record, house):
    first = system.post("ratings/", rating(record)).json()
    other = system.post("ratings/", rating(record, marks=[10, 20, 30, 40]))
    assert refused(other, 409).startswith("Another answer is stored already. Both are kept")
    assert other.json()["kept"] is True
    beside = other.json()["rating"]["other_answers"]
    assert [answer["marks"] for answer in beside] == [[10, 20, 30, 40]]
    with tenant(house.pk):
        assert ConflictingAnswer.objects.count() == 1
    read = system.get(f"ratings/{first['id']}/").json()
    assert (read["total"], read["other_answers"][0]["decided_at"]) == (263, None)
    assert read["updated_at"] > first["updated_at"]
    body = {"answer": beside[0]["id"], "take": "second"}
    counts = system.post(f"ratings/{first['id']}/decide/", body).json()
    assert (counts["total"], counts["reason"]) == (100, "The client's other answer counts.")
    assert system.post(f"ratings/{first['id']}/decide/", body).status_code == 200
    again = system.post(f"ratings/{first['id']}/decide/", body | {"take": "first"})
    assert refused(again, 409) == "A colleague has decided this meanwhile."


def test_what_a_colleague_writes_down_is_refused_when_there_is_an_answer(system, record, ann, browser, house):
    assert system.post("ratings/", rating(record, entry_mode="paper")).status_code == 201
    second = system.post("ratings/", rating(record, entry_mode="paper", marks=[1, 2, 3, 4]))
    words = "This form is answered already. Correct that answer instead."
    assert refused(second, 409) == words
    browser.force_login(ann.user)
    lines = dict(zip(("individual", "relations", "social", "overall"), "1234", strict=True))
    form = lines | {"entry_mode": "paper", "submission_id": uuid.uuid4()}
    assert words in shown_on(browser.post(reverse("rating-key-in", args=[record.pk, "ors"]), form))
    with tenant(house.pk):
        assert Rating.objects.get().total == 263


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ({"marks": [101, 0, 0, 0]}, "marks.0", "A mark lies between 0 and 10."),
        ({"marks": [-1, 0, 0, 0]}, "marks.0", "A mark lies between 0 and 10."),
        ({"marks": [7.5, 0, 0, 0]}, "marks.0", "A valid integer is required."),
        ({"marks": ["75", 0, 0, 0]}, "marks.0", "A valid integer is required."),
        ({"marks": [True, 0, 0, 0]}, "marks.0", "A valid integer is required."),
        ({"marks": [1, 2, 3]}, "marks", "The form has 4 lines."),
        ({"total": 264}, "total", "The four marks add up to another total. Look at both again."),
        ({"marks": None}, "marks", "This field may not be null."),
        ({"form": "xyz"}, "form", '"xyz" is not a valid choice.'),
        ({"form": "lass:supervisee"}, "form", '"lass:supervisee" is not a valid choice.'),
        ({"form": "ors-2"}, "form", '"ors-2" is not a valid choice.'),
        ({"form": "ors:owner-2"}, "form", '"ors:owner" is not a valid choice.'),
        ({"submission_id": "1"}, "submission_id", "Must be a valid UUID."),
    ],
)
def test_an_unusable_answer_is_refused_beside_its_field(system, record, more, field, words):
    refused(system.post("ratings/", rating(record, **more)), 422, **{field: words})


def test_the_second_teacher_has_a_key_with_a_number(system, record, nils, house):
    body = rating(record, form="ors:teacher-2")
    refused(system.post("ratings/", body), 422)
    with tenant(house.pk):
        Rater.objects.create(organisation=house, client=nils, key="teacher-2", relation="teacher")
    assert system.post("ratings/", body).json()["form"] == "ors:teacher-2"


def test_only_paper_knows_a_total_without_marks(system, record):
    body = rating(record, total=401)
    del body["marks"]
    refused(system.post("ratings/", body), 422, total="A total lies between 0 and 40.")
    refused(system.post("ratings/", body | {"total": 250}), 422, marks="A client marks every line.")
    made = system.post("ratings/", body | {"total": 250, "entry_mode": "paper"}).json()
    assert (made["marks"], made["lines"], made["points"]) == (None, None, "25.0")


def test_a_session_without_a_form_takes_no_answer(system, episode, ann):
    with tenant(episode.organisation_id):
        absence = SessionFactory(
            organisation=episode.organisation, episode=episode, practitioner=ann, attendance="no_show"
        )
    for mode in ("device", "paper"):
        words = refused(system.post("ratings/", rating(absence, entry_mode=mode)), 422)
        assert words == "The client was not there; there is nothing to measure."


def test_a_correction_needs_a_reason_and_leaves_the_first_answer(system, record, house):
    first = system.post("ratings/", rating(record)).json()
    path = f"ratings/{first['id']}/correct/"
    refused(system.post(path, {"marks": [60, 70, 60, 70]}), 422, reason="This field is required.")
    refused(system.post(path, {"marks": [60, 70, 60, 70], "reason": " "}), 422, reason="This field may not be blank.")
    new = system.post(path, {"marks": [60, 70, 60, 70], "reason": "Read wrongly"})
    assert new.status_code == 201
    old = system.get(f"ratings/{first['id']}/").json()
    assert (old["total"], old["superseded_by"]) == (263, new.json()["id"])
    late = system.post(path, {"marks": [50, 70, 60, 70], "reason": "Read wrongly"})
    assert refused(late, 409) == "This answer was corrected meanwhile. Look at the newest."


# Notes


def test_words_are_kept_and_never_written_over(system, record, house):
    body = {"session": str(record.pk), "kind": "after_ors", "text": "It is  better\r\nat home", "version": 0}
    made = system.post("notes/", body)
    assert made.status_code == 201, made.content
    note = made.json()
    assert note["text"] == "It is  better\nat home"
    changed = system.patch(f"notes/{note['id']}/", {"text": "Better", "version": note["version"]}).json()
    assert changed["version"] == note["version"] + 1
    late = system.patch(f"notes/{note['id']}/", {"text": "Worse", "version": note["version"]})
    refused(late, 409)
    assert late.json()["theirs"] == {"id": note["id"], "version": changed["version"], "text": "Better"}
    with tenant(house.pk):
        assert Note.objects.get().text == "Better"


# Alerts


def test_an_alert_is_taken_note_of_once(system, episode, house):
    with tenant(house.pk):
        alert = Alert.objects.create(
            organisation=house, episode=episode, rule="O1", level="red", raised_on="2026-02-03", numbers={"total": 120}
        )
    first = system.post(f"alerts/{alert.pk}/acknowledge/", {"note": "I call today"}).json()
    assert (first["acknowledgement"], first["numbers"]) == ("I call today", {"total": 120})
    second = system.post(f"alerts/{alert.pk}/acknowledge/", {"note": "Me too"})
    assert (second.status_code, second.json()["theirs"]) == (409, {"note": "I call today"})
    again = system.post(f"alerts/{alert.pk}/acknowledge/", {"note": "I call today"}).json()
    assert again["acknowledgement"] == "I call today"


def test_an_alert_whose_reason_is_gone_is_told_as_withdrawn(system, episode, house, ann, cleo):
    with tenant(house.pk):
        alert = Alert.objects.create(
            organisation=house, episode=episode, rule="O1", level="info", raised_on="2026-02-03"
        )
        pk = str(alert.pk)
        alert.delete()
    told = system.get("alerts/withdrawn/").json()
    assert [(row["id"], row["client"]) for row in told["results"]] == [(pk, str(episode.client_id))]
    later = system.get("alerts/withdrawn/?updated_since=2199-01-01T00:00:00Z").json()
    assert later["results"] == []
    assert system_of(cleo).get("alerts/withdrawn/").json()["results"] == []  # of another team


def test_what_a_page_corrects_is_told_by_the_api(system, record, house, ann):
    from organisations.audit.record import recorded

    with tenant(house.pk), recorded(organisation_id=house.pk, request_id="test"):
        stored = RatingFactory(organisation=house, session=record)
        since = system.get("ratings/").json()["as_of"]
        answer = corrections.answer_of([1, 2, 3, 4])
        corrections.correct_rating(rating=stored, answer=answer, reason="Wrong", by=ann)
    fresh = system.get("ratings/?updated_since=" + since.replace("+", "%2B")).json()["results"]
    assert {row["id"] for row in fresh} >= {str(stored.pk)}
    assert len(fresh) == 2
