"""The benchmarks run, agree with what they are compared with, and say what they have found. No test asserts a time."""

from __future__ import annotations

import json
import os
import re
from functools import partial
from typing import Any

import numpy as np
import pytest

from benchmarks import __main__ as command
from benchmarks import calls, curves, kernels, samples, table
from benchmarks.peers import PEERS, Peer
from benchmarks.peers.__main__ import calls as calls_of
from benchmarks.report import FORMS, Column, Effort, document, heading, line, ratio_text, seconds_text, value_of
from benchmarks.sections import SECTIONS
from benchmarks.timing import Pair, compare, paired, peak_of
from benchmarks.workloads import WORKLOADS, Workload
from dy2static import to_static

QUICK = Effort(smoke=True)
SMALL = ("calls", "samples", "chain", "memory")


def numbers(value: Any) -> list[float]:
    """All figures in what json gives."""
    if isinstance(value, dict):
        return [number for item in value.values() for number in numbers(item)]
    if isinstance(value, list):
        return [number for item in value for number in numbers(item)]
    return [value] if isinstance(value, (int, float)) and not isinstance(value, bool) else []


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda workload: workload.name)
def test_a_workload_gives_the_same_as_a_program_and_changes_nothing(workload: Workload):
    before = repr(workload.arguments)
    np.testing.assert_array_equal(
        to_static(workload.function)(*workload.arguments), workload.function(*workload.arguments)
    )
    assert repr(workload.arguments) == before


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_a_peer_has_every_workload_and_gives_the_same(peer: Peer):
    if not peer.is_installed:
        pytest.skip(f"{peer.name} is not installed")
    found = table.beside(peer, 0.01)
    assert list(found) == [workload.name for workload in WORKLOADS if workload.key]
    assert all(set(row) == {"seconds", "ratio"} for row in found.values())


def test_a_peer_that_gives_another_result_is_not_timed():
    class Wrong(Peer):
        def versions(self):
            return {"gcd": lambda a, b: lambda: 2}

    with pytest.raises(AssertionError, match="wrong gives another result for gcd of two ints"):
        list(calls_of(Wrong("wrong", "", ())))


def test_a_peer_that_fails_says_why():
    with pytest.raises(RuntimeError, match="measuring none has failed:\n(.|\n)*StopIteration"):
        table.beside(Peer("none", "", ()), 0.01)


def test_missing_peers_are_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(table, "missing", lambda: list(PEERS[:2]))
    assert table.closing([]) == ["not installed: onnxruntime, torch.jit.script"]


@pytest.mark.parametrize("name", SMALL)
def test_a_section_gives_rows_for_its_columns(name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Effort, "sizes", lambda effort, *whole: (100,))  # blocks are of 4 items in the tests
    section = SECTIONS[name]
    rows = list(section.rows(QUICK))
    assert rows and all(any(value_of(row, column.key) is not None for row in rows) for column in section.columns())
    assert all(line(row, section.columns()) for row in rows)
    assert all(number >= 0 for row in rows for key, number in row.items() if key in ("plain", "static", "ratio"))


def test_every_sample_is_measured():
    names = {row[0] for row in samples.pairs()}
    files = {path[:-3] for path in os.listdir(os.path.dirname(samples.newton.__file__)) if path.endswith(".py")}
    # Their dynamic forms stand for these two, which differ from them in how the layer is made.
    assert names == files - {"convolution_static", "network_static"}


def test_samples_give_the_same():
    for name, plain, static, arguments in samples.pairs():
        np.testing.assert_equal(static(*arguments), plain(*arguments), err_msg=name)


def test_kernels_over_the_limit_are_named():
    rows = [
        {"name": "quick", "plain": 1e-6, "static": 1.9e-6, "ratio": 1.9},
        {"name": "slow", "plain": 1e-3, "static": 1.2e-3, "ratio": 1.2},
    ]
    rows = [{**row, "over": kernels.is_over(row)} for row in rows]
    assert kernels.closing(rows) == ["geometric mean of 2: 1.51", "1 of 2 take more than 1.05 x and 1 us: slow (1.20)"]


def test_larger_arguments_are_those_of_kernels():
    assert set(kernels.LARGER) <= {kernel.name for kernel in kernels.KERNELS}


@pytest.mark.parametrize("curve", curves.CURVES, ids=lambda curve: curve.name)
def test_a_curve_runs_at_its_smallest_size(curve: curves.Curve):
    plain, static, units = curve.make(curve.sizes[0])
    assert units > 0
    plain(), static()


def test_signatures_are_all_different():
    keys = {tuple((array.dtype.name, array.ndim) for array in curves.signature(number)) for number in range(1000)}
    assert len(keys) == 1000


def test_pairs_take_turns():
    order: list[str] = []

    def seconds(name: str, took: float) -> float:
        order.append(name)
        return took

    pair = paired(partial(seconds, "a", 2.0), partial(seconds, "b", 1.0), 4)
    assert "".join(order) == "abbaabba" and pair == Pair(2.0, 1.0, 0.5, 4)


def test_short_calls_are_repeated():
    count = [0, 0]

    def call(number: int) -> None:
        count[number] += 1

    compare(partial(call, 0), partial(call, 1), 0.0)
    assert count[0] > 3 and abs(count[0] - count[1]) <= 1


def test_peaks_are_of_the_call():
    assert 8 * 10**5 <= peak_of(lambda: np.zeros(10**5)) < 9 * 10**5


def test_calls_compute_nothing():
    for _, function, args, kwargs in calls.CALLS:
        np.testing.assert_equal(to_static(function)(*args, **kwargs), function(*args, **kwargs))


def test_the_command_writes_all_figures(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    command.main(["--smoke", "--only", "calls", "--only", "memory", "--json", "b.json"])
    printed, said = capsys.readouterr()
    assert "two arrays" in printed and "1 of 2: calls" in said
    text = (tmp_path / "b.json").read_text("utf-8")
    found = json.loads(text)
    assert set(found) == {"format", "date", "smoke", "cores", "machine", "versions", "sections"}
    assert found["format"] == 1 and found["smoke"] is True and found["cores"] >= 1
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", found["date"])
    assert {"python", "numpy"} <= set(found["versions"])
    assert list(found["sections"]) == ["calls", "memory"]
    assert all(np.isfinite(numbers(found["sections"])))
    assert os.sep + "tmp" not in text and str(tmp_path) not in text


def test_nothing_of_the_machine_but_its_kind_is_in_the_document():
    found = document({}, ("dy2static", "no-such-package"), smoke=False)
    assert "no-such-package" not in found["versions"]
    assert os.uname().nodename not in json.dumps(found).replace(found["machine"], "")


def test_help_teaches(capsys):
    with pytest.raises(SystemExit):
        command.main(["--help"])
    printed = capsys.readouterr().out
    assert all(name in printed and section.title in printed for name, section in SECTIONS.items())
    assert "examples:" in printed


@pytest.mark.parametrize("suffix", ["svg", "png"])
def test_figures_are_drawn(tmp_path, suffix):
    pytest.importorskip("matplotlib")
    row = {"name": "one", "plain": 2e-6, "static": 1e-6, "ratio": 0.5, "over": False}
    found = document(
        {
            "workloads": [{"name": "one", "ratio": 0.5, "peers": {"jax.jit": {"seconds": 1e-6, "ratio": 2.0}}}],
            "kernels": [row, {**row, "over": True}],
            "samples": [row],
            "chain": [{**row, "plain_peak": 10, "static_peak": 5}],
            "curves": [{**row, "curve": "ops", "size": size, "each": 1e-6} for size in (1, 10)],
        },
        (),
        smoke=True,
    )
    (tmp_path / "b.json").write_text(json.dumps(found), "utf-8")
    picture = tmp_path / f"b.{suffix}"
    command.main(["--from", str(tmp_path / "b.json"), "--picture", str(picture)])
    made = picture.read_bytes()
    assert len(made) > 1000 and str(tmp_path).encode() not in made


def test_a_picture_without_matplotlib_is_refused_before_anything_is_measured(capsys, monkeypatch):
    monkeypatch.setattr(command, "find_spec", lambda name: None)
    with pytest.raises(SystemExit):
        command.main(["--picture", "b.svg"])
    assert "pip install '.[bench]'" in capsys.readouterr().err


@pytest.mark.parametrize(
    "form, value, text",
    [
        ("seconds", 1.5, "1.5 s"),
        ("seconds", -2e-7, "-200 ns"),
        ("bytes", 8_930_000, "8.93 MB"),
        ("bytes", 96, "96 B"),
        ("ratio", 246.2, "246"),
        ("ratio", 16.84, "16.8"),
        ("count", 100_000, "100,000"),
        ("mark", True, "over"),
    ],
)
def test_figures_are_written_short(form, value, text):
    assert FORMS[form](value) == text


def test_lines_stand_under_their_heads():
    columns = [Column("", "name", "text", 8), Column("time", "a/b", "seconds")]
    assert heading(columns) == "              time"
    assert line({"name": "x", "a": {"b": 0.25}}, columns) == "x           250 ms"
    assert line({"name": "x"}, columns).rstrip() == "x"
    assert (seconds_text(0.1), ratio_text(1)) == ("100 ms", "1.00")
