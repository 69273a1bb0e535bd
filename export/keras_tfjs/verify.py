"""Asks real TensorFlow.js, in Node, what a converted model computes.

One Node process answers any number of questions, about any number of folders. It loads a model as
a user does: `globalThis.tf = tf`, the folder's `keras-tfjs.js` if it has one, `loadLayersModel`.

>>> largest_difference([np.float32([1.0, 2.0])], [np.float32([1.0, 2.5])])
0.5
>>> agrees([np.float32([1.0, 2.0])], [np.float32([1.0, 2.5])])
False
"""

import base64
import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from keras_tfjs.node import NodeProgram

Array = NDArray[Any]

PROGRAM = Path(__file__).parent / "_js" / "verify.mjs"
TOLERANCE = 1e-5


class TfjsError(Exception):
    """TensorFlow.js could not do it; the message is its own."""


class TfjsTimeoutError(TfjsError):
    """TensorFlow.js gave no answer in time: it loops forever on some broken graphs."""


@dataclass(frozen=True)
class WeightSummary:
    """A weight as tfjs has it.

    Attributes:
        name: the name it has in files.
        shape: its shape.
        trainable: whether tfjs would train it.
    """

    name: str
    shape: tuple[int, ...]
    trainable: bool


@dataclass(frozen=True)
class LayerSummary:
    """A layer as tfjs has it.

    Attributes:
        name: its name.
        class_name: of the class that runs, so in tfjs's spelling ("kerasBias>Dense").
        output_shape: batch first, None where unknown; a list of such for several outputs.
        weights: in the order of `layer.weights`.
    """

    name: str
    class_name: str
    output_shape: Any
    weights: tuple[WeightSummary, ...]


@dataclass(frozen=True)
class TensorSummary:
    """An input or output of a model: its name, its shape with the batch first, its type."""

    name: str
    shape: tuple[int | None, ...]
    dtype: str


@dataclass(frozen=True)
class ModelSummary:
    """A model as tfjs has it; `layers` holds those of nested models in their places."""

    inputs: tuple[TensorSummary, ...]
    outputs: tuple[TensorSummary, ...]
    layers: tuple[LayerSummary, ...]


@dataclass(frozen=True)
class Training:
    """What training made of a model.

    Attributes:
        given: by step, the loss before it (several outputs: their sum, then each), then metrics.
        weights: after it, by name.
        order: the names of those that train, in tfjs's order.
        kept: the names of the optimizer's variables, in the order of its `setWeights`.
    """

    given: tuple[tuple[float, ...], ...]
    weights: dict[str, Array]
    order: tuple[str, ...]
    kept: tuple[str, ...]


class TfjsSession:
    """TensorFlow.js in a Node process that is started once, by the first question.

    Attributes:
        leaked: tensors that the computation of the last answer left behind in tfjs.
    """

    def __init__(self, *, timeout_seconds: float = 60.0) -> None:
        self.leaked = 0
        self._timeout_seconds = timeout_seconds
        self._numbers = itertools.count()
        self._program: NodeProgram | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the Node process. A later question starts a new one."""
        if self._program is not None:
            self._program.close()
            self._program = None

    def predict(self, folder: Path, inputs: Sequence[Array]) -> list[Array]:
        """The outputs of `model.predict`, in the order of the model's outputs.

        Args:
            folder: holds model.json.
            inputs: one array for each input of the model, in its order, batch first. Floats travel
                as float32, integers as int32.

        Raises:
            TfjsError: with tfjs's message.
        """
        return [_decoded(array) for array in self._ask("predict", folder, inputs=_all(inputs))]

    def gradients(
        self, folder: Path, inputs: Sequence[Array], cotangents: Sequence[Array]
    ) -> dict[str, Array]:
        """The gradients of sum(output * cotangent), by name of the trainable weight.

        Args:
            folder: holds model.json.
            inputs: as for `predict`.
            cotangents: one array for each output, of its shape.

        Raises:
            TfjsError: with tfjs's message.
        """
        return _decoded_by_name(
            self._ask("gradients", folder, inputs=_all(inputs), cotangents=_all(cotangents))
        )

    def train_step(
        self,
        folder: Path,
        inputs: Sequence[Array],
        targets: Sequence[Array],
        learning_rate: float,
    ) -> tuple[float, dict[str, Array]]:
        """One step of gradient descent on the mean squared error, in training mode.

        Args:
            folder: holds model.json; stays as it is.
            inputs: as for `predict`.
            targets: one array for each output, of its shape.
            learning_rate: what the gradients are multiplied by.

        Returns:
            The loss before the step (summed over the outputs), and every weight after it, by name.

        Raises:
            TfjsError: with tfjs's message.
        """
        answer = self._ask(
            "train_step",
            folder,
            inputs=_all(inputs),
            targets=_all(targets),
            learning_rate=learning_rate,
        )
        return float(answer["loss"]), _decoded_by_name(answer["weights"])

    def go_on(
        self, folder: Path, inputs: Sequence[Array], targets: Sequence[Array], steps: int
    ) -> "Training":
        """Steps of the training that the model was written for, all on one batch.

        Args:
            folder: holds model.json with a `trainingConfig`; stays as it is.
            inputs: as for `predict`.
            targets: one array for each output.
            steps: how many.

        Raises:
            TfjsError: with tfjs's message.
        """
        answer = self._ask("go_on", folder, inputs=_all(inputs), targets=_all(targets), steps=steps)
        return Training(
            given=tuple(tuple(map(float, values)) for values in answer["given"]),
            weights=_decoded_by_name(answer["weights"]),
            order=tuple(answer["order"]),
            kept=tuple(answer["kept"]),
        )

    def resave(self, folder: Path, out_folder: Path) -> None:
        """Load a model and write it with tfjs's own `model.save`, its script beside it.

        Raises:
            TfjsError: with tfjs's message.
        """
        self._ask("resave", folder, out_folder=str(Path(out_folder).resolve()))

    def summary(self, folder: Path) -> ModelSummary:
        """What tfjs makes of a model: inputs, outputs, layers, weights.

        Raises:
            TfjsError: with tfjs's message.
        """
        answer = self._ask("summary", folder)
        return ModelSummary(
            inputs=tuple(_tensor_summary(tensor) for tensor in answer["inputs"]),
            outputs=tuple(_tensor_summary(tensor) for tensor in answer["outputs"]),
            layers=tuple(_layer_summary(layer) for layer in answer["layers"]),
        )

    def _ask(self, what: str, folder: Path, **arguments: Any) -> Any:
        if self._program is None or not self._program.running:
            self.close()
            self._program = NodeProgram(PROGRAM)
        number = next(self._numbers)
        request = {"id": number, "do": what, "folder": str(Path(folder).resolve()), **arguments}
        try:
            line = self._program.answer_to(json.dumps(request), self._timeout_seconds)
        except TimeoutError:
            self.close()
            raise TfjsTimeoutError(
                f"TensorFlow.js gave no answer within {self._timeout_seconds:g} seconds. "
                "It loops forever on a graph with a dangling reference; else allow more time: "
                "TfjsSession(timeout_seconds=...)."
            ) from None
        if line is None:
            said = self._program.last_words()
            self.close()
            raise TfjsError(f"Node ended while it was asked to {what} {folder}: {said}")
        answer = json.loads(line)
        if "error" in answer:
            raise TfjsError(answer["error"])
        self.leaked = answer["leaked"]
        return answer["result"]


def largest_difference(expected: Sequence[Array], actual: Sequence[Array]) -> float:
    """The largest |expected - actual| over all outputs; infinite if shapes or NaNs disagree.

    >>> largest_difference([np.zeros((1, 2))], [np.zeros((2, 1))])
    inf
    """
    if [a.shape for a in expected] != [a.shape for a in actual]:
        return float("inf")
    return max((_difference(e, a) for e, a in zip(expected, actual, strict=True)), default=0.0)


def agrees(
    expected: Sequence[Array], actual: Sequence[Array], tolerance: float = TOLERANCE
) -> bool:
    """Whether no number differs by more than tolerance * max(1, largest |expected|).

    float32 has 24 bits: sums of a layer's size in another order differ by about 1e-6 of their size.
    """
    finite = [np.abs(a[np.isfinite(a)]).max(initial=0) for a in expected]
    return largest_difference(expected, actual) <= tolerance * float(max(1.0, *finite))


def _difference(expected: Array, actual: Array) -> float:
    wide_expected, wide_actual = expected.astype(np.float64), actual.astype(np.float64)
    same = (wide_expected == wide_actual) | (np.isnan(wide_expected) & np.isnan(wide_actual))
    with np.errstate(invalid="ignore"):
        differences = np.where(same, 0.0, np.abs(wide_expected - wide_actual))
    return float(np.nan_to_num(differences, nan=np.inf, posinf=np.inf).max(initial=0.0))


def _all(arrays: Sequence[Array]) -> list[dict[str, Any]]:
    return [_encoded(np.asarray(array)) for array in arrays]


def _encoded(array: Array) -> dict[str, Any]:
    kind = {"f": "float32", "i": "int32", "u": "int32", "b": "bool"}[array.dtype.kind]
    values = np.ascontiguousarray(array, np.dtype(kind).newbyteorder("<"))
    return {
        "dtype": kind,
        "shape": list(array.shape),
        "base64": base64.b64encode(values.tobytes()).decode(),
    }


def _decoded(array: Mapping[str, Any]) -> Array:
    values = np.frombuffer(
        base64.b64decode(array["base64"]), np.dtype(array["dtype"]).newbyteorder("<")
    )
    return values.reshape(array["shape"])


def _decoded_by_name(arrays: Mapping[str, Any]) -> dict[str, Array]:
    return {name: _decoded(array) for name, array in arrays.items()}


def _tensor_summary(tensor: Mapping[str, Any]) -> TensorSummary:
    return TensorSummary(tensor["name"], tuple(tensor["shape"]), tensor["dtype"])


def _layer_summary(layer: Mapping[str, Any]) -> LayerSummary:
    weights = tuple(
        WeightSummary(weight["name"], tuple(weight["shape"]), weight["trainable"])
        for weight in layer["weights"]
    )
    return LayerSummary(layer["name"], layer["className"], layer["outputShape"], weights)
