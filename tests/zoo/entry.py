"""What an entry of the zoo is: an architecture of the public world, at a small size."""

from collections.abc import Callable
from dataclasses import dataclass

import keras


@dataclass(frozen=True)
class Entry:
    """An architecture that must come through the road with Keras's numbers.

    Attributes:
        name: of the test.
        build: makes the model.
        deep: whether rounding has dozens of layers to grow in.
        heavy: whether it takes too long for `make test`.
        eager: whether a layer of it runs only outside of JAX's compiler.
    """

    name: str
    build: Callable[[], keras.Model]
    deep: bool = False
    heavy: bool = False
    eager: bool = False

    @property
    def tolerance(self) -> float:
        """Allowed |difference| per max(1, largest |output|)."""
        return 1e-4 if self.deep else 1e-5


def entries(*builders: Callable[[], keras.Model]) -> list[Entry]:
    """An entry for each builder, of its name."""
    return [Entry(builder.__name__, builder) for builder in builders]
