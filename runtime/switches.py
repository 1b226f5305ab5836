"""Switches in the environment. What is there and means nothing is warned of, once."""

from __future__ import annotations

import os
import warnings

SWITCHES = {**dict.fromkeys(("1", "true", "yes", "on"), True), **dict.fromkeys(("0", "false", "no", "off"), False)}
_warned: set[tuple[str, str]] = set()


def is_switched(name: str, default: bool = False) -> bool:
    """Whether a variable of the environment says on (1, true, yes, on) or off (0, false, no, off)."""
    given = os.environ.get(name, "").strip()
    if given and given.lower() not in SWITCHES:
        warn(name, given, "1, true, yes and on, or 0, false, no and off")
    return SWITCHES.get(given.lower(), default)


def whole_number(name: str, least: int, what: str) -> int | None:
    """The number that a variable of the environment holds; None where it holds none, or one below `least`."""
    given = os.environ.get(name, "").strip()
    if given.isdecimal() and int(given) >= least:
        return int(given)
    if given:
        warn(name, given, f"{what}, {least} or more")
    return None


def warn(name: str, given: str, allowed: str) -> None:
    if (name, given) not in _warned:
        _warned.add((name, given))
        said = f"{name}={given} in the environment means nothing and is left out: it takes {allowed}"
        warnings.warn(said, stacklevel=4)


def is_optimized(optimize: bool | None) -> bool:
    """`optimize`, or what DY2STATIC_OPTIMIZE says: yes, unless it is off."""
    return is_switched("DY2STATIC_OPTIMIZE", default=True) if optimize is None else optimize
