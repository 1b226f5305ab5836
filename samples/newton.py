"""Newton's method on a whole array until every element has converged: where a comet is, month by month.

Kepler's equation E - e sin E = M gives the eccentric anomaly E of a body on an ellipse of eccentricity e. For Halley's
comet (e = 0.967) plain Newton steps overshoot near perihelion, so a step is damped where it is too long. How many
rounds are needed depends on the data: the program holds a while_loop, and a file of it serves any number of months.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from dy2static import to_static

ECCENTRICITY = 0.96714
AXIS = 17.834  # semi-major axis, astronomical units
PERIOD = 75.32  # years


def anomaly(mean, eccentricity, tolerance=1e-12, limit=50):
    """Eccentric anomaly of each mean anomaly (radians), and the rounds taken; -1 rounds where it did not converge."""
    found = mean + eccentricity * np.sin(mean)
    rounds = 0
    while True:
        step = (found - eccentricity * np.sin(found) - mean) / (1 - eccentricity * np.cos(found))
        longest = np.abs(step).max()
        if longest > 1:
            step = np.clip(step, -1, 1)
        found = found - step
        rounds += 1
        if longest < tolerance:
            break
        if rounds == limit:
            return found, -1
    return found, rounds


ALONE = """
import sys
sys.modules.update(dict.fromkeys(("dy2static", "gast", "astor")))
import numpy as np
import runtime
found, rounds = runtime.load(sys.argv[1])(np.load(sys.argv[2]), float(sys.argv[3]))
np.savez(sys.argv[4], found=found, rounds=rounds)
"""


def run_alone(static, mean, eccentricity):
    """Saves the program of the last call and runs it in a process without the converter."""
    with tempfile.TemporaryDirectory() as name:
        program, arguments, results = (Path(name) / file for file in ("anomaly.d2s", "mean.npy", "results.npz"))
        static.save(program)
        np.save(arguments, mean)
        command: list[str | Path] = [sys.executable, "-c", ALONE, program, arguments, str(eccentricity), results]
        subprocess.run(command, check=True)
        with np.load(results) as saved:
            return saved["found"], int(saved["rounds"])


def main() -> None:
    years = np.arange(0, PERIOD, 1 / 12) - PERIOD / 2  # monthly, perihelion in the middle
    mean = 2 * np.pi * years / PERIOD

    static = to_static(anomaly)
    dynamic_result, static_result = anomaly(mean, ECCENTRICITY), static(mean, ECCENTRICITY)
    alone_result = run_alone(static, mean, ECCENTRICITY)
    for found, rounds in (static_result, alone_result):
        np.testing.assert_array_equal(found, dynamic_result[0])
        assert rounds == dynamic_result[1]
    assert anomaly(mean, ECCENTRICITY, limit=3)[1] == static(mean, ECCENTRICITY, limit=3)[1] == -1

    print(f"The converted code:\n\n{static.code}")
    print(f"The static program:\n\n{static.program()}\n")
    found, rounds = static_result
    distance = AXIS * (1 - ECCENTRICITY * np.cos(found))
    print(f"{len(mean)} months solved in {rounds} rounds; dynamic, static, and loaded without the converter are equal")
    print(f"distance from the sun: {distance.min():.3f} to {distance.max():.1f} astronomical units")
    print(f"months within the orbit of Mars: {np.count_nonzero(distance < 1.524)}")


if __name__ == "__main__":
    main()
