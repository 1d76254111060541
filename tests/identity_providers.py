"""Identity providers on this machine for the tests: OpenID Connect and SAML, which say what a test tells them to."""

import base64
import html
import json
import re
import secrets
import threading
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from django.urls import reverse
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Saml
from onelogin.saml2.utils import OneLogin_Saml2_Utils

CLIENT, SECRET = "medspil-client", "a-secret-of-the-tests"
NUMBER, UID = "29189374", "b7a1f0c2-lasting"
STRONG, WEAK = "https://data.gov.dk/concept/core/nsis/Substantial", "https://data.gov.dk/concept/core/nsis/Low"
ROLES = {"medspil-behandler": "practitioner", "medspil-leder": "team_lead", "medspil-admin": "admin"}


@dataclass(frozen=True)
class Key:
    """A signing key and its certificate."""

    private: rsa.RSAPrivateKey
    pem: str
    certificate: str


@cache
def key(name: str = "good", *, days: int = 400) -> Key:
    """The same key for the same name; making one takes a moment."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(private.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=800))
    certificate = made.not_valid_after(now + timedelta(days=days)).sign(private, hashes.SHA256())
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return Key(private, pem, certificate.public_bytes(Encoding.PEM).decode())


def bare(certificate: str) -> str:
    """A certificate as metadata holds it."""
    return "".join(line for line in certificate.splitlines() if "CERTIFICATE" not in line)


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Provider:
    """One server that is an OpenID provider at /oidc and a SAML one at /saml.

    `claims` are put over a token's claims (None leaves one out), `told` over the parts of an assertion; `forge` makes
    the whole token, `after` changes the finished SAML answer.
    """

    url: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)
    forge: Callable[[dict[str, Any]], str] | None = None
    after: Callable[[str], str] = str
    back: dict[str, str] = field(default_factory=dict)
    keys: list[tuple[str, Key]] = field(default_factory=lambda: [("one", key())])
    certificates: list[Key] = field(default_factory=lambda: [key()])
    metadata_ends: str = ""
    asked: dict[str, str] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    last_xml: str = ""
    logged_in: timedelta = timedelta(minutes=1)

    # OpenID Connect

    def configuration(self) -> dict[str, Any]:
        base = f"{self.url}/oidc"
        return {
            "issuer": base,
            "authorization_endpoint": f"{base}/authorize",
            "token_endpoint": f"{base}/token",
            "jwks_uri": f"{base}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }

    def jwks(self) -> dict[str, Any]:
        found = []
        for kid, one in self.keys:
            found.append(json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(one.private.public_key())) | {"kid": kid})
        return {"keys": [{**one, "use": "sig", "alg": "RS256"} for one in found]}

    def authorize(self, asked: dict[str, str]) -> str:
        self.asked = asked
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state'], **self.back})}"

    def token(self, authorization: str, sent: dict[str, str]) -> dict[str, str] | None:
        """The answer to a code; None for a wrong client, a code that is not ours or a verifier that does not fit."""
        expected = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        asked = self.codes.pop(sent.get("code", ""), None)
        if authorization != expected or asked is None or sent.get("redirect_uri") != asked["redirect_uri"]:
            return None
        digest = sha256(sent.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return None
        claims = {name: value for name, value in (self.usual(asked) | self.claims).items() if value is not None}
        return {"id_token": self.forge(claims) if self.forge else self.signed(claims), "token_type": "Bearer"}

    def usual(self, asked: dict[str, str]) -> dict[str, Any]:
        now = int(datetime.now(UTC).timestamp())
        return {
            "iss": f"{self.url}/oidc",
            "aud": CLIENT,
            "sub": UID,
            "iat": now,
            "exp": now + 300,
            "auth_time": now if asked.get("max_age") == "0" else now - int(self.logged_in.total_seconds()),
            "nonce": asked["nonce"],
            "acr": STRONG,
            "cvr": NUMBER,
            "roles": ["medspil-behandler"],
            "name": "Eva Friis",
            "email": "eva@solsikke.example",
        }

    def signed(self, claims: dict[str, Any], *, by: Key | None = None, alg: str = "RS256", kid: str = "one") -> str:
        return jwt.encode(claims, (by or key()).private, algorithm=alg, headers={"kid": kid})

    # SAML

    def metadata(self) -> str:
        ends = f' validUntil="{self.metadata_ends}"' if self.metadata_ends else ""
        keys = "".join(
            f'<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="{Saml.NS_DS}"><ds:X509Data><ds:X509Certificate>'
            f"{bare(one.certificate)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
            for one in self.certificates
        )
        return (
            f'<md:EntityDescriptor xmlns:md="{Saml.NS_MD}" entityID="{self.url}/saml"{ends}>'
            f'<md:IDPSSODescriptor protocolSupportEnumeration="{Saml.NS_SAMLP}">{keys}'
            f'<md:SingleSignOnService Binding="{Saml.BINDING_HTTP_REDIRECT}" '
            f'Location="{self.url}/saml/sso?a=1&amp;b=2"/>'
            "</md:IDPSSODescriptor></md:EntityDescriptor>"
        )

    def answer(self, asked: dict[str, str]) -> tuple[str, dict[str, str]]:
        """Where the browser posts to, and what."""
        xml = zlib.decompress(base64.b64decode(asked["SAMLRequest"]), -15).decode()
        self.asked, self.last_xml = asked, xml
        request_id = re.search(r'\bID="([^"]+)"', xml)[1]
        acs = re.search(r'AssertionConsumerServiceURL="([^"]+)"', xml)[1]
        entity = re.search(r"<saml:Issuer>([^<]+)<", xml)[1]
        is_fresh = 'ForceAuthn="true"' in xml
        response = self.response(request_id=request_id, acs=acs, entity=entity, is_fresh=is_fresh)
        return acs, {"SAMLResponse": base64.b64encode(response.encode()).decode(), "RelayState": asked["RelayState"]}

    def response(self, *, request_id: str, acs: str, entity: str, is_fresh: bool) -> str:
        now = datetime.now(UTC)
        says = {
            "issuer": f"{self.url}/saml",
            "audience": f"<saml:AudienceRestriction><saml:Audience>{entity}</saml:Audience></saml:AudienceRestriction>",
            "recipient": acs,
            "destination": acs,
            "in_response_to": request_id,
            "response_to": request_id,
            "issued": stamp(now),
            "start": stamp(now - timedelta(minutes=1)),
            "end": stamp(now + timedelta(minutes=5)),
            "logged_in": stamp(now if is_fresh else now - self.logged_in),
            "context": STRONG,
            "format": Saml.NAMEID_PERSISTENT,
            "uid": UID,
            "status": Saml.STATUS_SUCCESS,
            "attributes": {"cvr": [NUMBER], "roles": ["medspil-behandler"], "mail": ["eva@solsikke.example"]},
            "assertion_id": f"_{secrets.token_hex(16)}",
            "method": Saml.CM_BEARER,
            "signed_by": key(),
            "signature": Saml.RSA_SHA256,
            "digest": Saml.SHA256,
            "signs": "assertion",
        } | self.told
        assertion = self._assertion(says)
        if says["signs"] == "assertion":
            assertion = sign(assertion, says)
        whole = (
            f'<samlp:Response xmlns:samlp="{Saml.NS_SAMLP}" xmlns:saml="{Saml.NS_SAML}" ID="_{secrets.token_hex(16)}" '
            f'Version="2.0" IssueInstant="{says["issued"]}" Destination="{says["destination"]}"'
            f"{attribute('InResponseTo', says['response_to'])}><saml:Issuer>{says['issuer']}</saml:Issuer>"
            f'<samlp:Status><samlp:StatusCode Value="{says["status"]}"/></samlp:Status>{assertion}</samlp:Response>'
        )
        return self.after(sign(whole, says) if says["signs"] == "response" else whole)

    @staticmethod
    def _assertion(says: dict[str, Any]) -> str:
        attributes = "".join(
            f'<saml:Attribute Name="{name}" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:basic">'
            + "".join(f"<saml:AttributeValue>{value}</saml:AttributeValue>" for value in values)
            + "</saml:Attribute>"
            for name, values in says["attributes"].items()
        )
        return (
            f'<saml:Assertion xmlns:saml="{Saml.NS_SAML}" ID="{says["assertion_id"]}" Version="2.0" '
            f'IssueInstant="{says["issued"]}"><saml:Issuer>{says["issuer"]}</saml:Issuer>'
            f'<saml:Subject><saml:NameID Format="{says["format"]}">{says["uid"]}</saml:NameID>'
            f'<saml:SubjectConfirmation Method="{says["method"]}"><saml:SubjectConfirmationData'
            f"{attribute('InResponseTo', says['in_response_to'])}{attribute('Recipient', says['recipient'])}"
            f"{attribute('NotOnOrAfter', says['end'])}/></saml:SubjectConfirmation></saml:Subject>"
            f"<saml:Conditions{attribute('NotBefore', says['start'])}{attribute('NotOnOrAfter', says['end'])}>"
            f"{says['audience']}</saml:Conditions>"
            f'<saml:AuthnStatement AuthnInstant="{says["logged_in"]}"><saml:AuthnContext><saml:AuthnContextClassRef>'
            f"{says['context']}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>"
            f"<saml:AttributeStatement>{attributes}</saml:AttributeStatement></saml:Assertion>"
        )


def attribute(name: str, value: str) -> str:
    return f' {name}="{value}"' if value else ""


def sign(xml: str, says: dict[str, Any]) -> str:
    by = says["signed_by"]
    signed = OneLogin_Saml2_Utils.add_sign(
        xml, by.pem, by.certificate, sign_algorithm=says["signature"], digest_algorithm=says["digest"]
    )
    return signed.decode() if isinstance(signed, bytes) else signed


class Answers(BaseHTTPRequestHandler):
    """What the server says."""

    provider: Provider

    def do_GET(self):
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/oidc/authorize":
            self.send_response(302)
            self.send_header("Location", self.provider.authorize(asked))
            self.end_headers()
            return
        pages: dict[str, Callable[[], tuple[str, str]]] = {
            "/oidc/.well-known/openid-configuration": lambda: ("json", json.dumps(self.provider.configuration())),
            "/oidc/jwks": lambda: ("json", json.dumps(self.provider.jwks())),
            "/saml/metadata": lambda: ("xml", self.provider.metadata()),
            "/saml/sso": lambda: ("html", self._form(asked)),
        }
        if parts.path in pages:
            self._say(*pages[parts.path]())
        else:
            self.send_error(404)

    def do_POST(self):
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        fields = {name: values[0] for name, values in sent.items()}
        found = self.provider.token(self.headers.get("Authorization", ""), fields)
        self._say("json", json.dumps(found or {"error": "invalid_grant"}), 200 if found else 400)

    def _form(self, asked):
        where, fields = self.provider.answer(asked)
        hidden = "".join(
            f'<input type="hidden" name="{name}" value="{html.escape(value)}">' for name, value in fields.items()
        )
        return f'<form method="post" action="{where}">{hidden}<button>Go on</button></form>'

    def _say(self, kind, text, status=200):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", {"json": "application/json", "xml": "text/xml", "html": "text/html"}[kind])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


class Served:
    """A provider that answers while the block lasts."""

    def __enter__(self) -> Provider:
        self.provider = Provider()
        handler = type("Handler", (Answers,), {"provider": self.provider})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.provider.url = f"http://127.0.0.1:{self.server.server_port}"
        # It looks this often whether it is to end; by default each test would wait half a second for that.
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        return self.provider

    def __exit__(self, *error):
        self.server.shutdown()
        self.server.server_close()


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


def open_at(url: str) -> tuple[int, dict[str, str], str]:
    """Status, headers and body, without following anything."""
    opener = build_opener(_Stay)
    opener.addheaders = []
    try:
        with opener.open(Request(url), timeout=10) as found:
            return found.status, dict(found.headers), found.read().decode()
    except HTTPError as answer:
        return answer.code, dict(answer.headers), answer.read().decode()


def local(url: str) -> str:
    """The path and query of an address of ours."""
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def go_there(url: str, browser) -> Any:
    """Through the provider and back, as a browser goes: the page that our side answers with at the end."""
    status, headers, body = open_at(url)
    if status == 302:
        return browser.get(local(headers["Location"]))
    where = html.unescape(re.search(r'action="([^"]+)"', body)[1])
    fields = {name: html.unescape(value) for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', body)}
    page = type(browser)().post(local(where), fields)  # from another site: without our cookies
    return browser.get(page.headers["Location"]) if page.status_code == 303 else page


SETTINGS = {
    "name": "Solsikke's log-in",
    "number_claim": "cvr",
    "number_value": NUMBER,
    "role_claim": "roles",
    "practitioners": "medspil-behandler",
    "leads": "medspil-leder",
    "admins": "medspil-admin",
    "strong_levels": STRONG,
    "weak_levels": "",
    "max_age_minutes": 60,
    "admits_new": True,
    "mail_domains": "solsikke.example",
}


def settings_of(provider: Provider, kind: str, **more: Any) -> dict[str, Any]:
    """What an administrator types for the provider."""
    if kind == "oidc":
        own = {
            "issuer": f"{provider.url}/oidc",
            "source_url": f"{provider.url}/oidc/.well-known/openid-configuration",
            "application_id": CLIENT,
            "secret": SECRET,
            "name_claim": "name",
            "email_claim": "email",
        }
    else:
        own = {"issuer": f"{provider.url}/saml", "source_url": f"{provider.url}/saml/metadata", "email_claim": "mail"}
    return SETTINGS | own | more


def sign_on(browser, slug: str, query: str = "") -> Any:
    """Begin at our side, log in there, come back."""
    begun = browser.get(reverse("sign-on", kwargs={"slug": slug}) + query)
    return go_there(begun.headers["Location"], browser) if begun.status_code == 302 else begun
