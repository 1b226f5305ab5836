"""The last, hidden pass: converted code → the same code with a hook at each read, call, operator and write.

    self.n += w[i] * f(x)    →    d2s.inplace_attribute("+", d2s.reference(self, "n"),
                                      d2s.binary("*", d2s.item(d2s_scope.load("w"), i), d2s.call(d2s_scope.load("f"),
                                      x)))

The hooks let tracing see what a name, attribute or item was read from, convert what is called, and stage what Python
would do at once. For plain Python values they do what the code says. `f.code` shows the code before this pass.
"""

from __future__ import annotations

from typing import Any

import gast

from dy2static.declarations import annotation_places
from dy2static.hooks import OPERATORS, ExpressionHooks
from dy2static.scopes import FreeNames, parameter_names
from dy2static.templates import is_generated


def watch(function: gast.FunctionDef, helper: str) -> gast.FunctionDef:
    """Puts the hooks into `function`, whose helper namespace is `helper`. Changes the tree."""
    watcher = _Watcher(helper, parameter_names(function))
    scopes = [node.scope for node in gast.walk(function) if hasattr(node, "scope")]
    watcher.made = {name for scope in scopes for name in scope.made}
    watcher.watch_body(function)
    function.args.defaults = []
    function.args.kw_defaults = [None] * len(function.args.kwonlyargs)
    return gast.fix_missing_locations(function)


class _Watcher(ExpressionHooks, gast.NodeTransformer):
    def __init__(self, helper: str, parameters: list[str]):
        super().__init__()
        self.helper = helper
        self.first = parameters[0] if parameters else None
        self.temporaries = 0
        self.cells: list[set[str]] = [set()]  # of each function of the user's
        self.made: set[str] = set()
        self.free_names = FreeNames()

    def temporary(self) -> str:
        self.temporaries += 1
        return f"{self.helper}_{self.temporaries}"

    # Statements

    def statements(self, body: list[Any]) -> list[Any]:
        made: list[Any] = []
        for statement in body:
            new = self.visit(statement)
            made += new if isinstance(new, list) else [new] if new is not None else []
        return made or [gast.copy_location(gast.Pass(), body[0])] if body else []

    def generic_visit(self, node: Any) -> Any:
        for field, value in gast.iter_fields(node):
            if isinstance(value, list) and value and isinstance(value[0], gast.stmt):
                setattr(node, field, self.statements(value))
            elif isinstance(value, list):
                setattr(node, field, [self.visit(item) if isinstance(item, gast.AST) else item for item in value])
            elif isinstance(value, gast.AST):
                setattr(node, field, self.visit(value))
        return node

    def watch_body(self, function: Any) -> None:
        written = {name for node in gast.walk(function) if isinstance(node, gast.Nonlocal) for name in node.names}
        self.enter(function)
        shared = [name for name, kind in self.scopes[-1].items() if kind == "local" and name in written]
        cells = self.empty_cells(function, written)
        function.body = self.statements(function.body)
        if cells:
            function.body.insert(0, self.unset(cells, function))
        if function.args.vararg is not None:
            function.body[:0] = self.taken_rest(function.args.vararg.id, function)
        if function.args.kwarg is not None:
            function.body.insert(0, self.note(function.args.kwarg.id, function))
        if hasattr(function, "scope"):
            self.cells.pop()
        if shared:
            readers = [self.reader(gast.Name(name, gast.Load(), None, None)) for name in shared]
            function.body.insert(0, self.expression(self.hook("new_cells", *readers, at=function)))
        self.leave()

    def empty_cells(self, function: Any, written: set[str]) -> list[str]:
        """The captured names that live in a function: whether they hold a value is known at each read of them."""
        if hasattr(function, "scope"):
            self.cells.append({*function.scope.cells, *written} - self.made)
        parameters, free = parameter_names(function), self.free_names.of_inner(function)
        own = [name for name, kind in self.scopes[-1].items() if kind == "local" and name not in parameters]
        return [name for name in own if name in free and name in self.cells[-1]]

    def taken_rest(self, name: str, at: Any) -> list[Any]:
        """rest = d2s.rest(rest)"""
        value = self.hook("rest", self.load(name, at), at=at)
        return [self.place(gast.Assign([gast.Name(name, gast.Store(), None, None)], value, None), at)]

    def unset(self, names: list[str], at: Any) -> Any:
        """a = b = d2s.UNDEFINED"""
        value = gast.Attribute(self.load(self.helper, at), "UNDEFINED", gast.Load())
        targets = [gast.Name(name, gast.Store(), None, None) for name in names]
        return self.place(gast.Assign(targets, value, None), at)

    def visit_FunctionDef(self, node: Any) -> Any:
        node.decorator_list = self.decorators(node)
        node.args.defaults = [self.visit(item) for item in node.args.defaults]
        node.args.kw_defaults = [item and self.visit(item) for item in node.args.kw_defaults]
        for annotated, name in annotation_places(node):
            setattr(annotated, name, self.visit(getattr(annotated, name)))
        self.watch_body(node)
        if self.kind(node.name) in ("outer", "nonlocal"):
            return [node, *self.stored(node)]
        is_noted = not is_generated(node) and len(self.scopes) > 0 and not self.in_class
        return [node, self.note(node.name, node)] if is_noted else node

    def stored(self, node: Any) -> list[Any]:
        """What puts a function or class where its name says, if that is not where it stands."""
        if self.kind(node.name) not in ("outer", "nonlocal"):
            return []
        target = gast.copy_location(gast.Name(node.name, gast.Store(), None, None), node)
        return self.assign(target, self.load(node.name, node))

    def decorators(self, node: Any) -> list[Any]:
        """@d2s.decorator(f), for each that the user has written."""
        found = [(self.visit(item), item) for item in node.decorator_list]
        return [made if self.is_helper_call(item) else self.hook("decorator", made, at=item) for made, item in found]

    def note(self, name: str, at: Any) -> Any:
        """Notes where a function, a class or the dict of a `**rest` was made."""
        return self.expression(self.hook("new", self.load(name, at), at=at))

    def visit_ClassDef(self, node: Any) -> Any:
        """Python runs the body, with hooks: its names are those of the class."""
        node.bases = [self.visit(item) for item in node.bases]
        node.decorator_list = self.decorators(node)
        for keyword in node.keywords:
            keyword.value = self.visit(keyword.value)
        self.enter_class(node)
        node.body = self.statements(node.body)
        self.leave()
        return [node, *self.stored(node), self.note(node.name, node)]

    def visit_Lambda(self, node: Any) -> Any:
        node.args.defaults = [self.visit(item) for item in node.args.defaults]
        node.args.kw_defaults = [item and self.visit(item) for item in node.args.kw_defaults]
        self.enter(node)
        node.body = self.visit(node.body)
        if node.args.vararg is not None:
            node.body = self.with_rest(node.body, node.args.vararg.id, node)
        self.leave()
        return node

    def with_rest(self, body: Any, name: str, at: Any) -> Any:
        """(lambda rest: body)(d2s.rest(rest))"""
        parameter = gast.Name(name, gast.Param(), None, None)
        inner = gast.Lambda(gast.arguments([parameter], [], None, [], [], None, []), body)
        return self.place(gast.Call(inner, [self.hook("rest", self.load(name, at), at=at)], []), at)

    def visit_Global(self, node: Any) -> Any:
        return None

    def visit_Nonlocal(self, node: Any) -> Any:
        node.names = [name for name in node.names if self.kind(name) == "nonlocal"]
        return node if node.names else None

    def visit_Assign(self, node: Any) -> Any:
        value = self.visit(node.value)
        if len(node.targets) == 1:
            return self.assign(node.targets[0], value)
        name = self.temporary()
        made = [self.place(gast.Assign([gast.Name(name, gast.Store(), None, None)], value, None), node)]
        for target in node.targets:
            made += self.assign(target, self.load(name, target))
        return made + self.cleared([name], node)

    def cleared(self, names: list[str], at: Any) -> list[Any]:
        """Temporaries of the body of a class, which would be attributes of the class."""
        targets = [gast.Name(name, gast.Del(), None, None) for name in names]
        return [self.place(gast.Delete(targets), at)] if targets and self.in_class else []

    def visit_AnnAssign(self, node: Any) -> Any:
        if self.in_class:
            return self.annotated(node)
        if node.value is not None:
            return self.assign(node.target, self.visit(node.value))
        node.annotation = gast.copy_location(gast.Constant(None, None), node)
        return node if isinstance(node.target, gast.Name) else None

    def annotated(self, node: Any) -> Any:
        """An annotation in the body of a class, where it is evaluated after the value."""
        annotation, value = self.visit(node.annotation), node.value and self.visit(node.value)
        if isinstance(node.target, gast.Name):
            node.annotation, node.value = annotation, value
            return node
        stored = self.assign(node.target, value) if value is not None else []
        return [*stored, gast.copy_location(gast.Expr(annotation), node)]

    def assign(self, target: Any, value: Any) -> list[Any]:
        """The statements that give `value` to `target`."""
        if isinstance(target, gast.Attribute):
            return [
                self.expression(self.hook("set_attribute", value, self.visit(target.value), target.attr, at=target))
            ]
        if isinstance(target, gast.Subscript):
            owner, key = self.visit(target.value), self.key(target.slice)
            return [self.expression(self.hook("set_item", value, owner, key, at=target))]
        if isinstance(target, (gast.Tuple, gast.List)):
            return self.assign_items(target, value)
        if isinstance(target, gast.Starred):
            return self.assign(target.value, value)
        return [self.assign_name(target, value)]

    def assign_name(self, target: Any, value: Any) -> Any:
        kind = self.kind(target.id)
        if kind == "outer":
            return self.expression(self.scoped("store", target.id, value, at=target))
        if kind == "nonlocal":
            value = self.hook("set_cell", value, self.reader(target), not self.is_free(target.id), at=target)
        elif not self.is_helper_call(value, "named"):
            value = self.hook("named", value, target.id, at=target)
        return self.place(gast.Assign([gast.Name(target.id, gast.Store(), None, None)], value, None), target)

    def is_helper_call(self, node: Any, *names: str) -> bool:
        function = getattr(node, "func", None)
        value = getattr(function, "value", None)
        is_helper = isinstance(value, gast.Name) and value.id == self.helper
        return is_helper and (not names or getattr(function, "attr", None) in names)

    def assign_items(self, target: Any, value: Any) -> list[Any]:
        stars = [index for index, item in enumerate(target.elts) if isinstance(item, gast.Starred)]
        unpacked = value
        if not self.is_helper_call(value, "cond", "switch", "while_loop", "for_loop"):
            star = [stars[0]] if stars else []
            unpacked = self.hook("unpack", value, len(target.elts), *star, at=target)
        names = [self.temporary() for _ in target.elts]
        kinds = ("local", "class")
        simple = [isinstance(item, gast.Name) and self.kind(item.id) in kinds for item in target.elts]
        # In `a[i], i = 5, 3` the old i is the index: targets get their values from left to right.
        simple = [all(simple[: index + 1]) for index in range(len(simple))]
        names = [item.id if plain else name for item, plain, name in zip(target.elts, simple, names)]
        stored = gast.Tuple([gast.Name(name, gast.Store(), None, None) for name in names], gast.Store())
        made = [self.place(gast.Assign([stored], unpacked, None), target)]
        for item, plain, name in zip(target.elts, simple, names):
            if plain:
                made.append(self.expression(self.hook("named", self.load(name, item), name, at=item)))
            else:
                made += self.assign(item, self.load(name, item))
        return made + self.cleared([name for plain, name in zip(simple, names) if not plain], target)

    def visit_AugAssign(self, node: Any) -> Any:
        symbol, target = OPERATORS[type(node.op)], node.target
        if isinstance(target, gast.Name):
            old = self.visit(self.load(target.id, target))
            return [self.assign_name(target, self.hook("inplace", symbol, old, self.visit(node.value), at=node))]
        if isinstance(target, gast.Attribute):
            reference = self.hook("attribute_reference", self.visit(target.value), target.attr, at=target)
        else:
            reference = self.hook("item_reference", self.visit(target.value), self.key(target.slice), at=target)
        return self.expression(self.hook("inplace_reference", symbol, reference, self.visit(node.value), at=node))

    def visit_Delete(self, node: Any) -> Any:
        made: list[Any] = []
        for target in node.targets:
            if isinstance(target, gast.Attribute):
                call = self.hook("delete_attribute", self.visit(target.value), target.attr, at=target)
            elif isinstance(target, gast.Subscript):
                call = self.hook("delete_item", self.visit(target.value), self.key(target.slice), at=target)
            elif isinstance(target, gast.Name) and self.kind(target.id) == "outer":
                call = self.scoped("delete", target.id, at=target)
            elif isinstance(target, gast.Name) and self.is_cell(target.id):
                made.append(self.expression(self.visit(self.load(target.id, target))))  # raises where it is unbound
                unset = self.unset([target.id], target)
                made.append(self.assign_name(target, unset.value) if self.kind(target.id) == "nonlocal" else unset)
                continue
            else:
                made.append(gast.copy_location(gast.Delete([target]), node))
                continue
            made.append(self.expression(call))
        return made

    def is_cell(self, name: str) -> bool:
        kind = self.kind(name)
        return kind == "nonlocal" or kind != "class" and name in self.cells[-1]

    def visit_For(self, node: Any) -> Any:
        """A loop that is left to Python: of a generator, or in the body of a class."""
        node.iter = self.hook("steps_of", self.visit(node.iter), at=node)
        stores: list[Any] = []
        if not isinstance(node.target, gast.Name) or self.kind(node.target.id) not in ("local", "class"):
            name = self.temporary()
            stores = [*self.assign(node.target, self.load(name, node.target)), *self.cleared([name], node)]
            node.target = self.place(gast.Name(name, gast.Store(), None, None), node.target)
        node.body = [*stores, *self.statements(node.body)]
        node.orelse = self.statements(node.orelse)
        return node

    def visit_Raise(self, node: Any) -> Any:
        if node.exc is not None:
            arguments = [self.visit(node.exc)] + ([self.visit(node.cause)] if node.cause is not None else [])
            node.exc, node.cause = self.hook("raised", *arguments, at=node), None
        return node

    def visit_Import(self, node: Any) -> Any:
        """A name that is set elsewhere gets what another name has been given by the import."""
        made: list[Any] = []
        for alias in node.names:
            bound = alias.asname or alias.name.split(".")[0]
            kind = self.kind(bound)
            if kind not in ("outer", "nonlocal"):
                continue
            name = self.temporary()
            if isinstance(node, gast.Import) and alias.asname is None and "." in alias.name:
                made.append(self.place(gast.Import([gast.alias(bound, name)]), node))
            alias.asname = name
            made += self.assign(self.place(gast.Name(bound, gast.Store(), None, None), node), self.load(name, node))
            made += self.cleared([name], node)
        return [node, *made]

    visit_ImportFrom = visit_Import

    def expression(self, call: Any) -> Any:
        return gast.copy_location(gast.Expr(call), call)
