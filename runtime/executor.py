"""Plan → one Python function; Executor.run feeds it by name.

A fault while a program runs is NumPy's own exception, and its traceback shows the user's lines.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from itertools import count
from keyword import iskeyword
from typing import Any, NamedTuple

import numpy as np

from runtime.arguments import MISS, fast_call, missed, was_not_entered
from runtime.codegen import Source, Writer
from runtime.errors import FeedError, FetchError, listing
from runtime.ir import MISSING, Constant, Parameter, Program, Slot, Value, program_of
from runtime.origins import note_program, show_user_lines, warned_in
from runtime.plan import Plan, has_loops
from runtime.printer import names
from runtime.relocation import keep_source, lines_in, main_file, relocated
from runtime.scope import Scope, global_scope
from runtime.switches import is_optimized
from runtime.tracer import Variable
from runtime.types import WEAK_DTYPE, TensorType, is_within, type_of
from runtime.verifier import verify

_numbers = count(1)


def build(program: Program, fetch: tuple[Value, ...] | None = None, optimize: bool | None = None) -> Callable[..., Any]:
    """The Python function of a Program: takes its flat inputs, gives the filled result template (or the list of
    `fetch`). Its code stands at the user's lines, where the program knows them.

    optimize  whether passes and plans may make it faster; None: unless DY2STATIC_OPTIMIZE is off. Nothing else differs.
    """
    name = function_name(program)
    plan, fetch = planned(program, fetch, optimize)
    return function_of(plan.program, name, written(plan, name, fetch))


def written(plan: Plan, name: str, fetch: tuple[Value, ...] | None) -> Source:
    """The Python function of a Program: flat inputs in, the filled result template out (or a list of `fetch`)."""
    if plan.is_simple:
        return Writer(plan).function(name, fetch)
    source: Source = import_module("runtime.chain_writer").write(plan, name, fetch)
    return source


def planned(
    program: Program, fetch: tuple[Value, ...] | None, optimize: bool | None = None
) -> tuple[Plan, tuple[Value, ...] | None]:
    """The Plan of what is written out of a Program, and what `fetch` is there."""
    # In a program without loops nothing is computed often; then the passes need not even be imported.
    if is_optimized(optimize) and has_loops(program):
        program, values = import_module("runtime.passes.optimize").optimized(program, fetch or ())
        fetch = fetch if fetch is None else tuple(values.get(value, value) for value in fetch)
    return Plan(program, fetch or (), optimize), fetch


def function_of(program: Program, name: str, source: Source, tree: ast.Module | None = None) -> Callable[..., Any]:
    """The function `name` of a program's text; of `tree`, where more was set between its lines."""
    generated = f"<program {program.name} {next(_numbers)}>"
    file = main_file(source.frames)
    lines = range(1, len(source.frames) + 1) if file is None else lines_in(file, source.frames)
    code, moved = relocated(compile(source.text if tree is None else tree, generated, "exec"), file or generated, lines)
    namespace = source.namespace | ({} if file is None else warned_in(file))
    exec(code, namespace)
    function: Callable[..., Any] = namespace[name]
    note_program(function, moved, source.frames)
    if file is None:
        keep_source(function, generated, source.text)
    function.source = source.text  # type: ignore[attr-defined]
    return function


def function_name(program: Program) -> str:
    return f"{program.name}_program_" if program.name.isidentifier() else "program_"


class _Built(NamedTuple):
    """What a run of a program with a fetch_list calls.

    owners   the program and what was fetched: as long as they are held their ids, which are the key, are theirs
    run      takes the flat inputs
    fed      takes them by name, and gives MISS where it is not sure that they fit
    """

    owners: tuple[Any, ...]
    run: Callable[..., Any]
    fed: Callable[..., Any]


class Executor:
    """Runs programs: `Executor().run(program, feed={"x": x}, fetch_list=[…])`; `optimize` as for `build`."""

    def __init__(self, optimize: bool | None = None) -> None:
        self._optimize = optimize
        self._built: dict[Any, _Built] = {}

    def run(
        self,
        program: Program,
        feed: Mapping[str, Any] | None = None,
        fetch_list: Iterable[Any] | None = None,
        scope: Scope | None = None,
    ) -> list[Any]:
        """Gives the values of `fetch_list`, in its order; without one, those of all the program's flat results.

        A fetch is a name as the printed program shows it, that of a parameter, or a Value or Variable of the program's
        outermost Block. Parameters are read from `scope`, or the current one; a start-up program sets them there.
        Raises FeedError for an input or parameter that is missing, unknown or of another type, FetchError for an
        unknown fetch.
        """
        program = program_of(program)
        feed = {} if feed is None else feed
        built = self._built.get(_key(program, fetch_list))
        if built is not None and type(feed) is dict:
            try:
                values = built.fed(**feed)
                if values is not MISS:
                    return values
            except Exception as error:
                if not was_not_entered(error):
                    raise show_user_lines(error)
        return self._run(program, feed, fetch_list, global_scope() if scope is None else scope)

    def _run(
        self, program: Program, feed: Mapping[str, Any], fetch_list: Iterable[Any] | None, held: Scope
    ) -> list[Any]:
        arguments = flat_inputs(program, check_feed(program, feed), held)
        wanted = program.block.results or () if fetch_list is None else _fetched(program, fetch_list)
        try:
            values = self._find(program, fetch_list, wanted).run(*arguments)
        except Exception as error:
            raise show_user_lines(error)
        for name, value in zip(program.sets, values[len(wanted) :]):
            held.keep(name, value)
        return [_apart(value, program, held) for value in values[: len(wanted)]]

    def _find(self, program: Program, fetch_list: Iterable[Any] | None, wanted: tuple[Value, ...]) -> _Built:
        """What was built for `wanted`, which is `fetch_list`, or is built now; the next run finds it by either."""
        key, given = _key(program, wanted), _key(program, fetch_list)
        if key not in self._built:
            fetch = (*wanted, *program.sets.values())
            run = build(verify(program), fetch, self._optimize)
            self._built[key] = _Built((program, fetch), run, _fed(program, run))
        if fetch_list is not None and given is not None and given not in self._built:
            self._built[given] = self._built[key]._replace(owners=(program, wanted, *fetch_list))
        return self._built[key]


def _key(program: Program, fetch_list: Iterable[Any] | None) -> Any:
    """What tells a run from others; None where the fetch_list can be gone through but once.

    A program that is being built may have grown since it ran last.
    """
    block = program.block
    if fetch_list is None:
        fetch_list = block.results or ()
    elif type(fetch_list) not in (list, tuple):
        return None
    items = [one if type(one) is str else id(one.value if type(one) is Variable else one) for one in fetch_list]
    sets = [*map(id, program.sets.values())]
    return (id(program), len(block.ops), len(block.inputs), *items, None, *sets)


def _fed(program: Program, run: Callable[..., Any]) -> Callable[..., Any]:
    """`run` of inputs by name, if they surely are of their types; of a program that has nothing to do with scopes."""
    inputs = input_names(program)
    is_plain = len(set(inputs)) == len(inputs) and all(name.isidentifier() and not iskeyword(name) for name in inputs)
    if program.state or program.sets or not is_plain:
        return missed
    parameters = [Parameter(name, Slot(index), "keyword_only", MISSING) for index, name in enumerate(inputs)]
    return fast_call(program.name, program.block.inputs, parameters, run)


def _apart(value: Any, program: Program, scope: Scope) -> Any:
    """A fetched value that no later run changes: the arrays of the scope are its own."""
    if isinstance(value, np.ndarray) and any(np.may_share_memory(value, scope[name]) for name in program.state):
        return value.copy()
    return value


def flat_inputs(program: Program, fed: list[Any], scope: Scope) -> list[Any]:
    """The flat arguments of a program: what was fed, and what the scope holds."""
    if not program.state:
        return fed
    kept = {value: scope.value(program, name) for name, value in program.state.items()}
    rest = iter(fed)
    return [kept[value] if value in kept else next(rest) for value in program.block.inputs]


def input_names(program: Program) -> list[str]:
    """The name of each flat input: the user's where there is one."""
    plan_free: list[str] = []
    for index, value in enumerate(program.block.inputs):
        name = value.hint or f"input_{index}"
        plan_free.append(name if name not in plan_free else f"{name}_{index}")
    return plan_free


def check_feed(program: Program, feed: Mapping[str, Any]) -> list[Any]:
    """What the inputs of a program are fed, but for its parameters.

    Raises FeedError naming the input, what it is and what was given.
    """
    kept = set(program.state.values())
    inputs = {name: value for name, value in zip(input_names(program), program.block.inputs) if value not in kept}
    names = list(inputs)
    if not isinstance(feed, Mapping):
        raise TypeError(f"feed is a dict of inputs by name, with {_keys(names)}, and not {type(feed).__name__}")
    for name in feed:
        if name not in names:
            raise FeedError(f"{program.name} has no input {name!r}; {listing(names, name)}")
    sizes: dict[str, int] = {}
    for name, value in inputs.items():
        if name not in feed:
            raise FeedError(f"input {name!r} of {program.name} is missing: feed {value.type}")
        check_input(program.name, name, value.type, feed[name], sizes)
    return [feed[name] for name in names]


def _keys(names: Sequence[str]) -> str:
    return f"the keys {', '.join(map(repr, names))}" if names else "no keys"


def check_input(program: str, name: str, expected: TensorType, given: Any, sizes: dict[str, int]) -> None:
    """Raises FeedError unless `given` is of type `expected`; `sizes` holds what each symbolic dim stood for so far."""
    found = type_of(given)
    filled = expected
    if found.shape and expected.shape and len(found.shape) == len(expected.shape):
        dims = [sizes.setdefault(dim, size) if isinstance(dim, str) else dim  # type: ignore[arg-type]
                for dim, size in zip(expected.shape, found.shape)]  # fmt: skip
        filled = TensorType(expected.kind, expected.dtype, tuple(dims), expected.items, expected.maybe)
    if filled.kind == "python" and filled.dtype is not None and found.dtype is filled.dtype:
        return
    if not is_within(found, filled):
        bound = ", ".join(f"{dim} = {size}" for dim, size in sizes.items() if expected.shape and dim in expected.shape)
        bound = f" with {bound}" if bound and filled.shape != found.shape else ""
        reason = f"input {name!r} of {program} is {expected}{bound}, and {found} was given"
        raise FeedError(reason, _cast(name, expected, found))


def _cast(name: str, expected: TensorType, found: TensorType) -> str:
    """What makes the value one of the expected type, where that loses nothing but precision."""
    given = WEAK_DTYPE.get(found.dtype, found.dtype)
    wanted = WEAK_DTYPE.get(expected.dtype, expected.dtype)
    if not _is_numeric(wanted) or _is_numeric(given) and given == wanted and expected.kind == found.kind:
        return ""
    if not (expected.is_array and found.is_python and found.dtype in (list, tuple)):
        if not _is_numeric(given) or found.rank != expected.rank or not np.can_cast(given, wanted, "same_kind"):
            return ""
    if expected.is_array:
        return f"; give np.asarray({name}, {str(wanted)!r})"
    return f"; give {f'np.{wanted}' if expected.kind == 'scalar' else expected.dtype.__name__}({name})"


def _is_numeric(dtype: Any) -> bool:
    return isinstance(dtype, np.dtype) and dtype.kind in "biufc"


def _fetched(program: Program, fetch_list: Iterable[Any]) -> tuple[Value, ...]:
    if isinstance(fetch_list, (str, Variable, Value)) or not isinstance(fetch_list, Iterable):
        raise TypeError(f"fetch_list is a list, such as [{fetch_list!r}]")
    outer = [*program.block.inputs, *(value for op in program.block.ops for value in op.outputs)]
    shown = names(program)
    known: dict[Any, Value] = {shown[value]: value for value in outer} | program.state | program.sets
    known |= {value: value for value in (*outer, *program.sets.values())}
    return tuple(_fetch(item.value if isinstance(item, Variable) else item, known, program) for item in fetch_list)


def _fetch(item: Any, known: Mapping[Any, Value], program: Program) -> Value:
    if isinstance(item, Constant):
        return item
    if not isinstance(item, (str, Value)):
        raise TypeError(f"fetch_list holds names and Variables, and not {item!r:.80}")
    if item in known:
        return known[item]
    shown = names(program)
    name = item if isinstance(item, str) else shown.get(item, item.hint)
    if item in shown or item in shown.values():
        reason = f"{name!r} of {program.name} is not made by its outermost block, and only what that makes is fetched"
    elif isinstance(item, Value):
        reason = f"{name!r} is a value of another program than {program.name}"
    else:
        reason = f"{program.name} has no value {name!r} to fetch"
    raise FetchError(f"{reason}; {listing((one for one in known if isinstance(one, str)), item)}")
