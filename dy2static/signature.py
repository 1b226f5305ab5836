"""What a call's arguments are: the key under which programs are kept, and the generated check of one program.

def f(x, y):                                        # generated for float32[n], int
    if type(x) is ndarray and x.dtype == k1 and x.ndim == 1 and type(y) is int and k2["K"] is k3:
        return run(x, y)
    return MISS
"""

from __future__ import annotations

import builtins
import inspect
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import CellType, CodeType, FunctionType
from typing import Any
from weakref import WeakValueDictionary

import numpy as np

from dy2static.places import Guard, Place
from runtime.arguments import header, plain_name, with_defaults
from runtime.errors import listing
from runtime.relocation import keep_source
from runtime.types import TensorType, given_type, parse

MISS = object()
SPREAD = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)  # parameters of many arguments
BUILTINS = (type, len, repr, tuple, hasattr)  # what checks call
SHORT = 4  # items of a tuple that are part of a key
_numbers = itertools.count(1)
_GLOBALS: dict[str, Any] = {"__builtins__": builtins}
_codes: WeakValueDictionary[tuple[str, str], CodeType] = WeakValueDictionary()


@dataclass(frozen=True)
class InputSpec:
    """The type of an argument, in the place of a value: `InputSpec(("n", 3), "float32", "x")`.

    shape  sizes, names of symbolic dims, or None (or -1) for a dim of any size; shape None is a NumPy scalar
    dtype  a NumPy dtype or its name; int, float, bool or complex with shape None is a Python number
    name   the parameter it is for; None takes them in order
    """

    shape: Sequence[int | str | None] | None
    dtype: Any = "float32"
    name: str | None = None

    def __post_init__(self) -> None:
        given_type("an InputSpec", self.shape, self.dtype)
        if self.name is not None and not (isinstance(self.name, str) and self.name.isidentifier()):
            raise TypeError(f"the name of an InputSpec is that of a parameter, such as 'x', and not {self.name!r}")

    @property
    def type(self) -> TensorType:
        return given_type("an InputSpec", self.shape, self.dtype)

    @classmethod
    def parse(cls, text: str, name: str | None = None) -> InputSpec:
        """The spec that `text` writes, as "float32[n, 3]". Raises ValueError for what is no type of one argument."""
        return spec_of(parse(text), text, name)


def spec_of(type: TensorType, text: str, name: str | None = None) -> InputSpec:
    """The spec of a type that was written as `text`. Raises ValueError where an argument cannot have it."""
    if type.maybe:
        raise ValueError(f"{text!r} may be unset, and an argument never is; write it without '|unset'")
    if type.is_python and not type.is_number:
        raise ValueError(f"{text!r} is no type of an array or number; {_given_instead(type)}")
    if type.dtype is None or type.shape is None:
        raise ValueError(f"{text!r} leaves dtype or rank open; write them, as in 'float32[n, 3]', or '?' for a size")
    if type.kind is None:
        dtype = str(type.dtype)
        raise ValueError(f"{text!r} is two types; write {dtype!r} for a NumPy scalar, or '{dtype}[]' for an array")
    if type.kind == "scalar" and type.dtype.kind in "USV":
        raise ValueError(f"{text!r} is a text or record of NumPy's; give a value in its place, or write '{text}[n]'")
    return InputSpec(type.shape if type.is_array else None, type.dtype, name)


def _given_instead(type: TensorType) -> str:
    if type.dtype in (tuple, list):
        opened, closed = "()" if type.dtype is tuple else "[]"
        return f"give a {type.dtype.__name__} of specs or values, such as {opened}InputSpec(None, int), 2{closed}"
    return "give a value in its place, such as " + {str: "'fast'", dict: "{'a': 1}"}.get(type.dtype, "None")


def check_specs(specs: Any) -> None:
    """Raises TypeError for what is no `input_spec`, showing the right form."""
    is_list = isinstance(specs, Sequence) and not isinstance(specs, str)
    wrong = [spec for spec in specs if not isinstance(spec, InputSpec)] if is_list else [specs]
    if specs is not None and wrong:
        raise TypeError(
            "input_spec is a list of InputSpecs, such as [InputSpec(('n', 3), 'float32', 'x')], and "
            + (f"holds {wrong[0]!r}" if is_list else f"not {specs!r}")
        )


def specs_by_name(function: str, names: Sequence[str], specs: Sequence[InputSpec]) -> dict[str, InputSpec]:
    """The parameter of each spec: the one it names, or the next. Raises TypeError where there is none."""
    for spec in specs:
        if spec.name is not None and spec.name not in names:
            raise TypeError(f"{function} has no parameter {spec.name!r} for its InputSpec; {listing(names, spec.name)}")
    if len(specs) > len(names):
        raise TypeError(f"{function} has {len(names)} parameters, and input_spec has {len(specs)} specs")
    named = {spec.name or name: spec for spec, name in zip(specs, names)}
    if len(named) < len(specs):
        raise TypeError(f"two of the InputSpecs of {function} are for one parameter: name them all")
    return named


def own_signature(function: FunctionType) -> inspect.Signature:
    """The parameters that a function's code has, whatever a decorator says of them (`__wrapped__`, `__signature__`)."""
    bare = FunctionType(function.__code__, {}, function.__name__, function.__defaults__, function.__closure__)
    bare.__kwdefaults__ = function.__kwdefaults__
    return inspect.signature(bare)


def example_of(spec: InputSpec) -> Any:
    """A value of the spec's type; the symbolic dims are 2 long."""
    type = spec.type
    if type.kind == "python":
        return type.dtype(1)
    made = np.ones([dim if isinstance(dim, int) else 2 for dim in type.shape or ()], type.dtype)
    return made[()] if type.kind == "scalar" else made


def key_of(value: Any) -> Any:
    """A hashable key: equal for arguments that are likely to run the same program."""
    cls = type(value)
    if cls is np.ndarray:
        return (value.dtype, value.ndim)
    if cls in (int, float, bool, complex):
        return cls
    if isinstance(value, np.generic):
        return (cls, value.dtype)
    if cls is tuple and len(value) <= SHORT:
        return (cls, *map(key_of, value))
    return cls


def key_of_call(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The key of all arguments of a call."""
    key: list[Any] = []
    for value in args:
        if type(value) is np.ndarray:  # flat, so that little memory is touched to compare keys
            key += (value.dtype, value.ndim)
        else:
            key.append(key_of(value))
    if kwargs:
        key += [(name, key_of(value)) for name, value in kwargs.items()]
    return tuple(key)


def filled(
    value: Any, place: Place, specs: dict[Place, Any], spec_of: Callable[[Any, Place], InputSpec | None]
) -> Any:
    """`value` with an example in the place of all for which `spec_of` gives a spec; the dims of these go to `specs`."""
    spec = spec_of(value, place)
    if spec is not None:
        if spec.type.kind == "array":
            specs[place] = spec.type.shape
        return example_of(spec)
    if type(value) in (tuple, list):
        return type(value)(filled(item, place.item(index), specs, spec_of) for index, item in enumerate(value))
    if type(value) is dict:
        return {key: filled(item, place.item(key), specs, spec_of) for key, item in value.items()}
    return value


def check(
    signature: inspect.Signature,
    name: str,
    guards: Sequence[Guard],
    inputs: Sequence[Place],
    run: Callable[..., Any],
) -> Callable[..., Any]:
    """The function that runs a program if the guards hold of its arguments, and else gives MISS."""
    own = "d2s_"
    while any(one.startswith(own) for one in (name, *signature.parameters)):
        own = "_" + own  # no name of the user's may hide one of the check's
    held: dict[str, Any] = {own + "miss": MISS, own + "run": run}
    names: dict[tuple[int, str], str] = {}

    def bind(value: Any) -> str:
        if any(value is one for one in BUILTINS) and value.__name__ not in signature.parameters:
            return str(value.__name__)
        key = (id(value), type(value).__name__)
        if key not in names:
            names[key] = f"{own}k{len(names) + 1}"
            held[names[key]] = value
        return names[key]

    lines: list[str] = []
    locals_: dict[Place, str] = {}
    for guard in guards:
        reader = guard.place.text(bind)
        if guard.place.base is None:
            read = reader
        else:
            read = locals_.get(guard.place, "")
            if not read:
                read = locals_[guard.place] = f"{own}v{len(locals_) + 1}"
                lines.append(f"{read} = {reader}")
        lines.append(f"if not ({guard.text(read, bind)}): return {own}miss")
    arguments = ", ".join(locals_.get(place) or place.text(bind) for place in inputs)
    body = _compact(lines, own) if not locals_ else ["try:", *("    " + line for line in lines),
        "except (AttributeError, KeyError, IndexError, TypeError, ValueError): return " + own + "miss"]  # fmt: skip
    text = "\n        ".join([header(signature, name), *body, f"return {own}run({arguments})"]) + "\n"
    return _function(_code(name, text, tuple(held)), held, signature, name)


def _code(name: str, text: str, held: tuple[str, ...]) -> CodeType:
    """The code of all checks of that text: those of a thousand dtypes differ in what they compare with alone."""
    found = _codes.get((name, text))
    if found is None:
        file = f"<check {name} {next(_numbers)}>"
        text_around = f"def around({', '.join(held)}):\n    {text}"
        around = next(one for one in compile(text_around, file, "exec").co_consts if isinstance(one, CodeType))
        found = next(one for one in around.co_consts if isinstance(one, CodeType))
        _codes[name, text] = found
        keep_source(found, file, text_around)
    return found


def _function(code: CodeType, held: dict[str, Any], signature: inspect.Signature, name: str) -> Callable[..., Any]:
    """The check of one program. What it compares with is in cells: code that many share finds these as fast as its
    own names, and globals only where they are the same ones each time."""
    cells = tuple(CellType(held[free]) for free in code.co_freevars)
    made = with_defaults(FunctionType(code, _GLOBALS, plain_name(name), (), cells), signature)
    made.__qualname__ = name  # which Python names where arguments do not fit
    return made


def _compact(lines: list[str], own: str) -> list[str]:
    tests = [line.removeprefix("if not (").removesuffix(f"): return {own}miss") for line in lines]
    return [f"if not ({' and '.join(tests)}): return {own}miss"] if tests else []
