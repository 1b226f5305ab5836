"""Variables of the environment: what means nothing is warned of once, with the name, the value and what is allowed."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from runtime import buffers, chains, switches

READERS: list[tuple[str, str, Callable[[], Any]]] = [
    ("DY2STATIC", "maybe", partial(switches.is_switched, "DY2STATIC", default=True)),
    ("DY2STATIC_DEBUG", "2", partial(switches.is_switched, "DY2STATIC_DEBUG")),
    ("DY2STATIC_OPTIMIZE", "perhaps", partial(switches.is_optimized, None)),
    ("DY2STATIC_THREADS", "x", chains.threads),
    ("DY2STATIC_THREADS", "0", chains.threads),
    ("DY2STATIC_BUFFERS", "-1", buffers.limit),
]


@pytest.mark.parametrize(("name", "value", "read"), READERS, ids=[f"{name}={value}" for name, value, _ in READERS])
def test_what_means_nothing_is_as_if_it_was_not_there(
    name: str, value: str, read: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(switches, "_warned", set())
    monkeypatch.delenv(name, raising=False)
    expected = read()
    monkeypatch.setenv(name, value)
    with pytest.warns(UserWarning, match=f"{name}={value} in the environment means nothing .*: it takes "):
        assert read() == expected
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert read() == expected


@pytest.mark.parametrize("value", ["", " ", "1", "off", "YES"])
def test_what_is_allowed_is_not_warned_of(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(switches, "_warned", set())
    monkeypatch.setenv("DY2STATIC_DEBUG", value)
    assert switches.is_switched("DY2STATIC_DEBUG") is (value.strip().lower() in ("1", "yes"))
