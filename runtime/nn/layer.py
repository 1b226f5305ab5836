"""Layer, the base of all: parameters are plain arrays in attributes, which every style reads when it calls.

layer(array)            NumPy, now
@to_static              the attributes are inputs of the program: rebinding one, or loading, is seen by the next call
layer(Variable)         in a program that is built by hand each parameter is one of the scope's, under its own name;
                        the start-up program sets it to what the layer holds
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, TypeVar
from weakref import WeakValueDictionary

import numpy as np

from runtime.building import Program, ProgramBuilder, default_main_program, parameter_of
from runtime.errors import ProgramError
from runtime.nn.initializers import Constant, Initializer, Xavier
from runtime.nn.staged import as_it_is, refuse_while_converting
from runtime.scope import given_state
from runtime.tracer import Variable, builder_of
from runtime.types import fixed_type, type_of

Self = TypeVar("Self", bound="Layer")
Array = np.ndarray[Any, Any]
MADE_ANEW = "each call would make the parameters of the layer anew"
MAKE_OUTSIDE = "make the layer once, outside of the function, and read it there from a global name or an attribute"
ZERO, ONE = Constant(0.0), Constant(1.0)


@dataclass(frozen=True)
class ParamAttr:
    """What is asked of a parameter.

    name           parameters of one name are one, in layers and in programs; None is a new name
    initializer    None is the layer's own choice
    learning_rate  a factor of the optimizer's, and `trainable` whether it moves the parameter at all; both are notes
    """

    name: str | None = None
    initializer: Initializer | None = None
    learning_rate: float = 1.0
    trainable: bool = True

    def __post_init__(self) -> None:
        if not (self.name is None or isinstance(self.name, str)):
            raise TypeError(f"ParamAttr: the name is a text, such as 'conv.weight', and not {self.name!r}")
        if not (self.initializer is None or isinstance(self.initializer, Initializer)):
            raise TypeError(f"ParamAttr: the initializer is one of nn, as nn.Xavier(), and not {self.initializer!r}")


@dataclass(frozen=True)
class Held:
    """A parameter or buffer as the layer made it: its name and the rest of its ParamAttr, and how to make it again."""

    attr: ParamAttr
    initializer: Initializer
    seed: Any
    is_buffer: bool


_numbers: dict[str, count[int]] = {}
_shared: WeakValueDictionary[str, Any] = WeakValueDictionary()  # arrays by the names that users gave
_building = threading.RLock()


def attr_of(given: Any, owner: str) -> ParamAttr:
    """A ParamAttr of what stands for one: a name, an initializer, or None or True."""
    if isinstance(given, ParamAttr):
        return given
    if given is None or given is True or isinstance(given, str):
        return ParamAttr(None if given is True else given)
    if isinstance(given, Initializer):
        return ParamAttr(initializer=given)
    raise TypeError(
        f"{owner}: {given!r} is no ParamAttr, name or initializer; give one, such as nn.ParamAttr('w', nn.Xavier()), "
        "or False for none"
    )


class _Forward:
    """What the converter takes a call of a layer for: its forward. Of classes there is none."""

    def __get__(self, layer: Layer | None, cls: type[Layer]) -> Any:
        if layer is None or cls.__call__ is not Layer.__call__:
            raise AttributeError("__dy2static_function__")
        assert layer._held is not None  # else it says what is wrong
        return layer.forward


class _Unset:
    """Stands where an attribute is that `Layer.__init__` sets, until it has."""

    def __get__(self, layer: Layer | None, cls: type[Layer]) -> Any:
        if layer is None:
            return self
        raise RuntimeError(
            f"{cls.__name__}.__init__ has not called super().__init__(), which every Layer needs: call it there first"
        )


class Layer:
    """A part of a network: a subclass makes parameters and layers in `__init__`, and says in `forward` what it does."""

    _name: Any = _Unset()
    _held: Any = _Unset()

    def __init__(self) -> None:
        refuse_while_converting(MADE_ANEW, MAKE_OUTSIDE)
        kind = type(self).__name__.lower()
        self.training = True
        self._name = f"{kind}_{next(_numbers.setdefault(kind, count()))}"
        self._held = {}

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError(f"{type(self).__name__} has no forward()")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if is_building(self, args, kwargs):
            return call_building(self, args, kwargs)
        return self.forward(*args, **kwargs)

    __dy2static_function__ = _Forward()

    # Parameters

    def create_parameter(
        self,
        name: str,
        shape: Any,
        attr: Any = None,
        initializer: Initializer | None = None,
        dtype: Any = "float32",
        is_buffer: bool = False,
    ) -> None:
        """Sets the attribute `name` to a new parameter; with `attr` False to None.

        A buffer is no parameter, but is kept with them: a running mean.
        """
        refuse_while_converting(MADE_ANEW, MAKE_OUTSIDE)
        if attr is False:
            setattr(self, name, None)
            return
        owner = f"parameter {name!r} of {type(self).__name__}"
        asked, made = attr_of(attr, owner), fixed_type(owner, shape, dtype)
        known = tuple(dim for dim in made.shape or () if isinstance(dim, int))
        first = asked.initializer or initializer or Xavier()
        held = Held(replace(asked, name=asked.name or f"{self._name}.{name}"), first, first.own_seed(), is_buffer)
        self._held[name] = held
        setattr(self, name, _array(held, known, str(made.dtype), asked.name is not None))

    def sublayers(self, prefix: str = "") -> Iterator[tuple[str, Layer]]:
        """This layer and all inside it, each by its path: "", "conv", "blocks.0.conv"."""
        yield prefix, self
        for name, layer in self.children():
            yield from layer.sublayers(f"{prefix}.{name}" if prefix else name)

    def children(self) -> Iterator[tuple[str, Layer]]:
        """The layers in the attributes, and in lists, tuples and dicts there."""
        for name, value in vars(self).items():
            if isinstance(value, Layer):
                yield name, value
            elif isinstance(value, (list, tuple)):
                yield from ((f"{name}.{at}", one) for at, one in enumerate(value) if isinstance(one, Layer))
            elif isinstance(value, dict):
                yield from ((f"{name}.{key}", one) for key, one in value.items() if isinstance(one, Layer))

    def named_held(self) -> Iterator[tuple[str, Layer, str]]:
        """Path, layer and attribute of every parameter and buffer."""
        for path, layer in self.sublayers():
            for name in layer._held:
                yield (f"{path}.{name}" if path else name), layer, name

    def named_parameters(self) -> Iterator[tuple[str, Array]]:
        """Paths and arrays of the parameters, one that is shared only once."""
        seen: set[int] = set()
        for path, layer, name in self.named_held():
            value = vars(layer)[name]
            if not layer._held[name].is_buffer and value is not None and id(value) not in seen:
                seen.add(id(value))
                yield path, value

    def parameters(self) -> list[Array]:
        """The arrays of the parameters: write into one, or bind its attribute anew, to change it."""
        return [value for _, value in self.named_parameters()]

    def param_attrs(self) -> dict[str, ParamAttr]:
        """The ParamAttr of each parameter, by path, with the name it has in programs."""
        return {
            path: layer._held[name].attr for path, layer, name in self.named_held() if not layer._held[name].is_buffer
        }

    def state_dict(self) -> dict[str, Array]:
        """The arrays of parameters and buffers by path, as they are: copy them to keep them."""
        return {path: vars(layer)[name] for path, layer, name in self.named_held() if vars(layer)[name] is not None}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Writes arrays into the parameters and buffers of the same paths: into all, or into none.

        Raises KeyError for a path that is missing or unknown, ValueError for another shape.
        """
        refuse_while_converting("load_state_dict() writes into the layer at once", "call it outside of the function")
        own = self.state_dict()
        types = {path: type_of(array) for path, array in own.items()}
        for path, array in given_state(type(self).__name__, types, state).items():
            own[path][...] = array

    # Modes

    def train(self: Self, mode: bool = True) -> Self:
        """Sets `training` here and in all layers inside."""
        for _, layer in self.sublayers():
            layer.training = mode
        return self

    def eval(self: Self) -> Self:
        """`train(False)`."""
        return self.train(False)

    def __repr__(self) -> str:
        inner = ", ".join(f"{path}: {value.dtype}{list(value.shape)}" for path, value in self.named_parameters())
        return f"{type(self).__name__}({inner})"


def _array(held: Held, shape: tuple[int, ...], dtype: str, is_named: bool) -> Array:
    """The array of a new parameter; of a name that another layer has, that layer's."""
    name = str(held.attr.name)
    known = _shared.get(name) if is_named else None
    if known is None:
        made = held.initializer.array(shape, dtype, held.seed)
        if is_named:
            _shared[name] = made
        return made
    if known.shape != shape or known.dtype != dtype:
        raise ValueError(
            f"parameter {name!r} is {dtype}{list(shape)} here, and {known.dtype}{list(known.shape)} in another layer; "
            "parameters of one name are one: give this one another name"
        )
    return known


# In a program that is built by hand


@as_it_is
def is_building(layer: Layer, args: Any, kwargs: Any) -> bool:
    """Whether a program that is built by hand is what these arguments are of."""
    return layer._held is not None and isinstance(builder_of((args, kwargs)), ProgramBuilder)


@as_it_is
def call_building(layer: Layer, args: Any, kwargs: Any) -> Any:
    """`layer.forward`, with the parameters of the program in the place of the arrays."""
    builder = builder_of((args, kwargs))
    assert isinstance(builder, ProgramBuilder)
    is_converted = getattr(layer.forward, "__dy2static_function__", None) is not None
    with _building, _declared(layer, builder.program), _held(layer, builder) if is_converted else nullcontext():
        return layer.forward(*args, **kwargs)


@contextmanager
def _declared(layer: Layer, program: Program) -> Iterator[None]:
    places = [(owner, name) for _, owner, name in layer.named_held() if isinstance(vars(owner)[name], np.ndarray)]
    arrays = [vars(owner)[name] for owner, name in places]
    declared = [_declare(program, owner._held[name], array) for (owner, name), array in zip(places, arrays)]
    try:
        for (owner, name), variable in zip(places, declared):
            setattr(owner, name, variable)
        yield
        for (owner, name), variable in zip(places, declared):
            if vars(owner)[name] is not variable:
                raise ProgramError(
                    f"{type(owner).__name__}.forward binds {name!r} anew, and a program keeps what is written into it: "
                    f"write self.{name}[...] = …"
                )
    finally:
        for (owner, name), array in zip(places, arrays):
            setattr(owner, name, array)


@contextmanager
def _held(layer: Layer, builder: ProgramBuilder) -> Iterator[None]:
    """Gives the arrays back to a layer whose forward is converted: its trace reads them, and the program's parameters
    take their places in what becomes of it."""
    places = [(owner, name) for _, owner, name in layer.named_held() if isinstance(vars(owner)[name], Variable)]
    variables = [vars(owner)[name] for owner, name in places]
    before = dict(builder.held)
    try:
        for (owner, name), variable in zip(places, variables):
            array = builder.sources[str(owner._held[name].attr.name)]
            builder.held[id(array)] = variable
            setattr(owner, name, array)
        yield
    finally:
        builder.held = before
        for (owner, name), variable in zip(places, variables):
            setattr(owner, name, variable)


def _declare(program: Program, held: Held, array: Array) -> Variable:
    name = str(held.attr.name)
    known = program.builder.sources.setdefault(name, array)
    if known is not array and not np.array_equal(known, array):
        raise ProgramError(
            f"two parameters of program {program.name} are named {name!r} and hold different values; "
            "parameters of one name are one: give each a name by its ParamAttr"
        )

    def initial() -> Any:
        """The op that made the array, or where it has changed since, the array."""
        arguments = (array.shape, str(array.dtype), held.seed)
        if np.array_equal(held.initializer.array(*arguments), array):
            return held.initializer.stage(default_main_program().builder.emit, *arguments)
        return array.copy()

    return parameter_of(program, name, type_of(array), initial)
