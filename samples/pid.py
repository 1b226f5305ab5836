"""A PID controller heats a kettle: a simulation with limits, a dead time, and two ways to end early.

Each step depends on the last, so there is nothing to vectorise: the loop itself is what must be saved and run. It is
left by `break` when the temperature has held, and by `return` when it boils over.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from dy2static import to_static

BOILING = 100.0


def heat(outside, target, gains, band=0.5, hold=30):
    """Temperatures until they have been within `band` of `target` for `hold` steps, and how it ended.

    outside     the temperature around the kettle, one a second; the simulation is no longer than this
    gains       proportional, integral and derivative gain
    """
    proportional, integral, derivative = gains
    trace = np.zeros(len(outside))
    power = np.zeros(20)  # what was asked for in the last twenty seconds: the bottom is thick
    temperature = outside[0]
    total = 0.0
    error = target - temperature
    held = 0
    for i in range(len(outside)):
        last, error = error, target - temperature
        wanted = proportional * error + integral * (total + error) + derivative * (error - last)
        if 0 < wanted < 2000:
            total += error  # not while at a limit: the integral would wind up
        power[i % 20] = min(max(wanted, 0.0), 2000.0)
        temperature = temperature + power[(i + 1) % 20] / 4200 - 0.002 * (temperature - outside[i])
        trace[i] = temperature
        if temperature >= BOILING:
            return trace[: i + 1], "boils over"
        held = held + 1 if abs(error) < band else 0
        if held == hold:
            break
    else:
        return trace, "does not settle"
    return trace[: i + 1], "settles"


ALONE = """
import sys
sys.modules.update(dict.fromkeys(("dy2static", "gast", "astor")))
import numpy as np
import runtime
heat = runtime.load(sys.argv[1])
target = float(sys.argv[3])
for gains in np.load(sys.argv[4]).tolist():
    trace, ending = heat(np.load(sys.argv[2]), target, tuple(gains))
    print(len(trace), repr(float(trace[-1])), ending)
"""

TARGET = 92.0
GAINS = [(200.0, 2.0, 1000.0), (100.0, 50.0, 1000.0), (2000.0, 2.0, 0.0)]


def run_alone(static, outside):
    """Saves the program of the last call and runs it in a process without the converter; gives the lines it prints."""
    with tempfile.TemporaryDirectory() as name:
        program, weather, gains = (Path(name) / file for file in ("heat.d2s", "outside.npy", "gains.npy"))
        static.save(program)
        np.save(weather, outside)
        np.save(gains, GAINS)
        command: list[str | Path] = [sys.executable, "-c", ALONE, program, weather, str(TARGET), gains]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


def main() -> None:
    seconds = np.arange(1200)
    outside = 18 + 2 * np.sin(seconds / 90) - np.where(seconds > 300, 6, 0)  # a window is opened

    static = to_static(heat)
    lines = []
    for gains in GAINS:
        trace, ending = heat(outside, TARGET, gains)
        static_trace, static_ending = static(outside, TARGET, gains)
        np.testing.assert_array_equal(static_trace, trace)
        assert static_ending == ending
        lines.append(f"{len(trace)} {float(trace[-1])!r} {ending}")
    assert run_alone(static, outside) == lines
    assert len(static.programs) == 1

    print(f"The converted code:\n\n{static.code}")
    print(f"The static program:\n\n{static.program()}\n")
    print("Dynamic, static, and loaded without the converter are equal:")
    for gains, line in zip(GAINS, lines):
        steps, temperature, ending = line.split(" ", 2)
        print(f"  gains {gains}: {ending} after {steps} s at {float(temperature):.1f} degrees")


if __name__ == "__main__":
    main()
