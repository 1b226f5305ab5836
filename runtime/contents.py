"""What is in the lists that a program makes and keeps to itself: all that is ever put into them is known.

todo: list = pack([(0, n)]) … todo.append((lo, i))        →        an item is a pair, of what 0 and lo are, and n and i
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from runtime.ir import Block, Op, Program, Slot, Value, slots, walk

# Of these, some give items again: numbers, or tuples that nobody can change.
LOOKING = frozenset("len not_ truth bool str repr print contains is_ is_not equal not_equal enumerate zip".split())
LOOKING_AT_ONE = frozenset(
    "list tuple sorted reversed iter sum min max any all set frozenset np.array np.asarray .pop getitem delitem .sort "
    ".reverse .clear .remove .count .index .copy".split()
)
CHOOSING = frozenset({"min", "max"})
TAKING = frozenset({".pop", "getitem"})
PUTTING = {".append": 1, ".extend": 1, ".insert": 2, "setitem": 2}  # the place of what is put in
MAKING = frozenset({"pack", "list", "add", "multiply", ".copy", "getitem"})

Item = Any  # the classes of a number, or a tuple of those


class Contents:
    """The lists of a Program that no one else can change, with what is put into them.

    sources  for each such list, templates of its items with the ops that they stand in, and other such lists
    """

    def __init__(self, program: Program):
        self.sources: dict[Value, list[tuple[Op, Any] | Value]] = {}
        self._tests = {block for op in walk(program.block) for block in _tests_of(op)}
        readers: dict[Value, list[Op]] = {}
        for op in walk(program.block):
            for value in set(op.inputs):
                readers.setdefault(value, []).append(op)
        given = {value for op in walk(program.block) for block in op.blocks if block not in self._tests
                 for value in block.results or ()}  # fmt: skip
        for op in walk(program.block):
            made = _made_of(op) if op.definition.name in MAKING and len(op.outputs) == 1 else None
            if made is not None and op.outputs[0] not in given:
                self.sources[op.outputs[0]] = made
        self._keep_closed(readers)

    def _keep_closed(self, readers: dict[Value, list[Op]]) -> None:
        """Takes away the lists that may be changed by what is not known, and those that are made of them."""
        for value in list(self.sources):
            for op in readers.get(value, ()):
                put = _put_in(op, value)
                if put is None:
                    del self.sources[value]
                    break
                self.sources[value] += put
        while True:
            lost = [value for value, made in self.sources.items()
                    if any(isinstance(one, Value) and not self._is_known(one) for one in made)]  # fmt: skip
            if not lost:
                return
            for value in lost:
                del self.sources[value]

    def _is_known(self, value: Value) -> bool:
        return value in self.sources or is_a(value, range)

    def item(self, value: Value, classes_of: Callable[[Any], frozenset[str]]) -> Item:
        """What an item is, as far as `classes_of` tells of what is put in; None where items differ in kind."""
        found: Item = frozenset()
        for source in self._all_sources(value, set()):
            if isinstance(source, Value):
                found = joined(found, frozenset({"int"}))  # of a range
                continue
            op, template = source
            found = joined(found, _classes_of_template(op, template, classes_of))
        return found

    def _all_sources(self, value: Value, seen: set[Value]) -> Iterator[tuple[Op, Any] | Value]:
        if value in seen:
            return
        seen.add(value)
        for source in self.sources.get(value, [value]):
            if isinstance(source, Value) and source in self.sources:
                yield from self._all_sources(source, seen)
            else:
                yield source


def joined(a: Item, b: Item) -> Item:
    if a is None or b is None or not a or not b:
        return None if a is None or b is None else a or b
    if isinstance(a, tuple) and isinstance(b, tuple):
        return tuple(map(joined, a, b)) if len(a) == len(b) else None
    return None if isinstance(a, tuple) or isinstance(b, tuple) else a | b


def _classes_of_template(op: Op, template: Any, classes_of: Callable[[Any], frozenset[str]]) -> Item:
    if type(template) is tuple:
        return tuple(_classes_of_template(op, part, classes_of) for part in template) or None
    if isinstance(template, Slot):
        value = op.inputs[template.index]
        return None if is_a(value, tuple) else classes_of(value)
    return classes_of(template)


def _tests_of(op: Op) -> Sequence[Block]:
    """The Blocks of an op whose results are only asked whether they are true."""
    if op.definition.name == "cond":
        return op.blocks[1:-1:2]
    if op.definition.name != "while_loop":
        return ()
    return op.blocks[1:] if op.call.kwargs.get("form") == "for" else op.blocks[:1]


def _made_of(op: Op) -> list[tuple[Op, Any] | Value] | None:
    """What a new list is made of; None where that is not known."""
    name, args = op.definition.name, op.call.args
    if op.call.kwargs or not args or not is_a(op.outputs[0], list):
        return None
    if name == "pack":
        return _items_of(op, args[0]) if type(args[0]) is list else None
    if name == "getitem":
        return _items_of(op, args[0]) if isinstance(args[1], slice) else None
    if name == "multiply":
        lists = [arg for arg in args if _is_list(op, arg)]
        return _items_of(op, lists[0]) if len(lists) == 1 else None
    found = [_items_of(op, arg) for arg in args]
    return None if None in found else [source for one in found for source in one or ()]


def _is_list(op: Op, arg: Any) -> bool:
    return type(arg) is list or isinstance(arg, Slot) and is_a(op.inputs[arg.index], list)


def _items_of(op: Op, arg: Any) -> list[tuple[Op, Any] | Value] | None:
    if type(arg) is list:
        return [(op, item) for item in arg]
    value = op.inputs[arg.index] if isinstance(arg, Slot) else None
    return [value] if value is not None and (is_a(value, list) or is_a(value, range)) else None


def is_a(value: Value, cls: type) -> bool:
    return value.type.is_python and value.type.dtype is cls and not value.type.maybe


def _put_in(op: Op, value: Value) -> list[tuple[Op, Any] | Value] | None:
    """What an op puts into a list; None where it may do anything to it."""
    name, args = op.definition.name, op.call.args
    places = [place for place, arg in enumerate(args) if any(op.inputs[slot.index] is value for slot in slots(arg))]
    if name == "cond":
        return []
    if name == "while_loop":
        return [] if op.call.kwargs.get("form") == "for" and op.inputs[1:].count(value) == 0 else None
    if op.call.kwargs or not all(isinstance(args[place], Slot) for place in places):
        return None
    if name in LOOKING or name.startswith("each_") or name in ("add", "multiply") and is_a(op.outputs[0], list):
        return []
    if name in CHOOSING and len(args) > 1:
        return None  # gives one of them
    if name == ".extend" and places == [1] or name in LOOKING_AT_ONE and places == [0]:
        return []
    if name not in PUTTING or places != [0] or len(args) <= PUTTING[name]:
        return None
    new = args[PUTTING[name]]
    if name == "setitem" and isinstance(args[1], slice):
        return None
    return _items_of(op, new) if name == ".extend" else [(op, new)]
