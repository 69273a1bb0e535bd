"""Times `fit` with and without LiveView, in turns, on the backend that KERAS_BACKEND names.

A program: it prints a JSON list of {"model", "plain", "watched", "ratio", "processor", "samples"}.
`ratio` is that of the shortest rounds, since whatever else the machine does makes rounds longer;
`processor` is the same of the time that the processor spent on this process. A reader is connected
all the while, as the page is.
"""

import http.client
import json
import sys
import threading
import time
from typing import Any

import keras
import numpy as np

from keras_bias import layers
from keras_bias.callbacks import LiveView

ROUNDS = 12
SECONDS = 2.0
"""Of one `fit`, about."""


Times = tuple[float, float]
"""Seconds on the clock, and of the processor."""


def small() -> Any:
    """The network of the question: steps of a tenth of a millisecond, the worst there is."""
    return keras.Sequential([keras.Input((1,)), layers.Dense(5), layers.Dense(2)])


def convolutional() -> Any:
    """Many biases, some of them large: one for each place and channel."""
    stack: list[Any] = [keras.Input((32, 32, 3))]
    for filters in (16, 16, 32, 32):
        stack.append(layers.Conv2D(filters, 3, bias_shape="untied", activation="relu"))
    return keras.Sequential([*stack, layers.GlobalAveragePooling2D(), layers.Dense(10)])


def fit(model: Any, x: Any, y: Any, epochs: int, callbacks: list[Any]) -> Times:
    """What one training takes."""
    began = time.perf_counter(), time.process_time()
    model.fit(x, y, batch_size=32, epochs=epochs, callbacks=callbacks, verbose=0)
    return time.perf_counter() - began[0], time.process_time() - began[1]


def measured(name: str, model: Any, live: LiveView) -> dict[str, Any]:
    """Both ways, in turns."""
    model.compile("sgd", "mse")
    x = np.random.default_rng(0).normal(size=(320, *model.input_shape[1:])).astype("float32")
    y = np.zeros((len(x), *model.output_shape[1:]), "float32")
    fit(model, x, y, 2, [])  # which compiles
    epochs = max(2, round(SECONDS / (fit(model, x, y, 4, [])[0] / 4)))
    plain: list[Times] = []
    watched: list[Times] = []
    for turn in range(ROUNDS):
        # Who is first takes turns, too.
        for is_watched in (turn % 2 == 0, turn % 2 == 1):
            times = watched if is_watched else plain
            times.append(fit(model, x, y, epochs, [live] if is_watched else []))
    told = [run.series for run in live._served().runs]
    (plain_wall, plain_processor), (wall, processor) = shortest(plain), shortest(watched)
    return {
        "model": name,
        "plain": plain_wall,
        "watched": wall,
        "ratio": wall / plain_wall,
        "processor": processor / plain_processor,
        "samples": sum(len(series.samples) for series in told[-1].values()),
    }


def shortest(rounds: list[Times]) -> Times:
    """Of each kind of time by itself."""
    return min(wall for wall, _ in rounds), min(processor for _, processor in rounds)


def read(url: str) -> None:
    """What the page does: it takes what comes."""
    host = url.split("/")[2]
    connection = http.client.HTTPConnection(host)
    connection.request("GET", "/live")
    response = connection.getresponse()
    while response.readline():
        pass


if __name__ == "__main__":
    live = LiveView(port=0, open_browser=False)
    threading.Thread(target=read, args=(live.url,), daemon=True).start()
    rows = [
        measured("dense 5 -> 2", small(), live),
        measured("Conv2D untied", convolutional(), live),
    ]
    live.close()
    json.dump(rows, sys.stdout)
