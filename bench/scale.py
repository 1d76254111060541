"""What a session adds to the database, and what that makes of a whole country: docs/scale.md, written by the bench.

`make bench ONLY=CAPACITY BENCH_SCALE=docs/scale.md` measures and writes it.
"""

from dataclasses import dataclass

from bench.figures import machine

MUNICIPALITIES, SERVICES, CLIENTS = 98, 5_000, 2_000_000
SESSIONS_A_YEAR = 10  # of one client: our assumption, most episodes are over within a year
BUSY_HOURS = 1_500  # of a year: 220 days of seven hours
PEAK = 2.0  # the busiest hour against the mean of those
TABLES = 12  # that are named; the others are summed
SIZES = """SELECT coalesce(pg_partition_root(oid)::regclass::text, relname), sum(pg_total_relation_size(oid))::bigint
    FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace GROUP BY 1"""


@dataclass(frozen=True)
class Growth:
    """Rows and bytes (indexes among them) that a session adds, by table; CPU seconds that it takes in all processes."""

    rows: dict[str, float]
    bytes: dict[str, float]
    cost: float
    sessions: int

    def line(self) -> str:
        """The whole, and the largest tables."""
        first = sorted(self.bytes, key=lambda table: -self.bytes[table])[:5]
        named = ", ".join(f"{table} {self.bytes[table] / 1000:.1f}" for table in first)
        return (
            f"GROWTH a session adds {sum(self.rows.values()):.1f} rows and {sum(self.bytes.values()) / 1000:.1f} kB "
            f"(mean of {self.sessions}): {named}"
        )

    def document(self) -> str:
        """docs/scale.md."""
        sessions = CLIENTS * SESSIONS_A_YEAR
        ordered = sorted(self.bytes, key=lambda table: -self.bytes[table])
        lines = [_row(table, self.rows[table], self.bytes[table], sessions) for table in ordered[:TABLES]]
        rest = ordered[TABLES:]
        lines.append(
            _row("all others", sum(self.rows[name] for name in rest), sum(self.bytes[name] for name in rest), sessions)
        )
        lines.append(_row("together", sum(self.rows.values()), sum(self.bytes.values()), sessions))
        return TEXT.format(
            machine=machine(),
            measured=self.sessions,
            municipalities=MUNICIPALITIES,
            services=f"{SERVICES:,}",
            clients=f"{CLIENTS:,}",
            each=SESSIONS_A_YEAR,
            sessions=f"{sessions:,}",
            table="\n".join(lines),
            cost=f"{self.cost:.3f}",
            mean=f"{sessions * self.cost / (BUSY_HOURS * 3600):.0f}",
            peak=f"{PEAK * sessions * self.cost / (BUSY_HOURS * 3600):.0f}",
            factor=f"{PEAK:g}",
            hours=f"{BUSY_HOURS:,}",
            first=ordered[0],
            share=f"{100 * self.bytes[ordered[0]] / sum(self.bytes.values()):.0f}",
        )


def sizes() -> dict[str, tuple[int, int]]:
    """(bytes with indexes, rows) of each table, read by the owner, whom row security does not bind."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute(SIZES)
        found = dict(cursor.fetchall())
        rows = {}
        for table in found:
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            (rows[table],) = cursor.fetchone()
    return {table: (size, rows[table]) for table, size in found.items()}


def growth(before: dict[str, tuple[int, int]], *, sessions: int, cost: float) -> Growth:
    """What `sessions` sessions have added since `before`; tables that did not grow are left out."""
    now = sizes()
    grown = {table: (now[table][0] - size, now[table][1] - rows) for table, (size, rows) in before.items()}
    grown = {table: both for table, both in grown.items() if both[0] > 0 or both[1] > 0}
    return Growth(
        {table: rows / sessions for table, (_, rows) in grown.items()},
        {table: size / sessions for table, (size, _) in grown.items()},
        cost,
        sessions,
    )


def _row(name: str, rows: float, size: float, sessions: int) -> str:
    return f"| {name} | {rows:.1f} | {size / 1000:.1f} | {rows * sessions / 1e6:,.0f} | {size * sessions / 1e9:,.0f} |"


TEXT = """# A whole country

Written by `make bench ONLY=CAPACITY BENCH_SCALE=docs/scale.md` from what it measured, on {machine};
do not edit by hand. It let practitioners hold {measured:,} whole sessions through the pages and read what each table
had grown by, indexes among it.

Assumed: {municipalities} municipalities with {services} services and {clients} clients, {each} sessions a client and
year: {sessions} sessions a year, in {hours} working hours.

| table | rows a session | kB a session | million rows a year | GB a year |
| --- | --- | --- | --- | --- |
{table}

**CPU.** A session took {cost} s in all processes: {mean} cores in the mean of the working hours, {peak} in an hour
{factor} times as busy. Web processes and workers keep nothing of their own, so they stand on as many machines as are
wanted; the database is what is one.

**What moves first.** `{first}` is {share} % of what a session adds. The access log is a table of months, so old
ones go as a whole; what adds most is the first to be put elsewhere; then the other tables follow by
`organisation_id`. Each unique key and each key between organisations' rows can hold that column, and no table of
none points at an organisation's row: `tests/test_distribution.py` makes that change in a transaction and takes it
back. The tables of none are named with their reasons in `organisations/tenancy/context.py`; they are copied to each
machine. NOT RUN: a real Citus, which is in no package
registry that this project uses.
"""
