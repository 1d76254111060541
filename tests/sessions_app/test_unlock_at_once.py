"""Several unlocks of one device at once: one session of staff comes back, and every tab goes on at the same page."""

import threading
import time

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse

from organisations.models import DeviceSession
from sessions_app.services import handover
from tests.people import PASSWORD

AT_ONCE = 6


def tab_of(device):
    """Another tab of the same browser: the same cookies, and answers of its own."""
    tab = Browser()
    for name, cookie in device.cookies.items():
        tab.cookies[name] = cookie.value
    return tab


def unlock(tab, secret=PASSWORD):
    return tab.post(reverse("unlock"), {"secret": secret})


def sessions_of(person):
    return list(DeviceSession.objects.filter(user=person.user).values_list("session_key", flat=True))


def key(answer):
    return answer.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.mark.django_db(transaction=True)
def test_several_tabs_that_unlock_at_once_get_one_session(kiosk, ann, record):
    tabs, answers, start = [tab_of(kiosk) for _ in range(AT_ONCE)], [], threading.Barrier(AT_ONCE)

    def post(tab):
        try:
            start.wait(timeout=60)
            answers.append(unlock(tab))
        finally:
            connection.close()

    threads = [threading.Thread(target=post, args=[tab]) for tab in tabs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    page = reverse("session-flow", args=[record.pk]) + "?back=ors"
    assert [(one.status_code, one.headers["Location"]) for one in answers] == [(302, page)] * AT_ONCE
    assert [key(one) for one in answers] == sessions_of(ann) * AT_ONCE
    assert DeviceSession.objects.count() == 1
    for tab in tabs:
        assert tab.get(page).status_code == 200
        assert tab.session["practitioner"] == str(ann.pk)


@pytest.mark.django_db
def test_a_second_tap_whose_first_answer_was_lost_goes_on_too(kiosk, ann, record):
    second = tab_of(kiosk)
    first = unlock(kiosk)
    again = unlock(second)
    assert (again.status_code, again.headers["Location"]) == (302, first.headers["Location"])
    assert sessions_of(ann) == [key(first)] == [key(again)]
    assert second.get(reverse("today")).status_code == 200


@pytest.mark.django_db
def test_the_second_tap_needs_the_secret_too_and_is_no_way_in_later(kiosk, ann):
    wrong, late = tab_of(kiosk), tab_of(kiosk)
    unlock(kiosk)
    assert unlock(wrong, "wrong").headers["Location"] == reverse("account_login")
    ann.user.refresh_from_db()
    assert ann.user.pin_failures == 1
    assert wrong.get(reverse("unlock")).headers["Location"] == reverse("account_login")
    with time_machine.travel(time.time() + handover.JUST_NOW + 1):
        assert unlock(late).headers["Location"] == reverse("account_login")
    assert len(sessions_of(ann)) == 1


@pytest.mark.django_db
def test_a_parked_session_that_was_ended_in_another_tab_is_not_brought_back(kiosk, ann, monkeypatch):
    """The tab had read the session before the other one logged out."""
    tab, look = tab_of(kiosk), handover.parked_user

    def ended_meanwhile(request):
        assert handover.is_parked(request)
        kiosk.post(reverse("unlock"), {"log_out": "1"}) if request.POST.get("secret") else None
        return look(request)

    monkeypatch.setattr(handover, "parked_user", ended_meanwhile)
    assert unlock(tab).headers["Location"] == reverse("account_login")
    assert sessions_of(ann) == []
