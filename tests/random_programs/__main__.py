"""Runs many random programs: python -m tests.random_programs --count 2000 --seed 0 [--workers 2] [--shrink]

Prints each program that differs, crashes or hangs, with its seed and source, and at the end how many there were of
each kind. The exit status is 1 if there was one, or if more than one in fifty was refused.
"""

from __future__ import annotations

import argparse
import faulthandler
import multiprocessing
import sys
from collections import Counter
from collections.abc import Iterator
from time import perf_counter

from tests.random_programs.check import Outcome, check, check_text
from tests.random_programs.inputs import inputs_of
from tests.random_programs.shrink import shrink

REFUSALS = 0.02
STALLED = 400.0  # seconds without any outcome: a worker has died, or hangs where no signal reaches it


def outcomes(seeds: list[int], workers: int) -> Iterator[Outcome]:
    """In any order. A worker that dies ends the run: Python itself was brought down."""
    if workers <= 1:
        yield from map(check, seeds)
        return
    context = multiprocessing.get_context("spawn")
    with context.Pool(workers, faulthandler.enable, maxtasksperchild=100) as pool:
        results = pool.imap_unordered(check, seeds)
        done = set()
        for _ in seeds:
            try:
                outcome = results.next(STALLED)
            except multiprocessing.TimeoutError:
                left = [seed for seed in seeds if seed not in done][: 4 * workers]
                yield Outcome(left[0], "crash", "", f"a worker gave no outcome; one of the programs {left}")
                return
            done.add(outcome.seed)
            yield outcome


def report(outcome: Outcome, is_small: bool) -> None:
    print(f"\n--- seed {outcome.seed}: {outcome.kind} {outcome.form}\n{outcome.report}")
    text, inputs = outcome.text, inputs_of(outcome.seed)
    if is_small:
        text, inputs = shrink(outcome, inputs)
        print(f"inputs: {inputs}\n{check_text(text, inputs).report}")
    print(text, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.random_programs", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--shrink", action="store_true", help="make each failing program small; slow")
    parser.add_argument("--refusals", action="store_true", help="print the refused ones too")
    options = parser.parse_args()

    seeds = list(range(options.seed, options.seed + options.count))
    kinds: Counter[str] = Counter()
    faults, refusals, start = [], [], perf_counter()
    for number, outcome in enumerate(outcomes(seeds, options.workers), 1):
        kinds[outcome.kind] += 1
        if outcome.is_fault:
            faults.append(outcome)
            report(outcome, options.shrink)
        elif outcome.kind == "refused":
            refusals.append(outcome)
            if options.refusals:
                print(f"\n--- seed {outcome.seed}: refused {outcome.form}\n{outcome.report}", flush=True)
        if number % 50 == 0:
            said = f"{number} of {options.count}, {perf_counter() - start:.0f} s: {dict(kinds)}"
            print(said, file=sys.stderr, flush=True)
    return summary(kinds, faults, refusals, perf_counter() - start)


def summary(kinds: Counter[str], faults: list[Outcome], refusals: list[Outcome], seconds: float) -> int:
    total = sum(kinds.values())
    print(f"\n{total} programs in {seconds:.0f} s: " + ", ".join(f"{count} {kind}" for kind, count in kinds.items()))
    reasons = Counter(outcome.signature for outcome in refusals)
    for reason, count in reasons.most_common():
        print(f"refused {count}: {reason}; seeds {[one.seed for one in refusals if one.signature == reason][:8]}")
    for outcome in sorted(faults, key=lambda one: one.seed):
        print(f"seed {outcome.seed}: {outcome.kind} {outcome.form}: {outcome.signature}")
    return int(bool(faults) or len(refusals) > REFUSALS * total)


if __name__ == "__main__":
    sys.exit(main())
