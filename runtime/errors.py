"""The exceptions of the runtime. What a program itself raises (ZeroDivisionError, IndexError …) is NumPy's own.

Dy2StaticError (Exception)
├── ProgramError (ValueError)   a Program breaks an invariant
├── FeedError (TypeError)       an input that is missing, unknown or of another type than the program takes
├── FetchError (KeyError)       a name that no value of the program has
└── FileError (ValueError)      a file that is not a whole, readable .d2s
"""

from __future__ import annotations

from collections.abc import Iterable

MAX_NAMES = 20  # that an error lists


class Dy2StaticError(Exception):
    """Every exception of this project; each is also the built-in that a Python user would catch."""


class ProgramError(Dy2StaticError, ValueError):
    """A Program breaks an invariant."""


class FeedError(Dy2StaticError, TypeError):
    """An input is missing, is not one of the program's, or has another type than the program takes.

    reason   the same without what to write in Python
    """

    def __init__(self, reason: str, cure: str = ""):
        super().__init__(reason + cure)
        self.reason = reason


class FetchError(Dy2StaticError, KeyError):
    """A fetch is not a value of the program's outermost Block."""

    __str__ = Exception.__str__  # KeyError shows its message in quotes


class FileError(Dy2StaticError, ValueError):
    """A file is not a .d2s, is cut short, of a newer version, or names what this version does not know."""


def listing(names: Iterable[str], wanted: object = None) -> str:
    """`it has: y, x`: what there is in the place of `wanted`, the closest names first."""
    from difflib import get_close_matches

    names = list(dict.fromkeys(names))
    close = get_close_matches(str(wanted), names, n=5) if isinstance(wanted, str) else []
    ordered = [*close, *(name for name in names if name not in close)]
    more = f" … {len(ordered) - MAX_NAMES} more" if len(ordered) > MAX_NAMES else ""
    return f"it has: {', '.join(ordered[:MAX_NAMES])}{more}" if ordered else "it has none"
