"""Which database role does what."""


class OwnerMigrates:
    """Reads and writes go through fit_app; only `migrate --database owner` changes tables."""

    def db_for_read(self, model, **hints):
        return "default"

    def db_for_write(self, model, **hints):
        return "default"

    def allow_relation(self, one, other, **hints):
        return True
