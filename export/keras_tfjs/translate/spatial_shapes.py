"""A shape taken apart into spatial axes and channels, and put together again."""

from keras_tfjs.ir import Json

Shape = list[int | None]


def spatial(config: Json, shape: Shape) -> tuple[Shape, int | None]:
    """The sizes of the spatial axes, and how many channels there are."""
    if config.get("data_format") == "channels_first":
        return shape[2:], shape[1]
    return shape[1:-1], shape[-1]


def joined(config: Json, batch: int | None, sizes: Shape, channels: int | None) -> Shape:
    """The shape of these, batch first."""
    if config.get("data_format") == "channels_first":
        return [batch, channels, *sizes]
    return [batch, *sizes, channels]
