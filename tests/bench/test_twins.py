"""What a twin costs in Chromium, beside the stock class whose place it could take."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browser_site import served
from playwright.sync_api import Browser

pytestmark = pytest.mark.bench

DENSE = {"units": 128, "activation": "relu"}
CONV = {"filters": 16, "kernel_size": [3, 3], "padding": "same", "activation": "relu"}
LSTM = {"units": 48, "activation": "tanh", "recurrent_activation": "sigmoid"}
GRU = {**LSTM, "reset_after": False}
# (twin, what it stands beside, options, input with the batch).
RIVALS: list[tuple[str, str, dict[str, Any], tuple[int, ...]]] = [
    ("keras_bias>Dense", "Dense", DENSE, (64, 256)),
    ("keras>Conv2D", "Conv2D", CONV, (8, 24, 24, 8)),
    ("keras>LSTM", "LSTM", LSTM, (16, 20, 32)),
    ("keras>GRU", "GRU", GRU, (16, 20, 32)),
    ("keras>SimpleRNN", "SimpleRNN", {"units": 48, "activation": "tanh"}, (16, 20, 32)),
    ("keras>BatchNormalization", "BatchNormalization", {}, (16, 24, 24, 8)),
]
ROUNDS = 15


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page, served."""
    folder = tmp_path_factory.mktemp("twins")
    with served(folder, Path(__file__).with_name("twins.html")) as address:
        yield address


@pytest.mark.parametrize("backend", ["cpu", "webgl"])
def test_twins_beside_stock_classes(
    backend: str, site: str, browser: Browser, add_row: Callable[..., None]
) -> None:
    page = browser.new_page()
    page.goto(site)
    page.evaluate("(backend) => started(backend)", backend)

    for twin, stock, options, shape in RIVALS:
        ours, theirs = page.evaluate(
            "([names, options, shape, rounds]) => raced(names, options, shape, rounds)",
            [[twin, stock], options, list(shape), ROUNDS],
        )
        for what, one, other in zip(("forward", "training step"), ours, theirs, strict=True):
            add_row(
                f"{what}, {backend}: {twin}",
                f"{one:.1f} ms",
                f"{stock} {other:.1f} ms",
                f"{one / other:.2f} times",
                "<= 1.10 times",
            )
    page.close()
