"""SAML 2.0: where somebody is sent, and what the answer must be to be believed.

python3-saml verifies signatures and structure. It takes an answer without an audience, a recipient, an end or the id of
our question, and addresses that only begin alike: `_check_strictly` asks for each of them in the element whose
signature was verified.
"""

import base64
import binascii
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.utils import timezone
from django.utils.crypto import constant_time_compare
from lxml import etree
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.authn_request import OneLogin_Saml2_Authn_Request
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Constants
from onelogin.saml2.errors import OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from xmlsec import Error as XmlSecError

from organisations.login.sign_on.answers import SKEW, Addresses, ProviderAnswer
from organisations.login.sign_on.refusals import Refusal, SignOnRefused
from organisations.login.sign_on.saml_metadata import MALFORMED, library_settings, moment_of, published
from organisations.models import IdentityProvider

SIGNATURES = {
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512",
}
DIGESTS = {
    "http://www.w3.org/2001/04/xmlenc#sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512",
}
OLDEST = timedelta(minutes=10)  # of an assertion that has just been made
CODES = OneLogin_Saml2_ValidationError
REASONS = {
    CODES.STATUS_CODE_IS_NOT_SUCCESS: Refusal.CANCELLED,
    CODES.WRONG_INRESPONSETO: Refusal.NOT_FOR_US,
    CODES.WRONG_DESTINATION: Refusal.NOT_FOR_US,
    CODES.EMPTY_DESTINATION: Refusal.NOT_FOR_US,
    CODES.WRONG_AUDIENCE: Refusal.NOT_FOR_US,
    CODES.WRONG_ISSUER: Refusal.NOT_FOR_US,
    CODES.WRONG_SUBJECTCONFIRMATION: Refusal.NOT_FOR_US,
    CODES.ASSERTION_EXPIRED: Refusal.OUT_OF_DATE,
    CODES.ASSERTION_TOO_EARLY: Refusal.OUT_OF_DATE,
    CODES.SESSION_EXPIRED: Refusal.OUT_OF_DATE,
}


def question_url(
    provider: IdentityProvider, kept: dict[str, str], *, state: str, ours: Addresses, is_fresh: bool
) -> str:
    """Where the browser goes to log in; the question's id is put into `kept`."""
    try:
        auth = OneLogin_Saml2_Auth(_request_data(ours), library_settings(provider, ours))
        asked = OneLogin_Saml2_Authn_Request(auth.get_settings(), force_authn=is_fresh)
        parameters = {"SAMLRequest": asked.get_request(), "RelayState": state}
        if provider.signs_requests:
            auth.add_request_signature(parameters, Constants.RSA_SHA256)
    except (OneLogin_Saml2_Error, XmlSecError) as error:
        raise SignOnRefused(Refusal.UNREACHABLE) from error
    kept["request_id"] = asked.get_id()
    where = published(provider)["singleSignOnService"]["url"]
    return f"{where}{'&' if '?' in where else '?'}{urlencode(parameters)}"


def read_answer(provider: IdentityProvider, kept: dict[str, str], answer: str, *, ours: Addresses) -> ProviderAnswer:
    """The answer that the browser brought, verified; SignOnRefused for anything else."""
    try:
        response = OneLogin_Saml2_Response(OneLogin_Saml2_Settings(library_settings(provider, ours)), answer)
        response.is_valid(_request_data(ours), kept["request_id"], raise_exceptions=True)
        found = _check_strictly(response, provider, kept["request_id"], ours)
        return _answer_of(response, provider, found)
    except OneLogin_Saml2_ValidationError as error:
        raise SignOnRefused(REASONS.get(error.code, Refusal.UNTRUSTED)) from error
    except MALFORMED as error:
        raise SignOnRefused(Refusal.UNTRUSTED) from error


def looks_like_an_answer(answer: str) -> bool:
    """Whether it is base64 of something that starts as XML does; whose it is is asked with the browser's session."""
    try:
        return base64.b64decode(answer, validate=False)[:1] == b"<"
    except (binascii.Error, ValueError):
        return False


def _request_data(ours: Addresses) -> dict[str, Any]:
    parts = urlsplit(ours.answers)
    https = "on" if parts.scheme == "https" else "off"
    return {
        "https": https,
        "http_host": parts.netloc,
        "script_name": parts.path,
        "request_uri": parts.path,
        "get_data": {},
        "post_data": {},
    }


def _check_strictly(
    response: OneLogin_Saml2_Response, provider: IdentityProvider, request_id: str, ours: Addresses
) -> etree._Element:
    """The assertion, if every value that the library takes on trust is there and exactly ours."""
    # Internal to python3-saml: no public way leads to the element whose signature was verified.
    found = response._query_assertion("")
    if len(found) != 1:
        raise SignOnRefused(Refusal.UNTRUSTED)
    assertion = found[0]
    _check_algorithms(response)
    audiences = response.get_audiences()
    destination = response.document.get("Destination", ours.answers)
    if ours.entity_id not in audiences or destination != ours.answers:
        raise SignOnRefused(Refusal.NOT_FOR_US)
    if _issuer_of(assertion) != provider.issuer:
        raise SignOnRefused(Refusal.NOT_FOR_US)
    if not constant_time_compare(response.get_in_response_to() or "", request_id):
        raise SignOnRefused(Refusal.NOT_FOR_US)
    _check_bearer(assertion, request_id, ours)
    _check_times(assertion)
    return assertion


def _check_algorithms(response: OneLogin_Saml2_Response) -> None:
    documents = [response.document, *([response.decrypted_document] if response.encrypted else [])]
    for document in documents:
        used = [(SIGNATURES, "SignatureMethod"), (DIGESTS, "DigestMethod")]
        for allowed, name in used:
            signed = document.iterfind(f".//{{{Constants.NS_DS}}}SignedInfo//{{{Constants.NS_DS}}}{name}")
            ways = [node.get("Algorithm") for node in signed]
            if any(way not in allowed for way in ways):
                raise SignOnRefused(Refusal.UNTRUSTED)


def _check_bearer(assertion: etree._Element, request_id: str, ours: Addresses) -> None:
    """One confirmation that names our question, this address and an end that has not come."""
    confirmations = list(_below(assertion, "Subject", "SubjectConfirmation", "SubjectConfirmationData"))
    if len(confirmations) != 1 or confirmations[0].getparent().get("Method") != Constants.CM_BEARER:
        raise SignOnRefused(Refusal.NOT_FOR_US)
    said = confirmations[0]
    if said.get("InResponseTo") != request_id or said.get("Recipient") != ours.answers:
        raise SignOnRefused(Refusal.NOT_FOR_US)
    if not said.get("NotOnOrAfter") or moment_of(said.get("NotOnOrAfter")) + SKEW <= timezone.now():
        raise SignOnRefused(Refusal.OUT_OF_DATE)


def _check_times(assertion: etree._Element) -> None:
    now = timezone.now()
    conditions = next(_below(assertion, "Conditions"))
    end, start = conditions.get("NotOnOrAfter"), conditions.get("NotBefore")
    issued = moment_of(assertion.get("IssueInstant"))
    if not end or moment_of(end) + SKEW <= now or (start and moment_of(start) - SKEW > now):
        raise SignOnRefused(Refusal.OUT_OF_DATE)
    if issued > now + SKEW or issued < now - OLDEST - SKEW:
        raise SignOnRefused(Refusal.OUT_OF_DATE)


def _answer_of(
    response: OneLogin_Saml2_Response, provider: IdentityProvider, assertion: etree._Element
) -> ProviderAnswer:
    claims = {name: [value for value in values if isinstance(value, str)] for name, values in _attributes(response)}
    statement = next(_below(assertion, "AuthnStatement"))
    contexts = [(one.text or "").strip() for one in _below(statement, "AuthnContext", "AuthnContextClassRef")]
    return ProviderAnswer(
        issuer=provider.issuer,
        uid=_uid(response, provider, claims),
        claims=claims,
        levels=claims.get(provider.level_claim, []) if provider.level_claim else contexts,
        logged_in_at=moment_of(statement.get("AuthnInstant")),
        answer_id=assertion.get("ID", "")[:200],
    )


def _attributes(response: OneLogin_Saml2_Response) -> Iterator[tuple[str, list[Any]]]:
    yield from response.get_attributes().items()


def _uid(response: OneLogin_Saml2_Response, provider: IdentityProvider, claims: dict[str, list[str]]) -> str:
    """The attribute that was chosen for it, else a persistent name; a transient one is of this log-in only."""
    if provider.uid_claim:
        found = claims.get(provider.uid_claim, [])
        return found[0].strip() if len(found) == 1 else ""
    named = response.get_nameid_data()
    return named["Value"].strip() if named.get("Format") == Constants.NAMEID_PERSISTENT else ""


def _issuer_of(assertion: etree._Element) -> str:
    return "".join((one.text or "").strip() for one in _below(assertion, "Issuer"))


def _below(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    path = "/".join(f"{{{Constants.NS_SAML}}}{name}" for name in names)
    yield from element.iterfind(path)
