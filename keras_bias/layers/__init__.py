"""`keras.layers`, with a bias shape wherever a layer here has one.

A drop-in: the classes of this package stand in for Keras's of the same name, and every other name
is Keras's own.
"""

from typing import Any

import keras

from keras_bias.layers.attention import GroupQueryAttention, MultiHeadAttention
from keras_bias.layers.bias import Bias
from keras_bias.layers.conv_lstm import ConvLSTM1D, ConvLSTM2D, ConvLSTM3D
from keras_bias.layers.convolution import Conv1D, Conv2D, Conv3D
from keras_bias.layers.convolution_transpose import (
    Conv1DTranspose,
    Conv2DTranspose,
    Conv3DTranspose,
)
from keras_bias.layers.dense import Dense, EinsumDense
from keras_bias.layers.depthwise_convolution import (
    DepthwiseConv1D,
    DepthwiseConv2D,
    SeparableConv1D,
    SeparableConv2D,
)
from keras_bias.layers.recurrent import GRU, LSTM, GRUCell, LSTMCell, SimpleRNN, SimpleRNNCell

# Keras's other names of these.
Convolution1D = Conv1D
Convolution2D = Conv2D
Convolution3D = Conv3D
Convolution1DTranspose = Conv1DTranspose
Convolution2DTranspose = Conv2DTranspose
Convolution3DTranspose = Conv3DTranspose
SeparableConvolution1D = SeparableConv1D
SeparableConvolution2D = SeparableConv2D

__all__ = [
    "GRU",
    "LSTM",
    "Bias",
    "Conv1D",
    "Conv1DTranspose",
    "Conv2D",
    "Conv2DTranspose",
    "Conv3D",
    "Conv3DTranspose",
    "ConvLSTM1D",
    "ConvLSTM2D",
    "ConvLSTM3D",
    "Convolution1D",
    "Convolution1DTranspose",
    "Convolution2D",
    "Convolution2DTranspose",
    "Convolution3D",
    "Convolution3DTranspose",
    "Dense",
    "DepthwiseConv1D",
    "DepthwiseConv2D",
    "EinsumDense",
    "GRUCell",
    "GroupQueryAttention",
    "LSTMCell",
    "MultiHeadAttention",
    "SeparableConv1D",
    "SeparableConv2D",
    "SeparableConvolution1D",
    "SeparableConvolution2D",
    "SimpleRNN",
    "SimpleRNNCell",
]


def __getattr__(name: str) -> Any:
    try:
        return getattr(keras.layers, name)
    except AttributeError:
        raise AttributeError(
            f"module {__name__!r} has no attribute {name!r}, and keras.layers has none either"
        ) from None


def __dir__() -> list[str]:
    return sorted({*__all__, *dir(keras.layers)})
