"""The client's form: what is posted is kept once, whatever happens, and the token opens nothing else."""

import datetime
import io
import logging
import re
import threading
import uuid
from contextlib import contextmanager, nullcontext

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from organisations.audit import hash_chain
from organisations.database import statements
from organisations.models import AccessEvent, Capability, CapabilityKind, Outbox
from organisations.monitoring.logs import PrivateFilter
from organisations.tenancy.context import tenant
from organisations.tokens import capabilities
from sessions_app.measures.instruments.registry import FAMILY
from sessions_app.models import ConflictingAnswer, Rating, Session
from sessions_app.services import pending_answers
from sessions_app.texts.form_wording import handover_sentence, known, wording_for
from sessions_app.views.client_form import form as form_views
from tests.factories import SessionFactory

ORS = {"individual": "6.2", "relations": "7.1", "social": "5.8", "overall": "7,2"}
ORS_TENTHS = [62, 71, 58, 72]
OTHER = {**ORS, "overall": "1.0"}


@pytest.fixture
def record(ann, episode):
    with tenant(ann.organisation_id):
        return SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)


def mint(record, instrument="ors", hours=4):
    return capabilities.mint(
        kind=CapabilityKind.HANDOVER,
        organisation_id=record.organisation_id,
        object_id=record.pk,
        detail=instrument,
        lifetime=datetime.timedelta(hours=hours),
    )


@pytest.fixture
def token(record):
    return mint(record)


@pytest.fixture
def device():
    """A browser without any cookie, that checks CSRF as a real server does."""
    return Browser(enforce_csrf_checks=True)


def form(token):
    return reverse("rating-form", args=[token])


def thanks(token):
    return reverse("rating-thanks", args=[token])


def marks(answer=ORS, **more):
    return {**answer, "submission_id": str(uuid.uuid4()), **more}


def stored(record, model=Rating):
    with tenant(record.organisation_id):
        return list(model.objects.order_by("created_at"))


def test_the_form_has_the_clients_words_and_no_name(device, token, nils):
    page = device.get(form(token))
    words = page.content.decode()
    assert page.status_code == 200
    for word in ("How are things?", "Close relationships", "life outside home", "not the licensed scales"):
        assert word in words
    assert "Nils" not in words
    assert "N-014" not in words
    assert 'action="' + form(token) in words
    assert re.search(r'name="submission_id" value="[0-9a-f-]{36}"', words)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store, private"
    assert "Set-Cookie" not in page.headers
    assert "sessionid" not in page.cookies


@pytest.mark.parametrize(("language", "title"), [("da", "Hvordan går det?"), ("sv", "Hur går det?")])
def test_the_form_speaks_the_clients_language(device, token, nils, language, title):
    with tenant(nils.organisation_id):
        type(nils).objects.update(form_language=language)
    page = device.get(form(token), headers={"Accept-Language": "en"})
    assert title in page.content.decode()
    assert f'lang="{language}"' in page.content.decode()
    assert page.headers["Content-Language"] == language


def test_an_answer_without_javascript_is_kept_exactly(device, record, token):
    answer = device.post(form(token), marks(device_time="2026-11-22T10:00:00.000Z"))
    assert (answer.status_code, answer.headers["Location"]) == (303, thanks(token))
    assert "Give the tablet back" in device.get(thanks(token)).content.decode()
    (rating,) = stored(record)
    assert (rating.marks, rating.total, rating.rater) == (ORS_TENTHS, 263, "client")
    assert (rating.entry_mode, rating.recorded_by_id, rating.language) == ("device", None, "en")
    assert rating.device_time == "2026-11-22T10:00:00.000Z"
    with tenant(record.organisation_id):
        episode = record.episode
        episode.refresh_from_db()
        assert (episode.outcome_last, episode.outcome_count) == (263, 1)
        assert Outbox.objects.filter(object_id=episode.pk).count() == 1
        event = AccessEvent.objects.get(action="rating.submit")
    assert (event.role, event.practitioner_id, event.client_ids) == ("capability", None, [record.client_id])


def test_the_form_costs_few_queries_and_reads_no_session_and_no_user(device, token, ann, record):
    device.force_login(ann.user)  # a cookie that must not matter
    device.get(form(token))  # prepares the page
    for send, most in ((lambda: device.get(form(token)), 4), (lambda: device.post(form(token), marks()), 5)):
        with CaptureQueriesContext(connection) as queries:
            send()
        texts = [query["sql"] for query in queries.captured_queries if "SAVEPOINT" not in query["sql"]]
        assert not [sql for sql in texts if "django_session" in sql or "organisations_user" in sql]
        assert len(texts) <= most, "\n".join(texts)


@pytest.mark.parametrize(
    ("line", "text", "words"),
    [
        ("social", "", "no mark yet"),
        ("social", "11", "between 0 and 10"),
        ("overall", "abc", "Write a number"),
        ("overall", "5.55", "one decimal"),
    ],
)
def test_a_line_without_a_mark_is_said_at_the_line_and_the_others_stay(device, record, token, line, text, words):
    sent = marks({**ORS, line: text})
    page = device.post(form(token), sent)
    assert page.status_code == 422
    content = page.content.decode()
    section = content.split(f'data-key="{line}"')[1].split("</section>")[0]
    assert words in section
    assert 'data-mark="62"' in content
    assert sent["submission_id"] in content
    assert stored(record) == []
    assert device.get(form(token)).status_code == 200


def test_missing_submission_id_and_odd_device_time_lose_nothing(device, record, token):
    for _attempt in range(2):
        answer = device.post(form(token), {**ORS, "submission_id": "?", "device_time": "12:00 <b>"})
        assert answer.status_code == 303
    (rating,) = stored(record)
    assert rating.device_time == ""


def test_the_same_submission_again_is_the_same_answer(device, record, token):
    sent = marks()
    assert [device.post(form(token), sent).status_code for _ in range(3)] == [303] * 3
    assert len(stored(record)) == 1


def test_the_same_marks_from_another_page_are_the_same_answer(device, record, token):
    device.post(form(token), marks())
    assert device.post(form(token), marks()).status_code == 303
    assert len(stored(record)) == 1
    assert stored(record, ConflictingAnswer) == []


def test_another_answer_is_kept_beside_the_first(device, record, token):
    device.post(form(token), marks())
    for _attempt in range(2):  # also sent twice
        page = device.post(form(token), marks(OTHER))
        assert page.status_code == 409
    assert "Both answers are kept" in page.content.decode()
    (rating,) = stored(record)
    (other,) = stored(record, ConflictingAnswer)
    assert rating.marks == ORS_TENTHS
    assert (other.rating_id, other.marks, other.decided_at) == (rating.pk, [62, 71, 58, 10], None)


def test_the_id_of_another_form_does_not_stop_an_answer(device, record, token, ann, episode):
    sent = marks()
    device.post(form(token), sent)
    with tenant(ann.organisation_id):
        second = SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)
    assert device.post(form(mint(second)), sent).status_code == 303
    assert {rating.session_id for rating in stored(record)} == {record.pk, second.pk}


def test_a_used_token_shows_thanks_and_no_form(device, token):
    device.post(form(token), marks())
    assert device.get(form(token)).headers["Location"] == thanks(token)


def test_opening_a_form_does_not_use_up_its_token(device, record, token):
    for _scanner in range(20):
        assert device.get(form(token)).status_code == 200
        assert device.head(form(token)).status_code == 200
    assert device.get(thanks(token)).headers["Location"] == form(token)
    assert device.post(form(token), marks()).status_code == 303


def age(token, **ago):
    Capability.objects.filter(token_hash=capabilities.hash_of(token)).update(
        expires_at=timezone.now() - datetime.timedelta(**ago)
    )


def test_an_expired_form_is_closed_in_a_friendly_way_but_takes_a_late_answer(device, record, token):
    age(token, days=29)
    page = device.get(form(token))
    assert page.status_code == 410
    assert "Give the tablet back" in page.content.decode()
    assert "Close relationships" not in page.content.decode()
    assert device.post(form(token), marks()).status_code == 303
    assert len(stored(record)) == 1


def test_after_thirty_days_nothing_is_taken(device, record, token):
    age(token, days=31)
    assert device.post(form(token), marks()).status_code == 410
    assert stored(record) == []


def test_a_form_handed_over_again_closes_the_earlier_one_but_loses_no_answer(browser, device, ann, record, token):
    browser.force_login(ann.user)
    browser.post(reverse("session-handover", args=[record.pk, "ors"]))
    assert device.get(form(token)).status_code == 410
    assert device.post(form(token), marks()).status_code == 303
    assert len(stored(record)) == 1


@pytest.mark.parametrize("wrong", ["x", "a" * 43, "..", "%01"])
def test_any_other_token_opens_nothing(device, token, wrong):
    assert device.get(f"/f/{wrong}/").status_code == 404
    assert device.post(f"/f/{token}x/", marks()).status_code == 404


def test_a_token_of_another_kind_opens_no_form(device, record):
    other = capabilities.mint(
        kind=CapabilityKind.INVITATION,
        organisation_id=record.organisation_id,
        object_id=record.pk,
        detail="ors",
        lifetime=datetime.timedelta(hours=1),
    )
    assert device.get(form(other)).status_code == 404


def test_a_token_is_for_one_form_of_one_session(device, record, token, ann, episode):
    with tenant(ann.organisation_id):
        SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)
    device.post(form(token), marks({**ORS, "session": "x", "instrument": "srs"}))
    (rating,) = stored(record)
    assert (rating.session_id, rating.instrument) == (record.pk, "ors")


def test_an_answer_for_a_session_taken_out_meanwhile_is_still_kept(device, record, token, ann):
    with tenant(ann.organisation_id):
        Session.objects.update(voided_at=timezone.now(), voided_by=ann, void_reason="wrong client")
    assert device.post(form(token), marks()).status_code == 303
    assert len(stored(record)) == 1


def test_no_log_line_holds_the_token(device, token, monkeypatch):
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.addFilter(PrivateFilter())
    logging.getLogger().addHandler(handler)
    monkeypatch.setattr(pending_answers, "submit_first_answer", lambda **_: 1 / 0)
    device.raise_request_exception = False
    try:
        page = device.post(form(token), marks())
        logging.getLogger("sessions_app.elsewhere").warning("Not found: %s", form(token))
    finally:
        logging.getLogger().removeHandler(handler)
    assert page.status_code == 500
    assert token not in page.content.decode()
    assert "/f/***" in lines.getvalue()
    assert token not in lines.getvalue()
    assert "6.2" not in lines.getvalue()


def test_a_fault_after_the_storing_undoes_all_of_it_but_the_access_log(device, record, token, monkeypatch):
    """No savepoint stands around the view."""
    monkeypatch.setattr(form_views, "redirect", lambda *_: 1 / 0)
    device.raise_request_exception = False
    sent = marks()
    assert device.post(form(token), sent).status_code == 500
    assert stored(record) == []
    with tenant(record.organisation_id):
        assert not Outbox.objects.exists()
        assert set(AccessEvent.objects.values_list("action", flat=True)) == {"form.open", "rating.submit"}
        assert list(hash_chain.faults_of(record.organisation, {})) == []
    monkeypatch.undo()
    assert device.post(form(token), sent).status_code == 303
    assert len(stored(record)) == 1


@contextmanager
def without_lock(monkeypatch):
    """The control: session and episode are read without a lock, so that only the unique constraint stands."""
    monkeypatch.setattr(statements, "WRITTEN", {})  # the locking ones were written before
    monkeypatch.setattr(Session.objects.all().__class__, "select_for_update", lambda rows, **_: rows)
    monkeypatch.setattr(pending_answers, "lock_answered_session", lambda _session: None)
    yield


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locked", [True, False])
def test_twenty_at_once_store_one_answer(record, token, monkeypatch, locked):
    """With and without the lock one row is kept and all twenty are told so.

    The run without it is the control: it shows that the unique constraint holds on its own. Drop the
    constraint `rating_once` as well and this test counts several rows.
    """
    statuses, failures = [], []
    start = threading.Barrier(20)

    def post():
        try:
            start.wait(timeout=30)
            statuses.append(Browser().post(form(token), marks()).status_code)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    with nullcontext() if locked else without_lock(monkeypatch):
        threads = [threading.Thread(target=post) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failures == []
    assert statuses == [303] * 20
    assert len(stored(record)) == 1


@pytest.mark.parametrize("language", ["da", "sv", "nb", "en"])
def test_the_wording_is_complete(language):
    keys = {"ors": "ors", "ors:others": "ors", "cors:others": "cors"} | {
        key: key for key in ("cors", "ycors", "srs", "csrs", "ycsrs", "gsrs", "cgsrs", "lass", "who5")
    }
    for key, instrument in keys.items():
        words = wording_for(key, language)
        scored, choice = FAMILY[instrument].scored, FAMILY[instrument].is_choice
        assert all([words.title, words.instruction, words.foot, words.done_label])
        assert all(item.sentence and bool(item.left and item.right) == (scored and not choice) for item in words.items)
        assert FAMILY[instrument].items == tuple(item.key for item in words.items)
        assert scored or len(words.answers) == 5
        assert len(words.answers) == (FAMILY[instrument].mark_max + 1 if choice else 0)
        assert handover_sentence(key, language)
        if language != "en":
            english = wording_for(key, "en")
            assert words.title != english.title
            assert all(item.sentence != other.sentence for item, other in zip(words.items, english.items, strict=True))


def test_an_unknown_language_falls_back_to_english():
    assert (known("fi"), known("da-DK"), known("")) == ("en", "da", "en")
