"""Prints what random programs are converted to, shortened: the same under each PYTHONHASHSEED.

    PYTHONHASHSEED=1 python -m tests.random_programs.digest --count 20 --seed 0
"""

from __future__ import annotations

import argparse
import contextlib
import io
import warnings
from hashlib import sha256

from dy2static import ConversionError, to_static
from tests.harness import fresh
from tests.random_programs.check import module_of
from tests.random_programs.inputs import inputs_of
from tests.random_programs.writer import Writer


def digest(seed: int) -> str:
    """Of the converted code, and of the programs of all inputs."""
    static = to_static(module_of(Writer(seed).write(), f"program_{seed}.py").f)
    for inputs in inputs_of(seed):
        with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(Exception):
            static(*fresh(inputs).args)
    try:
        texts = [static.code, *map(str, static.programs)]
    except ConversionError as error:
        texts = [str(error)]
    return sha256("\n".join(texts).encode()).hexdigest()[:16]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.random_programs.digest")
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    for seed in range(options.seed, options.seed + options.count):
        print(seed, digest(seed))


if __name__ == "__main__":
    main()
