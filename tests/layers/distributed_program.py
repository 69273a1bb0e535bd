"""A model of every family of layers, trained on several devices by a process of its own.

    XLA_FLAGS=--xla_force_host_platform_device_count=4 python -m layers.distributed_program FOLDER

The devices of a backend are settled before it starts. For each way that it has to use them,
`<way>.json` in the folder says what came of training, `<way>.weights.h5` are the weights then, and
`one.weights.h5`, which must be there, are loaded after that.
"""

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import keras
import numpy as np
from layers.contract.models import made

from keras_bias import layers

BACKEND = keras.backend.backend()
DEVICES = {"XLA_FLAGS": "--xla_force_host_platform_device_count=4"}
"""What the process is to find in its environment."""
WAYS: tuple[str, ...] = {
    "tensorflow": ("plain", "mirrored"),
    "jax": ("plain", "data", "model"),
}.get(BACKEND, ("plain",))
"""How Keras spreads a model over this backend's devices; "plain" is not at all."""

# A bias for every place or gate, one for each unit, and one for all.
SHAPES: dict[str, dict[str, Any]] = {
    "scalar": dict.fromkeys(("conv", "attention", "dense", "lstm"), "scalar"),
    "vector": dict.fromkeys(("conv", "attention", "dense", "lstm"), "vector"),
    "finest": {"conv": "untied", "attention": "untied", "dense": "untied", "lstm": "gate"},
}

# Each weight's axis that is cut in two, from the last; what is shared by all units cannot be.
CUT: dict[str, int] = {
    r"conv_\w+/kernel": -1,
    r"conv_vector/bias": -1,
    r"conv_finest/bias": -1,
    r"attention_\w+/(query|key|value)/kernel": -2,
    r"attention_\w+/attention_output/kernel": -3,
    r"attention_(vector|finest)/(query|key|value)/bias": -2,
    r"attention_(vector|finest)/attention_output/bias": -1,
    r"dense_\w+/kernel": -1,
    r"dense_(vector|finest)/bias": -1,
    r"lstm_\w+/lstm_cell/(recurrent_)?kernel": -1,
    r"lstm_(vector|finest)/lstm_cell/bias": -1,
}


def branch(x: Any, name: str) -> Any:
    """All families one after another: (4, 4, 4) becomes (8,)."""
    of = SHAPES[name]

    def layer(kind: Any, own: str, **arguments: Any) -> Any:
        return made(kind, **arguments, bias_shape=of[own], name=f"{own}_{name}")

    y = layer(layers.Conv2D, "conv", filters=4, kernel_size=3, padding="same")(x)
    y = keras.layers.Reshape((4, 16))(y)
    y = layer(layers.MultiHeadAttention, "attention", num_heads=2, key_dim=4)(y, y)
    y = layer(layers.Dense, "dense", units=8, activation="tanh")(y)
    return layer(layers.LSTM, "lstm", units=8, unit_forget_bias=False)(y)


def new_model() -> Any:
    """The model, its weights the same every time."""
    x = keras.Input((4, 4, 4))
    model = keras.Model(x, [branch(x, name) for name in SHAPES])
    for weight in model.weights:
        seed = sum(map(ord, weight.path))
        weight.assign(0.3 * np.random.default_rng(seed).normal(size=weight.shape))
    model.compile(keras.optimizers.SGD(0.1), ["mse" for _ in SHAPES])
    return model


def inputs() -> Any:
    return np.random.default_rng(0).normal(size=(8, 4, 4, 4)).astype("float32")


def losses(model: Any) -> list[float]:
    """Those of three steps of training."""
    rng = np.random.default_rng(1)
    targets = [rng.normal(size=(8, 8)).astype("float32") for _ in SHAPES]
    history = model.fit(inputs(), targets, batch_size=8, epochs=3, verbose=0)
    return list(map(float, history.history["loss"]))


def outputs(model: Any) -> list[Any]:
    return [np.asarray(y).tolist() for y in model.predict(inputs(), batch_size=8, verbose=0)]


def layout_map() -> Any:
    """Kernels and biases cut along the units of their layer, as far as they differ there."""
    mesh = keras.distribution.DeviceMesh((2, 2), ("batch", "model"))
    layouts = keras.distribution.LayoutMap(mesh)
    for weight in new_model().weights:
        for path, axis in CUT.items():
            if re.fullmatch(path, weight.path):
                cut: list[str | None] = [None] * len(weight.shape)
                cut[axis] = "model"
                layouts[weight.path] = tuple(cut)
    return layouts


@contextmanager
def spread_by(way: str) -> Iterator[None]:
    """All models that are made meanwhile are on the devices of that way."""
    if way == "mirrored":
        import tensorflow as tf

        with tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]).scope():
            yield
        return
    if way != "plain":
        keras.distribution.set_distribution(
            keras.distribution.DataParallel()
            if way == "data"
            else keras.distribution.ModelParallel(
                layout_map=layout_map(), batch_dim_name="batch", auto_shard_dataset=False
            )
        )
    yield


def refusals() -> dict[str, str]:
    """What is said to cutting the one number of a shared bias, and to Keras's of one unit."""
    mesh = keras.distribution.DeviceMesh((2, 2), ("batch", "model"))
    layouts = keras.distribution.LayoutMap(mesh)
    layouts[".*bias"] = ("model",)
    said = {}
    with keras.distribution.ModelParallel(layout_map=layouts, batch_dim_name="batch").scope():
        for name, layer in {
            "ours": layers.Dense(8, bias_shape="scalar"),
            "keras": keras.layers.Dense(1),
        }.items():
            try:
                layer.build((8, 4))
            except ValueError as error:
                said[name] = str(error)
    return said


def pieces(weight: Any) -> tuple[int, int]:
    """On how many devices the weight is, and in how many different pieces."""
    if hasattr(weight.value, "addressable_shards"):
        shards = weight.value.addressable_shards
        return len(shards), len({str(shard.index) for shard in shards})
    mirrors = getattr(weight.value, "values", None)  # a method of a tensor of PyTorch's
    return len(mirrors) if isinstance(mirrors, tuple) else 1, 1


def main(folder: Path) -> None:
    """Goes every way."""
    if BACKEND == "tensorflow":
        import tensorflow as tf

        (cpu,) = tf.config.list_physical_devices("CPU")
        two = [tf.config.LogicalDeviceConfiguration() for _ in range(2)]
        tf.config.set_logical_device_configuration(cpu, two)
    for way in WAYS:
        with spread_by(way):
            model = new_model()
            said: dict[str, Any] = {"losses": losses(model), "outputs": outputs(model)}
            said["pieces"] = {weight.path: pieces(weight) for weight in model.weights}
            model.save_weights(folder / f"{way}.weights.h5")
            model.load_weights(folder / "one.weights.h5")
            said["outputs of one"] = outputs(model)
        said["refusals"] = refusals() if way == "model" else {}
        (folder / f"{way}.json").write_text(json.dumps(said))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
