"""Runs of elementwise ops, written so that big arrays are computed by blocks, and into memory that is read no more.

def chain_1_(x, z):
    return (x * 2 + 1) * z
def into_1_(x, z, out_):
    multiply_(x, 2, out=out_)
    add_(out_, 1, out=out_)
    multiply_(out_, z, out=out_)

y = (x * 2 + 1) * z if x.size < 2097152 else by_blocks_(into_1_, chain_1_, kinds_, x, z)
"""

from __future__ import annotations

from typing import Any

from runtime.chains import INTO, Chain, by_blocks
from runtime.codegen import Source
from runtime.element_writer import ElementWriter
from runtime.ir import Block, Op, Slot, Value
from runtime.plan import Plan
from runtime.writer import Compound, Line, Pending, Scope, deeper

OUT = "out_"


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
        number = len(self.outlined) + 1
        plain, into = f"chain_{number}_", f"into_{number}_"
        body = [*lines, Line(0, f"return {text}", frame)]
        self.outlined.append([Line(0, f"def {plain}({', '.join(leaves)}):", chain.ops[0].frame), *deeper(body)])
        head = Line(0, f"def {into}({', '.join([*leaves, OUT])}):", chain.ops[0].frame)
        self.outlined.append([head, *deeper(self._into(chain))])
        kinds = self.bind("kinds", chain.kinds())
        big = f"{self.bind('by_blocks', by_blocks)}({', '.join([into, plain, kinds, *leaves])})"
        test = f"{self.plan.names[chain.array]}.size < {chain.least()}"
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

    def _into(self, chain: Chain) -> list[Line]:
        """The lines that compute a chain into OUT; what an op gives is written over what is read no more."""
        places: dict[Value, str] = {}
        free: list[tuple[Any, str]] = [(chain.ops[-1].outputs[0].type.dtype, OUT)]
        lines = []
        for op in chain.ops:
            given, output = [self._operand(op, arg, places) for arg in op.call.args], op.outputs[0]
            free += [(value.type.dtype, places[value]) for value in op.inputs if value in places]
            function = INTO.get(op.definition.name)
            is_last = op is chain.ops[-1]
            spent = [place for dtype, place in reversed(free) if dtype == output.type.dtype]
            target = OUT if is_last else spent[0] if spent and function is not None else self.unused("u")
            if function is None:
                texts = [places.get(value) or self.name(value) for value in op.inputs]
                lines.append(Line(0, f"{target}{'[...]' * is_last} = {self.as_written(op, texts)}", op.frame))
            elif target in (OUT, *spent):
                called = f"{self.bind(function.__name__, function)}({', '.join([*given, f'out={target}'])})"
                lines.append(Line(0, called, op.frame))
            else:
                called = f"{self.bind(function.__name__, function)}({', '.join(given)})"
                lines.append(Line(0, f"{target} = {called}", op.frame))
            free = [one for one in free if one[1] != target]
            places[output] = target
        return lines

    def _operand(self, op: Op, arg: object, places: dict[Value, str]) -> str:
        if not isinstance(arg, Slot):
            return self.template(arg, ())
        value = op.inputs[arg.index]
        return places.get(value) or self.name(value)

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
