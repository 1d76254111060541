"""Files for a record: made by a worker, fetched by whoever asked for an hour, closed when something ends before."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.models import Client, ClientTeam, ConsentPurpose, ConsentState, Episode
from clients.services.consents import record_consent
from clients.services.episodes import end_episode as end_of
from organisations.audit.record import recorded
from organisations.models import AccessEvent, Outbox, Practitioner
from organisations.services.local_day import today_in
from organisations.tenancy.context import tenant
from reports.exports import record_file
from reports.pdf import document as pdf_document
from sessions_app import periodic
from sessions_app.models import RecordFile, RecordFileStep
from sessions_app.services import record_files
from tests.api.asking import system_of
from tests.reports.pdf.pdf_reading import text_of
from tests.reports.record.conftest import work
from tests.saving import form_on

pytestmark = pytest.mark.django_db


def ask(browser, episode, **sent):
    answer = browser.post(f"/episodes/{episode.pk}/record/files/", sent)
    assert answer.status_code == 302
    return answer


def the_file(ann):
    with tenant(ann.organisation_id):
        return RecordFile.objects.get()


def fetch(browser, file):
    return browser.get(f"/record/files/{file.pk}/")


def test_a_pdf_is_made_by_a_worker_and_fetched_by_whoever_asked(staff, ann, ben, nils, episode, house):
    where = ask(staff, episode, file="record", kind="record", since="", until="", parts=["words", "goals"])["Location"]
    assert "data-running" in staff.get(where).content.decode()
    assert fetch(staff, the_file(ann)).status_code == 302, "not ready"
    work(house)
    file = the_file(ann)
    answer = fetch(staff, file)
    assert answer["Content-Type"] == "application/pdf"
    day = timezone.localdate().isoformat()
    assert answer["Content-Disposition"] == f'attachment; filename="N-014-{day}-record.pdf"'
    read = text_of(answer.content)
    assert "I garden <b>now</b>" in read and "My own key" in read and "Cook on Tuesdays" not in read
    assert "no-store" in answer["Cache-Control"]
    assert f"N-014-{day}-record.pdf" in staff.get(where).content.decode()
    staff.force_login(ben.user)
    assert fetch(staff, file).status_code == 404, "a link is for one person"
    with tenant(ann.organisation_id):
        told = AccessEvent.objects.filter(client_ids=[nils.pk]).values_list("action", flat=True)
        assert {"record.file", "record.made", "record.download"} <= set(told)


def test_everything_of_an_episode_is_one_file_whatever_was_chosen(staff, ann, episode, house):
    ask(staff, episode, file="episode", kind="record", since="2020-01-01", until="2020-01-02")
    work(house)
    answer = fetch(staff, the_file(ann))
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    start = f"N-014-{timezone.localdate().isoformat()}"
    assert sorted(archive.namelist()) == sorted(f"{start}{end}" for end in (".csv", ".json", ".svg", "-record.pdf"))
    assert len(json.loads(archive.read(f"{start}.json"))["sessions"]) == 3
    assert "I garden <b>now</b>" in text_of(archive.read(f"{start}-record.pdf"))
    assert len(archive.read(f"{start}.csv").splitlines()) == 4
    assert archive.testzip() is None


def test_the_curve_is_made_as_a_picture(staff, ann, episode, house):
    ask(staff, episode, file="picture")
    work(house)
    answer = fetch(staff, the_file(ann))
    assert answer.content.startswith(b"\x89PNG") and answer["Content-Type"] == "image/png"


def test_a_status_asked_for_in_danish_is_danish_and_without_the_clients_words(staff, ann, episode, house):
    staff.cookies["django_language"] = "da"
    ann.user.language = "da"
    ann.user.save(update_fields=["language"])
    ask(staff, episode, file="status", kind="status", since="", until="", parts=["words", "goals", "decisions"])
    work(house)
    read = text_of(fetch(staff, the_file(ann)).content)
    assert "Kontaktperson" in read and "Cook on Tuesdays" in read
    for words in ("I garden", "My own key", "The hard things"):
        assert words not in read


def test_after_an_hour_it_is_closed_and_soon_deleted(staff, ann, episode, house):
    ask(staff, episode, file="picture")
    work(house)
    file = the_file(ann)
    with tenant(ann.organisation_id):
        RecordFile.objects.update(created_at=timezone.now() - record_files.KEPT - timedelta(seconds=1))
    assert fetch(staff, file).status_code == 302
    with tenant(ann.organisation_id):
        assert RecordFile.objects.count() == 1
    periodic.forget_record_files()
    with tenant(ann.organisation_id):
        assert RecordFile.objects.count() == 0
    assert fetch(staff, file).status_code == 404


def test_it_is_gone_for_whoever_no_longer_sees_the_client(staff, ann, nils, episode, house):
    ask(staff, episode, file="picture")
    work(house)
    ask(staff, episode, file="record")
    with tenant(ann.organisation_id):
        ClientTeam.objects.filter(client=nils).delete()
    work(house)
    with tenant(ann.organisation_id):
        made, not_made = RecordFile.objects.order_by("created_at")
    assert not_made.step == RecordFileStep.FAILED and not_made.content is None
    assert fetch(staff, made).status_code == 404


def agreed(client, by, state) -> None:
    """The client says yes or no to the case worker."""
    with tenant(client.organisation_id), recorded(organisation_id=client.organisation_id, request_id="consent"):
        record_consent(client=client, by=by, purpose=ConsentPurpose.CASE_WORKER, state=state)


def test_a_file_with_shared_words_closes_with_the_agreement(staff, ann, nils, episode, house, monkeypatch):
    agreed(nils, ann, ConsentState.GIVEN)
    ask(staff, episode, file="status", kind="status", since="", until="", parts=["words", "goals"])
    work(house)
    file = the_file(ann)
    assert "I garden" in text_of(fetch(staff, file).content)
    monkeypatch.setattr("reports.exports.record_file.may_share_words", lambda client: False)
    assert fetch(staff, file).status_code == 302, "each fetch asks again"
    agreed(nils, ann, ConsentState.WITHDRAWN)
    assert fetch(staff, file).status_code == 404
    ask(staff, episode, file="status", kind="status", since="", until="", parts=["words", "goals"])
    monkeypatch.undo()
    work(house)
    assert "I garden" not in text_of(fetch(staff, the_file(ann)).content)


def test_where_nothing_allows_a_status_there_is_none(staff, ann, episode, house, monkeypatch):
    for place in ("reports.exports.record_file", "reports.record.view"):
        monkeypatch.setattr(f"{place}.may_share_marks", lambda client: False)
    page = staff.get(f"/episodes/{episode.pk}/record/", {"kind": "status"}).content.decode()
    assert "has not agreed" in page and "Make the PDF" not in page and "Cook on Tuesdays" not in page
    ask(staff, episode, file="status", kind="status")
    work(house)
    assert the_file(ann).step == RecordFileStep.FAILED


def test_one_that_cannot_be_made_is_told_and_others_go_on(staff, ann, episode, house, monkeypatch):
    monkeypatch.setattr(pdf_document, "SECONDS", 0.01)
    where = ask(staff, episode, file="record")["Location"]
    work(house)
    assert the_file(ann).step == RecordFileStep.FAILED
    assert "It could not be made." in staff.get(where).content.decode()


def test_a_job_that_runs_twice_makes_it_once(staff, ann, episode, house, monkeypatch):
    made = []
    monkeypatch.setattr(record_file, "curve_png", lambda content: made.append(1) or b"picture")
    ask(staff, episode, file="picture")
    work(house)
    with tenant(house.pk):
        Outbox.objects.filter(task=record_files.MAKE_FILE).update(done_at=None)
    work(house)
    assert made == [1]


def test_nobody_can_ask_for_more_than_a_worker_can_do(staff, ann, episode):
    for _number in range(record_files.MOST_AT_ONCE + 1):
        answer = ask(staff, episode, file="picture")
    assert "Wait until they are ready." in staff.get(answer["Location"]).content.decode()
    with tenant(ann.organisation_id):
        assert RecordFile.objects.count() == record_files.MOST_AT_ONCE


def end_episode(browser, episode, **more):
    url = reverse("episode-end", args=[episode.pk])
    sent = form_on(browser, url) | {"ending": "planned", "ended_on": today_in(episode.organisation).isoformat()} | more
    return browser.post(url, sent)


def test_an_ending_makes_everything_of_the_episode_and_its_page_offers_it(staff, ann, ben, nils, episode, house):
    page = end_episode(staff, episode)["Location"]
    assert "data-running" in staff.get(page).content.decode()
    work(house)
    file, shown = the_file(ann), staff.get(page).content.decode()
    assert reverse("record-file", args=[file.pk]) in shown and "data-running" not in shown
    archive = zipfile.ZipFile(io.BytesIO(fetch(staff, file).content))
    assert {name.rsplit(".")[-1] for name in archive.namelist()} == {"pdf", "csv", "json", "svg"}
    told = json.loads(archive.read(next(name for name in archive.namelist() if name.endswith(".json"))))
    assert (told["ending"], len(told["sessions"])) == ("planned", 3)
    staff.force_login(ben.user)
    assert "record/files" not in staff.get(page).content.decode(), "it is for whoever ended it"
    with tenant(ann.organisation_id):
        told = AccessEvent.objects.filter(client_ids=[nils.pk]).values_list("action", flat=True)
        assert {"episode.end", "record.file", "record.made"} <= set(told)


def test_an_ending_sent_twice_makes_one_file_and_one_taken_back_none(staff, ann, episode, house):
    url = reverse("episode-end", args=[episode.pk])
    sent = form_on(staff, url) | {"ending": "planned", "ended_on": today_in(episode.organisation).isoformat()}
    for _time in range(2):
        staff.post(url, sent)
    work(house)
    file = the_file(ann)
    staff.post(reverse("episode-reopen", args=[episode.pk]))
    assert fetch(staff, file).status_code == 404
    end_episode(staff, episode)
    assert the_file(ann).pk != file.pk


def test_an_ending_through_the_api_makes_it_too(staff, ann, episode, house):
    end = {"ended_on": today_in(house).isoformat(), "ending": "planned"}
    assert system_of(ann).ask("POST", f"episodes/{episode.pk}/end/", end).status_code == 200
    work(house)
    assert the_file(ann).step == RecordFileStep.READY


def test_where_a_system_ended_it_the_contact_person_has_the_file(staff, ann, ben, nils, episode, house):
    with tenant(house.pk):
        Practitioner.objects.filter(pk=ben.pk).update(user=None)
        ben.refresh_from_db()
        by = {"organisation_id": house.pk, "request_id": "system"}
        with recorded(**by):
            end_of(episode=episode, ended_on=today_in(house), ending="planned", by=ben)
    assert the_file(ann).asked_by_id == ann.pk


def test_of_a_practice_client_nothing_is_made_by_itself(staff, ann, nils, episode):
    with tenant(ann.organisation_id):
        Client.objects.filter(pk=nils.pk).update(is_practice=True)
    assert end_episode(staff, episode).status_code == 302
    with tenant(ann.organisation_id):
        assert not RecordFile.objects.exists()


def test_an_ending_holds_also_where_too_many_files_are_being_made(staff, ann, episode):
    for _number in range(record_files.MOST_AT_ONCE):
        ask(staff, episode, file="picture")
    assert end_episode(staff, episode).status_code == 302
    with tenant(ann.organisation_id):
        assert Episode.objects.get(pk=episode.pk).ended_on is not None
        assert RecordFile.objects.count() == record_files.MOST_AT_ONCE
