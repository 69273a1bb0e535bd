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
from collections.abc import Callable
from typing import Any

from keras import backend, ops

from keras_bias.layers.choice import BiasChoice, constructor
from keras_bias.shape import Resolved

Tensor = Any


class Unbiased:
    """A view of a layer that has no bias and no activation, and is that layer in all else.

    Methods found through it are bound to it, so the parent's `_int8_call` sees no bias either. It
    cannot be assigned to: a parent that keeps something during its call fails loudly.
    """

    use_bias = False
    bias = None
    activation = None

    def __init__(self, layer: Any) -> None:
        self.__dict__["_layer"] = layer

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"a view of layer {self._layer.name!r} takes no {name!r}")

    @property  # type: ignore[misc]  # a read-only __class__, for `isinstance` and `super()`
    def __class__(self) -> type:
        return type(self._layer)

    def __getattr__(self, name: str) -> Any:
        if name == "_layer":  # PyTorch's compiler looks at one that is not filled yet
            raise AttributeError(name)
        value = getattr(self._layer, name)
        if inspect.ismethod(value) and value.__self__ is self._layer:
            return types.MethodType(value.__func__, self)
        return value


class BiasMixin(BiasChoice):
    """Gives the Keras layer class beside it `bias_shape` and `bias_trainable`.

    For a class whose `build` adds one weight named "bias" and whose `call` adds it and applies
    `self.activation`, each unless it is None. Listed before that class.

    Args:
        bias_shape: a name, or a tuple right-aligned to the output without batch; see `BiasShape`.
        bias_trainable: whether training changes the bias.
    """

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Puts the bias on what the parent computes, under the parent's own signatures.

        Keras reads these: a `call` without `training` in its signature is never told of it.
        """
        super().__init_subclass__(**kwargs)
        if BiasMixin not in cls.__bases__:
            return
        parent: Any = super(BiasChoice, cls)
        for name, method in {
            "__init__": constructor(BiasMixin, parent.__init__),
            "call": _finished(parent.call),
            "quantized_call": _finished(parent.quantized_call),
        }.items():
            if name not in vars(cls):
                setattr(cls, name, method)

    def build(self, input_shape: Any) -> None:
        """Settles the bias's shape, then builds as the parent does."""
        if self._has_bias():
            with self._named():
                sizes = self._output_sizes(input_shape)
                resolved = self._bias_shape.resolve(
                    sizes, self._channel_axis(), self._bias_groups(input_shape)
                )
            self._bias_sizes, self._bias_resolved = sizes, resolved
        # Made here, since PyTorch's compiler follows only an object that was there before; and kept
        # out of Keras's sight, which would take it for a layer inside this one, and save it too: it
        # passes over names like this.
        self.__dict__["__unbiased__"] = Unbiased(self)
        super().build(input_shape)

    def quantize(self, mode: Any = None, type_check: bool = True, **kwargs: Any) -> Any:
        """As the parent, which takes classes other than itself only without its type check."""
        ours = BiasMixin in type(self).__bases__
        return super().quantize(mode, type_check=type_check and not ours, **kwargs)

    def _output_sizes(self, input_shape: Any) -> tuple[int | None, ...]:
        """The output's shape without the batch; None where a size is unknown."""
        return tuple(self.compute_output_shape(input_shape))[1:]

    def _bias_groups(self, input_shape: Any) -> int | None:
        """Number of equal blocks of channels that "group" tells apart; None without any."""
        groups: int | None = getattr(self, "groups", None)
        return groups

    def _channel_axis(self) -> int | tuple[int, ...]:
        """The axis or the axes of units or channels in the output without batch."""
        return 0 if getattr(self, "data_format", None) == "channels_first" else -1

    def _with_bias(self, x: Tensor) -> Tensor:
        """`x` with the bias and the activation, if there are any."""
        if self.bias is not None:
            self._check_size(x)
            bias = ops.convert_to_tensor(self.bias)
            if backend.standardize_dtype(bias.dtype) == "float64":
                x = ops.cast(x, bias.dtype)  # on PyTorch, Keras multiplies float64 as float32
            bias = ops.cast(bias, x.dtype)
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
        return self._with_bias(compute(self.__unbiased__, *args, **kwargs))

    return call
