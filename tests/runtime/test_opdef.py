"""The table of ops makes its rows when a name asks for them, and once, whoever asks."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

from runtime import ops
from runtime.opdef import TABLE, Table
from tests.harness import ROOT

ASK = """
import sys, threading
from runtime import ops
from runtime.opdef import TABLE
sys.setswitchinterval(1e-6)
names = "np.tanh add .sum np.multiply.reduce np.add.reduce np.linalg.solve np.fft.fft".split()
start, found, faults = threading.Barrier(8), [], []
def ask():
    try:
        start.wait()
        found.append([ops.find(name) for name in names])
    except Exception as fault:
        faults.append(fault)
threads = [threading.Thread(target=ask) for _ in range(8)]
for one in threads: one.start()
for one in threads: one.join()
assert not faults, faults
assert len(found) == 8 and all(rows == found[0] and None not in rows for rows in found), found
"""


def test_eight_threads_find_the_same_rows():
    """In a process whose table is empty."""
    for _ in range(5):
        done = subprocess.run([sys.executable, "-c", ASK], cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


def test_a_name_makes_the_families_up_to_its_own():
    table = Table()
    asked: list[str] = []

    def family(name):
        def rows():
            asked.append(name)
            return []

        return rows

    table.families += [family("first"), family("second")]
    dict.__setitem__(table, "add", TABLE["add"])
    assert table["add"] is TABLE["add"] and asked == []
    assert table.get("no such row") is None and asked == ["first", "second"]


def test_every_row_has_its_own_name():
    list(TABLE)
    names = [row.name for row in TABLE.values()]
    assert len(names) == len(set(names)) and [*TABLE] == names


def test_a_row_that_is_made_later_is_found_again():
    with ThreadPoolExecutor(8) as pool:
        rows = list(chain.from_iterable(pool.map(lambda _: [ops.find("np.minimum.reduce")], range(64))))
    assert len(set(map(id, rows))) == 1
