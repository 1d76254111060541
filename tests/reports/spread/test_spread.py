"""The spread of FIT: the published figures, what is unknown, who reads it, what it costs, and the file of it."""

import csv
import io
import re
import xml.etree.ElementTree as ET

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organisations.models import Organisation
from organisations.municipalities.lists import municipalities_of, municipality_called
from tests.reports.spread.conftest import PUBLISHED, words_of

pytestmark = pytest.mark.django_db


def page_of(browser, status=200, **chosen):
    answer = browser.get(reverse("spread"), chosen)
    assert answer.status_code == status
    return answer


def figures(browser, **chosen):
    """The two large numbers of the page."""
    return [int(one) for one in re.findall(r'class="figure">(\d+)<', page_of(browser, **chosen).content.decode())]


def tiles(answer):
    """What the map says, by name of the municipality: its class and the number that stands in it."""
    svg = re.search(r'<svg class="tiles".*?</svg>', answer.content.decode(), flags=re.S)
    groups = ET.fromstring(svg[0]).findall("g")
    return {one.find("title").text.split(":")[0]: (one.get("class"), one.findall("text")[1].text) for one in groups}


def table(answer):
    """What the table beside it says: services with FIT and in the register, by name."""
    body = re.search(r'id="municipalities".*?<tbody>(.*?)</tbody>', answer.content.decode(), flags=re.S)[1]
    rows = re.findall(r"<bdi>(.*?)</bdi>.*?number[^>]*>([^<]+)<.*?number[^>]*>([^<]+)<", body, flags=re.S)
    return {name: (with_fit, services) for name, with_fit, services in rows}


def test_the_published_figures_of_2014_to_2016_are_reproduced(browser, bring_in, ann):
    bring_in(PUBLISHED.read_bytes())
    browser.force_login(ann.user)
    # Figures 1 and 2: services and municipalities; 8, 34 and 39 for adults of all services of the register.
    of_the_year = {2014: (13, 12, 8, "4,741"), 2015: (50, 27, 34, "4,730"), 2016: (58, 29, 39, "4,784")}
    for year, (services, municipalities, adults, whole) in of_the_year.items():
        assert figures(browser, year=year) == [services, municipalities]
        assert f"{services} of {whole} services use FIT" in words_of(page_of(browser, year=year))
        assert f"{municipalities} of 98 municipalities" in words_of(page_of(browser, year=year))
        of_adults = page_of(browser, year=year, of="adults")
        assert f"{adults} services for adults use FIT, of {whole} services for all ages" in words_of(of_adults)
        assert figures(browser, year=year, of="children")[0] == services - adults
        # Figures 3 to 5: the map, and the table that says the same.
        shown = tiles(page_of(browser, year=year))
        assert len(shown) == 98
        assert sum(count != "0" for _fill, count in shown.values()) == municipalities
        assert {name: count for name, (_fill, count) in shown.items()} == {
            name: with_fit for name, (with_fit, _services) in table(page_of(browser, year=year)).items()
        }
    several = [name for name, (_fill, count) in tiles(page_of(browser, year=2014)).items() if count not in "01"]
    assert several == ["Hvidovre"]
    assert "No longer: Rebild" in words_of(page_of(browser, year=2016))


def test_the_newest_year_is_shown_first_and_each_year_is_a_link(browser, bring_in):
    bring_in("2015;Odense;A;adults;yes;\n2016;Odense;A;adults;yes;")
    answer = page_of(browser)
    assert "<h2>2016</h2>" in answer.content.decode()
    links = re.findall(r'<a href="\?*[^"]*year=(\d+)&amp;of=all"\s+data-said="([^"]+)"', answer.content.decode())
    assert links == [
        ("2015", "2015: 1 service with FIT in 1 municipality"),
        ("2016", "2016: 1 service with FIT in 1 municipality"),
    ]
    assert "<h2>2015</h2>" in page_of(browser, year=2015).content.decode()


def test_a_municipality_without_a_line_is_unknown_and_one_without_fit_is_nought(browser, bring_in):
    bring_in("2016;Odense;A;adults;yes;\n2016;Randers;;;no;12")
    answer = page_of(browser)
    assert tiles(answer)["Odense"] == ("t-one", "1")
    assert tiles(answer)["Randers"] == ("t-none", "0")
    assert tiles(answer)["Aarhus"] == ("t-unknown", "?")
    assert table(answer)["Randers"] == ("0", "12")
    assert table(answer)["Aarhus"] == ("unknown", "unknown")
    assert "the register says something about 2" in words_of(answer)


def test_what_is_unknown_in_one_of_two_years_is_neither_new_nor_gone(browser, bring_in):
    bring_in(
        "2015;Odense;;;no;3\n2015;Vejle;A;adults;yes;\n2015;Lemvig;B;adults;yes;\n"
        "2016;Odense;C;adults;yes;\n2016;Randers;D;adults;yes;\n2016;Vejle;;;no;2"
    )
    words = words_of(page_of(browser))
    assert "New since the year before: Odense No longer: Vejle" in words


def test_a_service_for_all_ages_counts_in_both_and_once_in_all(browser, bring_in):
    bring_in("2016;Odense;A;both;yes;\n2016;Odense;B;adults;yes;\n2016;Odense;;adults;no;8")
    assert [figures(browser, of=of)[0] for of in ("all", "adults", "children")] == [2, 2, 1]
    assert "The register has 10 services for adults." in words_of(page_of(browser, of="adults"))


def test_services_that_do_not_say_whom_they_are_for_are_named(browser, bring_in):
    bring_in("2016;Odense;A;;yes;\n2016;Odense;B;adults;yes;")
    words = words_of(page_of(browser, of="adults"))
    assert "1 service with FIT does not say whom it is for" in words
    assert "The register has" not in words


def test_without_a_register_only_an_administrator_is_led_to_the_import(browser, ann, ada):
    for who, leads in ((ann, False), (ada, True)):
        browser.force_login(who.user)
        answer = page_of(browser)
        assert "No register yet" in words_of(answer)
        assert (reverse("register-files") in answer.content.decode()) is leads


def test_a_choice_that_there_is_not_is_said(browser, bring_in):
    bring_in("2016;Odense;A;adults;yes;")
    for chosen in ({"year": "1999"}, {"of": "everything"}):
        assert "The register has no such year" in words_of(page_of(browser, status=422, **chosen))
        assert browser.get(reverse("spread-csv"), chosen).status_code == 422


def test_another_organisation_reads_nothing_of_it(browser, bring_in, dora):
    bring_in("2016;Odense;A;adults;yes;")
    browser.force_login(dora.user)
    assert "No register yet" in words_of(page_of(browser))


def test_swedish_kommuner_have_tiles_and_a_country_without_a_list_has_a_table(browser, bring_in, house):
    Organisation.objects.filter(pk=house.pk).update(country="SE")
    bring_in("2016;Malmö stad;A;adults;yes;\n2016;180;B;adults;yes;")
    shown = tiles(page_of(browser))
    assert len(shown) == 290
    assert shown["Malmö"] == shown["Stockholm"] == ("t-one", "1")
    Organisation.objects.filter(pk=house.pk).update(country="NO")
    bring_in("2015;Bergen;A;adults;yes;")
    answer = page_of(browser, year=2015)
    assert 'class="tiles"' not in answer.content.decode()
    assert table(answer)["Bergen"] == ("1", "1")


@pytest.mark.parametrize(("country", "many"), [("DK", 98), ("SE", 290)])
def test_every_municipality_has_a_code_a_name_and_a_tile_of_its_own(country, many):
    listed = municipalities_of(country)
    for values in (
        {one.code for one in listed},
        {one.name for one in listed},
        {(one.column, one.row) for one in listed},
    ):
        assert len(values) == many
    north, south = {"DK": ("Hjørring", "Lolland"), "SE": ("Kiruna", "Trelleborg")}[country]
    assert municipality_called(country, north).row < municipality_called(country, south).row


def test_names_are_found_with_and_without_what_stands_behind_them():
    for called in ("Rebild", "rebild kommune", "0840", "840"):
        assert municipality_called("DK", called).name == "Rebild"
    assert municipality_called("DK", "Københavns Kommune").code == "0101"
    assert municipality_called("DK", "Malmö") is None


def test_the_file_has_every_year_and_municipality_and_no_formula(browser, bring_in, ann, house):
    Organisation.objects.filter(pk=house.pk).update(country="other")
    bring_in("2015;=SUM(A1);A;adults;yes;\n2016;Odense;;;no;12\n2016;Odense;B;adults;yes;")
    browser.force_login(ann.user)
    answer = browser.get(reverse("spread-csv"), {"of": "adults"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["For adults"]
    assert rows[2:] == [
        ["2015", "", "'=SUM(A1)", "1", "1"],
        ["2015", "", "Odense", "unknown", "unknown"],
        ["2015", "", "In all", "1", "1"],
        ["2016", "", "Odense", "1", "13"],
        ["2016", "", "'=SUM(A1)", "unknown", "unknown"],
        ["2016", "", "In all", "1", "13"],
    ]


def test_the_page_costs_the_same_for_one_line_as_for_five(browser, bring_in, ann):
    costs = []
    for rows in (range(1), range(1, 5)):
        names = municipalities_of("DK")
        bring_in("".join(f"{2010 + row};{names[row].name};S {row};adults;yes;\n" for row in rows), f"{len(rows)}.csv")
        browser.force_login(ann.user)
        page_of(browser)
        with CaptureQueriesContext(connection) as queries:
            page_of(browser)
        costs.append(len(queries))
    assert costs[0] == costs[1]
