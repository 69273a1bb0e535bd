"""Time and memory of whole processes, measured side by side.

Machines are shared and noisy: rivals take turns in one run, and the median counts.
"""

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """What one process took.

    Attributes:
        seconds: wall-clock time, start and end of the process included.
        megabytes: peak resident memory, in units of 10^6 bytes.
    """

    seconds: float
    megabytes: float


def cost_of(command: Sequence[str | Path]) -> Cost:
    """Run a command once.

    Raises:
        RuntimeError: if it fails; with what it said.
    """
    began = time.perf_counter()
    process = subprocess.Popen(
        [str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command} failed:\n{said.decode(errors='replace')}")
    return Cost(seconds, usage.ru_maxrss * 1024 / 1e6)


def side_by_side(
    rivals: Mapping[str, Callable[[], Sequence[str | Path]]], rounds: int
) -> dict[str, Cost]:
    """The median cost of each rival over `rounds` rounds in which each runs once."""
    costs: dict[str, list[Cost]] = {name: [] for name in rivals}
    for _ in range(rounds):
        for name, command in rivals.items():
            costs[name].append(cost_of(command()))
    return {
        name: Cost(
            statistics.median(cost.seconds for cost in of),
            statistics.median(cost.megabytes for cost in of),
        )
        for name, of in costs.items()
    }
