"""Generated text → code objects that stand at the user's files and lines, one for each function of the user's.

Statements that come from a callee are set into a function of their own, whose code is at the callee's file:

    a = x + 1     # f:7                  a = x + 1
    b = a * 2     # f:8 ← g:3     →      def call_1():  nonlocal b;  b = a * 2
    c = b + a     # f:9                  call_1();  c = b + a
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from types import CodeType
from typing import Any

from runtime.ir import Frame

Path = tuple[Frame, ...]  # from the outermost line to the innermost


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a function of the user's stands; `line` is that of its definition."""

    file: str
    function: str
    line: int


def compile_at(
    text: str,
    frames: Sequence[Frame | None],
    origins: dict[str, Origin],
    prefix: str,
    definition_line: Callable[[str, str, int], int],
) -> CodeType:
    """Compiles generated functions; line n of `text` comes from frames[n - 1], and `origins` tells of the main one."""
    tree = ast.parse(text)
    placer = Placer([path_of(frame) for frame in frames], prefix, definition_line)
    placer.origins.update(origins)
    tree.body = [placer.whole(node, () if node.name in origins else None, 0)
                 for node in tree.body if isinstance(node, ast.FunctionDef)]  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, (ast.stmt, ast.expr, ast.excepthandler, ast.keyword)):
            node.col_offset = node.end_col_offset = -1
    return moved(compile(tree, "<steps>", "exec"), placer.origins)


def path_of(frame: Frame | None) -> Path:
    path: list[Frame] = []
    while frame is not None:
        path.insert(0, frame)
        frame = frame.caller
    return tuple(path)


def is_same_activation(a: Frame, b: Frame) -> bool:
    """Of two lines with the same callers: whether they are of one function."""
    return a.function == b.function and a.file == b.file


def common(paths: Sequence[Path]) -> Path:
    """The innermost activation that all lines are in, with the first line as its own."""
    found = paths[0]
    for path in paths[1:]:
        depth = 0
        while depth < min(len(found), len(path)) and is_same_activation(found[depth], path[depth]):
            depth += 1
            if found[depth - 1] != path[depth - 1]:
                break
        found = found[:depth]
    return found


@dataclass
class Activation:
    """The function whose lines are being placed: at `depth` of the paths, its lines moved by `shift`."""

    path: Path
    shift: int
    last: int

    @property
    def depth(self) -> int:
        return len(self.path) - 1

    def line(self, path: Path) -> int:
        """The line of this function that a statement stands at."""
        if self.holds(path):
            self.last = path[self.depth].line
        return self.last

    def holds(self, path: Path) -> bool:
        if len(path) < len(self.path) or path[: self.depth] != self.path[: self.depth]:
            return False
        return is_same_activation(path[self.depth], self.path[self.depth])


@dataclass
class Placer:
    paths: list[Path]
    prefix: str
    definition_line: Callable[[str, str, int], int]
    origins: dict[str, Origin] = field(default_factory=dict)
    count: int = 0

    def whole(self, node: ast.FunctionDef, base: Path | None, line: int) -> ast.FunctionDef:
        """A function of the generated text, which is one of the user's called at `base`; None: the innermost that fits.

        `line` is where its definition is to stand in what is around it.
        """
        paths = [path for inner in node.body for one in statements(inner) if (path := self.paths[one.lineno - 1])]
        path = common(paths) if paths else ()
        if base is not None and path[: len(base)] == base:
            path = path[: len(base) + 1]
        origin = self.origins.get(node.name)
        if origin is None:
            origin = self.origins[node.name] = self.origin(path, paths)
        path = path or (Frame(origin.file, origin.line, origin.function),)
        return self.function(node, path, origin, line, node.args)

    def origin(self, path: Path, paths: list[Path]) -> Origin:
        if not path:
            return Origin("<program>", "program", 1)
        frame = path[-1]
        lines = [one[len(path) - 1].line for one in paths if len(one) >= len(path)]
        first = min([frame.line, *lines])
        return Origin(frame.file, frame.function, min(first, self.definition_line(frame.file, frame.function, first)))

    def function(
        self, node: ast.FunctionDef, path: Path, origin: Origin, line: int, arguments: ast.arguments
    ) -> ast.FunctionDef:
        """Places the body. compile() counts from the definition, so all lines move with it; `moved` moves them back."""
        line = line or origin.line
        inner = Activation(path, line - origin.line, origin.line)
        body = self.block(node.body, inner)
        names = sorted(set(stored(body)) - {argument.arg for argument in arguments.args})
        body += [ast.AnnAssign(ast.Name(name, ast.Store()), ast.Constant(0), None, 1)
                 for name in names if name.startswith(self.prefix)]  # fmt: skip
        at_line(body, line)
        at_line(node.decorator_list, line)
        made = ast.FunctionDef(node.name, arguments, body, node.decorator_list, None, None)
        made.type_params = []  # type: ignore[attr-defined,unused-ignore]  # Python 3.12 has to have it
        made.placed = True  # type: ignore[attr-defined]
        made.lineno = made.end_lineno = line
        for argument in arguments.args:
            argument.lineno = argument.end_lineno = line
            argument.col_offset = argument.end_col_offset = -1
        return made

    def block(self, body: list[ast.stmt], here: Activation) -> list[ast.stmt]:
        placed: list[ast.stmt] = []
        pairs = [(self.callee(node, here), node) for node in body]
        for callee, group in groupby(pairs, key=lambda pair: pair[0]):
            nodes = [node for _, node in group]
            if callee is None:
                placed += [self.statement(node, here) for node in nodes]
            else:
                placed += self.called(nodes, callee, here)
        return placed

    def callee(self, node: ast.stmt, here: Activation) -> tuple[Any, ...] | None:
        """The function called from `here` that a statement as a whole belongs to, as the line of the call and its
        name."""
        paths = [path for inner in statements(node) if (path := self.paths[inner.lineno - 1])]
        if not paths or isinstance(node, ast.FunctionDef) or leaves(node):
            return None
        path = common(paths)
        if not here.holds(path) or len(path) < len(here.path) + 1:
            return None
        inner = path[len(here.path)]
        return path[: len(here.path)], inner.file, inner.function

    def called(self, nodes: list[ast.stmt], callee: tuple[Any, ...], here: Activation) -> list[ast.stmt]:
        self.count += 1
        name = f"{self.prefix}call_{self.count}"
        calling: Path = callee[0]
        paths = [path for node in nodes for inner in statements(node) if (path := self.paths[inner.lineno - 1])]
        path = (*calling, paths[0][len(calling)])
        origin = self.origins[name] = self.origin(path, paths)
        line = here.line(calling) + here.shift
        given = self.parameters(nodes, origin.line, len(path) - 1)
        nodes = nodes[len(given) :]
        none = ast.arguments([], [ast.arg(one.targets[0].id) for one in given], None, [], [], None, [])
        names = sorted(name for name in set(stored(nodes)) if name.startswith(self.prefix))
        node = ast.FunctionDef(name, none, nodes, [], None, None)
        made = self.function(node, path, origin, line, none)
        nothing = ast.Pass(lineno=line, end_lineno=line)  # where its statements only give the arguments
        made.body = [one for one in made.body if not (isinstance(one, ast.AnnAssign))] or [nothing]
        if names:
            outer = ast.Nonlocal(names)
            at_line([outer], line)
            made.body.insert(0, outer)
        call = ast.Expr(ast.Call(ast.Name(name, ast.Load()), [one.value for one in given], []))
        at_line([call], line)
        return [made, call]

    def parameters(self, nodes: list[ast.stmt], line: int, depth: int) -> list[Any]:
        """The assignments at the line of a function's definition: what it is called with."""
        found: dict[str, Any] = {}
        for node in nodes:
            path = self.paths[node.lineno - 1]
            if not isinstance(node, ast.Assign) or len(path) != depth + 1 or path[-1].line != line:
                break
            target = node.targets[0]
            if not isinstance(target, ast.Name) or target.id.startswith(self.prefix) or target.id in found:
                break
            found[target.id] = node
        return list(found.values())[: len(nodes) - 1]  # a function has to have a body

    def statement(self, node: ast.stmt, here: Activation) -> ast.stmt:
        """A statement of this function's own, its lines set."""
        path = self.paths[node.lineno - 1]
        line = (here.last if isinstance(node, ast.Return) else here.line(path)) + here.shift
        if isinstance(node, ast.FunctionDef):
            return self.whole(node, path, line)
        for name in ("body", "orelse", "finalbody"):
            if inner := getattr(node, name, None):
                setattr(node, name, Placed(self.block(inner, here)))
        for handler in getattr(node, "handlers", ()):
            handler.body = Placed(self.block(handler.body, here))
        at_line([node], line)
        return node


class Placed(list[ast.stmt]):
    """Statements whose lines are set."""


def at_line(nodes: Sequence[ast.AST], line: int) -> None:
    """Sets the line of statements and their expressions, not that of the statements inside them."""
    todo: list[Any] = [node for node in nodes if not (isinstance(node, ast.stmt) and hasattr(node, "placed"))]
    while todo:
        node = todo.pop()
        node.lineno = node.end_lineno = line
        node.placed = True
        for name, value in ast.iter_fields(node):
            if isinstance(value, Placed):
                continue
            if name == "handlers":
                for handler in value:
                    handler.lineno = handler.end_lineno = line
                    todo += [handler.type] if handler.type is not None else []
                continue
            todo += [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, ast.AST)]


def statements(node: Any) -> Iterator[Any]:
    """A statement and the statements inside it."""
    yield node
    for name in ("body", "orelse", "finalbody"):
        for inner in getattr(node, name, ()) or ():
            yield from statements(inner)
    for handler in getattr(node, "handlers", ()):
        for inner in handler.body:
            yield from statements(inner)


def leaves(node: Any, in_loop: bool = False) -> bool:
    """Whether a statement returns, or breaks a loop that it is inside of: it cannot be set into another function."""
    if isinstance(node, ast.Return):
        return True
    if isinstance(node, (ast.Break, ast.Continue)):
        return not in_loop
    if isinstance(node, ast.FunctionDef):
        return False
    in_loop = in_loop or isinstance(node, (ast.For, ast.While))
    parts = [getattr(node, name, None) or () for name in ("body", "orelse", "finalbody")]
    parts += [handler.body for handler in getattr(node, "handlers", ())]
    return any(leaves(inner, in_loop) for part in parts for inner in part)


def stored(nodes: Sequence[ast.AST]) -> Iterator[str]:
    """The names that statements set in the function they stand in, those of nested calls included."""
    todo = list(nodes)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        if isinstance(node, ast.FunctionDef):
            yield node.name
            outer = [one for one in node.body if isinstance(one, ast.Nonlocal)]
            yield from (name for one in outer for name in one.names)
            continue
        todo += ast.iter_child_nodes(node)


def moved(code: CodeType, origins: dict[str, Origin]) -> CodeType:
    """The code with each function at its file, under its name, and its lines counted from its own definition."""
    constants = tuple(moved(one, origins) if isinstance(one, CodeType) else one for one in code.co_consts)
    origin = origins.get(code.co_name)
    if origin is None:
        return code.replace(co_consts=constants)
    changes: dict[str, Any] = {"co_qualname": origin.function} if hasattr(code, "co_qualname") else {}
    return code.replace(
        co_consts=constants,
        co_filename=origin.file,
        co_name=origin.function,
        co_firstlineno=origin.line,
        **changes,
    )
