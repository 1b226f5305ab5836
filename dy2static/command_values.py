"""Values on the command line: inputs written as text or kept in files, results printed or written to a file."""

from __future__ import annotations

import inspect
import os
import re
import tempfile
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np

from runtime import types


class Fault(Exception):
    """A file or program is not what the command needs: status 1."""


class Usage(Exception):
    """The command line itself is wrong: status 2."""


def listing(names: Sequence[str]) -> str:
    return f"it has: {', '.join(names)}" if names else "it has none"


def parse_pairs(texts: Sequence[str], example: str) -> dict[str, str]:
    """NAME=TEXT, once a name."""
    pairs: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not (equals and value and name.isidentifier()):
            raise Usage(f"{text!r} is not an input; write it as {example}")
        if name in pairs:
            raise Usage(f"input {name!r} is given twice")
        pairs[name] = value
    return pairs


def bind(signature: inspect.Signature, values: dict[str, Any], example: str) -> inspect.BoundArguments:
    """Values by name → arguments in the order of the parameters; those with a default may be left out."""
    single = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    parameters = {name: p for name, p in signature.parameters.items() if p.kind not in single}
    unknown = [name for name in values if name not in parameters]
    if unknown:
        raise Usage(f"there is no input {unknown[0]!r}; {listing(list(parameters))}")
    missing = [name for name, p in parameters.items() if p.default is p.empty and name not in values]
    if missing:
        raise Usage(f"input {missing[0]!r} is missing; add {example.replace('x', missing[0], 1)}")
    return inspect.BoundArguments(signature, OrderedDict((name, values[name]) for name in parameters if name in values))


NUMBERS: tuple[Callable[[str], Any], ...] = (int, float, complex)
WORDS = {"true": True, "false": False, "none": None}


def parse_value(text: str) -> Any:
    """A number or word, float32(NUMBER) for a NumPy scalar, or an array of a file."""
    if text.lower() in WORDS:
        return WORDS[text.lower()]
    for number in NUMBERS:
        try:
            return number(text)
        except ValueError:
            continue
    scalar = re.fullmatch(r"(\w+)\((.+)\)", text)
    if scalar:
        return parse_scalar(scalar[1], scalar[2], text)
    return read_array(text)


def parse_scalar(dtype: str, number: str, text: str) -> np.generic:
    try:
        return np.dtype(dtype).type(parse_value(number))
    except (TypeError, ValueError, OverflowError):
        raise Usage(f"{text!r} is not a NumPy scalar; write one such as float32(0.5)") from None


def read_array(text: str) -> np.ndarray:
    """The array of FILE.npy, or of FILE.npz:MEMBER."""
    file, colon, member = text.rpartition(":")
    if not (colon and file.endswith(".npz")):
        file, member = text, ""
    if not file.endswith((".npy", ".npz")):
        raise Usage(f"{text!r} is not a value; write a number, true, false, FILE.npy or FILE.npz:MEMBER")
    try:
        loaded = np.load(file, allow_pickle=False)
        if isinstance(loaded, np.ndarray):
            return loaded
        with loaded:
            if member in loaded.files:
                return loaded[member]
            raise Usage(f"{text}: write {file}:MEMBER; {listing(loaded.files)}")
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        reason = "there is no such file" if isinstance(error, FileNotFoundError) else f"cannot be read: {error}"
        raise Fault(f"{file}: {reason}") from None


def leaves(value: Any, name: str = "result") -> Iterator[tuple[str, Any]]:
    """What a program returned, piece by piece: result, or result.0, result.1, result.loss …"""
    if isinstance(value, (tuple, list)) and value:
        for index, item in enumerate(value):
            yield from leaves(item, f"{name}.{index}")
    elif isinstance(value, dict) and value:
        for key, item in value.items():
            yield from leaves(item, f"{name}.{key}")
    else:
        yield name, value


def show(name: str, value: Any) -> str:
    text = str(value) if isinstance(value, (np.ndarray, np.generic)) else repr(value)
    return f"{name}: {types.type_of(value)} =" + ("\n" if "\n" in text else " ") + text


def write_results(path: Path, value: Any) -> None:
    members = {name: np.asarray(item) for name, item in leaves(value)}
    for name, member in members.items():
        if member.dtype.hasobject:
            raise Fault(f"{name} is {types.type_of(dict(leaves(value))[name])}, which a .npz file cannot hold")
    write_whole(path, lambda file: np.savez(file, **members))  # type: ignore[arg-type]


def write_whole(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Writes a file beside `path` and renames it, so that there is never half of it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            write(file)
        os.chmod(name, 0o666 & ~umask())
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
