"""One line with a condition: run as Python, run as a static program, saved, and run where the converter is not.

    python samples/ternary.py [FOLDER]      saves FOLDER/ternary.d2s; FOLDER is build by default
"""

import subprocess
import sys
from pathlib import Path

import numpy as np

from dy2static import to_static


def ternary(x, y):
    z = x + y if x > y else x - y
    return z


PAIRS = [(np.array([x], np.float32), np.array([y], np.float32)) for x, y in ((3, 2), (1, 2), (2, 2))]

# What a machine does that has the file, NumPy and runtime: importing any of the three modules named here fails.
ALONE = """
import sys
sys.modules.update(dict.fromkeys(("dy2static", "gast", "astor")))
import numpy as np
import runtime
ternary = runtime.load(sys.argv[1])
for pair in np.load(sys.argv[2]):
    print(ternary(*pair))
"""


def run_alone(program: Path, arguments: Path) -> list[str]:
    """What a fresh process without the converter prints, line by line."""
    command = [sys.executable, "-c", ALONE, str(program), str(arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "build")
    folder.mkdir(exist_ok=True)
    file, arguments = folder / "ternary.d2s", folder / "ternary.npy"

    static = to_static(ternary)
    dynamic_results = [ternary(x, y) for x, y in PAIRS]
    static_results = [static(x, y) for x, y in PAIRS]
    static.save(file)
    np.save(arguments, PAIRS)
    saved_results = run_alone(file, arguments)

    print(f"The converted code:\n\n{static.code}")
    print(f"The static program:\n\n{static.program()}\n")
    print(f"Saved as {file} ({file.stat().st_size} bytes).\n")
    print("x     y     dynamic  static   loaded, without the converter")
    for (x, y), dynamic, result, loaded in zip(PAIRS, dynamic_results, static_results, saved_results):
        assert dynamic.dtype == result.dtype and dynamic == result and str(dynamic) == loaded
        print(f"{x!s:5} {y!s:5} {dynamic!s:8} {result!s:8} {loaded}")


if __name__ == "__main__":
    main()
