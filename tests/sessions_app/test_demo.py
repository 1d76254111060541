"""`manage.py load_demo`: what is in it, twice is once, and what --reset may touch."""

import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from clients.models import Client, Episode
from organisations.models import Organisation, Practitioner, Team, User
from organisations.tenancy.context import tenant
from sessions_app.demo import who
from sessions_app.demo.handbook import FILM
from sessions_app.measures.instruments.registry import FAMILY
from sessions_app.models import Alert, HandbookChapter, HandbookFilm, Note, Notice, Rating, Session, SessionDecision
from sessions_app.services.courses import load_curves
from sessions_app.services.goals import worked_on_at
from tests.factories import ClientFactory, OrganisationFactory
from tests.shared_worlds import shared

TODAY = datetime.date(2026, 11, 22)


def load(today=TODAY, **options):
    out = StringIO()
    call_command("load_demo", stdout=out, today=today, **options)
    return out.getvalue()


def of(slug):
    return tenant(Organisation.objects.get(slug=slug, is_demo=True).pk)


def counts():
    found = {}
    for slug in ("solby", "bjorken"):
        with of(slug):
            found[slug] = [model.objects.count() for model in (Client, Session, Rating, Note, Alert, Practitioner)]
    return found


@pytest.fixture(scope="module")
def demos(django_db_setup, django_db_blocker):
    with shared(load, django_db_blocker) as demos:
        yield demos


@pytest.fixture
def loaded(demos):
    """What `load` said. One demo for all who read it; what a test changes is taken back."""
    with demos() as said:
        yield said


@pytest.fixture
def no_demo(demos):
    """Asked for before the database: nothing is loaded yet."""
    demos.close()


def test_two_organisations_with_nine_practitioners_and_sixty_nine_clients(loaded):
    people, clients, practice = 0, 0, 0
    for slug in ("solby", "bjorken"):
        with of(slug):
            people += Practitioner.objects.count()
            clients += Episode.objects.filter(client__is_practice=False).values("client").distinct().count()
            practice += Client.objects.filter(is_practice=True).count()
    assert (people, clients, practice) == (9, 69, 2)
    with of("solby"):
        assert {team.name for team in Team.objects.all()} == {"Rødt team", "Blåt team"}


def test_every_log_in_is_printed_and_works(loaded):
    addresses = {person.email for here in who.PLACES for person in here.people}
    assert all(address in loaded for address in addresses)
    assert who.PASSWORD in loaded and who.PIN in loaded
    for address in addresses:
        user = User.objects.get(email=address)
        assert user.check_password(who.PASSWORD) and user.check_pin(who.PIN)


def test_one_person_works_in_both(loaded):
    both = User.objects.get(email="maja@solby.example")
    for slug in ("solby", "bjorken"):
        with of(slug):
            assert Practitioner.objects.filter(user=both).count() == 1


def test_the_demo_client_nils_has_the_documented_ratings(loaded):
    with of("solby"):
        nils = Client.objects.get(reference="N-014")
        assert (nils.contact.name, nils.second_contact.name) == ("Trine Holm", "Lars Bech")
        assert [team.name for team in nils.teams.all()] == ["Rødt team"]
        assert (nils.next_on, nils.outcome_rhythm) == (TODAY, 14)
        ratings = Rating.objects.filter(session__client=nils).order_by("session__held_on")
        assert [rating.total for rating in ratings if rating.instrument == "ors"] == [
            *[142, 150, 178, 169, 204, 226, 241, 263]
        ]
        assert [rating.total for rating in ratings if rating.instrument == "srs"] == [
            *[330, 342, 351, 364, 370, 372, 380, 376]
        ]
        words = {note.text for note in Note.objects.filter(session__client=nils)}
        assert "Vi talte om flytningen. Det var det, jeg gerne ville." in words
        assert "Nils ville se kurven to gange." in words
        open_now = SessionDecision.objects.to_follow_up().filter(session__client=nils)
        assert [decision.responsible.name for decision in open_now] == ["Trine Holm"] * 2  # one is a team meeting's
        session = Session.objects.filter(client=nils).latest("held_on")
        assert worked_on_at(session.pk) == ["Min egen lejlighed inden sommer", "En ven, jeg kan ringe til"]


def test_the_demo_has_a_handbook_of_its_own(loaded):
    for slug, chapter in (("solby", "Sådan gør vi på Solby"), ("bjorken", "Så gör vi på Björken")):
        with of(slug):
            assert HandbookChapter.objects.get().title == chapter
            film = HandbookFilm.objects.get()
            assert (film.kind, film.size) == ("video/webm", FILM.stat().st_size)


@pytest.mark.parametrize(
    ("reference", "raters", "main"),
    [("L-508", 6, "cors"), ("T-515", 2, "ors"), ("S-505", 1, "cors:caretaker")],
)
def test_children_have_the_forms_of_their_age_and_others_rate_them(loaded, reference, raters, main):
    with of("bjorken"):
        curves = load_curves(Episode.objects.get(client__reference=reference))
        assert len([curve for curve in curves if list(curve.series.ors_totals())]) == raters
        assert curves[0].form.key == main and curves[0].is_main


@pytest.mark.parametrize("days", range(7))
def test_marks_add_up_and_sessions_end_this_week(no_demo, db, days):
    today = TODAY + datetime.timedelta(days=days)
    load(today)
    monday = today - datetime.timedelta(days=today.weekday())
    for slug in ("solby", "bjorken"):
        with of(slug):
            for rating in Rating.objects.all():
                assert rating.total == (sum(rating.marks) if FAMILY[rating.instrument].scored else None)
                assert all(0 <= mark <= 100 for mark in rating.marks)
            days = set(Session.objects.values_list("held_on", flat=True))
            assert max(days) <= today
            assert any(day >= monday for day in days)


def test_who_needs_attention_has_alerts_without_mails(loaded):
    with of("solby"):
        mette = Client.objects.get(reference="M-102")
        rules = set(Alert.objects.open().filter(episode__client=mette).values_list("rule", flat=True))
        assert {"O1", "S4"} <= rules
        ahmad = Alert.objects.get(episode__client__reference="A-077", rule="M2", session=None)
        assert ahmad.numbers == {"overdue_days": 9}
        assert Client.objects.filter(next_on=TODAY, teams__name="Rødt team").count() == 2
        assert Client.objects.filter(next_on=TODAY, teams__name="Blåt team").exists()
        assert not Alert.objects.filter(episode__client__is_practice=True).exists()
        assert not Notice.objects.exists()


def test_a_second_run_changes_nothing_and_prints_the_log_ins(loaded):
    before = counts()
    assert load() == loaded
    assert counts() == before


def test_no_demo_in_production(no_demo, db, settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        load()
    assert not Organisation.objects.filter(slug="solby").exists()


def test_an_organisation_of_that_name_that_is_no_demo_is_left_alone(no_demo, db):
    real = OrganisationFactory(slug="solby")
    with tenant(real.pk):
        ClientFactory(organisation=real)
    with pytest.raises(CommandError, match="solby"):
        load(reset=True)
    with tenant(real.pk):
        assert Client.objects.count() == 1


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_reset_brings_back_the_demo_and_touches_no_other(no_demo, transactional_db):
    other = OrganisationFactory()
    with tenant(other.pk):
        ClientFactory(organisation=other)
    load()
    fresh = counts()
    with of("solby"):
        Client.objects.filter(reference="N-014").update(first_name="Changed")
        ClientFactory(organisation=Organisation.objects.get(slug="solby"))
    load(reset=True)
    assert counts() == fresh
    with of("solby"):
        assert Client.objects.get(reference="N-014").first_name == "Nils"
    with tenant(other.pk):
        assert Client.objects.count() == 1
