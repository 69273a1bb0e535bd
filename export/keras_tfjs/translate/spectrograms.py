"""Translators of the layers that make spectrograms of signals."""

from keras_tfjs.ir import Json, Layer
from keras_tfjs.translate.options import (
    BOOL,
    FORMAT,
    INT,
    NUMBER,
    TEXT,
    Aim,
    Kind,
    Options,
    optional,
)
from keras_tfjs.translate.weights import named

WINDOWS = ("hann", "hamming")
WINDOW = Kind("a window", lambda value: isinstance(value, str | list))


def stft_spectrogram(layer: Layer, aim: Aim) -> Layer:
    """Windows and scaling are in its weights, which train."""
    options = Options(layer, aim)
    mode = options.take("mode", TEXT, "log")
    length = options.take("frame_length", INT, 256)
    step = options.read("frame_step", optional(INT), None)
    options.config["frame_step"] = step or length // 2
    given = options.read("fft_length", optional(INT), None)
    options.config["fft_length"] = fft_length(length, given)
    options.take("padding", TEXT, "valid")
    options.take("expand_dims", BOOL, False)
    options.take("data_format", FORMAT, "channels_last")
    options.leave("window", "periodic", "scaling")
    shape = (length, 1, fft_length(length, given) // 2 + 1)
    present = {"real_kernel": mode != "imag", "imag_kernel": mode != "real"}
    weights = named(layer, {name: shape for name, there in present.items() if there})
    return options.twin("keras>STFTSpectrogram", "an STFTSpectrogram", weights)


def fft_length(frame: int, given: Json) -> int:
    """As given, or the next power of two.

    >>> fft_length(5, None)
    8
    """
    return int(given) if given else 1 << (frame - 1).bit_length()


def mel_spectrogram(layer: Layer, aim: Aim) -> Layer:
    """Its matrices are computed from its options, here as there."""
    options = Options(layer, aim)
    if options.rank not in (None, 2):
        raise options.problem(
            f"its input has {options.rank} axes, the batch included, where Keras itself does not "
            "know the shape of its output.",
            "Call it on batches of signals: Input((length,)).",
        )
    length = options.take("fft_length", INT, 2048)
    options.take("sequence_stride", INT, 512)
    given = options.read("sequence_length", optional(INT), None)
    options.config["sequence_length"] = given or length
    window = options.take("window", optional(WINDOW), "hann")
    if isinstance(window, str) and window not in WINDOWS:
        raise options.unsupported("window", window, f"Use one of {', '.join(WINDOWS)}, or a list.")
    rate = options.take("sampling_rate", NUMBER, 16000)
    options.take("num_mel_bins", INT, 128)
    options.take("min_freq", NUMBER, 20.0)
    options.config["max_freq"] = options.read("max_freq", optional(NUMBER), None) or int(rate / 2)
    options.take("power_to_db", BOOL, True)
    options.take("top_db", NUMBER, 80.0)
    options.take("mag_exp", NUMBER, 2.0)
    options.take("min_power", NUMBER, 1e-10)
    options.take("ref_power", NUMBER, 1.0)
    return options.twin("keras>MelSpectrogram", "a MelSpectrogram")


TRANSLATORS = {"STFTSpectrogram": stft_spectrogram, "MelSpectrogram": mel_spectrogram}
