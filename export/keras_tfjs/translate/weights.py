"""A layer's weights by their tfjs names, checked against what its configuration says."""

from collections.abc import Mapping, Sequence

from keras_tfjs.errors import CorruptModelError
from keras_tfjs.ir import Layer, Weight

Sizes = Sequence[int | None]
"""A shape in which None stands for any size."""

STATE = ("seed_generator", "_seed_generator", "seed_generator_state")
"""State of random generators: tfjs has its own."""


def named(
    layer: Layer, expected: Mapping[str, Sizes | None], *, rest: bool = False
) -> dict[str, Weight]:
    """The weights by the names and in the order of `expected`, whose shapes they must have.

    Args:
        layer: whose weights; they are known by number (".keras") or by name (".h5").
        expected: shapes by tfjs's names in Keras's order; None where any shape will do.
        rest: whether there may be more weights behind these.

    Raises:
        CorruptModelError: for a number of weights or a shape other than expected.
    """
    found = {
        path: weight
        for path, weight in layer.weights.items()
        if not any(piece in STATE for piece in path.split("/"))
    }
    by_name = {path.rsplit("/", 1)[-1].split(":")[0]: weight for path, weight in found.items()}
    if expected.keys() <= by_name.keys():
        ordered = [by_name[name] for name in expected]
        surplus = len(found) - len(ordered)
    else:
        paths = sorted(found, key=int) if all(path.isdigit() for path in found) else list(found)
        ordered = [found[path] for path in paths[: len(expected)]]
        surplus = len(paths) - len(expected)
    if surplus < 0 or (surplus > 0 and not rest):
        wanted = ", ".join(expected) or "none"
        raise CorruptModelError(
            f"Layer '{layer.where}': the file has {len(found)} of its weights, and its options "
            f"call for {len(expected)} ({wanted}). The file is damaged: save the model again."
        )
    result = dict(zip(expected, ordered, strict=True))
    for name, sizes in expected.items():
        check(layer, name, result[name], sizes)
    return result


def check(layer: Layer, name: str, weight: Weight, sizes: Sizes | None) -> None:
    """Refuse a weight of another shape than the layer's configuration implies."""
    if sizes is None:
        return
    fits = len(sizes) == len(weight.shape) and all(
        size in (None, length) for size, length in zip(sizes, weight.shape, strict=True)
    )
    if not fits:
        wanted = "(" + ", ".join("any" if size is None else str(size) for size in sizes)
        wanted += ",)" if len(sizes) == 1 else ")"
        raise CorruptModelError(
            f"Layer '{layer.where}': its weight {name!r} has shape {weight.shape} in the file, "
            f"and its options call for {wanted}. The file is damaged: save the model again."
        )
