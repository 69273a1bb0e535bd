"""Serves the page and the models on this machine, and nothing else.

What is served is a list, made when the server starts, of files in two folders: a request is looked
up in it and never becomes a path, so there is nothing to traverse and nothing to list. Links that
lead out of the folders are not on the list.

A page elsewhere must not read the models: the server listens on 127.0.0.1, and answers only who
asks for it by that name (a foreign name that was made to point here is DNS rebinding), and no page
that names another origin.

A server may have streams, too: events that go out as they happen, as `text/event-stream`.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

HOST = "127.0.0.1"
DEFAULT_PORT = 8000

# Not the system's table: on Windows a registry entry may call a script plain text.
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".bin": "application/octet-stream",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
}
EVENTS = "text/event-stream; charset=utf-8"

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
# tfjs-vis draws with Vega, which compiles its expressions, and with styles that it writes itself.
TFJS_VIS_POLICY = POLICY.replace("script-src 'self'", "script-src 'self' 'unsafe-eval'").replace(
    "style-src 'self'", "style-src 'self' 'unsafe-inline'"
)
POLICIES = {"/question.html": TFJS_VIS_POLICY}

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


Stream = Callable[[str], Iterator[bytes]]
"""From the id of the last event that a reader had, or "", to what it is sent."""
MOST_STREAMS = 32


class PortTakenError(Exception):
    """Another program listens there."""


class PageNotBuiltError(Exception):
    """The sources are here, the page is not."""


@dataclass(frozen=True)
class Content:
    """What is served.

    Attributes:
        files: by URL path.
        models: `/models.json`.
        streams: by URL path.
    """

    files: Mapping[str, Path]
    models: bytes
    streams: Mapping[str, Stream] = field(default_factory=dict)


def content(
    site: Path,
    models: Mapping[str, Path],
    about: Mapping[str, Any],
    streams: Mapping[str, Stream] | None = None,
) -> Content:
    """The page of `site`, the folders of `models` by name, and `about` as models.json."""
    files = dict(_files_below(site, "/"))
    if "/index.html" in files:
        files["/"] = files["/index.html"]
    for name, folder in models.items():
        files.update(_files_below(folder, f"/models/{name}/"))
    return Content(files, json.dumps(about, ensure_ascii=False).encode(), streams or {})


def page() -> Path:
    """The folder of the built page.

    Raises:
        PageNotBuiltError: if it is not there.
    """
    site = Path(__file__).parent / "_site"
    if not (site / "index.html").is_file():
        raise PageNotBuiltError(
            f"{site} has no index.html. From the sources: python build_javascript.py"
        )
    return site


def server(port: int | None = None) -> "Server":
    """A server that listens, and serves once it has its `content`.

    Args:
        port: where to listen; None for 8000 or, if that is taken, any free one; 0 for any.

    Raises:
        PortTakenError: if `port` is given and taken.
    """
    try:
        return Server((HOST, DEFAULT_PORT if port is None else port), _Handler)
    except OSError as error:
        if port is None:
            return Server((HOST, 0), _Handler)
        raise PortTakenError(
            f"Port {port} cannot be had: {error.strerror}. "
            "Choose another with --port, or leave it out for a free one."
        ) from error


def url(of: "Server") -> str:
    """Where a browser finds it."""
    return f"http://{HOST}:{of.server_port}"


def has_a_screen() -> bool:
    """Whether a browser could show itself; text browsers would take the terminal."""
    if sys.platform in ("win32", "darwin"):
        return True
    displayed = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(displayed) and os.geteuid() != 0


def _files_below(folder: Path, prefix: str) -> list[tuple[str, Path]]:
    root = folder.resolve()
    return [
        (prefix + path.relative_to(folder).as_posix(), path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in TYPES and path.resolve().is_relative_to(root)
    ]


class Server(ThreadingHTTPServer):
    """Listens on 127.0.0.1.

    Attributes:
        content: what it serves; nothing at first.
    """

    content = Content({}, b"{}")
    daemon_threads = True
    # On Windows this would let two programs have one port.
    allow_reuse_address = os.name != "nt"

    def __init__(self, *arguments: Any) -> None:
        self.free_streams = BoundedSemaphore(MOST_STREAMS)
        super().__init__(*arguments)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: a browser that goes away is no error."""


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    timeout = 30  # seconds that an idle connection may stay

    def do_GET(self) -> None:  # the name that http.server looks for
        path = unquote(urlsplit(self.path).path)
        if not self._asked_by_name():
            self._refuse(HTTPStatus.MISDIRECTED_REQUEST)
        elif not self._asked_from_here():
            self._refuse(HTTPStatus.FORBIDDEN)
        elif path == "/models.json":
            self._send(HTTPStatus.OK, TYPES[".json"], self.server.content.models)
        elif path in self.server.content.files:
            self._send_file(path, self.server.content.files[path])
        elif path in self.server.content.streams and self._asked_by_own_page():
            self._send_stream(self.server.content.streams[path])
        else:
            self._refuse(HTTPStatus.NOT_FOUND)

    do_HEAD = do_GET  # noqa: N815

    def _no_method(self) -> None:
        self.close_connection = True  # what it sends along is not read
        self._refuse(HTTPStatus.METHOD_NOT_ALLOWED)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _no_method  # noqa: N815

    def _asked_by_name(self) -> bool:
        return self.headers.get("Host", "").lower() in self._names()

    def _asked_from_here(self) -> bool:
        origin = self.headers.get("Origin")
        return origin is None or origin.lower() in {f"http://{name}" for name in self._names()}

    def _asked_by_own_page(self) -> bool:
        # A picture of a foreign page names no origin, and could keep a stream busy.
        return self.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")

    def _names(self) -> set[str]:
        port = self.server.server_port
        names = {f"{name}:{port}" for name in (HOST, "localhost")}
        return names | {HOST, "localhost"} if port == 80 else names

    def _send_file(self, path: str, file: Path) -> None:
        try:
            body = file.read_bytes()
        except OSError:
            self._refuse(HTTPStatus.NOT_FOUND)
        else:
            self._send(HTTPStatus.OK, TYPES[file.suffix], body, POLICIES.get(path, POLICY))

    def _send_stream(self, stream: Stream) -> None:
        if not self.server.free_streams.acquire(blocking=False):
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE)
            return
        try:
            self._stream(stream)
        finally:
            self.server.free_streams.release()

    def _stream(self, stream: Stream) -> None:
        # A reader that comes back says so by a header; a page that opens a new stream, in its URL.
        asked = parse_qs(urlsplit(self.path).query).get("after", [""])[-1]
        last = self.headers.get("Last-Event-ID", asked)
        self.close_connection = True  # how long it gets is not known before
        self._send_head(HTTPStatus.OK, EVENTS)
        if self.command != "HEAD":
            for part in stream(last):
                self.wfile.write(part)

    def _refuse(self, status: HTTPStatus) -> None:
        self._send(status, TYPES[".txt"], f"{status.phrase}\n".encode())

    def _send(self, status: HTTPStatus, kind: str, body: bytes, policy: str = POLICY) -> None:
        self._send_head(status, kind, policy, len(body))
        if self.command != "HEAD":
            self.wfile.write(body)

    def _send_head(
        self, status: HTTPStatus, kind: str, policy: str = POLICY, length: int | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.send_header("Content-Security-Policy", policy)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        if status == HTTPStatus.METHOD_NOT_ALLOWED:
            self.send_header("Allow", "GET, HEAD")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()

    def version_string(self) -> str:
        """Without Python's version."""
        return "keras-bias"

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the browser's own tools tell what was asked."""
