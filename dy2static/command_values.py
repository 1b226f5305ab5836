"""Values on the command line: inputs written as text or kept in files, results printed or written to a file."""

from __future__ import annotations

import ast
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
from runtime.errors import listing


class Fault(Exception):
    """A file or program is not what the command needs: status 1."""


class Usage(Exception):
    """The command line itself is wrong: status 2."""


def parse_pairs(texts: Sequence[str], example: str) -> dict[str, str]:
    """NAME=TEXT, once a name."""
    pairs: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not (equals and value and name.isidentifier()):
            raise Usage(f"{text!r} is not an input; write it as {example.format('x')}")
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
        raise Usage(f"there is no input {unknown[0]!r}; {listing(parameters, unknown[0])}")
    missing = [name for name, p in parameters.items() if p.default is p.empty and name not in values]
    if missing:
        raise Usage(f"input {missing[0]!r} is missing; add {example.format(missing[0])}")
    return inspect.BoundArguments(signature, OrderedDict((name, values[name]) for name in parameters if name in values))


NUMBERS: tuple[Callable[[str], Any], ...] = (int, float, complex)
WORDS = {"true": True, "false": False, "none": None}
LITERALS = (str, list, tuple, dict)


def parse_value(text: str) -> Any:
    """A number or word, float32(NUMBER) for a NumPy scalar, float32([…]) for an array, a list or a text in quotes as
    Python writes them, or an array of a file."""
    try:
        return parse_literal(text)
    except ValueError:
        made = re.fullmatch(r"(\w+)\((.+)\)", text)
    return parse_numpy(made[1], made[2], text) if made else read_array(text)


def parse_literal(text: str) -> Any:
    """A value that needs no file and no NumPy. Raises ValueError where it is none."""
    if text.lower() in WORDS:
        return WORDS[text.lower()]
    for number in NUMBERS:
        try:
            return number(text)
        except ValueError:
            continue
    try:
        value = ast.literal_eval(text)
    except (SyntaxError, TypeError, MemoryError, RecursionError):
        value = ...
    if isinstance(value, LITERALS):
        return value
    raise ValueError(f"{text!r} is not a value")


def parse_numpy(dtype: str, written: str, text: str) -> np.generic | np.ndarray:
    try:
        value, known = parse_literal(written), types.named_dtype(dtype, dtype)
        return np.array(value, known) if isinstance(value, list) else known.type(value)
    except (TypeError, ValueError, OverflowError):
        raise Usage(f"{text!r} is not of NumPy; write float32(0.5) for a scalar, float32([1,2]) for an array") from None


def read_array(text: str) -> np.ndarray:
    """The array of FILE.npy, or of FILE.npz:MEMBER."""
    file, colon, member = text.rpartition(":")
    if not (colon and file.endswith(".npz")):
        file, member = text, ""
    if not file.endswith((".npy", ".npz")):
        raise Usage(
            f"{text!r} is not a value; write a number, true, false, none, a list, a text in quotes, float32(NUMBER), "
            "FILE.npy or FILE.npz:MEMBER"
        )
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


def check_results(path: Path) -> None:
    """Raises Usage unless the suffix says a format in which results are written."""
    if path.suffix != ".npz":
        found = f"its suffix is {path.suffix!r}" if path.suffix else "it has no suffix"
        raise Usage(f"-o {path}: {found}, and results are written as .npz, as in {str(path.with_suffix('.npz'))!r}")


def write_results(path: Path, value: Any) -> None:
    members = {name: np.asarray(item) for name, item in leaves(value)}
    for name, member in members.items():
        if member.dtype.hasobject:
            raise Fault(f"{name} is {types.type_of(dict(leaves(value))[name])}, which a .npz file cannot hold")
    write_whole(path, lambda file: np.savez(file, **members))  # type: ignore[arg-type]


def check_output(path: Path) -> None:
    """Raises Fault where nothing can be written at `path`: before the work is done."""
    if path.is_dir():
        raise Fault(f"-o {path}: it is a directory; name a file, such as {path / 'out'}")
    if not path.parent.is_dir():
        what = "is not a directory" if path.parent.exists() else "there is no such directory; make it first"
        raise Fault(f"-o {path}: {path.parent}: {what}")


def write_whole(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Writes a file beside `path` and renames it, so that there is never half of it."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    except OSError as fault:
        raise Fault(f"-o {path}: {fault.strerror}") from None
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
