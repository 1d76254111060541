"""What would leave for Sentry: an exception's class and its place in the code."""

import json

import pytest
import sentry_sdk
from django.test import Client as Browser
from django.urls import reverse
from sentry_sdk.transport import Transport

from fit_project import sentry
from tests.route_matrix import CLIENT_WORDS, make_world, named_routes
from tests.test_logs import EVERYTHING, SCORE, found, raising


class Box(Transport):
    """Keeps what would be sent."""

    def __init__(self):
        super().__init__()
        self.sent = []

    def capture_envelope(self, envelope):
        self.sent.append(envelope.serialize().decode())


@pytest.fixture
def box():
    box = Box()
    sentry.start("https://key@sentry.example.org/1", environment="test", transport=box)
    yield box
    end()


def end():
    sentry_sdk.get_client().close()
    sentry_sdk.get_global_scope().set_client(None)


@pytest.mark.django_db
def test_an_event_holds_no_client_data(box, monkeypatch):
    world = make_world()
    pattern = dict(named_routes())["rating-form"]
    monkeypatch.setattr(pattern, "callback", raising(pattern.callback))
    device = Browser(raise_request_exception=False)
    device.post(f"{world.url('rating-form')}?q={CLIENT_WORDS}", {"text": EVERYTHING, "mark": SCORE})
    assert not sentry_sdk.get_client().options["send_default_pii"]
    sent = "\n".join(box.sent)
    assert "RuntimeError" in sent
    assert "test_logs.py" in sent
    assert found(sent, *world.tokens.values()) == []
    event = json.loads(box.sent[0].splitlines()[-1])
    assert set(event) <= {*sentry.KEPT, "tags", "exception"}
    assert event["tags"]["request_id"] not in ("", "-")


@pytest.mark.django_db
def test_without_the_scrubbing_the_same_event_would_tell(monkeypatch):
    """The control."""
    monkeypatch.setattr(sentry, "scrubbed", lambda event, hint: event)
    box = Box()
    sentry.start("https://key@sentry.example.org/1", environment="test", transport=box)
    world = make_world()
    pattern = dict(named_routes())["rating-form"]
    monkeypatch.setattr(pattern, "callback", raising(pattern.callback))
    Browser(raise_request_exception=False).post(world.url("rating-form"), {"text": EVERYTHING})
    sent = "\n".join(box.sent)
    end()
    assert found(sent, *world.tokens.values())


@pytest.mark.django_db
def test_off_unless_an_address_is_set(browser):
    sentry.start("", environment="production")
    assert not sentry_sdk.get_client().is_active()
    assert browser.get(reverse("healthz")).status_code == 200
