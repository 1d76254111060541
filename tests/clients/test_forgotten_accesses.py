"""Old months of the access log go, and the chain of what is left goes on over them."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from clients.retention.access_logs import first_kept
from clients.services.forgotten_accesses import forget_accesses
from organisations.audit.detached_rows import ACTION, Run, batch_of, joined
from organisations.database.access_months import TABLE, months
from organisations.models import AccessEvent, DetachedAccesses, Organisation, OrganisationState
from organisations.periodic import sign_access_heads
from organisations.tenancy.context import tenant
from sessions_app.models import AccessSample, SampledAccess
from tests.organisations.test_access_log import kinds, verify
from tests.organisations.test_access_months import ask, event

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

JANUARY, FEBRUARY, MARCH = (datetime(2020, month, 1, tzinfo=UTC) for month in (1, 2, 3))
OLD = [f"{TABLE}_2020_01", f"{TABLE}_2020_02"]
BEFORE, SINCE = f"{TABLE}_before", f"{TABLE}_since"


def owner(statement, *values):
    return ask(statement, *values, using="owner")


@pytest.fixture(autouse=True)
def outside(settings, tmp_path):
    """Where the signed heads are kept."""
    settings.DATA_DIR = tmp_path


@pytest.fixture(autouse=True)
def _old_months(transactional_db):
    """January and February of 2020, and one part of everything since, in the place of the one of all before."""
    bound = months()[0].until
    owner(f"ALTER TABLE {TABLE} DETACH PARTITION {BEFORE}")
    parts = [*zip(OLD, ("MINVALUE", FEBRUARY), (FEBRUARY, MARCH), strict=True), (SINCE, MARCH, bound)]
    try:
        for name, since, until in parts:
            owner(f"CREATE TABLE {name} (LIKE {TABLE} INCLUDING ALL)")
            bounds = [one if isinstance(one, str) else f"'{one.isoformat()}'" for one in (since, until)]
            owner(f"ALTER TABLE {TABLE} ATTACH PARTITION {name} FOR VALUES FROM ({bounds[0]}) TO ({bounds[1]})")
        yield
    finally:
        for name, *_bounds in parts:
            owner(f"DROP TABLE IF EXISTS {name}")
        owner(f"DELETE FROM {TABLE}_default")
        owner(f"ALTER TABLE {TABLE} ATTACH PARTITION {BEFORE} FOR VALUES FROM (MINVALUE) TO ('{bound.isoformat()}')")


def forget(years=5, now=None):
    return forget_accesses(years=years, now=now or timezone.now())


def numbers(organisation):
    with tenant(organisation.pk):
        return list(AccessEvent.objects.order_by("seq").values_list("seq", flat=True))


def runs(organisation):
    with tenant(organisation.pk):
        return list(DetachedAccesses.objects.order_by("first_seq").values_list("first_seq", "last_seq"))


def test_old_months_go_as_a_whole_and_the_chain_holds(house, elsewhere):
    for day in (3, 20):
        event(house, JANUARY.replace(day=day))
    event(elsewhere, JANUARY.replace(day=9))
    sign_access_heads()
    event(house, FEBRUARY.replace(day=5))
    event(house, timezone.now())
    sign_access_heads()
    found = forget()
    assert (found.months, found.rows, found.not_in_order) == (OLD, 4, [])
    assert months()[0].name == SINCE
    assert owner("SELECT to_regclass(%s)", OLD[0]) == [(None,)]
    # The rows that tell of it are written one a month that went; they are the newest of the chain.
    assert (numbers(house), runs(house)) == ([4, 5, 6], [(1, 3)])
    assert (numbers(elsewhere), runs(elsewhere)) == ([2], [(1, 1)])
    assert not kinds()
    with tenant(house.pk):
        assert set(AccessEvent.objects.filter(seq__gt=4).values_list("action", "role")) == {(ACTION, "system")}
    assert forget().rows == 0
    assert not kinds()


def test_a_log_of_which_every_row_is_gone_goes_on(house):
    event(house, JANUARY)
    forget()
    assert (numbers(house), runs(house)) == ([2], [(1, 1)])
    event(house, timezone.now())
    assert not kinds()


def test_rows_that_were_written_late_are_gaps_until_their_month_goes(house):
    """At the end of a month rows are chained in another order than that of their moments."""
    for at in (JANUARY, FEBRUARY, JANUARY.replace(day=31), FEBRUARY, timezone.now()):
        event(house, at)
    forget(1, datetime(2021, 2, 20, tzinfo=UTC))
    assert (numbers(house), runs(house)) == ([2, 4, 5, 6], [(1, 1), (3, 3)])
    assert not kinds()
    forget(1, datetime(2021, 3, 1, tzinfo=UTC))
    assert (numbers(house), runs(house)) == ([5, 6, 7], [(1, 4)])
    assert not kinds()


TAMPERINGS = {
    "a row in the middle of what is left": (f"DELETE FROM {TABLE} WHERE seq = 5", "deleted"),
    "the first row of what is left": (f"DELETE FROM {TABLE} WHERE seq = 4", "deleted"),
    "what stands for the rows": ("DELETE FROM organisations_detachedaccesses", "deleted"),
    "a longer run": (
        f"UPDATE organisations_detachedaccesses SET last_seq = 4, hash = (SELECT hash FROM {TABLE} WHERE seq = 4); "
        f"DELETE FROM {TABLE} WHERE seq = 4",
        "deleted",
    ),
    "another hash": ("UPDATE organisations_detachedaccesses SET hash = repeat('0', 64)", "deleted"),
    "a later end": ("UPDATE organisations_detachedaccesses SET until = now()", "deleted"),
    "a second run": (
        "INSERT INTO organisations_detachedaccesses "
        "(id, organisation_id, first_seq, last_seq, previous_hash, hash, until, batch, detached_at) "
        "SELECT gen_random_uuid(), organisation_id, 5, 5, "
        f"(SELECT previous_hash FROM {TABLE} WHERE seq = 5), (SELECT hash FROM {TABLE} WHERE seq = 5), until, batch, "
        f"detached_at FROM organisations_detachedaccesses; DELETE FROM {TABLE} WHERE seq = 5",
        "deleted",
    ),
    "the row that tells of it": (f"DELETE FROM {TABLE} WHERE action = '{ACTION}'", "tail"),
    "a row of then put back": (f"UPDATE {TABLE} SET at = '2020-01-02' WHERE seq = 5", "detached"),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_what_is_taken_away_besides_is_found(house, name):
    for at in (JANUARY, JANUARY, FEBRUARY, *[timezone.now()] * 3):
        event(house, at)
    forget()
    assert (numbers(house), kinds()) == ([4, 5, 6, 7, 8], set())
    statements, kind = TAMPERINGS[name]
    for statement in statements.split(";"):
        owner(statement)
    assert kind in kinds()


def test_a_signed_head_among_the_rows_that_went_still_holds_the_last_hash(house):
    event(house, JANUARY)
    sign_access_heads()
    event(house, timezone.now())
    forget()
    assert not kinds()
    # By somebody who knows how the row of the log has to name it; the other faults are of the rows since.
    with tenant(house.pk):
        until = DetachedAccesses.objects.get().until
    batch = batch_of([Run(1, 1, "", "0" * 64)], until)
    owner("UPDATE organisations_detachedaccesses SET hash = repeat('0', 64)")
    owner(f"UPDATE {TABLE} SET purpose = %s WHERE action = %s", str(batch), ACTION)
    assert "signed" in kinds()


# Periods


def test_the_first_month_that_is_kept():
    now = datetime(2026, 12, 1, 0, 30, tzinfo=UTC)
    assert first_kept("DK", 2, now) == datetime(2024, 12, 1, tzinfo=UTC)
    assert first_kept("SE", 2, now) == datetime(2021, 12, 1, tzinfo=UTC)
    assert first_kept("SE", 7, now) == datetime(2019, 12, 1, tzinfo=UTC)
    assert first_kept("NO", 1, datetime(2028, 2, 29, 23, tzinfo=UTC)) == datetime(2027, 2, 1, tzinfo=UTC)


def test_where_periods_differ_rows_go_by_themselves_and_the_month_with_the_last(house, elsewhere):
    Organisation.objects.filter(pk=elsewhere.pk).update(country="SE")
    for organisation in (house, elsewhere):
        event(organisation, JANUARY)
        event(organisation, timezone.now())
    now = datetime(2022, 3, 9, tzinfo=UTC)
    found = forget(2, now)
    # In February nobody looked, yet Sweden's five years are not over.
    assert (found.months, found.rows) == ([], 1)
    assert (numbers(house), numbers(elsewhere)) == ([2, 3], [1, 2])
    assert not kinds()
    found = forget(2, now.replace(year=2025))
    assert (found.months, found.rows) == (OLD, 1)
    assert not kinds()


def test_nothing_goes_where_the_clock_stands_still(house, elsewhere):
    OrganisationState.objects.create(organisation=elsewhere, suspended_at=timezone.now())
    for organisation in (house, elsewhere):
        event(organisation, JANUARY)
    found = forget()
    assert (found.rows, numbers(elsewhere)) == (1, [1])
    assert OLD[0] not in found.months


def test_nothing_goes_of_a_log_that_is_not_in_order(house, elsewhere):
    for organisation in (house, elsewhere):
        event(organisation, JANUARY)
        event(organisation, timezone.now())
    with tenant(house.pk):
        owner(f"UPDATE {TABLE} SET purpose = 'demo' WHERE seq = 1 AND organisation_id = %s", house.pk)
    out = StringIO()
    with pytest.raises(CommandError, match="solsikke"):
        call_command("forget_accesses", "--years", "5", stdout=out)
    assert out.getvalue() == f"1 rows are gone; as a whole: {OLD[1]}.\n" or "no month" in out.getvalue()
    assert numbers(house) == [1, 2]
    assert kinds() == {"changed"}


@pytest.mark.parametrize("years", ["0", "-3", "101"])
def test_a_period_that_is_none_is_refused(years):
    with pytest.raises(CommandError, match="1 to 100"):
        call_command("forget_accesses", "--years", years)


def test_what_was_noted_at_a_look_goes_with_it(house):
    old, new = event(house, JANUARY), event(house, timezone.now())
    with tenant(house.pk):
        sample = AccessSample.objects.create(organisation=house, month=JANUARY.date(), looks=2, unrelated=0)
        for one in (old, new):
            SampledAccess.objects.create(
                organisation=house, sample=sample, event=one, has_relation=True, note=f"Asked Ann {one.seq}"
            )
    forget()
    with tenant(house.pk):
        assert [row.event_id for row in SampledAccess.objects.all()] == [new.pk]
        assert AccessSample.objects.get().looks == 2
    assert owner("SELECT event_id FROM sessions_app_sampledaccessevent") == [(new.pk,)]


def test_runs_that_follow_each_other_are_one():
    one, two, four = Run(1, 1, "", "a"), Run(2, 2, "a", "b"), Run(4, 5, "c", "d")
    assert joined([four, two, one]) == [Run(1, 2, "", "b"), four]


def test_the_command_tells_what_went(house):
    event(house, JANUARY)
    out = StringIO()
    call_command("forget_accesses", "--years", "5", stdout=out)
    assert out.getvalue() == f"1 rows are gone; as a whole: {', '.join(OLD)}.\n"
    assert verify()[0] == 0
