"""LoRA: low-rank changes of a matrix, merged into the matrix."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from keras_tfjs.ir import Array, Layer, Weight
from keras_tfjs.translate.options import Options


def merged(
    options: Options, layer: Layer, name: str, rank: int | None, alpha: float | None
) -> Layer:
    """The layer with its LoRA, if it has one, merged into the weight `name`.

    A ".keras" file holds the merged matrix already; a ".h5" file holds the matrix and its two
    factors, `lora_<name>_a` and `lora_<name>_b`.
    """
    if not rank:
        return layer
    options.note(f"its LoRA of rank {rank} is merged into the {name}, which trains as a whole")
    factors = [f"lora_{name}_a", f"lora_{name}_b"]
    if not all(factor in layer.weights for factor in factors):
        return layer
    base, a, b = (layer.weights[key] for key in (name, *factors))
    scale = (rank if alpha is None else alpha) / rank

    def blocks() -> Iterator[Array]:
        left, right = (w.array().astype(np.float64) for w in (a, b))
        yield (base.array() + scale * left @ right).astype(np.float32).reshape(-1)

    kept = {key: w for key, w in layer.weights.items() if key not in factors}
    return replace(layer, weights={**kept, name: Weight(base.shape, "float32", blocks)})
