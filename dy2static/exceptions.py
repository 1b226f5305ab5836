"""Exceptions of converted code: how the program makes the one that was made, or met, while tracing.

raise Two(x, 1)        →    v = python(Two, x, 1); raise v                 its own `__init__` runs in the program
e.code = 3; raise e    →    v = exception(ValueError, args, state); raise v
"""

from __future__ import annotations

import ast
import builtins
import inspect
import textwrap
from types import FunctionType
from typing import Any

from dy2static.lines import as_users
from dy2static.objects import has_own_init, made_of
from dy2static.outside import expect_changes, reaches_the_user, real
from dy2static.trace import Trace
from runtime.opdef import TABLE
from runtime.tracer import Variable

SAFE = {"super", "str", "repr", "int", "float", "len", "isinstance", "format", "tuple", "list", "dict", "max", "min",
        "sum", "round", "abs", "sorted", "getattr", "bool", "type", "hasattr"}  # fmt: skip
SAFE_METHODS = {"__init__", "format", "join"}


def construct_exception(trace: Trace, cls: type, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Variable:
    """An exception whose class has an `__init__` in Python, which the program calls as it is."""
    if any(map(reaches_the_user, (*args, *kwargs.values()))) or not all(map(keeps_to_itself, inits_of(cls))):
        expect_changes(trace)
    made: Variable = trace.emit("python", cls, *real(trace, args), **real(trace, kwargs))
    return made


def inits_of(cls: type) -> list[FunctionType]:
    found = [vars(base).get(name) for base in cls.__mro__ for name in ("__init__", "__new__", "__setattr__")]
    return [one for one in found if isinstance(one, FunctionType)]


def keeps_to_itself(function: FunctionType) -> bool:
    """Whether it is plain to see that a method writes nothing but attributes of its own object."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return False
    own = next(iter(inspect.signature(function).parameters), None)
    return all(_is_harmless(node, own) for node in ast.walk(tree))


def _is_harmless(node: ast.AST, own: str | None) -> bool:
    if isinstance(node, (ast.Global, ast.Nonlocal, ast.Subscript)):
        return not isinstance(getattr(node, "ctx", ast.Store()), (ast.Store, ast.Del))
    if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
        return isinstance(node.value, ast.Name) and node.value.id == own
    if not isinstance(node, ast.Call):
        return True
    if isinstance(node.func, ast.Name):
        return node.func.id in SAFE and hasattr(builtins, node.func.id)
    return isinstance(node.func, ast.Attribute) and node.func.attr in SAFE_METHODS


def raise_in_program(trace: Trace, error: BaseException | Variable, cause: Any = None) -> Any:
    """Emits the op that raises `error`; `cause` is that of a raise statement that was staged, in a tuple."""
    args = (error,) if isinstance(error, Variable) else made_again(trace, as_users(error))
    if cause is None and not isinstance(error, Variable) and error.__suppress_context__:
        cause = (error.__cause__,)
    kwargs = {"cause": as_value(trace, cause[0])} if cause else {}
    op = trace.op(TABLE["raise"], args, kwargs)
    op.outputs = ()
    return op


def made_again(trace: Trace, error: BaseException) -> tuple[Any, ...]:
    """The arguments of the raise op: an exception, or a class and its arguments."""
    cls = type(error)
    if trace.place_of(error) is not None:
        return (trace.opaque(error),)
    args, named = made_of(error)
    if vars(error) or named or has_own_init(cls):
        return (trace.lift(error),)
    return (cls, *args)


def as_value(trace: Trace, error: Any) -> Any:
    if not isinstance(error, BaseException):
        return error
    if trace.place_of(error) is not None:
        return trace.opaque(error)
    return trace.lift(error)
