"""Every twin and activation in headless Chromium: cpu, wasm and webgl give Keras's numbers."""

import contextlib
import functools
import http.server
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras
from keras import layers
from numpy.typing import NDArray
from playwright.sync_api import Page, sync_playwright

import keras_tfjs
from keras_bias import layers as bias_layers

ROOT = Path(__file__).resolve().parents[2]
ACTIVATIONS = [
    "celu", "elu", "exponential", "gelu", "hard_shrink", "hard_sigmoid", "hard_silu", "hard_tanh",
    "leaky_relu", "linear", "log_sigmoid", "log_softmax", "mish", "relu", "relu6", "selu",
    "sigmoid", "silu", "soft_shrink", "softmax", "softplus", "softsign", "sparse_plus",
    "sparse_sigmoid", "sparsemax", "squareplus", "tanh", "tanh_shrink", "threshold",
]  # fmt: skip
TOLERANCE = {
    "cpu": 1e-5,
    "wasm": 1e-5,
    # A GPU's own exp and tanh, here SwiftShader's, are good to about four digits.
    "webgl": 2e-4,
}


def all_twins() -> keras.Model:
    """One model with every twin: outputs of rank 2, from a small image."""
    image = keras.Input((4, 4, 3), name="image")
    x = bias_layers.Bias("untied")(image)
    x = bias_layers.Bias("location", activation="hard_sigmoid")(x)
    x = layers.BatchNormalization(axis=1)(x)
    x = layers.LayerNormalization(axis=-1, rms_scaling=True)(x)
    x = layers.Subtract()([x, image])
    x = layers.ReLU(max_value=1.5, negative_slope=0.1, threshold=0.2)(x)
    x = layers.ELU(alpha=0.5)(x)
    x = layers.Softmax(axis=[1, 2])(x)
    x = bias_layers.Dense(6, bias_shape=(2,))(x)
    x = layers.Activation("glu")(x)
    flat = layers.Flatten()(x)
    scalar = bias_layers.Dense(8, bias_shape="scalar")(flat)
    fixed = bias_layers.Dense(8, bias_initializer="ones", bias_trainable=False)(flat)
    dot = layers.Dot(axes=1, normalize=True)([scalar, fixed])
    activated = [layers.Activation(name)(scalar) for name in ACTIVATIONS]
    return keras.Model(image, layers.Concatenate()([scalar, fixed, dot, *activated]))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, NDArray[Any], Any]]:
    """The page and the converted model, served: address, inputs, Keras's outputs."""
    folder = tmp_path_factory.mktemp("site")
    random = np.random.default_rng(0)
    model = all_twins()
    model.set_weights([random.uniform(0.1, 1, w.shape) for w in model.get_weights()])
    inputs = random.normal(size=(3, 4, 4, 3)).astype("float32")
    keras_tfjs.convert(model, folder / "model")
    packages = ROOT / "node_modules/@tensorflow"
    shutil.copy(packages / "tfjs/dist/tf.es2017.min.js", folder)
    wasm = packages / "tfjs-backend-wasm/dist"
    shutil.copy(wasm / "tf-backend-wasm.es2017.min.js", folder / "tf-backend-wasm.min.js")
    for binary in wasm.glob("*.wasm"):
        shutil.copy(binary, folder)
    shutil.copy(Path(__file__).with_name("backend.html"), folder)

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Handler, directory=str(folder))
    )
    with contextlib.closing(server.socket):
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/backend.html"
        yield address, inputs, model.predict(inputs, verbose=0)
        server.shutdown()


@pytest.fixture(scope="module")
def page(site: tuple[str, NDArray[Any], Any]) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        page = browser.new_page()
        page.goto(site[0])
        yield page
        browser.close()


@pytest.mark.parametrize("backend", ["cpu", "wasm", "webgl"])
def test_twins_compute_save_load_and_train(
    backend: str, site: tuple[str, NDArray[Any], Any], page: Page
) -> None:
    _, inputs, expected = site
    tensors = [{"shape": inputs.shape, "values": inputs.reshape(-1).tolist()}]

    seen = page.evaluate("([backend, inputs]) => walk(backend, inputs)", [backend, tensors])

    assert seen["backend"] == backend
    worst = TOLERANCE[backend] * max(1, np.abs(expected).max())
    np.testing.assert_allclose(np.reshape(seen["before"], expected.shape), expected, atol=worst)
    assert seen["reloaded"] == seen["before"]
    assert seen["losses"][0] > seen["losses"][1] > seen["losses"][2]
    assert seen["leaked"] == 0
