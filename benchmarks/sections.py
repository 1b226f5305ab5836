"""All sections, in the order in which they are measured."""

from __future__ import annotations

from benchmarks import calls, chain, convolution, curves, element_writes, growth, kernels, samples, table

SECTIONS = {
    section.name: section
    for section in (
        table.SECTION, samples.SECTION, calls.CALL, calls.START, calls.MEMORY, chain.SECTION, curves.SECTION,
        element_writes.SECTION, convolution.SECTION, growth.SECTION, kernels.SECTION,
    )
}  # fmt: skip
