"""Time and memory of whole processes, measured side by side.

Machines are shared and noisy: rivals take turns in one run, and the median counts.
"""

import json
import resource
import statistics
import subprocess
import sys
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
    # Linux counts the memory of the process that starts another as that other's, so the one that
    # starts it must be small: this file, as a program.
    done = subprocess.run(
        [sys.executable, "-S", __file__, *map(str, command)], capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{command} failed:\n{done.stderr}")
    return Cost(**json.loads(done.stdout))


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


def _measured(command: Sequence[str]) -> dict[str, float]:
    began = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    seconds = time.perf_counter() - began
    kibibytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return {"seconds": seconds, "megabytes": kibibytes * 1024 / 1e6}


if __name__ == "__main__":
    print(json.dumps(_measured(sys.argv[1:])))
