"""What the picture says of a Program: titles of nodes and boxes, and what each op needs, writes and does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from runtime.changes import written_values
from runtime.ir import Block, Constant, Frame, Op, Program, Value, fill, slots
from runtime.picture.graph import Node, Port
from runtime.picture.heat import Heat
from runtime.picture.sources import Sources, cut, place_of
from runtime.printer import names, print_lines, traverse
from runtime.text import Name, is_inline, text

BOXES = {"cond": "cond", "while_loop": "loop", "try": "try", "define": "function"}
SIGNS = {
    "greater": ">", "greater_equal": ">=", "less": "<", "less_equal": "<=", "equal": "==", "not_equal": "!=",
    "add": "+", "subtract": "-", "multiply": "*", "divide": "/", "remainder": "%",
}  # fmt: skip


class Facts:
    """What is known of a Program: names, source lines, and what each op needs, writes and does."""

    def __init__(self, program: Program, heat: Heat | None = None):
        self.program = program
        self.heat = heat
        self.named = names(program)
        self.sources = Sources()
        self.printed = {line.subject: line.text.strip() for line in print_lines(program)}
        self.needs: dict[Block, dict[Value, None]] = {}
        self.written: dict[Op, dict[Value, None]] = {}
        self.acts: set[Op] = set()
        self.all_ops = [item for item, before in traverse(program.block) if before and isinstance(item, Op)]
        self._learn()
        self.titles = self.sources.conditions(self.all_ops)

    def _learn(self) -> None:
        """What each Block needs from outside, what each op writes into, and whether it acts outside the program."""
        for item, before in traverse(self.program.block):
            if before:
                continue
            if isinstance(item, Block):
                self.needs[item] = self.needed(item.ops, item.results or (), item.inputs)
                continue
            inner = [op for block in item.blocks for op in block.ops]
            own = {} if item.blocks else dict.fromkeys(written_values(item))
            self.written[item] = own | {value: None for op in inner for value in self.written[op]}
            if item.definition.effect in ("io", "random", "raise") or any(op in self.acts for op in inner):
                self.acts.add(item)

    def uses(self, op: Op) -> list[Value]:
        """The Values that an op takes and that its Blocks need, each once."""
        inner = [value for block in op.blocks for value in self.needs[block]]
        return [value for value in dict.fromkeys([*op.inputs, *inner]) if not is_inline(value)]

    def needed(self, ops: Iterable[Op], results: Sequence[Value], inputs: Sequence[Value]) -> dict[Value, None]:
        made, needed = set(inputs), dict[Value, None]()
        for op in ops:
            needed.update((value, None) for value in self.uses(op) if value not in made)
            made.update(op.outputs)
        needed.update((value, None) for value in results if value not in made and not is_inline(value))
        return needed

    def name(self, value: Value) -> str:
        return text(value.value) if isinstance(value, Constant) and is_inline(value) else self.named[value]

    def port(self, value: Value) -> Port:
        return Port(self.name(value), str(value.type))

    # Nodes

    def node(self, op: Op) -> Node:
        kind = "op" if not op.blocks else BOXES.get(op.definition.name, "box")
        node = Node(kind, op.definition.name, op=op)
        node.name = ", ".join(self.name(value) for value in op.outputs if value.hint)
        node.place, node.source = place_of(op.frame), self.sources.line(op.frame)
        node.printed = self.printed.get(op, "")
        node.ports = [self.port(value) for value in op.outputs]
        if self.heat is not None:
            node.cost, node.heat = self.heat.of([op])
        if op.blocks:
            node.title = self.title(op)
        else:
            node.text = node.printed.split(" = ", 1)[-1] if op.outputs else node.printed
        return node

    def title(self, op: Op) -> str:
        """The user's own condition, else the printed form."""
        if op in self.titles:
            return self.titles[op]
        if op.definition.name == "cond":
            return f"if {self.condition(op.inputs[0])}"
        if op.definition.name == "define":
            return f"def {self.name(op.blocks[0].inputs[0])}"
        if op.definition.name != "while_loop":
            return op.definition.name
        if op.call.kwargs.get("form") == "for":
            return f"for {self.name(op.blocks[0].inputs[0])} in {self.condition(op.inputs[0])}"
        return f"while {self.condition((op.blocks[0].results or (op.inputs[0],))[0])}"

    def condition(self, value: Value) -> str:
        """A value's name where the user gave one, else how it is made."""
        op = value.op
        if op is None or value.hint or op.blocks:
            return self.name(value)
        sign = SIGNS.get(op.definition.name)
        if sign and len(op.call.args) == 2 and not op.call.kwargs:
            left, right = fill(op.call.args, lambda slot: Name(self.name(op.inputs[slot.index])))
            return cut(f"{text(left)} {sign} {text(right)}", 60)
        if op.definition.name == "not_":
            return f"not {self.name(op.inputs[0])}"
        return cut(self.printed[op].split(" = ", 1)[-1], 60)

    def sections(self, op: Op) -> list[tuple[str, Block, list[str]]]:
        """Of each Block its title, and the names of its results."""
        own = [self.name(value) for value in op.outputs]
        count = len(op.blocks)
        if op.definition.name == "cond":
            tests = [self.elif_title(op.blocks[place]) if place % 2 else "" for place in range(count - 1)]
            heads = [tests[place] or "then" for place in range(count - 1)] + ["else"]
            return [
                (head, block, ["condition"] if place % 2 and place < count - 1 else own)
                for place, (head, block) in enumerate(zip(heads, op.blocks))
            ]
        if op.definition.name == "while_loop":
            is_for = op.call.kwargs.get("form") == "for"
            heads = ["body", "test"] if is_for else ["test", "body"]
            return [(head, block, own if head == "body" else ["condition"]) for head, block in zip(heads, op.blocks)]
        if op.definition.name == "try":
            return [(head, block, []) for head, block in zip(self.try_heads(op), op.blocks)]
        return [("body", block, ["result"]) for block in op.blocks]

    def elif_title(self, block: Block) -> str:
        frame = next((op.frame for op in reversed(block.ops) if op.frame is not None), None)
        shown = self.sources.elif_(frame) or (self.condition(block.results[0]) if block.results else "")
        return f"elif {shown}"

    def try_heads(self, op: Op) -> list[str]:
        classes = [f"except {text(one)}" if one is not None else "except" for one in op.call.kwargs["classes"]]
        return ["try", *classes, *["else"] * op.call.kwargs["orelse"], *["finally"] * op.call.kwargs["final"]]

    def part(self, ops: list[Op], first: int) -> Node:
        frames = [op.frame for op in ops if op.frame is not None]
        node = Node("part", f"ops {first + 1}–{first + len(ops)}", place=_lines(frames))
        if self.heat is not None:
            node.cost, node.heat = self.heat.of(ops)
        return node

    def inputs(self) -> list[tuple[Value, str, str, str]]:
        """Of each input of the program its name, the kind of its node, and a note. Weights are what no caller gives."""
        kept = {value: name for name, value in self.program.state.items()}
        given = {slot.index for parameter in self.program.parameters for slot in slots(parameter.template)}
        found = []
        for place, value in enumerate(self.program.block.inputs):
            if value in kept:
                found.append((value, kept[value], "weight", "parameter"))
            elif given and place not in given and value.type.is_array:
                found.append((value, self.name(value), "weight", "read at each call"))
            else:
                found.append((value, self.name(value), "input", ""))
        return found

    def result_names(self) -> list[str]:
        """Of each of the program's results the path to it: return, return[0], return['loss']."""
        results = self.program.block.results or ()
        if self.program.result is None:
            return [f"return[{place}]" if len(results) > 1 else "return" for place in range(len(results))]
        paths = dict(_paths(self.program.result, "return"))
        return [paths.get(place, "return") for place in range(len(results))]


def _paths(template: object, path: str) -> Iterable[tuple[int, str]]:
    """The place of each result and its path in the template."""
    if isinstance(template, dict):
        parts: Iterable[tuple[object, object]] = template.items()
    elif isinstance(template, (tuple, list)):
        parts = enumerate(template)
    else:
        return [(slot.index, path) for slot in slots(template)]
    return [found for key, item in parts for found in _paths(item, f"{path}[{text(key)}]")]


def _lines(frames: Sequence[Frame]) -> str:
    """`f.py:3-9` of the first file that the frames are of."""
    if not frames:
        return ""
    same = [frame.line for frame in frames if frame.file == frames[0].file]
    first, last = min(same), max(same)
    return place_of(frames[0]).rpartition(":")[0] + (f":{first}" if first == last else f":{first}-{last}")
