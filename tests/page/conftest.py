"""A browser that forgives nothing, and models that Keras built, exported and served with the page.

A page that logs an error, breaks its policy, or asks anybody but its own server for anything fails
the test that opened it.
"""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from keras_bias_demo import serve

# `evaluate` is not held to the policy, so the page's own code is what must break it, and report it.
REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", ({violatedDirective, blockedURI}) =>
  console.error(`policy: ${violatedDirective} ${blockedURI}`));
"""

KINDS: dict[str, dict[str, Any]] = {
    "vector": {},
    "scalar": {"bias_shape": "scalar"},
    "fixed": {"bias_initializer": "ones", "bias_trainable": False},
    "none": {"use_bias": False},
}
TITLES = {
    "vector": "One number per unit",
    "scalar": "One number per layer",
    "fixed": "Fixed at 1",
    "none": "No bias",
}


def dense_5_dense_2(kind: str) -> Any:
    """The network of the question, with biases 1, 2, 3, ... where they are trained."""
    import keras
    import numpy as np

    from keras_bias import layers

    model = keras.Sequential(
        [
            keras.Input((1,), name="celsius"),
            layers.Dense(5, name="dense_5", **KINDS[kind]),
            layers.Dense(2, name="dense_2", **KINDS[kind]),
        ],
        name=kind,
    )
    for layer in model.layers:
        layer.kernel.assign(
            np.linspace(-1, 1, layer.kernel.shape[0] * layer.units).reshape(layer.kernel.shape)
        )
        if layer.use_bias and layer.bias_trainable:
            layer.bias.assign(np.arange(1, layer.bias.shape[0] + 1))
    return model


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Exported folders by the kind of their biases."""
    import keras_tfjs

    root = tmp_path_factory.mktemp("models")
    for kind in KINDS:
        keras_tfjs.convert(dense_5_dense_2(kind), root / kind)
    return {kind: root / kind for kind in KINDS}


@pytest.fixture(scope="session")
def serving() -> Iterator[Callable[[dict[str, Path]], str]]:
    """Serves the page with models beside it; gives the address."""
    servers: list[serve.Server] = []

    def start(folders: dict[str, Path]) -> str:
        server = serve.server(0)
        servers.append(server)
        about = [
            {
                "name": name,
                "title": TITLES[name],
                "path": f"models/{name}/model.json",
                "bias_parameters": 7,
                "error": 1.5,
            }
            for name in folders
        ]
        server.content = serve.content(serve.page(), folders, {"models": about})
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return serve.url(server)

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def address(serving: Callable[[dict[str, Path]], str], models: dict[str, Path]) -> str:
    """The page with four models beside it."""
    return serving(models)


@pytest.fixture(scope="session")
def bare_address(serving: Callable[[dict[str, Path]], str]) -> str:
    """The page alone."""
    return serving({})


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A profile of its own, light, at 1280 pixels."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, color_scheme="light", reduced_motion="reduce"
    )
    context.set_default_timeout(20_000)
    context.add_init_script(REPORT_VIOLATIONS)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A tab; the test fails if anything went wrong in it."""
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: wrong.extend(_foreign(request.url)))
    yield page
    assert wrong == []


def _foreign(url: str) -> list[str]:
    own = ("http://127.0.0.1:", "data:", "file://", "blob:")
    return [] if url.startswith(own) else [f"asked for {url}"]
