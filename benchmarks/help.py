"""How long `migwiz --help` takes as a process, beside `python -c pass`.

Prints medians of one run, taken in turn, and their ratio; the bar (3 x) is in DESIGN §9.

    python benchmarks/help.py [--rounds 25]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path


def seconds(words: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(words, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=25)
    given = parser.parse_args()
    script = Path(sys.executable).parent / ("migwiz.exe" if os.name == "nt" else "migwiz")
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "migwiz --help": [str(script), "--help"],
        "migwiz --version": [str(script), "--version"],
        "migwiz plan --help": [str(script), "plan", "--help"],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(given.rounds):
        for name, words in commands.items():
            times[name].append(seconds(words))
    base = statistics.median(times["python -c pass"])
    print(f"medians of {given.rounds} processes each")
    for name, taken in times.items():
        middle = statistics.median(taken)
        print(f"{name:<24} {middle * 1000:7.1f} ms   {middle / base:5.2f} x")


if __name__ == "__main__":
    main()
