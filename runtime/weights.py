"""The arrays of a saved Program: `weights/NAME.npy`, and a table that says what a .npy file does not.

    [{"name": "w", "writeable": true, "view": null},
     {"name": "row", "writeable": true,
      "view": {"of": "w", "dtype": "<f8", "shape": [3], "strides": [8], "offset": 24}}]

Arrays that overlap are views of one array before and after, so that a write through one is seen through the other.
"""

from __future__ import annotations

import math
import re
import zipfile
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy

from runtime.datum import Array, dtype_form, dtype_of, settled

MAX_HEADER = 10_000  # bytes of a .npy header, as NumPy itself limits them


class Weights:
    """The arrays of a program by their names, each once, in the order in which they are met."""

    def __init__(self) -> None:
        self.arrays: dict[str, Array] = {}
        self.names: dict[int, str] = {}
        self.taken: set[str] = set()

    def keep(self, array: Array, hint: str) -> str:
        """The name of `array`, made of `hint` when it is met first. Raises TypeError where it is not plain data."""
        if id(array) in self.names:
            return self.names[id(array)]
        if array.dtype.hasobject:
            raise TypeError(f"the array {hint!r} holds Python objects; make it of a numeric or text dtype")
        if len(str(dtype_form(array.dtype))) > MAX_HEADER // 2:
            raise TypeError(f"the array {hint!r} has more fields than a .npy file can describe")
        base = re.sub(r"[^A-Za-z0-9_]", "_", hint)[:60] or "w"
        name, count = base, 1
        while name.lower() in self.taken:  # file systems may take W.npy for w.npy
            count += 1
            name = f"{base}_{count}"
        self.taken.add(name.lower())
        self.names[id(array)] = name
        self.arrays[name] = array
        return name

    def table(self) -> list[dict[str, Any]]:
        """What the document says of each; enters the memory that arrays share and that none of them spans."""
        owners: dict[int, list[Array]] = {}
        for array in self.arrays.values():
            owners.setdefault(id(_owner(array)), []).append(array)
        views: dict[int, dict[str, Any]] = {}
        for arrays in owners.values():
            if _overlap(arrays):
                memory = _memory(arrays)
                name = self.keep(memory, "shared")
                views |= {id(array): _view(array, memory, name) for array in arrays if array is not memory}
        return [
            {"name": name, "writeable": array.flags.writeable, "view": views.get(id(array))}
            for name, array in self.arrays.items()
        ]


def _owner(array: Array) -> Array:
    """The array whose memory it is."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def _overlap(arrays: list[Array]) -> bool:
    """Whether two of them may share an element: whether their stretches of memory meet."""
    stretches = sorted(np.lib.array_utils.byte_bounds(array) for array in arrays if array.size)
    return any(start < end for (_, end), (start, _) in zip(stretches, stretches[1:]))


def _memory(arrays: list[Array]) -> Array:
    """The array of which they all are views: one of them where it is the whole, else their owner as a row."""
    owner = _owner(arrays[0])
    if type(owner) is not np.ndarray or not owner.flags.forc:
        raise TypeError(f"two arrays overlap in the memory of a {type(owner).__name__}; make one of them a copy")
    whole = (array for array in arrays if array.nbytes == owner.nbytes and array.flags.forc)
    return next(whole, owner.ravel(order="K"))


def _view(array: Array, memory: Array, name: str) -> dict[str, Any]:
    return {
        "of": name,
        "dtype": dtype_form(array.dtype),
        "shape": list(array.shape),
        "strides": list(array.strides),
        "offset": _address(array) - _address(memory),
    }


def _address(array: Array) -> int:
    """Of the first element."""
    address: int = array.__array_interface__["data"][0]
    return address


def write_array(member: IO[bytes], array: Array) -> None:
    version = (1, 0) if array.dtype.names is None else (3, 0)  # 3: names of fields in UTF-8
    npy.write_array(member, settled(array), version, allow_pickle=False)


def read_array(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Array:
    """The array of a member. Its header must ask for just the bytes that are there, before anything is allocated."""
    with archive.open(info) as member:
        # Versions 2 and 3 differ in how names of fields are encoded, which is of no matter for sizes.
        read_header = npy.read_array_header_1_0 if npy.read_magic(member) == (1, 0) else npy.read_array_header_2_0
        shape, _, dtype = read_header(member, MAX_HEADER)
        wanted = math.prod(shape) * dtype.itemsize
        if dtype.hasobject or min(shape, default=0) < 0 or wanted != info.file_size - member.tell():
            raise ValueError(f"{info.filename} has a header for {dtype}{list(shape)}, which is not what follows")
    with archive.open(info) as member:
        array: Array = npy.read_array(member, allow_pickle=False)
    return array


def view_of(array: Array, view: dict[str, Any]) -> Array:
    """The view that the table describes. Raises ValueError where it would leave the memory of `array`."""
    dtype, shape, strides, offset = dtype_of(view["dtype"]), view["shape"], view["strides"], view["offset"]
    if not all(type(number) is int for number in (*shape, *strides, offset)) or min(shape, default=0) < 0:
        raise ValueError("a view is described by other things than numbers")
    # NumPy checks this too, but in 64 bits, which strides of a hostile file overflow.
    ways = [(size - 1) * stride for size, stride in zip(shape, strides) if size > 0]
    first = offset + sum(way for way in ways if way < 0)
    last = offset + sum(way for way in ways if way > 0) + dtype.itemsize
    if dtype.hasobject or first < 0 or last > array.nbytes:
        raise ValueError(f"a view of dtype {dtype} goes from byte {first} to {last} of {array.nbytes}")
    return np.ndarray(tuple(shape), dtype, array.ravel(order="K"), offset, tuple(strides))
