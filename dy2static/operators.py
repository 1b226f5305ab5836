"""Hooks for operators: `+`, `<`, `is`, `in`, `not`, `+=` on Variables, on Python values and on the user's own
classes."""

from __future__ import annotations

import operator
import re
from collections import deque
from collections.abc import Callable
from types import FunctionType
from typing import Any

import numpy as np

from dy2static import taking_forms
from dy2static.builtin_forms import FORMS
from dy2static.calls import call, call_formless
from dy2static.choices import is_choice, is_function
from dy2static.indices import index_of
from dy2static.iterables import iterable_of, measured
from dy2static.library_calls import changing_form
from dy2static.native import native
from dy2static.objects import is_instance
from dy2static.outside import call_outside
from dy2static.protocols import given
from dy2static.python_calls import call_generated
from dy2static.streams import is_generator
from dy2static.trace import Trace, tracing
from dy2static.values import (
    has_objects,
    holds_objects,
    is_staged_key,
    mentions,
    python_class,
    type_now,
    written_method,
)
from runtime.tracer import TracingError, Variable

_OPERATIONS: dict[str, tuple[str, Callable[..., Any]]] = {
    "+": ("add", operator.add), "-": ("subtract", operator.sub), "*": ("multiply", operator.mul),
    "/": ("divide", operator.truediv), "//": ("floor_divide", operator.floordiv), "%": ("remainder", operator.mod),
    "**": ("power", operator.pow), "@": ("matmul", operator.matmul), "<<": ("left_shift", operator.lshift),
    ">>": ("right_shift", operator.rshift), "&": ("bitwise_and", operator.and_), "|": ("bitwise_or", operator.or_),
    "^": ("bitwise_xor", operator.xor), "<": ("less", operator.lt), "<=": ("less_equal", operator.le),
    "==": ("equal", operator.eq), "!=": ("not_equal", operator.ne), ">": ("greater", operator.gt),
    ">=": ("greater_equal", operator.ge), "is": ("is_", operator.is_), "is not": ("is_not", operator.is_not),
}  # fmt: skip
_SPECIAL = {
    "+": "add", "-": "sub", "*": "mul", "/": "truediv", "//": "floordiv", "%": "mod", "**": "pow", "@": "matmul",
    "<<": "lshift", ">>": "rshift", "&": "and", "|": "or", "^": "xor", "<": "lt", "<=": "le", "==": "eq", "!=": "ne",
    ">": "gt", ">=": "ge",
}  # fmt: skip
_MIRRORED = {"<": "gt", "<=": "ge", ">": "lt", ">=": "le", "==": "eq", "!=": "ne"}
_INPLACE = {symbol: getattr(operator, "i" + name) for symbol, name in _SPECIAL.items() if hasattr(operator, "i" + name)}


def binary(symbol: str, left: Any, right: Any) -> Any:
    trace = tracing()
    if symbol in ("in", "not in"):
        return contains(trace, symbol, left, right)
    name, function = _OPERATIONS[symbol]
    if trace is None:
        return function(left, right)
    left, right = trace.resolve(left), trace.resolve(right)
    if is_choice(left):
        return left.use(lambda option: binary(symbol, option, right))
    if is_choice(right):
        return right.use(lambda option: binary(symbol, left, option))
    if symbol in ("is", "is not"):
        return identity(trace, symbol, left, right)
    overloaded = overload(left, right, symbol)
    if overloaded is not None:
        return overloaded(trace, left, right)
    if symbol == "%" and isinstance(left, (str, bytes)) and has_objects(right):
        left, right = with_texts(left, right)
        if has_objects(right):
            return call_outside(trace, operator.mod, (left, right), {})
    if symbol == "*" and any(python_class(one) in (list, tuple, str, bytes) for one in (left, right)):
        left, right = index_of(trace, left), index_of(trace, right)
    if isinstance(left, Variable) or isinstance(right, Variable) or _is_deep(symbol, left, right):
        return trace.emit(name, left, right)
    if symbol in _MIRRORED and holds_objects(trace, (left, right)):
        return trace.emit(name, trace.lift(left), trace.lift(right))
    return native(trace, function, left, right)


SPEC = re.compile(r"%(\(.*?\))?([-#0 +]*(?:\*|\d+)?(?:\.(?:\*|\d+))?)[hlL]?(.)", re.DOTALL)


def with_texts(form: Any, values: Any) -> tuple[Any, Any]:
    """`"%s %r" % (x, y)` with the texts of objects in their places, where it says plainly which they are."""
    given = list(values) if isinstance(values, tuple) else [values]
    specs = [found for found in SPEC.finditer(form) if found[3] != "%"] if isinstance(form, str) else []
    if len(specs) != len(given) or any(found[1] or "*" in found[2] for found in specs):
        return form, values
    parts, end = [], 0
    for place, found in enumerate(specs):
        kind = found[3]
        if kind in "sr" and has_objects(given[place]):
            given[place], kind = call(str if kind == "s" else repr, given[place]), "s"
        parts += [form[end : found.start()], "%", found[2], kind]
        end = found.end()
    return "".join([*parts, form[end:]]), tuple(given)


def _is_deep(symbol: str, left: Any, right: Any) -> bool:
    """Whether a comparison of containers looks at Variables inside them."""
    if symbol == "%" and isinstance(left, (str, bytes)):
        return mentions(right)
    return symbol in _MIRRORED and isinstance(left, (tuple, list, dict)) and (mentions(left) or mentions(right))


def overload(left: Any, right: Any, symbol: str) -> Callable[..., Any] | None:
    """The operator of a user's class, to be converted and called as Python would."""
    methods = []
    order = [
        (left, f"__{_SPECIAL[symbol]}__", right),
        (right, f"__{_MIRRORED.get(symbol, 'r' + _SPECIAL[symbol])}__", left),
    ]
    one, other = python_class(left), python_class(right)
    if one is not None and other is not None and one is not other and one in other.__mro__:
        order.reverse()
    for owner, name, operand in order:
        method = written_method(owner, name) or name == "__ne__" and inverted_equality(owner)
        method = refuse if is_blocked(owner, name) else method
        if method:
            methods.append((method, owner, operand))
    if not methods:
        return None
    if is_asked_when_run(left, right, symbol, methods):
        return lambda trace, left, right: call_generated(trace, _OPERATIONS[symbol][1], (left, right), {})
    if is_item_first(left, right, methods):
        return lambda trace, left, right: with_item(trace, symbol, left, right)

    def operate(trace: Trace, left: Any, right: Any) -> Any:
        for method, owner, other in methods:
            result = ask(method, owner, other)
            if result is not NotImplemented:
                return result
        for owner, name, operand in order:
            base = common_base(owner, operand)
            if base is not None and written_method(owner, name) is None:
                return call_as(trace, getattr(base, name), owner, operand)
        if symbol in ("==", "!="):
            return identity(trace, "is" if symbol == "==" else "is not", left, right)
        return native(trace, _OPERATIONS[symbol][1], left, right)

    return operate


def is_asked_when_run(left: Any, right: Any, symbol: str, methods: list[Any]) -> bool:
    """Whether only the program knows which of two operands is asked first, or at all."""
    one, other, trace = python_class(left), python_class(right), tracing()
    if None not in (one, other) or trace is None:
        return False
    if one is None or symbol in _MIRRORED and any(is_of_one_class(method) for method, _, _ in methods):
        return True
    trace.asks_for_classes = True
    return any(cls is not one and one in cls.__mro__ for cls in trace.assumptions.classes)


def is_item_first(left: Any, right: Any, methods: list[Any]) -> bool:
    """Whether NumPy is asked before an object on the right, and hands it the Python number of a scalar.

    Raises TracingError where NumPy would make an array of objects.
    """
    cls = python_class(right)
    if cls is None or methods[0][1] is not right or not is_of_numpy(left) or is_of_numpy(right):
        return False
    if getattr(cls, "__array_ufunc__", 0) is None or hasattr(cls, "__array_priority__"):
        return False
    if is_of_scalar(left) and not any(hasattr(cls, name) for name in ARRAY_LIKE):
        return True
    raise TracingError(
        f"NumPy is asked before {cls.__name__}, and makes an array of it: write the {cls.__name__} first, or give it "
        "__array_ufunc__ = None"
    )


ARRAY_LIKE = ("__array_ufunc__", "__array__", "__array_interface__", "__array_struct__", "__getitem__", "__buffer__")


def with_item(trace: Trace, symbol: str, left: Any, right: Any) -> Any:
    made = binary(symbol, trace.call(np.generic.item, (left,), {}), right)
    return trace.call(np.bool_, (call(bool, made),), {}) if symbol in _MIRRORED else made


def is_of_scalar(value: Any) -> bool:
    return isinstance(value, np.generic) or isinstance(value, Variable) and value.type.kind == "scalar"


def is_of_numpy(value: Any) -> bool:
    return issubclass(python_class(value) or object, (np.ndarray, np.generic))


def is_blocked(owner: Any, name: str) -> bool:
    """Whether a class says that it has no such operator: `__iadd__ = None`."""
    cls = python_class(owner)
    return cls is not None and getattr(cls, name, False) is None


def refuse(owner: Any, operand: Any) -> Any:
    error, trace = TypeError(f"{type(owner).__name__} objects do not take this operator"), tracing()
    raise error if trace is None else trace.own(error)


refuse.__dy2static_inline__ = True  # type: ignore[attr-defined]


def common_base(owner: Any, operand: Any) -> type | None:
    """The builtin class whose operator takes both, which may be of classes that extend it."""
    one, other = python_class(owner), python_class(operand)
    bases = (dict, list, tuple, set, frozenset, str, int, float)
    return next((cls for cls in bases if one and other and issubclass(one, cls) and issubclass(other, cls)), None)


def call_as(trace: Trace, method: Any, owner: Any, operand: Any) -> Any:
    """The operator of a builtin class, whatever the class of `owner` has."""
    if mentions((owner, operand)):
        return call_outside(trace, method, (owner, operand), {})
    return native(trace, method, owner, operand)


def ask(method: Any, owner: Any, other: Any) -> Any:
    """What a method of an operator gives, NotImplemented too."""
    if is_of_one_class(method) and python_class(owner) is not python_class(other):
        return NotImplemented
    return call(method, owner, other)


def is_of_one_class(method: Any) -> bool:
    """Whether it is a comparison that `dataclass` has written, which takes objects of its own class only."""
    return isinstance(method, FunctionType) and method.__code__.co_filename == "<string>"


def inverted_equality(owner: Any) -> Any:
    """The `__ne__` of a class of the user's that has `__eq__` alone."""
    equal = written_method(owner, "__eq__")
    if equal is None or getattr(python_class(owner), "__ne__", None) is not object.__ne__:
        return None

    def differ(left: Any, right: Any) -> Any:
        found = ask(equal, left, right)
        return found if found is NotImplemented else not_(found)

    differ.__dy2static_inline__ = True  # type: ignore[attr-defined]
    return differ


def identity(trace: Trace, symbol: str, left: Any, right: Any) -> Any:
    """`is`: known while tracing where the types tell two values apart."""
    name = "is_" if symbol == "is" else "is_not"
    if left is not None and right is not None:
        left, right = _itself(trace, left, right), _itself(trace, right, left)
    if not (isinstance(left, Variable) or isinstance(right, Variable)):
        return (left is right) == (symbol == "is")
    one, other = (type_now(value) for value in (left, right))
    if isinstance(left, Variable) and isinstance(right, Variable) and left.value is right.value:
        return symbol == "is"
    apart = one.kind is not None and other.kind is not None and not one.maybe and not other.maybe
    if apart and (
        one.kind != other.kind or one.is_python and None not in (one.dtype, other.dtype) and one.dtype != other.dtype
    ):
        return symbol != "is"
    try:
        return trace.emit(name, left, right)
    except TracingError:
        return symbol != "is"


def _itself(trace: Trace, value: Any, other: Any) -> Any:
    """The user's own object, whose name may stand for another one in the next call; `other` is compared with it."""
    is_varying = isinstance(value, (list, dict, set, BaseException)) or is_instance(value)
    if isinstance(other, (bool, str, type)) or not is_varying or trace.place_of(value) is None:
        return value
    return trace.opaque(value)


def contains(trace: Trace | None, symbol: str, item: Any, container: Any) -> Any:
    if trace is None:
        return (item in container) == (symbol == "in")
    method = written_method(trace.resolve(container), "__contains__")
    if method is None and is_generator(container := iterable_of(trace, container)):
        found = call(taking_forms.found_, item, container)
        return found if symbol == "in" else not_(found)
    container = trace.resolve(container)
    trace.consume(container)
    if method is not None:
        found = call(bool, call(method, container, item))
    elif isinstance(container, type({}.keys())) and is_staged_key(trace, item):
        found = contains(trace, "in", item, tuple(container))
    elif isinstance(container, dict) and is_staged_key(trace, item) and any(map(is_function, container.values())):
        found = trace.emit("contains", trace.lift(dict.fromkeys(container)), item)
    elif isinstance(container, Variable) or is_staged_key(trace, item) or _values_vary(trace, container, item):
        found = trace.emit("contains", container if isinstance(container, Variable) else trace.lift(container), item)
    else:
        found = native(trace, operator.contains, container, item)
    return found if symbol == "in" else not_(found)


def _values_vary(trace: Trace, container: Any, item: Any) -> bool:
    is_sequence = isinstance(container, (list, tuple, set, deque))
    return is_sequence and (mentions(container) or holds_objects(trace, (container, item)))


def unary(symbol: str, value: Any) -> Any:
    trace = tracing()
    if symbol == "not":
        return not_(value)
    functions: dict[str, Callable[[Any], Any]] = {"-": operator.neg, "+": operator.pos, "~": operator.invert}
    function = functions[symbol]
    if trace is None:
        return function(value)
    value = trace.resolve(value)
    method = written_method(value, {"-": "__neg__", "+": "__pos__", "~": "__invert__"}[symbol])
    if method is not None:
        return call(method, value)
    return function(value) if isinstance(value, Variable) else native(trace, function, value)


def inplace(symbol: str, left: Any, right: Any) -> Any:
    trace = tracing()
    if trace is None:
        return _INPLACE[symbol](left, right)
    left, right = trace.resolve(left), trace.resolve(right)
    name = f"__i{_SPECIAL[symbol]}__"
    written = written_method(left, name)
    if is_blocked(left, name):
        return refuse(left, right)
    if written is not None:
        made = call(written, left, right)
        return binary(symbol, left, right) if made is NotImplemented else made
    if written_method(left, f"__{_SPECIAL[symbol]}__") is not None:
        return binary(symbol, left, right)
    if symbol == "+" and python_class(left) is list:
        right = measured(trace, right)
    form = changing_form(python_class(left), "extend", (right,), {}) if symbol == "+" else None
    if form is not None:
        call(form, left, right)
        return left
    if isinstance(left, Variable):
        changes = not (
            left.type.is_number or left.type.kind == "scalar" or left.type.is_python and left.type.dtype in (str, tuple)
        )
        return trace.emit("i" + _OPERATIONS[symbol][0] if changes else _OPERATIONS[symbol][0], left, right)
    if isinstance(left, (list, dict, set, deque)) and hasattr(left, name):
        target = trace.enlist(left)
        if isinstance(target, Variable) or isinstance(right, Variable):
            target = target if isinstance(target, Variable) else trace.promote(left)
            made = trace.emit("i" + _OPERATIONS[symbol][0], target, right)
            # What is added to a list by an array is an array: NumPy is asked before the list.
            return left if python_class(right) in (list, tuple, dict, set, frozenset, str, range, deque) else made
        return native(trace, _INPLACE[symbol], left, right)
    return binary(symbol, left, right)


def not_(value: Any) -> Any:
    trace = tracing()
    if trace is None:
        return not value
    value = truth(trace, value)
    return trace.emit("not_", value) if isinstance(value, Variable) else not value


def truth(trace: Trace, value: Any) -> Any:
    """`bool(value)`, or a Variable whose truth the program takes; `__bool__` and `__len__` of the user's are
    converted."""
    value = trace.resolve(value)
    if is_choice(value):
        return value.use(lambda option: truth(trace, option))
    cls = python_class(value)
    for name in ("__bool__", "__len__") if cls is not None else ():
        method = getattr(cls, name, None)
        if isinstance(method, FunctionType):
            return truth(trace, given(trace, name, str(cls and cls.__name__), call(method, value)))
        if method is not None:
            break
    if not isinstance(value, Variable):
        return native(trace, bool, value)
    known = value.type
    return bool(known.items) if known.dtype is tuple and isinstance(known.items, tuple) and not known.maybe else value


def _operator(symbol: str) -> Callable[..., Any]:
    return lambda trace, left, right: binary(symbol, left, right)


def _of_truths(function: Any) -> Any:
    """any() and all(), which are known while tracing where all truths are."""

    def form(trace: Trace, *args: Any) -> Any:
        items = trace.resolve(args[0]) if args else None
        if isinstance(items, (list, tuple)) and len(args) == 1 and has_objects(items):
            return trace.call(taking_forms.SHORT[function], args, {})
        if isinstance(items, (list, tuple)) and len(args) == 1 and mentions(items):
            truths = [truth(trace, item) if _has_known_truth(trace.resolve(item)) else None for item in items]
            if None not in truths:
                return function(truths)
        return call_formless(trace, function, args, {})

    return form


def _has_known_truth(value: Any) -> bool:
    """Whether `truth` gives a bool of it, and no code of the user's is run for that."""
    if isinstance(value, Variable):
        return value.type.dtype is tuple and isinstance(value.type.items, tuple)
    return isinstance(value, (bool, int, float, complex, str, tuple, type(None)))


FORMS.update({function: _operator(symbol) for symbol, (_, function) in _OPERATIONS.items()})
FORMS.update({any: _of_truths(any), all: _of_truths(all)})
