"""The static program and its execution: NumPy is all it needs."""

from runtime.errors import Dy2StaticError, FeedError, FileError, ProgramError
from runtime.executor import Executor
from runtime.ir import Program
from runtime.loaded import LoadedFunction, load
from runtime.storage import save_program as save
from runtime.types import TensorType

__all__ = [
    "Dy2StaticError",
    "Executor",
    "FeedError",
    "FileError",
    "LoadedFunction",
    "Program",
    "ProgramError",
    "TensorType",
    "load",
    "save",
]
