"""Data of a study on their way out: two people, what is on record, a week, and a no that closes."""

import datetime
import os
import re
import subprocess
import sys

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clients.models import ConsentPurpose
from organisations.models import AccessEvent
from organisations.roles import Role
from organisations.tenancy.context import tenant
from reports.exports import research_file
from reports.periodic import forget_study_exports
from reports.research.dataset import build_dataset
from sessions_app.models import Study, StudyExport, StudyExportClient
from tests.people import PASSWORD, person
from tests.reports.research.conftest import NO, PURPOSE, again, agree, ask, enrol, made, say, work
from tests.results_rows import add_episodes
from tests.saving import form_on
from tests.second_factors import confirm

pytestmark = pytest.mark.django_db
TYPED = {"purpose": PURPOSE, "recipient": "Prof. Nord", "columns": ["age_band", "ending"], "password": PASSWORD}


@pytest.fixture
def few(ann, service, red_team, study, ada):
    """Twelve participants, alike enough."""
    found = add_episodes(ann, service, [(150 + 10 * n, 250) for n in range(12)], team=red_team, contact=ann)
    enrol(study, ada, found, (ann,))
    return found


def url(name, of):
    return reverse(name, args=[of.pk])


def logged_in(browser, someone):
    """Somebody who has just shown once more who they are."""
    browser.force_login(someone.user)
    confirm(browser)
    return browser


def events(organisation, action):
    with tenant(organisation.pk):
        return list(AccessEvent.objects.filter(action=action))


def page(answer):
    return " ".join(answer.content.decode().split())


def test_one_asks_another_agrees_a_worker_makes_and_the_first_takes(browser, study, few, ada, lea, house):
    logged_in(browser, ada)
    answer = browser.post(url("study-export-new", study), TYPED)
    with tenant(house.pk):
        export = StudyExport.objects.get()
    assert answer.url == url("study-export", export)
    assert (export.approver, export.approval_reference) == ("The committee", "H-26000001")
    assert "Somebody else decides" in page(browser.get(answer.url))
    work(house)
    assert again(export).step == "waiting"
    logged_in(browser, lea)
    assert "May these data leave?" in page(browser.get(answer.url))
    browser.post(answer.url, {"agrees": "yes", "password": PASSWORD})
    logged_in(browser, ada)
    assert "data-running" in page(browser.get(answer.url))
    work(house)
    shown = page(browser.get(answer.url))
    assert "12 participants are in it" in shown and re.search(r"Nobody is like fewer than \d+ people", shown)
    taken = browser.get(url("study-export-file", export))
    assert taken["Content-Type"] == "application/zip" and taken.content[:2] == b"PK"
    assert 'filename="study-1.zip"' in taken["Content-Disposition"]
    export = again(export)
    assert (export.decided_by_id, export.taken_times) == (lea.pk, 1)
    clients = {one.client_id for one in few}
    for action in ("study.export_made", "study.export_taken"):
        [event] = events(house, action)
        assert set(event.client_ids) == clients and event.typed == "Trial: Prof. Nord"
    assert [event.practitioner_id for event in events(house, "study.export_allowed")] == [lea.pk]


def test_nobody_agrees_to_what_they_asked_for(browser, study, few, ada, house):
    export = ask(study, ada)
    logged_in(browser, ada)
    answer = browser.post(url("study-export", export), {"agrees": "yes", "password": PASSWORD})
    assert answer.status_code == 422 and "Somebody else has to agree" in page(answer)
    assert again(export).step == "waiting"
    with tenant(house.pk), transaction.atomic(), pytest.raises(IntegrityError):  # nor by hand
        StudyExport.objects.filter(pk=export.pk).update(decided_by=ada)


def test_a_wrong_password_and_no_purpose_are_refused_beside_their_fields_with_nothing_lost(browser, study, few, ada):
    logged_in(browser, ada)
    answer = browser.post(url("study-export-new", study), TYPED | {"password": "wrong", "purpose": ""})
    assert answer.status_code == 422
    form = answer.context["form"]
    assert set(form.errors) == {"purpose", "password"} and "Prof. Nord" in page(answer)
    with tenant(study.organisation_id):
        assert not StudyExport.objects.exists()


def test_what_was_decided_is_decided(browser, study, few, ada, lea, house):
    export = ask(study, ada)
    agree(export, lea, agrees=False)
    work(house)
    assert again(export).step == "refused"
    with pytest.raises(ValidationError, match="decided meanwhile"):
        agree(export, lea)


def test_the_eleventh_within_an_hour_is_refused(browser, study, few, ada):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(10):
            ask(study, ada)
        with pytest.raises(ValidationError, match="ten exports within an hour"):
            ask(study, ada)
        clock.shift(3601)
        ask(study, ada)


def test_only_whoever_asked_takes_it_and_only_a_week_long(browser, study, few, ada, lea, house):
    export, _files = made(study, ada, lea)
    logged_in(browser, lea)
    assert browser.get(url("study-export-file", export)).status_code == 403
    with time_machine.travel(timezone.now() + datetime.timedelta(days=8)):
        logged_in(browser, ada)
        answer = browser.get(url("study-export-file", export), follow=True)
        assert "This file is not there any more" in page(answer)
        forget_study_exports()
    export = again(export)
    assert (export.step, export.end, export.content) == ("closed", "days", None)
    assert export.report["people"] == 12 and export.purpose == PURPOSE


def test_another_administrator_does_not_take_it(browser, study, few, ada, lea, red_team):
    export, _files = made(study, ada, lea)
    other = person(red_team, "Olga Dal", Role.ADMIN, teams=[])
    logged_in(browser, other)
    answer = browser.get(url("study-export-file", export), follow=True)
    assert "Only whoever asked for an export takes it" in page(answer)


def test_a_file_is_taken_only_by_whoever_has_just_confirmed_who_they_are(browser, study, few, ada, lea):
    export, _files = made(study, ada, lea)
    browser.force_login(ada.user)
    answer = browser.get(url("study-export-file", export))
    assert answer.status_code == 302 and answer.url.startswith(reverse("account_reauthenticate"))


def test_a_no_deletes_the_file_says_so_before_and_tells_who_has_it_to_stop(browser, study, few, ada, ann, lea, house):
    export, _files = made(study, ada, lea)
    with tenant(house.pk):
        StudyExport.objects.filter(pk=export.pk).update(taken_times=1)
        client = few[0].client
    browser.force_login(ann.user)
    consents = reverse("client-consents", args=[client.pk])
    assert "1 file for research" in page(browser.get(consents))
    said = {"purposes": [ConsentPurpose.RESEARCH], "state": NO, "said_by": "client"}
    answer = browser.post(consents, form_on(browser, consents) | said)
    assert answer.status_code == 302
    export = again(export)
    assert (export.step, export.end, export.content) == ("closed", "consent", None)
    logged_in(browser, ada)
    assert "Tell whoever has it that it may be used no longer" in page(browser.get(url("study-export", export)))
    assert "not there any more" in page(browser.get(url("study-export-file", export), follow=True))
    _next, files = made(study, ada, lea)
    assert files["episodes.csv"].decode().count("\n") == 12
    assert again(_next).report["left_out"] == {"consent_gone": 1}


def test_an_answer_that_came_by_another_way_is_asked_for_again_when_a_file_is_taken(
    browser, study, few, ada, lea, ann, house
):
    """Not even a row that no service wrote lets somebody's data go."""
    export, _files = made(study, ada, lea)
    say(ann, [few[0].client_id], NO)
    logged_in(browser, ada)
    assert "not there any more" in page(browser.get(url("study-export-file", export), follow=True))


def test_who_says_no_while_the_file_is_made_is_not_in_it(study, few, ada, lea, ann, house, monkeypatch):
    export = ask(study, ada)
    agree(export, lea)
    calls, real = [], research_file.make

    def slow(given):
        found = real(given)
        if not calls:
            say(ann, [few[0].client_id], NO)
        calls.append(found)
        return found

    monkeypatch.setattr(research_file, "make", slow)
    work(house)
    assert len(calls) == 2 and again(export).report["people"] == 11
    with tenant(house.pk):
        assert few[0].client_id not in set(StudyExportClient.objects.values_list("client", flat=True))


def test_too_few_are_told_so_and_nothing_leaves(browser, study, ada, lea, ann, service, red_team, house):
    enrol(study, ada, add_episodes(ann, service, [(150, 250)] * 4, team=red_team), (ann,))
    export = ask(study, ada)
    agree(export, lea)
    work(house)
    export = again(export)
    assert (export.step, export.content) == ("failed", None)
    logged_in(browser, ada)
    assert "Fewer than 5 participants agree and are alike: nothing leaves." in page(
        browser.get(url("study-export", export))
    )


def test_a_silent_client_a_practice_client_and_a_draft_are_no_data(study, few, ada, lea, ann, house, browser):
    with tenant(house.pk):
        few[0].client.is_practice = True
        few[0].client.save()
        drafted = Study.objects.create(
            organisation=house,
            name="Draft",
            purpose="x",
            criteria="x",
            protocol="x",
            approver="x",
            approval_reference="x",
            starts_on="2026-01-01",
            ends_on="2026-12-31",
            created_by=ada,
        )
    export, _files = made(study, ada, lea)
    assert export.report["people"] == 11 and export.report["left_out"] == {"practice": 1}
    with pytest.raises(ValidationError, match="not been opened"):
        ask(drafted, ada)
    logged_in(browser, ada)
    assert "Ask for the data" not in page(browser.get(url("study-exports", drafted)))


def test_a_request_is_taken_back_and_a_file_removed_and_what_it_was_for_stays(browser, study, few, ada, lea, house):
    logged_in(browser, ada)
    waiting, (ready, _files) = ask(study, ada), made(study, ada, lea)
    for export in (waiting, ready):
        browser.post(url("study-export-remove", export))
        export = again(export)
        assert (export.step, export.end, export.content) == ("closed", "removed", None)
        assert "Does feedback help?" in page(browser.get(url("study-export", export)))


def test_practitioners_and_other_organisations_see_none(browser, study, few, ada, ann, dora):
    export = ask(study, ada)
    browser.force_login(ann.user)
    assert browser.get(url("study-exports", study)).status_code == 403
    browser.force_login(dora.user)
    assert browser.get(url("study-export", export)).status_code in (403, 404)


def test_the_list_takes_as_many_queries_for_one_as_for_five(browser, study, few, ada):
    logged_in(browser, ada)
    counts = []
    for more in (1, 4):
        for _ in range(more):
            ask(study, ada)
        browser.get(url("study-exports", study))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            browser.get(url("study-exports", study))
        counts.append(len(queries))
        assert not any('"content"' in query["sql"] for query in queries)
    assert counts[0] == counts[1]


def test_a_file_is_made_by_as_many_queries_for_six_as_for_twelve(study, ada, lea, ann, service, red_team, house):
    counts = []
    for _ in range(2):
        enrol(study, ada, add_episodes(ann, service, [(150, 250)] * 6, team=red_team), (ann,))
        export = ask(study, ada)
        with tenant(house.pk):
            found = StudyExport.objects.select_related("asked_by__organisation", "study__organisation").get(
                pk=export.pk
            )
            with CaptureQueriesContext(connection) as queries:
                build_dataset(found)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20


def test_the_web_server_loads_nothing_that_only_a_file_needs():
    """Pandas and what it brings are two hundred megabytes that no page needs."""
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import django; django.setup(); import fit_project.urls, sys; "
            "print(sorted({'pandas', 'pyarrow', 'pyreadstat'} & set(sys.modules)))",
        ],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "fit_project.settings"},
    )
    assert told.stdout.strip() == "[]"
