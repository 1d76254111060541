"""Everything of an organisation as one file, encrypted to a key that it holds itself.

The operator starts it and cannot read it: the key comes from an administrator of the organisation, the file is a row of
the organisation, and only its administrators reach it. Nor can they read it here: they see of a client no more than
before, and the private key is not with us.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.serialization import pkcs7
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
from organisations.models import CopyStep, Organisation, OrganisationCopy, OrganisationState, Practitioner
from organisations.tenancy.context import GLOBAL_TABLES

MAKE = "organisations.tasks.make_organisation_copy"
MAKING = 'openssl req -x509 -newkey rsa:4096 -days 90 -keyout key.pem -out certificate.pem -subj "/CN=Archive"'
OPENING = "openssl cms -decrypt -inform DER -in organisation.zip.p7m -inkey key.pem -out organisation.zip"
KEPT = timedelta(days=14)
LEAST_BITS = 3072
MEDIA_TYPE = "application/pkcs7-mime"
# Secrets that open something here and are of no use elsewhere.
LEFT_OUT = {"sealed_secret", "sealed_key", "content", "token_hash", "wrapped"}


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
    """Write the file, inside the organisation's tenant."""
    packed = pack(copy.organisation)
    sealed = (
        pkcs7.PKCS7EnvelopeBuilder()
        .set_data(packed)
        .add_recipient(x509.load_pem_x509_certificate(copy.certificate.encode()))
        .set_content_encryption_algorithm(algorithms.AES256)
        .encrypt(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])
    )
    copy.content, copy.size, copy.made_at, copy.step = sealed, len(sealed), timezone.now(), CopyStep.READY
    copy.save(update_fields=["content", "size", "made_at", "step"])


def pack(organisation: Organisation) -> bytes:
    """A ZIP with a file of JSON lines for each table that has rows, and one that says what the columns are."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for model in models_of_organisations():
            with archive.open(f"{model._meta.db_table}.jsonl", "w") as lines:
                for row in rows_of(model, organisation):
                    lines.write(json.dumps(row, cls=_Encoder, ensure_ascii=False).encode() + b"\n")
    return whole.getvalue()


def models_of_organisations() -> list[type[models.Model]]:
    """The organisation itself and every walled table, those of the history last; not the copies themselves."""
    walled = [each for each in apps.get_models() if is_tenant_model(each) and each._meta.db_table not in GLOBAL_TABLES]
    walled = [each for each in walled if each is not OrganisationCopy]
    return [Organisation, *sorted(walled, key=is_event_model)]


def rows_of(model: type[models.Model], organisation: Organisation) -> Iterator[dict]:
    """The rows of a table, without secrets that open something here; columns that are kept sealed are opened."""
    rows = model._default_manager.all()
    if model is Organisation:
        rows = rows.filter(pk=organisation.pk)
    names = [field.attname for field in model._meta.local_concrete_fields if field.attname not in LEFT_OUT]
    for row in rows.defer(None).order_by("pk").iterator(chunk_size=1000):
        yield {name: getattr(row, name) for name in names}


class _Encoder(DjangoJSONEncoder):
    def default(self, o):
        return bytes(o).hex() if isinstance(o, (bytes, memoryview)) else super().default(o)


@transaction.atomic
def fetch(*, copy: OrganisationCopy, by: Practitioner) -> bytes:
    """The encrypted file; that it was fetched is on record here and told to the operator."""
    copy.fetched_at = timezone.now()
    copy.save(update_fields=["fetched_at"])
    OrganisationState.objects.filter(organisation=by.organisation).update(copy_fetched_at=copy.fetched_at)
    record_of(by, "organisation_copy.fetch")
    return bytes(copy.content or b"")


def forget_old(now: datetime) -> int:
    """Copies of more than two weeks; how many."""
    return OrganisationCopy.objects.filter(given_at__lt=now - KEPT).delete()[0]
