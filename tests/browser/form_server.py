"""A web server of a few lines: the client's form without a database, under a policy as strict as the real."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

from django.template.loader import render_to_string

STATIC = Path(__file__).resolve().parents[2] / "static"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self';"
    " connect-src 'self'; form-action 'self'; base-uri 'none'"
)
KEYS = ("individual", "relations", "social", "overall")
WORDING = {
    "title": "How are things?",
    "instruction": "Think of the past week and today. Put one mark on each line.",
    "foot": "The wording is the application's own, not the licensed scales.",
}
LABELS = {
    "individual": ("Individually", "myself, body and mood"),
    "relations": ("Close relationships", "the people closest to me"),
    "social": ("Socially", "life outside home: work, school, free time"),
    "overall": ("Overall", "all of it together"),
}


def form_page(direction="ltr", values=None, instrument="ors", **more) -> str:
    """The form's HTML; `values` maps item keys to marks in tenths."""
    values = values or {}
    items = [
        {
            "key": key,
            "label": LABELS[key][0],
            "sentence": LABELS[key][1],
            "left": "hard",
            "right": "good",
            "value": values.get(key),
            "error": "",
        }
        for key in KEYS
    ]
    context = {
        "wording": WORDING, "items": items, "token": "t", "submission_id": "5b0e", "language": "en",
        "direction": direction, "errors": [], "missing": "This line has no mark yet. Tap it where it fits.",
        "post_url": "/f/t/", "instrument": instrument, **more,
    }  # fmt: skip
    return render_to_string("sessions_app/rating_form.html", context)


class FormServer:
    """Serves `pages` by path, keeps what was posted, and answers with `answers` (statuses), then with 303."""

    def __init__(self):
        self.pages = {"/thanks": render_to_string("sessions_app/rating_thanks.html", {"unlock_url": "/unlock"})}
        self.posts: list[dict[str, str]] = []
        self.answers: list[int | None] = []
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.http.daemon_threads = True
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.http.server_port}"

    def close(self):
        self.http.shutdown()
        self.http.server_close()

    def _handler(self):
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *args):
                pass

            def do_GET(self):
                path = self.path.split("?")[0]
                file = STATIC / path.removeprefix("/static/")
                if path in outer.pages:
                    self._answer(200, outer.pages[path].encode(), "text/html; charset=utf-8")
                elif path.startswith("/static/") and file.is_file():
                    self._answer(200, file.read_bytes(), TYPES[file.suffix])
                else:
                    self._answer(404, b"", "text/plain")

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                outer.posts.append({key: values[0] for key, values in parse_qs(body, keep_blank_values=True).items()})
                status = outer.answers.pop(0) if outer.answers else 303
                if status is None:  # the line goes dead
                    self.close_connection = True
                    self.connection.close()
                else:
                    self._answer(status, b"<!doctype html><title>answer</title><p>answer", "text/html", "/thanks")

            def _answer(self, status, body, kind, location=None):
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Content-Security-Policy", POLICY)
                if location and status == 303:
                    self.send_header("Location", location)
                self.end_headers()
                self.wfile.write(body)

        return Handler
