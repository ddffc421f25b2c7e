"""A web server on this machine that plays what servers and lines do to a download."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, str]

    def __getitem__(self, name: str) -> str | None:
        return self.headers.get(name)


@dataclass(frozen=True)
class Reply:
    """An answer; ``cut`` drops the connection after so many bytes of the body."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None
    cut: int | None = None


Play = Callable[[Request], Reply]


@dataclass(frozen=True)
class File:
    """A file as a good server gives it: conditional requests and ranges are understood."""

    content: bytes
    etag: str | None = '"1"'
    last_modified: str | None = "Thu, 13 Feb 2025 09:30:00 GMT"

    def __call__(self, request: Request) -> Reply:
        names = {"ETag": self.etag, "Last-Modified": self.last_modified}
        headers = {name: value for name, value in names.items() if value}
        if self.etag and request["If-None-Match"] == self.etag:
            return Reply(304, headers=headers)
        by_day = request["If-Modified-Since"] if not request["If-None-Match"] else None
        if self.last_modified and by_day == self.last_modified:
            return Reply(304, headers=headers)
        asked = request["Range"]
        if asked and request["If-Range"] in {self.etag, self.last_modified}:
            return self.rest(int(asked.removeprefix("bytes=").rstrip("-")), headers)
        return Reply(200, self.content, headers)

    def rest(self, start: int, headers: dict[str, str]) -> Reply:
        size = len(self.content)
        if start >= size:
            return Reply(416, headers={"Content-Range": f"bytes */{size}"})
        given = {**headers, "Content-Range": f"bytes {start}-{size - 1}/{size}"}
        return Reply(206, self.content[start:], given)


def without_ranges(file: File) -> Play:
    """The file by a server that gives it whole whatever was asked for."""
    return lambda _: file(Request("", {}))


def cut(play: Play, after: int) -> Play:
    return lambda request: replace(play(request), cut=after)


def always(*args: object, **kwargs: object) -> Play:
    reply = Reply(*args, **kwargs)
    return lambda _: reply


def page(html: str) -> Play:
    return always(200, html.encode(), {"Content-Type": "text/html; charset=UTF-8"})


class Server:
    """What each path plays: one play after another, the last again and again."""

    def __init__(self) -> None:
        self.plays: dict[str, list[Play]] = {}
        self.requests: list[Request] = []
        self.at_once = self.most_at_once = 0
        self.lock = threading.Lock()
        self.address = ""

    def play(self, path: str, *plays: Play) -> str:
        """Set what the path plays from now on; its whole address."""
        self.plays[path] = list(plays)
        return f"{self.address}{path}"

    def asked(self, path: str) -> list[Request]:
        return [request for request in self.requests if request.path == path]

    def answer(self, request: Request) -> Reply:
        with self.lock:
            self.requests.append(request)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            plays = self.plays.get(request.path, [always(404, b"not here")])
            play = plays.pop(0) if len(plays) > 1 else plays[0]
        return play(request)

    def done(self) -> None:
        with self.lock:
            self.at_once -= 1


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Server

    def do_GET(self) -> None:
        try:
            self._send(self.site.answer(Request(self.path, dict(self.headers))))
        finally:
            self.site.done()

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.status != 304:
            length = len(reply.body) if reply.length is None else reply.length
            self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(reply.body[: reply.cut])
        if reply.cut is not None or reply.length is not None:
            self.close_connection = True
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Say nothing of a client that hung up: some tests make it."""


@contextmanager
def running() -> Iterator[Server]:
    site = Server()
    handler = type("Handler", (_Handler,), {"site": site})
    with _Server(("127.0.0.1", 0), handler) as server:
        site.address = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()
