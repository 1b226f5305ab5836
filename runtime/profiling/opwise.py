"""A Program written with each op on a line of its own, and which op each line is of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from runtime.codegen import Source, Writer
from runtime.ir import Frame, Op, Program, Value, walk
from runtime.plan import Plan


@dataclass(frozen=True)
class Tag:
    """Goes with a line in the place of its Frame."""

    op: Op | None
    frame: Frame | None


def write_opwise(program: Program, name: str, fetch: tuple[Value, ...] | None) -> tuple[Source, list[Op | None]]:
    """The function of `program`, nothing of it fused, and the op of each of its lines."""
    every = [value for op in walk(program.block) for value in op.outputs]
    source = OpWriter(Plan(program, [*every, *(fetch or ())])).function(name, fetch)
    tags: list[Any] = list(source.frames)
    ops = [tag.op if isinstance(tag, Tag) else None for tag in tags]
    source.frames = [tag.frame if isinstance(tag, Tag) else tag for tag in tags]
    return source, ops


class OpWriter(Writer):
    """Writes lines that say which op they are of."""

    def __init__(self, plan: Plan):
        super().__init__(plan)
        self.current: Op | None = None

    def op(self, op: Op) -> None:
        outer, self.current = self.current, op
        super().op(op)
        self.current = outer

    def line(self, text: str, frame: Frame | None, depth: int = 0) -> None:
        tag: Any = Tag(self.current, frame)
        super().line(text, tag, depth)
