"""What can go wrong on the road, one class for each thing that a caller might catch.

::

    ConversionError                 everything below; exit code 1 of `keras-tfjs`
    ├── NotAKerasModelError         the input is something else, or is not there
    ├── CorruptModelError           it was a Keras model once: truncated, incomplete, contradictory
    ├── UnsafeModelError            reading it would cost too much, or would read other files
    ├── UnsupportedLayerError       a layer that a browser cannot have; names all of the model's
    ├── UnsupportedOptionError      a layer that it can have, but not with this option
    └── OutputError                 the output folder cannot be written
        └── OutputExistsError       it is there already

A message says where, what, and what instead, in this order. Every message is a promise and is
tested word for word.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager


class ConversionError(Exception):
    """A model was not converted, and nothing was written."""


class NotAKerasModelError(ConversionError):
    """The input is not a saved Keras model, or does not exist."""


class CorruptModelError(ConversionError):
    """The input is a Keras model whose parts are missing or contradict each other."""


class UnsafeModelError(ConversionError):
    """The input asks for more than reading it may cost, or for other files of this machine."""


class UnsupportedLayerError(ConversionError):
    """The model has layers that a browser cannot run."""


class UnsupportedOptionError(ConversionError):
    """A layer of the model has an option without an equal in TensorFlow.js."""


class OutputError(ConversionError):
    """The output folder cannot be written."""


class OutputExistsError(OutputError):
    """The output folder is there already, and `--overwrite` was not given."""


def gathered(problems: Sequence[UnsupportedLayerError | UnsupportedOptionError]) -> ConversionError:
    """One error for all problems of a model, so that a user mends them in one go.

    It is an `UnsupportedLayerError` as soon as one layer as a whole is unsupported.
    """
    if len(problems) == 1:
        return problems[0]
    kinds = {type(problem) for problem in problems}
    kind = UnsupportedOptionError if kinds == {UnsupportedOptionError} else UnsupportedLayerError
    lines = "\n".join(f"  {problem}" for problem in problems)
    return kind(
        f"The model has {len(problems)} layers or options that cannot be converted:\n{lines}"
    )


@contextmanager
def understood(where: str | os.PathLike[str]) -> Iterator[None]:
    """Refuses a file whose configuration is so unlike Keras's that looking at it fails.

    Each damage that is likely has an error of its own, which names the layer. This is for the rest.

    Args:
        where: the file.

    Raises:
        CorruptModelError: if a value is of another kind than Keras writes there.
    """
    try:
        yield
    except (AttributeError, TypeError, ValueError, LookupError, RecursionError) as error:
        kind = type(error).__name__
        raise CorruptModelError(
            f"{os.fspath(where)}: its configuration is none that Keras writes ({kind}: {error}). "
            "Save the model again. If Keras itself loads the file, please report it as a mistake "
            "of keras-tfjs."
        ) from error
