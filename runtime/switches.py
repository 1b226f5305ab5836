"""Switches in the environment."""

from __future__ import annotations

import os


def is_switched(name: str, default: bool = False) -> bool:
    """Whether a variable of the environment says on (1, true, yes, on) or off (0, false, no, off)."""
    return SWITCHES.get(os.environ.get(name, "").strip().lower(), default)


SWITCHES = {**dict.fromkeys(("1", "true", "yes", "on"), True), **dict.fromkeys(("0", "false", "no", "off"), False)}


def is_optimized(optimize: bool | None) -> bool:
    """`optimize`, or what DY2STATIC_OPTIMIZE says: yes, unless it is off."""
    return is_switched("DY2STATIC_OPTIMIZE", default=True) if optimize is None else optimize
