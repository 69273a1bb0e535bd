"""Runs of training: what was told of each, kept in bounded memory, to be told again to who asks.

Whoever trains adds to it, any number of readers wait on it, each in a thread of its own. All that
happened has a number, so that a reader who was cut off goes on behind the last one that it had, and
one who comes late gets everything from the beginning.

A run's samples are thinned out as they grow many: then they stand twice as far apart, and the first
and the newest are always there. This file knows no Keras and no network.
"""

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MOST_SAMPLES = 2048
"""Of one kind in one run: more than a screen has pixels."""
FEWEST_SAMPLES = 64
BYTES_OF_A_KIND = 4 * 2**20
"""That one run's samples of one kind may take; large ones are fewer."""
MOST_RUNS = 12
"""Of a process; the oldest that has ended makes room."""

RUNNING, FINISHED, STOPPED = "running", "finished", "stopped"


@dataclass(frozen=True)
class Event:
    """Something that happened.

    Attributes:
        number: in the order of what happened.
        name: "run", "sample" or "end".
        data: JSON, in UTF-8, on one line.
    """

    number: int
    name: str
    data: bytes


@dataclass(frozen=True)
class _Sample:
    step: int
    event: Event


@dataclass
class Series:
    """Samples of one kind, by their step, never more than `most` of them.

    Attributes:
        spacing: steps between two that are kept, at least.
    """

    most: int = MOST_SAMPLES
    spacing: int = 1
    samples: list[_Sample] = field(default_factory=list)

    def add(self, step: int, event: Event) -> None:
        """Takes a sample in; the newest is always kept, in the place of one too near before it."""
        kept = self.samples
        if len(kept) >= 2 and kept[-1].step - kept[-2].step < self.spacing:
            kept.pop()
        kept.append(_Sample(step, event))
        if len(kept) > self.most:
            self._thin_out()

    def after(self, number: int) -> list[Event]:
        """What was added behind the event of this number, in order."""
        found = []
        for sample in reversed(self.samples):
            if sample.event.number <= number:
                break
            found.append(sample.event)
        return found[::-1]

    def _thin_out(self) -> None:
        *older, newest = self.samples
        span = newest.step - older[0].step
        self.spacing = max(2 * self.spacing, 2 * span // self.most)
        kept = older[:1]
        for sample in older[1:]:
            if sample.step - kept[-1].step >= self.spacing:
                kept.append(sample)
        self.samples = [*kept, newest]


@dataclass
class Run:
    """One training.

    Attributes:
        name: no two runs of a process have the same.
        state: "running"; "finished", as was planned; or "stopped" before that.
        step: of the newest sample.
        is_alive: whether what trains is still at work, though it said no end.
    """

    number: int
    name: str
    begun: Event
    is_alive: Callable[[], bool]
    state: str = RUNNING
    step: int = 0
    ended: Event | None = None
    series: dict[str, Series] = field(default_factory=dict)

    def after(self, number: int) -> list[Event]:
        """What happened in it behind the event of this number."""
        found = [self.begun] if self.begun.number > number else []
        for series in self.series.values():
            found += series.after(number)
        return [*found, self.ended] if self.ended and self.ended.number > number else found


class Runs:
    """All runs of a process."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self._runs: list[Run] = []
        self._last = 0
        self._begun = 0

    def __iter__(self) -> Iterator[Run]:
        with self._news:
            return iter(list(self._runs))

    def begin(
        self, name: str, about: Mapping[str, Any], is_alive: Callable[[], bool] = lambda: True
    ) -> Run:
        """A run begins.

        Args:
            name: of the run; a number is added if another has that name.
            about: what else a reader is told, as for `json.dumps`.
            is_alive: asked now and then, whether the training still goes on.
        """
        with self._news:
            self._end_the_dead()
            self._begun += 1
            number = self._begun
            unique = self._unique(name)
            told = {**about, "run": number, "name": unique}
            run = Run(number, unique, self._event("run", told), is_alive)
            self._runs.append(run)
            self._forget()
            self._news.notify_all()
        return run

    def add(self, run: Run, kind: str, step: int, sample: Mapping[str, Any]) -> None:
        """A sample of a run, at a step.

        Args:
            run: which one.
            kind: "batch" or "epoch": each is thinned out for itself.
            step: of the training, never before the one of the sample before.
            sample: what a reader is told, as for `json.dumps`.
        """
        with self._news:
            event = self._event("sample", {**sample, "run": run.number, "kind": kind, "step": step})
            series = run.series.get(kind)
            if series is None:
                fitting = BYTES_OF_A_KIND // max(1, len(event.data))
                series = Series(max(FEWEST_SAMPLES, min(MOST_SAMPLES, fitting)))
                run.series[kind] = series
            series.add(step, event)
            run.step = step
            self._news.notify_all()

    def end(self, run: Run, state: str) -> None:
        """A run ends, "finished" or "stopped"; what ended before stays as it ended."""
        with self._news:
            self._end(run, state)

    def after(self, number: int, timeout: float) -> Sequence[Event]:
        """What happened behind the event of this number, in order; waits for it a while.

        Args:
            number: 0 for everything.
            timeout: seconds to wait, if there is nothing yet.
        """
        with self._news:
            self._end_the_dead()
            if self._last <= number:
                self._news.wait(timeout)
            found = [event for run in self._runs for event in run.after(number)]
        return sorted(found, key=lambda event: event.number)

    def wake(self) -> None:
        """Lets those who wait look around."""
        with self._news:
            self._news.notify_all()

    def stop(self) -> None:
        """Ends what still runs."""
        with self._news:
            for run in self._runs:
                self._end(run, STOPPED)

    def _end(self, run: Run, state: str) -> None:
        if run.state == RUNNING:
            run.state = state
            run.is_alive = _never  # which lets go of what it looked at
            run.ended = self._event("end", {"run": run.number, "state": state, "step": run.step})
            self._news.notify_all()

    def _end_the_dead(self) -> None:
        for run in self._runs:
            if run.state == RUNNING and not run.is_alive():
                self._end(run, STOPPED)

    def _event(self, name: str, told: Mapping[str, Any]) -> Event:
        self._last += 1
        # NaN would be no JSON: whoever tells numbers has taken care of that.
        data = json.dumps(told, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return Event(self._last, name, data.encode())

    def _unique(self, name: str) -> str:
        taken = {run.name for run in self._runs}
        count, unique = 1, name
        while unique in taken:
            count += 1
            unique = f"{name} ({count})"
        return unique

    def _forget(self) -> None:
        while len(self._runs) > MOST_RUNS:
            ended = next((run for run in self._runs if run.state != RUNNING), None)
            if ended is None:
                return
            self._runs.remove(ended)


def _never() -> bool:
    return False
