"""The results page: its figures against an independent computation, who sees what, what it costs, what it records."""

import html
import re
from random import Random

import numpy
import pytest
import scipy.stats
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.models import Client, ClientLabel, Episode, LabelledClient
from organisations.models import AccessEvent
from organisations.tenancy.context import tenant
from tests.results_rows import START, add_episodes

pytestmark = pytest.mark.django_db


def shown_to(browser, person, status=200, **chosen):
    """The words of the page, without its tags."""
    browser.force_login(person.user)
    answer = browser.get(reverse("results"), chosen)
    assert answer.status_code == status
    page = re.sub(r"<(title|desc|script|style)\b.*?</\1>", " ", answer.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def pairs_like(seed, count):
    """First scores about 19 and last ones a little higher, in tenths."""
    rng = Random(seed)
    firsts = [min(400, max(0, round(rng.gauss(190, 60)))) for _ in range(count)]
    return [(first, min(400, max(0, round(first + rng.gauss(45, 60))))) for first in firsts]


def test_the_figures_of_a_caseload_are_those_of_an_independent_computation(browser, ann, service, red_team):
    pairs = pairs_like(1, 80)
    add_episodes(ann, service, pairs, team=red_team, contact=ann)
    page = shown_to(browser, ann, of="own")
    first, last = (numpy.array(side, dtype=float) / 10 for side in zip(*pairs, strict=True))
    gain = last - first
    better, worse = int((gain >= 5).sum()), int((gain <= -5).sum())
    assert f"{better} of 80 ended episodes ended with progress" in page
    interval = scipy.stats.binomtest(better, 80).proportion_ci(method="wilson")
    share = f"{100 * better / 80:.0f}\N{NO-BREAK SPACE}% ({100 * interval.low:.0f} to {100 * interval.high:.0f}"
    assert re.sub(r"\s+", " ", share) in page
    low, high = scipy.stats.t.interval(0.95, 79, gain.mean(), scipy.stats.sem(gain))
    assert f"+{gain.mean():.1f} ({low:.1f} to {high:.1f})" in page
    d, r = gain.mean() / first.std(ddof=1), numpy.corrcoef(first, last)[0, 1]
    error = (2 * (1 - r) / 80 + d * d / 160) ** 0.5
    assert f"d = {d:.2f} ({d - 1.96 * error:.2f} to {d + 1.96 * error:.2f})" in page
    assert f"worse {worse}" in browser.get(reverse("results"), {"of": "own"}).content.decode()
    limit = 1.96 * 2**0.5 * 6.8 * 0.2**0.5
    clearly = int((gain > limit).sum())
    assert f"Better {100 * clearly / 80:.0f}" in page
    chance = 1 - scipy.stats.norm.cdf(5 / (2**0.5 * 6.8 * 0.2**0.5))
    assert f"Of 100 clients whose state does not change {100 * chance:.0f} get there by chance" in page


def test_what_regression_to_the_mean_explains_stands_beside_what_was_measured(browser, ann, service, red_team):
    pairs = pairs_like(2, 70)
    add_episodes(ann, service, pairs, team=red_team, contact=ann)
    page = shown_to(browser, ann)
    below = [first for first, _last in pairs if first < 250]
    mean = sum(first for first, _last in pairs) / len(pairs)
    expected = 0.2 * (mean - sum(below) / len(below)) / 10
    assert re.search(rf"Began below the cut-off {len(below)} .{{0,80}}\+{expected:.1f}\b", page)


def test_what_is_left_out_is_said_with_its_reason(browser, ann, service, red_team):
    add_episodes(ann, service, [(150, 260)] * 3, team=red_team, contact=ann)
    add_episodes(ann, service, [(150, None)] * 2, team=red_team, contact=ann)
    add_episodes(ann, service, [(150, 150)], team=red_team, contact=ann, outcome_count=1)
    add_episodes(ann, service, [(None, 150)], team=red_team, contact=ann, outcome_count=0, measured=False)
    add_episodes(ann, service, [(150, 260)], team=red_team, contact=ann, measured=False)
    grown = [["2024-06-01", "adult"]]
    add_episodes(ann, service, [(150, 260)], team=red_team, contact=ann, new_series=grown, age_at_intake=17)
    add_episodes(ann, service, [(150, 260)], team=red_team, contact=ann, client={"is_practice": True})
    page = shown_to(browser, ann)
    assert (
        "Begun 9 still going on 2 no score 1 one score only 1 not measured at the first session 1 "
        "went on with the forms of an older age 1 Counted 3" in page
    )
    assert "3 of 3 ended episodes ended with progress" in page


def test_each_filter_counts_what_it_says(browser, ann, service, red_team):
    own = {"team": red_team, "contact": ann}
    add_episodes(ann, service, [(150, 260)] * 4, **own)
    add_episodes(ann, service, [(150, 160)] * 3, **own, started_on=START.replace(year=2025))
    add_episodes(ann, service, [(150, 160)] * 2, **own, age_at_intake=70, ending="unplanned")
    add_episodes(ann, service, [(150, 160)], team=red_team, age_at_intake=None)
    add_episodes(ann, service, [(290, 330)] * 5, **own, age_at_intake=9)
    add_episodes(ann, service, [(250, 330)] * 6, **own, age_at_intake=4)
    for chosen, counted in (
        ({"of": "own"}, 9),
        ({"of": "teams"}, 10),
        ({"year": "2025"}, 3),
        ({"age": "60-"}, 2),
        ({"age": "none", "of": "teams"}, 1),
        ({"ending": "unplanned"}, 2),
        ({"kind": "adults"}, 9),
        ({"form": "cors"}, 5),
        ({"form": "about-child"}, 6),
        ({"year": "2024", "ending": "planned"}, 4),
    ):
        assert f"Counted {counted} " in shown_to(browser, ann, **chosen), chosen


def test_a_label_chooses_its_clients_and_tells_an_administrator_of_no_few(browser, ann, ben, ada, service, red_team):
    with tenant(ann.organisation_id):
        own = {"organisation": ann.organisation}
        assert "Label" not in shown_to(browser, ann), "an organisation without labels has no such filter"
        pilot, few = (ClientLabel.objects.create(**own, name=name) for name in ("Pilot", "Few"))
    made = [add_episodes(ann, service, [(150, 260)] * 20, team=red_team, contact=who) for who in (ann, ben, ben)]
    with tenant(ann.organisation_id):
        labelled = [(one, pilot) for one in (*made[0], *made[1])] + [(one, few) for one in made[2][:4]]
        LabelledClient.objects.bulk_create(
            LabelledClient(**own, client_id=one.client_id, label=label) for one, label in labelled
        )
    assert "Counted 60 " in shown_to(browser, ann, of="teams")
    assert "Counted 40 " in shown_to(browser, ann, of="teams", label=str(pilot.pk))
    assert "Counted 4 " in shown_to(browser, ann, of="teams", label=str(few.pk))
    assert "Counted 40 " in shown_to(browser, ada, label=str(pilot.pk))
    assert "Counted * " in shown_to(browser, ada, label=str(few.pk))
    refused = shown_to(browser, ada, status=422, label=str(pilot.pk), year=str(START.year))
    assert "Choose it alone, for all years together and a whole service." in refused
    with tenant(ann.organisation_id):
        ClientLabel.objects.filter(pk=pilot.pk).update(retired_at="2026-01-01T00:00Z")
    assert "is not one of the available choices" in shown_to(browser, ann, status=422, label=str(pilot.pk))


def test_a_childs_score_is_judged_by_the_childs_cut_off(browser, ann, service, red_team):
    add_episodes(ann, service, [(290, 330)] * 5, team=red_team, contact=ann, age_at_intake=9)
    page = shown_to(browser, ann, form="cors")
    assert "Began below the cut-off 5 " in page, "29 is below 32"


@pytest.mark.parametrize(
    "chosen", [{"of": "all"}, {"year": "1900"}, {"age": "x"}, {"form": "srs"}, {"of": "service:1"}]
)
def test_a_choice_that_there_is_not_is_refused_beside_its_field(browser, ann, service, red_team, chosen):
    add_episodes(ann, service, [(150, 260)] * 3, team=red_team, contact=ann)
    page = shown_to(browser, ann, status=422, **chosen)
    assert "is not one of the available choices" in page


def test_nobody_counts_clients_of_another_team_or_organisation(browser, ann, cleo, dora, service, red_team, blue_team):
    add_episodes(ann, service, [(150, 260)] * 12, team=red_team, contact=ann)
    assert "Counted 12 " in shown_to(browser, ann)
    assert "Begun 0 " in shown_to(browser, cleo)
    assert "Begun 0 " in shown_to(browser, dora)


def test_an_administrator_sees_figures_and_no_small_ones(browser, ann, ben, ada, service, red_team):
    add_episodes(ann, service, [(150, 260)] * 20, team=red_team, contact=ann)
    add_episodes(ann, service, [(150, 155)] * 15, team=red_team, contact=ben)
    add_episodes(ann, service, [(250, 150)] * 2, team=red_team, contact=ben)
    page = shown_to(browser, ada)
    assert "You see figures, and no clients." in page
    assert "Worse *" in page
    assert "Counted 37 " in page
    assert "Worse 5" in shown_to(browser, ann, of="teams"), "who sees the clients sees that 2 of 37 are worse"


def test_what_one_practitioner_alone_stands_behind_is_hidden_from_an_administrator(
    browser, ann, ada, service, red_team
):
    add_episodes(ann, service, [(150, 260)] * 30, team=red_team, contact=ann)
    page = shown_to(browser, ada)
    assert "Counted * " in page
    assert "30" not in re.sub(r"[30]\d,?\N{NO-BREAK SPACE}", "", page.split("Whose results")[0])


def test_the_page_asks_the_database_as_often_for_200_episodes_as_for_30(browser, ann, ada, service, red_team):
    def asked(person):
        browser.force_login(person.user)
        browser.get(reverse("results"))
        with CaptureQueriesContext(connection) as queries:
            browser.get(reverse("results"))
        return len(queries)

    add_episodes(ann, service, pairs_like(3, 2), team=red_team, contact=ann)
    of_ann, of_ada = asked(ann), asked(ada)
    add_episodes(ann, service, pairs_like(4, 28), team=red_team, contact=ann)
    # From thirty on one's own caseload is compared with those of the organisation: its episodes, their
    # teams and labels, and who came.
    assert (asked(ann), asked(ada)) == (of_ann + 4, of_ada)
    add_episodes(ann, service, pairs_like(5, 170), team=red_team, contact=ann)
    assert (asked(ann), asked(ada)) == (of_ann + 4, of_ada)


def test_a_look_at_results_is_on_record_with_clients_only_where_few_tell_about_each(
    browser, ann, ada, service, red_team
):
    add_episodes(ann, service, [(150, 260)] * 3, team=red_team, contact=ann)
    shown_to(browser, ann)
    with tenant(ann.organisation_id):
        event = AccessEvent.objects.get(action="results")
        assert set(event.client_ids) == set(Client.objects.values_list("pk", flat=True))
        assert event.typed == "of=own form=ors"
    add_episodes(ann, service, [(150, 260)] * 30, team=red_team, contact=ann)
    shown_to(browser, ann)
    shown_to(browser, ada)
    with tenant(ann.organisation_id):
        assert [event.client_ids for event in AccessEvent.objects.filter(action="results")[:2]] != []
        assert sum(bool(event.client_ids) for event in AccessEvent.objects.filter(action="results")) == 1
        assert Episode.objects.count() == 33


def test_the_product_claims_no_effect(browser, ann):
    browser.force_login(ann.user)
    page = re.sub(r"\s+", " ", browser.get(reverse("results-evidence")).content.decode())
    assert "g = .27" in page
    assert "A randomised trial in Copenhagen found no effect." in page
    assert "Medspil does not claim that it makes anybody better." in page


def file_of(browser, person, status=200, **chosen):
    browser.force_login(person.user)
    answer = browser.get(reverse("results-csv"), chosen)
    assert answer.status_code == status
    return [line.split(";") for line in answer.content.decode("utf-8-sig").splitlines()]


def test_the_file_shows_what_the_page_shows_and_hides_what_it_hides(browser, ann, ben, ada, service, red_team):
    for person in (ann, ben):
        add_episodes(ann, service, [(150, 260)] * 20 + [(250, 150)], team=red_team, contact=person)
    page = shown_to(browser, ada)
    rows = {row[0]: row[1:] for row in file_of(browser, ada)}
    assert "Counted 42 " in page
    assert rows["all"][:2] == ["42", "42"]
    assert rows["2024"] == rows["all"]
    assert rows["30–44 years"] == rows["all"]
    assert rows["all"][2] in ("*", "40") and (rows["all"][2] == "*") == ("Progress *" in page)
    assert rows["Planned"][:2] == ["42", "42"]
    with tenant(ann.organisation_id):
        assert AccessEvent.objects.filter(action="results.export", typed="of=all form=ors").count() == 1


def test_a_choice_that_the_page_refuses_makes_an_empty_file(browser, ann, ada, service, red_team):
    add_episodes(ann, service, [(150, 260)] * 20, team=red_team)
    chosen = {"age": "30-44", "year": "2024"}
    assert "Choose it alone, for all years together and a whole service." in shown_to(browser, ada, 422, **chosen)
    assert file_of(browser, ada, 422, **chosen) == []


def test_no_cell_of_the_file_is_a_formula(browser, ann, ada, service, red_team):
    add_episodes(ann, service, [(150, 260)] * 20, team=red_team)
    with tenant(service.organisation_id):
        service.name = "=1+1"
        service.save(update_fields=["name"])
    assert file_of(browser, ada, of=f"service:{service.pk}")[0] == ["'=1+1"]
