"""Data ⇄ JSON: what a saved program can hold beside its ops, exactly, and nothing else.

    None True 7 0.5 "a" [1, 2]      themselves
    10**30                          {"int": "0xc9f2c9cd04674edea40000000"}
    nan, -inf, 1j                   {"float": "nan"}  {"float": "-inf"}  {"complex": [0.0, 1.0]}
    (1, x), {"k": 1}, 1:2           {"tuple": [1, {"slot": 0}]}  {"dict": [["k", 1]]}  {"slice": [1, 2, null]}
    np.float32(1), np.dtype("i4")   {"scalar": ["<f4", "0000803f"]}  {"dtype": "<i4"}
    np.float32, np.tanh             {"class": "np.float32"}  {"function": "np.tanh"}
    np.ones(3)                      {"weight": "w"}, a member of the file

Classes and functions go by name, and names are looked up in closed tables.
"""

from __future__ import annotations

import builtins
import collections
import collections.abc
import math
import re
from array import array
from collections.abc import Callable
from json import dumps
from typing import Any

import numpy as np
from numpy.lib import format as npy

from runtime import ops
from runtime.ir import MISSING, Missing, Slot
from runtime.text import text
from runtime.types import UNDEFINED, Undefined

Array = np.ndarray[Any, Any]
DEPTH = 64  # of containers in each other
SAFE = 2**53  # integers up to here are exact in every reader of JSON


def _classes() -> dict[str, type]:
    """The classes that a program can hold, by the name that a user writes."""
    python = (
        bool, int, float, complex, str, bytes, bytearray, tuple, list, dict, set, frozenset, slice, range, object, type,
        type(None), type(Ellipsis), enumerate, zip, reversed, map, filter, Undefined,
    )  # fmt: skip
    named = {cls.__name__: cls for cls in python}
    for cls in vars(builtins).values():
        if isinstance(cls, type) and issubclass(cls, BaseException):
            named[cls.__name__] = cls
    for space, base, prefix in _SPACES:
        for cls in vars(space).values():
            if isinstance(cls, type) and issubclass(cls, base):
                named[prefix + cls.__name__] = cls
    containers = (collections.deque, collections.defaultdict, collections.OrderedDict, collections.Counter)
    named |= {"collections." + cls.__name__: cls for cls in containers}
    return named | {"array": array, "np.ndarray": np.ndarray, "np.dtype": np.dtype}


_SPACES: tuple[tuple[Any, type, str], ...] = (
    (np, np.generic, "np."),
    (np.dtypes, np.dtype, "np.dtypes."),
    (np.exceptions, Exception, "np.exceptions."),
    (np.linalg, Exception, "np.linalg."),
    (collections.abc, object, "collections.abc."),  # which patterns of `match` ask for
)
CLASSES = _classes()
_CLASS_NAMES = {cls: name for name, cls in CLASSES.items()}
_SINGLES: dict[str, Any] = {"Ellipsis": Ellipsis, "UNDEFINED": UNDEFINED, "MISSING": MISSING}
_SINGLES |= {f"np.{mode}": mode for mode in np._CopyMode}  # what libraries of many array packages write for copy=None


# Data → JSON


def encode(datum: Any, weight: Callable[[Array], str] | None = None) -> Any:
    """The JSON form of `datum`; `weight` takes an array in it and gives the name of its member.

    Raises TypeError naming what is not data.
    """
    return _encode(datum, weight or _no_weight, 0)


def _no_weight(array: Array) -> str:
    raise TypeError(f"an array of shape {array.shape} stands where only plain data can be saved")


def _encode(datum: Any, weight: Callable[[Array], str], depth: int) -> Any:
    if depth > DEPTH:
        raise TypeError(f"containers stand in each other more than {DEPTH} deep, or hold themselves")
    encoder = _ENCODERS.get(type(datum))
    if encoder is not None:
        return encoder(datum, lambda item: _encode(item, weight, depth + 1))
    if type(datum) is np.ndarray:
        return {"weight": weight(datum)}
    if isinstance(datum, np.generic):
        return {"scalar": _scalar(datum)}
    if isinstance(datum, np.dtype):
        return {"dtype": dtype_form(datum)}
    if isinstance(datum, type) and datum in _CLASS_NAMES:
        return {"class": _CLASS_NAMES[datum]}
    name = ops.name_of(datum) if callable(datum) else None
    if name is not None:
        return {"function": name}
    raise TypeError(
        f"{_text(datum)} of type {type(datum).__name__} cannot be saved; numbers, text, None, arrays, NumPy dtypes and "
        "functions, and tuples, lists and dicts of them can: give it as an argument, or make one of these of it"
    )


def _text(datum: Any) -> str:
    written = text(datum)
    return written if len(written) <= 60 else written[:60] + "…"


Part = Callable[[Any], Any]


def _int(value: int, part: Part) -> Any:
    return value if -SAFE < value < SAFE else {"int": hex(value)}


def _float(value: float, part: Part) -> Any:
    if math.isfinite(value):
        return value
    sign = "-" if math.copysign(1.0, value) < 0 else ""
    return {"float": sign + ("nan" if math.isnan(value) else "inf")}


def _scalar(value: np.generic) -> list[Any]:
    form = dtype_form(value.dtype)
    if value.dtype.hasobject:
        raise TypeError(f"the NumPy scalar {_text(value)} holds Python objects and cannot be saved")
    data = value.tobytes() if value.dtype.char not in "gG" else settled(np.asarray(value)).tobytes()
    return [form, data[: value.dtype.itemsize].hex()]  # an empty text gives bytes that it has not


def settled(array: Array) -> Array:
    """`array`, with zeros in the bytes that x86's extended floats do not use and that hold whatever was in memory."""
    if array.dtype.char not in "gG" or not array.dtype.isnative or np.finfo(array.dtype).nmant != 63:
        return array
    clean = array.copy(order="K")
    clean.ravel(order="K").view(np.uint8).reshape(-1, np.dtype("g").itemsize)[:, 10:] = 0
    return clean


def _unordered(items: Any, part: Part) -> list[Any]:
    return sorted((part(item) for item in items), key=lambda form: dumps(form, sort_keys=True))


_ENCODERS: dict[type, Callable[[Any, Part], Any]] = {
    type(None): lambda value, part: None,
    bool: lambda value, part: value,
    str: lambda value, part: value,
    int: _int,
    float: _float,
    complex: lambda value, part: {"complex": [part(value.real), part(value.imag)]},
    bytes: lambda value, part: {"bytes": value.hex()},
    list: lambda value, part: [part(item) for item in value],
    tuple: lambda value, part: {"tuple": [part(item) for item in value]},
    dict: lambda value, part: {"dict": [[part(key), part(item)] for key, item in value.items()]},
    set: lambda value, part: {"set": _unordered(value, part)},
    frozenset: lambda value, part: {"frozenset": _unordered(value, part)},
    slice: lambda value, part: {"slice": [part(value.start), part(value.stop), part(value.step)]},
    range: lambda value, part: {"range": [part(value.start), part(value.stop), part(value.step)]},
    Slot: lambda value, part: {"slot": value.index},
    type(Ellipsis): lambda value, part: {"name": "Ellipsis"},
    Undefined: lambda value, part: {"name": "UNDEFINED"},
    Missing: lambda value, part: {"name": "MISSING"},
    np._CopyMode: lambda value, part: {"name": f"np.{value}"},
}


# JSON → data


def decode(form: Any, weight: Callable[[str], Array] | None = None) -> Any:
    """What `encode` was given; `weight` gives the array of a member. Raises ValueError for a form of another making."""
    if form is None or isinstance(form, (bool, str)):
        return form
    if isinstance(form, (int, float)):
        return form
    if isinstance(form, list):
        return [decode(item, weight) for item in form]
    if not isinstance(form, dict) or len(form) != 1:
        raise ValueError(f"{_text(form)} is not the form of a datum")
    ((tag, content),) = form.items()
    if tag == "weight" and weight is not None:
        return weight(_checked(content, str))
    if tag not in _DECODERS:
        raise ValueError(f"{tag!r} is not a kind of datum")
    expected, decoder = _DECODERS[tag]
    return decoder(_checked(content, expected), lambda item: decode(item, weight))


def _checked(content: Any, expected: type | tuple[type, ...]) -> Any:
    if not isinstance(content, expected):
        raise ValueError(f"{_text(content)} stands in the form of a datum where another type must be")
    return content


def _decode_float(content: str, part: Part) -> float:
    if content not in ("nan", "-nan", "inf", "-inf"):
        raise ValueError(f"{content!r} is not a float that JSON lacks")
    return float(content)


def _decode_complex(content: list[Any], part: Part) -> complex:
    real, imag = (_checked(part(item), float) for item in content)
    return complex(real, imag)


def _decode_scalar(content: list[Any], part: Part) -> Any:
    form, written = content
    dtype, data = dtype_of(form), bytes.fromhex(_checked(written, str))
    if dtype.hasobject or dtype.itemsize != len(data):
        raise ValueError(f"{len(data)} bytes are not a scalar of dtype {dtype}")
    return np.ndarray((), dtype, data or None).copy()[()]


def _decode_dict(content: list[Any], part: Part) -> dict[Any, Any]:
    return {part(key): part(item) for key, item in content}


def _decode_slice(content: list[Any], part: Part) -> slice:
    start, stop, step = content
    return slice(part(start), part(stop), part(step))


def _decode_range(content: list[Any], part: Part) -> range:
    start, stop, step = (part(item) for item in content)
    return range(start, stop, step)


def _decode_slot(content: int, part: Part) -> Slot:
    if isinstance(content, bool) or content < 0:
        raise ValueError(f"{content!r} is not the number of an input")
    return Slot(content)


def _decode_class(content: str, part: Part) -> type:
    if content not in CLASSES:
        raise ValueError(f"there is no class named {content!r} in the table")
    return CLASSES[content]


def _decode_function(content: str, part: Part) -> Any:
    row = ops.find(content)
    if row is None or ops.name_of(row.kernel) != content:
        raise ValueError(f"there is no function named {content!r} in the table")
    return row.kernel


def _decode_name(content: str, part: Part) -> Any:
    if content not in _SINGLES:
        raise ValueError(f"there is no datum named {content!r}")
    return _SINGLES[content]


_DECODERS: dict[str, tuple[Any, Callable[[Any, Part], Any]]] = {
    "int": (str, lambda content, part: int(content, 16)),
    "float": (str, _decode_float),
    "complex": (list, _decode_complex),
    "bytes": (str, lambda content, part: bytes.fromhex(content)),
    "tuple": (list, lambda content, part: tuple(part(item) for item in content)),
    "dict": (list, _decode_dict),
    "set": (list, lambda content, part: {part(item) for item in content}),
    "frozenset": (list, lambda content, part: frozenset(part(item) for item in content)),
    "slice": (list, _decode_slice),
    "range": (list, _decode_range),
    "slot": (int, _decode_slot),
    "scalar": (list, _decode_scalar),
    "dtype": ((str, list), lambda content, part: dtype_of(content)),
    "class": (str, _decode_class),
    "function": (str, _decode_function),
    "name": (str, _decode_name),
}


# dtypes


def dtype_form(dtype: np.dtype[Any]) -> Any:
    """The JSON form of a dtype: NumPy's array-protocol text or a list of fields. Raises TypeError where it has none."""
    try:
        form = dtype.str if dtype.names is None else _lists(dtype.descr)
        exact = dtype_of(form) == dtype
    except ValueError:
        exact = False
    if not exact:
        raise TypeError(f"the dtype {dtype!r} cannot be saved: NumPy's array protocol does not write it exactly")
    return form


def _lists(descr: Any) -> Any:
    return [_lists(item) for item in descr] if isinstance(descr, (tuple, list)) else descr


_DTYPE = re.compile(r"[<>|=][biufcmMOSUV]\d{0,9}(\[\d{0,9}[a-zA-Z]{1,2}\])?")


def dtype_of(form: Any) -> np.dtype[Any]:
    """The dtype of a form. Raises ValueError where the form is not one."""
    try:
        return npy.descr_to_dtype(_descr(form))
    except (TypeError, OverflowError):
        raise ValueError(f"{form!r} is not a dtype that NumPy knows") from None


def _descr(form: Any) -> Any:
    if isinstance(form, list):
        return [_field(*item) for item in form]
    if not isinstance(form, str) or not _DTYPE.fullmatch(form):
        raise ValueError(f"{form!r} is not a dtype")
    return form


def _field(name: Any, form: Any, shape: Any = None) -> tuple[Any, ...]:
    """A field of NumPy's `dtype.descr`; `name` may be a pair of title and name."""
    name = tuple(name) if isinstance(name, list) else name
    return (name, _descr(form)) if shape is None else (name, _descr(form), tuple(shape))
