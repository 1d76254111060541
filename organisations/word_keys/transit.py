"""Keys kept by a service that speaks as the transit engine of HashiCorp Vault and OpenBao do: they never leave it.

The address names the key: `https://vault.example.org/v1/transit/keys/medspil`. The key has to be of the kind
`aes256-gcm96`; `bound_to` goes along as `associated_data`. A new version of the key is made there.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import certifi
import urllib3

from organisations.word_keys.keepers import KeyUnreachable, Wrapped

PATIENCE = urllib3.Timeout(connect=2, read=4)
LARGEST = 4 * 1024 * 1024
AT_A_TIME = 500


class Transit:
    """The service's answers are believed as far as its certificate: it holds the keys."""

    def __init__(self, address: str, token: str, ca_file: str = ""):
        self.address, self.token, self.ca_file = address.rstrip("/"), token, ca_file

    def newest(self) -> str:
        return f"v{self._ask('GET', 'keys')['latest_version']}"

    def wrap(self, pairs: Sequence[tuple[bytes, bytes]]) -> list[Wrapped]:
        sent = [{"plaintext": _text(key), "associated_data": _text(bound_to)} for key, bound_to in pairs]
        answers = [str(one.get("ciphertext", "")) for one in self._batch("encrypt", sent)]
        if not all(answers):
            raise KeyUnreachable("the service did not wrap a key")
        return [Wrapped(_version(answer), answer.encode("ascii")) for answer in answers]

    def unwrap(self, pairs: Sequence[tuple[Wrapped, bytes]]) -> list[bytes | None]:
        sent = [
            {"ciphertext": wrapped.content.decode("ascii", "replace"), "associated_data": _text(bound_to)}
            for wrapped, bound_to in pairs
        ]
        return [_bytes(one.get("plaintext")) for one in self._batch("decrypt", sent)]

    def knows(self, key_ids: Sequence[str]) -> bool:
        about = self._ask("GET", "keys")
        oldest, newest = int(about.get("min_decryption_version") or 1), int(about["latest_version"])
        return all(oldest <= int(key_id.removeprefix("v") or 0) <= newest for key_id in key_ids)

    def _batch(self, verb: str, sent: list[dict[str, str]]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for start in range(0, len(sent), AT_A_TIME):
            some = sent[start : start + AT_A_TIME]
            answers = self._ask("POST", verb, {"batch_input": some}).get("batch_results", [])
            if len(answers) != len(some):
                raise KeyUnreachable("the service answered about other keys than were asked")
            found += answers
        return found

    def _ask(self, method: str, verb: str, sent: dict[str, Any] | None = None) -> dict[str, Any]:
        """`data` of the answer. One that opens only some of a batch comes with 400, and its results all the same."""
        engine, _, name = self.address.rpartition("/keys/")
        url = urlsplit(f"{engine}/{verb}/{name}")
        body = json.dumps(sent).encode() if sent else None
        headers = {"X-Vault-Token": self.token, "Host": url.netloc, "Content-Type": "application/json"}
        try:
            with self._pool(url.scheme, url.hostname or "", url.port) as pool:
                answer = pool.request(
                    method, url.path, body=body, headers=headers, redirect=False, retries=False, preload_content=False
                )
                text = answer.read(LARGEST)
                answer.release_conn()
            data = json.loads(text).get("data")
        except (urllib3.exceptions.HTTPError, OSError, ValueError, AttributeError) as error:
            raise KeyUnreachable("the service that keeps the keys does not answer") from error
        if not isinstance(data, dict) or (answer.status != 200 and "batch_results" not in data):
            raise KeyUnreachable(f"the service that keeps the keys answered {answer.status}")
        return data

    def _pool(self, scheme: str, host: str, port: int | None) -> urllib3.HTTPConnectionPool:
        if scheme == "http":
            return urllib3.HTTPConnectionPool(host, port or 80, timeout=PATIENCE)
        authorities = self.ca_file or certifi.where()
        return urllib3.HTTPSConnectionPool(
            host, port or 443, timeout=PATIENCE, cert_reqs="CERT_REQUIRED", ca_certs=authorities
        )


def _version(ciphertext: str) -> str:
    """`v3` of `vault:v3:...`."""
    return ciphertext.split(":")[1] if ciphertext.count(":") == 2 else ""


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _bytes(text: Any) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True) or None
    except (TypeError, ValueError, binascii.Error):
        return None
