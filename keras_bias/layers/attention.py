"""`keras.layers.MultiHeadAttention` and `GroupQueryAttention`, each projection's bias by choice."""

import inspect
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import keras

from keras_bias.layers.choice import (
    Layer,
    arguments_of,
    check_trainable,
    constructor,
    without_bias,
)
from keras_bias.layers.dense import EinsumDense
from keras_bias.shape import BiasShape

PROJECTIONS = {
    "_query_dense": "query",
    "_key_dense": "key",
    "_value_dense": "value",
    "_output_dense": "output",
    "_gate_dense": "gate",
}
"""The attributes in which Keras keeps the projections, and their names here."""


class AttentionBiasMixin(Layer):  # type: ignore[misc]  # Keras has no types
    """Gives the Keras attention layer class beside it a choice of bias for each projection.

    Listed before that class. The parent makes its projections as `keras.layers.EinsumDense` and
    keeps each before it builds it; the mixin keeps one of ours instead.
    """

    def __init__(
        self, *args: Any, bias_shape: Any = "vector", bias_trainable: Any = True, **kwargs: Any
    ) -> None:
        parents = inspect.signature(super().__init__).bind(*args, **kwargs)
        given = parents.arguments.get("use_bias", True)
        parents.arguments["use_bias"] = (
            any(given.get(each, True) for each in self._projections(parents.arguments))
            if isinstance(given, Mapping)
            else given
        )
        super().__init__(*parents.args, **parents.kwargs)
        names = self._projections(parents.arguments)
        with self._named():
            self._bias_use = _each("use_bias", given, True, names)
            self._bias_train = _each("bias_trainable", bias_trainable, True, names)
            self._bias_shapes = {
                name: BiasShape.of(shape)
                for name, shape in _each("bias_shape", bias_shape, "vector", names).items()
            }
            for trainable in self._bias_train.values():
                check_trainable(trainable)
            for name, use in self._bias_use.items():
                if not isinstance(use, bool):
                    raise ValueError(f"use_bias={given!r} is not a bool. Use True or False.")
                chosen = self._bias_shapes[name]
                own = isinstance(bias_shape, Mapping) or not any(self._bias_use.values())
                if not use and own and chosen != BiasShape("vector"):
                    raise ValueError(f"projection {name!r}: {without_bias(chosen)}")
        self._bias_given = {
            "use_bias": _plain(given),
            "bias_shape": _plain(bias_shape, lambda shape: BiasShape.of(shape).as_config()),
            "bias_trainable": _plain(bias_trainable),
        }

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Puts the parent's signature on the constructor, for those who read it."""
        super().__init_subclass__(**kwargs)
        parent: Any = super()
        if "__init__" not in vars(cls):
            cls.__init__ = constructor(  # type: ignore[method-assign]
                AttentionBiasMixin, parent.__init__
            )

    def __setattr__(self, name: str, value: Any) -> None:
        """As the parent; a projection of Keras's is kept as one of ours."""
        projection = PROJECTIONS.get(name)
        if projection is not None and isinstance(value, keras.layers.EinsumDense):
            value = self._with_choice(projection, value)
        super().__setattr__(name, value)

    def build(self, query_shape: Any, value_shape: Any, key_shape: Any = None) -> None:
        """Builds the projections, each with its bias."""
        self._query_sizes = tuple(query_shape)[1:-1]
        with self._speaking_of_projections():
            super().build(query_shape, value_shape, key_shape)

    def get_config(self) -> dict[str, Any]:
        """The parent's config with `bias_shape` and `bias_trainable`, and `use_bias` as given."""
        return {**super().get_config(), **self._bias_given}

    @property
    def bias_shape(self) -> Any:
        """As it was given: for all projections, or for each by its name."""
        shape = self._bias_given["bias_shape"]
        return tuple(shape) if isinstance(shape, list) else shape

    @property
    def bias_trainable(self) -> Any:
        """As it was given: for all projections, or for each by its name."""
        return self._bias_given["bias_trainable"]

    @staticmethod
    def _projections(arguments: Mapping[str, Any]) -> tuple[str, ...]:
        """The projections of a layer of these arguments."""
        names = ("query", "key", "value", "output")
        return (*names, "gate") if arguments.get("use_gate") else names

    def _with_choice(self, name: str, given: Any) -> EinsumDense:
        """The projection with the bias that was chosen for it."""
        use = self._bias_use[name]
        arguments = arguments_of(given)
        layer = EinsumDense(
            **{**arguments, "bias_axes": arguments["bias_axes"] if use else None},
            bias_shape=self._bias_shapes[name].spec if use else "vector",
            bias_trainable=self._bias_train[name],
        )
        if name == "output":
            layer.leading_sizes = self._query_sizes
        return layer

    @contextmanager
    def _named(self) -> Iterator[None]:
        try:
            yield
        except ValueError as error:
            raise ValueError(f"Layer {self.name!r}: {error}") from None

    @contextmanager
    def _speaking_of_projections(self) -> Iterator[None]:
        """Says of which layer a projection is, where a message names the projection only."""
        try:
            yield
        except ValueError as error:
            said = str(error)
            for name in ("query", "key", "value", "gate", "attention_output"):
                if said.startswith(f"Layer {name!r}: "):
                    rest = said.removeprefix(f"Layer {name!r}: ")
                    name = "output" if name == "attention_output" else name
                    said = f"Layer {self.name!r}: projection {name!r}: {rest}"
                    raise ValueError(said) from None
            raise


def _each(option: str, given: Any, default: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """The option for each projection: the same for all, or by the projection's name."""
    if not isinstance(given, Mapping):
        return dict.fromkeys(names, given)
    for name in given:
        if name not in names:
            listed = ", ".join(map(repr, names))
            raise ValueError(
                f"{option}={dict(given)!r} names the projection {name!r}, which this layer does "
                f"not have. Use {listed}."
            )
    return {name: given.get(name, default) for name in names}


def _plain(given: Any, one: Any = lambda value: value) -> Any:
    """The option in the types of a configuration."""
    if isinstance(given, Mapping):
        return {name: one(value) for name, value in given.items()}
    return one(given)


@keras.saving.register_keras_serializable(package="keras_bias")
class MultiHeadAttention(
    AttentionBiasMixin,
    keras.layers.MultiHeadAttention,  # type: ignore[misc]  # Keras has no types
):
    """Multi-head attention whose projections have a bias each, or none, of any shape.

    A bias of the key is added to all scores of a query alike, and the softmax takes it out again:
    it can be left out without any loss.

    >>> layer = MultiHeadAttention(2, 4, use_bias={"key": False}, bias_shape={"query": "scalar"})
    >>> layer.build((None, 7, 3), (None, 7, 3))
    >>> for weight in layer.weights:
    ...     print(weight.path.split("/", 1)[1], tuple(weight.shape))
    query/kernel (3, 2, 4)
    query/bias (1,)
    key/kernel (3, 2, 4)
    value/kernel (3, 2, 4)
    value/bias (2, 4)
    attention_output/kernel (2, 4, 3)
    attention_output/bias (3,)

    A bias per head is the tuple `(None, 1)`, since a projection is `(batch, time, head, size)`:

    >>> layer = MultiHeadAttention(2, 4, bias_shape={"value": (None, 1)})
    >>> layer.build((None, 7, 3), (None, 7, 3))
    >>> tuple(layer.value_dense.bias.shape)
    (2, 1)

    `use_bias`, `bias_shape` and `bias_trainable` are one value for all projections, or a dict by
    their names, "query", "key", "value", "output" and, with `use_gate`, "gate"; a name that is
    left out has the default.

    Args:
        *args: as in `keras.layers.MultiHeadAttention`.
        use_bias: whether there are biases.
        bias_shape: "vector" (one bias per head and unit, as Keras has it), "scalar" (one),
            "location" (one per time step), "untied" (one per time step, head and unit), or a
            tuple, right-aligned to the projection's output without batch: 1 where the bias is
            shared along the axis, None for one bias per index, k for k equal consecutive blocks.
        bias_trainable: whether training changes the biases.
        **kwargs: as in `keras.layers.MultiHeadAttention`.

    Raises:
        ValueError: if a projection or a shape is none, or a shape is given to a projection without
            a bias; in `build`, if the output has no such bias.

    Input shape:
        Query `(batch, target, ..., features)`, value and key `(batch, source, ..., features)`.

    Output shape:
        `(batch, target, ..., features)`, or `output_shape` in place of the features.
    """


# Keras's class has this name, by which its weights lie in a file, and is exported under the other.
@keras.saving.register_keras_serializable(package="keras_bias", name="GroupQueryAttention")
class GroupedQueryAttention(
    AttentionBiasMixin,
    keras.layers.GroupQueryAttention,  # type: ignore[misc]  # Keras has no types
):
    """Grouped-query attention whose projections have a bias each, or none, of any shape.

    >>> layer = GroupQueryAttention(4, 6, 2, bias_shape={"query": "scalar", "output": "untied"})
    >>> layer.build((None, 7, 3), (None, 7, 3))
    >>> tuple(layer._query_dense.bias.shape), tuple(layer._output_dense.bias.shape)
    ((1,), (7, 3))

    `use_bias`, `bias_shape` and `bias_trainable` are one value for all projections, or a dict by
    their names, "query", "key", "value", "output" and, with `use_gate`, "gate"; a name that is
    left out has the default.

    Args:
        *args: as in `keras.layers.GroupQueryAttention`.
        use_bias: whether there are biases.
        bias_shape: as in `MultiHeadAttention`.
        bias_trainable: whether training changes the biases.
        **kwargs: as in `keras.layers.GroupQueryAttention`.

    Raises:
        ValueError: if a projection or a shape is none, or a shape is given to a projection without
            a bias; in `build`, if the output has no such bias.

    Input shape:
        Query `(batch, target, features)`, value and key `(batch, source, features)`.

    Output shape:
        `(batch, target, features)`.
    """


GroupQueryAttention = GroupedQueryAttention
