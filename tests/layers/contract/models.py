"""The models and the numbers that the tests of the contract share, one model for each row."""

import functools
import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import keras
import numpy as np
from bias_definition import Array, spread
from layers.contract.row import Case, Row, Weights
from layers.contract.table import ROWS

BATCH = 2
TENSORFLOW, JAX = (keras.backend.backend() == name for name in ("tensorflow", "jax"))


def drawn(seed: int, *shape: int) -> Array:
    return np.random.default_rng(seed).normal(size=shape)


def values(x: Any) -> Array:
    return np.asarray(keras.ops.convert_to_numpy(x), dtype=np.float64)


def plain(bias_shape: Any) -> Any:
    """A bias shape in JSON's types."""
    if isinstance(bias_shape, Mapping):
        return {name: plain(shape) for name, shape in bias_shape.items()}
    return list(bias_shape) if isinstance(bias_shape, tuple) else bias_shape


def below(weight: Any, layer: Any) -> str:
    """A weight's path below its layer."""
    return str(weight.path).removeprefix(f"{layer.name}/")


def case_name(number: int) -> str:
    """The name of a case's layer."""
    return f"case_{number}"


@dataclass(frozen=True)
class Built:
    """One model with a layer for each case, so that each row is compiled once.

    All layers have the same weights but for their biases. A step of training moves each weight by
    minus its gradient by sum(target * output).
    """

    row: Row
    model: Any
    inputs: list[Array]
    targets: list[Array]
    start: list[Array]

    def layer(self, number: int) -> Any:
        return self.model.get_layer(case_name(number))

    def outputs(self, model: Any = None) -> list[Array]:
        """One output for each case."""
        return predicted(model or self.model, self.inputs)

    def rewound(self) -> "Built":
        """The same, with the weights that it began with."""
        self.model.set_weights(self.start)
        return self

    def weights(self, number: int) -> dict[str, Array]:
        """The weights of a case's layer by path, biases as they are stored."""
        layer = self.layer(number)
        return {below(weight, layer): values(weight) for weight in layer.weights}

    def train(self, targets: list[Array] | None = None, epochs: int = 1) -> None:
        """Takes one step of training for each epoch."""
        self.model.fit(
            [x.astype("float32") for x in self.inputs],
            [target.astype("float32") for target in targets or self.targets],
            batch_size=BATCH,
            epochs=epochs,
            verbose=0,
        )


def predicted(model: Any, inputs: Sequence[Array]) -> list[Array]:
    """What each of the model's outputs is."""
    got = model.predict_on_batch([x.astype("float32") for x in inputs])
    return [values(y) for y in (got if isinstance(got, list) else [got])]


@keras.saving.register_keras_serializable(package="contract")
class Weighted(keras.losses.Loss):  # type: ignore[misc]  # Keras has no types
    """sum(target * prediction): its gradient by the prediction is the target."""

    def call(self, y_true: Any, y_pred: Any) -> Any:
        return keras.ops.reshape(y_true * y_pred, (-1,))


def compiled(model: Any, row: Row, again: bool = True) -> Any:
    """`model`, ready to step by its gradient.

    Args:
        model: of layers of that row.
        row: what it is of.
        again: whether it is called more than once, so that compiling it may save time.
    """
    # TensorFlow has convolutions with channels first on a CPU only once they are compiled. It is
    # slow to compile, as PyTorch is, and JAX is slow without.
    first = row.arguments.get("data_format") == "channels_first"
    jitted = again if JAX else first and TENSORFLOW
    model.compile(
        keras.optimizers.SGD(1.0),
        [Weighted(reduction="sum") for _ in model.outputs],
        jit_compile=jitted,
        run_eagerly=not jitted,
    )
    return model


def layer_of(row: Row, number: int, **options: Any) -> Any:
    """A case's layer, not built."""
    case = row.cases[number]
    return made(
        row.ours,
        **row.arguments,
        bias_shape=case.bias_shape,
        bias_trainable=case.trainable,
        name=case_name(number),
        **options,
    )


def made(layer: type[Any], **arguments: Any) -> Any:
    """A layer with weights that start at 0: random ones take JAX as long as all else here."""
    takes = inspect.signature(layer).parameters
    zeros = {name: "zeros" for name in takes if name.endswith("_initializer")}
    return layer(**{**zeros, **arguments})


def model_of(row: Row, parts: Sequence[Any], inputs: Any = None, again: bool = True) -> Any:
    """A compiled model of layers side by side on the same inputs."""
    tensors = [keras.Input(shape) for shape in inputs or row.inputs]
    return compiled(keras.Model(tensors, [part(*tensors) for part in parts]), row, again)


@functools.cache
def model_of_all(number: int) -> Built:
    """The model of the row of that number in the table."""
    row = ROWS[number]
    model = model_of(row, [layer_of(row, n) for n in range(len(row.cases))])
    for n in range(len(row.cases)):
        part = model.get_layer(case_name(n))
        for weight in part.weights:
            seed = sum(map(ord, below(weight, part)))
            weight.assign(0.5 * drawn(seed, *weight.shape))
    inputs = [drawn(n, BATCH, *shape) for n, shape in enumerate(row.inputs)]
    built = Built(row, model, inputs, [], model.get_weights())
    wanted = [foretold(row, case, built.weights(n), inputs) for n, case in enumerate(row.cases)]
    return replace(built, targets=[drawn(7, *y.shape) for y in wanted])


def foretold(row: Row, case: Case, weights: Weights, inputs: Sequence[Array]) -> Array:
    """What a layer with these weights gives, by the definition."""
    spreads = {
        path: spread(weights[path], bias.counts, bias.sizes) for path, bias in case.biases.items()
    }
    return row.reference(row.arguments, {**weights, **spreads}, inputs)
