"""Five questions on well-being: to the licensed text they are WHO-5, in our own words they are something else."""

import uuid

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clients.models import Client
from organisations.tenancy.context import tenant
from sessions_app.models import Alert, Rating
from sessions_app.services.alerts import evaluate_episode
from sessions_app.services.courses import load_series
from sessions_app.services.periodic_forms import load_courses
from tests.factories import SessionFactory
from tests.sessions_app.test_who5 import PACK, ROWS, alerts_of_who5, asked, handed_over
from tests.sessions_app.wording.test_around import five
from tests.sessions_app.wording.test_packs import bring, license_it

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(ann, episode):
    with tenant(ann.organisation_id):
        return SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)


def test_our_own_five_questions_are_no_who5_and_raise_none_of_its_alerts(browser, ann, nils, episode):
    with tenant(ann.organisation_id):
        record = asked(episode, ann, 64, 24, pack="")[-1]
        evaluate_episode(episode.pk)
        assert not Alert.objects.filter(rule="W1").exists()
        assert load_series([episode])[episode.pk].periodic == ()
    browser.force_login(ann.user)
    for address in (
        reverse("client-detail", args=[nils.pk]),
        reverse("session-flow", args=[record.pk]),
        reverse("rating-key-in", args=[record.pk, "who5"]),
        reverse("client-edit", args=[nils.pk]),
    ):
        page = browser.get(address).content.decode()
        # What the setting says is for both: it names the licensed text as what it is.
        assert "WHO-5" not in page.replace("WHO-5 where you have its licensed text", "")
        assert "very low" not in page


def test_the_licensed_text_is_called_who5_with_its_limits_and_its_alert(browser, ann, ada, nils, record):
    license_it(ada, bring(ada, **five(), pack="who-five"))
    with tenant(ann.organisation_id):
        Client.objects.filter(pk=nils.pk).update(form_language="en")  # the pack's
    form = handed_over(browser, ann, record)
    sad = dict.fromkeys(ROWS, "1") | {"pack": PACK, "submission_id": str(uuid.uuid4())}
    assert Browser().post(form, sad).status_code == 303
    with tenant(ann.organisation_id):
        assert Rating.objects.get().pack == PACK
        (life,) = alerts_of_who5(record.episode)
        assert life.sentence == "who5_very_low"
    staff = Browser()
    staff.force_login(ann.user)
    client = staff.get(reverse("client-detail", args=[nils.pk])).content.decode()
    assert "Well-being over two weeks (WHO-5)" in client
    assert "very low 28" in client
    assert "own five questions" not in client
    session = staff.get(reverse("session-flow", args=[record.pk])).content.decode()
    assert 'WHO-5 <span class="value who5">20</span>' in session
    assert "WHO-5" in staff.get(reverse("rating-key-in", args=[record.pk, "who5"])).content.decode()


def test_answers_to_both_texts_are_two_curves(browser, ann, nils, episode):
    with tenant(ann.organisation_id):
        asked(episode, ann, 80, pack="")
        asked(episode, ann, 72, weeks=9)
        course = load_courses(episode)["who5"]
        assert [[one.score for one in each] for each in (course.own, course.licensed)] == [[80], [72]]
        assert alerts_of_who5(episode) == [], "a fall from one text to the other is none"
    browser.force_login(ann.user)
    page = browser.get(reverse("client-detail", args=[nils.pk])).content.decode()
    assert page.index('id="who5"') < page.index('id="own-who5"')
