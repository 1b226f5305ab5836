"""Function → converted function, compiled once for each code object and made once for each function object."""

from __future__ import annotations
import __future__

import copy
import threading
import warnings
from dataclasses import dataclass
from types import CellType, CodeType, FunctionType
from typing import Any
from weakref import WeakKeyDictionary

import gast

from dy2static import conversions, dispatch, generators
from dy2static.calls import call_function as call_function
from dy2static.conversions import Conversion
from dy2static.convert import convert_tree
from dy2static.declarations import annotation_places
from dy2static.lines import CODES, CodeOrigin
from dy2static.progress import Progress
from dy2static.source import first_line, lines_of, source_of
from dy2static.templates import is_generated
from dy2static.watch import watch

# Codes of the same text at the same lines are equal, and may yet stand in several files.
_compiled: WeakKeyDictionary[CodeType, dict[tuple[str, str], Compiled]] = WeakKeyDictionary()
_made: WeakKeyDictionary[FunctionType, dict[str, FunctionType]] = WeakKeyDictionary()
_lock = threading.RLock()


@dataclass(eq=False, repr=False)
class Compiled:
    """A converted function's code: `factory(d2s, scope, __class__)` makes the function."""

    factory: Any
    needs_class: bool


def has_source(function: FunctionType) -> bool:
    """Whether there may be source to convert; generated functions (of dataclasses, say) have none."""
    name = function.__code__.co_filename
    return not name.startswith("<") or bool(lines_of(function)) or name.startswith("<ipython")


def instantiate(function: FunctionType, form: str = "") -> FunctionType:
    """The converted and watched form of `function`, with its globals, closure and defaults; of a generator function one
    of its forms. Raises ConversionError."""
    if function.__code__ in CODES:
        return function  # it was made by converted code
    with _lock:
        made = _made.setdefault(function, {})
        if form not in made:
            made[form] = _make(function, form)
        return made[form]


def check_source(function: FunctionType) -> None:
    """Raises ConversionError where there is no source of `function` that can be converted."""
    with _lock:
        if _known(function, "") is None:
            source_of(function)


def traits(function: FunctionType) -> tuple[bool, bool, bool, bool, bool]:
    """What can be done with a generator function; see `generators.traits`."""
    return generators.traits(source_of(function, generator=True).tree)


def _make(function: FunctionType, form: str) -> FunctionType:
    code = function.__code__
    compiled = _known(function, form) or _compile(function, form)
    cells = dict(zip(code.co_freevars, function.__closure__ or ()))
    made: FunctionType = compiled.factory(dispatch, dispatch.Scope(function), None)
    if compiled.needs_class and "__class__" in cells:
        made = _with_cell(made, "__class__", cells["__class__"])
    made.__defaults__ = function.__defaults__
    made.__qualname__ = function.__qualname__
    made.__kwdefaults__ = function.__kwdefaults__
    made.__annotations__ = function.__annotations__
    return made


def _known(function: FunctionType, form: str) -> Compiled | None:
    """What was compiled of the function's code before: in this process, or in one that has kept it."""
    known = _compiled.get(function.__code__, {}).get((function.__code__.co_filename, form))
    if known is not None:
        return known
    found = conversions.kept(function, form)
    return None if found is None else _compiled_of(function, form, found)


def _with_cell(function: FunctionType, name: str, cell: CellType) -> FunctionType:
    names = function.__code__.co_freevars
    closure = tuple(cell if free == name else own for free, own in zip(names, function.__closure__ or ()))
    return FunctionType(function.__code__, function.__globals__, function.__name__, function.__defaults__, closure)


def _compile(function: FunctionType, form: str) -> Compiled:
    made = _converted(function, form)
    conversions.keep(function, form, made)
    return _compiled_of(function, form, made)


def _converted(function: FunctionType, form: str) -> Conversion:
    progress = Progress(function.__name__)
    source = source_of(function, bool(form))
    settle_annotations(source.tree, bool(function.__code__.co_flags & __future__.annotations.compiler_flag))
    progress.step("converting", "its statements")
    tree = convert_tree(source, expand=True, form=form)
    helper = tree.helper
    user_lines = frozenset((node.name, first_line(node)) for node in gast.walk(tree) if is_users_function(node))
    progress.step("converting", "its expressions")
    watched = watch(tree, helper)
    progress.step("converting", "its code")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the user's file, given when it was imported
        code = compile(gast.gast_to_ast(_module(watched, helper)), source.filename, "exec", dont_inherit=True)
    code = with_users_names(code, function.__qualname__[: -len(function.__name__)])
    return Conversion(code, user_lines, watched.name)


def _module(function: Any, helper: str) -> Any:
    """def factory(HELPER, HELPER_scope, __class__): the function, and `return` of it."""
    parameters = [gast.Name(name, gast.Param(), None, None) for name in (helper, helper + "_scope", "__class__")]
    arguments = gast.arguments(parameters, [], None, [], [], None, [])
    returned = gast.Return(gast.Name(function.name, gast.Load(), None, None))
    factory = gast.FunctionDef("factory", arguments, [function, returned], [], None, None, [])
    for node in (*parameters, returned, returned.value, factory):  # all others have their places
        node.lineno, node.col_offset, node.end_lineno, node.end_col_offset = 1, 0, 1, 0
    return gast.Module([factory], [])


def _compiled_of(function: FunctionType, form: str, made: Conversion) -> Compiled:
    namespace: dict[str, Any] = {"__name__": function.__module__, "__builtins__": __builtins__}
    around = function.__globals__  # which package relative imports are of
    namespace |= {name: around[name] for name in ("__package__", "__spec__") if name in around}
    exec(made.code, namespace)
    _register(made.code, function.__name__, made.user_lines, made.name)
    code = function.__code__
    compiled = Compiled(namespace["factory"], "__class__" in code.co_freevars)
    _compiled.setdefault(code, {})[code.co_filename, form] = compiled
    return compiled


def settle_annotations(tree: Any, are_texts: bool) -> None:
    """The function's own have been evaluated; inner ones are texts where its module has them so, and no code then."""
    for node, name in annotation_places(tree):
        setattr(node, name, None)
    for function in gast.walk(tree) if are_texts else ():
        inner = annotation_places(function) if isinstance(function, (gast.FunctionDef, gast.AsyncFunctionDef)) else []
        inner += [(function, "annotation")] if isinstance(function, gast.AnnAssign) else []
        for node, name in inner:
            old = getattr(node, name)
            setattr(node, name, gast.copy_location(gast.Constant(text_of(old), None), old))


def text_of(annotation: Any) -> str:
    """An annotation as Python itself writes it out."""
    noted = gast.AnnAssign(gast.Name("x", gast.Store(), None, None), annotation, None, 1)
    module = gast.fix_missing_locations(gast.Module([copy.deepcopy(noted)], []))
    namespace: dict[str, Any] = {}
    flags = __future__.annotations.compiler_flag
    exec(compile(gast.gast_to_ast(module), "<annotation>", "exec", flags, dont_inherit=True), namespace)
    return str(namespace["__annotations__"]["x"])


FACTORY = "factory.<locals>."


def with_users_names(code: CodeType, around: str) -> CodeType:
    """The code with the qualified names that its functions and classes have where the user wrote them."""
    consts = tuple(
        with_users_names(one, around)
        if isinstance(one, CodeType)
        else around + one.removeprefix(FACTORY)
        if isinstance(one, str) and one.startswith(FACTORY)
        else one
        for one in code.co_consts
    )
    named = getattr(code, "co_qualname", None)
    if named is None or not named.startswith(FACTORY):
        return code.replace(co_consts=consts)
    return code.replace(co_consts=consts, co_qualname=around + named.removeprefix(FACTORY))  # type: ignore[call-arg,unused-ignore]


def is_users_function(node: Any) -> bool:
    return isinstance(node, gast.FunctionDef) and not is_generated(node)


def _register(code: CodeType, owner: str, user_lines: frozenset[tuple[str, int]], name: str) -> None:
    """Notes for each code object inside which of the user's functions it belongs to."""
    for inner in code.co_consts:
        if not isinstance(inner, CodeType):
            continue
        own = inner.co_name == name or (inner.co_name, inner.co_firstlineno) in user_lines
        function = owner if inner.co_name == name or not own else inner.co_name
        CODES[inner] = CodeOrigin(function, not own)
        _register(inner, function, user_lines, "")
