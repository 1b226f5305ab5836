"""Runs of elementwise ops, written so that big arrays are computed by blocks.

def chain_1_(x, z):
    return (x * 2 + 1) * z

y = (x * 2 + 1) * z if x.size < 262144 else by_blocks_(chain_1_, x, z)
"""

from __future__ import annotations

from runtime.chains import BIG, Chain, by_blocks
from runtime.codegen import Source
from runtime.element_writer import ElementWriter
from runtime.ir import Block, Value
from runtime.plan import Plan
from runtime.writer import Compound, Line, Pending, Scope, deeper


class ChainWriter(ElementWriter):
    """Writes chains as functions of their own besides, all else as ElementWriter does."""

    def ops(self, block: Block) -> None:
        ops = iter(block.ops)
        for op in ops:
            chain = self.plan.chains.get(op)
            if chain is None or self.loop is not None:
                self.op(op)
                continue
            self._chain(chain)
            for _ in (*chain.ops[1:], *chain.views):
                next(ops)

    def _chain(self, chain: Chain) -> None:
        for view in chain.views:
            self.op(view)
        self.flush()
        output, frame = chain.ops[-1].outputs[0], chain.ops[-1].frame
        lines, text = self._written(chain)
        leaves = [self.plan.names[leaf] for leaf in chain.leaves]
        name = f"chain_{len(self.outlined) + 1}_"
        body = [*lines, Line(0, f"return {text}", frame)]
        self.outlined.append([Line(0, f"def {name}({', '.join(leaves)}):", chain.ops[0].frame), *deeper(body)])
        big = f"{self.bind('by_blocks', by_blocks)}({', '.join([name, *leaves])})"
        test = f"{self.plan.names[chain.array]}.size < {BIG}"
        if not lines:
            whole = Compound(f"{text} if {test} else {big}")
            if output in self.plan.inline:
                self.scope.pending.append(Pending(output, whole, frame))
            else:
                self.line(f"{self.plan.names[output]} = {whole}", frame)
            return
        target = self.plan.names[output]
        self.line(f"if {test}:", frame)
        self.scope.lines += deeper([*lines, *(Line(0, line, frame) for line in self.assignment([target], [text]))])
        self.line("else:", frame)
        self.line(f"{target} = {big}", frame, 1)

    def _written(self, chain: Chain) -> tuple[list[Line], str]:
        """The lines of a chain, and the text of its result."""
        outer, self.scope = self.scope, Scope()
        for op in chain.ops:
            self.op(op)
        output = chain.ops[-1].outputs[0]
        (text,) = self.operands([output], chain.ops[-1].frame)
        self.flush()
        lines, self.scope = self.scope.lines, outer
        return lines, text


def write(plan: Plan, name: str, fetch: tuple[Value, ...] | None = None) -> Source:
    """The Python function of a Program: flat inputs in, the filled result template out (or a list of `fetch`)."""
    return ChainWriter(plan).function(name, fetch)
