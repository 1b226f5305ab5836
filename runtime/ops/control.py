"""cond and while_loop, which hold Blocks, and the rows that build, take apart and test values between ops."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

from runtime.opdef import OpDef
from runtime.ops.arguments import typed
from runtime.ops.python import iterated, separate
from runtime.types import ANY, UNDEFINED, TensorType, python


def written_out(*args: Any, **kwargs: Any) -> Any:
    """The kernel of a row that holds Blocks. Raises always: the executor writes such ops out itself."""
    raise RuntimeError("an op that holds Blocks has no kernel: the executor writes it out")


def pack(template: Any) -> Any:
    """A fresh container of the template's items."""
    return template


def pack_type(template: Any) -> TensorType:
    return typed(template)


def unpack(x: Any, n: int, star_index: int | None = None) -> tuple[Any, ...]:
    """The `n` values of `a, b, … = x`; the one at `star_index` is the list of what is left. Raises as CPython does."""
    try:
        values: tuple[Any, ...] = unpacker(n, star_index)(x)
    finally:
        del x  # a generator that gives too much is closed at once, and not when the traceback goes
    return values


def unpack_type(x: Any, n: Any, star_index: Any = None) -> TensorType:
    items = separate(x)
    if items is None:
        items = [iterated(x)] * (n if star_index is None else n - 1)
        return python(tuple, tuple(items) if star_index is None else (*items[:star_index], ANY, *items[star_index:]))
    if star_index is None:
        return python(tuple, tuple(items))
    rest = len(items) - n + 1
    middle = python(list, tuple(items[star_index : star_index + rest]))
    return python(tuple, (*items[:star_index], middle, *items[star_index + rest :]))


@lru_cache(maxsize=256)
def unpacker(n: int, star_index: int | None) -> Callable[[Any], tuple[Any, ...]]:
    """A function whose body is the assignment itself, so that its errors are this Python's."""
    names = [f"a{number}" for number in range(n)]
    targets = [("*" if number == star_index else "") + name for number, name in enumerate(names)]
    scope: dict[str, Any] = {}
    taken, given = ", ".join(targets), "".join(name + ", " for name in names)
    exec(f"def take_apart(x):\n try: [{taken}] = x\n finally: del x\n return ({given})", scope)
    made: Callable[[Any], tuple[Any, ...]] = scope["take_apart"]
    return made


def defined(value: Any, name: str, is_local: bool = True) -> Any:
    """`value`, unless no assignment has reached it: then raises what CPython raises for reading `name`."""
    if value is not UNDEFINED:
        return value
    if not is_local:
        raise NameError(f"name {name!r} is not defined")
    if sys.version_info < (3, 11):
        raise UnboundLocalError(f"local variable {name!r} referenced before assignment")
    raise UnboundLocalError(f"cannot access local variable {name!r} where it is not associated with a value")


def defined_type(value: Any, name: Any, is_local: Any = True) -> TensorType:
    known = typed(value)
    return ANY if known.dtype is type(UNDEFINED) else replace(known, maybe=False)


def rows() -> Iterator[OpDef]:
    yield OpDef("cond", written_out, effect="control")
    yield OpDef("while_loop", written_out, effect="control")
    yield OpDef("try", written_out, effect="control")
    yield OpDef("define", written_out, effect="control")
    yield OpDef("call", written_out, effect="control")
    yield OpDef("pack", pack, pack_type, aliases=True)
    yield OpDef("unpack", unpack, unpack_type, aliases=True)
    yield OpDef("defined", defined, defined_type, effect="io", aliases=True)
