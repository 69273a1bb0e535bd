"""One contract over every layer that carries a bias: what it computes, and how it is trained.

The rows are in `contract/table.py`; what becomes of files and copies is `test_contract_files.py`'s.
"""

from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest
from bias_definition import Array, gathered
from layers.contract.models import (
    Built,
    case_name,
    drawn,
    foretold,
    layer_of,
    made,
    model_of,
    model_of_all,
    plain,
    predicted,
)
from layers.contract.row import Case, Row
from layers.contract.table import ROWS

from keras_bias import layers

each_row = pytest.mark.parametrize(
    "number", range(len(ROWS)), ids=[f"{n}-{row.name}" for n, row in enumerate(ROWS)]
)


def loss(built: Built, number: int, weights: dict[str, Array]) -> float:
    """sum(target * output) of a case's layer, in float64 and by the definition."""
    y = foretold(built.row, built.row.cases[number], weights, built.inputs)
    return float(np.sum(built.targets[number] * y))


def slope(built: Built, number: int, path: str, index: tuple[int, ...]) -> float:
    """The derivative of the loss by one entry of one weight, from two values of the loss."""
    weights, step = built.weights(number), 1e-5
    sides = []
    for sign in (1, -1):
        moved = weights[path].copy()
        moved[index] += sign * step
        sides.append(loss(built, number, {**weights, path: moved}))
    return (sides[0] - sides[1]) / (2 * step)


def some(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """The first index, the last, and one between."""
    size = int(np.prod(shape))
    return [tuple(map(int, np.unravel_index(n, shape))) for n in sorted({0, size // 2, size - 1})]


def test_every_layer_with_a_bias_has_a_row() -> None:
    classes = {
        layer
        for name in layers.__all__
        if isinstance(layer := getattr(layers, name), type) and hasattr(layer, "bias_shape")
    }
    rows = {row.ours for row in ROWS}
    recurrent = [row for row in ROWS if issubclass(row.ours, keras.layers.RNN)]
    cells = {type(row.ours(**row.arguments).cell) for row in recurrent}

    assert classes <= rows | cells


@each_row
def test_what_it_gives_is_what_the_definition_says(number: int) -> None:
    built = model_of_all(number).rewound()

    got = built.outputs()

    for n, case in enumerate(built.row.cases):
        want = foretold(built.row, case, built.weights(n), built.inputs)
        # float32 sums of up to a hundred products of size 1, through a tanh.
        np.testing.assert_allclose(got[n], want, rtol=1e-5, atol=1e-5, err_msg=str(case))


@each_row
def test_it_stores_as_many_biases_as_it_tells_apart(number: int) -> None:
    built = model_of_all(number)

    for n, case in enumerate(built.row.cases):
        layer, stored = built.layer(n), {p: bias.stored for p, bias in case.biases.items()}
        weights = built.weights(n)
        assert {path: weights[path].shape for path in stored} == stored, case
        others = sum(w.size for path, w in weights.items() if path not in stored)
        biases = sum(int(np.prod(shape)) for shape in stored.values())
        assert layer.count_params() == others + biases, case
        assert plain(layer.bias_shape) == plain(case.bias_shape)
        assert layer.bias_trainable == case.trainable


@each_row
def test_the_gradient_is_the_slope_of_the_loss(number: int) -> None:
    built = model_of_all(number).rewound()
    before = [built.weights(n) for n in range(len(built.row.cases))]
    wanted: dict[tuple[int, str, tuple[int, ...]], float] = {}
    for n, case in enumerate(built.row.cases):
        # The kernels are the same in all cases, and their slopes take longest.
        paths = before[n] if n == 0 else case.biases
        if case.trainable:
            for path in paths:
                for index in some(before[n][path].shape):
                    wanted[n, path, index] = slope(built, n, path, index)

    built.train()

    for (n, path, index), want in wanted.items():
        got = before[n][path][index] - built.weights(n)[path][index]
        # Sums of some dozen numbers of size 1 in float32, taken off a weight of size 1.
        assert got == pytest.approx(want, rel=1e-4, abs=1e-4), (built.row.cases[n], path, index)


@each_row
def test_a_shared_bias_s_gradient_is_the_sum_of_those_it_stands_for(number: int) -> None:
    built = model_of_all(number).rewound()
    equal: dict[int, dict[str, Array]] = {}
    for n in range(len(built.row.cases)):
        layer = built.layer(n)
        for weight in layer.weights:
            if weight.path.removeprefix(f"{layer.name}/") in built.row.cases[n].biases:
                weight.assign(np.full(weight.shape, 0.25))
    targets = [built.targets[0]] * len(built.targets)
    before = [built.weights(n) for n in range(len(built.row.cases))]

    built.train(targets)

    finest = max(
        (n for n, case in enumerate(built.row.cases) if case.trainable),
        key=lambda n: sum(b.size for p, b in before[n].items() if p in built.row.cases[n].biases),
    )
    for n, case in enumerate(built.row.cases):
        equal[n] = {p: before[n][p] - built.weights(n)[p] for p in case.biases}
    for n, case in enumerate(built.row.cases):
        for path, bias in case.biases.items() if case.trainable else ():
            whole = built.row.cases[finest].biases[path]
            assert whole.counts == whole.sizes
            want = gathered(equal[finest][path].reshape(1, *bias.sizes), bias.counts, bias.stored)
            np.testing.assert_allclose(
                equal[n][path], want, rtol=1e-4, atol=1e-4, err_msg=str(case)
            )


@each_row
def test_training_moves_the_trainable_weights_and_no_others(number: int) -> None:
    built = model_of_all(number).rewound()
    before = [built.weights(n) for n in range(len(built.row.cases))]

    built.train(epochs=2)

    for n, case in enumerate(built.row.cases):
        for path, after in built.weights(n).items():
            if path not in built.row.idle:
                moved = np.any(after != before[n][path])
                assert moved == (case.trainable or path not in case.biases), (case, path)


@each_row
def test_a_bias_that_it_cannot_have_is_refused_before_any_weight(number: int) -> None:
    row = ROWS[number]

    for bias_shape, message in row.refused:
        made_first: list[Any] = []
        with pytest.raises(ValueError) as raised:  # noqa: PT011 -- compared word for word below
            build(row, bias_shape, made_first)
        assert str(raised.value) == f"Layer 'a': {message}"
        assert [layer.weights for layer in made_first] in ([], [[]])


def build(row: Row, bias_shape: Any, made_first: list[Any]) -> None:
    """Builds a layer, and leaves it behind if only building it fails."""
    made_first.append(row.ours(**row.arguments, bias_shape=bias_shape, name="a"))
    made_first[0].build(*((None, *shape) for shape in row.inputs))


def output_shape(row: Row, shapes: list[Any]) -> tuple[Any, ...]:
    """What Keras says of the shape that comes out."""
    layer = (row.theirs or row.ours)(**row.arguments)
    layer.build(*shapes)  # before 3.15, only an EinsumDense that is built knows
    return tuple(layer.compute_output_shape(*shapes))


def fits_any_size(case: Case, sizes: tuple[int | None, ...]) -> bool:
    """Whether the biases vary only along axes whose size is known, or stays."""
    (bias,) = case.biases.values()
    return all(n == 1 or known for n, known in zip(bias.counts, sizes, strict=True))


@each_row
def test_another_size_is_taken_where_the_bias_is_shared_and_else_refused(number: int) -> None:
    built = model_of_all(number).rewound()
    row = built.row
    if row.other is None:
        return
    inputs = [drawn(n, 2, *shape) for n, shape in enumerate(row.other)]
    output = output_shape(row, [(2, *shape) for shape in row.other])
    same = tuple(a == b for a, b in zip(output[1:], built.targets[0].shape[1:], strict=True))

    fitting = [n for n, case in enumerate(row.cases) if fits_any_size(case, same)]
    whole = model_of(row, [built.layer(n) for n in fitting], row.other, again=False)
    for n, got in zip(fitting, predicted(whole, inputs), strict=True):
        case = row.cases[n]
        wider = {path: replace(bias, sizes=output[1:]) for path, bias in case.biases.items()}
        want = foretold(row, replace(case, biases=wider), built.weights(n), inputs)
        np.testing.assert_allclose(got, want, rtol=1e-5, atol=1e-5, err_msg=str(case))
    for n, case in enumerate(row.cases):
        if n not in fitting:
            model = model_of(row, [built.layer(n)], row.other, again=False)
            with pytest.raises(ValueError, match="bias_shape") as raised:
                predicted(model, inputs)
            assert (
                f"Layer '{case_name(n)}': bias_shape={case.bias_shape!r} was built for output "
                f"shape {(None, *built.targets[0].shape[1:])} and cannot be added to {output}. "
                "Call the layer on the size it was built on, or share the bias along the axes "
                "that change."
            ) in str(raised.value)


@each_row
def test_an_unknown_size_is_taken_where_the_bias_is_shared_and_else_refused(number: int) -> None:
    row = ROWS[number]
    if row.unknown is None:
        return
    shapes = [(None, *shape) for shape in row.unknown]
    output = output_shape(row, shapes)

    for n, case in enumerate(row.cases):
        layer = layer_of(row, n)
        if fits_any_size(case, tuple(size is not None for size in output[1:])):
            assert model_of(row, [layer], row.unknown).output_shape == output
            stored = [tuple(w.shape) for w in layer.weights if "bias" in w.name]
            assert stored == [bias.stored for bias in case.biases.values()]
        else:
            with pytest.raises(ValueError, match="whose size is None") as raised:
                layer.build(*shapes)
            assert str(raised.value).startswith(f"Layer '{case_name(n)}': bias_shape=")
            assert layer.weights == []


@each_row
def test_an_empty_batch_goes_wherever_keras_s_goes(number: int) -> None:
    built = model_of_all(number)
    row = built.row
    empty = [np.zeros((0, *shape), "float32") for shape in row.inputs]

    def survives(layer: Any) -> Any:
        try:
            return tuple(layer(*empty).shape)
        except Exception as error:
            return type(error)

    want = survives(made(row.theirs or row.ours, **row.arguments))
    for n in range(len(row.cases)):
        assert survives(built.layer(n)) == want
