"""The control names of converted code: under a Variable an op is staged, under a Python value Python runs.

What cannot be staged is left to Python: a branch by taking the number that decides as a constant, a loop by unrolling.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from dy2static import eager, lazy_forms
from dy2static.branches import stage_cond
from dy2static.endings import check_ending
from dy2static.iterables import iterable_of
from dy2static.iterations import in_turn
from dy2static.loops import Loop, stage_loop
from dy2static.native import native
from dy2static.operators import binary, not_, truth
from dy2static.python_calls import call_python
from dy2static.regions import CannotStage, TestWrites
from dy2static.signals import Endless
from dy2static.slots import Slot
from dy2static.streams import Generator, Giver, is_generator
from dy2static.trace import Trace, tracing
from runtime.tracer import Variable

MAX_TURNS = 20_000
MAX_STAGED_TURNS = 1_000  # once a break is staged, only the program knows when it ends


def cond(
    test: Any, then: Callable[..., Any], orelse: Callable[..., Any] | None = None, state: tuple[Any, ...] = ()
) -> Any:
    trace = tracing()
    if trace is None:
        return eager.cond(test, then, orelse, state)
    test = truth(trace, test)
    branches: list[Callable[[], Any]] = [partial(then, *state), otherwise(orelse, state)]
    if isinstance(test, Variable):
        return staged_cond(trace, test, branches)
    return branches[0]() if test else branches[1]()


def otherwise(orelse: Callable[..., Any] | None, state: tuple[Any, ...]) -> Callable[[], Any]:
    return partial(eager.unchanged, state) if orelse is None else partial(orelse, *state)


def staged_cond(
    trace: Trace, test: Variable, branches: Sequence[Callable[[], Any]], tests: tuple[Callable[[], Any], ...] = ()
) -> Any:
    """A cond op; where a program cannot hold what the branches give, the number that decides is taken as a constant."""
    try:
        return stage_cond(trace, test, branches, tests)
    except CannotStage as reason:
        trace.number(test, f"this branch ({reason})")
        raise


def switch(cases: tuple[Any, ...], orelse: Callable[..., Any] | None = None, state: tuple[Any, ...] = ()) -> Any:
    trace = tracing()
    if trace is None:
        return eager.switch(cases, orelse, state)
    for index, (test, then) in enumerate(cases):
        tested = truth(trace, test())
        if isinstance(tested, Variable):
            rest = cases[index + 1 :]
            branches: list[Callable[[], Any]] = [partial(case[1], *state) for case in cases[index:]]
            branches.append(otherwise(orelse, state))
            try:
                return staged_cond(trace, tested, branches, tuple(case[0] for case in rest))
            except TestWrites:  # a test of a program's switch gives a value, and nothing else
                return staged_cond(trace, tested, [branches[0], partial(switch, rest, orelse, state)])
        if tested:
            return then(*state)
    return otherwise(orelse, state)()


def while_loop(test: Callable[..., Any], body: Callable[..., Any], state: tuple[Any, ...] = ()) -> Any:
    trace = tracing()
    if trace is None:
        return eager.while_loop(test, body, state)
    loop = Loop(test, body, state, parameter_names(body))
    try:
        return bare(stage_loop(trace, loop))
    except TestWrites:
        return tested_at_the_end(test, body, state)
    except CannotStage as reason:
        return bare(unrolled_while(trace, loop, str(reason)))


def run_on(test: Callable[..., Any], body: Callable[..., Any], state: tuple[Any, ...] = ()) -> Any:
    """A while loop whose first turns are no loop where it is known that they come: what they make is made once."""
    trace = tracing()
    for _ in range(KNOWN_TURNS if trace is not None else 0):
        mark = trace.mark()  # type: ignore[union-attr]
        tested = truth(trace, test(*state))  # type: ignore[arg-type]
        if isinstance(tested, Variable):
            trace.rewind(mark)  # type: ignore[union-attr]
            break
        if not tested:
            return bare(state)
        state = eager.pack(body(*state), len(state))
    return while_loop(test, body, state)


KNOWN_TURNS = 4


def tested_at_the_end(test: Callable[..., Any], body: Callable[..., Any], state: tuple[Any, ...]) -> Any:
    """A while loop whose test has effects: the test runs once before it, and then at the end of each turn."""
    count = len(state)

    def turn(going: Any, *state: Any) -> Any:
        after = eager.pack(body(*state), count)
        return (test(*after), *after) if after else test(*after)

    final = while_loop(lambda going, *state: going, turn, (test(*state), *state))
    return bare(eager.pack(final, count + 1)[1:])


def unrolled_while(trace: Trace, loop: Loop, reason: str) -> tuple[Any, ...]:
    note_unrolled(trace, reason)
    state = loop.state
    for _ in range(MAX_TURNS):
        tested = truth(trace, loop.test(*state))  # type: ignore[misc]
        if isinstance(tested, Variable):
            tested = trace.number(tested, f"this loop, which cannot be staged ({reason}),")
        if not tested:
            return state
        state = eager.pack(loop.body(*state), len(state))
    raise Endless(f"it cannot be staged ({reason}), and Python has run it for {MAX_TURNS} turns while tracing")


def note_unrolled(trace: Trace, reason: str) -> None:
    frame = trace.frame()
    if frame is not None:
        trace.unrolled.setdefault(frame, reason)


def for_loop(
    body: Callable[..., Any], iterable: Any, state: tuple[Any, ...] = (), test: Callable[..., Any] | None = None
) -> Any:
    trace = tracing()
    if trace is None:
        try:
            return eager.for_loop(body, iterable, state, test)
        finally:
            del iterable
    iterable = trace.resolve(iterable)
    item, *names = body.__code__.co_varnames[: body.__code__.co_argcount]
    loop = Loop(test, body, state, tuple(names), None, item)
    iterable = iterable_of(trace, iterable)
    if is_generator(iterable) and iterable.value is None:
        return bare(taken(trace, loop, iterable))
    if not is_generator(iterable):
        return bare(gone_through(trace, loop, iterable))
    loop.source = iterable.one_by_one(ends=test is None)
    with iterable.gone_through():
        return bare(gone_through(trace, loop, iterable))


def gone_through(trace: Trace, loop: Loop, iterable: Any) -> tuple[Any, ...]:
    """A loop over what holds its items."""
    if isinstance(iterable, (Variable, Generator, range)):
        loop.iterable = None if loop.source is not None else trace.lift(iterable)
        try:
            return stage_loop(trace, loop)
        except CannotStage as cause:
            reason = str(cause)
            iterable = concrete_items(trace, iterable, reason)
    else:
        reason = f"it goes through a {type(iterable).__name__} of Python's"
    note_unrolled(trace, reason)
    return unrolled_for(trace, loop, iterable)


def taken(trace: Trace, loop: Loop, generator: Generator) -> tuple[Any, ...]:
    """A loop over a generator: the generator runs, and gives each item to the loop's body."""
    generator.check_is_waiting()
    if generator.parts is not None:
        return taken(trace, loop, call_python(trace, lazy_forms.resumed, generator.parts[:2], {}))
    if generator.iterator is not None:
        return unrolled_for(trace, loop, generator.steps())
    holder, count = list(loop.state), len(loop.state)
    if not generator.begin(ends=loop.test is None):
        return loop.state
    check_ending(trace, generator, is_left=loop.test is not None)
    slots = [holder_slot(trace, holder, index) for index in range(count)]

    def give(item: Any) -> Any:
        for slot, value in zip(slots, eager.pack(loop.body(item, *holder), count)):
            trace.write(slot, value)
        return False if loop.test is None else not_(loop.test(*holder))

    generator.push(Giver(trace, give), stops=loop.test is not None)
    return tuple(holder)


def holder_slot(trace: Trace, holder: list[Any], index: int) -> Slot:
    """A place of `holder`, which the body writes wherever the generator gives an item."""
    return Slot((id(holder), index), lambda: holder[index], partial(holder.__setitem__, index), holder, trace.depth)


def concrete_items(trace: Trace, iterable: Any, reason: str) -> Iterable[Any]:
    """What a loop that cannot be staged goes through in Python."""
    purpose = f"this loop, which cannot be staged ({reason}),"
    if isinstance(iterable, Generator):
        return iterable.in_python(partial(concrete_items, trace, reason=reason))
    iterable = trace.resolve(iterable)
    if not isinstance(iterable, Variable):
        return iterable
    if iterable.type.dtype is range:
        return trace.number(iterable, purpose)
    if iterable.type.is_array or iterable.type.dtype is list:
        length = trace.emit("len", iterable)
        return Items(iterable, length if isinstance(length, int) else trace.number(length, purpose))
    return iterable.items(purpose)


class Items(Sequence[Any]):
    """The items of an array or list, each read when its turn has come."""

    def __init__(self, variable: Variable, length: int):
        self.variable = variable
        self.length = length

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, index: Any) -> Any:
        if index >= self.length:
            raise IndexError
        return self.variable.builder.emit("getitem", self.variable, index)


def unrolled_for(trace: Trace, loop: Loop, iterable: Any) -> tuple[Any, ...]:
    """A loop over a Python sequence, turn by turn; `going` is the staged test of a break, once there is one."""
    state, going = loop.state, None
    count = len(state)
    trace.consume(iterable)
    for turn, one in enumerate(in_turn(trace, native(trace, iter, iterable))):
        check_turns(iterable, turn, going is not None)
        if going is None:
            state = eager.pack(loop.body(one, *state), count)
        else:
            state = eager.pack(cond(going, lambda *s, one=one: loop.body(one, *s), None, state), count)
        if loop.test is None:
            continue
        tested = truth(trace, loop.test(*state))
        if isinstance(tested, Variable):
            going = tested
            if hasattr(type(iterable), "__next__"):
                trace.spent[id(iterable)] = iterable
        elif not tested:
            break
    return state


def check_turns(iterable: Any, turn: int, is_staged: bool) -> None:
    """Ends a loop through something that may never end. What has a length does end."""
    if hasattr(iterable, "__len__") or turn < (MAX_STAGED_TURNS if is_staged else MAX_TURNS):
        return
    kind = type(iterable).__name__
    said = f"it goes through a {kind} of Python's, which has not ended after {turn} turns of tracing"
    raise Endless(said + (", and its `break` depends on a value that is known when the program runs" * is_staged))


def parameter_names(function: Callable[..., Any]) -> tuple[str, ...]:
    return function.__code__.co_varnames[: function.__code__.co_argcount]


def bare(state: tuple[Any, ...]) -> Any:
    return eager.unchanged(state)


def and_(first: Any, *rest: Callable[[], Any]) -> Any:
    if not rest:
        return first
    return cond(first, lambda: and_(rest[0](), *rest[1:]), lambda: first)


def or_(first: Any, *rest: Callable[[], Any]) -> Any:
    if not rest:
        return first
    return cond(first, lambda: first, lambda: or_(rest[0](), *rest[1:]))


def compare(left: Any, symbol: str, right: Any, *rest: Any) -> Any:
    result = binary(symbol, left, right)
    if not rest:
        return result
    return cond(result, lambda: compare(right, rest[0], rest[1](), *rest[2:]), lambda: result)


def assert_(test: Any, message: Callable[[], Any] | None = None) -> None:
    trace = tracing()
    if trace is None:
        return eager.assert_(test, message)

    def fail() -> None:
        raise trace.own(AssertionError(*([] if message is None else [message()])))

    cond(test, lambda: None, fail)
