"""The two descriptions of a SAML connection: the provider's metadata, ours, and both as the library takes them."""

import base64
import binascii
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.sax.saxutils import quoteattr

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from lxml import etree
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Constants
from onelogin.saml2.errors import OneLogin_Saml2_Error
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML
from xmlsec import Error as XmlSecError

from organisations.login.sign_on import fetching
from organisations.login.sign_on.answers import Addresses
from organisations.login.sign_on.refusals import Refusal, SignOnRefused
from organisations.login.sign_on.sealing import unseal
from organisations.models import IdentityProvider

PUBLISHED_FOR = timedelta(days=365)  # how long our own metadata holds, from each time that it is fetched
# What the libraries raise for what is no answer at all.
MALFORMED = (
    OneLogin_Saml2_Error,
    etree.Error,
    XmlSecError,
    binascii.Error,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
)


def fetch_document(source_url: str, *, issuer: str) -> str:
    """The provider's metadata; SignOnRefused where it is none, another's, or out of date."""
    status, body = fetching.fetch(source_url)
    if status != 200:
        raise SignOnRefused(Refusal.UNREACHABLE)
    try:
        text = body.decode()
    except ValueError as error:
        raise SignOnRefused(Refusal.UNTRUSTED) from error
    read_metadata(text, issuer)
    return text


def read_metadata(text: str, issuer: str) -> dict[str, Any]:
    """What the metadata says of this issuer: where questions go and every certificate that still holds."""
    try:
        root = OneLogin_Saml2_XML.to_etree(text)
        found = OneLogin_Saml2_IdPMetadataParser.parse(text, entity_id=issuer).get("idp", {})
    except MALFORMED as error:
        raise SignOnRefused(Refusal.UNTRUSTED) from error
    if found.get("entityId") != issuer:
        raise SignOnRefused(Refusal.NOT_FOR_US)
    about = [root, *root.iterfind(".//{*}EntityDescriptor")]
    ends = [one.get("validUntil") for one in about if one.get("entityID", issuer) == issuer and one.get("validUntil")]
    if any(moment_of(end) <= timezone.now() for end in ends):
        raise SignOnRefused(Refusal.OUT_OF_DATE)
    if not fetching.is_usable_address(found.get("singleSignOnService", {}).get("url", "")):
        raise SignOnRefused(Refusal.UNTRUSTED)
    return found


def certificates(found: dict[str, Any]) -> list[x509.Certificate]:
    """The certificates by which a provider may sign, the last to end first: at a rollover there are two."""
    texts = found.get("x509certMulti", {}).get("signing") or [found.get("x509cert", "")]
    read = [x509.load_der_x509_certificate(base64.b64decode(text)) for text in texts if text]
    return sorted(read, key=lambda one: one.not_valid_after_utc, reverse=True)


def metadata_of_ours(provider: IdentityProvider, ours: Addresses) -> bytes:
    """What the provider needs to know of us, as its operator imports it."""
    told = library_settings(provider, ours, idp=False)
    told["security"] |= {
        "metadataValidUntil": (timezone.now() + PUBLISHED_FOR).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "metadataCacheDuration": "P1D",
    }
    metadata = OneLogin_Saml2_Settings(told, sp_validation_only=True).get_sp_metadata()
    return metadata if isinstance(metadata, bytes) else metadata.encode()


def library_settings(provider: IdentityProvider, ours: Addresses, *, idp: bool = True) -> dict[str, Any]:
    """Both sides as python3-saml takes them; without `idp` ours alone."""
    told: dict[str, Any] = {
        "strict": True,
        "debug": False,
        "sp": {
            "entityId": ours.entity_id,
            "assertionConsumerService": {"url": ours.answers, "binding": Constants.BINDING_HTTP_POST},
            "NameIDFormat": Constants.NAMEID_PERSISTENT,
            "x509cert": provider.certificate,
            "privateKey": unseal(provider.sealed_key),
        },
        "security": {
            "authnRequestsSigned": provider.signs_requests,
            "wantAssertionsSigned": True,
            "wantAssertionsEncrypted": provider.wants_encryption,
            "wantAttributeStatement": True,
            "wantNameId": not provider.uid_claim,
            "rejectDeprecatedAlgorithm": True,
            "signatureAlgorithm": Constants.RSA_SHA256,
            "digestAlgorithm": Constants.SHA256,
            "failOnAuthnContextMismatch": False,  # the level is judged with everything else (answers)
            "requestedAuthnContext": provider.levels if provider.levels and not provider.level_claim else False,
        },
        "contactPerson": {"technical": {"givenName": "Medspil", "emailAddress": settings.DEFAULT_FROM_EMAIL}},
    }
    if idp:
        told["idp"] = published(provider, for_xml=True)
    return told


def published(provider: IdentityProvider, *, for_xml: bool = False) -> dict[str, Any]:
    """The provider's side, with the certificates that hold today; `for_xml` with its address as XML writes it."""
    if not provider.document:
        raise SignOnRefused(Refusal.UNREACHABLE)
    found, now = read_metadata(provider.document, provider.issuer), timezone.now()
    good = [one for one in certificates(found) if one.not_valid_before_utc <= now < one.not_valid_after_utc]
    if not good:
        raise SignOnRefused(Refusal.OUT_OF_DATE)
    texts = [base64.b64encode(one.public_bytes(Encoding.DER)).decode() for one in good]
    url = found["singleSignOnService"]["url"]
    return {
        "entityId": provider.issuer,
        "singleSignOnService": {
            "url": quoteattr(url)[1:-1] if for_xml else url,  # the library writes it into XML as it is
            "binding": Constants.BINDING_HTTP_REDIRECT,
        },
        "x509cert": texts[0],
        "x509certMulti": {"signing": texts},
    }


def moment_of(text: str | None) -> datetime:
    """A time of SAML, in UTC; SignOnRefused for none."""
    found = parse_datetime(text or "")
    if found is None:
        raise SignOnRefused(Refusal.OUT_OF_DATE)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
