"""The one mechanism by which a Keras layer gets a bias of another shape.

`class Dense(BiasMixin, keras.layers.Dense)` is the parent in everything but its bias:

* the parent creates the variable; `add_weight` changes only its shape and whether it is trained;
* the parent computes, with a view of the layer that has no bias and no activation, so that its
  call, quantised or not, gives what comes before them;
* the bias is added, with its own shape, and the activation applied.

No layer is mutated by a call and no code of Keras's is copied, so weight names, their order, files
and LoRA stay the parent's. `keras.ops.add` is not used: on TensorFlow it adds a bias along the
wrong axis where two sizes are equal.
"""

import functools
import inspect
import types
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from keras import ops

from keras_bias.shape import BiasShape, Resolved

Tensor = Any

if TYPE_CHECKING:
    Layer = Any  # the mixin's methods call those of the Keras layer beside it
else:
    Layer = object


class Unbiased:
    """A view of a layer that has no bias and no activation, and is that layer in all else.

    Methods found through it are bound to it, so the parent's `_int8_call` sees no bias either. It
    cannot be assigned to: a parent that keeps something during its call fails loudly.
    """

    __slots__ = ("_layer",)

    use_bias = False
    bias = None
    activation = None

    def __init__(self, layer: Any) -> None:
        self._layer = layer

    @property  # type: ignore[misc]  # a read-only __class__, for `isinstance` and `super()`
    def __class__(self) -> type:
        return type(self._layer)

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._layer, name)
        if inspect.ismethod(value) and value.__self__ is self._layer:
            return types.MethodType(value.__func__, self)
        return value


class BiasMixin(Layer):  # type: ignore[misc]  # Keras has no types
    """Gives the Keras layer class beside it `bias_shape` and `bias_trainable`.

    For a class whose `build` adds one weight named "bias" and whose `call` adds it and applies
    `self.activation`, each unless it is None. Listed before that class.

    Args:
        bias_shape: a name, or a tuple right-aligned to the output without batch; see `BiasShape`.
        bias_trainable: whether training changes the bias.
    """

    def __init__(
        self, *args: Any, bias_shape: Any = "vector", bias_trainable: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        with self._named():
            self._bias_shape = BiasShape.of(bias_shape)
            if not isinstance(bias_trainable, bool):
                raise ValueError(
                    f"bias_trainable={bias_trainable!r} is not a bool. Use True or False."
                )
            if not self._has_bias() and self._bias_shape != BiasShape("vector"):
                raise ValueError(
                    f"bias_shape={self._bias_shape.spec!r} is given to a layer with "
                    "use_bias=False. Leave one of the two out."
                )
        self.bias_trainable = bias_trainable

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Puts the bias on what the parent computes, under the parent's own signatures.

        Keras reads these: a `call` without `training` in its signature is never told of it.
        """
        super().__init_subclass__(**kwargs)
        if BiasMixin not in cls.__bases__:
            return
        parent: Any = super()
        for name, method in {
            "__init__": _constructor(parent.__init__),
            "call": _finished(parent.call),
            "quantized_call": _finished(parent.quantized_call),
        }.items():
            if name not in vars(cls):
                setattr(cls, name, method)

    @property
    def bias_shape(self) -> str | tuple[int | None, ...]:
        """The name or the tuple of the bias's shape; the shape itself is `bias.shape`."""
        return self._bias_shape.spec

    def build(self, input_shape: Any) -> None:
        """Settles the bias's shape, then builds as the parent does."""
        if self._has_bias():
            sizes = tuple(self.compute_output_shape(input_shape))[1:]
            with self._named():
                resolved = self._bias_shape.resolve(
                    sizes, self._channel_axis(), getattr(self, "groups", None)
                )
            self._bias_sizes, self._bias_resolved = sizes, resolved
        super().build(input_shape)

    def add_weight(self, *args: Any, name: str | None = None, **kwargs: Any) -> Any:
        """As the parent; the bias in its own shape.

        A frozen bias is created so, since `layer.trainable = True` would thaw one that was
        switched off later.
        """
        if name == "bias":
            kwargs.update(shape=self._bias_resolved.stored, trainable=self.bias_trainable)
        return super().add_weight(*args, name=name, **kwargs)

    def quantize(self, mode: Any = None, type_check: bool = True, **kwargs: Any) -> Any:
        """As the parent, which takes classes other than itself only without its type check."""
        ours = BiasMixin in type(self).__bases__
        return super().quantize(mode, type_check=type_check and not ours, **kwargs)

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

    def _channel_axis(self) -> int:
        """The axis of units or channels in the output without batch."""
        return 0 if getattr(self, "data_format", None) == "channels_first" else -1

    def _with_bias(self, x: Tensor) -> Tensor:
        """`x` with the bias and the activation, if there are any."""
        if self.bias is not None:
            self._check_size(x)
            bias = ops.cast(ops.convert_to_tensor(self.bias), x.dtype)
            if self.quantization_mode == "float8" and self.compute_dtype == "float32":
                # Keras rounds so as to have the addition fused into the float8 product.
                bias = ops.cast(ops.cast(bias, "bfloat16"), x.dtype)
            x = x + expanded(bias, self._bias_resolved, self._bias_sizes)
        return x if self.activation is None else self.activation(x)

    def _check_size(self, x: Tensor) -> None:
        """Refuses an output that the bias would stretch, or that it would not fit."""
        counts = trimmed(self._bias_resolved.counts)
        built = self._bias_sizes[len(self._bias_sizes) - len(counts) :]
        sizes = tuple(x.shape)[1:]
        fits = len(sizes) >= len(counts) and all(
            n == 1 or size in (None, expected)
            for n, expected, size in zip(
                counts, built, sizes[len(sizes) - len(counts) :], strict=True
            )
        )
        if not fits:
            raise ValueError(
                f"Layer {self.name!r}: bias_shape={self._bias_shape.spec!r} was built for output "
                f"shape {(None, *self._bias_sizes)} and cannot be added to {tuple(x.shape)}. Call "
                "the layer on the size it was built on, or share the bias along the axes that "
                "change."
            )

    def _explain_saved_bias(self, store: Mapping[str, Any], error: ValueError) -> None:
        """Raises a clearer error if the saved bias is what does not fit."""
        if not self.built or getattr(self, "bias", None) is None:
            return
        layout: dict[str, Any] = {}
        self.save_own_variables(layout)
        key = next((key for key, value in layout.items() if value is self.bias), None)
        if key is None or key not in store:
            return
        saved, shape = tuple(store[key].shape), tuple(self.bias.shape)
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
        try:
            yield
        except ValueError as error:
            raise ValueError(f"Layer {self.name!r}: {error}") from None


def trimmed(counts: tuple[int, ...]) -> tuple[int, ...]:
    """`counts` without leading ones, so that a layer may be called on other ranks, as in Keras."""
    shared = next((axis for axis, n in enumerate(counts) if n != 1), len(counts))
    return counts[shared:]


def expanded(bias: Tensor, resolved: Resolved, sizes: tuple[int | None, ...]) -> Tensor:
    """The bias as it is added: an axis for each of the output's, blocks repeated to its size.

    Args:
        bias: values in the stored shape.
        resolved: the shape they are of.
        sizes: the output's shape without batch.
    """
    counts = trimmed(resolved.counts)
    bias = ops.reshape(bias, counts)
    for axis, (n, size) in enumerate(zip(counts, sizes[len(sizes) - len(counts) :], strict=True)):
        if n != 1 and size != n and size is not None:
            bias = ops.repeat(bias, size // n, axis=axis)
    return bias


def _finished(compute: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """`compute` without bias and activation, then with the layer's own."""

    @functools.wraps(compute)
    def call(self: BiasMixin, *args: Any, **kwargs: Any) -> Tensor:
        return self._with_bias(compute(Unbiased(self), *args, **kwargs))

    return call


def _constructor(parent: Callable[..., None]) -> Callable[..., None]:
    """The mixin's constructor under the parent's signature and two arguments more."""

    @functools.wraps(parent)
    def __init__(self: BiasMixin, *args: Any, **kwargs: Any) -> None:  # noqa: N807 -- it is one
        BiasMixin.__init__(self, *args, **kwargs)

    own = inspect.signature(BiasMixin.__init__).parameters
    *parameters, options = inspect.signature(parent).parameters.values()
    __init__.__signature__ = inspect.Signature(  # type: ignore[attr-defined]  # inspect reads it
        [*parameters, own["bias_shape"], own["bias_trainable"], options]
    )
    return __init__
