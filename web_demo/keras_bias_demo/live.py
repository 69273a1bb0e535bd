"""Serves the page beside a training in this process, and streams to it what happens there.

One server for a process, however many runs there are, in a thread that ends with the process. The
stream is made of server-sent events. An event's id is the server's own name and the event's number:
a page that comes back to another server, on the same port, gets everything from the beginning.
"""

import atexit
import contextlib
import os
import re
import secrets
import threading
import time
import webbrowser
from collections.abc import Iterator

from keras_bias_demo import serve
from keras_bias_demo.runs import Runs

PATH = "/live"
PLACE = "/#v=1&view=live"
WAIT = 1.0
"""Seconds after which a stream looks whether a run has died without a word."""
HEARTBEATS = 5
"""So many waits, and a reader is sent a comment: one that has gone is found out so."""
PATIENCE = 5.0
"""Seconds that the process waits at its end for a browser that it has just opened."""
FAREWELL = 1.0
"""Seconds that readers have at the end for what they have not got yet."""


class OtherPortError(Exception):
    """This process serves already, elsewhere."""


class Live:
    """The server, and the runs that it tells of.

    Args:
        port: as for `serve.server`.

    Attributes:
        runs: to be added to.
        url: of the place of the page where they are drawn.
    """

    def __init__(self, port: int | None = None) -> None:
        site = serve.page()
        self.runs = Runs()
        self._name = secrets.token_hex(4)
        self._closing = False
        self._readers = 0
        self._came = False
        self._opened = 0.0
        self._change = threading.Condition()
        self._server = serve.server(port)
        self._server.content = serve.content(
            site, {}, {"models": [], "live": PATH.removeprefix("/")}, {PATH: self._stream}
        )
        self.port = self._server.server_port
        self.url = serve.url(self._server) + PLACE
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.1,), name="LiveView", daemon=True
        )
        self._thread.start()

    def open_browser(self) -> None:
        """Opens the page, where there is a screen; once."""
        if not self._opened and serve.has_a_screen():
            self._opened = time.monotonic()
            webbrowser.open(self.url)

    def close(self, patience: float = 0.0) -> None:
        """Ends runs and streams, once their readers have got everything; then the server.

        Args:
            patience: seconds that a browser may take to come, from when it was opened.
        """
        self.runs.stop()
        if self._opened:
            left = self._opened + patience - time.monotonic()
            with self._change:
                self._change.wait_for(lambda: self._came, max(0.0, left))
        self._closing = True
        self.runs.wake()
        with self._change:
            self._change.wait_for(lambda: self._readers == 0, FAREWELL)
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _stream(self, last: str) -> Iterator[bytes]:
        name, _, number = last.partition("-")
        is_ours = name == self._name and re.fullmatch("[0-9]{1,15}", number)
        sent = int(number) if is_ours else 0
        with self._counted():
            # The page waits by itself, longer each time; this is for other readers.
            yield f'retry: 2000\nevent: hello\ndata: {{"server":"{self._name}"}}\n\n'.encode()
            quiet = 0
            while True:
                is_last = self._closing
                events = self.runs.after(sent, 0 if is_last else WAIT)
                if events:
                    sent, quiet = events[-1].number, 0
                    yield b"".join(
                        b"id: %b-%d\nevent: %b\ndata: %b\n\n"
                        % (self._name.encode(), event.number, event.name.encode(), event.data)
                        for event in events
                    )
                elif is_last:
                    yield b"event: bye\ndata: {}\n\n"
                    return
                else:
                    quiet += 1
                    if quiet % HEARTBEATS == 0:
                        yield b":\n\n"

    @contextlib.contextmanager
    def _counted(self) -> Iterator[None]:
        with self._change:
            self._readers += 1
            self._came = True
            self._change.notify_all()
        try:
            yield
        finally:
            with self._change:
                self._readers -= 1
                self._change.notify_all()


_shared: tuple[int, Live] | None = None
_lock = threading.Lock()


def shared(port: int | None = None) -> tuple[Live, bool]:
    """The server of this process, and whether it has been started just now.

    Raises:
        PageNotBuiltError: if there is no page to serve.
        PortTakenError: if another process has that port.
        OtherPortError: if this process serves already, on another port.
    """
    global _shared
    with _lock:
        # A forked process has the variable, and not the thread.
        if _shared is None or _shared[0] != os.getpid():
            _shared = os.getpid(), Live(port)
            return _shared[1], True
        live = _shared[1]
    if port not in (None, 0, live.port):
        raise OtherPortError(
            f"LiveView: port={port}, but this process serves its runs on port {live.port} already. "
            "Leave port out to have them side by side, or close() that LiveView first."
        )
    return live, False


def close(patience: float = 0.0) -> None:
    """Ends the server of this process, if there is one."""
    global _shared
    with _lock:
        found, _shared = _shared, None
    if found is not None and found[0] == os.getpid():
        found[1].close(patience)


atexit.register(close, PATIENCE)
