"""A webhook: posted once to the address that is set, and nobody waits for a server that does not answer."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from audit.errors import AuditError
from audit.notify.webhook import post


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, code: int, headers: dict[str, str]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.code, self.headers = code, headers
        self.got: list[tuple[str, dict[str, str], bytes]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, dict(self.headers), content))
        self.send_response(self.server.code)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.end_headers()

    def do_GET(self) -> None:
        self.server.got.append((self.path, dict(self.headers), b""))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def server(code: int = 200, **headers: str) -> Iterator[Server]:
    with Server(code, headers) as one:
        thread = threading.Thread(target=one.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield one
        finally:
            one.shutdown()
            thread.join()


@contextmanager
def raw_server(sent: bytes, pause: float = 0) -> Iterator[str]:
    """A server that sends what it is told, a byte at a time, and then says nothing more."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        over = threading.Event()

        def answer() -> None:
            with listening.accept()[0] as connection:
                try:
                    for byte in sent:
                        connection.sendall(bytes([byte]))
                        if over.wait(pause):
                            return
                except OSError:
                    return
                over.wait(20)

        thread = threading.Thread(target=answer)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/hook"
        over.set()
        thread.join()


def failure(address: str, timeout: float = 5) -> str:
    with pytest.raises(AuditError) as raised:
        post(address, b"{}", timeout)
    return raised.value.message("en")


def test_it_gets_json() -> None:
    with server(204) as one:
        post(f"{one.address}/hooks/x?key=1", b'{"a": 1}', 5)
        ((path, headers, content),) = one.got
    assert (path, json.loads(content)) == ("/hooks/x?key=1", {"a": 1})
    assert headers["Content-Type"] == "application/json"
    assert "Authorization" not in headers


def test_a_user_and_password_are_sent_as_such() -> None:
    with server() as one:
        post(one.address.replace("//", "//audit:p%40ss@"), b"{}", 5)
    assert one.got[0][1]["Authorization"] == "Basic YXVkaXQ6cEBzcw=="


@pytest.mark.parametrize("code", [400, 404, 500, 503])
def test_an_answer_that_is_no_success(code: int) -> None:
    with server(code) as one:
        told = failure(f"{one.address}/hunter2")
    assert told.startswith(f"Notification: 127.0.0.1 answered with {code}.")
    assert "hunter2" not in told


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(code: int) -> None:
    with server() as elsewhere, server(code, Location=f"{elsewhere.address}/taken") as one:
        assert f"answered with {code}" in failure(one.address)
    assert elsewhere.got == []


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    assert failure(f"http://127.0.0.1:{port}/hunter2").startswith("Notification: 127.0.0.1 can't be reached.")


@pytest.mark.parametrize("sent", [b"nonsense\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n"])
def test_no_http(sent: bytes) -> None:
    with raw_server(sent) as address:
        assert failure(address).startswith("Notification: 127.0.0.1 ")


@pytest.mark.parametrize(("sent", "pause"), [(b"", 0), (b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 1000, 0.1)])
def test_nobody_waits_for_a_server_that_hangs_or_drips(sent: bytes, pause: float) -> None:
    with raw_server(sent, pause) as address:
        start = time.monotonic()
        told = failure(address, timeout=0.5)
        took = time.monotonic() - start
    assert told.startswith("Notification: 127.0.0.1 did not answer within 0.5 seconds.")
    assert took < 3


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://", "nonsense"])
def test_only_the_web(address: str) -> None:
    assert "a webhook begins with http:// or https://" in failure(address)


@pytest.mark.parametrize("address", ["http://127.0.0.1:99999/x", "http://a..b/x", "http://127.0.0.1/\n"])
def test_an_address_that_leads_nowhere_is_told_like_one(address: str) -> None:
    with pytest.raises((AuditError, ValueError)):
        post(address, b"{}", 5)


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with server() as one:
        post(one.address, b"{}", 5)
    assert len(one.got) == 1
