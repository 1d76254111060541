"""What lies between a browser and the live server: it can be cut, or answer, and hears what pages complain of."""

import http.client
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

RECORDER = "/recorder.js"
FRAME = "/frame.html"
OF_ONE_LINE = ("connection", "content-length", "transfer-encoding", "keep-alive", "date", "server", "accept-encoding")
# In each page before everything else: WebKit's driver has no console, so the page itself says what went wrong.
SCRIPT = rb"""
(() => {
  const tell = (what) => navigator.sendBeacon("/recorder.js", `${location.pathname}: ${what}`);
  const named = (node) => node.currentSrc || node.src || node.href;
  // What a page that is left had still to load is no fault of it, however slowly the next one comes.
  let leftAt = -Infinity;
  addEventListener("beforeunload", () => { leftAt = performance.now(); });
  const isLeft = () => performance.now() - leftAt < 20000;
  const missed = (node) => setTimeout(() => isLeft() || tell(`not loaded: ${named(node)}`), 300);
  addEventListener("error", ({ message, target }) => (message === undefined ? missed(target) : tell(message)), true);
  addEventListener("unhandledrejection", ({ reason }) => tell(`rejected: ${reason}`));
  addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
    tell(`policy: ${violatedDirective} ${blockedURI}`);
  });
  console.error = console.warn = (...words) => tell(words.join(" "));
})();
"""
FRAME_PAGE = b"<!doctype html><title>frame</title><iframe scrolling='no' style='border:0'></iframe>"


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, network: "Network"):
        super().__init__(("127.0.0.1", 0), Handler)
        self.network = network

    def handle_error(self, request, client_address):
        """A browser that leaves a page hangs up; anything else is said."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Network:
    """A web address of its own, so that each test has an origin of its own: no store of the one before is there.

    `complaints` are what pages said; `posts` the (path, status) of what was sent to the server; `failing` maps a
    pattern of what is sent ("path body") to the status with which it is answered instead.
    """

    def __init__(self, server_url: str):
        self.live = urlsplit(server_url).netloc
        self.complaints: list[str] = []
        self.posts: list[tuple[str, int]] = []
        self.failing: dict[str, int] = {}
        self.is_cut = self.framed = False
        self.http = Server(self)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.address = f"http://localhost:{self.http.server_port}"

    def close(self):
        self.http.shutdown()
        self.http.server_close()

    def refusal(self, sent: str) -> int | None:
        """The status to answer a POST with instead of the server; None where the server answers."""
        return next((status for pattern, status in self.failing.items() if re.search(pattern, sent)), None)


class Handler(BaseHTTPRequestHandler):
    """Asks the live server, or says what the network says."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def do_GET(self):
        path = urlsplit(self.path).path
        if path == RECORDER:
            self._answer(200, [("Content-Type", "text/javascript")], SCRIPT)
        elif path == FRAME:
            self._answer(200, [("Content-Type", "text/html")], FRAME_PAGE)
        else:
            self._pass_on(path)

    def do_POST(self):
        path = urlsplit(self.path).path
        if path == RECORDER:
            said = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if not (self.server.network.is_cut and "not loaded" in said):
                self.server.network.complaints.append(said)
            self._answer(204, [], b"")
        else:
            self._pass_on(path)

    def do_HEAD(self):
        self.do_GET()

    def _pass_on(self, path):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        posted = self.command == "POST"
        if self.server.network.is_cut:
            self.close_connection = True
        elif posted and (status := self.server.network.refusal(f"{path} {body.decode(errors='replace')}")):
            self._answer(status, [], b"")
        else:
            answer, content = self._ask(body)
            if posted:
                self.server.network.posts.append((path, answer.status))
            self._answer(answer.status, self._headers(answer), self._recorded(answer, content))

    def _ask(self, body):
        server = http.client.HTTPConnection(self.server.network.live)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in OF_ONE_LINE}
        server.request(self.command, self.path, body if self.command == "POST" else None, headers)
        answer = server.getresponse()
        content = answer.read()
        server.close()
        return answer, content

    def _headers(self, answer):
        kept = [(name, value) for name, value in answer.getheaders() if name.lower() not in OF_ONE_LINE]
        if not self.server.network.framed:
            return kept
        kept = [(name, value) for name, value in kept if name.lower() != "x-frame-options"]
        return [(name, value.replace("frame-ancestors 'none'", "frame-ancestors 'self'")) for name, value in kept]

    def _recorded(self, answer, content):
        if not (answer.getheader("Content-Type") or "").startswith("text/html"):
            return content
        return content.replace(b"<head>", b'<head><script src="%s"></script>' % RECORDER.encode(), 1)

    def _answer(self, status, headers, content):
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)
