"""The keys that wrap clients' data keys: a file of the operator's, or a service that never gives them out."""

import base64
import json
import secrets
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from organisations.word_keys.keepers import KeyUnreachable, Wrapped, keeper
from organisations.word_keys.key_file import KeyFile, read_keys
from organisations.word_keys.transit import Transit

DATA_KEY, OTHER = b"d" * 32, b"e" * 32
TOKEN = "the token of the tests"


def line(key_id):
    return f"{key_id} {secrets.token_hex(32)}\n"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "word-keys"
    path.write_text("# made on a quiet day\n" + line("2025"))
    return path


class Vault(BaseHTTPRequestHandler):
    """As much of the transit engine as we ask: encrypt, decrypt, versions."""

    keys: list[bytes] = []
    refuses = False

    def do_GET(self):
        self._answer(200, {"latest_version": len(self.keys), "min_decryption_version": 1})

    def do_POST(self):
        batch = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["batch_input"]
        _, _, _, verb, name = self.path.split("/")
        if self.headers["X-Vault-Token"] != TOKEN or name != "medspil" or self.refuses:
            return self._answer(403, None)
        results = [getattr(self, f"_{verb}")(one) for one in batch]
        failed = any("error" in one for one in results)
        return self._answer(400 if failed else 200, {"batch_results": results})

    def _encrypt(self, one):
        nonce = secrets.token_bytes(12)
        content = AESGCM(self.keys[-1]).encrypt(
            nonce, *(base64.b64decode(one[n]) for n in ("plaintext", "associated_data"))
        )
        return {"ciphertext": f"vault:v{len(self.keys)}:{base64.b64encode(nonce + content).decode()}"}

    def _decrypt(self, one):
        try:
            _, version, text = one["ciphertext"].split(":")
            raw, bound = base64.b64decode(text), base64.b64decode(one["associated_data"])
            opened = AESGCM(self.keys[int(version[1:]) - 1]).decrypt(raw[:12], raw[12:], bound)
        except (InvalidTag, ValueError):
            return {"error": "cipher: message authentication failed"}
        return {"plaintext": base64.b64encode(opened).decode()}

    def _answer(self, status, data):
        body = json.dumps({"data": data} if data else {"errors": ["permission denied"]}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        """Nothing on the screen."""


@contextmanager
def vault():
    handler = type("OneVault", (Vault,), {"keys": [secrets.token_bytes(32)]})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield handler, f"http://127.0.0.1:{server.server_port}/v1/transit/keys/medspil"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(params=["file", "service"])
def kept(request, file):
    """(a keeper, something that gives it a newer key)."""
    if request.param == "file":
        yield KeyFile(file, may_begin=False), lambda: file.write_text(file.read_text() + line("2026"))
        return
    with vault() as (handler, address):
        yield Transit(address, TOKEN), lambda: handler.keys.append(secrets.token_bytes(32))


def test_what_was_wrapped_opens_for_whom_it_was_wrapped_only(kept):
    keys, _newer = kept
    wrapped = keys.wrap([(DATA_KEY, b"client 1"), (OTHER, b"client 2")])
    assert not any(DATA_KEY in one.content for one in wrapped)
    asked = [(wrapped[0], b"client 1"), (wrapped[1], b"client 2"), (wrapped[1], b"client 1")]
    assert keys.unwrap(asked) == [DATA_KEY, OTHER, None]


def test_a_newer_key_wraps_from_then_on_and_earlier_ones_go_on_opening(kept):
    keys, newer = kept
    [before] = keys.wrap([(DATA_KEY, b"one")])
    newer()
    [after] = keys.wrap([(DATA_KEY, b"one")])
    assert before.key_id != after.key_id == keys.newest()
    assert keys.unwrap([(before, b"one"), (after, b"one")]) == [DATA_KEY, DATA_KEY]
    assert keys.knows([before.key_id, after.key_id])


def test_a_key_that_is_gone_opens_nothing_and_is_missed(file):
    keys = KeyFile(file, may_begin=False)
    [wrapped] = keys.wrap([(DATA_KEY, b"one")])
    file.write_text(line("2026"))
    assert keys.unwrap([(wrapped, b"one")]) == [None]
    assert not keys.knows(["2025"])


@pytest.mark.parametrize(
    "text", ["", "# only words\n", "2025 abc\n", "one two three\n", "a " + "0" * 64 + "\na " + "1" * 64]
)
def test_a_file_that_is_none_is_refused_as_a_whole(text):
    with pytest.raises(KeyUnreachable):
        read_keys(text)


def test_a_file_begins_by_itself_only_where_it_may_and_once(tmp_path):
    path = tmp_path / "new" / "word-keys"
    with pytest.raises(KeyUnreachable):
        KeyFile(path, may_begin=False).newest()
    assert not path.exists()
    assert KeyFile(path, may_begin=True).newest() == "1"
    text = path.read_text()
    KeyFile(path, may_begin=True).wrap([(DATA_KEY, b"")])
    assert path.read_text() == text
    assert path.stat().st_mode & 0o077 == 0
    assert [one.name for one in path.parent.iterdir()] == ["word-keys"]


def test_the_service_refusing_or_gone_is_an_outage_and_no_lost_word():
    with vault() as (handler, address):
        keys = Transit(address, TOKEN)
        [wrapped] = keys.wrap([(DATA_KEY, b"one")])
        handler.refuses = True
        with pytest.raises(KeyUnreachable):
            keys.unwrap([(wrapped, b"one")])
        with pytest.raises(KeyUnreachable):
            Transit(address, "another token").wrap([(DATA_KEY, b"one")])
    for ask in (keys.newest, lambda: keys.unwrap([(wrapped, b"one")]), lambda: keys.knows(["v1"])):
        with pytest.raises(KeyUnreachable):
            ask()


def test_a_version_that_the_service_no_longer_has_is_missed():
    with vault() as (_handler, address):
        keys = Transit(address, TOKEN)
        assert keys.knows(["v1"])
        assert not keys.knows(["v1", "v2"])


def test_an_address_goes_before_a_file(settings, file):
    settings.WORD_KEYS_FILE, settings.WORD_KEYS_ADDRESS = str(file), ""
    assert keeper().newest() == "2025"
    with vault() as (_handler, address):
        settings.WORD_KEYS_ADDRESS, settings.WORD_KEYS_TOKEN = address, TOKEN
        [wrapped] = keeper().wrap([(DATA_KEY, b"one")])
    assert isinstance(wrapped, Wrapped)
    assert (wrapped.key_id, wrapped.content[:9]) == ("v1", b"vault:v1:")
