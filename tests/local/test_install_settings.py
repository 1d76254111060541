"""What pip is told on a machine holds when uv installs: an index, a mirror behind a password, certificates, a proxy."""

import base64
import http.server
import ssl
import threading
from datetime import UTC, datetime, timedelta
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import pip
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from fit_project.local import install
from tests.local.installing import Place
from tests.local.package_index import Index, Pin

PINNED = [Pin("medspil-one", "1.0", ("more",)), Pin("medspil-two", "2.0")]
INSTALLED = {("medspil-one", "1.0"), ("medspil-two", "2.0")}
NOBODY = "https://index.invalid/simple"


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    index = Index(tmp_path_factory.mktemp("index"))
    for version in ("1.0", "1.1"):
        index.release("medspil-one", version, needs=["medspil-two>=2; extra == 'more'"], extras=["more"])
    for version in ("2.0", "2.1"):
        index.release("medspil-two", version)
    return index


@pytest.fixture
def place(tmp_path, index):
    """A machine with a lock of two packages, and an environment that has this run's pip and uv."""
    place = Place(tmp_path)
    (tmp_path / "requirements/demo.txt").write_text(index.lock(PINNED))
    version = install.run(install.UV, "--version").split()[1]
    (tmp_path / "requirements/dev.txt").write_text(Pin("uv", version).line("0" * 64))
    place.make_venv()
    (place.packages / "pip").symlink_to(Path(pip.__file__).parent)
    (tmp_path / ".venv/bin/uv").symlink_to(install.UV)
    return place


def installed_by_uv(place: Place, **env: str) -> bool:
    made = place.install("demo.txt", **env)
    assert (made.returncode, made.stderr) == (0, ""), made.stdout
    assert place.installed() == INSTALLED
    return made.stdout.splitlines() == [
        "Updating the virtual environment ...",
        "Installing the Python packages (2) ...",
    ]


def test_an_index_of_ones_own(place, index):
    place.tell_pip(index_url=index.url)
    assert installed_by_uv(place)


def test_extra_indexes_of_which_one_is_not_there_and_one_holds_other_releases(place, index, tmp_path):
    newer = Index(tmp_path / "newer")
    for name in ("medspil-one", "medspil-two"):
        newer.release(name, "3.0")
    extra = " ".join([f"{tmp_path.as_uri()}/none", newer.url, index.url])
    place.tell_pip(index_url=newer.url, extra_index_url=extra)
    assert installed_by_uv(place)


def test_folders_of_wheels_without_an_index(place, index):
    folders = "\n  ".join(str(index.folder / name) for name in ("medspil-one", "medspil-two"))
    place.tell_pip(no_index="true", find_links=folders)
    assert installed_by_uv(place)


def test_the_environment_goes_before_the_file(place, index):
    place.tell_pip(index_url=NOBODY)
    assert installed_by_uv(place, PIP_INDEX_URL=index.url)


def test_constraints_that_hold_and_others_that_do_not(place, index, tmp_path):
    limits = tmp_path / "limits.txt"
    place.tell_pip(index_url=index.url, constraint=str(limits))
    limits.write_text("medspil-one<1.0\n")
    refused = place.install("demo.txt")
    assert refused.returncode == 1
    assert "medspil-one" in refused.stderr
    assert "could not be installed" in refused.stderr
    assert place.installed() == set()
    limits.write_text("medspil-one<1.1\nsomebody-else<=3\n")
    assert installed_by_uv(place)


def test_what_uv_is_told_itself_goes_before_what_pip_is_told(place, index, tmp_path):
    place.tell_pip(index_url=NOBODY, retries="0")
    (tmp_path / "home/.config/uv").mkdir(parents=True)
    (tmp_path / "home/.config/uv/uv.toml").write_text(f'index-url = "{index.url}"\n')
    assert installed_by_uv(place)


def test_a_uv_that_cannot_is_followed_by_pip(place, index):
    place.tell_pip(index_url=index.url)
    made = place.install("demo.txt", UV_LINK_MODE="nonsense")
    assert (made.returncode, made.stderr) == (0, "")
    assert "Without uv this time" in made.stdout
    assert "with pip" in made.stdout
    assert place.installed() == INSTALLED


def test_a_wheel_that_was_changed_is_refused(place, index):
    place.tell_pip(index_url=index.url)
    lock = place.home / "requirements/demo.txt"
    lock.write_text(lock.read_text().replace(index.digests["medspil-two", "2.0"], "0" * 64))
    assert place.install("demo.txt").returncode == 1
    assert ("medspil-two", "2.0") not in place.installed()


def test_what_does_not_fit_together_is_said(place, index):
    place.tell_pip(index_url=index.url)
    index.release("medspil-three", "3.0", needs=["medspil-two>=2"])
    (place.home / "requirements/demo.txt").write_text(index.lock([Pin("medspil-three", "3.0")]))
    made = place.install("demo.txt")
    assert made.returncode == 0
    assert "not all fits together" in made.stdout
    assert "medspil-two" in made.stdout


# Over the network


class Handler(http.server.SimpleHTTPRequestHandler):
    """The index's folder, and a note of who asked how."""

    def do_GET(self):
        self.server.asked.append((self.path, self.headers.get("Authorization")))
        if self.server.password and self.headers.get("Authorization") != self.server.password:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="index"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.path = urlsplit(self.path).path
        super().do_GET()

    def log_message(self, *arguments):
        pass


@pytest.fixture
def server(index):
    """The index over HTTP; `asked` holds (path, authorization) of each request."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=index.folder))
    server.asked, server.password = [], ""
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_mirror_behind_a_password(place, server):
    server.password = "Basic " + base64.b64encode(b"solby:s3cret").decode()
    place.tell_pip(index_url=f"http://solby:s3cret@127.0.0.1:{server.server_port}/", trusted_host="127.0.0.1")
    assert installed_by_uv(place)


def test_a_proxy(place, server):
    place.tell_pip(
        index_url="http://index.invalid/", trusted_host="index.invalid", proxy=f"127.0.0.1:{server.server_port}"
    )
    assert installed_by_uv(place)
    assert all(path.startswith("http://index.invalid/") for path, _ in server.asked)


def test_certificates_of_ones_own(place, server, tmp_path):
    bundle, chain = certificates(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    address = f"https://127.0.0.1:{server.server_port}/"
    place.tell_pip(index_url=address, retries="0")
    assert place.install("demo.txt").returncode == 1, "nobody knows this authority"
    place.tell_pip(index_url=address, cert=str(bundle), retries="0")
    assert installed_by_uv(place)


def certificates(folder: Path) -> tuple[Path, Path]:
    """An authority's certificate, and the key and certificate of 127.0.0.1 that it signed."""
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    names = [x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]) for name in ("Solby", "127.0.0.1")]
    now = datetime.now(UTC)

    def signed(number: int):
        builder = x509.CertificateBuilder(
            names[0],
            names[number],
            keys[number].public_key(),
            x509.random_serial_number(),
            now - timedelta(days=1),
            now + timedelta(days=1),
        )
        builder = builder.add_extension(x509.BasicConstraints(ca=number == 0, path_length=None), critical=True)
        address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
        signed = builder.add_extension(address, critical=False).sign(keys[0], hashes.SHA256())
        return signed.public_bytes(serialization.Encoding.PEM)

    key = keys[1].private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "authority.pem").write_bytes(signed(0))
    (folder / "server.pem").write_bytes(key + signed(1))
    return folder / "authority.pem", folder / "server.pem"


# How each setting is handed on


def test_a_setting_of_install_goes_before_a_global_one_and_the_environment_before_both():
    listed = (
        ":env:.timeout='7'\nglobal.index-url='a'\nglobal.timeout='5'\ninstall.index-url='b'\ndownload.index-url='c'\n"
    )
    assert install.pip_settings(listed + "global.proxy=''\n") == {"timeout": "7", "index-url": "b"}


@pytest.mark.parametrize(
    ("setting", "variable"),
    [
        ({"index-url": NOBODY}, ("UV_DEFAULT_INDEX", NOBODY)),
        ({"extra-index-url": "a\nb"}, ("UV_INDEX", "a b")),
        ({"find-links": "/a  https://b"}, ("UV_FIND_LINKS", "/a,https://b")),
        ({"find-links": "~/a"}, ("UV_FIND_LINKS", str(Path.home() / "a"))),
        ({"trusted-host": "a b:80"}, ("UV_INSECURE_HOST", "a b:80")),
        ({"client-cert": "/c.pem"}, ("SSL_CLIENT_CERT", "/c.pem")),
        ({"cert": "/c.pem"}, ("SSL_CERT_FILE", "/c.pem")),
        ({"cert": "/"}, ("SSL_CERT_DIR", "/")),
        ({"proxy": "http://a:1"}, ("https_proxy", "http://a:1")),
        ({"timeout": "2.6"}, ("UV_HTTP_TIMEOUT", "3")),
        ({"default-timeout": "180"}, ("UV_HTTP_TIMEOUT", "180")),
        ({"retries": "1"}, ("UV_HTTP_RETRIES", "1")),
        ({"no-index": "yes"}, ("UV_NO_INDEX", "1")),
        ({"no-cache-dir": "true"}, ("UV_NO_CACHE", "1")),
        ({"keyring-provider": "subprocess"}, ("UV_KEYRING_PROVIDER", "subprocess")),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_each_setting_has_its_variable(setting, variable):
    name, value = variable
    assert install.unknown_to_uv(setting) == []
    assert install.uv_environment(setting, {}, set())[name] == value
    assert name not in install.uv_environment({}, {}, set())


def test_a_setting_that_may_change_what_is_installed_is_left_to_pip():
    assert install.unknown_to_uv({"no-binary": ":all:", "quiet": "1", "target": "/x"}) == ["no-binary", "target"]


def test_requests_certificates_are_pips_too():
    told = {"REQUESTS_CA_BUNDLE": "/a.pem", "CURL_CA_BUNDLE": "/b.pem"}
    assert install.uv_environment({}, told, set())["SSL_CERT_FILE"] == "/a.pem"
    assert install.uv_environment({}, told | {"SSL_CERT_FILE": "/c.pem"}, set())["SSL_CERT_FILE"] == "/c.pem"
    assert (
        install.uv_environment({"cert": "/d.pem"}, told | {"SSL_CERT_FILE": "/c.pem"}, set())["SSL_CERT_FILE"]
        == "/d.pem"
    )


def test_uvs_own_indexes_are_kept_apart_from_pips():
    own = {"UV_INDEX_URL": "a"}
    env = install.uv_environment({"index-url": "b", "extra-index-url": "c", "timeout": "4"}, own, set())
    assert "UV_DEFAULT_INDEX" not in env
    assert "UV_INDEX" not in env
    assert env["UV_HTTP_TIMEOUT"] == "4"
