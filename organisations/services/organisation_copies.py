"""Everything of an organisation as one file, encrypted to a key that it holds itself.

The operator starts it and cannot read it: the key comes from an administrator of the organisation, the file is a row of
the organisation, and only its administrators reach it. Nor can they read it here: they see of a client no more than
before, and the private key is not with us.
"""

import itertools
import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, BinaryIO

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organisations.audit.account_events import record_of
from organisations.database.rls import is_tenant_model
from organisations.history.tracking import is_event_model
from organisations.jobs.outbox import ask_for
from organisations.models import (
    CopyStep,
    Organisation,
    OrganisationCopy,
    OrganisationCopyPart,
    OrganisationState,
    Practitioner,
)
from organisations.services.sealed_file import SealedFile
from organisations.tenancy.context import GLOBAL_TABLES

MAKE = "organisations.tasks.make_organisation_copy"
MAKING = 'openssl req -x509 -newkey rsa:4096 -days 90 -keyout key.pem -out certificate.pem -subj "/CN=Archive"'
OPENING = "openssl cms -decrypt -inform DER -in organisation.zip.p7m -inkey key.pem -out organisation.zip"
KEPT = timedelta(days=14)
LEAST_BITS = 3072
MEDIA_TYPE = "application/pkcs7-mime"
PIECE = 1024 * 1024
# Secrets that open something here and are of no use elsewhere.
LEFT_OUT = {"sealed_secret", "sealed_key", "token_hash", "wrapped"}


@transaction.atomic
def give_certificate(*, certificate: str, by: Practitioner) -> OrganisationCopy:
    """Have the copy that the operator started made for the holder of this certificate.

    ValidationError where nobody started one, or for what is no certificate with a key of RSA that is long enough.
    """
    state = OrganisationState.objects.filter(organisation=by.organisation, copy_asked_at__isnull=False).first()
    if state is None:
        raise ValidationError(_("Whoever runs Medspil has to start it first. Write to them."))
    read = read_certificate(certificate)
    copy = OrganisationCopy.objects.create(
        organisation_id=by.organisation_id,
        given_by=by,
        holder=read.subject.rfc4514_string()[:300],
        certificate=read.public_bytes(serialization.Encoding.PEM).decode(),
        fingerprint=read.fingerprint(hashes.SHA256()).hex(":").upper(),
    )
    record_of(by, "organisation_copy.ask")
    ask_for(MAKE, organisation_id=by.organisation_id, object_id=copy.pk)
    return copy


def read_certificate(text: str) -> x509.Certificate:
    """The certificate in PEM; ValidationError for anything else, or a key that would be too weak."""
    wrong = ValidationError({"certificate": _("That is no certificate in PEM (-----BEGIN CERTIFICATE-----).")})
    if "PRIVATE KEY" in text:
        raise ValidationError(
            {"certificate": _("That holds a private key. Keep it to yourselves; paste the certificate.")}
        )
    try:
        found = x509.load_pem_x509_certificate(text.strip().encode("ascii"))
        key = found.public_key()
    except (ValueError, UnsupportedAlgorithm, UnicodeEncodeError) as error:
        raise wrong from error
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < LEAST_BITS:
        raise ValidationError({"certificate": _("Its key has to be RSA with 3072 bits or more.")})
    return found


def make_copy(copy: OrganisationCopy) -> None:
    """Write the file in pieces, inside the organisation's tenant: the whole of it is never in memory."""
    certificate = x509.load_pem_x509_certificate(copy.certificate.encode())
    with tempfile.TemporaryFile() as encrypted:  # nothing in plain lies on the disk
        sealed = SealedFile(certificate, encrypted)
        pack(copy.organisation, sealed)
        sealed.close()
        encrypted.seek(0)
        copy.size = _store(copy, itertools.chain([sealed.head()], iter(lambda: encrypted.read(PIECE), b"")))
    copy.made_at, copy.step = timezone.now(), CopyStep.READY
    copy.save(update_fields=["size", "made_at", "step"])


def _store(copy: OrganisationCopy, pieces: Iterable[bytes]) -> int:
    size = 0
    for number, content in enumerate(pieces):
        OrganisationCopyPart.objects.create(
            organisation_id=copy.organisation_id, copy=copy, number=number, content=content
        )
        size += len(content)
    return size


def pack(organisation: Organisation, into: SealedFile) -> None:
    """A ZIP with a file of JSON lines for each table that has rows, and photographs, films and files beside them.

    A line names the file that a column holds: `files/TABLE/KEY/COLUMN`.
    """
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for model in models_of_organisations():
            name = f"{model._meta.db_table}.jsonl"
            if file_columns(model):
                # A ZIP is written one file after another: the lines, which are short, wait.
                archive.writestr(name, b"".join([_line(_with_files(row, model, archive)) for row in _rows(model)]))
                continue
            with archive.open(name, "w", force_zip64=True) as lines:
                for row in _rows(model, organisation):
                    lines.write(_line(_values(row, model)))


def models_of_organisations() -> list[type[models.Model]]:
    """The organisation itself and every walled table, those of the history last; not the copies themselves."""
    walled = [each for each in apps.get_models() if is_tenant_model(each) and each._meta.db_table not in GLOBAL_TABLES]
    walled = [each for each in walled if each not in (OrganisationCopy, OrganisationCopyPart)]
    return [Organisation, *sorted(walled, key=is_event_model)]


def file_columns(model: type[models.Model]) -> list[str]:
    """The columns that hold a whole file, or several; a digest of a fixed length is none."""
    fields = [(field, getattr(field, "base_field", field)) for field in _fields(model)]
    return [
        field.attname for field, holds in fields if isinstance(holds, models.BinaryField) and holds.max_length is None
    ]


def _fields(model: type[models.Model]) -> list[models.Field]:
    """Without secrets that open something here."""
    return [field for field in model._meta.local_concrete_fields if field.attname not in LEFT_OUT]


def _rows(model: type[models.Model], organisation: Organisation | None = None) -> Iterator[models.Model]:
    """The rows of a table, those with files one by one."""
    rows = model._default_manager.all()
    if model is Organisation and organisation is not None:
        rows = rows.filter(pk=organisation.pk)
    return rows.defer(None).order_by("pk").iterator(chunk_size=1 if file_columns(model) else 1000)


def _values(row: models.Model, model: type[models.Model]) -> dict[str, Any]:
    """The columns; those that are kept sealed are opened."""
    return {field.attname: getattr(row, field.attname) for field in _fields(model)}


def _with_files(row: models.Model, model: type[models.Model], archive: zipfile.ZipFile) -> dict[str, Any]:
    """The columns, each file of them written into the archive and named in its place."""
    values = _values(row, model)
    for column in file_columns(model):
        held, path = values[column], f"files/{model._meta.db_table}/{row.pk}/{column}"
        if isinstance(held, list):
            named = {f"{path}-{number}": content for number, content in enumerate(held)}
            values[column] = list(named)
        else:
            named = {} if held is None else {path: held}
            values[column] = None if held is None else path
        for name, content in named.items():
            archive.writestr(name, bytes(content), zipfile.ZIP_STORED)  # pictures and films are packed already
    return values


def _line(values: dict[str, Any]) -> bytes:
    return json.dumps(values, cls=_Encoder, ensure_ascii=False).encode() + b"\n"


class _Encoder(DjangoJSONEncoder):
    def default(self, o):
        return bytes(o).hex() if isinstance(o, (bytes, memoryview)) else super().default(o)


@transaction.atomic
def fetch(*, copy: OrganisationCopy, by: Practitioner) -> BinaryIO:
    """The encrypted file on this machine's disk, read whole from the database; whoever gets it closes it.

    That it was fetched is on record here and told to the operator.
    """
    copy.fetched_at = timezone.now()
    copy.save(update_fields=["fetched_at"])
    OrganisationState.objects.filter(organisation=by.organisation).update(copy_fetched_at=copy.fetched_at)
    record_of(by, "organisation_copy.fetch")
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever gets it closes it
    file.write(copy.content or b"")  # as the version before kept it
    parts = OrganisationCopyPart.objects.filter(copy=copy).order_by("number")
    for content in parts.values_list("content", flat=True).iterator(chunk_size=1):
        file.write(content)
    file.seek(0)
    return file


def forget_old(now: datetime) -> int:
    """Copies of more than two weeks; how many."""
    return OrganisationCopy.objects.filter(given_at__lt=now - KEPT).delete()[0]
