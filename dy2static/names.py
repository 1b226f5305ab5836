"""Hooks for names from outside of the function: globals and the cells of its closure."""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from types import CellType, FunctionType
from typing import Any

from dy2static import eager
from dy2static.attribute_writes import declare_volatile
from dy2static.attributes import reread
from dy2static.choices import is_choice
from dy2static.module_attributes import is_library
from dy2static.native import native
from dy2static.outside import may_change
from dy2static.places import Place, root_object
from dy2static.slots import cell_slot
from dy2static.trace import Trace, tracing
from runtime.tracer import TracingError, Variable
from runtime.types import ANY, UNDEFINED


class Scope:
    """The globals and closure of a converted function, which are read where they stand, also in no trace."""

    __dy2static_scope__ = True

    def __init__(self, function: FunctionType, owner: Any = None):
        self.globals = function.__globals__
        self.cells: dict[str, CellType] = dict(zip(function.__code__.co_freevars, function.__closure__ or ()))
        self.module = function.__module__

    def load(self, name: str) -> Any:
        return self._load(name, self.cells[name], "cell_contents") if name in self.cells else self._load_global(name)

    def _load_global(self, name: str) -> Any:
        return self._load(name, self.globals, name)

    def _load(self, name: str, owner: Any, key: str) -> Any:
        trace = tracing()
        if trace is not None:
            place = self._place(trace, owner, name)
            if place in trace.assumptions.volatile:
                return self._read_volatile(trace, owner, key, place)
        try:
            value = owner.cell_contents if isinstance(owner, CellType) else owner[name]
        except KeyError:
            return self._builtin(trace, name)
        except ValueError:
            message = f"cannot access free variable '{name}' where it is not associated with a value in enclosing scope"
            raise own_error(trace, NameError(message)) from None
        if trace is None or is_library(value):
            return value
        if may_change(trace, value, place):
            return self._read_volatile(trace, owner, key, place)
        return trace.admit(value, place)

    def load_in_class(self, name: str, body: Mapping[str, Any]) -> Any:
        """A name that the body of a class binds: where it has not yet done so, it is that of the module."""
        try:
            return body[name]
        except KeyError:
            return self._load_global(name)

    def _builtin(self, trace: Trace | None, name: str) -> Any:
        if hasattr(builtins, name):
            return getattr(builtins, name)
        raise own_error(trace, NameError(f"name '{name}' is not defined"))

    def _place(self, trace: Trace, owner: Any, name: str) -> Place:
        called = name if owner is not self.globals else "globals"
        trace.origins.setdefault(id(owner), (owner, root_object(owner, called)))
        base = trace.origins[id(owner)][1]
        return base.attribute("cell_contents") if isinstance(owner, CellType) else base.item(name)

    def _read_volatile(self, trace: Trace, owner: Any, key: str, place: Place) -> Any:
        holder = trace.opaque(owner)
        op = "load" if isinstance(owner, CellType) else "getitem"
        return reread(trace, trace.emit(op, holder, key), place)

    def store(self, name: str, value: Any) -> Any:
        trace = tracing()
        cell = self.cells.get(name)
        if trace is None:
            if cell is not None:
                cell.cell_contents = value
            else:
                self.globals[name] = value
            return value
        owner = cell if cell is not None else self.globals
        declare_volatile(trace, self._place(trace, owner, name), value)
        if cell is not None:
            trace.emit("store", trace.opaque(cell), "cell_contents", value)
        else:
            trace.emit("setitem", trace.opaque(self.globals), name, value)
        return value

    def delete(self, name: str) -> None:
        trace = tracing()
        if trace is not None:
            raise TracingError(f"deleting the global name {name!r} cannot be staged")
        del self.globals[name]


def own_error(trace: Trace | None, error: BaseException) -> BaseException:
    return error if trace is None else trace.own(error)


def new_cells(*readers: FunctionType) -> None:
    """Notes where the cells that `readers` read were made."""
    trace = tracing()
    if trace is not None:
        for reader in readers:
            trace.bear(reader.__closure__[0])  # type: ignore[index]


def set_cell(value: Any, reader: FunctionType, is_own: bool) -> Any:
    """Notes the write of a captured name, which the code then does; whether the running function has made its cell."""
    trace = tracing()
    if trace is None or not trace.regions:
        return value
    cell = reader.__closure__[0]  # type: ignore[index]
    trace.write(cell_slot(cell, trace.starts[-1], is_own), value)
    return value


def defined(value: Any, name: str) -> Any:
    trace = tracing()
    if trace is None or value is UNDEFINED:
        return native(trace, eager.defined, value, name) if trace else eager.defined(value, name)
    if is_choice(value):
        return value.use(lambda option: defined(option, name)) if UNDEFINED in value.options else value
    if isinstance(value, Variable) and (value.type.maybe or value.type == ANY):
        return named(trace.emit("defined", value, name), name)
    return value


def captured(value: Any, name: str, is_free: bool) -> Any:
    """A read of a name that several functions share, and that one of them may have left unset."""
    if is_free and value is UNDEFINED:
        message = f"cannot access free variable '{name}' where it is not associated with a value in enclosing scope"
        raise own_error(tracing(), NameError(message))
    if is_free and isinstance(value, Variable) and value.type.maybe:
        return value.builder.emit("defined", value, name, False)
    if value is UNDEFINED or isinstance(value, Variable) and value.type.maybe:
        return defined(value, name)
    return value


def named(value: Any, name: str) -> Any:
    """Notes the user's name for a Value."""
    if isinstance(value, Variable) and value.value.hint is None:
        value.value.hint = name
    return value
