"""How the biases of a recurrent layer's gates start, each gate by its name."""

from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

LSTM_GATES = ("input", "forget", "cell", "output")
"""In the order in which an LSTM's weights hold them."""

GRU_GATES = ("update", "reset", "candidate")
"""In the order in which a GRU's weights hold them; papers write z, r and h."""


@keras.saving.register_keras_serializable(package="keras_bias")
class GateBias(keras.initializers.Initializer):  # type: ignore[misc]  # Keras has no types
    """Starts the biases of each gate at a number of its own.

    An LSTM that begins by remembering, whatever comes in:

    >>> keras.ops.convert_to_numpy(GateBias(forget=1.0, input=-1.0)((8,))).tolist()
    [-1.0, -1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]

    A GRU with `reset_after=True` has two rows of biases, for its input and for its state. A number
    is written in both, a pair says what each gets:

    >>> keras.ops.convert_to_numpy(GateBias(update=(1.0, 0.5))((2, 3))).tolist()
    [[1.0, 0.0, 0.0], [0.5, 0.0, 0.0]]

    The layers of keras_bias give every gate its number whatever the bias's shape, and refuse a
    shape in which gates share a bias. `keras.layers.LSTM` asks for the bias in pieces unless it is
    given `unit_forget_bias=False`, which it then needs with this initializer.

    Args:
        input: of the input gate of an LSTM.
        forget: of its forget gate; None for 0, or for 1 in a layer with `unit_forget_bias`.
        cell: of its cell candidate.
        output: of its output gate.
        update: of the update gate of a GRU.
        reset: of its reset gate.
        candidate: of its candidate state.

    Raises:
        ValueError: if gates of an LSTM and of a GRU are named, or none; if a value is neither a
            number nor a pair of numbers; when called, if the shape does not hold the gates.
    """

    def __init__(
        self,
        *,
        input: Any = None,
        forget: Any = None,
        cell: Any = None,
        output: Any = None,
        update: Any = None,
        reset: Any = None,
        candidate: Any = None,
    ) -> None:
        values = {
            "input": input,
            "forget": forget,
            "cell": cell,
            "output": output,
            "update": update,
            "reset": reset,
            "candidate": candidate,
        }
        self.values = {gate: _rows(gate, v) for gate, v in values.items() if v is not None}
        if not self.values:
            raise ValueError(
                "GateBias() names no gate. Give a number for one at least, such as forget=1.0."
            )
        fitting = [gates for gates in (LSTM_GATES, GRU_GATES) if self.values.keys() <= set(gates)]
        if not fitting:
            raise ValueError(
                f"{self}: names gates of an LSTM and of a GRU. Use those of one: "
                f"{', '.join(LSTM_GATES)}; or {', '.join(GRU_GATES)}."
            )
        self.gates = fitting[0]

    def __call__(self, shape: Any, dtype: Any = None) -> Any:
        """The biases, gate after gate along the last axis.

        Args:
            shape: (gates * units,), or (2, gates * units) for two rows.
            dtype: of the result; Keras's floatx if None.
        """
        return self.filled(tuple(shape), dtype, axis=-1)

    def filled(
        self, shape: tuple[int, ...], dtype: Any, axis: int, unit_forget: bool = False
    ) -> Any:
        """The biases, gate after gate along `axis`.

        Args:
            shape: of the variable.
            dtype: of the result; Keras's floatx if None.
            axis: the one that the gates lie along.
            unit_forget: whether a forget gate that is not named starts at 1.
        """
        size, gates = shape[axis], self.gates
        if size % len(gates):
            raise ValueError(
                f"{self}: a bias of shape {shape} does not hold {len(gates)} gates "
                f"({', '.join(gates)}). Use it for a layer with these gates and a bias for each."
            )
        parts = []
        for gate in gates:
            otherwise = [1.0] if unit_forget and gate == "forget" else [0.0]
            rows = self.values.get(gate, otherwise)
            part = list(shape)
            part[axis] = size // len(gates)
            if len(rows) > 1 and (len(shape) < 2 or shape[0] != len(rows)):
                raise ValueError(
                    f"{self}: a bias of shape {shape} has one row for a gate, and {gate}={rows} "
                    "gives two. Use one number; two are for a GRU with reset_after=True."
                )
            parts.append(_written(rows, part))
        values = np.concatenate(parts, axis=axis)
        return ops.cast(ops.convert_to_tensor(values), dtype or keras.config.floatx())

    def get_config(self) -> dict[str, Any]:
        """What `from_config` makes the same initializer of."""
        return {
            gate: rows[0] if len(rows) == 1 else list(rows) for gate, rows in self.values.items()
        }

    def __repr__(self) -> str:
        given = ", ".join(f"{gate}={value}" for gate, value in self.get_config().items())
        return f"GateBias({given})"


def _rows(gate: str, value: Any) -> list[float]:
    """A number as a list of one, a pair as a list of two."""
    numbers = list(value) if isinstance(value, list | tuple) else [value]
    fits = len(numbers) in (1, 2) and all(
        isinstance(n, int | float) and not isinstance(n, bool) and np.isfinite(n) for n in numbers
    )
    if not fits or (isinstance(value, list | tuple) and len(numbers) == 1):
        raise ValueError(
            f"GateBias: {gate}={value!r} is neither a number nor a pair of numbers. "
            f"Use a number, such as {gate}=1.0."
        )
    return [float(n) for n in numbers]


def _written(rows: list[float], shape: list[int]) -> NDArray[np.float32]:
    """One number everywhere, or one for each index of the first axis."""
    if len(rows) == 1:
        return np.full(shape, rows[0], "float32")
    return np.stack([np.full(shape[1:], row, "float32") for row in rows])
