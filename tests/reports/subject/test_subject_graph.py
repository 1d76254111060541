"""Everything about a client is found from the models: what is planted for one is given, and nothing of another."""

import json
from zoneinfo import ZoneInfo

import pytest
from django.apps.registry import Apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

from clients.models import Client
from organisations.history import privacy
from organisations.history.tracking import is_event_model
from organisations.models import TenantModel
from organisations.tenancy.context import tenant
from reports.subject import tables
from reports.subject.columns import FILES
from reports.subject.content import read_subject
from reports.subject.document_json import subject_json
from reports.subject.graph import faults, find_graph, goes_in, graph
from tests.conftest import APPLICATION, connect_as
from tests.reports.subject.planted import Planter, lift_checks, look, shared

SUPERUSER = "postgres"


@pytest.fixture(scope="module")
def _as_superuser(django_db_setup):
    connect_as(SUPERUSER)
    yield
    connect_as(APPLICATION)


@pytest.fixture
def two(_as_superuser, db, house, red_team, lea):
    """Two clients of one team with a row of every table each; the connection is the application's afterwards."""
    lift_checks()
    with tenant(house.pk):
        planted = [Planter(shared(lea, red_team)), Planter(shared(lea, red_team))]
        for one in planted:
            one.plant_all()
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {APPLICATION}")
        yield planted


def document_of(client: Client, *, names=False) -> tuple[dict, str]:
    text = subject_json(read_subject(client, names=names), [])
    return json.loads(text), text


def test_each_value_of_one_client_is_given_and_none_of_the_other(two):
    mine, other = two
    document, text = document_of(mine.rows[Client])
    given = {table["name"]: table for table in document["tables"]}
    asked = 0
    for model in filter(goes_in, graph()):
        row = model._base_manager.defer(None).get(pk=mine.rows[model].pk)
        table = given[model._meta.label]
        assert [one["id"] for one in table["rows"]] == [str(row.pk)], model
        for column in table["columns"]:
            field = model._meta.get_field(column["name"])
            assert column["words"], (model, column)
            if not field.is_relation:
                stored = json.loads(json.dumps(getattr(row, field.attname), cls=DjangoJSONEncoder))
                assert table["rows"][0][field.name] == stored, (model, field.name)
                asked += 1
    assert asked > 300
    assert not [word for word in other.words if word in text]
    assert not [row.pk for row in other.rows.values() if str(row.pk) in text and not is_event_model(type(row))]


def test_each_column_of_every_class_but_technical_is_in_or_has_a_reason(two):
    document, _text = document_of(two[0].rows[Client])
    known = privacy.marks()
    for table in document["tables"]:
        said = {one["name"] for one in table["columns"]} | {one["name"] for one in table["columns_left_out"]}
        assert said == set(known[table["name"]]), table["name"]
        assert all(one["reason"] for one in table["columns_left_out"])


def test_the_files_of_one_client_are_given(two):
    found = {table.label for table, _row in read_subject(two[0].rows[Client]).files()}
    assert found == FILES


def test_who_has_looked_is_the_log_row_for_row(two, lea):
    mine, other = (one.rows[Client] for one in two)
    rows = [look(lea, mine), look(lea, mine, other), look(lea, mine, action="client.looks")]
    look(lea, other)
    document, _text = document_of(mine, names=True)
    zone = ZoneInfo(lea.organisation.time_zone)
    told = [row.at.astimezone(zone).isoformat(timespec="seconds") for row in rows]
    assert [one["at"] for one in document["who_has_looked"]] == told
    assert {one["name"] for one in document["who_has_looked"]} == {"Lea Vang"}
    assert "Lea Vang" not in json.dumps(document_of(mine)[0]["who_has_looked"])


def test_a_table_and_a_column_that_nobody_decided_about_are_faults(monkeypatch):
    assert faults() == []

    class ShoeSize(TenantModel):  # a new table that leads to a client
        client = models.ForeignKey(Client, models.PROTECT, related_name="+")

        class Meta:
            app_label, apps = "clients", Apps()  # known to nobody but this test

    every = [*privacy.own_models(), ShoeSize]
    assert [one for one in faults(every) if "ShoeSize leads to a client" in one]
    monkeypatch.setitem(tables.GIVEN, "clients.ShoeSize", tables.GIVEN["clients.Client"])
    assert [one for one in faults(every) if one.startswith("clients.ShoeSize.client has no data class")]
    known = privacy.marks()
    less = {name: holds for name, holds in known["clients.Client"].items() if name != "first_name"}
    monkeypatch.setattr("reports.subject.graph.marks", lambda: known | {"clients.Client": less})
    assert "clients.Client.first_name has no data class" in faults(list(find_graph()))
