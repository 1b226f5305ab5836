"""The static program and its execution: NumPy is all it needs."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy  # noqa: F401  # before the modules below: after `threading` it takes a tenth longer

from runtime import ir
from runtime.errors import Dy2StaticError, FeedError, FetchError, FileError, ProgramError
from runtime.executor import Executor
from runtime.ir import Program
from runtime.types import TensorType

if TYPE_CHECKING:
    from runtime import nn, static
    from runtime.buffers import release_buffers
    from runtime.loaded import LoadedFunction, load
    from runtime.picture import Picture
    from runtime.profiling import Profile
    from runtime.storage import save_program as save

__all__ = [
    "Dy2StaticError",
    "Executor",
    "FeedError",
    "FetchError",
    "FileError",
    "LoadedFunction",
    "Picture",
    "Profile",
    "Program",
    "ProgramError",
    "TensorType",
    "load",
    "nn",
    "release_buffers",
    "save",
    "static",
]

# Files and pictures come when they are first asked for: zip and JSON would cost a tenth of importing NumPy.
_FILES = {"load": ("runtime.loaded", "load"), "LoadedFunction": ("runtime.loaded", "LoadedFunction"),
          "Picture": ("runtime.picture", "Picture"), "Profile": ("runtime.profiling", "Profile"),
          "save": ("runtime.storage", "save_program"), "release_buffers": ("runtime.buffers", "release_buffers"),
          "static": ("runtime.static", ""), "nn": ("runtime.nn", "")}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _FILES:
        raise AttributeError(f"module 'runtime' has no attribute {name!r}")
    module, attribute = _FILES[name]
    found = import_module(module)
    return getattr(found, attribute) if attribute else found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


ir.show.plan = lambda program: import_module("runtime.executor").planned(program, None)[0]
ir.show.picture = lambda *given: import_module("runtime.picture").Picture(*given)
ir.show.profile = lambda *given: import_module("runtime.profiling").profile_fed(*given)
