"""An organisation's own values: shown with their sources, tried out, kept as history, read everywhere."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import ProgrammingError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext

from organisations.audit import record
from organisations.models import AccessEvent, Outbox
from organisations.tenancy.context import tenant
from sessions_app.measures.defaults import defaults
from sessions_app.measures.rules import DEFAULT_RULES
from sessions_app.models import Alert, MeasureValue
from sessions_app.services.alerts import evaluate_episode
from sessions_app.services.courses import load_series
from sessions_app.services.standards import FOLLOW_STANDARDS, preview, set_measure_value
from sessions_app.standards.loading import load_standards
from sessions_app.standards.values import BY_KEY, VALUES
from sessions_app.tasks import follow_standards
from tests.factories import ClientFactory, EpisodeFactory, RatingFactory
from tests.reports.test_pages import held
from tests.saving import save

pytestmark = pytest.mark.django_db


@pytest.fixture
def clients(ann, red_team, service):
    """Episodes whose latest ORS is 24, 26, 27 and 30; a practice client at 10."""
    with tenant(ann.organisation_id):
        found = []
        for last, practice in ((240, False), (260, False), (270, False), (300, False), (100, True)):
            client = ClientFactory(organisation=ann.organisation, teams=[red_team], is_practice=practice)
            episode = EpisodeFactory(organisation=ann.organisation, client=client, service=service)
            held(episode, ann, 200, last)
            found.append(episode)
        return found


@pytest.fixture
def admin(browser, ada):
    browser.force_login(ada.user)
    return browser


def choose(ada, key, value, reason="Our manual"):
    own = ada.organisation_id
    with tenant(own), record.recorded(organisation_id=own, request_id="test"):
        return set_measure_value(key=key, value=value, reason=reason, by=ada)


def edit(key):
    return reverse("measure-edit", args=[key])


def test_the_page_shows_every_value_with_its_source_and_how_sure_it_is(admin):
    page = admin.get(reverse("measures")).content.decode()
    for value in VALUES:
        assert edit(value.key) in page
        assert str(value.name) in page
    assert "Miller et al. 2003" in page
    assert "general knowledge, quite sure" in page
    assert "the defaults hold" in page


@pytest.mark.parametrize("language", ["da", "sv", "nb"])
def test_sources_are_said_in_the_readers_language(admin, ada, language):
    sources = {value.provenance.source for value in VALUES}
    ada.user.language = language
    ada.user.save()
    page = admin.get(reverse("measures")).content.decode()
    with translation.override(language):
        said = {source: gettext(source) for source in sources}
    assert [source for source in sources if said[source] == source or escape(said[source]) not in page] == []


def test_before_a_value_is_saved_the_page_says_what_would_change(admin, ada, clients):
    answer = admin.post(edit("ors-cutoff-adult"), {"value": "28", "reason": "Our manual"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "3 of 4 clients would be below the cut-off instead of 1." in page
    assert "reliable progress" not in page, "only what changes"
    with tenant(ada.organisation_id):
        assert not MeasureValue.objects.exists()
        events = AccessEvent.objects.filter(action="measures.preview")
        assert len(events.get().client_ids) == 4


def test_what_was_looked_at_is_saved_and_nothing_else(admin, ada, clients):
    send = {"value": "28", "reason": "Our manual", "seen": "270"}
    assert save(admin, edit("ors-cutoff-adult"), send).status_code == 200, "another value than the one looked at"
    answer = save(admin, edit("ors-cutoff-adult"), send | {"seen": "280"})
    assert answer.headers["Location"] == reverse("measures")
    with tenant(ada.organisation_id):
        row = MeasureValue.objects.get()
        assert (row.key, row.value, row.reason, row.by) == ("ors-cutoff-adult", 280, "Our manual", ada)
        assert AccessEvent.objects.filter(action="measures.set", practitioner=ada).exists()
        assert Outbox.objects.filter(task=FOLLOW_STANDARDS).count() == 4
    page = admin.get(reverse("measures")).content.decode()
    assert "chosen here" in page
    assert "Our manual" in page
    assert "Ada" in page


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("ors-cutoff-adult", "40.5"),
        ("ors-cutoff-adult", "9"),
        ("ors-cutoff-adult", "2x"),
        ("ors-cutoff-adult", "25.05"),
        ("o6-late-session", "8.5"),
        ("o6-late-session", "4"),
        ("o4-percentile", "25"),
        ("o4-percentile", "9"),
        ("s4-red-fall", "2.9"),
        ("s4-talk-fall", "1.9"),
        ("ors-reliability", "0.99"),
        ("ors-reliability", "0.805"),
        ("ors-reliability", "x"),
    ],
)
def test_what_makes_no_sense_is_refused(admin, ada, key, text):
    answer = save(admin, edit(key), {"value": text, "reason": "why not", "seen": text})
    assert answer.status_code == 422
    with tenant(ada.organisation_id):
        assert not MeasureValue.objects.exists()


def test_a_reason_is_required_and_an_unknown_value_is_not_there(admin):
    assert admin.post(edit("ors-cutoff-adult"), {"value": "28", "reason": " "}).status_code == 422
    assert admin.get(edit("ors-cutoff-martians")).status_code == 404


def test_the_newest_choice_holds_and_the_history_stays(ada):
    choose(ada, "ors-cutoff-adult", 280)
    choose(ada, "ors-cutoff-adult", 260, "Changed our mind")
    with tenant(ada.organisation_id):
        standards = load_standards(ada.organisation_id)
        assert (standards.values["ors-cutoff-adult"], standards.rules.version) == (260, "3.2")
        assert MeasureValue.objects.count() == 2
        with pytest.raises(ProgrammingError), transaction.atomic():
            MeasureValue.objects.update(value=1)
        with pytest.raises(ProgrammingError), transaction.atomic():
            MeasureValue.objects.all().delete()


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value.key)
def test_every_default_is_allowed_and_changes_no_rule(ada, value):
    choose(ada, value.key, value.default)
    with tenant(ada.organisation_id):
        rules = load_standards(ada.organisation_id).rules
    assert [(rule.key, rule.level, dict(rule.thresholds)) for rule in rules.rules] == [
        (rule.key, rule.level, dict(rule.thresholds)) for rule in DEFAULT_RULES.rules
    ]


def test_without_a_choice_the_rules_are_the_defaults(ada):
    with tenant(ada.organisation_id):
        assert load_standards(ada.organisation_id).rules is DEFAULT_RULES


def test_another_organisation_keeps_its_own(ada, dora):
    choose(ada, "ors-cutoff-adult", 280)
    with tenant(dora.organisation_id):
        assert load_standards(dora.organisation_id).values["ors-cutoff-adult"] == 250


def test_page_chart_and_why_follow_the_chosen_cut_off(browser, ann, ada, nils, episode):
    with tenant(ann.organisation_id):
        held(episode, ann, 200, 260)
    browser.force_login(ann.user)
    path = reverse("client-detail", args=[nils.pk])
    assert "above the cut-off" in browser.get(path).content.decode()
    choose(ada, "ors-cutoff-adult", 280)
    page = browser.get(path).content.decode()
    assert "5 points or more above the start; not confirmed as progress yet." in page
    assert "cut-off 28" in page
    assert "Chosen by your organisation; the default is 25." in page
    assert "Rules, version 3.1." in page


def test_the_srs_follows_its_chosen_cut_off(browser, ann, ada, nils, episode):
    with tenant(ann.organisation_id):
        sessions = held(episode, ann, 200, 205, srs=(355, 355))
    browser.force_login(ann.user)
    result = reverse("session-result", args=[sessions[-1].pk, "srs"])
    assert "Something could fit you better." in browser.get(result).content.decode()
    choose(ada, "srs-cutoff", 350)
    assert "Something could fit you better." not in browser.get(result).content.decode()
    assert "SRS 35.5 is below" not in browser.get(reverse("client-detail", args=[nils.pk])).content.decode()


def test_stored_alerts_follow_a_choice_without_a_mail(ann, ada, episode):
    with tenant(ann.organisation_id):
        held(episode, ann, 200, 160)
        evaluate_episode(episode.pk, mails=False)
        assert not Alert.objects.filter(rule="O1").exists()
    choose(ada, "ors-reliable-change", 40)
    with tenant(ann.organisation_id):
        asked = Outbox.objects.get(task=FOLLOW_STANDARDS)
    for _ in range(2):
        follow_standards(
            outbox_id=str(asked.pk), organisation_id=str(ann.organisation_id), object_id=str(asked.object_id)
        )
    with tenant(ann.organisation_id):
        alert = Alert.objects.get(rule="O1")
        assert alert.numbers["threshold"] == 40
        assert not alert.notices.exists()


def test_a_preview_refuses_what_a_choice_refuses(ada):
    with tenant(ada.organisation_id), pytest.raises(ValidationError):
        preview(key="ors-cutoff-adult", value=401, by=ada)


def test_the_words_for_danger_are_edited_here(admin, ada):
    answer = save(admin, reverse("measures"), {"emergency_text": " Call 112. "})
    assert answer.status_code == 302
    ada.organisation.refresh_from_db()
    assert ada.organisation.emergency_text == "Call 112."
    assert save(admin, reverse("measures"), {"emergency_text": "x" * 1001}).status_code == 422


def test_only_admins_find_the_page(browser, ann, ada):
    browser.force_login(ann.user)
    assert reverse("measures") not in browser.get(reverse("today")).content.decode()
    browser.force_login(ada.user)
    assert reverse("measures") in browser.get(reverse("people")).content.decode()


def test_show_measures_prints_every_default_with_its_source(capsys):
    call_command("show_measures")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + len(defaults()) >= 21
    assert "Miller et al. 2003" in next(line for line in lines if line.startswith("cut-off ORS, adult, client"))


def test_a_preview_counts_the_alerts_of_who5_before_and_after(ann, ada, clients):
    with tenant(ann.organisation_id):
        session = clients[0].sessions.latest("held_on")
        RatingFactory(
            organisation=ann.organisation,
            session=session,
            instrument="who5",
            marks=[2] * 5,
            total=10,
            pack="who-five@1.0",
        )
    own = ada.organisation_id
    with tenant(own), record.recorded(organisation_id=own, request_id="test"):
        unchanged = preview(key="s5-successive", value=4, by=ada)
        red = preview(key="w1-level", value=3, by=ada)
    assert not any(effect.changes for effect in unchanged.effects)
    assert {effect.what: (effect.now, effect.then) for effect in red.effects}["with_red"] == (0, 1)


def test_the_z_follows_a_chosen_reliability_until_it_is_chosen_itself(browser, admin, ann, ada, nils, episode):
    answer = save(admin, edit("ors-reliability"), {"value": "0,93", "reason": "Our manual", "seen": "93"})
    assert answer.status_code == 302
    page = admin.get(reverse("measures")).content.decode()
    assert '<span class="value">0.93</span>' in page
    assert '<span class="value">1.52</span>' in page
    with tenant(ann.organisation_id):
        held(episode, ann, 250, 190)
        state = load_series([episode])[episode.pk].state
        assert (state.sd, state.reliability, state.critical) == (6.8, 0.93, 1.52)
    browser.force_login(ann.user)
    page = browser.get(reverse("client-detail", args=[nils.pk])).content.decode()
    assert "ORS reliability of one score: 0.93." in page
    assert "95-per-cent interval of the change" in page
    assert "−11 to −1" in page
    choose(ada, "ors-critical", 200)
    with tenant(ann.organisation_id):
        assert load_series([episode])[episode.pk].state.critical == 2.0


def test_why_says_how_often_an_alert_is_given_without_a_change(browser, ann, nils, episode):
    with tenant(ann.organisation_id):
        held(episode, ann, 250, 190)
    browser.force_login(ann.user)
    page = browser.get(reverse("client-detail", args=[nils.pk])).content.decode()
    assert "Of 20 people whose life does not change, 9 get this within ten measurements." in page
    assert "1 of 20 gets it in red." in page


def test_no_two_values_have_the_same_key():
    assert len(BY_KEY) == len(VALUES)
