"""What ops cost, of a Profile, as the picture says it: `1.2 ms, 30 %`, and from pale to dark."""

from __future__ import annotations

from collections.abc import Sequence

from runtime.ir import Op, Program
from runtime.printer import traverse
from runtime.profiling import Profile
from runtime.profiling.profile import duration

LEVELS = (0.01, 0.05, 0.1, 0.2, 0.4)  # shares of the time, from which on an op is warmer


class Heat:
    """Seconds of ops that were run one by one; a box has those of all in it. `note` says what a run costs."""

    def __init__(self, program: Program, profile: Profile):
        if profile.program is not program:
            raise ValueError(f"the profile is of another program than this {program.name}; its own draw() draws that")
        self.own = {row.op: row.cost.seconds for row in profile.ops}
        self.whole = sum(self.own.values()) or 1.0
        self.seconds: dict[Op, float] = {}
        for item, before in traverse(program.block):
            if isinstance(item, Op) and not before:
                inner = [op for block in item.blocks for op in block.ops]
                self.seconds[item] = self.own.get(item, 0.0) + sum(self.seconds[op] for op in inner)
        self.note = f"a run takes {duration(profile.seconds)}; ops are timed one by one"

    def of(self, ops: Sequence[Op]) -> tuple[str, int]:
        """The text and level of ops together."""
        seconds = sum(self.seconds[op] for op in ops)
        share = seconds / self.whole
        return f"{duration(seconds)}, {100 * share:.0f} %", sum(share >= level for level in LEVELS)
