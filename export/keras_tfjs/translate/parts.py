"""The parts that many layers' configurations share: dtype policies, initializers, regularizers."""

from keras_tfjs.ir import Json

FLOAT_POLICIES = {
    "float16",
    "bfloat16",
    "float32",
    "float64",
    "mixed_float16",
    "mixed_bfloat16",
}

# What tfjs registers, by Keras's name; the rest of Keras's are unknown to it.
INITIALIZERS = {
    "Zeros": "Zeros",
    "Ones": "Ones",
    "Constant": "Constant",
    "RandomUniform": "RandomUniform",
    "RandomNormal": "RandomNormal",
    "TruncatedNormal": "TruncatedNormal",
    "VarianceScaling": "VarianceScaling",
    "GlorotUniform": "GlorotUniform",
    "GlorotNormal": "GlorotNormal",
    "HeUniform": "HeUniform",
    "HeNormal": "HeNormal",
    "LecunUniform": "LeCunUniform",
    "LecunNormal": "LeCunNormal",
    "Orthogonal": "Orthogonal",
    "OrthogonalInitializer": "Orthogonal",
    "Identity": "Identity",
    "IdentityInitializer": "Identity",
}
_INITIALIZER_KEYS = (
    "value", "minval", "maxval", "mean", "stddev", "scale", "mode", "distribution", "gain", "seed",
)  # fmt: skip
_VARIANCE_SCALING_ONLY = ("scale", "mode", "distribution")


def plain(value: Json) -> Json:
    """A value without Keras's wrappings for NumPy arrays, tensors and tuples."""
    if isinstance(value, dict):
        if value.get("class_name") in ("__numpy__", "__tensor__"):
            return plain(value["config"]["value"])
        if value.get("class_name") == "__tuple__":
            return plain(value["items"])
        return value
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def spoken(value: Json) -> Json:
    """A value as one can name it in a message: a serialised object by its class or function."""
    if isinstance(value, dict) and isinstance(value.get("class_name"), str):
        if value["class_name"] == "function" and isinstance(value.get("config"), str):
            return value["config"]
        return value.get("registered_name") or value["class_name"]
    if isinstance(value, dict) and value.keys() == {"value"}:
        return "lambda"  # whose compiled code this is
    return value


def policy_name(dtype: Json) -> str:
    """The name of a dtype policy, however the Keras version wrote it."""
    if dtype is None:
        return "float32"
    if isinstance(dtype, str):
        return dtype
    if isinstance(dtype, dict):
        config = dtype.get("config")
        if isinstance(config, dict) and isinstance(config.get("name"), str):
            return str(config["name"])
        if isinstance(config, dict) and "mode" in config:
            return f"{config['mode']}_from_{config.get('source_name')}"
        return str(dtype.get("class_name"))
    return str(dtype)


def initializer(given: Json) -> tuple[Json, str | None]:
    """An initializer in tfjs's words, and the name of what was lost on the way.

    Weights are loaded, so it matters only to who builds a new model from the old one's
    configuration; but tfjs constructs every one that it reads, and fails at a name unknown to it.
    """
    if given is None:
        return {"class_name": "Zeros", "config": {}}, None
    if isinstance(given, str):
        camel = "".join(word.capitalize() for word in given.split("_"))
        given = {"class_name": camel, "config": {}}
    if not isinstance(given, dict):
        return {"class_name": "Zeros", "config": {}}, str(spoken(given))
    name = given.get("class_name")
    known = INITIALIZERS.get(name) if isinstance(name, str) else None
    config = given.get("config")
    if known is None or not isinstance(config, dict):
        return {"class_name": "Zeros", "config": {}}, str(spoken(given))
    kept = {key: plain(config[key]) for key in _INITIALIZER_KEYS if key in config}
    if any(
        value is not None and not isinstance(value, int | float | str) for value in kept.values()
    ):
        return {"class_name": "Zeros", "config": {}}, str(spoken(given))
    if kept.get("distribution") == "untruncated_normal":
        kept["distribution"] = "normal"
    if known not in ("VarianceScaling", "Identity"):
        kept = {key: value for key, value in kept.items() if key not in _VARIANCE_SCALING_ONLY}
    return {"class_name": known, "config": kept}, None


def regularizer(given: Json) -> tuple[Json, str | None]:
    """A regularizer as tfjs's L1L2 with both factors, and the name of one that was lost."""
    if given is None:
        return None, None
    config = given.get("config") if isinstance(given, dict) else None
    if not isinstance(config, dict) or given["class_name"] not in ("L1", "L2", "L1L2"):
        return None, str(spoken(given))
    # A missing factor would be tfjs's 0.01.
    both = {key: float(plain(config.get(key)) or 0.0) for key in ("l1", "l2")}
    return {"class_name": "L1L2", "config": both}, None
