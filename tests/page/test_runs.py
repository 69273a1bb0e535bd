"""What is kept of a training: everything once, in order, and never more than fits."""

import itertools
import json
import threading

import pytest

from keras_bias_demo.runs import MOST_RUNS, MOST_SAMPLES, Event, Runs, Series


def told(event: Event) -> tuple[str, object]:
    data = json.loads(event.data)
    return event.name, data.get("step", data["run"])


def filled(steps: "range | list[int]", most: int) -> Series:
    series = Series(most)
    for number, step in enumerate(steps, start=1):
        series.add(step, Event(number, "sample", b"{}"))
    return series


def test_a_reader_gets_everything_from_the_beginning_and_goes_on_behind_what_it_had() -> None:
    runs = Runs()
    run = runs.begin("a", {})
    runs.add(run, "batch", 1, {})
    runs.add(run, "batch", 2, {})
    runs.end(run, "finished")

    first = runs.after(0, 0)
    rest = runs.after(first[1].number, 0)

    assert [told(event) for event in first] == [
        ("run", 1),
        ("sample", 1),
        ("sample", 2),
        ("end", 2),
    ]
    assert rest == first[2:]
    assert runs.after(first[-1].number, 0) == []


def test_runs_that_go_on_together_are_told_in_the_order_of_what_happened() -> None:
    runs = Runs()
    one, other = runs.begin("a", {}), runs.begin("a", {})
    for step in (1, 2):
        runs.add(one, "batch", step, {})
        runs.add(other, "batch", step, {})

    found = runs.after(0, 0)

    assert [event.number for event in found] == [1, 2, 3, 4, 5, 6]
    assert [json.loads(event.data)["run"] for event in found] == [1, 2, 1, 2, 1, 2]
    assert [run.name for run in runs] == ["a", "a (2)"]


def test_who_waits_is_told_at_once() -> None:
    runs = Runs()
    run = runs.begin("a", {})
    found: list[Event] = []
    reader = threading.Thread(target=lambda: found.extend(runs.after(1, 20)))
    reader.start()

    runs.add(run, "batch", 1, {})
    reader.join(10)

    assert [told(event) for event in found] == [("sample", 1)]


@pytest.mark.parametrize("count", [1, 2, 10, 11, 1000, 54_321])
def test_samples_that_grow_many_stand_evenly_and_keep_the_first_and_the_newest(count: int) -> None:
    most = 10

    series = filled(range(count), most)

    steps = [sample.step for sample in series.samples]
    gaps = {late - early for early, late in itertools.pairwise(steps[:-1])}
    assert steps[0] == 0
    assert steps[-1] == count - 1
    assert min(count, most // 2) <= len(steps) <= most
    assert len(gaps) <= 1


def test_samples_far_apart_are_thinned_out_too() -> None:
    series = filled([1000 * step for step in range(101)], 10)

    assert len(series.samples) <= 10
    assert series.spacing >= 10_000


def test_what_a_run_keeps_is_bounded_in_samples_and_in_bytes() -> None:
    runs = Runs()
    small, large = runs.begin("small", {}), runs.begin("large", {})
    for step in range(3 * MOST_SAMPLES):
        runs.add(small, "batch", step, {})
    for step in range(300):
        runs.add(large, "batch", step, {"biases": "x" * 100_000})

    events = runs.after(0, 0)

    assert sum(json.loads(event.data)["run"] == 1 for event in events) <= MOST_SAMPLES + 1
    assert sum(len(event.data) for event in events) < 10e6


def test_old_runs_make_room_unless_they_go_on() -> None:
    runs = Runs()
    first = runs.begin("first", {})
    for number in range(2 * MOST_RUNS):
        runs.end(runs.begin(f"run {number}", {}), "finished")

    assert len(list(runs)) == MOST_RUNS
    assert first in list(runs)


def test_a_run_that_died_without_a_word_is_stopped() -> None:
    runs = Runs()
    run = runs.begin("a", {}, is_alive=lambda: False)

    events = runs.after(0, 0)

    assert [event.name for event in events] == ["run", "end"]
    assert run.state == "stopped"
