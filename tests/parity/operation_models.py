"""Operations of `keras.ops` between layers: each of them, on numbers that it is defined for.

A case is a function of symbolic tensors. Cases on the same kind of numbers go into one model, each
flattened into columns of its one output, so that gradients and a training step are compared too.
"""

import warnings
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import keras
import numpy as np
from keras import layers as kl
from keras import ops
from parity.row import Array, Row

from keras_bias import layers as bias_layers

Case = Callable[[Any, Any], Any]
"""What is made of two tensors (batch, 3, 4)."""

_ROWS = np.asarray([[0.5, -1.0, 2.0, 0.25], [3.0, 1.5, -0.5, 1.0]], np.float32)

ELEMENTWISE: dict[str, Case] = {
    "python operators": lambda x, y: 1.5 - (2.0 * x + y / 3 - (x - 1) * y) / -4.0,
    "a power": lambda x, y: x**2 + x**3,
    "negative": lambda x, y: -x,
    "absolute": lambda x, y: abs(x) + ops.absolute(y),
    "a constant": lambda x, y: x * np.asarray([1, 2, 3, 4], "float32") + _ROWS[0, 1],
    "mod": lambda x, y: x % 0.7 + ops.mod(-0.3, y + 3.0),
    "fmod": lambda x, y: ops.fmod(x, 0.7),
    "floor divide": lambda x, y: x // 0.7 + y,
    "maximum": lambda x, y: ops.maximum(x, y) + ops.minimum(x, 0.3),
    "maximum stretched": lambda x, y: ops.maximum(x, y[:, :1]) + ops.minimum(x[:, :, :1], y),
    "sums of exponents stretched": lambda x, y: ops.logaddexp(x, y[:, :1]) + ops.fmax(x, y[:, :1]),
    "fmax": lambda x, y: ops.fmax(x, y) + ops.fmin(x, 0.3),
    "where": lambda x, y: ops.where(x > y, x, y * 2) + ops.where(ops.isnan(x), 0.0, x),
    "where stretched": lambda x, y: ops.where(x[:, :1] > 0.0, x, y[:, :, :1]),
    "where, never": lambda x, y: ops.where(ops.equal(x, np.inf), -np.inf, x),
    "comparisons": lambda x, y: ops.cast(
        ops.stack([x > y, x >= y, x < y, x <= y, ops.equal(x, x), ops.not_equal(x, y)]), "float32"
    )[0],
    "logic": lambda x, y: (
        ops.cast(ops.logical_and(x > 0, y > 0), "float32")
        + ops.cast(ops.logical_or(x > 0, y > 0), "float32") * 2
        + ops.cast(ops.logical_xor(x > 0, y > 0), "float32") * 4
        + ops.cast(ops.logical_not(x), "int32")
    ),
    "truths into a layer": lambda x, y: x > y,
    "whole numbers into a layer": lambda x, y: ops.cast(x * 10, "int32"),
    "arithmetic of truths": lambda x, y: (x > 0) * (y > 0) + ops.add(x > 0, y > 0),
    "clip": lambda x, y: ops.clip(x, -0.5, 0.75),
    "sign": lambda x, y: ops.sign(x) * x,
    "rounded": lambda x, y: ops.floor(x) + ops.ceil(y) + ops.round(x * 3) + ops.trunc(y * 2),
    "divided": lambda x, y: ops.divide(x, y + 3.0) + ops.cast(ops.isreal(x), "float32"),
    "rounded to tenths": lambda x, y: ops.round(x, 1),
    "square": lambda x, y: ops.square(x) + ops.cbrt(y + 9.0),
    "exponents": lambda x, y: ops.exp(x) + ops.exp2(y) + ops.expm1(x),
    "waves": lambda x, y: ops.sin(x) + ops.cos(y) + ops.tan(x * 0.3) + ops.sinc(y),
    "hyperbolic": lambda x, y: ops.sinh(x) + ops.cosh(y) + ops.tanh(x),
    "inverse": lambda x, y: ops.arctan(x) + ops.arcsinh(y) + ops.arctan2(x, y),
    "hypot": lambda x, y: ops.hypot(x, y) + ops.logaddexp(x, y) + ops.logaddexp2(x, y),
    "degrees": lambda x, y: ops.deg2rad(x) + ops.rad2deg(y),
    "error function": lambda x, y: ops.erf(x) + ops.erfc(y),
    "reciprocal": lambda x, y: ops.reciprocal(x + 9.0) + ops.divide_no_nan(x, y),
    "divided by zero": lambda x, y: ops.divide_no_nan(x, ops.relu(y)),
    "finite": lambda x, y: ops.cast(ops.isfinite(x), "float32") + ops.nan_to_num(y),
    "infinite": lambda x, y: ops.logical_or(ops.isinf(x), ops.isposinf(y)),
    "infinite below": lambda x, y: ops.logical_or(ops.isneginf(x), ops.signbit(y)),
    "near": lambda x, y: ops.isclose(x, x + 1e-9),
    "heaviside": lambda x, y: ops.heaviside(x, y) + ops.angle(y),
    "real": lambda x, y: ops.real(x) + ops.conj(y) + ops.imag(x),
    "power of two": lambda x, y: ops.ldexp(x, ops.cast(y * 3, "int32")),
    "select": lambda x, y: ops.select([x > 1.0, x > 0.0], [x, y], 0.5),
    "stopped": lambda x, y: ops.stop_gradient(x) * y,
    "like": lambda x, y: ops.zeros_like(x) + ops.ones_like(y) + ops.full_like(x, 2.5),
}

ACTIVATIONS: dict[str, Case] = {
    "relu": lambda x, y: ops.relu(x) + ops.relu6(y * 5),
    "relu with options": lambda x, y: keras.activations.relu(
        x, negative_slope=0.1, max_value=0.8, threshold=0.2
    ),
    "elu": lambda x, y: ops.elu(x, 0.5) + ops.celu(y, 0.7) + ops.selu(x),
    "gelu": lambda x, y: ops.gelu(x) + ops.gelu(y, approximate=False),
    "hard": lambda x, y: ops.hard_sigmoid(x) + ops.hard_silu(y) + ops.hard_tanh(x),
    "shrinks": lambda x, y: ops.hard_shrink(x, 0.3) + ops.soft_shrink(y, 0.3) + ops.tanh_shrink(x),
    "leaky": lambda x, y: ops.leaky_relu(x, 0.3) + ops.threshold(y, 0.2, -1.0),
    "sigmoid": lambda x, y: ops.sigmoid(x) + ops.log_sigmoid(y) + ops.silu(x),
    "softplus": lambda x, y: ops.softplus(x) + ops.softsign(y) + ops.squareplus(x, b=3),
    "sparse": lambda x, y: ops.sparse_plus(x) + ops.sparse_sigmoid(y),
    "sparsemax": lambda x, y: ops.sparsemax(x, axis=1),
    "softmax": lambda x, y: ops.softmax(x) + ops.softmax(y, axis=1),
    "softmax of two": lambda x, y: ops.softmax(x, axis=(1, 2)) + ops.log_softmax(y, axis=1),
    "glu": lambda x, y: ops.glu(x) + ops.glu(y, axis=-1),
    "normalized": lambda x, y: ops.normalize(x) + ops.normalize(y, axis=1, order=1),
    "normalized by 3": lambda x, y: ops.normalize(x + 5.0, order=3),
    "layer norm": lambda x, y: ops.layer_normalization(x),
    "rms norm": lambda x, y: ops.rms_normalization(x, scale=_ROWS[0]),
    "batch norm": lambda x, y: ops.batch_normalization(
        x, _ROWS[0], np.abs(_ROWS[1]), axis=-1, offset=_ROWS[1], scale=_ROWS[0]
    ),
    "attention": lambda x, y: ops.dot_product_attention(
        *(ops.reshape(each, (-1, 3, 2, 2)) for each in (x, y, x + y))
    ),
    "causal attention": lambda x, y: ops.dot_product_attention(
        *(ops.reshape(each, (-1, 3, 2, 2)) for each in (x, y, x)), is_causal=True, scale=0.3
    ),
    "masked attention": lambda x, y: ops.dot_product_attention(
        *(ops.reshape(each, (-1, 3, 2, 2)) for each in (x, y, x)),
        mask=(x @ ops.transpose(y, (0, 2, 1)))[:, None] > -1.0,
    ),
    "losses": lambda x, y: ops.binary_crossentropy(ops.sigmoid(x), ops.sigmoid(y)),
    "losses from logits": lambda x, y: ops.binary_crossentropy(ops.sigmoid(x), y, from_logits=True),
    "classes": lambda x, y: ops.categorical_crossentropy(ops.softmax(x), ops.softmax(y)),
    "classes from logits": lambda x, y: ops.categorical_crossentropy(
        ops.softmax(x), y, from_logits=True
    ),
}

REDUCTIONS: dict[str, Case] = {
    "sum": lambda x, y: ops.sum(x, axis=-1) + ops.sum(y, axis=(1, 2))[:, None],
    "mean": lambda x, y: ops.mean(x, axis=1, keepdims=True) * y,
    "max": lambda x, y: ops.max(x, axis=2) - ops.min(y, axis=-1),
    "of all": lambda x, y: x - ops.mean(x) + ops.max(y) - ops.sum(y),
    "prod": lambda x, y: ops.prod(x, axis=-1),
    "spread": lambda x, y: ops.std(x, axis=1) + ops.var(y, axis=1),
    "moments": lambda x, y: ops.subtract(*ops.moments(x, axes=[1])),
    "log of a sum": lambda x, y: ops.logsumexp(x, axis=-1) + ops.logsumexp(y, axis=-1),
    "any": lambda x, y: ops.logical_or(ops.any(x > 0.8, axis=-1), ops.all(y > 0.0, axis=-1)),
    "argmax": lambda x, y: ops.argmax(x, axis=-1) + ops.argmin(y, axis=2),
    "argmax kept": lambda x, y: ops.argmax(x, axis=1, keepdims=True) * 1.5,
    "counted": lambda x, y: ops.count_nonzero(ops.relu(x), axis=-1),
    "average": lambda x, y: ops.average(x, axis=1),
    "running": lambda x, y: ops.cumsum(x, axis=1) + ops.cumprod(y, axis=-1),
    "differences": lambda x, y: ops.diff(x, axis=-1) + ops.diff(y, axis=2),
    "second differences": lambda x, y: ops.diff(x, n=2, axis=1),
    "sorted": lambda x, y: ops.sort(x, axis=-1) + ops.sort(y, axis=1),
    "order": lambda x, y: ops.argsort(x, axis=-1),
    "best": lambda x, y: ops.top_k(x, 2)[0],
    "places of the best": lambda x, y: ops.top_k(x, 2)[1],
    "median": lambda x, y: ops.median(x, axis=-1) + ops.quantile(y, 0.3, axis=-1),
    "quantiles": lambda x, y: ops.moveaxis(ops.quantile(x, [0.1, 0.9], axis=1), 0, -1),
    "percentile": lambda x, y: ops.percentile(x, 30.0, axis=-1),
    "percentiles": lambda x, y: ops.moveaxis(ops.percentile(x, [25, 60], axis=1), 0, -1),
    "products of all": lambda x, y: x * ops.vdot(x, y),
    "segments": lambda x, y: (
        ops.segment_sum(x, ops.cast(x[:, 0, 0] > 0, "int32"), num_segments=3)[:1, :] + y
    ),
    "range": lambda x, y: ops.ptp(x, axis=-1),
    "norm": lambda x, y: ops.norm(x, axis=-1) + ops.norm(y, ord=1, axis=-1),
    "norms": lambda x, y: ops.norm(x, ord=np.inf, axis=-1) + ops.norm(y, ord=3, axis=-1),
    "norm of matrices": lambda x, y: ops.norm(x, axis=(1, 2)),
    "of numbers only": lambda x, y: ops.nansum(x, axis=-1) + ops.nanmean(y, axis=-1),
    "spread of numbers only": lambda x, y: ops.nanmax(x, axis=-1) + ops.nanvar(y, axis=-1),
    "least of numbers only": lambda x, y: ops.nanmin(x, axis=-1) + ops.nanstd(y, axis=-1),
    "product of numbers only": lambda x, y: ops.nanprod(x, axis=-1),
}

ARRANGEMENTS: dict[str, Case] = {
    "reshape": lambda x, y: ops.reshape(x, (-1, 12)),
    "reshape more": lambda x, y: ops.reshape(x, (-1, 2, 2, 3)),
    "transpose": lambda x, y: ops.transpose(x, (0, 2, 1)),
    "swapped": lambda x, y: ops.swapaxes(x, 1, -1) + ops.moveaxis(y, 2, 1),
    "expanded": lambda x, y: ops.expand_dims(x, (1, -1)),
    "squeezed": lambda x, y: ops.squeeze(ops.expand_dims(x, 2), 2),
    "first step": lambda x, y: x[:, 0],
    "last step": lambda x, y: x[:, -1],
    "some": lambda x, y: x[:, 1:, ::2] + y[:, :2, :2],
    "backwards": lambda x, y: x[:, ::-1, -1::-2],
    "axes": lambda x, y: x[..., None, 1:3],
    "one number": lambda x, y: x[:, 1, 2],
    "flipped": lambda x, y: ops.fliplr(x) + ops.flipud(y),
    "stacked": lambda x, y: ops.dstack([x, y]),
    "stacked samples": lambda x, y: ops.vstack([x, y])[2:, :] + y,
    "parted": lambda x, y: ops.hsplit(x, [1])[1] + ops.dsplit(y, 2)[0][:, :2, :1],
    "of all in a row": lambda x, y: (
        y
        + ops.take(x, 5)
        + ops.repeat(x, 2)[3]
        + ops.append(x, y)[4]
        + ops.cumsum(x)[2]
        + ops.argsort(x, axis=None)[0]
        + ops.sum(ops.sort(x, axis=None))
        + ops.take_along_axis(x, ops.argsort(y, axis=None), axis=None)[1]
        + ops.roll(x, 2) * ops.argmax(x, keepdims=True)
    ),
    "moved": lambda x, y: ops.moveaxis(x[:, None], (1, -1), (2, 1)),
    "in a row": lambda x, y: ops.max(ops.ravel(x), axis=0) + y,
    "flip": lambda x, y: ops.flip(x, axis=1) + ops.flip(y, axis=(1, 2)),
    "roll": lambda x, y: ops.roll(x, 1, axis=1) + ops.roll(y, -5, axis=2),
    "roll of axes": lambda x, y: ops.roll(x, (1, -1), axis=(1, 2)) + ops.roll(y, 2, axis=(-1, 1)),
    "turn": lambda x, y: ops.rot90(x, k=1, axes=(1, 2)),
    "turns": lambda x, y: ops.rot90(x, k=3, axes=(2, 1)),
    "tile": lambda x, y: ops.tile(x, (1, 2, 3)),
    "repeat": lambda x, y: ops.repeat(x, 3, axis=1),
    "broadcast": lambda x, y: ops.broadcast_to(x[:1, :, :1], (1, 3, 5)) + y[:, :, :1],
    "stack": lambda x, y: ops.stack([x, y], axis=1),
    "stack behind": lambda x, y: ops.stack([x, y], axis=-1),
    "concatenate": lambda x, y: ops.concatenate([x, y, x], axis=1),
    "concatenate behind": lambda x, y: ops.concatenate([x, y], axis=-1),
    "append": lambda x, y: ops.append(x, y, axis=2),
    "hstack": lambda x, y: ops.hstack([x, y]),
    "split": lambda x, y: ops.split(x, 2, axis=-1)[1] + ops.split(y, [1, 3], axis=-1)[1],
    "array split": lambda x, y: ops.array_split(x, 3, axis=2)[0],
    "unstack": lambda x, y: ops.unstack(x, axis=1)[2] * ops.unstack(y, axis=1)[0],
    "pad": lambda x, y: ops.pad(x, [(0, 0), (1, 2), (0, 1)]),
    "pad with a number": lambda x, y: ops.pad(x, [(0, 0), (1, 1), (2, 0)], constant_values=1.5),
    "pad mirrored": lambda x, y: ops.pad(x, [(0, 0), (1, 2), (3, 0)], mode="reflect"),
    "pad symmetric": lambda x, y: ops.pad(x, [(0, 0), (1, 2), (3, 0)], mode="symmetric"),
    "triangle": lambda x, y: ops.tril(x) + ops.triu(y, k=1) + ops.tril(y, k=-1),
    "diagonal": lambda x, y: ops.diagonal(x, axis1=1, axis2=2),
    "second diagonal": lambda x, y: ops.diagonal(x, offset=1, axis1=1, axis2=2),
    "trace": lambda x, y: ops.trace(x, axis1=1, axis2=2)[:, None],
    "take": lambda x, y: ops.take(x, [2, 0, -1], axis=1),
    "take one": lambda x, y: ops.take(x, 1, axis=2),
    "take by tensor": lambda x, y: ops.take(
        np.asarray([[1.0, 2], [3, 4], [5, 6]], "float32"), ops.argmax(x, axis=1) % 3, axis=0
    ),
    "take along": lambda x, y: ops.take_along_axis(x, ops.argsort(y, axis=1), axis=1),
    "one hot": lambda x, y: ops.one_hot(ops.argmax(x, axis=1), 5) * 1.0,
    "one hot first": lambda x, y: ops.one_hot(ops.argmax(x, axis=1), 3, axis=1),
    "multi hot": lambda x, y: ops.multi_hot(ops.argmax(x, axis=1), 5),
    "slice update": lambda x, y: ops.slice_update(x, (0, 1, 1), y[:, :2, :3]),
    "typed": lambda x, y: ops.cast(ops.cast(x * 3, "int32"), "float32") * y,
    "tensors": lambda x, y: ops.convert_to_tensor(x) + ops.copy(y),
    "mesh": lambda x, y: ops.meshgrid(x[0, 0], y[0, 0])[0] + x[:, 1:, None],
}


def _tensordot(x: Any, y: Any) -> Any:
    """Of the last axes. Keras's own code for it is deprecated in Python."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return ops.tensordot(x, y, axes=[[2], [-1]])


PRODUCTS: dict[str, Case] = {
    "matmul": lambda x, y: x @ ops.transpose(y, (0, 2, 1)),
    "matmul with a constant": lambda x, y: x @ _ROWS.T,
    "matmul of vectors": lambda x, y: ops.matmul(x, _ROWS[0]),
    "matmul stretched": lambda x, y: ops.matmul(x[:, None], ops.swapaxes(y, 1, 2)[:, None]),
    "dot": lambda x, y: ops.dot(x, _ROWS.T),
    "einsum": lambda x, y: ops.einsum("btD,bsD->bts", x, y),
    "einsum of one": lambda x, y: ops.einsum("btd->bd", x),
    "einsum of three": lambda x, y: ops.einsum("btd,bsd,sd->bt", x, y, np.ones((3, 4), "float32")),
    "einsum with dots": lambda x, y: ops.einsum("...td,...sd->...ts", x, y),
    "tensordot": lambda x, y: ops.tensordot(x, _ROWS.T, axes=1),
    "tensordot by axes": lambda x, y: _tensordot(x, _ROWS),
    "dot with a vector": lambda x, y: ops.dot(x, _ROWS[0]) + ops.inner(y, _ROWS[1]),
    "inner": lambda x, y: ops.inner(x, _ROWS),
    "outer": lambda x, y: ops.outer(x[:, 0, 0], _ROWS[0]),
    "cross": lambda x, y: ops.cross(x[..., :3], y[..., 1:]),
    "waves": lambda x, y: ops.subtract(*ops.fft((x, y))),
    "waves in a plane": lambda x, y: ops.add(*ops.fft2((x, y))),
    "waves back": lambda x, y: ops.add(*ops.ifft2((x, y))),
    "half of the waves": lambda x, y: ops.add(*ops.rfft(x)),
    "waves to numbers": lambda x, y: ops.irfft((x, y)),
    "waves to five numbers": lambda x, y: ops.irfft((x, y), fft_length=5),
    "more waves": lambda x, y: ops.add(*ops.rfft(x, fft_length=6)),
}

POSITIVE: dict[str, Case] = {
    "logarithms": lambda x, y: ops.log(x) + ops.log2(y) + ops.log10(x) + ops.log1p(y),
    "roots": lambda x, y: ops.sqrt(x) + ops.rsqrt(y),
    "power": lambda x, y: x**y + ops.power(x, 1.5),
    "a number to the power": lambda x, y: 2.0**x,
    "arccosh": lambda x, y: ops.arccosh(x + 1.5),
    "whole": lambda x, y: ops.cast(x * 3, "int32") // 2 + ops.cast(y * 5, "int32") % 3,
    "whole halves": lambda x, y: ops.cast(x * 3, "int32") / 2,
    "far": lambda x, y: ops.cdist(x, y + 3.0),
}

SMALL: dict[str, Case] = {
    "arcs": lambda x, y: ops.arcsin(x) + ops.arccos(y) + ops.arctanh(x),
}

IMAGES: dict[str, Case] = {
    "resized": lambda x, y: ops.image.resize(x, (3, 5)),
    "resized by the nearest": lambda x, y: ops.image.resize(x, (7, 2), interpolation="nearest"),
    "resized smoothly": lambda x, y: ops.image.resize(
        x, (2, 7), interpolation="bicubic", antialias=True
    ),
    "gray": lambda x, y: ops.image.rgb_to_grayscale(x),
    "patches": lambda x, y: ops.image.extract_patches(x, (2, 2)),
    "patches that overlap": lambda x, y: ops.image.extract_patches(
        x, (2, 3), strides=(1, 2), padding="same"
    ),
    "cropped": lambda x, y: ops.image.crop_images(
        x, top_cropping=1, left_cropping=1, target_height=2, target_width=3
    ),
    "padded": lambda x, y: ops.image.pad_images(
        x, top_padding=1, left_padding=0, target_height=6, target_width=7
    ),
    "depth to space": lambda x, y: ops.depth_to_space(ops.concatenate([x, y, x, y], -1), 2),
    "space to depth": lambda x, y: ops.space_to_depth(x, 2),
    "space to depth, channels first": lambda x, y: ops.depth_to_space(
        ops.space_to_depth(ops.transpose(x, (0, 3, 1, 2)), 2, data_format="channels_first"),
        2,
        data_format="channels_first",
    ),
    "convolved": lambda x, y: ops.conv(
        x, np.linspace(-1, 1, 2 * 2 * 3 * 2, dtype="float32").reshape(2, 2, 3, 2), padding="same"
    ),
    "convolved in depth": lambda x, y: ops.depthwise_conv(
        x, np.linspace(-1, 1, 2 * 2 * 3, dtype="float32").reshape(2, 2, 3, 1)
    ),
    "convolved apart": lambda x, y: ops.separable_conv(
        x,
        np.linspace(-1, 1, 2 * 2 * 3, dtype="float32").reshape(2, 2, 3, 1),
        np.linspace(-1, 1, 6, dtype="float32").reshape(1, 1, 3, 2),
    ),
    "pooled": lambda x, y: (
        ops.average_pool(x, 2, strides=2)
        + ops.max_pool(y, (2, 2), strides=(2, 2), data_format="channels_last")
    ),
}


def columns(cases: Mapping[str, Case], shape: tuple[int, ...] = (3, 4)) -> keras.Model:
    """A model of all cases, side by side in its output."""
    inputs = keras.Input(shape)
    x = bias_layers.Bias("untied", name="x")(inputs)
    y = bias_layers.Bias("vector", name="y")(inputs * 0.5)
    made = [case(x, y) for case in cases.values()]
    flat = [kl.Reshape((-1,))(each) for each in made]
    model = keras.Model(inputs, kl.Concatenate()(flat))
    return mended(model)


def mended(model: keras.Model) -> keras.Model:
    """The model, whose operations Keras can run on JAX: axes in lists stop it there."""
    for operation in model.operations:
        if isinstance(getattr(operation, "axis", None), list):
            operation.axis = tuple(operation.axis)
    return model


def numbers(low: float, high: float, *shape: int) -> list[Array]:
    """Input between two numbers."""
    random = np.random.default_rng(5)
    return [random.uniform(low, high, (2, *shape)).astype("float32")]


GROUPS: dict[str, tuple[Mapping[str, Case], tuple[int, ...], float, float]] = {
    "elementwise": (ELEMENTWISE, (3, 4), -2, 2),
    "activations": (ACTIVATIONS, (3, 4), -2, 2),
    "reductions": (REDUCTIONS, (3, 4), -2, 2),
    "arrangements": (ARRANGEMENTS, (3, 4), -2, 2),
    "products": (PRODUCTS, (3, 4), -2, 2),
    "positive": (POSITIVE, (3, 4), 3, 5),
    "small": (SMALL, (3, 4), -0.2, 0.2),
    "images": (IMAGES, (4, 6, 3), -2, 2),
}


def of_two_samples() -> keras.Model:
    """What Keras knows for a known number of samples only."""
    inputs = keras.Input(batch_shape=(2, 6, 4))
    x = bias_layers.Bias("untied", name="x")(inputs)
    parts = ops.slice(x, (0, 1, 1), (2, 2, 3))
    half = x + ops.vsplit(x, 2)[1]
    return keras.Model(inputs, [ops.rearrange(half, "b T C -> b (C T)"), parts])


ROWS = [
    Row(
        f"operations_{name}",
        partial(columns, cases, shape),
        "each of them",
        numbers(low, high, *shape),
    )
    for name, (cases, shape, low, high) in GROUPS.items()
] + [Row("operations_of_two_samples", of_two_samples, "shapes in full", numbers(-2, 2, 6, 4))]
