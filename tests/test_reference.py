"""docs/reference.md names all that `runtime.static` and `runtime.nn` have, with their signatures as they are."""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest

import runtime
from runtime import nn, static
from runtime.ir import Program
from tests.harness import ROOT

PAGE = (ROOT / "docs" / "reference.md").read_text("utf-8")
ROWS = re.findall(r"^\| `([\w.]+)(\(.*?\))` \| (.+) \|$", PAGE, re.M)
METHODS = {static.Executor, static.Scope, static.Program, nn.Layer}
UNDOCUMENTED = {"named_held"}  # of the project's own use


def signature_of(named: Any, is_method: bool) -> str:
    """Without types, and without self."""
    try:
        parameters = list(inspect.signature(named).parameters.values())[is_method:]
    except ValueError:  # of dict, which a Scope is
        return "()"
    return str(inspect.Signature([one.replace(annotation=one.empty) for one in parameters]))


@pytest.mark.parametrize("name, signature, about", ROWS, ids=[row[0] for row in ROWS])
def test_a_signature_is_the_one_of_the_page(name: str, signature: str, about: str) -> None:
    package, *path = name.split(".")
    named: Any = getattr(runtime, package)
    for step in path:
        named = getattr(named, step)
    assert signature == signature_of(named, is_method=len(path) == 2)


def test_every_public_name_is_on_the_page() -> None:
    shown = [name for name, _, _ in ROWS]
    there = [f"{package}.{name}" for package, module in (("static", static), ("nn", nn)) for name in module.__all__]
    methods = [
        f"{'nn' if cls is nn.Layer else 'static'}.{cls.__name__}.{name}"
        for cls in METHODS
        for name, value in {**(vars(Program) if cls is static.Program else {}), **vars(cls)}.items()
        if callable(value) and not name.startswith("_") and name not in UNDOCUMENTED
    ]
    assert sorted(shown) == sorted(there + methods)
