"""The copy of everything: the operator starts it and cannot read it; who holds the private key opens it."""

import io
import json
import random
import subprocess
import tracemalloc
import zipfile
from datetime import timedelta

import pytest
from django.db.models import BinaryField
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from organisations.models import AccessEvent, OrganisationCopy, OrganisationState, Outbox, Practitioner
from organisations.periodic import forget_organisation_copies
from organisations.services.organisation_copies import file_columns, models_of_organisations
from organisations.tasks import make_organisation_copy
from organisations.tenancy.context import tenant
from sessions_app.models import HandbookFilmPart
from tests.organisations.operator.conftest import entered
from tests.people import PASSWORD
from tests.route_matrix import CLIENT_WORDS, make_world

pytestmark = pytest.mark.django_db
COPIES = reverse("organisation-copies")


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    """As the page tells the archive to make them."""
    folder = tmp_path_factory.mktemp("keys")
    made = {}
    for bits in (3072, 2048):
        key, certificate = folder / f"key{bits}.pem", folder / f"certificate{bits}.pem"
        ask = f"openssl req -x509 -newkey rsa:{bits} -nodes -days 90 -subj /CN=Archive -keyout {key} -out {certificate}"
        subprocess.run(ask.split(), check=True, capture_output=True)
        made[bits] = (key, certificate.read_text())
    return made


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def admin(world):
    browser = Browser()
    browser.force_login(world.people["admin"].user)
    return browser


@pytest.fixture
def house(world):
    OrganisationCopy.objects.all().delete()
    return world.people["admin"].organisation


def start(house, olga):
    entered(olga).post(reverse("operator-copy", args=[house.pk]))


def give(admin, certificate, password=PASSWORD):
    return admin.post(COPIES, {"certificate": certificate, "password": password})


def made(house):
    row = Outbox.objects.filter(task=make_organisation_copy.name).latest("created_at")
    make_organisation_copy(outbox_id=str(row.pk), organisation_id=str(house.pk), object_id=str(row.object_id))
    with tenant(house.pk):
        return OrganisationCopy.objects.get(pk=row.object_id)


def opened(content, key, tmp_path):
    sealed, whole = tmp_path / "organisation.zip.p7m", tmp_path / "organisation.zip"
    sealed.write_bytes(content)
    ask = f"openssl cms -decrypt -inform DER -in {sealed} -inkey {key} -out {whole}"
    subprocess.run(ask.split(), check=True, capture_output=True)
    return zipfile.ZipFile(io.BytesIO(whole.read_bytes()))


def test_the_holder_of_the_key_reads_every_row_of_the_organisation_and_no_other(
    admin, house, olga, keys, tmp_path, world
):
    start(house, olga)
    assert give(admin, keys[3072][1]).status_code == 302
    copy = made(house)
    answer = admin.get(reverse("organisation-copy-file", args=[copy.pk]))
    content = answer.getvalue()
    assert len(content) == copy.size == int(answer["Content-Length"])
    archive = opened(content, keys[3072][0], tmp_path)
    with tenant(house.pk):
        wanted = {
            model._meta.db_table: model._default_manager.count()
            for model in models_of_organisations()
            if model._meta.db_table != "organisations_organisation"
        }
    tables = [name for name in archive.namelist() if name.endswith(".jsonl")]
    found = {name.removesuffix(".jsonl"): archive.read(name).decode().splitlines() for name in tables}
    grown = {"organisations_accessevent", "organisations_accesshead"}  # that it was fetched is on record
    assert {table for table in wanted if len(found[table]) != wanted[table]} <= grown
    assert len(found["organisations_organisation"]) == 1
    whole = "\n".join("\n".join(lines) for lines in found.values())
    assert CLIENT_WORDS in whole
    assert str(world.people["other"].organisation_id) not in whole
    assert json.loads(found["clients_client"][0])["first_name"] == CLIENT_WORDS
    assert CLIENT_WORDS.encode() not in content
    with tenant(house.pk):
        actions = set(AccessEvent.objects.values_list("action", flat=True))
    assert {"organisation_copy.ask", "organisation_copy.fetch"} <= actions
    assert (
        "fetched by the organisation"
        in entered(olga).get(reverse("operator-organisation", args=[house.pk])).content.decode()
    )


def test_photographs_films_and_files_lie_in_the_archive_beside_the_lines_that_name_them(
    admin, house, olga, keys, tmp_path
):
    with tenant(house.pk):
        held = {
            (model, row.pk, column): getattr(row, column)
            for model in models_of_organisations()
            for column in file_columns(model)
            for row in model._default_manager.defer(None)
        }
    start(house, olga)
    give(admin, keys[3072][1])
    copy = made(house)
    content = admin.get(reverse("organisation-copy-file", args=[copy.pk])).getvalue()
    archive = opened(content, keys[3072][0], tmp_path)
    assert {model.__name__ for model, _key, _column in held} >= {"KeptPhoto", "HandbookFilmPart", "SheetPhoto"}
    for (model, key, column), value in held.items():
        table = model._meta.db_table
        lines = [json.loads(line) for line in archive.read(f"{table}.jsonl").splitlines()]
        named = next(line[column] for line in lines if line["id"] == str(key))
        if value is None:
            assert named is None
            continue
        files = [(named, value)] if isinstance(named, str) else zip(named, value, strict=True)
        for name, wanted in files:
            assert archive.read(name) == bytes(wanted)
            assert bytes(wanted) not in content or len(wanted) < 8
    assert archive.testzip() is None


def test_no_column_that_holds_files_is_left_out():
    """By the names of the columns: only a wrapped key opens something here and is of no use elsewhere."""
    found = {
        f"{model._meta.label}.{field.attname}"
        for model in models_of_organisations()
        for field in model._meta.local_concrete_fields
        if isinstance(getattr(field, "base_field", field), BinaryField)
        and getattr(field, "base_field", field).max_length is None
        and field.attname not in file_columns(model)
    }
    assert found == {"clients.WordKey.wrapped"}


def test_a_copy_is_never_in_memory_whole(admin, house, olga, keys):
    with tenant(house.pk):
        film = HandbookFilmPart.objects.first().film
        for number in range(1, 41):
            HandbookFilmPart.objects.create(
                organisation=house, film=film, number=number, content=random.Random(number).randbytes(1024 * 1024)
            )
    start(house, olga)
    give(admin, keys[3072][1])
    tracemalloc.start()
    copy = made(house)
    of_making = tracemalloc.get_traced_memory()[1]
    tracemalloc.reset_peak()
    answer = admin.get(reverse("organisation-copy-file", args=[copy.pk]))
    size = sum(len(piece) for piece in answer.streaming_content)
    of_fetching = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size == copy.size > 40 * 1024 * 1024
    assert max(of_making, of_fetching) < size / 2


def test_a_copy_of_the_version_before_is_still_fetched(admin, house):
    with tenant(house.pk):
        by = Practitioner.objects.get(user=admin.session["_auth_user_id"])
        row = {"holder": "CN=A", "fingerprint": "A", "given_by": by, "step": "ready"}
        copy = OrganisationCopy.objects.create(organisation=house, content=b"sealed", size=6, **row)
    assert admin.get(reverse("organisation-copy-file", args=[copy.pk])).getvalue() == b"sealed"


def test_the_operator_reaches_neither_the_page_nor_the_file(house, olga, keys, admin):
    start(house, olga)
    give(admin, keys[3072][1])
    copy = made(house)
    operator = entered(olga)
    assert operator.get(COPIES).status_code == 403
    assert operator.get(reverse("organisation-copy-file", args=[copy.pk])).status_code == 403


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("nonsense", "no certificate"),
        ("-----BEGIN PRIVATE KEY-----", "private key"),
        ("2048", "3072 bits"),
        ("æøå", "no certificate"),
    ],
)
def test_what_is_no_good_certificate_is_refused_beside_its_field(admin, house, olga, keys, given, words):
    start(house, olga)
    answer = give(admin, keys[2048][1] if given == "2048" else given)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    with tenant(house.pk):
        assert not OrganisationCopy.objects.filter(holder="CN=Archive", step="waiting").exists()


def test_without_the_operator_or_the_password_none_is_made(admin, house, olga, keys):
    assert "starts it" in admin.get(COPIES).content.decode()
    assert give(admin, keys[3072][1]).status_code == 422
    start(house, olga)
    assert give(admin, keys[3072][1], password="wrong").status_code == 422
    assert not Outbox.objects.filter(task=make_organisation_copy.name).exists()


def test_after_two_weeks_the_file_is_gone(admin, house, olga, keys):
    start(house, olga)
    give(admin, keys[3072][1])
    copy = made(house)
    forget_organisation_copies(timezone.now() + timedelta(days=13))
    assert admin.get(reverse("organisation-copy-file", args=[copy.pk])).status_code == 200
    forget_organisation_copies(timezone.now() + timedelta(days=15))
    assert admin.get(reverse("organisation-copy-file", args=[copy.pk])).status_code == 404


def test_an_administrator_agrees_to_the_deletion_and_takes_it_back(admin, house, olga):
    where = reverse("organisation-deletion-agree")
    assert "/reauthenticate/" in admin.post(where, {"agrees": "1"}).url
    admin.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    admin.post(where, {"agrees": "1"})
    assert OrganisationState.objects.get(organisation=house).deletion_confirmed_at is not None
    assert "has agreed" in entered(olga).get(reverse("operator-organisation", args=[house.pk])).content.decode()
    admin.post(where, {})
    assert OrganisationState.objects.get(organisation=house).deletion_confirmed_at is None
