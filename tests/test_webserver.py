"""What the web server writes down about a request."""

import sys
from types import SimpleNamespace

from gunicorn.config import Config

from fit_project.webserver import AccessLog, access_log_format, post_fork


def test_neither_a_query_nor_a_forms_token_reaches_the_access_log():
    request = SimpleNamespace(headers=[("REFERER", "http://localhost/f/s3cret/")])
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/f/s3cret/thanks/",
        "RAW_URI": "/f/s3cret/thanks/?q=Nils",
        "QUERY_STRING": "q=Nils",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_REFERER": "http://localhost/f/s3cret/",
    }
    response = SimpleNamespace(status="200 OK", sent=12, headers=[], response_length=12)
    import datetime

    atoms = AccessLog(Config()).atoms(response, request, environ, datetime.timedelta(milliseconds=7))
    line = access_log_format % atoms
    assert "/f/***/thanks/" in line
    assert "s3cret" not in str({key: atoms[key] for key in "rUqf"})
    assert "Nils" not in str({key: atoms[key] for key in "rUqf"})


def test_threads_take_turns_more_often_than_by_default():
    before = sys.getswitchinterval()
    try:
        post_fork(None, None)
        assert sys.getswitchinterval() < before
    finally:
        sys.setswitchinterval(before)
