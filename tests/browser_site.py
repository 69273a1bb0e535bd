"""A folder with TensorFlow.js and the twins, served to a browser."""

import contextlib
import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


class Handler(http.server.SimpleHTTPRequestHandler):
    """Files of the folder."""

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextlib.contextmanager
def served(folder: Path, page: Path) -> Iterator[str]:
    """The address of a page, beside which lie the scripts that it loads.

    Args:
        folder: what is served; the page and the scripts are copied into it.
        page: an HTML file.
    """
    packages = ROOT / "node_modules/@tensorflow"
    wasm = packages / "tfjs-backend-wasm/dist"
    shutil.copy(packages / "tfjs/dist/tf.es2017.min.js", folder)
    shutil.copy(wasm / "tf-backend-wasm.es2017.min.js", folder / "tf-backend-wasm.min.js")
    for binary in wasm.glob("*.wasm"):
        shutil.copy(binary, folder)
    shutil.copy(ROOT / "export/keras_tfjs/_js/keras-tfjs.js", folder)
    shutil.copy(page, folder)
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Handler, directory=str(folder))
    )
    with contextlib.closing(server.socket):
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{page.name}"
        server.shutdown()
