"""Answers sealed on a device: opened once, whatever has happened to the session, the form and the keys meanwhile."""

import base64
import datetime
import json
import os
import threading
import uuid

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.management import call_command
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from organisations.models import AccessEvent, Capability
from organisations.tenancy.context import tenant
from organisations.tokens import capabilities
from sessions_app.models import ConflictingAnswer, PendingAnswer, RatingEvent
from sessions_app.services import sealed_answers
from sessions_app.services.ratings import MOST_CONFLICTS
from sessions_app.views.client_form.offline import UNOPENED
from tests.sessions_app.test_form import ORS, ORS_TENTHS, age, marks, mint, record, stored, token  # noqa: F401


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.SEALING_KEYS_FILE = tmp_path / "keys.json"
    return settings.SEALING_KEYS_FILE


def seal(fields, key=None):
    """What static/js/seal.js makes of a form's fields."""
    key = key or sealed_answers.current_key()
    own = ec.generate_private_key(ec.SECP256R1())
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key.public)
    public = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    secret = HKDF(algorithm=hashes.SHA256(), length=32, salt=public, info=sealed_answers.INFO).derive(
        own.exchange(ec.ECDH(), theirs)
    )
    iv = os.urandom(12)
    sealed = AESGCM(secret).encrypt(iv, json.dumps(fields).encode(), key.id.encode())
    parts = {"from": public, "iv": iv, "sealed": sealed}
    return {"key": key.id, **{name: base64.b64encode(part).decode() for name, part in parts.items()}}


def deliver(envelope, **more):
    """As a device without any cookie."""
    browser = Browser(enforce_csrf_checks=True)
    body = envelope if isinstance(envelope, bytes) else json.dumps(envelope)
    return browser.post(reverse("sealed-answer"), body, content_type="application/json", **more)


def filled(token, **more):  # noqa: F811
    return marks(token=token, device_time="2031-01-01T10:00:00.000Z", **more)


def test_a_sealed_answer_is_kept_like_any_other(record, token):  # noqa: F811
    sent = filled(token)
    answer = deliver(seal(sent))
    assert (answer.status_code, answer.json()) == (200, {"outcome": "saved"})
    (rating,) = stored(record)
    assert (rating.marks, rating.late, str(rating.submission_id)) == (ORS_TENTHS, False, sent["submission_id"])
    assert rating.device_time.startswith("2031")  # a clock wrong by years is a claim; the server's time is the record
    assert abs(rating.created_at - timezone.now()) < datetime.timedelta(minutes=5)
    with tenant(record.organisation_id):
        event = AccessEvent.objects.get(action="rating.submit")
        (change,) = RatingEvent.objects.filter(pgh_obj=rating.pk)
    assert (event.role, event.client_ids) == ("capability", [record.client_id])
    assert change.pgh_context == {"role": "capability", "request": answer["X-Request-ID"]}


def test_the_same_envelope_again_and_the_plain_post_are_the_same_answer(record, token):  # noqa: F811
    sent = filled(token)
    envelope = seal(sent)
    outcomes = [deliver(envelope).json()["outcome"] for _ in range(3)]
    assert outcomes == ["saved", "repeated", "repeated"]
    assert Browser().post(reverse("rating-form", args=[token]), sent).status_code == 303
    assert len(stored(record)) == 1


def test_a_different_sealed_answer_is_kept_beside_the_first(record, token):  # noqa: F811
    deliver(seal(filled(token)))
    answer = deliver(seal(filled(token, overall="1.0")))
    assert (answer.status_code, answer.json()["outcome"]) == (200, "conflict")
    assert len(stored(record, ConflictingAnswer)) == 1


def test_one_too_many_stays_on_the_device_which_says_so(record, token):  # noqa: F811
    """What is answered with 200 is forgotten there."""
    for mark in range(MOST_CONFLICTS + 1):
        assert deliver(seal(filled(token, social=f"{mark / 10}"))).status_code == 200
    refused = deliver(seal(filled(token, social="9")))
    assert (refused.status_code, refused.json()["outcome"]) == (409, "too_many")


def test_an_answer_after_the_forms_time_is_taken_and_marked_late(record, token):  # noqa: F811
    age(token, days=29)
    assert deliver(seal(filled(token))).status_code == 200
    assert stored(record)[0].late


def test_after_thirty_days_it_stays_on_the_device(record, token):  # noqa: F811
    age(token, days=31)
    assert deliver(seal(filled(token))).status_code == 410
    assert stored(record) == []


def test_an_answer_to_a_withdrawn_form_waits_for_the_practitioner(record, token):  # noqa: F811
    Capability.objects.update(revoked_at=timezone.now())
    envelope = seal(filled(token))
    assert [deliver(envelope).json()["outcome"] for _ in range(2)] == ["held", "repeated"]
    assert stored(record) == []
    (held,) = stored(record, PendingAnswer)
    assert (held.marks, held.why, held.session_id) == (ORS_TENTHS, "withdrawn", record.pk)


def test_a_rotated_key_opens_for_sixty_days(record, token):  # noqa: F811
    envelope, old = seal(filled(token)), sealed_answers.current_key()
    call_command("rotate_sealing_key", verbosity=0)
    assert sealed_answers.current_key().id != old.id
    assert deliver(envelope).status_code == 200
    sealed_answers.rotate_key(timezone.now() + datetime.timedelta(days=59))
    assert deliver(envelope).status_code == 200
    sealed_answers.rotate_key(timezone.now() + datetime.timedelta(days=61))
    answer = deliver(envelope)
    assert (answer.status_code, answer.json()["outcome"]) == (410, "unknown_key")


def test_the_key_is_made_once_and_nobody_else_reads_it(keys):
    found, start = set(), threading.Barrier(12)

    def ask():
        start.wait()
        found.add(sealed_answers.public_key())

    threads = [threading.Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 1
    assert keys.stat().st_mode & 0o077 == 0
    assert [path.name for path in keys.parent.iterdir()] == [keys.name]


def tampered(envelope):
    for name in ("from", "iv", "sealed"):
        part = bytearray(base64.b64decode(envelope[name]))
        part[-1] ^= 1
        yield {**envelope, name: base64.b64encode(bytes(part)).decode()}
        yield {key: value for key, value in envelope.items() if key != name}
    yield {**envelope, "sealed": "not base64"}
    yield {**envelope, "iv": 7}
    yield [envelope]
    yield b"\xff\x00"
    yield b"[" * 4000
    yield b"{}" + b" " * 9000


def test_whoever_changes_an_envelope_opens_nothing(record, token):  # noqa: F811
    for broken in tampered(seal(filled(token))):
        assert deliver(broken).status_code in {400, 410, 422}, broken
    assert deliver(seal({"token": [token]})).status_code == 422
    assert deliver(seal(["no form"])).status_code == 422
    assert stored(record) == []


# What the door refuses in every other body stands inside the envelope here: half a character, NUL.
@pytest.mark.parametrize("sign", ["\ud800", "\0"])
@pytest.mark.parametrize("field", ["token", "pack", "individual", "device_time", "a name"])
def test_what_is_no_text_inside_an_envelope_is_no_answer(record, token, sign, field):  # noqa: F811
    """Not a 500 either: the device would send it again for ever, and behind it nothing else."""
    fields = filled(token) | ({f"a{sign}name": "x"} if field == "a name" else {field: f"own{sign}@1"})
    assert deliver(seal(fields)).status_code == 422
    assert stored(record) == []


def test_a_form_that_is_not_finished_is_not_an_answer(record, token):  # noqa: F811
    answer = deliver(seal(filled(token, social="")))
    assert (answer.status_code, answer.json()["outcome"]) == (422, "incomplete")
    assert stored(record) == []


def named(envelope, token):  # noqa: F811
    """An envelope with its form's name on it, as static/js/seal.js writes it."""
    return envelope | {"form": capabilities.hash_of(token)[:16].hex()}


@pytest.fixture
def one_moment(time_machine):
    """All envelopes come within one minute, however busy the machine is."""
    time_machine.move_to(timezone.now(), tick=False)


def wrong_envelopes():
    yield seal(filled("A" * 43)), 410  # a form that does not exist
    yield seal({"token": "x"}) | {"sealed": "AAAA"}, 422  # opens with no key
    yield seal({"token": "x"}) | {"key": "0" * 16}, 410  # a key that is not there
    yield named(seal(filled("A" * 43)), "A" * 43), 410  # an invented name is none
    yield seal(filled("A" * 43)) | {"form": "no name"}, 410


@pytest.mark.parametrize("which", range(5))
def test_envelopes_that_bring_no_answer_are_limited_and_a_right_one_is_taken(record, token, one_moment, which):  # noqa: F811
    envelope, status = list(wrong_envelopes())[which]
    for _guess in range(UNOPENED.at_most):
        assert deliver(envelope).status_code == status
    refused = deliver(envelope)
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= UNOPENED.seconds
    assert deliver(envelope, REMOTE_ADDR="10.9.9.9").status_code == status
    assert deliver(named(seal(filled(token)), token)).status_code == 200
    assert len(stored(record)) == 1


def test_over_the_limit_nothing_is_decrypted(token, monkeypatch, one_moment):  # noqa: F811
    envelope = seal(filled("A" * 43))
    for _guess in range(UNOPENED.at_most):
        deliver(envelope)
    monkeypatch.setattr(sealed_answers, "open_envelope", lambda envelope: pytest.fail("decrypted"))
    assert deliver(envelope).status_code == 429


def test_wrong_envelopes_with_a_form_s_name_stop_that_form_s_only(record, token, one_moment):  # noqa: F811
    other = mint(record, "srs")
    for _guess in range(UNOPENED.at_most):
        assert deliver(named(seal(filled("A" * 43)), other)).status_code == 410
    assert deliver(named(seal(filled("A" * 43)), other)).status_code == 429
    assert deliver(named(seal(filled(token)), token)).status_code == 200


def test_an_older_device_s_envelope_without_a_name_is_taken(record, token):  # noqa: F811
    assert deliver(seal(filled(token))).status_code == 200
    assert len(stored(record)) == 1


def test_a_fault_of_the_server_asks_the_device_to_come_back(record, token, monkeypatch):  # noqa: F811
    from sessions_app.services import pending_answers

    envelope = seal(filled(token))
    with monkeypatch.context() as patch:
        patch.setattr(pending_answers, "submit_first_answer", lambda **_: 1 / 0)
        browser = Browser(raise_request_exception=False)
        failed = browser.post(reverse("sealed-answer"), json.dumps(envelope), content_type="application/json")
    assert failed.status_code == 500
    assert deliver(envelope).json()["outcome"] == "saved"
    assert len(stored(record)) == 1


def test_another_secret_key_and_no_session_lose_nothing(record, token, settings):  # noqa: F811
    envelope = seal(filled(token))
    settings.SECRET_KEY = "quite another one, as long as a secret key should be at the least"
    assert deliver(envelope).status_code == 200


def test_two_forms_in_one_outbox_are_two_answers(record, token):  # noqa: F811
    srs = mint(record, "srs")
    nines = dict.fromkeys(("relation", "goals", "approach", "overall"), "9")
    sealed = {"token": srs, "submission_id": str(uuid.uuid4()), **nines}
    assert {deliver(seal(filled(token))).status_code, deliver(seal(sealed)).status_code} == {200}
    assert {rating.instrument: rating.total for rating in stored(record)} == {"ors": 263, "srs": 360}
