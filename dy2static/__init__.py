"""Imperative NumPy in, static programs out. Start with `to_static`."""

from dy2static.decorators import not_to_static, to_static
from dy2static.errors import ConversionError, RetraceWarning
from dy2static.signature import InputSpec
from dy2static.static_function import StaticFunction

__all__ = ["ConversionError", "InputSpec", "RetraceWarning", "StaticFunction", "not_to_static", "to_static"]
