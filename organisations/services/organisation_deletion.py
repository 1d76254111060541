"""Everything of an organisation goes: by the owner of the tables, as the application may not delete what only grows."""

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connections, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organisations.audit.signed_log_heads import file_of
from organisations.database.rls import is_tenant_model, organisation_field
from organisations.history.tracking import is_event_model
from organisations.models import Organisation, OrganisationState
from organisations.services.operator import may_be_deleted

OWNER = "owner"
# Accounts that open nothing any more go along; whoever works elsewhere too, or runs the installation, stays.
NOWHERE = """
    SELECT id FROM organisations_user u WHERE id = ANY(%s) AND NOT is_operator
    AND NOT EXISTS (SELECT 1 FROM organisations_practitioner p WHERE p.user_id = u.id)
"""
OF_ACCOUNTS = (
    ("organisations_devicesession", "user_id"),
    ("mfa_authenticator", "user_id"),
    ("account_emailconfirmation", "email_address_id IN (SELECT id FROM account_emailaddress WHERE user_id"),
    ("account_emailaddress", "user_id"),
    ("organisations_user", "id"),
)


def delete_organisation(organisation: Organisation) -> dict[str, int]:
    """Delete every row of it in one transaction, and its signed heads; how many of each table.

    ValidationError unless it was suspended for the days, asked for by one and confirmed by another.
    """
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        state = OrganisationState.objects.using(OWNER).select_for_update().filter(organisation=organisation).first()
        if not may_be_deleted(state, timezone.now()):
            raise ValidationError(
                _("Not yet: it has to be suspended for 30 days, asked for, and confirmed by a second.")
            )
        # The owner alone may: no trigger writes a history of rows that are to leave none, none protects them.
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [all_triggers(cursor)])
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SELECT user_id FROM organisations_practitioner WHERE organisation_id = %s", [organisation.pk])
        accounts = [account for (account,) in cursor.fetchall() if account]
        found = {table: _delete(cursor, table, column, organisation) for table, column in tables_of_organisations()}
        found |= _delete_accounts(cursor, accounts)
        cursor.execute("DELETE FROM organisations_organisation WHERE id = %s", [organisation.pk])
    file_of(organisation).unlink(missing_ok=True)
    return {table: count for table, count in found.items() if count}


def tables_of_organisations() -> list[tuple[str, str]]:
    """Every table whose rows name an organisation, with the column; those of the history last."""
    models = [model for model in apps.get_models() if is_tenant_model(model)]
    models += [model for model in apps.get_models() if _names_organisation(model) and not is_tenant_model(model)]
    models.sort(key=is_event_model)
    return [(model._meta.db_table, _column(model)) for model in models]


def _names_organisation(model) -> bool:
    return any(field.column == "organisation_id" for field in model._meta.local_fields)


def _column(model) -> str:
    return "id" if organisation_field(model) == "id" else "organisation_id"


def all_triggers(cursor) -> str:
    """Every trigger's name as the setting `pgtrigger.ignore` takes it, which only the owner's role may use."""
    cursor.execute("SELECT array_agg(DISTINCT tgname::text) FROM pg_trigger WHERE NOT tgisinternal")
    names = cursor.fetchone()[0] or []
    return "{" + ",".join(f'"{name}"' for name in names) + "}"


def _delete(cursor, table: str, column: str, organisation: Organisation) -> int:
    cursor.execute(f'DELETE FROM "{table}" WHERE {column} = %s', [organisation.pk])  # noqa: S608  our own names
    return cursor.rowcount


def _delete_accounts(cursor, accounts: list) -> dict[str, int]:
    cursor.execute(NOWHERE, [accounts])
    alone = [account for (account,) in cursor.fetchall()]
    found = {}
    for table, column in OF_ACCOUNTS:
        closing = ")" if "(" in column else ""
        cursor.execute(f"DELETE FROM {table} WHERE {column} = ANY(%s){closing}", [alone])  # noqa: S608  as above
        found[table] = cursor.rowcount
    return found
