"""Somebody with a list of the staff, the list of clients and all dates tries to find people in what went out."""

import io
from dataclasses import replace

import pandas
import pytest

from organisations.tenancy.context import tenant
from reports.research.columns import episode_variables
from reports.research.episodes import episode_table, make_safe
from reports.research.people import RandomNumbers, arm_names, people_of
from reports.results.rows import age_group
from sessions_app.measures.results.k_anonymity import K
from sessions_app.models import ExportColumn, StudyExport
from sessions_app.standards.loading import load_standards
from tests.reports.research.conftest import ask, made, make_study

pytestmark = pytest.mark.django_db
BROADER = {"0-17": ("0-12", "13-17"), "18-44": ("18-29", "30-44"), "45-": ("45-59", "60-")}
BROADER["18-"] = (*BROADER["18-44"], *BROADER["45-"])


def known(export, today):
    """What the attacker knows of each participant: the worst case, with arm and contact person by their numbers."""
    study = export.study
    letters = dict(study.arms.values_list("pk", "letter"))
    numbers = RandomNumbers(study.secrets.id_secret)
    rows = study.participants.select_related("episode__client", "episode__service", "allocation")
    for one in rows.order_by("pk"):
        until = one.episode.ended_on or today
        yield {
            "episode": numbers.of("episode", one.episode_id),
            "arm": letters[one.allocation.arm_id],
            "practitioner": numbers.of("practitioner", one.practitioner_id),
            "service": numbers.of("service", one.episode.service_id),
            "service_kind": one.episode.service.kind,
            "age_band": age_group(one.episode.age_at_intake),
            "ending": one.episode.ending,
            "weeks": (until - one.episode.started_on).days // 7,
            "closed": "yes" if one.episode.ended_on else "no",
        }


def fits(row, person):
    """Whether a row of the file can be this person's: what is withheld fits everybody."""
    for name in ("arm", "practitioner", "service", "service_kind", "closed"):
        if not pandas.isna(row[name]) and row[name] != person[name]:
            return False
    bands = BROADER.get(row["age_band"], (row["age_band"],))
    if not pandas.isna(row["age_band"]) and person["age_band"] not in bands:
        return False
    if not pandas.isna(row["ending"]):
        other = person["ending"] not in ("planned", "unplanned", "")
        if row["ending"] != person["ending"] and not (row["ending"] == "other_way" and other):
            return False
    if pandas.isna(row["weeks"]):
        return True
    return row["weeks"] <= person["weeks"] and (pandas.isna(row["weeks_to"]) or person["weeks"] <= row["weeks_to"])


def candidates(table, people):
    """How many rows of the file can be each person's; each person's own row is one of them."""
    names = [one.name for one in table.variables]
    rows = [dict(zip(names, row, strict=True)) for row in table.rows]
    found = []
    for person in people:
        fitting = [row for row in rows if fits(row, person)]
        assert person["episode"] in {row["episode"] for row in fitting}
        found.append(len(fitting))
    return found


@pytest.mark.parametrize("columns", [list(ExportColumn.values), ["practitioner", "weeks"], ["age_band", "ending"], []])
def test_nobody_is_found_and_unprotected_most_would_be(study, episodes, ada, columns):
    export = ask(study, ada, columns=columns)
    with tenant(ada.organisation_id):
        export = StudyExport.objects.get(pk=export.pk)
        today = export.asked_at.date()
        people = people_of(export, load_standards(ada.organisation_id), today)
        attacked = {}
        for k in (1, K):
            safe, found = make_safe(people, export.columns, k)
            level = found.levels.get(ExportColumn.WEEKS, 0)
            numbers = RandomNumbers(study.secrets.id_secret)
            attacked[k] = _padded(episode_table(safe, export.columns, arm_names(study), numbers, level, ""))
        everybody = list(known(export, today))
        assert len(everybody) == len(people) == 64
        safe_from = candidates(attacked[K], everybody)
        assert min(safe_from) >= K and safe_from.count(1) == 0
        if "weeks" in columns:
            assert candidates(attacked[1], everybody).count(1) > 40


def test_ratings_tell_no_week_that_the_episode_does_not(study, episodes, ada, lea):
    """The weeks of sessions are in the bands of the episode's own length, and are not there where that is withheld."""
    export, files = made(study, ada, lea)
    [level] = [level for name, level, _last in export.report["levels"] if name == "weeks"]
    assert level > 0
    told = pandas.read_csv(io.BytesIO(files["episodes.csv"])).set_index("episode").weeks
    for row in pandas.read_csv(io.BytesIO(files["ratings.csv"])).itertuples():
        assert pandas.isna(row.week) == pandas.isna(told[row.episode])


def test_numbers_are_the_same_in_a_studys_next_export_and_others_in_another_study(study, ada, episodes):
    other = make_study(ada, "Another")
    with tenant(ada.organisation_id):
        key = episodes[0].pk
        first, again = (RandomNumbers(study.secrets.id_secret).of("episode", key) for _ in range(2))
        elsewhere = RandomNumbers(other.secrets.id_secret).of("episode", key)
    assert first == again != elsewhere and len(str(first)) == 12


def test_no_two_things_share_a_number(monkeypatch):
    """Of two that would be drawn the same one is drawn again."""
    monkeypatch.setattr("reports.research.people.IDS", 3)
    numbers = RandomNumbers("secret")
    drawn = {numbers.of("episode", key) for key in ("a", "b", "c")}
    assert len(drawn) == 3 and numbers.of("episode", "a") in drawn


def _padded(table):
    """The table with a missing value for each column that did not go along."""
    every = episode_variables(list(ExportColumn.values), [("A", "A"), ("B", "B")])
    names = [one.name for one in table.variables]
    rows = [dict(zip(names, row, strict=True)) for row in table.rows]
    return replace(table, variables=every, rows=tuple(tuple(row.get(one.name) for one in every) for row in rows))
