"""What all tests share: a backend for Keras, and one browser."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Where the backend does not matter, the one that imports fastest.
os.environ.setdefault("KERAS_BACKEND", "jax")
# Small graphs are compiled, run once and thrown away.
os.environ.setdefault("XLA_FLAGS", "--xla_backend_optimization_level=0")

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """Debian's Chromium. One for all: a process can have Playwright's sync API only once."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser
        browser.close()
