"""Translators of attention without projections: Luong's and Bahdanau's, always the twins."""

from keras_tfjs.ir import Layer
from keras_tfjs.translate.call_arguments import INPUTS
from keras_tfjs.translate.options import BOOL, NUMBER, TEXT, Aim, Options
from keras_tfjs.translate.recurrent import NAMES
from keras_tfjs.translate.weights import Sizes, named


def attention(layer: Layer, aim: Aim) -> Layer:
    """By the product of query and key, or the tangent of their sum."""
    options = Options(layer, aim)
    scaled = options.take("use_scale", BOOL, False)
    mode = options.take("score_mode", TEXT, "dot")
    there = {"scale": scaled, "concat_score_weight": mode == "concat"}
    return _attention(options, {name: () for name, used in there.items() if used})


def additive_attention(layer: Layer, aim: Aim) -> Layer:
    """By a weighted tangent of the sum."""
    options = Options(layer, aim)
    scaled = options.take("use_scale", BOOL, True)
    return _attention(options, {"scale": (None,)} if scaled else {})


def _attention(options: Options, weights: dict[str, Sizes | None]) -> Layer:
    """What both have in common."""
    layer = options.layer
    options.take("dropout", NUMBER, 0.0)
    options.leave("seed")
    inputs = options.take(INPUTS, NAMES, ["query", "value"])
    masked = any(name.endswith("_mask") for name in inputs)
    options.take("use_causal_mask", BOOL, False)
    options.take("return_attention_scores", BOOL, False)
    shapes = layer.input_shape
    ranks = {len(each) for each in shapes or () if isinstance(each, list | tuple)}
    if ranks and ranks != {3} and (len(ranks) > 1 or min(ranks) < 3 or masked):
        found = " and ".join(map(str, sorted(ranks)))
        raise options.problem(
            f"it is called on tensors of {found} axes, and its twin takes 3, more without masks.",
            "Put a Reshape to (positions, size) before it.",
        )
    name = layer.class_name
    return options.twin(f"keras>{name}", f"a {name}", named(layer, weights))


TRANSLATORS = {"Attention": attention, "AdditiveAttention": additive_attention}
