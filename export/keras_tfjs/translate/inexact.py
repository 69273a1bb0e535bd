"""What stops a training configuration, which is then left out: no error of the conversion."""


class Inexact(Exception):  # noqa: N818  # it ends a search, not the program
    """TensorFlow.js has no exact equal; the message says of what."""
