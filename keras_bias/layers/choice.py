"""The choice of a bias: the two arguments more that every layer with a bias here takes.

What is done with them is `mixin.py`'s for layers that compute at once, and `recurrent_mixin.py`'s
for cells that compute step by step.
"""

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from keras_bias.shape import BiasShape, Resolved

if TYPE_CHECKING:
    Layer = Any  # a mixin's methods call those of the Keras layer beside it
else:
    Layer = object


class BiasChoice(Layer):  # type: ignore[misc]  # Keras has no types
    """A layer's `bias_shape` and `bias_trainable`, and the variable that is made of them.

    For a class whose `build` adds one weight named "bias", beside that class and before it. A
    subclass settles `_bias_resolved` before that.
    """

    _bias_resolved: Resolved

    def __init__(
        self, *args: Any, bias_shape: Any = "vector", bias_trainable: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        with self._named():
            self._bias_shape = BiasShape.of(bias_shape)
            check_trainable(bias_trainable)
            if not self._has_bias() and self._bias_shape != BiasShape("vector"):
                raise ValueError(without_bias(self._bias_shape))
        self.bias_trainable = bias_trainable

    @property
    def bias_shape(self) -> str | tuple[int | None, ...]:
        """The name or the tuple of the bias's shape; the shape itself is the variable's."""
        return self._bias_shape.spec

    def add_weight(self, *args: Any, name: str | None = None, **kwargs: Any) -> Any:
        """As the parent; the bias in its own shape.

        A frozen bias is created so, since `layer.trainable = True` would thaw one that was
        switched off later.
        """
        if name == "bias":
            kwargs.update(
                shape=self._bias_resolved.stored,
                trainable=self.bias_trainable,
                initializer=self._initial_bias(kwargs["initializer"]),
            )
        return super().add_weight(*args, name=name, **kwargs)

    def load_own_variables(self, store: Any) -> None:
        """As the parent; says what to do with a saved bias of another shape."""
        try:
            super().load_own_variables(store)
        except ValueError as error:
            self._explain_saved_bias(store, error)
            raise

    def get_config(self) -> dict[str, Any]:
        """The parent's config with `bias_shape` and `bias_trainable`."""
        return {
            **super().get_config(),
            "bias_shape": self._bias_shape.as_config(),
            "bias_trainable": self.bias_trainable,
        }

    def _has_bias(self) -> bool:
        return bool(getattr(self, "use_bias", True))

    def _initial_bias(self, parents: Any) -> Any:
        """How the bias starts; `parents` is how the parent would have it."""
        return parents

    def _saved_bias(self) -> Any:
        """The variable, once it is made; None without one."""
        return getattr(self, "bias", None)

    def _explain_saved_bias(self, store: Mapping[str, Any], error: ValueError) -> None:
        """Raises a clearer error if the saved bias is what does not fit."""
        variable = self._saved_bias() if self.built else None
        if variable is None:
            return
        layout: dict[str, Any] = {}
        self.save_own_variables(layout)
        key = next((key for key, value in layout.items() if value is variable), None)
        if key is None or key not in store:
            return
        saved, shape = tuple(store[key].shape), tuple(variable.shape)
        if saved != shape:
            raise ValueError(
                f"Layer {self.name!r}: the saved bias has shape {saved}, but "
                f"bias_shape={self._bias_shape.spec!r} stores shape {shape}. Load the file into a "
                "layer of the saved shape and set this bias from that one with `bias.assign`: "
                "repeated where it was shared, which changes no output, or its mean where it is "
                "to be shared, which is the nearest."
            ) from error

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Puts the layer's name before a message."""
        with named(self.name):
            yield


@contextmanager
def named(layer: str) -> Iterator[None]:
    """Puts the layer's name before the message of a ValueError."""
    try:
        yield
    except ValueError as error:
        raise ValueError(f"Layer {layer!r}: {error}") from None


def check_trainable(value: object) -> None:
    """Refuses a `bias_trainable` that is no bool."""
    if not isinstance(value, bool):
        raise ValueError(f"bias_trainable={value!r} is not a bool. Use True or False.")


def without_bias(shape: BiasShape) -> str:
    """What is wrong with a shape for a bias that is not there."""
    return (
        f"bias_shape={shape.spec!r} is given to a layer with use_bias=False. "
        "Leave one of the two out."
    )


def arguments_of(layer: Any) -> dict[str, Any]:
    """What a layer was made of, its parts as objects: those of a user's own have no name."""
    parts = ("activation", "_initializer", "_regularizer", "_constraint")
    given = {
        key: getattr(layer, key) if key.endswith(parts) else value
        for key, value in layer.get_config().items()
    }
    return {**given, "dtype": layer.dtype_policy}


def constructor(mixin: type[Any], parent: Callable[..., None]) -> Callable[..., None]:
    """The mixin's constructor under the signature of the parent's and two arguments more."""

    @functools.wraps(parent)
    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807 -- it is one
        mixin.__init__(self, *args, **kwargs)

    own = inspect.signature(BiasChoice.__init__).parameters
    *parameters, options = inspect.signature(parent).parameters.values()
    __init__.__signature__ = inspect.Signature(  # type: ignore[attr-defined]  # inspect reads it
        [*parameters, own["bias_shape"], own["bias_trainable"], options]
    )
    return __init__
