"""The generated check of a program's own arguments: what a call of a loaded program, or a run, tries first.

def f(x, pair=(1, 2)):                              # generated for float32[n], (int, float32[n])
    if not (type(x) is ndarray and x.dtype == k1 and x.ndim == 1): return miss
    if not (type(pair) is tuple and len(pair) == 2): return miss
    v1, v2 = pair
    if not (type(v1) is int): return miss
    if not (type(v2) is ndarray and v2.dtype == k1 and v2.shape == x.shape): return miss
    return run(x, v1, v2)

It passes less than the rules do: no subclass, and nothing that holds a Variable. What it does not pass is for the one
who called it to judge.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from itertools import count
from keyword import iskeyword
from types import FunctionType, NoneType
from typing import Any

import numpy as np

from runtime.ir import MISSING, Parameter, Slot, Value
from runtime.relocation import keep_source
from runtime.tracer import Variable
from runtime.types import Shape, TensorType, Undefined

MISS = object()
Run = Callable[..., Any]
# Of these the class is not all that there is to tell.
_LOOKED_INTO = (tuple, list, dict, np.ndarray, np.generic, Undefined, Variable)
_EQUAL_IF_SAME = (NoneType, bool, int, str, bytes)  # == says of them what repr does
_NAMES = {id(one): one.__name__ for one in (type, len, list, repr, np.ndarray)} | {id(MISS): "miss"}
_numbers = count(1)


def fast_call(name: str, inputs: Sequence[Value], parameters: Sequence[Parameter], run: Run) -> Run:
    """The function that calls `run` with the flat inputs of the program `name`, if its arguments surely are of their
    types, and else gives MISS; without parameters to take the inputs from it always does.

    Called with arguments that its parameters do not take it raises a TypeError: see `was_not_entered`.
    """
    if inputs and not parameters or not all(_is_told_by_class(value.type) for value in inputs):
        return missed
    signature = signature_of(parameters)
    check = _Check(name, inputs, parameters)
    file = f"<check {name} {next(_numbers)}>"
    text = check.text(header(signature, name))
    namespace = check.held | {check.own + "run": run}
    exec(compile(text, file, "exec"), namespace)
    made = with_defaults(namespace[plain_name(name)], signature)
    keep_source(made, file, text)
    return made


def was_not_entered(error: Exception) -> bool:
    """Whether a function that was called in this frame refused its arguments: Python says so before it enters it."""
    return type(error) is TypeError and error.__traceback__ is not None and error.__traceback__.tb_next is None


def signature_of(parameters: Sequence[Parameter]) -> inspect.Signature:
    made = []
    for one in parameters:
        default = inspect.Parameter.empty if one.default is MISSING else one.default
        made.append(inspect.Parameter(one.name, getattr(inspect.Parameter, one.kind.upper()), default=default))
    return inspect.Signature(made)


def missed(*args: Any, **kwargs: Any) -> Any:
    """The check that nothing passes."""
    return MISS


def _is_told_by_class(type: TensorType) -> bool:
    """Whether class, dtype and shape of a value say that it is of this type."""
    if type.maybe or type.items is not None or type.kind is None:
        return False
    if type.is_python:
        return type.dtype is not None and not issubclass(type.dtype, _LOOKED_INTO)
    return type.is_array or type.dtype is not None and issubclass(type.dtype.type, np.generic)


class _Check:
    """The lines of one check, and what they compare with."""

    def __init__(self, name: str, inputs: Sequence[Value], parameters: Sequence[Parameter]):
        self.types = [value.type for value in inputs]
        self.parameters = parameters
        self.own = "d2s_"
        while any(one.startswith(self.own) for one in (name, *(one.name for one in parameters))):
            self.own = "_" + self.own  # no name of the user's may hide one of the check's
        self.held: dict[str, Any] = {}
        self.lines: list[str] = []
        self.inputs = ["None"] * len(inputs)
        self._bound: dict[int, str] = {}
        self._sizes: dict[str, str] = {}  # of each symbolic dim, what says how long it is
        self._shapes: dict[Shape, str] = {}  # the first array of each shape of symbolic dims
        self._locals = count(1)

    def text(self, header: str) -> str:
        for one in self.parameters:
            self.take(one.template, one.name)
        run = f"return {self.own}run({', '.join(self.inputs)})"
        return "\n    ".join([header, *self.lines, run]) + "\n"

    def take(self, template: Any, name: str) -> None:
        """Takes the value of a local apart as the template says."""
        if isinstance(template, Slot):
            self.inputs[template.index] = name
            return self.demand(*self.of_type(self.types[template.index], name))
        self.demand(f"{self.bind(type)}({name}) is {self.bind(type(template))}")
        if isinstance(template, (tuple, list)):
            self.demand(f"{self.bind(len)}({name}) == {len(template)}")
            self.items(list(template), name)
        elif isinstance(template, dict):
            self.demand(f"{self.bind(list)}({name}) == {self.bind(list(template))}")
            self.items(list(template.values()), name + ".values()")
        elif type(template) in _EQUAL_IF_SAME:
            self.demand(f"{name} == {self.bind(template)}")
        else:
            self.demand(f"{self.bind(repr)}({name}) == {self.bind(repr(template))}")

    def items(self, templates: list[Any], container: str) -> None:
        names = [f"{self.own}v{next(self._locals)}" for _ in templates]
        if names:
            self.lines.append(f"{', '.join(names)}, = {container}")
        for template, name in zip(templates, names):
            self.take(template, name)

    def demand(self, *tests: str) -> None:
        self.lines.append(f"if not ({' and '.join(tests)}): return {self.bind(MISS)}")

    def bind(self, value: Any) -> str:
        """The name that the check has for a value."""
        if id(value) not in self._bound:
            name = self._bound[id(value)] = self.own + _NAMES.get(id(value), f"k{len(self.held) + 1}")
            self.held[name] = value  # as long as it is held, no other value has its id
        return self._bound[id(value)]

    def of_type(self, type_: TensorType, name: str) -> list[str]:
        dtype = type_.dtype
        cls = dtype if type_.is_python else np.ndarray if type_.is_array else dtype.type
        tests = [f"{self.bind(type)}({name}) is {self.bind(cls)}"]
        if type_.is_python or type_.kind == "scalar" and dtype.kind in "biufc" and dtype == np.dtype(cls):
            return tests
        if dtype is not None:
            tests.append(f"{name}.dtype == {self.bind(dtype)}")
        return tests + self.of_shape(type_.shape, name) if type_.is_array else tests

    def of_shape(self, shape: Shape | None, name: str) -> list[str]:
        if shape is None:
            return []
        if shape and all(isinstance(dim, int) for dim in shape):
            return [f"{name}.shape == {shape}"]
        if shape and None not in shape and self._shapes.setdefault(shape, name) != name:
            return [f"{name}.shape == {self._shapes[shape]}.shape"]
        tests = [f"{name}.ndim == {len(shape)}"]
        for axis, dim in enumerate(shape):
            place = f"{name}.shape[{axis}]"
            size = self._sizes.setdefault(dim, place) if isinstance(dim, str) else place if dim is None else str(dim)
            if size != place:
                tests.append(f"{place} == {size}")
        return tests


# The text of a function with given parameters


def header(signature: inspect.Signature, name: str) -> str:
    """`def name(parameters):` as the user's function has them, so that Python's own messages name the right things.
    Defaults are those of the function that is made."""
    parts: list[str] = []
    parameters = list(signature.parameters.values())
    for index, parameter in enumerate(parameters):
        text = parameter.name
        if parameter.kind is parameter.VAR_POSITIONAL:
            text = "*" + text
        if parameter.kind is parameter.VAR_KEYWORD:
            text = "**" + text
        starred = any(one.kind is one.VAR_POSITIONAL for one in parameters)
        if parameter.kind is parameter.KEYWORD_ONLY and not starred and "*" not in parts:
            parts.append("*")
        parts.append(text)
        following = parameters[index + 1 : index + 2]
        if parameter.kind is parameter.POSITIONAL_ONLY and (not following or following[0].kind is not parameter.kind):
            parts.append("/")
    return f"def {plain_name(name)}({', '.join(parts)}):"


def plain_name(name: str) -> str:
    return name if name.isidentifier() and not iskeyword(name) else "function"


def with_defaults(function: FunctionType, signature: inspect.Signature) -> FunctionType:
    """`function`, whose text is `header`'s, with the defaults of the signature."""
    given = [one for one in signature.parameters.values() if one.default is not one.empty]
    function.__defaults__ = tuple(one.default for one in given if one.kind is not one.KEYWORD_ONLY)
    function.__kwdefaults__ = {one.name: one.default for one in given if one.kind is one.KEYWORD_ONLY}
    return function
