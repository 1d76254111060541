"""OpenID Connect, as the code flow: where somebody is sent, and what the answer must be to be believed.

state binds the answer to the browser, the nonce the token to the question, PKCE the code to us. Signature, issuer,
audience, azp, times and algorithm are looked at here; level, age and number in `answers`.
"""

import json
import secrets
from base64 import b64encode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlencode

import jwt
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from organisations.login.sign_on import fetching
from organisations.login.sign_on.answers import SKEW, ProviderAnswer
from organisations.login.sign_on.refusals import Refusal, SignOnRefused
from organisations.login.sign_on.sealing import unseal
from organisations.models import IdentityProvider

# With a public key only: a shared secret as key, or none, is nobody's signature.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
OLDEST = timedelta(minutes=10)  # of a token that has just been made
USUAL_UID = "sub"
USUAL_LEVEL = "acr"


def new_secrets() -> dict[str, str]:
    """What a try keeps to compare the answer with."""
    return {"nonce": secrets.token_urlsafe(32), "verifier": secrets.token_urlsafe(48)}


def question_url(
    provider: IdentityProvider, kept: dict[str, str], *, state: str, redirect_uri: str, is_fresh: bool, language: str
) -> str:
    """Where the browser goes to log in."""
    challenge = urlsafe_b64encode(sha256(kept["verifier"].encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": provider.application_id,
        "redirect_uri": redirect_uri,
        "scope": "openid profile email",
        "state": state,
        "nonce": kept["nonce"],
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "max_age": "0" if is_fresh else str(60 * provider.max_age_minutes),
        "ui_locales": language,
    }
    if is_fresh:
        asked["prompt"] = "login"
    if level_claim(provider) == USUAL_LEVEL and provider.levels:
        asked["acr_values"] = " ".join(provider.levels)
    endpoint = published(provider)["authorization_endpoint"]
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"


def fetch_token(
    provider: IdentityProvider, kept: dict[str, str], parameters: dict[str, str], *, redirect_uri: str
) -> str:
    """The ID token behind the redirect, not yet verified; SignOnRefused where there is none for us."""
    if parameters.get("iss", provider.issuer) != provider.issuer:
        raise SignOnRefused(Refusal.NOT_FOR_US)
    if parameters.get("error") or not parameters.get("code"):
        raise SignOnRefused(Refusal.CANCELLED)
    return _exchange(provider, parameters["code"], kept["verifier"], redirect_uri)


def answer_of(provider: IdentityProvider, claims: dict[str, Any]) -> ProviderAnswer:
    """Verified claims as an answer."""
    said = {name: _texts(value) for name, value in claims.items()}
    email_is_verified = claims.get("email_verified", True) is True  # a text "true" is no yes
    uid = said.get(provider.uid_claim or USUAL_UID, [])
    return ProviderAnswer(
        issuer=provider.issuer,
        uid=uid[0] if len(uid) == 1 else "",
        claims=said,
        levels=said.get(level_claim(provider), []),
        logged_in_at=_moment(claims.get("auth_time")),
        unverified=frozenset() if email_is_verified else frozenset({provider.email_claim}),
    )


def verified_claims(provider: IdentityProvider, token: str, *, nonce: str) -> dict[str, Any]:
    """The claims of an ID token that this provider signed for us, now, and in answer to this question."""
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS or "crit" in header:
            raise SignOnRefused(Refusal.UNTRUSTED)
        claims = jwt.decode(
            token,
            _key(provider, header),
            algorithms=[header["alg"]],
            audience=provider.application_id,
            issuer=provider.issuer,
            leeway=SKEW,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )
    except (jwt.InvalidAudienceError, jwt.InvalidIssuerError) as error:
        raise SignOnRefused(Refusal.NOT_FOR_US) from error
    except (jwt.ExpiredSignatureError, jwt.ImmatureSignatureError) as error:
        raise SignOnRefused(Refusal.OUT_OF_DATE) from error
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise SignOnRefused(Refusal.UNTRUSTED) from error
    _check_question(provider, claims, nonce)
    return claims


def _check_question(provider: IdentityProvider, claims: dict[str, Any], nonce: str) -> None:
    audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    given_to = claims.get("azp", provider.application_id if len(audience) == 1 else "")
    if given_to != provider.application_id:
        raise SignOnRefused(Refusal.NOT_FOR_US)
    if not constant_time_compare(str(claims.get("nonce", "")), nonce):
        raise SignOnRefused(Refusal.NOT_FOR_US)
    if timezone.now().timestamp() - claims["iat"] > (OLDEST + SKEW).total_seconds():
        raise SignOnRefused(Refusal.OUT_OF_DATE)


def level_claim(provider: IdentityProvider) -> str:
    """The claim that tells how somebody logged in."""
    return provider.level_claim or USUAL_LEVEL


def fetch_document(source_url: str, *, issuer: str) -> str:
    """The provider's configuration with its keys; SignOnRefused where it is none, or another issuer's."""
    found = _json(*fetching.fetch(source_url))
    if found.get("issuer") != issuer:
        raise SignOnRefused(Refusal.NOT_FOR_US)
    ends = [found.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    if not all(isinstance(end, str) and fetching.is_usable_address(end) for end in ends):
        raise SignOnRefused(Refusal.UNTRUSTED)
    kept = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri", "token_endpoint_auth_methods_supported")
    document = {name: found[name] for name in kept if name in found}
    document["jwks"] = _json(*fetching.fetch(found["jwks_uri"]))
    return json.dumps(document)


def published(provider: IdentityProvider) -> dict[str, Any]:
    """What the provider published when it was asked last."""
    if not provider.document:
        raise SignOnRefused(Refusal.UNREACHABLE)
    return json.loads(provider.document)


def has_key(provider: IdentityProvider, token: str) -> bool:
    """Whether the key that a token names is among those that are known: after a rollover it is not."""
    try:
        return _key(provider, jwt.get_unverified_header(token)) is not None
    except (SignOnRefused, jwt.PyJWTError, ValueError):
        return False


def _key(provider: IdentityProvider, header: dict[str, Any]) -> Any:
    """The one published key that may have signed: by its id, and for signing with that algorithm."""
    fit = []
    for found in published(provider).get("jwks", {}).get("keys", []):
        if found.get("use", "sig") != "sig" or found.get("alg", header["alg"]) != header["alg"]:
            continue
        if found.get("kty") not in ("RSA", "EC") or ("kid" in header and found.get("kid") != header["kid"]):
            continue
        fit.append(found)
    if len(fit) != 1:
        raise SignOnRefused(Refusal.UNTRUSTED)
    return jwt.PyJWK.from_dict(fit[0], algorithm=header["alg"]).key


def _exchange(provider: IdentityProvider, code: str, verifier: str, redirect_uri: str) -> str:
    """The ID token for a code."""
    document, secret = published(provider), unseal(provider.sealed_secret)
    fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri, "code_verifier": verifier}
    headers = {}
    if "client_secret_basic" in document.get("token_endpoint_auth_methods_supported", ["client_secret_basic"]):
        pair = f"{quote(provider.application_id, safe='')}:{quote(secret, safe='')}"
        headers["Authorization"] = "Basic " + b64encode(pair.encode()).decode()
    else:
        fields |= {"client_id": provider.application_id, "client_secret": secret}
    status, body = fetching.fetch(document["token_endpoint"], fields=fields, headers=headers)
    if status >= 500:
        raise SignOnRefused(Refusal.UNREACHABLE)
    token = _json(200, body).get("id_token")
    if status != 200 or not isinstance(token, str):
        raise SignOnRefused(Refusal.UNTRUSTED)
    return token


def _json(status: int, body: bytes) -> dict[str, Any]:
    if status != 200:
        raise SignOnRefused(Refusal.UNREACHABLE)
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise SignOnRefused(Refusal.UNTRUSTED) from error
    if not isinstance(found, dict):
        raise SignOnRefused(Refusal.UNTRUSTED)
    return found


def _moment(seconds: Any) -> datetime | None:
    if not isinstance(seconds, int) or isinstance(seconds, bool) or not 0 <= seconds < 1 << 36:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def _texts(value: Any) -> list[str]:
    """A claim as texts: numbers and nested values are nothing that is compared with."""
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, str)]
