"""Ways to compute the same thing, measured in turns, for the tables of benchmarks/README.md."""

import argparse
import sys
import time
from importlib.metadata import version
from statistics import quantiles


def rounds_asked_for(module_doc, usual):
    """Return the number of rounds from the command line."""
    parser = argparse.ArgumentParser(description=module_doc.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=usual, help=f"of each (default: {usual})")
    return parser.parse_args().rounds


def in_turns(ways, rounds, repeats=1, after=lambda way, result: None):
    """Return {way: seconds of each round}, after one round that warms up and does not count.

    Args:
        ways: {name: a function without arguments}, called in this order in each round.
        rounds: how many count.
        repeats: how often a function is called for one measurement; its mean counts.
        after: called with the way and what it returned, while the clock is stopped.
    """
    times = {way: [] for way in ways}
    for number in range(-1, rounds):
        for way, run in ways.items():
            start = time.perf_counter()
            for _ in range(repeats):
                result = run()
            taken = (time.perf_counter() - start) / repeats
            after(way, result)
            if number >= 0:
                times[way].append(taken)
    return times


def ratio(taken, reference):
    """Return the quartiles of the ratio of two ways, each round for itself: (low, middle, high)."""
    return quantiles((t / other for t, other in zip(taken, reference, strict=True)), n=4)


def print_versions(*packages):
    """Print which Python and which packages were measured."""
    versions = [f"{package} {version(package)}" for package in packages]
    print(f"\nPython {'.'.join(map(str, sys.version_info[:3]))}, {', '.join(versions)}")
