"""The register's file: looked at before it goes in, all of it or nothing, and out again."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from organisations.audit.record import recorded
from organisations.models import AccessEvent, RegisteredService, RegisterImport, Service
from organisations.services import service_register
from organisations.services.local_day import today_in
from organisations.tenancy.context import tenant
from reports.spread.columns import names_fit
from reports.spread.register_file import read_register
from tests.factories import ClientFactory, EpisodeFactory, RatingFactory, SessionFactory
from tests.reports.spread.conftest import HEADER, words_of

pytestmark = pytest.mark.django_db
GOOD = "2016;Odense;A;adults;yes;\n2016;Odense;;;no;40\n"


def stored(house):
    with tenant(house.pk):
        return RegisteredService.objects.count()


def test_a_file_is_shown_before_anything_is_imported(browser, bring, house):
    words = words_of(browser.get(bring(GOOD)))
    assert "These lines can be imported 41 services, 2016" in words
    assert "Import 2 lines" in words
    assert "2 2016 A Odense Adults Yes 3 2016 40 services Odense – No" in words
    assert stored(house) == 0


FAULTS = {
    "last year;Odense;A;adults;yes;": "“last year” is no year from 1990 to",
    "2999;Odense;A;adults;yes;": "“2999” is no year from 1990 to",
    "2016;Atlantis;A;adults;yes;": "There is no municipality “Atlantis” in the country's list.",
    "2016;Odense;A;cats;yes;": "“cats” is none of: adults, children, both.",
    "2016;Odense;A;adults;perhaps;": "Say yes or no: “perhaps” is neither.",
    "2016;Odense;A;adults;;": "Say yes or no: “” is neither.",
    "2016;Odense;;adults;yes;many": "“many” is no whole number of services.",
    "2016;Odense;;adults;yes;0": "“0” is no whole number of services.",
    "2016;Odense;A;adults;yes;2": "A service with a name is one: leave the name out, or the number.",
    "2016;Odense;" + "A" * 201 + ";adults;yes;": "The name is longer than 200 letters.",
    "2016;Odense;a;children;no;": "The service stands on line 2 already, for the same year.",
    "2016;Odense;;;no;7": "Line 3 says a number for the same already: add them up to one line.",
}


def test_each_faulty_line_has_its_sentence_and_none_is_imported(browser, bring, house):
    address = bring(GOOD + "\n".join(FAULTS))
    words = words_of(browser.get(address))
    for number, sentence in enumerate(FAULTS.values(), 4):
        assert sentence in words
        assert f" {number} " in words
    assert "12 lines have a fault" in words
    assert browser.post(address + "import/")["Location"] == address
    assert stored(house) == 0


FILES = {
    b"": "The file is empty.",
    b"name;kind\nA;adults": "There is no column with the year (year).",
    b"year;name\n2016;A": "There is no column that says whether FIT is used (uses_fit)",
    "year;\u00e5r;uses_fit\n2016;2016;yes".encode(): "Two columns mean the same: year.",
    b"year;uses_fit\n": "There is no line below the names of the columns.",
    b"PK\x03\x04 no workbook": "This is no spreadsheet that can be opened",
}


@pytest.mark.parametrize("content", FILES)
def test_a_file_that_is_none_is_refused_with_a_sentence(browser, ada, bring, content, house):
    if not content:
        browser.force_login(ada.user)
        answer = browser.post(reverse("register-files"), {"file": SimpleUploadedFile("a.csv", content)})
        assert answer.status_code == 422
        assert FILES[content] in words_of(answer)
        return
    address = bring(content)
    answer = browser.get(address)
    assert FILES[content] in words_of(answer)
    assert f"{address}import/" not in answer.content.decode()
    browser.post(address + "import/")
    assert stored(house) == 0


def test_other_columns_are_left_out_and_named(browser, bring):
    words = words_of(browser.get(bring("År,CVR,Kommune,Metoder\n2016,12345678,Odense,KRAP og FIT\n".encode())))
    assert "Columns left out: CVR" in words
    assert "Yes" in words


def test_fit_is_found_among_methods_as_a_word():
    assert names_fit("KRAP, FIT")
    assert names_fit("Feedback-Informed Treatment (FIT)")
    assert not names_fit("Benefit, fitness")
    assert not names_fit("")


def test_what_the_register_has_is_not_imported_twice(browser, bring, bring_in, house):
    bring_in(GOOD, "first.csv")
    words = words_of(browser.get(bring("2016;Odense;A;adults;no;\n2016;Vejle;B;adults;yes;")))
    assert "The register has this already, from the file “first.csv”." in words
    with tenant(house.pk), pytest.raises(IntegrityError), transaction.atomic():
        one = RegisteredService.objects.get(name="A")
        one.pk, one._state.adding = None, True
        one.save(force_insert=True)


def test_an_import_meanwhile_leaves_nothing_half_written(bring, ada, house):
    bring(GOOD)
    with tenant(house.pk):
        kept = RegisterImport.objects.get()
        lines = [line for _number, line in read_register(bytes(kept.content), by=ada).lines]
        other = service_register.keep_file(name="b.csv", content=(HEADER + GOOD).encode(), by=ada)
    with tenant(house.pk), recorded(organisation_id=house.pk, request_id="test"):
        service_register.import_lines(register_import=other, lines=lines[1:], by=ada)
        with pytest.raises(ValidationError):
            service_register.import_lines(register_import=kept, lines=lines, by=ada)
        assert RegisteredService.objects.count() == 1
        assert RegisterImport.objects.get(pk=kept.pk).imported_at is None


def test_a_file_goes_out_again_comes_back_by_undo_and_is_discarded(browser, bring_in, house):
    address = bring_in(GOOD)
    assert browser.post(address + "discard/", follow=True).status_code == 200
    assert stored(house) == 2  # what is in the register is taken out first
    answer = browser.post(address + "take-out/", follow=True)
    assert "“register.csv” is out of the register." in words_of(answer)
    assert f'action="{address}import/"' in answer.content.decode()
    assert stored(house) == 0
    browser.post(address + "import/")
    assert stored(house) == 2
    browser.post(address + "take-out/")
    browser.post(address + "discard/")
    assert browser.get(address).status_code == 404


def test_who_took_a_file_in_and_out_stands_in_the_log(browser, bring_in, ada, house):
    browser.post(bring_in(GOOD) + "take-out/")
    with tenant(house.pk):
        found = AccessEvent.objects.filter(action__startswith="service_register", practitioner=ada)
        assert sorted(found.values_list("action", "typed")) == [
            ("service_register.import", "register.csv"),
            ("service_register.take_out", "register.csv"),
        ]


def test_only_an_administrator_of_the_organisation_may_change_it(browser, bring_in, lea, dora, house):
    address = bring_in(GOOD)
    browser.force_login(lea.user)
    assert browser.get(reverse("register-files")).status_code == 403
    assert browser.post(address + "take-out/").status_code == 403
    assert stored(house) == 2


def test_the_sample_file_can_be_imported_as_it_is(browser, bring_in, ada, house):
    browser.force_login(ada.user)
    bring_in(browser.get(reverse("register-sample")).content)
    assert stored(house) == 4


def test_own_services_become_a_file_that_says_yes_from_a_clients_ors_on(browser, ada, ann, red_team, service, house):
    today = today_in(house)
    before = today.replace(year=today.year - 1)
    own = {"organisation": house}
    with tenant(house.pk):
        Service.objects.filter(pk=service.pk).update(municipality_code="461")
        Service.objects.create(**own, name="Never", municipality_code="999")
        for held_on, is_practice in ((before, False), (before - datetime.timedelta(days=800), True)):
            client = ClientFactory(**own, teams=[red_team], is_practice=is_practice)
            episode = EpisodeFactory(**own, client=client, service=service, started_on=held_on)
            session = SessionFactory(**own, episode=episode, practitioner=ann, held_on=held_on)
            RatingFactory(**own, session=session, instrument="ors", marks=(60, 60, 60, 60))
    browser.force_login(ada.user)
    answer = browser.post(reverse("register-own-services"), follow=True)
    words = words_of(answer)
    assert f"4 services, {before.year}, {today.year}" in words
    assert f"{before.year} The house at the harbour Odense Adults Yes" in words
    assert f"{today.year} The house at the harbour Odense Adults No" in words
    assert f"{before.year} Never – Adults No" in words
    with tenant(house.pk):
        assert AccessEvent.objects.filter(action="service_register.own", practitioner=ada).count() == 1
