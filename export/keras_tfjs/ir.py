"""A model as data: `read` makes it, `translate` puts it in tfjs's words, `write` writes it.

The same three dataclasses stand on both sides of the translation. Before it, class names,
configs and weight names are Keras's; after it they are those of a tfjs layers-model. Weights are
lazy on both sides: a `Weight` knows its shape and how to read itself, so that a large model
streams through.

What the reader has already put right, so that nobody else need know of it:

* calls of a layer are counted from 0 within the model that makes them, for nested models too;
* tensors are `Tensor`s wherever they stand in a call's arguments, never Keras's JSON;
* `layer(inputs=x)` is `layer(x)`;
* weights hang on the layer they belong to, whatever the file calls them.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Json = Any
"""What `json.loads` gives: None, bool, int, float, str, and lists and dicts of these."""

Array = NDArray[Any]

INPUT = "InputLayer"
"""Keras's class of what stands where a graph is fed."""


@dataclass(frozen=True, slots=True)
class Weight:
    """A variable, unread.

    Attributes:
        shape: its shape.
        dtype: NumPy's name of its type as stored, or "bfloat16".
        blocks: gives its values in C order as flat arrays of bounded size (at most 1 MiB each
            unless the weight was computed), reading the file as it goes. May be called again.
    """

    shape: tuple[int, ...]
    dtype: str
    blocks: Callable[[], Iterator[Array]] = field(repr=False, compare=False)

    @property
    def size(self) -> int:
        """How many numbers it holds."""
        return math.prod(self.shape)

    def array(self) -> Array:
        """All of it, in memory."""
        blocks = list(self.blocks())
        flat = np.concatenate(blocks) if blocks else np.empty(0, np.dtype(self.dtype))
        return flat.reshape(self.shape)

    def mapped(self, shape: tuple[int, ...], change: Callable[[Array], Array]) -> "Weight":
        """This weight after `change`, which gives an array of `shape` and runs on reading."""
        return Weight(shape, self.dtype, lambda: iter([change(self.array()).reshape(-1)]))


@dataclass(frozen=True, slots=True)
class Tensor:
    """Output `index` of call number `call` (from 0) of layer `layer` of the same model.

    Attributes:
        shape: as the file says, batch first; None where it does not.
        dtype: likewise, Keras's name of its type.
    """

    layer: str
    call: int
    index: int
    shape: tuple[int | None, ...] | None = field(default=None, compare=False)
    dtype: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a layer.

    Attributes:
        args: positional arguments; tensors are `Tensor`s, alone or in lists, tuples and dicts.
        kwargs: keyword arguments, likewise.
    """

    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer, or an operation of `keras.ops` in a functional graph.

    Attributes:
        name: unique in its model.
        class_name: "Dense"; after translation tfjs's, "keras_bias>Dense" for a twin.
        module: "keras.layers", "keras.src.ops.numpy", None in legacy files.
        registered_name: "keras_bias>Dense" for a registered class, else None or the class name.
        config: its constructor's arguments, as JSON.
        weights: by path below the layer, `vars` left out: "0", "1", "cell/0",
            "query_dense/0"; legacy files: by name, "kernel". After translation: by tfjs's name,
            in tfjs's order.
        calls: in Keras's order; empty inside a Sequential.
        model: what it is, if the layer is itself a model.
        where: path for messages, "encoder/dense".
        input_shape: the shape it was built on (batch first), or a list or dict of such, or None.
        shared_id: the same for layers that were one object in Keras; None if never shared.
    """

    name: str
    class_name: str
    module: str | None = None
    registered_name: str | None = None
    config: Mapping[str, Json] = field(default_factory=dict)
    weights: Mapping[str, Weight] = field(default_factory=dict)
    calls: tuple[Call, ...] = ()
    model: "Model | None" = None
    where: str = ""
    input_shape: Json = None
    shared_id: int | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """A Sequential or Functional model.

    Attributes:
        name: its name.
        kind: how its layers are wired: one after the other, or by their calls.
        layers: a Sequential's begin with its InputLayer.
        inputs: Functional only: a `Tensor`, or lists and dicts of them, as the user gave it.
        outputs: likewise.
    """

    name: str
    kind: Literal["sequential", "functional"]
    layers: tuple[Layer, ...]
    inputs: Any = None
    outputs: Any = None


@dataclass(frozen=True, slots=True)
class Training:
    """How a model was compiled, and how far it was trained.

    Attributes:
        config: Keras's `compile_config`, the optimizer under "optimizer"; None if it is unreadable.
        variables: the optimizer's by name or number, in Keras's order; None if not asked for.
    """

    config: Mapping[str, Json] | None
    variables: Mapping[str, Weight] | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where a model was read from.

    Attributes:
        format: ".keras" or ".h5".
        keras_version: as the file says, "unknown" if it does not.
        sha256: of the file, in hex.
    """

    format: str
    keras_version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Translation:
    """A model in tfjs's words, as `translate` makes it and `write` writes it.

    Attributes:
        model: the model; every call's arguments are tensors, numbered as tfjs will number them.
        twins: what keras-tfjs.js has to register for it, in alphabetical order.
        renamed: new layer names by old ones; nested layers' with their path.
        notes: everything that was changed or left out, said in words.
        training: tfjs's `trainingConfig`; None if the model goes out without.
        optimizer: the optimizer's weights in tfjs's order, by name; empty if they do not go out.
    """

    model: Model
    twins: tuple[str, ...]
    renamed: dict[str, str]
    notes: tuple[str, ...]
    training: Json = None
    optimizer: tuple[tuple[str, Weight], ...] = ()


_OPERATIONS = ("keras.src.ops", "keras.ops", "keras.src.activations")


def is_operation(layer: Layer) -> bool:
    """Whether it is an operation of `keras.ops`, and no layer, whatever its class name."""
    return (layer.module or "").startswith(_OPERATIONS)


def tensors(structure: Any) -> list[Tensor]:
    """The tensors of nested lists, tuples and dicts, in Keras's order: dicts by sorted key."""
    if isinstance(structure, Tensor):
        return [structure]
    if isinstance(structure, list | tuple):
        return [tensor for item in structure for tensor in tensors(item)]
    if isinstance(structure, dict):
        return [tensor for key in sorted(structure) for tensor in tensors(structure[key])]
    return []
