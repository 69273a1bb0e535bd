"""Callbacks for `model.fit`: `LiveView` draws a training on a page while it runs.

This file takes the samples. What is served, and how it is kept, is in `keras_bias_demo`, which is
loaded only when a LiveView is made: this and the command are the two places that know that room.
"""

import inspect
import statistics
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from html import escape
from types import FrameType
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

if TYPE_CHECKING:
    from keras_bias_demo.live import Live
    from keras_bias_demo.runs import Run

MOST_NUMBERS = 64
"""A larger bias is told by its quartiles and its first numbers."""
NUMBERS_OF_A_SAMPLE = 4096
"""Where there are many biases, those are so told that would take more than their share of these."""
MOST_BIASES = 1000
FIRST_NUMBERS = 8
FEWEST_NUMBERS = 6 + FIRST_NUMBERS
"""Which are no more than those quartiles and first numbers."""
MOST_SORTED = 8192
"""Quartiles of a still larger one are those of so many numbers, evenly spread over it."""

INTERVAL = 0.1
"""Seconds between two samples, at least, but in the beginning, for trainings that are soon over."""
BEGINNING = 0.05
"""So much of the time since the run began is enough, too."""
SHARE = 0.004
"""Of the time of training that samples of either kind may take, batches or epochs."""


class LiveView(keras.callbacks.Callback):  # type: ignore[misc]  # Keras has no types
    """Draws loss, metrics and every bias on a page while `model.fit` runs.

    >>> import numpy as np
    >>> from keras_bias import layers
    >>> from keras_bias.callbacks import LiveView
    >>> model = keras.Sequential([keras.Input((1,)), layers.Dense(2)])
    >>> model.compile("sgd", "mse")
    >>> live = LiveView(port=0, name="celsius")
    >>> live.url.startswith("http://127.0.0.1:")
    True
    >>> history = model.fit(np.ones((8, 1)), np.ones((8, 2)), 4, 3, callbacks=[live], verbose=0)
    >>> live
    LiveView(celsius: finished at step 6)
    >>> live.close()

    It prints the page's address, and opens it where there is a screen. The page may be opened late,
    closed and opened again: it gets everything from the beginning. A second `fit`, or a second
    LiveView, appears beside the first. What a training that has raised or was interrupted told
    stays, marked as stopped.

    A bias is a variable named "bias" or "..._bias", in any layer, Keras's own too; the `beta` of a
    normalization is none. One of up to 64 numbers is told number by number, a larger one by its
    minimum, quartiles, maximum and mean and its first eight numbers; where there are more than 64
    biases, those of fewer numbers, too, and at most a thousand biases are told. The loss is what
    Keras tells: the mean since the epoch began.

    Samples are taken between two steps, about ten in a second, more in the beginning, and so that
    they take less than 1 % of the time. Every run keeps its first and its newest and, of those
    between, about two thousand of batches and two thousand of epochs.

    The server listens on 127.0.0.1 alone and ends with the process, which waits up to five seconds
    for a browser that it has just opened. The page goes on showing what it has.

    Args:
        port: where to serve; None for where this process serves already, or else 8000 or, if that
            is taken, any free one; 0 for any free one.
        every: when biases are looked at: None for as often as is worth seeing; a number, for every
            so many batches; "epoch" for the ends of epochs alone. Never so often that training
            would take 1 % longer.
        open_browser: whether to open the page.
        name: of the runs on the page; None for the model's.

    Attributes:
        url: where the page is.

    Raises:
        ValueError: if `every` or `port` is none of these, or this process serves on another port.
        OSError: if another process has that port.
        RuntimeError: if the page has not been built, in a checkout of the sources.
    """

    # Keras waits for each step's numbers, unless a callback says that another thread may call it.
    async_safe = True

    def __init__(
        self,
        port: int | None = None,
        every: int | str | None = None,
        open_browser: bool = True,
        name: str | None = None,
    ) -> None:
        super().__init__()
        if not (every in (None, "epoch") or (type(every) is int and every >= 1)):
            raise ValueError(
                f"LiveView: every={every!r} is no time to look. "
                "Use None, 'epoch', or a number of batches."
            )
        if not (port is None or (type(port) is int and 0 <= port <= 65_535)):
            raise ValueError(
                f"LiveView: port={port!r} is no port. Use None, or a number from 0 to 65535."
            )
        self.name = name
        self._every = every
        self._port = port
        self._open_browser = open_browser
        self._live: Live | None = None
        self._run: Run | None = None
        self.url = self._served().url

    def close(self) -> None:
        """Ends the server, and with it the page, for all LiveViews of this process.

        A `fit` after that begins a new one, on the same port.
        """
        from keras_bias_demo import live

        self._live = None
        live.close()

    def __repr__(self) -> str:
        run = self._run
        if run is None:
            return "LiveView()"
        at = "at" if run.state == "running" else f"{run.state} at"
        return f"LiveView({run.name}: {at} step {run.step})"

    def _repr_html_(self) -> str:
        """For notebooks: a link."""
        url = escape(self.url)
        return f'LiveView: <a href="{url}" target="_blank" rel="noopener">{url}</a>'

    # ---- What Keras calls: in the thread that trains, but for the end of a batch ----------------

    def on_train_begin(self, logs: Any = None) -> None:
        """A run begins."""
        live = self._served()
        if self._run is not None:
            live.runs.end(self._run, "stopped")
        self._live = live
        self._model_name = self.model.name
        self._epoch = 0
        self._before = 0  # steps of the epochs before
        self._told: tuple[int, Mapping[str, Any]] = (-1, {})
        self._last = {"batch": 0, "epoch": -1}  # steps of the newest samples
        self._began = time.perf_counter()
        self._batch_pace, self._epoch_pace = _Pace(self._every is None), _Pace(self._every is None)
        self._take_biases()
        self._run = live.runs.begin(
            self.name or self._model_name,
            {
                "model": self._model_name,
                "backend": keras.config.backend(),
                "epochs": (self.params or {}).get("epochs"),
                "biases": [_about(v, self._model_name, self._most) for v in self._variables],
                "untold": self._untold,
            },
            _stays(_frame_of_the_training()),
        )
        self._batch_pace.spent(self._sample("batch", 0, {}))

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """The epoch's number is known."""
        self._epoch = epoch
        self._told = (-1, {})

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        """Takes a sample of what the steps before have left, if one is due."""
        if self._every == "epoch" or batch == 0 or not self._batch_pace.is_due():
            return
        step = self._before + batch
        if isinstance(self._every, int) and step - self._last["batch"] < self._every:
            return
        self._batch_pace.spent(self._sample("batch", step, self._told[1]))

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Notes what Keras tells. Other threads call this, and in any order."""
        if batch >= self._told[0]:
            self._told = (batch, logs or {})

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Takes a sample with what was validated."""
        self._before += self._told[0] + 1
        self._told = (-1, logs or {})
        if self._epoch_pace.is_due():
            self._epoch_pace.spent(self._sample("epoch", self._before, self._told[1]))

    def on_train_end(self, logs: Any = None) -> None:
        """Takes the last sample; the run ends."""
        if self._run is None or self._live is None:
            return
        if self._last["epoch"] != self._before:
            self._sample("epoch", self._before, logs or self._told[1])
        self._live.runs.end(self._run, "finished")

    # ---- Samples --------------------------------------------------------------------------------

    def _take_biases(self) -> None:
        found = _biases(self.model)
        self._variables = found[:MOST_BIASES]
        self._untold = len(found) - len(self._variables)
        share = NUMBERS_OF_A_SAMPLE // max(1, len(self._variables))
        self._most = min(MOST_NUMBERS, max(FEWEST_NUMBERS, share))

    def _sample(self, kind: str, step: int, logs: Mapping[str, Any]) -> float:
        """Tells of a step; gives the seconds that it took of the training's time."""
        began = time.perf_counter()
        _ = self.model  # on JAX, this brings the variables up to date
        synced = time.perf_counter()
        # The first waits for the step to be done.
        arrays = [keras.ops.convert_to_numpy(variable) for variable in self._variables[:1]]
        waited = time.perf_counter()
        arrays += [keras.ops.convert_to_numpy(variable) for variable in self._variables[1:]]
        numbers = [_numbers(array, self._most) for array in arrays]
        told, strange = _told(logs)
        if self._live is not None and self._run is not None:
            self._live.runs.add(
                self._run,
                kind,
                step,
                {
                    "epoch": self._epoch,
                    "time": round(waited - self._began, 4),
                    "logs": told,
                    "strange": strange,
                    "biases": [values for values, _ in numbers],
                    "strangers": [count for _, count in numbers],
                },
            )
        self._last[kind] = step
        # What is brought up to date must be taken up again by the next step: as long again. Waiting
        # is what training does anyway, but steps are then no longer prepared while others run.
        own = time.perf_counter() - waited
        return 2 * (synced - began) + own + min(own, waited - synced)

    def _served(self) -> "Live":
        """The server of this process; begins it if there is none."""
        from keras_bias_demo import live, serve

        try:
            found, is_new = live.shared(self._port)
        except live.OtherPortError as error:
            raise ValueError(str(error)) from None
        except serve.PortTakenError as error:
            raise OSError(
                f"LiveView: port={self._port} is taken by another process. "
                "Choose another, or leave port out for a free one."
            ) from error
        except serve.PageNotBuiltError as error:
            raise RuntimeError(str(error)) from None
        self._port = found.port
        self.url = found.url
        if is_new:
            print(f"LiveView: {found.url}", file=sys.stderr)
        if self._open_browser:
            found.open_browser()
        return found


class _Pace:
    """When the next sample is due: none while those before would have cost too much."""

    def __init__(self, by_time: bool) -> None:
        self._interval = INTERVAL if by_time else 0.0
        self._began = time.perf_counter()
        self._next = 0.0
        # The middle one of a few: the machine may have been busy with something else.
        self._costs: deque[float] = deque(maxlen=5)

    def is_due(self) -> bool:
        """Whether it is time."""
        return time.perf_counter() >= self._next

    def spent(self, seconds: float) -> None:
        """What the sample just taken has cost."""
        self._costs.append(seconds)
        few = len(self._costs) < 3
        cost = min(self._costs) if few else statistics.median(self._costs)
        # The first takes longer than all others, so that it does not say how long to wait.
        wait = cost / (10 * SHARE if len(self._costs) == 1 else SHARE)
        now = time.perf_counter()
        interval = min(self._interval, BEGINNING * (now - self._began))
        self._next = now + max(interval, wait)


def _biases(model: Any) -> list[Any]:
    return [v for v in model.variables if v.name == "bias" or v.name.endswith("_bias")]


def _about(variable: Any, model: str, most: int) -> dict[str, Any]:
    size = int(np.prod(variable.shape, dtype=np.int64))
    return {
        "path": variable.path.removesuffix("/bias").removeprefix(f"{model}/"),
        "shape": [int(length) for length in variable.shape],
        "size": size,
        "trainable": bool(variable.trainable),
        "summary": size > most,
    }


def _numbers(bias: Any, most: int) -> tuple[list[float | None], int]:
    """A bias's numbers, None where one is not finite, and how many are not.

    Of a large one: minimum, quartiles and maximum, the mean, and its first numbers.
    """
    values = np.asarray(bias).astype(np.float32).reshape(-1)
    finite = np.isfinite(values)
    strange = int(values.size - np.count_nonzero(finite))
    if values.size <= most:
        return _plain(values), strange
    first = _plain(values[:FIRST_NUMBERS])
    if strange:
        values = values[finite]
    if not values.size:
        return [None] * 6 + first, strange
    spread = values[:: max(1, values.size // MOST_SORTED)]
    quartiles = np.percentile(spread, (25, 50, 75))
    mean = values.mean(dtype=np.float64)
    return [*_plain([values.min(), *quartiles, values.max(), mean]), *first], strange


def _plain(values: Any) -> list[float | None]:
    """As JSON has them, to the digits of float32."""
    return [float(f"{value:.7g}") if np.isfinite(value) else None for value in values]


def _told(logs: Mapping[str, Any]) -> tuple[dict[str, float | None], dict[str, str]]:
    """Loss and metrics, None where one is not finite, and what that one is instead."""
    told: dict[str, float | None] = {}
    strange: dict[str, str] = {}
    for name, value in logs.items():
        try:
            number = float(value)
        except (TypeError, ValueError):
            continue  # a metric of several numbers has no curve
        if np.isfinite(number):
            told[name] = float(f"{number:.7g}")
        else:
            told[name] = None
            strange[name] = "NaN" if np.isnan(number) else f"{'-' if number < 0 else ''}Infinity"
    return told, strange


def _frame_of_the_training() -> FrameType | None:
    """The call that trains: the first one above Keras's list of callbacks."""
    frame = inspect.currentframe()
    while frame is not None:
        name = frame.f_globals.get("__name__", "")
        if name != __name__ and ".callbacks." not in name:
            return frame
        frame = frame.f_back
    return None


def _stays(frame: FrameType | None) -> Callable[[], bool]:
    """Whether that call still goes on. Keras tells nobody when `fit` raises or is interrupted."""
    thread = threading.get_ident()

    def goes_on() -> bool:
        at = sys._current_frames().get(thread)
        while at is not None and at is not frame:
            at = at.f_back
        return at is not None

    # The thread may be just about to call or return: then the second look sees it.
    return lambda: frame is None or goes_on() or goes_on()
