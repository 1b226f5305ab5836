"""The exceptions of the runtime. What a program itself raises (ZeroDivisionError, IndexError …) is NumPy's own.

Dy2StaticError (Exception) ├── ProgramError (ValueError)       a Program breaks an invariant ├── FeedError (TypeError)
an input that is missing, unknown or of another type than the program takes └── FileError (ValueError)          a file
that is not a whole, readable .d2s
"""

from __future__ import annotations


class Dy2StaticError(Exception):
    """Every exception of this project; each is also the built-in that a Python user would catch."""


class ProgramError(Dy2StaticError, ValueError):
    """A Program breaks an invariant."""


class FeedError(Dy2StaticError, TypeError):
    """An input is missing, is not one of the program's, or has another type than the program takes."""


class FileError(Dy2StaticError, ValueError):
    """A file is not a .d2s, is cut short, of a newer version, or names what this version does not know."""
