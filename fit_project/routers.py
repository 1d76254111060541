"""Which database, and which role of it, does what."""

from organisations.database.replica import alias_of_reads


class OwnerMigrates:
    """Reads and writes go through fit_app; only `migrate --database owner` changes tables.

    Inside `read_on_replica` reads are the replica's; writes are the primary's everywhere.
    """

    def db_for_read(self, model, **hints):
        return alias_of_reads()

    def db_for_write(self, model, **hints):
        return "default"

    def allow_relation(self, one, other, **hints):
        return True
