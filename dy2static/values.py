"""What can be told of a value while tracing: whether anything in it is staged, and what class it is of."""

from __future__ import annotations

from collections import deque
from types import BuiltinFunctionType, FunctionType, MethodWrapperType, SimpleNamespace, WrapperDescriptorType
from typing import Any

import numpy as np

from dy2static.libraries import is_immutable_class, is_opaque_class
from dy2static.objects import Inner, has_own_hash, is_instance, state_of
from dy2static.readings import METHODS, VIEWS, is_staged_view
from dy2static.trace import Trace, tracing
from runtime.tracer import Variable
from runtime.types import TensorType, type_of

BOUND = (BuiltinFunctionType, MethodWrapperType)  # methods of containers, which Python calls with what they hold


def mentions(value: Any, depth: int = 8) -> bool:
    """Whether there is a Variable, or a container that lives in the program, in `value`."""
    if isinstance(value, (Variable, Inner)) or type(value) in METHODS and value.loaded is not None:
        return True
    if isinstance(value, (tuple, list, set, deque)):
        return _is_staged(value) or depth > 0 and any(mentions(item, depth - 1) for item in value)
    if isinstance(value, dict):
        return _is_staged(value) or depth > 0 and any(mentions(item, depth - 1) for item in value.values())
    if type(value) in VIEWS:
        return _is_staged(value) or depth > 0 and any(mentions(item, depth - 1) for item in value)
    if isinstance(value, BOUND) and isinstance(value.__self__, (tuple, list, set, dict, deque)):
        return mentions(value.__self__, depth)
    if isinstance(value, BaseException):
        return depth > 0 and mentions(value.args, depth - 1)
    if isinstance(value, slice):
        return any(isinstance(part, Variable) for part in (value.start, value.stop, value.step))
    return False


def _is_staged(container: Any) -> bool:
    trace = tracing()
    return trace is not None and (id(container) in trace.staged or is_staged_view(trace, container))


def has_staged_argument(trace: Trace, args: tuple[Any, ...]) -> bool:
    return any(isinstance(trace.resolve(arg), Variable) for arg in args)


def class_of(variable: Variable) -> type | None:
    """The Python class of a Variable's value, where its type tells it."""
    return class_of_type(variable.type)


def class_of_type(known: TensorType) -> type | None:
    # That it may be unset is asked where its name is read.
    if known.kind == "array":
        return np.ndarray
    if known.kind == "scalar":
        return None if known.dtype is None else known.dtype.type
    return known.dtype if known.kind == "python" else None


def type_now(value: Any) -> TensorType:
    """The type of a Variable's value, or of a Python value."""
    return value.type if isinstance(value, Variable) else type_of(value)


def class_name(cls: type) -> str:
    """The name of a class in CPython's own messages: what is written in C has that of its module before it."""
    is_written = bool(cls.__flags__ & 1 << 9)  # by a class statement
    return cls.__name__ if is_written or cls.__module__ == "builtins" else f"{cls.__module__}.{cls.__name__}"


def python_class(value: Any) -> type | None:
    """The class of a Variable's value, where its type tells it, or of a Python value."""
    return class_of(value) if isinstance(value, Variable) else type(value)


def written_method(value: Any, name: str) -> FunctionType | None:
    """The method of that name that the user's class of `value` has, to be converted; None for those written in C."""
    cls = python_class(value)
    method = None if is_immutable_class(cls) else getattr(cls, name, None)
    return method if isinstance(method, FunctionType) else None


def is_stateful(value: Any) -> bool:
    return isinstance(value, Variable) and is_opaque_class(class_of(value))


def vars_of(value: Any) -> dict[str, Any]:
    return state_of(value) if is_instance(value) else vars(value)


def reads_objects(trace: Trace, args: tuple[Any, ...]) -> bool:
    """Whether one of the arguments is an object of the user's, whose attributes may be others in the next call."""
    kinds = [arg for arg in args if is_instance(arg) or isinstance(arg, SimpleNamespace)]
    return any(trace.place_of(arg) is not None or mentions(list(vars_of(arg).values())) for arg in kinds)


def holds_objects(trace: Trace, value: Any, depth: int = 4) -> bool:
    """Whether there are objects in `value` that compare by what is known only when the program runs."""
    if isinstance(value, (list, tuple, set, deque)):
        return depth > 0 and any(holds_objects(trace, item, depth - 1) for item in value)
    if isinstance(value, dict):
        return depth > 0 and any(holds_objects(trace, item, depth - 1) for item in value.values())
    if trace.place_of(value) is not None:
        return is_instance(value) or isinstance(value, SimpleNamespace)
    if type(value) is SimpleNamespace:
        return mentions(list(vars(value).values()))
    if written_method(value, "__eq__") is None or not is_instance(value):
        return False
    return mentions(list(vars_of(value).values()))


def has_objects(value: Any, depth: int = 4) -> bool:
    """Whether there are objects of the user's in `value`, whose methods a function written in C may call."""
    if isinstance(value, (list, tuple, set, deque)):
        return depth > 0 and any(has_objects(item, depth - 1) for item in value)
    if isinstance(value, dict):
        return depth > 0 and any(has_objects(item, depth - 1) for pair in value.items() for item in pair)
    return is_instance(value)


def is_staged_key(trace: Trace, key: Any) -> bool:
    """Whether the hash of a key is known only when the program runs."""
    if isinstance(key, (tuple, frozenset)):
        return any(is_staged_key(trace, one) for one in key)
    key = trace.resolve(key)
    if not has_own_hash(key):
        return mentions(key)
    parts = list(vars_of(key).values())
    return trace.place_of(key) is not None or mentions(parts) or any(is_staged_key(trace, one) for one in parts)


def holds_staged_key(trace: Trace, value: Any, depth: int = 3) -> bool:
    """Whether something in a container, or its keys, may not be hashed while tracing."""
    if isinstance(value, (list, tuple, dict)) and depth:
        return any(holds_staged_key(trace, one, depth - 1) for one in value)
    return is_instance(value) and is_staged_key(trace, value)


def varies(trace: Trace, value: Any) -> bool:
    """Whether an object of the user's has attributes that are known only when the program runs."""
    value = trace.resolve(value)
    if isinstance(value, Variable):
        return True
    return is_instance(value) and (trace.place_of(value) is not None or mentions(list(vars_of(value).values())))


def is_hashable(value: Any) -> bool:
    return isinstance(value, (FunctionType, BuiltinFunctionType, type, WrapperDescriptorType, type(np.sum)))
