"""Recurrent layers in the contract: SimpleRNN, LSTM, GRU, and the convolutional LSTMs."""

from typing import Any

from layers.contract.recurrent_definition import conv_lstm, gru, lstm, simple_rnn
from layers.contract.row import Bias, Case, Row

NOT_RECURRENT = (
    "is not for recurrent layers. Use 'scalar', 'vector'{} or a tuple over (gate, unit)."
)
NO_GATES = (
    "bias_shape='gate' needs a layer with gates, and this one has none. Use 'scalar', 'vector' or "
    "a tuple over (gate, unit)."
)


def of_gates(
    path: str, gates: int, units: int, rows: int | None = None, unshared: bool = False
) -> tuple[Case, ...]:
    """The cases of a recurrent layer.

    Args:
        path: the variable's, below the layer.
        gates: their number; 1 without any.
        units: their number.
        rows: of biases, each for a projection; None if there is one.
        unshared: whether the gates must not share biases.
    """
    apart = () if rows is None else (rows,)
    sizes = (*apart, gates, units)

    def case(bias_shape: Any, gate: int, unit: int, trainable: bool = True) -> Case:
        stored = (*apart, gate * unit) if gate * unit > 1 or not apart else apart
        return Case(bias_shape, {path: Bias(stored, (*apart, gate, unit), sizes)}, trainable)

    cases = [case("vector", gates, units), case("vector", gates, units, trainable=False)]
    if gates > 1:
        cases.append(case("gate", gates, 1))
    if not unshared:
        cases += [case("scalar", 1, 1), case((1, None), 1, units), case((None,), 1, units)]
    if units % 2 == 0:
        cases.append(case((None, 2), gates, 2))
    if rows and not unshared:
        shared = Bias((gates,), (1, gates, 1), sizes)
        cases.append(Case((1, None, 1), {path: shared}))
    return tuple(cases)


def row(
    layer: str, steps: int, features: int, units: int, forget: bool = False, **arguments: Any
) -> Row:
    """A recurrent layer on a sequence of that many steps of that many features."""
    reference, gates = {
        "SimpleRNN": (simple_rnn, 1),
        "LSTM": (lstm, 4),
        "GRU": (gru, 3),
    }[layer]
    rows = 2 if layer == "GRU" and arguments.get("reset_after", True) else None
    path = f"{'simple_rnn' if gates == 1 else layer.lower()}_cell/bias"
    offered = ", 'gate'" if gates > 1 else ""
    refused = [
        (name, f"bias_shape={name!r} {NOT_RECURRENT.format(offered)}")
        for name in ("untied", "location", "group")
    ]
    if gates == 1:
        refused.append(("gate", NO_GATES))
    if forget:
        refused.append(
            (
                "scalar",
                "unit_forget_bias=True needs a bias for the forget gate alone, and "
                "bias_shape='scalar' shares it with other gates. Use unit_forget_bias=False, or "
                "bias_shape='gate'.",
            )
        )
    if layer == "LSTM":
        arguments["unit_forget_bias"] = forget
    return Row(
        layer,
        {"units": units, **arguments},
        ((steps, features),),
        reference,
        of_gates(path, gates, units, rows, forget),
        refused=(
            *refused,
            (
                (1, units + 1),
                f"bias_shape={(1, units + 1)} needs {units + 1} equal blocks along the unit axis, "
                f"whose size is {units}. Use a number that divides {units}.",
            ),
        ),
        # Before the first step, the state is 0.
        idle=(path.replace("bias", "recurrent_kernel"),) if steps == 1 else (),
    )


def of_places(path: str, places: tuple[int, ...], filters: int, first: bool) -> tuple[Case, ...]:
    """The cases of a convolutional LSTM whose steps give that many places."""
    ones = (1,) * len(places)

    def axes(place: tuple[int, ...], gate: int, unit: int) -> tuple[int, ...]:
        return (gate, unit, *place) if first else (*place, gate, unit)

    def stored(place: tuple[int, ...], channel: int) -> tuple[int, ...]:
        return (channel, *place) if first else (*place, channel)

    sizes = axes(places, 4, filters)

    def case(bias_shape: Any, shape: tuple[int, ...], counts: tuple[int, ...]) -> Case:
        return Case(bias_shape, {path: Bias(shape, counts, sizes)})

    whole = stored(places, 4 * filters)
    return (
        case("vector", (4 * filters,), axes(ones, 4, filters)),
        case("gate", (4,), axes(ones, 4, 1)),
        case("scalar", (1,), axes(ones, 1, 1)),
        case((1, None), (filters,), axes(ones, 1, filters)),
        case("location", stored(places, 1), axes(places, 1, 1)),
        case("untied", whole, sizes),
        Case("untied", {path: Bias(whole, sizes, sizes)}, trainable=False),
    )


def convolutional_row(
    inputs: tuple[int, ...], places: tuple[int, ...], filters: int, **arguments: Any
) -> Row:
    """A convolutional LSTM on (steps, *places, channels), or with channels before the places."""
    first = arguments.get("data_format") == "channels_first"
    return Row(
        f"ConvLSTM{len(places)}D",
        {"filters": filters, "unit_forget_bias": False, **arguments},
        (inputs,),
        conv_lstm,
        of_places("conv_lstm_cell/bias", places, filters, first),
        refused=(
            ("group", f"bias_shape='group' {NOT_RECURRENT.format(chr(44) + ' ' + repr('gate'))}"),
        ),
    )


ROWS: list[Row] = [
    row("SimpleRNN", 3, 2, 3),
    row("SimpleRNN", 1, 1, 1),
    row("SimpleRNN", 4, 4, 4, return_sequences=True, go_backwards=True),
    row("LSTM", 3, 2, 3),
    row("LSTM", 4, 4, 4, return_sequences=True),
    row("LSTM", 2, 3, 2, forget=True, implementation=1),
    row("GRU", 3, 2, 3, reset_after=False),
    row("GRU", 3, 3, 3),
    row("GRU", 2, 3, 2, implementation=1, return_sequences=True),
    convolutional_row((2, 4, 2), (3,), 3, kernel_size=2),
    convolutional_row((2, 3, 4, 1), (2, 3), 2, kernel_size=2),
    convolutional_row((2, 1, 3, 3), (2, 2), 2, kernel_size=2, data_format="channels_first"),
    convolutional_row((2, 2, 2, 2, 1), (2, 2, 2), 2, kernel_size=1),
]
