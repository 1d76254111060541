"""A practice client's partner answers, and nothing of it counts anywhere."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client as Browser
from django.urls import reverse

from organisations.audit.record import recorded
from organisations.tenancy.context import tenant
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.measures.instruments.registry import ORS, SRS
from sessions_app.measures.results.suppression import INSIDE
from sessions_app.measures.simulation.partner import Partner, marks_of, partner_of, which_words
from sessions_app.models import Alert, Note, Notice, Rating
from sessions_app.services.practice_partner import let_partner_answer
from tests.factories import ClientFactory, EpisodeFactory, SessionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def practice(ann, service, red_team):
    """Sessions of a practice client whose forms are Danish."""
    own = {"organisation": ann.organisation}
    with tenant(ann.organisation_id):
        client = ClientFactory(**own, reference="Practice-1", teams=[red_team], is_practice=True, form_language="da")
        episode = EpisodeFactory(**own, client=client, service=service)
        return [SessionFactory(**own, episode=episode, practitioner=ann) for _number in range(INSIDE)]


def answer(who, session, form="ors", **sent):
    browser = Browser()
    browser.force_login(who.user)
    return browser.post(reverse("partner-answer", args=[session.pk, form]), sent)


def totals(session, form):
    with tenant(session.organisation_id):
        found = Rating.objects.filter(session__episode=session.episode_id, instrument=form)
        return list(found.order_by("created_at").values_list("total", flat=True))


def test_the_same_client_answers_the_same_again():
    for partner in Partner:
        once, again = (marks_of(partner, ORS.part, 4, 2, "seed") for _time in range(2))
        assert once == again
    assert partner_of("one") == partner_of("one")
    assert {partner_of(str(number)) for number in range(40)} == set(Partner)
    assert [which_words(Partner.STUCK, ORS.part, number, "seed", 3) for number in range(3)].count(0) == 1


def test_each_partner_goes_the_way_of_its_name():
    course = {
        partner: [sum(marks_of(partner, ORS.part, 4, number, "seed")) for number in range(8)] for partner in Partner
    }
    assert course[Partner.IMPROVING][-1] - course[Partner.IMPROVING][0] > ORS_CHANGE
    assert abs(course[Partner.STUCK][-1] - course[Partner.STUCK][0]) < ORS_CHANGE
    assert course[Partner.WORSE][0] - course[Partner.WORSE][-1] > ORS_CHANGE
    assert set(course[Partner.FULL]) == {400}
    for partner in Partner:
        for number in range(80):
            assert all(0 <= mark <= 100 for mark in marks_of(partner, SRS.part, 4, number, "seed"))


ORS_CHANGE = 60


def test_the_partner_answers_both_forms_and_says_something_in_the_forms_language(ann, practice):
    session = practice[0]
    first = answer(ann, session, "ors", partner="improving")
    assert first.url == reverse("session-result", args=[session.pk, "ors"])
    assert answer(ann, session, "srs", partner="improving").status_code == 302
    with tenant(ann.organisation_id):
        assert set(Rating.objects.values_list("instrument", flat=True)) == {"ors", "srs"}
        words = [note.text for note in Note.objects.order_by("kind")]
    assert len(words) == 2
    assert not any("every day" in text or "matters" in text for text in words)  # Danish, not English


def test_who_answered_last_is_offered_again_at_the_next_session(ann, practice):
    browser = Browser()
    browser.force_login(ann.user)
    address = reverse("session-flow", args=[practice[1].pk])
    assert 'value="worse" selected' not in browser.get(address).content.decode()
    answer(ann, practice[0], "ors", partner="worse")
    assert 'value="worse" selected' in " ".join(browser.get(address).content.decode().split())


def test_a_second_answer_is_refused_with_a_sentence(ann, practice):
    answer(ann, practice[0], "ors")
    answer(ann, practice[0], "ors")
    assert len(totals(practice[0], "ors")) == 1


def test_nothing_of_it_raises_an_alert_or_a_mail(ann, practice):
    for session in practice:
        for form in ("ors", "srs"):
            answer(ann, session, form, partner="worse")
    assert totals(practice[0], "ors")[0] > totals(practice[0], "ors")[-1]
    with tenant(ann.organisation_id):
        assert not Alert.objects.open().exists()
        assert not Notice.objects.exists()


def test_no_other_client_has_a_partner(ann, cleo, record, practice):
    assert answer(ann, record).status_code == 404
    assert answer(cleo, practice[0]).status_code == 404
    assert answer(ann, practice[0], partner="somebody").status_code == 404
    with tenant(ann.organisation_id), recorded(organisation_id=ann.organisation_id, request_id="t"):
        with pytest.raises(ValidationError):
            let_partner_answer(session=record, form=FormKey("ors"), partner="", by=ann)
        assert not Rating.objects.exists()


def test_the_button_stands_on_a_practice_clients_session_alone(ann, record, practice):
    browser = Browser()
    browser.force_login(ann.user)
    assert "Let the partner answer" in browser.get(reverse("session-flow", args=[practice[0].pk])).content.decode()
    assert "Let the partner answer" not in browser.get(reverse("session-flow", args=[record.pk])).content.decode()
