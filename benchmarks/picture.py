"""Figures → a picture: the workloads, the growth curves, the kernels in order, and the chain. It needs matplotlib."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.figure import Figure

from benchmarks.report import value_of

Rows = list[dict[str, Any]]
PLAIN, STATIC, LIMIT = "#9aa4b1", "#d9480f", "#1f6fb2"


def draw(found: dict[str, Any], path: Path) -> None:
    """Writes the picture of a document to `path`, in the format of its suffix."""
    with matplotlib.rc_context({"font.size": 7, "axes.titlesize": 8}):
        _draw(found, path)


def _draw(found: dict[str, Any], path: Path) -> None:
    sections = {name: rows for name, rows in found["sections"].items() if name in PANELS and rows}
    figure = Figure(figsize=(12, sum(PANELS[name][0] for name in sections) + 0.6), layout="constrained")
    parts = figure.subfigures(max(1, len(sections)), 1, height_ratios=[PANELS[name][0] for name in sections] or [1])
    for part, (name, rows) in zip([parts] if len(sections) < 2 else parts, sections.items()):
        PANELS[name][1](part, rows)
    versions = ", ".join(f"{name} {version}" for name, version in found["versions"].items())
    smoke = "; a smoke run: rough" if found["smoke"] else ""
    figure.suptitle(f"{found['date']}, {found['machine']}, {found['cores']} cores{smoke}\n{versions}")
    # A date and the name of a program in it would make each picture of the same figures another.
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)


def workloads(part: Any, rows: Rows) -> None:
    """Bars of the ratios, on a scale of powers of ten."""
    axes = part.subplots()
    names = ["dy2static", *dict.fromkeys(name for row in rows for name in row["peers"])]
    width = 0.8 / len(names)
    for number, name in enumerate(names):
        key = "ratio" if name == "dy2static" else f"peers/{name}/ratio"
        values = [(place + number * width, value_of(row, key)) for place, row in enumerate(rows)]
        shown = [(place, value) for place, value in values if value is not None]
        colour = STATIC if name == "dy2static" else f"C{number - 1}"
        axes.bar([place for place, _ in shown], [value for _, value in shown], width, label=name, color=colour)
    axes.set_xticks([place + 0.4 - width / 2 for place in range(len(rows))], [row["name"] for row in rows])
    _level(axes, "time / eager NumPy", [value_of(row, f"peers/{name}/ratio") or 1 for row in rows for name in names])
    axes.legend(ncols=len(names))
    axes.set_title("workloads")


def _level(axes: Any, label: str, ratios: list[float]) -> None:
    """A scale of powers of ten around 1."""
    axes.set(yscale="log", ylabel=label, ylim=(min(0.1, *ratios) / 2, max(10, *ratios) * 2))
    axes.axhline(1, color=LIMIT, linewidth=1)


def curves(part: Any, rows: Rows) -> None:
    """Of each curve the time of one item, turn, op or call."""
    names = list(dict.fromkeys(row["curve"] for row in rows))
    grid = part.subplots(2, 3, squeeze=False)
    for axes, name in zip(grid.flat, names):
        mine = [row for row in rows if row["curve"] == name]
        sizes = [row["size"] for row in mine]
        units = [row["static"] / row["each"] for row in mine]
        axes.plot(sizes, [row["plain"] / unit for row, unit in zip(mine, units)], "o-", color=PLAIN, label="plain")
        axes.plot(sizes, [row["each"] for row in mine], "o-", color=STATIC, label="static")
        axes.set(xscale="log", yscale="log", title=name, ylabel="seconds of each")
        low, high = axes.get_ylim()
        middle = (low * high) ** 0.5  # two powers of ten at least, so that what is level looks so
        axes.set_ylim(min(low, middle / 10), max(high, middle * 10))
    grid.flat[0].legend()


def kernels(part: Any, rows: Rows) -> None:
    axes = part.subplots()
    axes.bar(range(len(rows)), [row["ratio"] for row in rows], color=[STATIC if row["over"] else PLAIN for row in rows])
    axes.set_xticks(range(len(rows)), [row["name"] for row in rows], rotation=90, fontsize=4 if len(rows) > 40 else 7)
    _level(axes, "static / plain", [row["ratio"] for row in rows])
    axes.margins(x=0.005)


def named_kernels(part: Any, rows: Rows) -> None:
    kernels(part, rows)
    part.axes[0].set_title("kernels; dark: over the limit")


def named_samples(part: Any, rows: Rows) -> None:
    kernels(part, rows)
    part.axes[0].set_title("samples; dark: over the limit")


def chain(part: Any, rows: Rows) -> None:
    """Time and peak memory of the chain, beside eager's."""
    for axes, keys, label in zip(
        part.subplots(1, 2), (("plain", "static"), ("plain_peak", "static_peak")), ("seconds", "bytes at the peak")
    ):
        for number, (key, colour) in enumerate(zip(keys, (PLAIN, STATIC))):
            places = [place + 0.4 * number for place in range(len(rows))]
            axes.bar(places, [row[key] for row in rows], 0.4, color=colour, label=("eager", "static")[number])
        axes.set_xticks([place + 0.2 for place in range(len(rows))], [row["name"] for row in rows])
        axes.set(yscale="log", ylabel=label)
        axes.legend()


# Of each section that is drawn its height in inches, and what draws it.
PANELS: dict[str, tuple[float, Callable[[Any, Rows], None]]] = {
    "workloads": (3.2, workloads),
    "chain": (2.2, chain),
    "curves": (4.4, curves),
    "samples": (2.6, named_samples),
    "kernels": (3.4, named_kernels),
}
