"""A browser without a window: keeps cookies and its connection, and knows the token of forms."""

import re
from http.client import HTTPConnection
from time import monotonic
from typing import Self
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')

IDLE = 1.0  # seconds after which a connection is made anew; the server keeps it for two


class Browser:
    """One person at one server on loopback."""

    def __init__(self, port: int) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}
        self.token = ""
        self.used = 0.0
        self.answered: dict[str, str] = {}  # the headers of the last answer

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        """The status and the text of a page."""
        return self._ask("GET", path, None, headers)

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        """The status and the text of the answer to a form."""
        body = urlencode({**fields, "csrfmiddlewaretoken": self.token})
        return self._ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def log_in(self, username: str, password: str) -> Self:
        """Begin a session; an AssertionError where it does not begin."""
        self.get("/login")
        status, said = self.post("/login", username=username, password=password, next="/me")
        assert status == 302, said
        self.get("/me")
        return self

    def close(self) -> None:
        """Close the connection; the session stays."""
        self.connection.close()

    def _ask(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> tuple[int, str]:
        if monotonic() - self.used > IDLE:
            self.connection.close()  # it opens again by itself
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.connection.request(method, path, body, {**headers, "Cookie": cookies})
        answer = self.connection.getresponse()
        self.used = monotonic()
        self.answered = dict(answer.getheaders())
        text = answer.read().decode("utf-8", "replace")
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        found = TOKEN.search(text)
        self.token = found[1] if found else self.token
        return answer.status, text
