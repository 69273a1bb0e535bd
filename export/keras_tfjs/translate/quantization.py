"""Quantised weights, as the float32 numbers that they stand for.

Keras's `quantize()` stores whole numbers and scales (keras/src/quantizers), or, for float8, the
matrix itself, which it rounds at each call. tfjs computes with floats only, so a matrix goes out as
Keras computes it back. What Keras does to a layer's inputs is left out: the notes say so. Stored is

* int8: whole numbers, and a scale for each unit to divide by;
* int4: the same, two numbers in a byte along the last axis; or, in blocks of inputs, a zero to
  subtract and a scale to multiply by for each block and unit;
* gptq, awq: the transposed matrix in such blocks; awq also divides each input's row by a number;
* float8: the matrix, and the scale at which it is rounded to 8 bits.

A ".keras" file numbers a layer's weights as `variable_serialization_spec` has them, a ".h5" file
names them. A layer within MultiHeadAttention does not say that it is quantised: its weights do.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from keras_tfjs.errors import CorruptModelError, UnsupportedOptionError
from keras_tfjs.ir import Array, Json, Layer, Weight
from keras_tfjs.translate import parts
from keras_tfjs.translate.options import Kind, Options, optional
from keras_tfjs.translate.weights import STATE

KEPT = ("bias", "lora_kernel_a", "lora_kernel_b", "lora_embeddings_a", "lora_embeddings_b")
"""Weights that are never quantised."""

_CONFIGS = (
    "Int8QuantizationConfig", "Int4QuantizationConfig", "Float8QuantizationConfig",
    "GPTQConfig", "AWQConfig",
)  # fmt: skip
_CONFIG = Kind("a quantisation's configuration", lambda value: isinstance(value, dict))
_FLOAT8 = ("inputs_scale", "inputs_amax_history", "kernel_scale", "kernel_amax_history")
_FLOAT8_OUTPUTS = ("outputs_grad_scale", "outputs_grad_amax_history")
_BLOCKS = ("scale", "zero", "g_idx")
_ORDER: dict[str, tuple[str, ...]] = {
    "int8": ("matrix", "bias", "scale"),
    "int4": ("matrix", "bias", *_BLOCKS),
    "float8": ("matrix", "bias", *_FLOAT8, *_FLOAT8_OUTPUTS),
    "gptq": ("bias", "matrix", *_BLOCKS),
    "awq": ("bias", "matrix", "scale", "zero", "awq_scales", "g_idx"),
}
_STORED_AS = {
    "int8": "8-bit integers",
    "int4": "4-bit integers",
    "gptq": "GPTQ's integers",
    "awq": "AWQ's integers",
    "float8": "8-bit floats",
}
_LARGEST_FLOAT8 = 448.0
_INPUTS = "; Keras also rounds the layer's inputs to 8 bits, and its outputs differ by that"
_PERHAPS = "; the file does not say whether Keras also rounds its inputs to 8 bits"


@dataclass(frozen=True, slots=True)
class Matrix:
    """The weight of a layer that Keras may quantise.

    Attributes:
        shape: as it is before it is quantised; at most one size is None, and found out.
        units: the axes of it that are the output's too, in the output's order.
    """

    shape: tuple[int | None, ...]
    units: tuple[int, ...]


def dequantized(options: Options, matrix: Matrix, *, bias: bool) -> Layer:
    """The layer with its kernel as float32, if it was quantised.

    Args:
        options: of the layer; its `quantization_config` is declared here.
        matrix: its kernel.
        bias: whether it has one.
    """
    config = _config(options)
    layer, mode = kernel(options, options.layer, matrix, bias=bias)
    if mode is not None:
        said(options, "kernel", mode, rounds=_rounds_inputs(config, mode))
    return layer


def dequantized_table(options: Options, rows: int, width: int) -> Layer:
    """The embedding with its vectors as float32, if they were quantised.

    Args:
        options: of the layer; its `quantization_config` is declared here.
        rows: how many vectors there are.
        width: their length.
    """
    _config(options)
    layer, mode = options.layer, options.quantization
    if mode is None:
        return layer
    if mode not in ("int8", "int4"):
        raise options.unsupported("dtype", f"{mode}_from_{options.source}", "Use int8 or int4.")
    found = _by_role(layer, mode, "embeddings", bias=False)
    stored, scale = found["matrix"], found["scale"]
    blocks = "g_idx" in found

    def values() -> Array:
        whole = _unpacked(stored.array(), width) if mode == "int4" else stored.array()
        if blocks:
            groups = found["g_idx"].array().astype(np.int64)
            zero = _floats(found["zero"])[:, groups]
            return (whole.astype(np.float32) - zero) * _floats(scale)[:, groups]
        return whole.astype(np.float32) / _floats(scale)[:, None]

    _check(layer, "embeddings", stored, (rows, width if mode == "int8" else (width + 1) // 2))
    _check(layer, "embeddings_scale", scale, (rows, None) if blocks else (rows,))
    said(options, "table", mode, rounds=False)
    return _with(layer, "embeddings", found, _weight((rows, width), values))


def kernel(
    options: Options, layer: Layer, matrix: Matrix, *, bias: bool
) -> tuple[Layer, str | None]:
    """The layer with its kernel as float32, and the mode in which it was quantised, if it was.

    Args:
        options: of the layer, or of the one around it.
        layer: whose weights.
        matrix: its kernel.
        bias: whether it has one.
    """
    mode = options.quantization or _mode(layer, bias=bias)
    if mode is None:
        return layer, None
    found = _by_role(layer, mode, "kernel", bias=bias)
    if mode == "float8":
        scale = found["kernel_scale"]
        _check(layer, "kernel_scale", scale, ())
        whole = found["matrix"]
        rounded = _weight(whole.shape, lambda: _float8(_floats(whole), _floats(scale)))
        if bias and options.source == "float32":
            exact = found["bias"]
            found["bias"] = _weight(exact.shape, lambda: _bfloat16(_floats(exact)))
        return _with(layer, "kernel", found, rounded), mode
    if mode == "int8":
        return _with(layer, "kernel", found, _divided(layer, found, matrix)), mode
    return _with(layer, "kernel", found, _in_columns(options, layer, mode, found, matrix)), mode


def said(options: Options, what: str, mode: str, *, rounds: bool | None) -> None:
    """Note that a layer was quantised.

    Args:
        options: of the layer.
        what: of it was.
        mode: how.
        rounds: whether Keras rounds the layer's inputs too; None if it is not known.
    """
    if mode == "float8":
        words = f"its {what} is rounded to 8-bit floats, as Keras rounds it at every call"
        if options.source == "float32":
            words += ", and its bias to 16 bits"
    else:
        words = f"its {what}, {_STORED_AS[mode]} in Keras, is written as the floats they stand for"
        words += ", and trains"
    options.note(words + (_PERHAPS if rounds is None else _INPUTS if rounds else ""))


def _config(options: Options) -> Json:
    """How the layer was asked to be quantised; None if that is not known."""
    config = options.read("quantization_config", optional(_CONFIG), None)
    if config is not None and config.get("class_name") not in _CONFIGS:
        instead = "Use one of keras.quantizers."
        raise options.unsupported("quantization_config", parts.spoken(config), instead)
    return config


def _rounds_inputs(config: Json, mode: str) -> bool:
    """Whether Keras rounds what the layer is called on."""
    if mode in ("gptq", "awq"):
        return False
    if config is None:
        return mode != "int4"
    inner = config.get("config")
    chosen = inner.get("activation_quantizer") if isinstance(inner, dict) else None
    return mode == "float8" or chosen is not None


def _mode(layer: Layer, *, bias: bool) -> str | None:
    """How the weights of a layer within an attention are quantised; None if they are not."""
    weights = _own(layer)
    types = {weight.dtype for weight in weights.values()}
    if "uint8" in types:
        return "awq" if len(weights) == len(_ORDER["awq"]) - (not bias) else "gptq"
    if "int8" in types:
        first = next(weight for weight in weights.values() if weight.dtype == "int8")
        return "int8" if len(first.shape) > 2 else "int4"  # 4-bit ones lie in two axes
    plain = len([path for path in weights if path.rsplit("/", 1)[-1] not in KEPT])
    return "float8" if plain >= len(_ORDER["float8"]) - 1 else None


def _own(layer: Layer) -> dict[str, Weight]:
    """The weights of a layer by the last part of their path, in Keras's order if numbered."""
    weights = {
        path.rsplit("/", 1)[-1]: weight
        for path, weight in layer.weights.items()
        if not any(piece in STATE for piece in path.split("/"))
    }
    if all(name.isdigit() for name in weights):
        return {name: weights[name] for name in sorted(weights, key=int)}
    return weights


def _by_role(layer: Layer, mode: str, name: str, *, bias: bool) -> dict[str, Weight]:
    """A quantised layer's weights by what they are: "matrix", "bias", "scale" and so on."""
    weights = _own(layer)
    wanted = [role for role in _ORDER[mode] if role != "bias" or bias]
    if all(path.isdigit() for path in weights):
        if mode == "int4" and len(weights) == len(wanted) - 2:
            wanted = [role for role in wanted if role not in ("zero", "g_idx")]
        found = dict(zip(wanted, weights.values(), strict=False))
        whole = len(found) == len(wanted) == len(weights)
    else:
        roles = {
            name: "matrix",
            f"{name}_zero": "zero",
            "zero_point": "zero",  # so EinsumDense calls it
            **({} if mode == "float8" else {f"{name}_scale": "scale"}),
        }
        found = {roles.get(path, path): weight for path, weight in weights.items()}
        optional_roles = ("zero", "g_idx") if mode == "int4" else ()
        whole = all(role in found or role in optional_roles for role in wanted)
    if not whole and mode in ("gptq", "awq") and len(weights) == len(wanted) - 1:
        raise UnsupportedOptionError(
            f"Layer '{layer.where}': the zero points of its {mode.upper()} weights are not in the "
            "file, where Keras 3.15 does not save them. "
            "Save the model as .h5, or convert it as it was before quantize()."
        )
    if not whole:
        raise CorruptModelError(
            f"Layer '{layer.where}': the file has {len(weights)} of its weights, and a layer "
            f"quantized to {mode} has {len(wanted)} ({', '.join(wanted)}). "
            "The file is damaged: save the model again."
        )
    return found


def _with(layer: Layer, name: str, found: Mapping[str, Weight], weight: Weight) -> Layer:
    kept = {role: found[role] for role in KEPT if role in found}
    return replace(layer, weights={name: weight, **kept})


def _divided(layer: Layer, found: Mapping[str, Weight], matrix: Matrix) -> Weight:
    """A kernel of 8-bit integers. The scales lie as the units do in the output."""
    stored, scale = found["matrix"], found["scale"]
    if len(stored.shape) != len(matrix.shape):
        raise _shapes(layer, stored, matrix.shape)
    sizes = tuple(stored.shape[axis] for axis in matrix.units)
    if scale.size != math.prod(sizes):
        raise _shapes(layer, scale, sizes)
    spread = tuple(n if at in matrix.units else 1 for at, n in enumerate(stored.shape))

    def values() -> Array:
        by_unit = _floats(scale).reshape(sizes).transpose(np.argsort(matrix.units))
        return stored.array().astype(np.float32) / by_unit.reshape(spread)

    return _weight(stored.shape, values)


def _in_columns(
    options: Options, layer: Layer, mode: str, found: Mapping[str, Weight], matrix: Matrix
) -> Weight:
    """A kernel stored as a matrix of a row for each input and a column for each unit."""
    stored, scale = found["matrix"], found["scale"]
    if len(stored.shape) != 2 or not scale.shape:
        raise _shapes(layer, stored, (None, None))
    columns = scale.shape[-1 if mode == "int4" else 0]
    rows = stored.shape[0 if mode == "int4" else 1]
    packed = stored.shape[1 if mode == "int4" else 0]
    if packed not in (columns, (columns + 1) // 2):
        raise _shapes(layer, stored, (None, columns))
    shape = _filled(options, layer, matrix.shape, rows * columns)

    def groups() -> Array:
        return found["g_idx"].array().astype(np.int64)

    def values() -> Array:
        if mode != "int4":  # (columns, rows)
            # Of a single column the other half of the byte is empty, so it is all the same.
            halves = packed != columns
            whole = (
                _unpacked(stored.array().T, columns, signed=False).T if halves else (stored.array())
            )
            whole = whole.astype(np.float32) - _floats(found["zero"])[:, groups()]
            whole = (whole * _floats(scale)[:, groups()]).T
            return whole / _floats(found["awq_scales"])[:, None] if mode == "awq" else whole
        whole = _unpacked(stored.array(), columns).astype(np.float32)
        if "g_idx" not in found:
            return whole / _floats(scale)
        return (whole - _floats(found["zero"])[groups()]) * _floats(scale)[groups()]

    return _weight(shape, values)


def _filled(
    options: Options, layer: Layer, shape: tuple[int | None, ...], size: int
) -> tuple[int, ...]:
    """The shape with its unknown size, if it has one, such that it holds so many numbers."""
    known = math.prod(n for n in shape if n is not None)
    if shape.count(None) > 1:
        raise options.problem(
            "the shape of its quantized kernel cannot be told.",
            "Convert the model as it was before quantize().",
        )
    filled = tuple(size // max(known, 1) if n is None else n for n in shape)
    if math.prod(filled) != size:
        raise CorruptModelError(
            f"Layer '{layer.where}': its quantized kernel holds {size} numbers in the file, and "
            f"its options call for a shape of {filled}. The file is damaged: save the model again."
        )
    return filled


def _unpacked(packed: Array, width: int, *, signed: bool = True) -> Array:
    """4-bit numbers (rows, width) from bytes (rows, half of it): the low half of each is first."""
    low, high = packed & 0x0F, (packed >> 4) & 0x0F
    both = np.stack([low, high], axis=-1).reshape(len(packed), -1)[:, :width].astype(np.int8)
    return (both ^ 8) - 8 if signed else both


def _floats(weight: Weight) -> Array:
    return weight.array().astype(np.float32)


def _weight(shape: tuple[int, ...], values: Callable[[], Array]) -> Weight:
    return Weight(shape, "float32", lambda: iter([values().astype(np.float32).reshape(-1)]))


def _float8(values: Array, scale: Array) -> Array:
    """As float8_e4m3fn holds them at that scale: 3 bits behind the leading one, down to 2^-9."""
    scaled = np.clip(values / scale, -_LARGEST_FLOAT8, _LARGEST_FLOAT8)
    _, exponents = np.frexp(scaled)
    steps = np.ldexp(np.float32(1), np.maximum(exponents - 1, -6) - 3)
    rounded: Array = np.rint(scaled / steps) * steps * scale
    return rounded


def _bfloat16(values: Array) -> Array:
    """Rounded to the upper 16 bits, ties to even."""
    bits: Array = np.ascontiguousarray(values).view(np.uint32)
    rounded: Array = (bits + 0x7FFF + ((bits >> 16) & 1)) & np.uint32(0xFFFF0000)
    return rounded.view(np.float32)


def _check(layer: Layer, name: str, weight: Weight, shape: tuple[int | None, ...]) -> None:
    fits = len(shape) == len(weight.shape) and all(
        n in (None, m) for n, m in zip(shape, weight.shape, strict=True)
    )
    if not fits:
        raise _shapes(layer, weight, shape)


def _shapes(layer: Layer, weight: Weight, wanted: tuple[int | None, ...]) -> CorruptModelError:
    return CorruptModelError(
        f"Layer '{layer.where}': a part of its quantized weight has shape {weight.shape} in the "
        f"file, and its options call for {wanted}. The file is damaged: save the model again."
    )
