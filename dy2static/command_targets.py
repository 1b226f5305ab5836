"""What a command works on: a function of a file, or a saved program, and the types for which it is traced."""

from __future__ import annotations

import importlib.util
import inspect
import sys
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

import runtime
from dy2static.command_values import Fault, Usage, bind, parse_literal, parse_pairs
from dy2static.decorators import to_static
from dy2static.signature import spec_of
from dy2static.static_function import StaticFunction
from runtime import types
from runtime.errors import listing


@dataclass(frozen=True)
class Target:
    """FILE.py, FILE.py:FUNCTION or FILE.py:CLASS.METHOD."""

    path: Path
    function: str | None


def parse_target(text: str) -> Target:
    file, colon, function = text.rpartition(":")
    if not (colon and all(part.isidentifier() for part in function.split("."))):
        return Target(Path(text), None)
    return Target(Path(file), function)


def is_saved(path: Path) -> bool:
    """Whether this is a saved program, whatever its name, or is called as one is."""
    return path.suffix == ".d2s" or path.is_file() and head_of(path).startswith(b"PK")


def head_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(512)


def check_python(path: Path) -> None:
    """Raises Fault for what is no file of text: a saved program has commands of its own."""
    if not path.is_file():
        raise Fault(f"{path}: there is {'only a directory' if path.is_dir() else 'no such file'}")
    if is_saved(path):
        raise Fault(f"{path} is not Python, but a saved program: `dy2static inspect {path}` shows it")
    if b"\0" in head_of(path):
        raise Fault(f"{path} is not Python; give a file such as model.py")


@contextmanager
def imported(path: Path) -> Iterator[ModuleType]:
    """The user's file as a module of its own name, its folder first on sys.path, as if a file beside it imported it."""
    check_python(path)
    loader = SourceFileLoader(path.stem, str(path.resolve()))
    spec = importlib.util.spec_from_loader(path.stem, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    before, sys.modules[path.stem] = sys.modules.get(path.stem), module
    sys.path.insert(0, str(path.resolve().parent))
    try:
        loader.exec_module(module)
        yield module
    except SystemExit:
        raise Fault(f"{path} exits when it is imported: put what it runs under `if __name__ == '__main__':`") from None
    finally:
        sys.path.remove(str(path.resolve().parent))
        del sys.modules[path.stem]
        if before is not None:
            sys.modules[path.stem] = before


def program_of(module: ModuleType, target: Target, texts: Sequence[str]) -> runtime.Program | None:
    """The program that the target names, where the file builds it by hand."""
    value = getattr(module, target.function or "", None)
    if not isinstance(value, runtime.Program):
        return None
    if texts:
        raise Usage(f"-i is for functions, and {target.function} of {target.path} has types of its own")
    return value


def function_of(module: ModuleType, target: Target) -> StaticFunction:
    """The static function that the target names, decorated here where it is not in the file."""
    known = [name for name, value in vars(module).items() if is_own_function(value, module)]
    known += [name for name, value in vars(module).items() if isinstance(value, runtime.Program)]
    if target.function is None:
        raise Usage(f"{target.path}: name a function of it, as {target.path}:FUNCTION; {listing(known)}")
    value = getattr(module, target.function, None)
    if isinstance(value, StaticFunction):
        return value
    if not inspect.isfunction(value):
        listed = listing(known, target.function)
        raise Fault(f"{target.path} has no function {target.function!r} at its top level; {listed}")
    return to_static(value)


def is_own_function(value: Any, module: ModuleType) -> bool:
    function = value.function if isinstance(value, StaticFunction) else value
    return inspect.isfunction(function) and function.__module__ == module.__name__


def specs(function: StaticFunction, texts: Sequence[str]) -> inspect.BoundArguments:
    """The -i options as InputSpecs in the order of the parameters; none where the file's own input_spec serves."""
    if not texts and function.input_spec is not None:
        return inspect.BoundArguments(inspect.signature(function), OrderedDict())
    values = {name: parse_spec(name, text) for name, text in parse_pairs(texts, "{}=float32[n]").items()}
    return bind(inspect.signature(function), values, "-i {}=float32[n]")


def parse_spec(name: str, text: str) -> Any:
    """The InputSpec of a type, a tuple or list of them, or the value that stands for one."""
    try:
        return parse_literal(text)
    except ValueError:
        pass
    try:
        return specs_in(types.parse(text), text, name)
    except (TypeError, ValueError) as error:
        said = f"; a text is written in quotes: \"{name}='{text}'\"" if text.isidentifier() else ""
        raise Usage(f"input {name!r}: {error}{said}") from None


def specs_in(type: types.TensorType, text: str, name: str | None = None) -> Any:
    """Of "tuple(int, float32[n])" the tuple of both specs."""
    if type.dtype not in (tuple, list) or type.maybe:
        return spec_of(type, text, name)
    if not isinstance(type.items, tuple):
        raise ValueError(f"{text!r} is of any length; write the type of each item, as in 'list(int, float32[n])'")
    return type.dtype(specs_in(item, str(item)) for item in type.items)


def program_named(target: Target, texts: Sequence[str]) -> runtime.Program:
    """The saved program, the one that is built by hand, or that of a function for the types of the -i options."""
    if target.function is None and is_saved(target.path):
        if texts:
            raise Usage(f"-i is for functions, and {target.path} has types of its own")
        return runtime.load(target.path).program
    with imported(target.path) as module:
        if (built := program_of(module, target, texts)) is not None:
            return built
        function = function_of(module, target)
        arguments = specs(function, texts)
        return function.program(*arguments.args, **arguments.kwargs)
