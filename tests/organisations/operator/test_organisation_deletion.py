"""After the deletion nothing of the organisation is in any table; another one's rows are all there."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connections
from django.utils import timezone

from organisations.audit.signed_log_heads import file_of, sign_head
from organisations.models import AccessEvent, OrganisationState, User
from organisations.services import organisation_deletion
from organisations.tenancy.context import tenant
from tests.factories import UserFactory
from tests.route_matrix import CLIENT_WORDS, HOUSE_WORDS, REFERENCE, make_world

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def decided(house):
    one, other = UserFactory(is_operator=True), UserFactory(is_operator=True)
    then = timezone.now() - timedelta(days=31)
    OrganisationState.objects.create(
        organisation=house,
        suspended_at=then,
        deletion_asked_at=timezone.now(),
        deletion_asked_by=one,
        deletion_confirmed_at=timezone.now(),
        deletion_confirmed_by=other,
    )


def tables_with(*words):
    """Each table in which a row holds one of the words, asked as the owner, whom row security does not bind."""
    found = {}
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        for (table,) in cursor.fetchall():
            for word in words:
                cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{word}%"])
                if count := cursor.fetchone()[0]:
                    found[table, word] = count
    return found


def counts_of(organisation_id):
    with connections["owner"].cursor() as cursor:
        found = {}
        for table, column in organisation_deletion.tables_of_organisations():
            cursor.execute(f'SELECT count(*) FROM "{table}" WHERE {column} = %s', [organisation_id])
            found[table] = cursor.fetchone()[0]
        return found


def test_everything_of_it_is_gone_and_nothing_of_another(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    world = make_world()
    house, kept = world.people["admin"].organisation, world.people["other"].organisation
    with tenant(house.pk):
        sign_head(house)
    decided(house)
    words = (str(house.pk), CLIENT_WORDS, REFERENCE, HOUSE_WORDS)
    assert len({table for table, _word in tables_with(*words)}) > 80
    people = [world.people[name].user_id for name in ("practitioner", "admin", "consultant")]
    elsewhere = counts_of(kept.pk)
    out = StringIO()
    call_command("delete_organisation", house.slug, stdout=out)
    assert tables_with(*words) == {}
    assert tables_with(*map(str, people)) == {}
    assert counts_of(kept.pk) == elsewhere
    assert User.objects.filter(pk=world.people["other"].user_id).exists()
    assert User.objects.filter(is_operator=True).count() == 3
    assert not file_of(house).exists()
    assert "is gone" in out.getvalue()


def test_it_is_refused_before_all_is_decided():
    world = make_world()
    house = world.people["admin"].organisation
    before = counts_of(house.pk)
    with pytest.raises(CommandError, match="Not yet"):
        call_command("delete_organisation", house.slug)
    decided(house)
    OrganisationState.objects.update(suspended_at=timezone.now() - timedelta(days=29))
    with pytest.raises(CommandError, match="Not yet"):
        call_command("delete_organisation", house.slug)
    assert {table: count for table, count in counts_of(house.pk).items() if table in before} | {
        "organisations_organisationstate": 0
    } == before | {"organisations_organisationstate": 0}
    with pytest.raises(CommandError, match="no organisation"):
        call_command("delete_organisation", "nowhere")


def test_the_application_itself_could_not():
    world = make_world()
    house = world.people["admin"].organisation
    with pytest.raises(ProgrammingError, match="permission denied"), tenant(house.pk):
        AccessEvent.objects.all()._raw_delete("default")
    with tenant(house.pk):
        assert AccessEvent.objects.exists()
