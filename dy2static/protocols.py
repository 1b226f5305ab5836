"""What a special method of the user's has given, as the builtin that called it passes it on.

    len(bag), where __len__ gives np.int64(2)        →        2, an int; for -1 a ValueError, for 2.5 a TypeError
"""

from __future__ import annotations

from typing import Any

from dy2static.native import native
from dy2static.trace import Trace
from runtime.ops.objects import PROTOCOLS, passed_on
from runtime.tracer import Variable

# What needs no look: results of exactly this class are passed on as they are.
AS_IT_IS: dict[str, type] = {
    "__bool__": bool, "__float__": float, "__complex__": complex, "__str__": str, "__repr__": str, "__format__": str,
}  # fmt: skip


def given(trace: Trace, name: str, owner: Any, result: Any) -> Any:
    """What the builtin gives that called method `name` of an object of class `owner`, which gave `result`."""
    if name not in PROTOCOLS:
        return result
    result = trace.resolve(result)
    exact = AS_IT_IS.get(name)
    if not isinstance(result, Variable):
        return result if exact is not None and type(result) is exact else native(trace, passed_on, name, owner, result)
    known = result.type
    if exact is not None and known.is_python and known.dtype is exact and not known.maybe:
        return result
    return trace.emit("passed_on", name, owner, result)
