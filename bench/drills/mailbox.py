"""A mail server of the drill: takes every mail, keeps to whom it went, delivers none."""

import socketserver
import threading
from collections import Counter


class Mailbox(socketserver.ThreadingTCPServer):
    """SMTP on a free port of 127.0.0.1; `received` counts mails by recipient and subject."""

    allow_reuse_address = daemon_threads = True

    def __init__(self):
        self.received: Counter[tuple[str, str]] = Counter()
        super().__init__(("127.0.0.1", 0), _Conversation)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return self.server_address[1]


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self._say("220 drill")
        to = ""
        while line := self.rfile.readline():
            word = line.decode(errors="replace").strip()
            if word.upper().startswith("RCPT TO:"):
                to = word[8:].strip(" <>")
            if word.upper() == "DATA":
                self._say("354 go on")
                self.server.received[to, self._subject()] += 1
            self._say("221 bye" if word.upper() == "QUIT" else "250 ok")
            if word.upper() == "QUIT":
                return

    def _subject(self) -> str:
        subject = ""
        for line in self.rfile:
            if line.lower().startswith(b"subject:"):
                subject = line[8:].decode(errors="replace").strip()
            if line.strip() == b".":
                break
        return subject

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())
