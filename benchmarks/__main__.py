"""Static programs side by side with the plain NumPy functions they were made of, and with peers, in one run."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from textwrap import fill
from time import perf_counter
from typing import Any

from benchmarks.peers import PEERS
from benchmarks.report import Effort, Row, Section, document, heading, line, progress
from benchmarks.sections import SECTIONS

MODULES = ("dy2static", "gast", "astor", *(peer.needs[0] for peer in PEERS))
EXAMPLES = """examples:
  python -m benchmarks                                all of it: some minutes
  python -m benchmarks --smoke                        each thing once through: figures are rough
  python -m benchmarks --only workloads --only chain  these sections
  python -m benchmarks --json b.json --picture b.svg  the figures as JSON, and as a picture
  python -m benchmarks --from b.json --picture b.png  the picture of figures that were measured before

A ratio is static / plain: below 1 the program is faster. It is the median of the ratios of paired rounds, in which both
are timed by turns, so that what slows the machine slows both. Close other programs all the same.

sections:
"""


def parser() -> argparse.ArgumentParser:
    about = "\n".join(f"  {section.name:13}{section.title}" for section in SECTIONS.values())
    made = argparse.ArgumentParser(
        "python -m benchmarks", description=__doc__, epilog=EXAMPLES + about,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    made.add_argument("--smoke", action="store_true", help="once through, quickly: figures are rough")
    about = "this section; may be given again for more"
    made.add_argument("--only", metavar="NAME", action="append", choices=list(SECTIONS), help=about)
    made.add_argument("--json", metavar="FILE", type=Path, help="write all figures, in seconds and bytes")
    about = "draw them, as .svg, .png or .pdf (needs matplotlib: pip install '.[bench]')"
    made.add_argument("--picture", metavar="FILE", type=Path, help=about)
    about = "take the figures that --json has written, and measure none"
    made.add_argument("--from", metavar="FILE", dest="given", type=Path, help=about)
    return made


def measured(section: Section, effort: Effort) -> list[Row]:
    """Prints a section's rows as they come."""
    columns = section.columns()
    print(f"\n{section.title}\n{heading(columns)}".rstrip(), flush=True)
    rows: list[Row] = []
    for row in section.rows(effort):
        progress("")
        print(line(row, columns).rstrip(), flush=True)
        rows.append(row)
    progress("")
    for text in section.closing(rows):
        print(text)
    print(fill(f"({section.about})", 120))
    return rows


def measure_all(names: Sequence[str], smoke: bool) -> dict[str, Any]:
    done: dict[str, Sequence[Row]] = {}
    start = perf_counter()
    for number, name in enumerate(names, 1):
        print(f"[{perf_counter() - start:.0f} s] {number} of {len(names)}: {name}", file=sys.stderr, flush=True)
        done[name] = measured(SECTIONS[name], Effort(smoke))
    return document(done, MODULES, smoke)


def main(argv: Sequence[str] | None = None) -> None:
    made = parser()
    options = made.parse_args(argv)
    if options.picture is not None and find_spec("matplotlib") is None:
        made.error("--picture needs matplotlib: pip install '.[bench]'")
    if options.given is None:
        found = measure_all(options.only or list(SECTIONS), options.smoke)
    else:
        found = json.loads(options.given.read_text("utf-8"))
    if options.json is not None:
        options.json.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    if options.picture is not None:
        from benchmarks.picture import draw

        draw(found, options.picture)


if __name__ == "__main__":
    main()
