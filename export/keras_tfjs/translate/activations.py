"""Activation functions: stock by the same name, stock by another, or a twin's."""

from keras_tfjs.ir import Json

# The same formula under the same name (tfjs spells names in camel case, and converts by itself).
STOCK = {
    "linear": "linear",
    "relu": "relu",
    "relu6": "relu6",
    "elu": "elu",
    "selu": "selu",
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "softmax": "softmax",
    "softplus": "softplus",
    "softsign": "softsign",
    "mish": "mish",
    "gelu": "gelu",  # the exact one, by the error function, in both
    "silu": "swish",
    "swish": "swish",
}

# Unknown to stock tfjs, another formula under the same name (hard_sigmoid), or trained to NaN by
# its WebGL backend (log_softmax, at sizes that do not fill a texture).
TWINS = (
    "hard_sigmoid", "hard_silu", "hard_tanh", "hard_shrink", "soft_shrink", "tanh_shrink",
    "leaky_relu", "celu", "log_sigmoid", "sparse_plus", "sparse_sigmoid", "sparsemax",
    "squareplus", "exponential", "log_softmax", "glu",
)  # fmt: skip
_ALIASES = {"hard_swish": "hard_silu"}

CHANGES_SHAPE = "keras>glu"


def activation_name(given: Json) -> str | None:
    """The name of an activation in tfjs, twins' with their prefix; None if it is not Keras's own.

    >>> activation_name("silu"), activation_name("hard_sigmoid"), activation_name(None)
    ('swish', 'keras>hard_sigmoid', 'linear')
    """
    if given is None:
        return "linear"
    if isinstance(given, dict) and given.get("class_name") == "function":
        if given.get("registered_name") not in (None, "function", given.get("config")):
            return None  # a function of the user's own
        given = given.get("config")
    if not isinstance(given, str):
        return None
    name = _ALIASES.get(given, given)
    return f"keras>{name}" if name in TWINS else STOCK.get(name)


def twin_of(name: str) -> str | None:
    """The twin that has to be registered for the activation `name`, if any."""
    return name if name.startswith("keras>") else None
