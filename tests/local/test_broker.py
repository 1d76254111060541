"""The tests' broker is a real one, and the web server's log keeps no secret."""

import pytest
import redis

from fit_project.local.broker import Broker


def test_the_broker_asks_for_a_password_and_keeps_its_address_over_a_stop(tmp_path):
    broker = Broker(tmp_path)
    assert broker.configuration.exists() is False
    broker.start()
    try:
        url = broker.url
        assert redis.Redis.from_url(url).ping()
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=broker.port).ping()
        assert broker.configuration.stat().st_mode & 0o077 == 0
        broker.stop()
        assert not broker.answers()
        broker.start()
        assert broker.url == url
        assert broker.answers()
    finally:
        broker.stop()


def test_celery_publishes_to_the_tests_broker(broker):
    from fit_project.celery import app

    app.send_task("no.such.task")
    assert redis.Redis.from_url(broker.url).llen("celery") == 1
