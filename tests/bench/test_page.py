"""How soon the page has drawn its first picture or model, beside a stock page of tfjs and tfjs-vis.

The three take turns in one run, so that what else the machine does falls on all of them.
"""

import contextlib
import functools
import gzip
import http.server
import json
import shutil
import statistics
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keras
import pytest
from playwright.sync_api import Browser

import keras_tfjs

pytestmark = pytest.mark.bench

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "web_demo/keras_bias_demo/_site"
ROUNDS = 7
STOCK = "stock.html"
OURS = {
    "index.html": "page ready, first picture drawn",
    "index.html#v=1&view=open": "page ready, first model drawn",
}


class Handler(http.server.SimpleHTTPRequestHandler):
    """A server that says nothing."""

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Both pages and one model, served alike."""
    folder = tmp_path_factory.mktemp("site") / "root"
    shutil.copytree(SITE, folder)
    (folder / "models").mkdir()
    shutil.copy(Path(__file__).with_name("stock.html"), folder)
    packages = ROOT / "node_modules/@tensorflow"
    (folder / "vendor").mkdir(exist_ok=True)
    shutil.copy(packages / "tfjs/dist/tf.min.js", folder / "vendor")
    shutil.copy(packages / "tfjs-vis/dist/tfjs-vis.umd.min.js", folder / "vendor")
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(5), keras.layers.Dense(2)])
    keras_tfjs.convert(model, folder / "models" / "vector")
    listed = {"models": [{"name": "vector", "title": "V", "path": "models/vector/model.json"}]}
    (folder / "models.json").write_text(json.dumps(listed))
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Handler, directory=str(folder))
    )
    with contextlib.closing(server.socket):
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def ready_after(browser: Browser, url: str) -> tuple[float, int]:
    """Milliseconds from navigation to the first drawing, and gzipped bytes fetched till all is."""
    context = browser.new_context()
    page = context.new_page()
    bodies: list[bytes] = []
    page.on("response", lambda response: bodies.append(response.body()))
    page.goto(url)
    page.wait_for_load_state("networkidle")
    mark = "performance.getEntriesByName('keras-bias:ready')[0]?.startTime"
    for _ in range(100):
        if (after := page.evaluate(mark)) is not None:
            break
        page.wait_for_timeout(50)
    context.close()
    return float(after), sum(len(gzip.compress(body)) for body in bodies)


def test_the_page_is_ready_before_a_stock_page(
    address: str, browser: Browser, add_row: Callable[..., None]
) -> None:
    times: dict[str, list[float]] = {name: [] for name in (*OURS, STOCK)}
    sizes: dict[str, int] = {}

    for _ in range(ROUNDS):
        for name in times:
            after, sizes[name] = ready_after(browser, f"{address}/{name}")
            times[name].append(after)

    middle = {name: statistics.median(found) for name, found in times.items()}
    for name, what in OURS.items():
        add_row(
            what,
            f"{middle[name]:.0f} ms, {sizes[name] / 1024:.0f} KiB gz",
            f"{middle[STOCK]:.0f} ms, {sizes[STOCK] / 1024:.0f} KiB gz",
            f"{middle[STOCK] / middle[name]:.1f} times faster",
            "<= 300 ms, <= 200 KiB gz",
        )
