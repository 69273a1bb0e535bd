"""How a model was compiled: exactly the same in TensorFlow.js, or left out and said.

Steps of training are compared, from the beginning and from where Keras stood; they would tell an
epsilon, a correction or a reduction at another place.
"""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers, losses, metrics, optimizers
from parity.row import Array, with_random_weights

from keras_bias import layers as bias_layers
from keras_tfjs import Report, UnsupportedOptionError, convert
from keras_tfjs.verify import TfjsSession

Make = Callable[[], Any]
STEPS = 3


def regression() -> keras.Model:
    x = keras.Input((3,))
    hidden = bias_layers.Dense(4, "tanh", bias_shape="scalar")(x)
    return keras.Model(x, layers.Dense(2)(hidden))


def stock(activation: str | None = None, units: int = 2) -> keras.Model:
    hidden = layers.Dense(4, "tanh", kernel_regularizer="l2")
    return keras.Sequential([keras.Input((3,)), hidden, layers.Dense(units, activation)])


OPTIMIZERS: dict[str, Make] = {
    "sgd": partial(optimizers.SGD, 0.05),
    "sgd, nesterov without momentum": partial(optimizers.SGD, 0.05, nesterov=True),
    "momentum": partial(optimizers.SGD, 0.05, momentum=0.8),
    "nesterov": partial(optimizers.SGD, 0.05, momentum=0.8, nesterov=True),
    "rmsprop": partial(optimizers.RMSprop, 0.02),
    "rmsprop with all": partial(optimizers.RMSprop, 0.02, rho=0.7, momentum=0.5, epsilon=0.01),
    "adagrad": partial(optimizers.Adagrad, 0.05),
    "adagrad from nothing": partial(optimizers.Adagrad, 0.05, initial_accumulator_value=0.3),
    "adamax": partial(optimizers.Adamax, 0.02),
    "adamax with all": partial(optimizers.Adamax, 0.02, beta_1=0.7, beta_2=0.8, epsilon=0.01),
    "adam": partial(optimizers.Adam, 0.02),
    "adam with all": partial(optimizers.Adam, 0.02, beta_1=0.7, beta_2=0.8, epsilon=0.1),
    "adam with decay": partial(optimizers.Adam, 0.02, weight_decay=0.3),
    "adamw": partial(optimizers.AdamW, 0.02, weight_decay=0.5),
}
RESTORED = [name for name in OPTIMIZERS if "adamax" not in name]


def batch(model: keras.Model, sparse: bool = False) -> tuple[list[Array], list[Array]]:
    """Inputs and targets; numbers between 0.1 and 0.9, or classes."""
    random = np.random.default_rng(3)
    inputs = [random.normal(size=(5, *each.shape[1:])).astype("float32") for each in model.inputs]
    targets = []
    for each in model.outputs:
        if sparse:
            classes = random.integers(0, each.shape[-1], (5, *each.shape[1:-1], 1))
            targets.append(classes.astype("float32"))  # tfjs takes no others
        else:
            targets.append(random.uniform(0.1, 0.9, (5, *each.shape[1:])).astype("float32"))
    return inputs, targets


def by_keras(
    model: keras.Model, inputs: list[Array], targets: list[Array], steps: int
) -> list[list[float]]:
    """What `train_on_batch` gives, step by step; each starts its means anew."""
    x = inputs if len(inputs) > 1 else inputs[0]
    y = targets if len(targets) > 1 else targets[0]
    given = []
    for _ in range(steps):
        model.reset_metrics()
        given.append([float(value) for value in np.atleast_1d(model.train_on_batch(x, y))])
    return given


def same_weights(model: keras.Model, weights: dict[str, Array], tolerance: float = 2e-6) -> None:
    """Assert that the weights are Keras's, whose layers have one name for both."""
    assert len(weights) == len(model.weights)
    for variable in model.weights:
        name = "/".join(variable.path.split("/")[-2:])
        np.testing.assert_allclose(
            weights[name], np.asarray(variable.value), rtol=1e-5, atol=tolerance, err_msg=name
        )


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_steps_of_an_optimizer_are_those_of_keras(
    name: str, tfjs: TfjsSession, tmp_path: Path
) -> None:
    model = with_random_weights(regression())
    model.compile(OPTIMIZERS[name](), "mse", metrics=["mae"])
    inputs, targets = batch(model)

    report = convert(model, tmp_path / "out")
    trained = tfjs.go_on(tmp_path / "out", inputs, targets, STEPS)
    given = by_keras(model, inputs, targets, STEPS)

    assert report.notes == ()
    assert tfjs.leaked >= 0
    # The first value is the loss before the step in both; Keras takes metrics before it as well.
    np.testing.assert_allclose(np.asarray(trained.given), np.asarray(given), rtol=1e-4)
    same_weights(model, trained.weights)


@pytest.mark.parametrize("suffix", ["keras", "h5"])
@pytest.mark.parametrize("name", RESTORED)
def test_training_goes_on_where_keras_stood(
    name: str, suffix: str, tfjs: TfjsSession, tmp_path: Path
) -> None:
    model = with_random_weights(regression())
    model.compile(OPTIMIZERS[name](), "mse")
    inputs, targets = batch(model)
    by_keras(model, inputs, targets, 4)
    model.save(tmp_path / f"model.{suffix}")

    report = convert(tmp_path / f"model.{suffix}", tmp_path / "out", with_optimizer=True)
    trained = tfjs.go_on(tmp_path / "out", inputs, targets, STEPS)
    by_keras(model, inputs, targets, STEPS)

    assert report.notes == ()
    assert report.weights == 4
    same_weights(model, trained.weights)
    written = [entry["name"] for entry in manifest(tmp_path / "out") if "group" in entry]
    # tfjs names them after its own variables, which it numbers; the rest is ours.
    assert [each.rsplit("/", 1)[-1] for each in trained.kept] == [
        each.rsplit("/", 1)[-1] for each in written
    ]


def manifest(folder: Path) -> list[dict[str, Any]]:
    groups = json.loads((folder / "model.json").read_text())["weightsManifest"]
    return [entry for group in groups for entry in group["weights"]]


def branches() -> keras.Model:
    """A graph that tfjs sorts otherwise than Keras, with models and a shared layer in it."""
    x, y = keras.Input((3,), name="x"), keras.Input((3,), name="y")
    shared = layers.Dense(3, name="shared")
    inner_input = keras.Input((3,))
    first = layers.Dense(3, "tanh", name="first")(inner_input)
    second = layers.Dense(3, name="second")(inner_input)
    inner = keras.Model(inner_input, layers.Add()([second, first]), name="inner")
    chain = keras.Sequential([keras.Input((3,)), layers.Dense(3, name="link")], name="chain")
    late = layers.Dense(3, name="late")(y)
    normal = layers.BatchNormalization(name="normal")(shared(x))
    deep = inner(chain(shared(normal)))
    frozen = layers.Dense(3, name="frozen", trainable=False)(deep)
    summed = layers.Add()([late, frozen, x])
    return keras.Model(
        [x, y], {"b": layers.Dense(2, name="b")(summed), "a": layers.Dense(1, name="a")(late)}
    )


def recurrent() -> keras.Model:
    x = keras.Input((4, 3))
    plain = {"recurrent_initializer": "zeros", "return_sequences": True}
    z = layers.Bidirectional(layers.LSTM(2, **plain))(x)
    z = layers.MultiHeadAttention(1, 2, name="mha")(z, x)
    z = layers.TimeDistributed(layers.Dense(3))(z)
    z = layers.GRU(2, recurrent_initializer="zeros")(z)
    z = bias_layers.Dense(2, bias_shape="scalar", bias_trainable=False)(z)
    return keras.Model(x, layers.LayerNormalization()(z))


@pytest.mark.parametrize("build", [branches, recurrent])
def test_the_optimizer_s_variables_find_their_weights(
    build: Make, tfjs: TfjsSession, tmp_path: Path
) -> None:
    """Adam with a large epsilon: steps that are the wrong weight's are far off."""
    model = with_random_weights(build())
    model.compile(optimizers.Adam(0.02, epsilon=0.01), "mse")
    inputs, targets = batch(model)
    if build is branches:
        model.compile(optimizers.Adam(0.02, epsilon=0.01), ["mse", "mse"])
        targets = targets[::-1] if model.output_names[0] == "b" else targets
    by_outputs = dict(zip(("a", "b"), targets, strict=True)) if build is branches else targets[0]
    x = inputs if len(inputs) > 1 else inputs[0]
    for _ in range(3):
        model.train_on_batch(x, by_outputs)
    model.save(tmp_path / "model.keras")

    convert(tmp_path / "model.keras", tmp_path / "out", with_optimizer=True)
    trained = tfjs.go_on(tmp_path / "out", inputs, targets, 2)
    for _ in range(2):
        model.train_on_batch(x, by_outputs)

    slots = [
        entry["name"].removesuffix("/m")
        for entry in manifest(tmp_path / "out")
        if "group" in entry and entry["name"].endswith("/m")
    ]
    assert slots == list(trained.order)
    expected = sorted(np.asarray(w.value).sum() for w in model.trainable_weights)
    actual = sorted(trained.weights[name].sum() for name in trained.order)
    np.testing.assert_allclose(actual, expected, rtol=1e-4, atol=1e-5)


LOSSES: dict[str, tuple[Any, str | None, int]] = {
    "mse": ("mse", None, 2),
    "mean_absolute_error": ("mean_absolute_error", None, 2),
    "MAPE": ("MAPE", None, 2),
    "msle": ("msle", "softplus", 2),
    "log_cosh": ("log_cosh", None, 2),
    "poisson": ("poisson", "softplus", 2),
    "categorical_hinge": ("categorical_hinge", None, 3),
    "binary_crossentropy": ("binary_crossentropy", "sigmoid", 2),
    "bce of one": ("bce", "sigmoid", 1),
    "categorical_crossentropy": ("categorical_crossentropy", "softmax", 3),
    "categorical_crossentropy of anything": ("categorical_crossentropy", "softplus", 3),
    "sparse_categorical_crossentropy": ("sparse_categorical_crossentropy", "softmax", 3),
    "an object": (losses.MeanSquaredError(), None, 2),
    "a named object": (losses.BinaryCrossentropy(name="mine"), "sigmoid", 2),
    "a function": (losses.mean_absolute_error, None, 2),
    "a class's name": ("MeanSquaredError", None, 2),
}


@pytest.mark.parametrize("suffix", ["keras", "h5"])
@pytest.mark.parametrize("name", LOSSES)
def test_losses_and_their_gradients_are_keras_s(
    name: str, suffix: str, tfjs: TfjsSession, tmp_path: Path
) -> None:
    loss, activation, units = LOSSES[name]
    model = with_random_weights(stock(activation, units))
    # Percentages have gradients of hundreds.
    model.compile(optimizers.SGD(0.0005 if name == "MAPE" else 0.05), loss)
    inputs, targets = batch(model, sparse="sparse" in name)
    model.save(tmp_path / f"model.{suffix}")

    report = convert(tmp_path / f"model.{suffix}", tmp_path / "out")
    trained = tfjs.go_on(tmp_path / "out", inputs, targets, STEPS)
    given = by_keras(model, inputs, targets, STEPS)

    assert report.notes == ()
    assert report.twins == () or activation == "softplus"
    np.testing.assert_allclose(np.asarray(trained.given), np.asarray(given), rtol=1e-4)
    same_weights(model, trained.weights)


METRICS: dict[str, tuple[list[Any], str, str | None, int]] = {
    "regression": (
        ["mse", "mean_absolute_error", metrics.MeanAbsolutePercentageError()],
        "mse",
        None,
        2,
    ),
    "classes": (
        ["accuracy", "categorical_accuracy", metrics.CategoricalCrossentropy()],
        "categorical_crossentropy",
        "softmax",
        3,
    ),
    "sparse classes": (
        ["acc", "sparse_categorical_accuracy", metrics.SparseCategoricalCrossentropy()],
        "sparse_categorical_crossentropy",
        "softmax",
        3,
    ),
    "yes or no": (["accuracy", "binary_accuracy", "bce"], "binary_crossentropy", "sigmoid", 1),
    "one number": (["accuracy"], "mse", None, 1),
}


@pytest.mark.parametrize("name", METRICS)
def test_metrics_are_keras_s(name: str, tfjs: TfjsSession, tmp_path: Path) -> None:
    chosen, loss, activation, units = METRICS[name]
    model = with_random_weights(stock(activation, units))
    model.compile("sgd", loss, metrics=chosen)
    inputs, targets = batch(model, sparse="sparse" in name)
    if name in ("yes or no", "one number"):
        targets = [np.round(targets[0])]

    report = convert(model, tmp_path / "out")
    trained = tfjs.go_on(tmp_path / "out", inputs, targets, 1)
    given = by_keras(model, inputs, targets, 1)

    assert report.notes == ()
    np.testing.assert_allclose(np.asarray(trained.given), np.asarray(given), rtol=1e-5)


def two_ends() -> keras.Model:
    x = keras.Input((3,))
    return keras.Model(x, [layers.Dense(2, name="p")(x), layers.Dense(3, name="q")(x)])


@pytest.mark.parametrize(
    ("loss", "chosen", "written"),
    [
        ("mse", None, []),
        (["mse", "mae"], [["mae"], ["mse"]], {"p": "mae", "q": "mse"}),
        ({"q": "mse", "p": "mae"}, {"q": "mae"}, {"q": "mae"}),
        (["mse", "mse"], [["mae", "mse"], ["mae", "mse"]], ["mae", "mse"]),
    ],
)
def test_several_outputs_have_each_their_own(
    loss: Any, chosen: Any, written: Any, tfjs: TfjsSession, tmp_path: Path
) -> None:
    model = with_random_weights(two_ends())
    model.compile(optimizers.SGD(0.05), loss, metrics=chosen)
    inputs, targets = batch(model)

    report = convert(model, tmp_path / "out")
    trained = tfjs.go_on(tmp_path / "out", inputs, targets, STEPS)
    given = by_keras(model, inputs, targets, STEPS)

    assert report.notes == ()
    config = json.loads((tmp_path / "out/model.json").read_text())["trainingConfig"]
    assert config["metrics"] == written
    # tfjs gives the loss of each output behind their sum, where Keras gives those of metrics.
    np.testing.assert_allclose([g[0] for g in trained.given], [g[0] for g in given], rtol=1e-4)
    same_weights(model, trained.weights)


def masked() -> keras.Model:
    x = keras.Input((3, 2))
    return keras.Model(x, layers.Dense(1)(layers.Masking()(x)))


def three_axes() -> keras.Model:
    x = keras.Input((4, 3))
    pooled = layers.Flatten()(x)
    return keras.Model(x, [layers.Dense(2)(x), layers.Dense(2)(pooled)])


SCHEDULE = optimizers.schedules.ExponentialDecay(0.1, 10, 0.9)
END = ". Compile the model in TensorFlow.js to train it."
NO_EQUAL = " has no exact equal in TensorFlow.js"
LEFT_OUT: dict[str, tuple[Make, dict[str, Any], str]] = {
    "adam alone": (
        stock,
        {"optimizer": "adam", "loss": "mse"},
        "Adam would need keras-tfjs.js, which the layers do not (--with-optimizer writes both)",
    ),
    "nadam": (stock, {"optimizer": "nadam", "loss": "mse"}, f"Nadam{NO_EQUAL}"),
    "adadelta": (stock, {"optimizer": "adadelta", "loss": "mse"}, f"Adadelta{NO_EQUAL}"),
    "centered": (
        stock,
        {"optimizer": optimizers.RMSprop(centered=True), "loss": "mse"},
        f"RMSprop with centered=True{NO_EQUAL}",
    ),
    "amsgrad": (
        regression,
        {"optimizer": optimizers.Adam(amsgrad=True), "loss": "mse"},
        f"Adam with amsgrad=True{NO_EQUAL}",
    ),
    "another epsilon": (
        stock,
        {"optimizer": optimizers.Adagrad(epsilon=0.01), "loss": "mse"},
        f"Adagrad with epsilon=0.01{NO_EQUAL}",
    ),
    "weight decay": (
        stock,
        {"optimizer": optimizers.SGD(weight_decay=0.1), "loss": "mse"},
        f"SGD with weight_decay=0.1{NO_EQUAL}",
    ),
    "clipping": (
        stock,
        {"optimizer": optimizers.SGD(clipnorm=1.0), "loss": "mse"},
        f"SGD with clipnorm=1.0{NO_EQUAL}",
    ),
    "averages": (
        stock,
        {"optimizer": optimizers.SGD(use_ema=True), "loss": "mse"},
        f"SGD with use_ema=True{NO_EQUAL}",
    ),
    "accumulation": (
        stock,
        {"optimizer": optimizers.SGD(gradient_accumulation_steps=2), "loss": "mse"},
        f"SGD with gradient_accumulation_steps=2{NO_EQUAL}",
    ),
    "a schedule": (
        stock,
        {"optimizer": optimizers.SGD(SCHEDULE), "loss": "mse"},
        "SGD with a schedule of learning rates has no equal in TensorFlow.js",
    ),
    "hinge": (stock, {"optimizer": "sgd", "loss": "hinge"}, f"loss='hinge'{NO_EQUAL}"),
    "huber": (stock, {"optimizer": "sgd", "loss": "huber"}, f"loss='huber'{NO_EQUAL}"),
    "kld": (stock, {"optimizer": "sgd", "loss": "kld"}, f"loss='kld'{NO_EQUAL}"),
    "logits": (
        stock,
        {"optimizer": "sgd", "loss": losses.BinaryCrossentropy(from_logits=True)},
        f"loss='BinaryCrossentropy' with from_logits=True{NO_EQUAL}",
    ),
    "a sum": (
        stock,
        {"optimizer": "sgd", "loss": losses.MeanSquaredError(reduction="sum")},
        f"loss='MeanSquaredError' with reduction='sum'{NO_EQUAL}",
    ),
    "sparse without softmax": (
        partial(stock, "softplus"),
        {"optimizer": "sgd", "loss": "sparse_categorical_crossentropy"},
        "loss='sparse_categorical_crossentropy' is the same in TensorFlow.js only behind a layer "
        "with activation='softmax'",
    ),
    "auc": (
        stock,
        {"optimizer": "sgd", "loss": "mse", "metrics": [metrics.AUC()]},
        f"metrics='AUC' with num_thresholds=200{NO_EQUAL}",
    ),
    "precision": (
        stock,
        {"optimizer": "sgd", "loss": "mse", "metrics": ["Precision"]},
        f"metrics='precision'{NO_EQUAL}",
    ),
    "accuracy of several yes or no": (
        stock,
        {"optimizer": "sgd", "loss": "bce", "metrics": ["accuracy"]},
        f"metrics='accuracy'{NO_EQUAL}",
    ),
    "no loss": (
        stock,
        {"optimizer": "sgd"},
        "an output without a loss has no equal in TensorFlow.js",
    ),
    "weights of losses": (
        two_ends,
        {"optimizer": "sgd", "loss": "mse", "loss_weights": [1, 2]},
        "loss_weights=[1, 2] has no equal in TensorFlow.js",
    ),
    "weighted metrics": (
        stock,
        {"optimizer": "sgd", "loss": "mse", "weighted_metrics": ["mse"]},
        "weighted_metrics=['mse'] has no equal in TensorFlow.js",
    ),
    "a mask": (
        masked,
        {"optimizer": "sgd", "loss": "mse"},
        "an output has a mask, which Keras leaves out of the loss",
    ),
    "several shapes": (
        three_axes,
        {"optimizer": "sgd", "loss": "mse"},
        "several outputs that are not all of shape (batch, n) have another loss there",
    ),
}


@pytest.mark.parametrize("name", LEFT_OUT)
def test_what_has_no_exact_equal_is_left_out_and_said(
    name: str, tfjs: TfjsSession, tmp_path: Path
) -> None:
    build, given, why = LEFT_OUT[name]
    model = with_random_weights(build())
    model.compile(**given)
    convert(build(), tmp_path / "plain")

    report = convert(model, tmp_path / "out")
    tfjs.predict(tmp_path / "out", batch(model)[0])

    assert report.notes == (f"The training configuration is left out: {why}{END}",)
    written = json.loads((tmp_path / "out/model.json").read_text())
    assert "trainingConfig" not in written
    assert sorted(report.files) == sorted(path.name for path in (tmp_path / "plain").iterdir())
    if name == "adam alone":
        return
    with pytest.raises(UnsupportedOptionError) as refused:
        convert(model, tmp_path / "asked", with_optimizer=True)
    assert str(refused.value) == (
        f"The optimizer cannot be written: {why}. Leave --with-optimizer (with_optimizer=True) "
        "out, and compile the model in TensorFlow.js."
    )
    assert not (tmp_path / "asked").exists()


def test_adam_is_written_for_a_model_of_stock_layers_if_it_is_asked_for(tmp_path: Path) -> None:
    model = stock()
    model.compile("adam", "mse")

    report = convert(model, tmp_path / "out", with_optimizer=True)

    assert report.twins == ("keras>Adam",)
    assert "keras-tfjs.js" in report.files


def refusal(report: Callable[[], Report]) -> str:
    with pytest.raises(UnsupportedOptionError) as refused:
        report()
    prefix, suffix = "The optimizer cannot be written: ", ". Leave --with-optimizer"
    message = str(refused.value)
    assert message.startswith(prefix)
    return message.removeprefix(prefix).partition(suffix)[0]


def test_an_optimizer_that_cannot_be_restored_is_refused(tmp_path: Path) -> None:
    def asked(model: keras.Model, **options: Any) -> str:
        return refusal(partial(convert, model, tmp_path / "out", with_optimizer=True, **options))

    adam, adamax, plain, lora = (stock() for _ in range(4))
    adam.compile("adam", "mse")
    adamax.compile("adamax", "mse")
    lora.layers[0].enable_lora(2)
    lora.compile("rmsprop", "mse")
    by_keras(lora, *batch(lora), 1)
    hidden = bias_layers.MultiHeadAttention(
        1, 2, bias_shape="scalar", bias_trainable={"key": False}
    )
    x = keras.Input((3, 2))
    fixed = keras.Model(x, hidden(x, x))
    fixed.compile("adam", "mse")

    assert asked(adam, stock=True) == "Adam has no exact equal among stock optimizers"
    assert asked(adamax) == "TensorFlow.js cannot restore the variables of Adamax"
    assert asked(plain) == "the model was saved without having been compiled"
    assert asked(lora) == (
        "its variables are not those of the weights that train in TensorFlow.js, as with LoRA or "
        "quantized layers"
    )
    assert asked(fixed) == (f"some of the biases of layer '{fixed.layers[1].name}' are fixed")


def test_an_uncompiled_model_has_nothing_to_say(tmp_path: Path) -> None:
    report = convert(stock(), tmp_path / "out")

    assert report.notes == ()
    assert "trainingConfig" not in json.loads((tmp_path / "out/model.json").read_text())
