"""Answers that are forged, stolen, meant for others or too weak: not one of them opens anything."""

import base64
import json
import re
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from django.contrib.auth import SESSION_KEY
from lxml import etree
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Saml

from organisations.login.sign_on.refusals import Refusal
from organisations.models import AccessEvent, Practitioner, SignOnAttempt, SignOnIdentity, User
from organisations.tenancy.context import tenant
from tests.identity_providers import CLIENT, SECRET, WEAK, key, sign_on, stamp

pytestmark = pytest.mark.django_db


def state_of(house):
    """Whoever could have come in, and what became of the try."""
    with tenant(house.pk):
        people = (User.objects.count(), Practitioner.objects.count(), SignOnIdentity.objects.count())
        return people, SignOnAttempt.objects.order_by("-began_at").first()


def refused(browser, house, reason):
    """One way there and back opens nothing, makes nobody, and is written down with its reason."""
    before, _ = state_of(house)
    page = sign_on(browser, house.slug)
    after, attempt = state_of(house)
    assert page.status_code == 403
    assert SESSION_KEY not in browser.session
    assert after == before
    assert attempt.outcome == reason
    assert attempt.reference in page.content.decode()
    assert attempt.sealed == attempt.sealed_answer == ""
    with tenant(house.pk):
        log = AccessEvent.objects.filter(action="account.sign_on_refused", purpose=f"sign-on {reason}")
        assert log.exists() == (reason != Refusal.CANCELLED)


def now() -> int:
    return int(datetime.now(UTC).timestamp())


def ago(**parts) -> str:
    return stamp(datetime.now(UTC) - timedelta(**parts))


OIDC_CLAIMS = {
    "another_issuer": ({"iss": "https://login.elsewhere.example"}, Refusal.NOT_FOR_US),
    "for_another_client": ({"aud": "somebody-else"}, Refusal.NOT_FOR_US),
    "for_several_without_azp": ({"aud": [CLIENT, "somebody-else"]}, Refusal.NOT_FOR_US),
    "given_to_another_party": ({"aud": [CLIENT, "x"], "azp": "x"}, Refusal.NOT_FOR_US),
    "nonce_of_another_question": ({"nonce": "n-of-somebody-else"}, Refusal.NOT_FOR_US),
    "no_nonce": ({"nonce": None}, Refusal.NOT_FOR_US),
    "expired": ({"exp": now() - 3600, "iat": now() - 3700}, Refusal.OUT_OF_DATE),
    "no_end": ({"exp": None}, Refusal.UNTRUSTED),
    "no_time_of_issue": ({"iat": None}, Refusal.UNTRUSTED),
    "from_the_future": ({"iat": now() + 86400}, Refusal.OUT_OF_DATE),
    "not_before_tomorrow": ({"nbf": now() + 86400}, Refusal.OUT_OF_DATE),
    "issued_an_hour_ago": ({"iat": now() - 3600}, Refusal.OUT_OF_DATE),
    "no_subject": ({"sub": None}, Refusal.UNTRUSTED),
    "empty_subject": ({"sub": ""}, Refusal.NO_UID),
    "another_organisations_number": ({"cvr": "11111111"}, Refusal.WRONG_NUMBER),
    "two_numbers": ({"cvr": ["29189374", "11111111"]}, Refusal.WRONG_NUMBER),
    "no_number": ({"cvr": None}, Refusal.WRONG_NUMBER),
    "no_role": ({"roles": None}, Refusal.NO_ROLE),
    "unknown_role": ({"roles": ["kommunaldirektør"]}, Refusal.NO_ROLE),
    "administrator_and_practitioner": ({"roles": ["medspil-admin", "medspil-behandler"]}, Refusal.NO_ROLE),
    "role_as_an_object": ({"roles": {"medspil-admin": True}}, Refusal.NO_ROLE),
    "low_level": ({"acr": WEAK}, Refusal.LOW_LEVEL),
    "no_level": ({"acr": None}, Refusal.LOW_LEVEL),
    "level_that_begins_alike": ({"acr": "https://data.gov.dk/concept/core/nsis/Substantial2"}, Refusal.LOW_LEVEL),
    "logged_in_yesterday": ({"auth_time": now() - 86400}, Refusal.OLD_LOG_IN),
    "no_time_of_log_in": ({"auth_time": None}, Refusal.OLD_LOG_IN),
    "logs_in_tomorrow": ({"auth_time": now() + 86400}, Refusal.OLD_LOG_IN),
    "time_of_log_in_as_text": ({"auth_time": "now"}, Refusal.OLD_LOG_IN),
    "address_elsewhere": ({"email": "eva@elsewhere.example"}, Refusal.NO_ADDRESS),
    "address_with_two_ats": ({"email": "eva@x@solsikke.example"}, Refusal.NO_ADDRESS),
    "address_not_verified": ({"email_verified": False}, Refusal.NO_ADDRESS),
    "verified_as_text": ({"email_verified": "true"}, Refusal.NO_ADDRESS),
}


@pytest.mark.parametrize("name", OIDC_CLAIMS)
def test_token_with_other_claims_opens_nothing(browser, house, oidc, provider, name):
    provider.claims, reason = OIDC_CLAIMS[name]
    refused(browser, house, reason)


def unsigned(claims):
    return jwt.encode(claims, None, algorithm="none", headers={"kid": "one"})


def hmac_with_public_key(claims):
    """The public key as if it were a shared secret; written by hand, since the library refuses to."""
    head = {"alg": "HS256", "typ": "JWT", "kid": "one"}
    body = b".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (head, claims))
    import hashlib
    import hmac

    made = hmac.new(key().certificate.encode(), body, hashlib.sha256).digest()
    return (body + b"." + base64.urlsafe_b64encode(made).rstrip(b"=")).decode()


def with_other_body(claims):
    good = jwt.encode(claims, key().private, algorithm="RS256", headers={"kid": "one"})
    other = jwt.encode(claims | {"roles": ["medspil-admin"]}, key().private, algorithm="RS256", headers={"kid": "one"})
    return ".".join([good.split(".")[0], other.split(".")[1], good.split(".")[2]])


OIDC_TOKENS = {
    "unsigned": unsigned,
    "hmac_with_the_public_key": hmac_with_public_key,
    "hmac_with_the_client_secret": lambda claims: jwt.encode(claims, SECRET * 2, "HS256", headers={"kid": "one"}),
    "key_of_somebody_else": lambda claims: jwt.encode(claims, key("bad").private, "RS256", headers={"kid": "one"}),
    "key_that_is_not_published": lambda claims: jwt.encode(claims, key("bad").private, "RS256", headers={"kid": "x"}),
    "key_in_its_own_header": lambda claims: jwt.encode(
        claims,
        key("bad").private,
        "RS256",
        headers={"jwk": json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key("bad").private.public_key())), "kid": "one"},
    ),
    "another_algorithm_than_published": lambda claims: jwt.encode(
        claims, key().private, "PS256", headers={"kid": "one"}
    ),
    "critical_extension": lambda claims: jwt.encode(
        claims, key().private, "RS256", headers={"kid": "one", "crit": ["x"], "x": 1}
    ),
    "other_body_under_the_signature": with_other_body,
    "no_token_at_all": lambda claims: "not.a.token",
    "empty": lambda claims: "",
}


@pytest.mark.parametrize("name", OIDC_TOKENS)
def test_forged_token_opens_nothing(browser, house, oidc, provider, name):
    provider.forge = OIDC_TOKENS[name]
    refused(browser, house, Refusal.UNTRUSTED)


def test_answer_that_names_another_issuer_opens_nothing(browser, house, oidc, provider):
    provider.back = {"iss": "https://login.elsewhere.example"}
    refused(browser, house, Refusal.NOT_FOR_US)


def test_answer_with_an_error_opens_nothing(browser, house, oidc, provider):
    provider.back = {"error": "access_denied"}
    refused(browser, house, Refusal.CANCELLED)


SAML_TOLD = {
    "another_issuer": ({"issuer": "https://login.elsewhere.example"}, Refusal.NOT_FOR_US),
    "for_another_audience": (
        {"audience": "<saml:AudienceRestriction><saml:Audience>x</saml:Audience></saml:AudienceRestriction>"},
        Refusal.NOT_FOR_US,
    ),
    "no_audience": ({"audience": ""}, Refusal.NOT_FOR_US),
    "sent_to_another_address": ({"destination": "https://elsewhere.example/acs/"}, Refusal.NOT_FOR_US),
    "recipient_elsewhere": ({"recipient": "https://elsewhere.example/acs/"}, Refusal.NOT_FOR_US),
    "recipient_that_begins_alike": (
        {"recipient": "http://localhost:8000/sign-on/solsikke/acs/more/"},
        Refusal.NOT_FOR_US,
    ),
    "no_recipient": ({"recipient": ""}, Refusal.NOT_FOR_US),
    "answer_to_another_question": ({"in_response_to": "_other", "response_to": "_other"}, Refusal.NOT_FOR_US),
    "unsolicited": ({"in_response_to": "", "response_to": ""}, Refusal.NOT_FOR_US),
    "unsolicited_assertion_in_an_answer": ({"in_response_to": ""}, Refusal.NOT_FOR_US),
    "not_for_the_bearer": ({"method": "urn:oasis:names:tc:SAML:2.0:cm:sender-vouches"}, Refusal.NOT_FOR_US),
    "expired": ({"end": ago(hours=1)}, Refusal.OUT_OF_DATE),
    "no_end": ({"end": ""}, Refusal.OUT_OF_DATE),
    "not_before_tomorrow": ({"start": ago(days=-1)}, Refusal.OUT_OF_DATE),
    "issued_an_hour_ago": ({"issued": ago(hours=1)}, Refusal.OUT_OF_DATE),
    "issued_tomorrow": ({"issued": ago(days=-1)}, Refusal.OUT_OF_DATE),
    "unsigned": ({"signs": ""}, Refusal.UNTRUSTED),
    "only_the_envelope_signed": ({"signs": "response"}, Refusal.UNTRUSTED),
    "signed_with_sha1": ({"signature": Saml.RSA_SHA1, "digest": Saml.SHA1}, Refusal.UNTRUSTED),
    "digest_with_sha1": ({"digest": Saml.SHA1}, Refusal.UNTRUSTED),
    "transient_name": ({"format": Saml.NAMEID_TRANSIENT}, Refusal.NO_UID),
    "address_as_name": ({"format": Saml.NAMEID_EMAIL_ADDRESS}, Refusal.NO_UID),
    "another_organisations_number": (
        {"attributes": {"cvr": ["11111111"], "roles": ["medspil-behandler"]}},
        Refusal.WRONG_NUMBER,
    ),
    "no_role": ({"attributes": {"cvr": ["29189374"]}}, Refusal.NO_ROLE),
    "unknown_role": ({"attributes": {"cvr": ["29189374"], "roles": ["x"]}}, Refusal.NO_ROLE),
    "low_level": ({"context": WEAK}, Refusal.LOW_LEVEL),
    "password_only": ({"context": "urn:oasis:names:tc:SAML:2.0:ac:classes:Password"}, Refusal.LOW_LEVEL),
    "logged_in_yesterday": ({"logged_in": ago(days=1)}, Refusal.OLD_LOG_IN),
    "logs_in_tomorrow": ({"logged_in": ago(days=-1)}, Refusal.OLD_LOG_IN),
    "refused_there": ({"status": "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"}, Refusal.CANCELLED),
}


@pytest.mark.parametrize("name", SAML_TOLD)
def test_assertion_that_says_something_else_opens_nothing(browser, house, saml, provider, name):
    provider.told, reason = SAML_TOLD[name]
    refused(browser, house, reason)


def test_assertion_signed_by_somebody_else_opens_nothing(browser, house, saml, provider):
    provider.told = {"signed_by": key("bad")}
    refused(browser, house, Refusal.UNTRUSTED)


def test_assertion_signed_by_an_expired_certificate_opens_nothing(browser, house, saml, provider):
    old = key("old", days=-1)
    with tenant(house.pk):
        saml.document = saml.document.replace(
            re.search("<ds:X509Certificate>([^<]+)<", saml.document)[1],
            "".join(line for line in old.certificate.splitlines() if "CERTIFICATE" not in line),
        )
        saml.save()
    page = browser.get(f"/sign-on/{house.slug}/")
    assert page.status_code == 403
    assert "no longer valid" in page.content.decode()


def tree_of(xml):
    root = etree.fromstring(xml.encode())
    return root, root.find(f"{{{Saml.NS_SAML}}}Assertion")


def text_of(root) -> str:
    return etree.tostring(root).decode()


def evil(assertion):
    """The same assertion with another id and role, and without its signature."""
    copied = etree.fromstring(etree.tostring(assertion))
    copied.set("ID", "_evil")
    signature = copied.find(f"{{{Saml.NS_DS}}}Signature")
    copied.remove(signature)
    for value in copied.iter(f"{{{Saml.NS_SAML}}}AttributeValue"):
        value.text = value.text.replace("medspil-behandler", "medspil-admin")
    return copied


def wrapped_before(xml):
    root, good = tree_of(xml)
    good.addprevious(evil(good))
    return text_of(root)


def wrapped_after(xml):
    root, good = tree_of(xml)
    good.addnext(evil(good))
    return text_of(root)


def wrapped_around(xml):
    """The signed assertion inside the forged one."""
    root, good = tree_of(xml)
    other = evil(good)
    root.replace(good, other)
    other.append(good)
    return text_of(root)


def wrapped_in_signature(xml):
    """The signed assertion inside the signature that the forged one carries."""
    root, good = tree_of(xml)
    other, signature = evil(good), good.find(f"{{{Saml.NS_DS}}}Signature")
    good.remove(signature)
    root.replace(good, other)
    other.insert(1, signature)
    holder = etree.SubElement(signature, f"{{{Saml.NS_DS}}}Object")
    holder.append(good)
    return text_of(root)


def wrapped_in_extensions(xml):
    root, good = tree_of(xml)
    extensions = etree.Element(f"{{{Saml.NS_SAMLP}}}Extensions")
    other = evil(good)
    root.replace(good, other)
    root.insert(1, extensions)
    extensions.append(good)
    return text_of(root)


def wrapped_with_the_same_id(xml):
    root, good = tree_of(xml)
    other = evil(good)
    other.set("ID", good.get("ID"))
    good.addprevious(other)
    return text_of(root)


def wrapped_response(xml):
    """A forged answer around the whole good one."""
    root, good = tree_of(xml)
    outer = etree.fromstring(etree.tostring(root))
    outer.set("ID", "_outer")
    inner = outer.find(f"{{{Saml.NS_SAML}}}Assertion")
    outer.replace(inner, evil(good))
    extensions = etree.Element(f"{{{Saml.NS_SAMLP}}}Extensions")
    extensions.append(root)
    outer.insert(1, extensions)
    return text_of(outer)


def signature_moved_to_the_forged_one(xml):
    root, good = tree_of(xml)
    other, signature = evil(good), good.find(f"{{{Saml.NS_DS}}}Signature")
    other.insert(1, etree.fromstring(etree.tostring(signature)))
    root.replace(good, other)
    return text_of(root)


def with_doctype(xml):
    return '<!DOCTYPE r [<!ENTITY role "medspil-admin">]>' + xml.replace("medspil-behandler", "&role;")


SAML_AFTER = {
    "role_changed_after_signing": lambda xml: xml.replace("medspil-behandler", "medspil-admin"),
    "name_changed_after_signing": lambda xml: xml.replace("b7a1f0c2-lasting", "somebody-else"),
    "level_changed_after_signing": lambda xml: xml.replace("nsis/Substantial", "nsis/High"),
    "comment_inside_the_name": lambda xml: xml.replace("b7a1f0c2-lasting", "b7a1f0c2<!-- -->-lasting-2"),
    "forged_before_the_signed": wrapped_before,
    "forged_after_the_signed": wrapped_after,
    "forged_around_the_signed": wrapped_around,
    "signed_hidden_in_the_signature": wrapped_in_signature,
    "signed_hidden_in_extensions": wrapped_in_extensions,
    "two_with_the_same_id": wrapped_with_the_same_id,
    "forged_answer_around_the_good_one": wrapped_response,
    "signature_moved_to_the_forged_one": signature_moved_to_the_forged_one,
    "document_type_with_an_entity": with_doctype,
    "no_xml": lambda xml: "<" + "not xml",
    "another_document": lambda xml: "<a/>",
}


@pytest.mark.parametrize("name", SAML_AFTER)
def test_answer_changed_on_its_way_opens_nothing(browser, house, saml, provider, name):
    provider.after = SAML_AFTER[name]
    refused(browser, house, Refusal.UNTRUSTED)


def test_unencrypted_answer_opens_nothing_where_encryption_is_wanted(browser, house, saml, provider):
    with tenant(house.pk):
        saml.wants_encryption = True
        saml.save()
    refused(browser, house, Refusal.UNTRUSTED)


def test_no_test_of_a_forged_answer_passes_because_nobody_could_come_in(browser, house, oidc, provider):
    """The control: the same way with an honest answer opens."""
    assert sign_on(browser, house.slug).status_code == 302
    assert SESSION_KEY in browser.session


def test_nor_by_saml(browser, house, saml, provider):
    assert sign_on(browser, house.slug).status_code == 302
    assert SESSION_KEY in browser.session
