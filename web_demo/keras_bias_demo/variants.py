"""The five variants of the question's network, and what is measured of each.

The network has 1 input, 5 hidden units and 2 outputs; it learns degrees Celsius to degrees
Fahrenheit and kelvins. The answer is °F = 1.8 °C + 32 and K = °C + 273.15, so 32 and 273.15 are
what the biases are for.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Variant:
    """A kind of bias, in both layers.

    Attributes:
        name: of the folder.
        title: what a reader sees.
        options: arguments of both Dense layers.
        activation: of the hidden layer.
    """

    name: str
    title: str
    options: Mapping[str, Any] = field(default_factory=dict)
    activation: str | None = None


VARIANTS = (
    Variant("vector", "One number per unit"),
    Variant("scalar", "One number per layer", {"bias_shape": "scalar"}),
    Variant("none", "No bias", {"use_bias": False}),
    Variant("fixed", "Fixed at 1", {"bias_initializer": "ones", "bias_trainable": False}),
    Variant("relu", "One number per unit, relu between", activation="relu"),
)


@dataclass(frozen=True)
class Trained:
    """What training left.

    Attributes:
        parameters: numbers in the network.
        bias_parameters: those of them that are biases.
        trained_bias_parameters: biases that training may change.
        loss: mean squared error over both outputs, in square degrees.
    """

    parameters: int
    bias_parameters: int
    trained_bias_parameters: int
    loss: float

    @property
    def error(self) -> float:
        """Root of the loss: by how many degrees the network is typically off."""
        return float(self.loss**0.5)


@dataclass(frozen=True)
class Outcome:
    """A variant, trained, exported, and asked again in TensorFlow.js.

    Attributes:
        difference: largest |Keras - TensorFlow.js| over all outputs, in degrees.
        agrees: whether that is within the tolerance.
    """

    variant: Variant
    trained: Trained
    difference: float
    agrees: bool

    def as_json(self) -> dict[str, Any]:
        """A row of models.json; `path` is below the served root."""
        return {
            "name": self.variant.name,
            "title": self.variant.title,
            "path": f"models/{self.variant.name}/model.json",
            "options": dict(self.variant.options),
            "activation": self.variant.activation,
            **asdict(self.trained),
            "error": self.trained.error,
            "difference": self.difference,
            "agrees": self.agrees,
        }
