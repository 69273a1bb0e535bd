"""Times `fit` with and without LiveView, in turns, on the backend that KERAS_BACKEND names.

A program: it prints a JSON list of {"model", "plain", "watched", "ratio", "own", "samples"}.
`ratio` is that of the shortest rounds, since whatever else the machine does makes rounds longer.
`own` is the part of the processor's time that LiveView's code and its server take, which nothing
else on the machine changes much. A reader is connected all the while, as the page is, but in the
same process, which the page is not.
"""

import http.client
import json
import statistics
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np

from keras_bias import layers
from keras_bias.callbacks import LiveView

ROUNDS = 8
BATCH = 32
STEPS = 20_000
SECONDS = 2.0
"""Of one `fit`, about."""


Times = tuple[float, float]
"""Seconds on the clock, and of the processor."""


class Counted(LiveView):
    """Counts the processor's seconds in what it does once or now and then, in this thread."""

    seconds = 0.0
    _is_counting = False

    def on_train_begin(self, logs: Any = None) -> None:
        with self._counted():
            super().on_train_begin(logs)

    def on_train_end(self, logs: Any = None) -> None:
        with self._counted():
            super().on_train_end(logs)

    def _sample(self, kind: str, step: int, logs: Mapping[str, Any]) -> float:
        with self._counted():
            return super()._sample(kind, step, logs)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        if self._is_counting:  # a sample within the beginning or the end
            yield
            return
        self._is_counting = True
        began = time.thread_time()
        yield
        self.seconds += time.thread_time() - began
        self._is_counting = False


def of_each_step(live: LiveView) -> float:
    """Processor's seconds of a step of which no sample is taken."""
    live.on_train_begin()
    live._batch_pace._next = float("inf")
    began = time.thread_time()
    for batch in range(STEPS):
        live.on_train_batch_begin(batch + 1, logs=None)
        live.on_train_batch_end(batch, logs=None)
    seconds = time.thread_time() - began
    live.on_train_end()
    return seconds / STEPS


def of_the_server() -> float:
    """Processor's seconds of all threads that serve, since they began."""
    clocks = [
        time.pthread_getcpuclockid(thread.ident)
        for thread in threading.enumerate()
        if thread.ident and ("process_request" in thread.name or thread.name == "LiveView")
    ]
    return sum(map(time.clock_gettime, clocks))


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
    model.fit(x, y, batch_size=BATCH, epochs=epochs, callbacks=callbacks, verbose=0)
    return time.perf_counter() - began[0], time.process_time() - began[1]


def measured(name: str, model: Any, live: Counted) -> dict[str, Any]:
    """Both ways, in turns."""
    model.compile("sgd", "mse")
    x = np.random.default_rng(0).normal(size=(320, *model.input_shape[1:])).astype("float32")
    y = np.zeros((len(x), *model.output_shape[1:]), "float32")
    fit(model, x, y, 2, [live])  # which compiles, and gives it a model
    epochs = max(2, round(SECONDS / (fit(model, x, y, 8, [])[0] / 8)))
    plain: list[Times] = []
    watched: list[Times] = []
    own: list[float] = []
    step = of_each_step(live)
    for turn in range(ROUNDS):
        # Who is first takes turns, too.
        for is_watched in (turn % 2 == 0, turn % 2 == 1):
            times = watched if is_watched else plain
            before = live.seconds + of_the_server()
            times.append(fit(model, x, y, epochs, [live] if is_watched else []))
            if is_watched:
                spent = live.seconds + of_the_server() - before + step * epochs * len(x) / BATCH
                own.append(spent / watched[-1][1])
    told = [run.series for run in live._served().runs]
    shortest_plain = min(seconds for seconds, _ in plain)
    shortest_watched = min(seconds for seconds, _ in watched)
    return {
        "model": name,
        "plain": shortest_plain,
        "watched": shortest_watched,
        "ratio": shortest_watched / shortest_plain,
        "own": statistics.median(own),
        "samples": sum(len(series.samples) for series in told[-1].values()),
    }


def read(url: str) -> None:
    """What the page does: it takes what comes."""
    host = url.split("/")[2]
    connection = http.client.HTTPConnection(host)
    connection.request("GET", "/live")
    response = connection.getresponse()
    while response.readline():
        pass


if __name__ == "__main__":
    live = Counted(port=0, open_browser=False)
    threading.Thread(target=read, args=(live.url,), daemon=True).start()
    rows = [
        measured("dense 5 -> 2", small(), live),
        measured("Conv2D untied", convolutional(), live),
    ]
    live.close()
    json.dump(rows, sys.stdout)
