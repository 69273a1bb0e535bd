"""Models of series and sounds, built as keras.io/examples/timeseries and /audio build them."""

from typing import Any

import keras
import numpy as np
from keras import layers as kl
from keras import ops
from zoo.entry import entries


def weather_lstm() -> keras.Model:
    """timeseries_weather_forecasting."""
    series = keras.Input((10, 7))
    return keras.Model(series, kl.Dense(1)(kl.LSTM(8)(series)))


def series_transformer() -> keras.Model:
    """timeseries_classification_transformer."""
    series = keras.Input((10, 1))
    x = series
    for _ in range(3):
        attended = kl.Dropout(0.25)(kl.MultiHeadAttention(2, 8, dropout=0.25)(x, x))
        res = kl.LayerNormalization(epsilon=1e-6)(attended) + x
        x = kl.Conv1D(filters=4, kernel_size=1, activation="relu")(res)
        x = kl.Conv1D(filters=1, kernel_size=1)(kl.Dropout(0.25)(x))
        x = kl.LayerNormalization(epsilon=1e-6)(x) + res
    x = kl.GlobalAveragePooling1D(data_format="channels_last")(x)
    x = kl.Dropout(0.4)(kl.Dense(6, activation="relu")(x))
    return keras.Model(series, kl.Dense(2, activation="softmax")(x))


def series_convolutions() -> keras.Model:
    """timeseries_classification_from_scratch."""
    x = series = keras.Input((12, 1))
    for _ in range(3):
        x = kl.ReLU()(kl.BatchNormalization()(kl.Conv1D(6, 3, padding="same")(x)))
    return keras.Model(series, kl.Dense(2, activation="softmax")(kl.GlobalAveragePooling1D()(x)))


def anomaly_autoencoder() -> keras.Model:
    """timeseries_anomaly_detection, and how far the series is from what comes back."""
    series = keras.Input((12, 1))
    x = kl.Conv1D(6, 7, padding="same", strides=2, activation="relu")(series)
    x = kl.Conv1D(4, 7, padding="same", strides=2, activation="relu")(kl.Dropout(0.2)(x))
    x = kl.Conv1DTranspose(4, 7, padding="same", strides=2, activation="relu")(x)
    x = kl.Conv1DTranspose(6, 7, padding="same", strides=2, activation="relu")(kl.Dropout(0.2)(x))
    back = kl.Conv1DTranspose(1, 7, padding="same")(x)
    return keras.Model(series, [back, ops.mean(ops.abs(back - series), axis=1)])


def eeg_convolutions() -> keras.Model:
    """eeg_signal_classification."""
    x = signal = keras.Input((32, 1))
    for filters in (4, 6, 8):
        x = kl.Conv1D(filters, 3, strides=2, padding="same", activation="relu")(x)
        x = kl.BatchNormalization()(x)
    x = kl.Dropout(0.2)(kl.Flatten()(x))
    x = kl.Dense(8, activation="relu", kernel_regularizer=keras.regularizers.L2())(x)
    return keras.Model(signal, kl.Dense(5, activation="softmax")(x))


def traffic_graph_lstm() -> keras.Model:
    """timeseries_traffic_forecasting: a graph's convolution by a constant matrix, then an LSTM."""
    nodes, steps = 3, 5
    adjacency = np.array([[1, 0.5, 0], [0.5, 1, 0.2], [0, 0.2, 1]], "float32")
    series = keras.Input((nodes, steps, 2))
    around = ops.einsum("nm,bmtf->bntf", adjacency, series)
    x = ops.relu(kl.Concatenate()([kl.Dense(4)(series), kl.Dense(4)(around)]))
    x = kl.LSTM(6, activation="relu")(ops.reshape(x, (-1, steps, 8)))
    x = ops.reshape(kl.Dense(4)(x), (-1, nodes, 4))
    return keras.Model(series, ops.transpose(x, [0, 2, 1]))


def graph_convolutions() -> keras.Model:
    """gnn_citations, with the neighbours as a matrix that is an input."""
    features, adjacency = keras.Input((5, 4)), keras.Input((5, 5))
    degree = ops.sum(ops.abs(adjacency), axis=-1, keepdims=True) + 1.0
    x = features
    for _ in range(2):
        messages = ops.gelu(kl.Dense(6)(x))
        gathered = ops.matmul(adjacency, messages) / degree
        x = ops.normalize(kl.Dense(6)(ops.concatenate([x, gathered], axis=-1)), axis=-1, order=2)
    return keras.Model([features, adjacency], kl.Dense(3)(x))


def message_passing() -> keras.Model:
    """mpnn-molecular-graphs: atoms taken by the ends of their bonds, a GRU, attention read out."""
    atoms, bonds = keras.Input((4, 3)), keras.Input((6,), dtype="int32")
    neighbours = ops.take_along_axis(atoms, ops.expand_dims(bonds, -1), axis=1)
    x = kl.GRU(5, return_sequences=True)(kl.Dense(4)(neighbours))
    kept = ops.where(ops.expand_dims(bonds, -1) > 0, x, ops.zeros_like(x))
    return keras.Model([atoms, bonds], kl.Dense(1, activation="sigmoid")(ops.mean(kept, axis=1)))


def speech_to_text() -> keras.Model:
    """ctc_asr: DeepSpeech 2, of convolutions and bidirectional GRUs."""
    spectrum = keras.Input((None, 9))
    x = kl.Reshape((-1, 9, 1))(spectrum)
    for kernel, strides in (((3, 5), (2, 2)), ((3, 3), (1, 2))):
        x = kl.Conv2D(3, kernel, strides=strides, padding="same", use_bias=False)(x)
        x = kl.ReLU()(kl.BatchNormalization()(x))
    x = kl.Reshape((-1, x.shape[-2] * x.shape[-1]))(x)
    for at in range(2):
        gru = kl.GRU(4, return_sequences=True, reset_after=True)
        x = kl.Bidirectional(gru, merge_mode="concat")(x)
        x = kl.Dropout(0.5)(x) if at == 0 else x
    return keras.Model(spectrum, kl.Dense(7, activation="softmax")(kl.Dense(8, "relu")(x)))


def speaker_residuals() -> keras.Model:
    """speaker_recognition_using_cnn: residual blocks of convolutions on a spectrum."""

    def block(x: Any, filters: int, convolutions: int) -> Any:
        kept = kl.Conv1D(filters, 1, padding="same")(x)
        for _ in range(convolutions - 1):
            x = kl.Activation("relu")(kl.Conv1D(filters, 3, padding="same")(x))
        x = kl.Activation("relu")(kl.Add()([kl.Conv1D(filters, 3, padding="same")(x), kept]))
        return kl.MaxPool1D(pool_size=2, strides=2)(x)

    spectrum = keras.Input((24, 1))
    x = block(block(block(spectrum, 4, 2), 5, 2), 6, 3)
    x = kl.Flatten()(kl.AveragePooling1D(pool_size=3, strides=3)(x))
    return keras.Model(spectrum, kl.Dense(3, activation="softmax")(kl.Dense(8, "relu")(x)))


def temporal_convolutions() -> keras.Model:
    """TCN: two causal convolutions a block, the series shifted beside them by slicing."""
    series = keras.Input((9, 3))
    x = series
    for rate in (1, 2):
        made = kl.SpatialDropout1D(0.1)(
            kl.Conv1D(4, 2, padding="causal", dilation_rate=rate, activation="relu")(x)
        )
        made = kl.Conv1D(4, 2, padding="causal", dilation_rate=rate, activation="relu")(made)
        x = ops.relu(made + kl.Conv1D(4, 1)(x))
    change = series[:, 1:, :] - series[:, :-1, :]
    change = ops.pad(change, [[0, 0], [1, 0], [0, 0]])
    joined = ops.concatenate([x, change], axis=-1)
    return keras.Model(series, [kl.Dense(2)(joined[:, -1, :]), ops.flip(joined, axis=1)])


def stacked_states() -> keras.Model:
    """Recurrent layers whose states go on to a decoder that repeats them (RepeatVector)."""
    series = keras.Input((6, 3))
    x, h, c = kl.LSTM(5, return_sequences=True, return_state=True)(series)
    last = kl.GRU(4)(x)
    x = kl.LSTM(5, return_sequences=True)(kl.RepeatVector(4)(last), initial_state=[h, c])
    return keras.Model(series, kl.TimeDistributed(kl.Dense(2))(x))


ENTRIES = entries(
    *(weather_lstm, series_transformer, series_convolutions, anomaly_autoencoder),
    *(eeg_convolutions, traffic_graph_lstm, graph_convolutions, message_passing, speech_to_text),
    *(speaker_residuals, temporal_convolutions, stacked_states),
)
