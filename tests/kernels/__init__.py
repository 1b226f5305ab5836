"""Numerical kernels as strangers write them: KERNELS, a Row each. None is written with the converter in mind."""

from importlib import import_module

from tests.kernels.row import KERNELS

MODULES = (
    "stencils",
    "factorisations",
    "dynamic",
    "integers",
    "sorting",
    "images",
    "simulation",
    "networks",
    "calculus",
    "sparse",
)

for module in MODULES:
    import_module(f"tests.kernels.{module}")

__all__ = ["KERNELS"]
