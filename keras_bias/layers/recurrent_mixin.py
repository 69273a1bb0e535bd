"""The one mechanism by which a recurrent Keras layer gets a bias of another shape.

A recurrent layer gives its cell's bias to its backend's fused loop, if there is one, so the bias
must have the shape that Keras expects there, and must be there. Hence a cell stores the small
variable, `bias_variable`, and shows its parent an expanded one under the parent's own name,
`bias`. A layer is its parent with such a cell in it.
"""

from collections.abc import Callable
from typing import Any

from keras import ops

from keras_bias.initializers import GateBias
from keras_bias.layers.choice import BiasChoice, Layer, arguments_of, constructor
from keras_bias.layers.mixin import expanded
from keras_bias.shape import Resolved

Tensor = Any


class CellBiasMixin(BiasChoice):
    """Gives the recurrent Keras cell class beside it `bias_shape` and `bias_trainable`.

    For a class whose `build` adds one weight named "bias" and keeps it as `self.bias`. Listed
    before that class.
    """

    gates: tuple[str, ...] = ()
    """Names of the gates in the order of the weights; empty if there is nothing to tell apart."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self._has_bias():
            with self._named():
                self._settle()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Puts the parent's signature on the constructor, for those who read it."""
        super().__init_subclass__(**kwargs)
        parent: Any = super(BiasChoice, cls)
        if "__init__" not in vars(cls):
            cls.__init__ = constructor(CellBiasMixin, parent.__init__)  # type: ignore[method-assign]

    @property
    def bias(self) -> Any:
        """The bias as the parent has it: one for each gate and unit; None without one.

        The variable itself is `bias_variable`.
        """
        variable = self.bias_variable
        if variable is None or tuple(variable.shape) == self._bias_target():
            return variable
        return self._expanded_bias(variable)

    @bias.setter
    def bias(self, variable: Any) -> None:
        self.bias_variable = variable

    def _saved_bias(self) -> Any:
        return self.bias_variable

    def _units(self) -> int:
        """The number of biases that a gate has in the parent."""
        units: int = self.units
        return units

    def _projections(self) -> int | None:
        """The number of projections with a bias each; None if there is only one."""
        return 2 if getattr(self, "reset_after", False) else None

    def _settle(self) -> None:
        """Resolves the shape, and refuses what it cannot start as it should."""
        self._bias_resolved = self._bias_shape.resolve_recurrent(
            len(self.gates) or 1, self._units(), self._projections()
        )
        self._check_start(self._bias_resolved.counts[-2] == len(self.gates))

    def _check_start(self, by_gate: bool) -> None:
        """Refuses a start for each gate where the gates share biases."""
        start, shape = self.bias_initializer, self._bias_shape.spec
        if isinstance(start, GateBias):
            if start.gates != self.gates:
                named = f"the gates {', '.join(self.gates)}" if self.gates else "no gates"
                raise ValueError(
                    f"bias_initializer={start} is for the gates {', '.join(start.gates)}, and this "
                    f"layer has {named}. Use another initializer."
                )
            if not by_gate:
                raise ValueError(
                    f"bias_initializer={start} needs a bias for every gate, and "
                    f"bias_shape={shape!r} shares them. Use 'vector' or 'gate', or another "
                    "initializer."
                )
        if getattr(self, "unit_forget_bias", False) and not by_gate:
            raise ValueError(
                "unit_forget_bias=True needs a bias for the forget gate alone, and "
                f"bias_shape={shape!r} shares it with other gates. Use unit_forget_bias=False, "
                "or bias_shape='gate'."
            )

    def _gate_axis(self) -> int:
        """The axis of the variable that the gates lie along."""
        return -1

    def _initial_bias(self, parents: Any) -> Callable[..., Tensor] | Any:
        """The parent's start; its own closure knows one shape only."""
        unit_forget = getattr(self, "unit_forget_bias", False)
        start, axis = self.bias_initializer, self._gate_axis()
        if isinstance(start, GateBias):

            def by_name(shape: Any, dtype: Any = None) -> Tensor:
                return start.filled(tuple(shape), dtype, axis, unit_forget)

            return by_name
        if not unit_forget or self._bias_resolved.stored == self._bias_target():
            return parents

        def with_forget(shape: Any, dtype: Any = None) -> Tensor:
            """As Keras has it: the gates' starts around the ones of the forget gate."""
            gate = list(shape)
            gate[axis] //= len(self.gates)
            after = list(gate)
            after[axis] *= 2
            pieces = [start(gate, dtype), ops.ones(gate, dtype), start(after, dtype)]
            return ops.concatenate(pieces, axis=axis)

        return with_forget

    def _bias_target(self) -> tuple[int, ...]:
        """The shape that the parent has its bias in."""
        width = (len(self.gates) or 1) * self._units()
        projections = self._projections()
        return (projections, width) if projections else (width,)

    def _expanded_bias(self, variable: Any) -> Tensor:
        return ops.reshape(
            spread_over_gates(ops.convert_to_tensor(variable), self._bias_resolved, self._axes()),
            self._bias_target(),
        )

    def _axes(self) -> tuple[int, ...]:
        """The sizes of the axes that a bias can vary along: projection, gate and unit."""
        projections = self._projections()
        sizes = (len(self.gates) or 1, self._units())
        return (projections, *sizes) if projections else sizes


class RecurrentBiasMixin(Layer):  # type: ignore[misc]  # Keras has no types
    """Gives the recurrent Keras layer class beside it `bias_shape` and `bias_trainable`.

    Listed before that class, whose cell it replaces by one of `cell_class`.
    """

    cell_class: type[Any]
    cell: Any

    def __init__(
        self, *args: Any, bias_shape: Any = "vector", bias_trainable: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        given = self.cell
        unsaid = {
            key: getattr(given, key) for key in ("rank", "implementation") if hasattr(given, key)
        }
        cell = self.cell_class(
            **{**arguments_of(given), **unsaid, "name": self.name},  # the name is for messages
            bias_shape=bias_shape,
            bias_trainable=bias_trainable,
        )
        cell.name = given.name
        self._tracker.untrack(given)  # or Keras would go on counting its state as the layer's
        self.cell = cell

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Puts the parent's signature on the constructor, for those who read it."""
        super().__init_subclass__(**kwargs)
        parent: Any = super()
        if "__init__" not in vars(cls):
            cls.__init__ = constructor(  # type: ignore[method-assign]
                RecurrentBiasMixin, parent.__init__
            )

    @property
    def bias_shape(self) -> str | tuple[int | None, ...]:
        """The name or the tuple of the bias's shape; the variable is `cell.bias_variable`."""
        shape: str | tuple[int | None, ...] = self.cell.bias_shape
        return shape

    @property
    def bias_trainable(self) -> bool:
        """Whether training changes the bias."""
        trainable: bool = self.cell.bias_trainable
        return trainable

    def get_config(self) -> dict[str, Any]:
        """The parent's config with `bias_shape` and `bias_trainable`."""
        own = self.cell.get_config()
        return {
            **super().get_config(),
            "bias_shape": own["bias_shape"],
            "bias_trainable": own["bias_trainable"],
        }


def spread_over_gates(bias: Tensor, resolved: Resolved, sizes: tuple[int, ...]) -> Tensor:
    """The bias with a number for each index of `sizes`, such as (gate, unit)."""
    return ops.broadcast_to(expanded(bias, resolved, sizes), sizes)
