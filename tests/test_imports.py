"""Imports inside of converted functions."""

from __future__ import annotations

from importlib import import_module

import pytest

from dy2static import to_static


@pytest.mark.filterwarnings("error")
def test_relative_imports_are_of_the_package_of_the_function(tmp_path, monkeypatch):
    package = tmp_path / "bakery"
    package.mkdir()
    (package / "__init__.py").write_text("def price(n):\n    from .rates import rate\n    return rate(n)\n", "utf-8")
    (package / "rates.py").write_text("def rate(n):\n    return n * 3 if n > 2 else n\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    price = import_module("bakery").price
    for n in (1, 5):
        assert to_static(price)(n) == price(n)
