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

from dy2static.templates import is_generated, parameters

OPERATORS = {
    gast.Add: "+", gast.Sub: "-", gast.Mult: "*", gast.Div: "/", gast.FloorDiv: "//", gast.Mod: "%", gast.Pow: "**",
    gast.MatMult: "@", gast.LShift: "<<", gast.RShift: ">>", gast.BitAnd: "&", gast.BitOr: "|", gast.BitXor: "^",
    gast.USub: "-", gast.UAdd: "+", gast.Invert: "~", gast.Not: "not",
    gast.Lt: "<", gast.LtE: "<=", gast.Eq: "==", gast.NotEq: "!=", gast.Gt: ">", gast.GtE: ">=",
    gast.Is: "is", gast.IsNot: "is not", gast.In: "in", gast.NotIn: "not in",
}  # fmt: skip
UNWATCHED = {"super", "locals", "globals", "vars", "dir", "eval", "exec", "__class__"}


def watch(function: gast.FunctionDef, helper: str) -> gast.FunctionDef:
    """Puts the hooks into `function`, whose helper namespace is `helper`. Changes the tree."""
    watcher = _Watcher(helper, _parameter_names(function))
    watcher.cells = {name for node in gast.walk(function) if isinstance(node, gast.Nonlocal) for name in node.names}
    scopes = [node.scope for node in gast.walk(function) if hasattr(node, "scope")]
    watcher.made = {name for scope in scopes for name in scope.made}
    watcher.enter(function)
    function.body = watcher.statements(function.body)
    watcher.leave()
    function.args.defaults = []
    function.args.kw_defaults = [None] * len(function.args.kwonlyargs)
    return gast.fix_missing_locations(function)


def _parameter_names(function: Any) -> list[str]:
    arguments = function.args
    listed = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    listed += [one for one in (arguments.vararg, arguments.kwarg) if one is not None]
    return [one.id for one in listed]


class _Watcher(gast.NodeTransformer):
    def __init__(self, helper: str, parameters: list[str]):
        self.helper = helper
        self.first = parameters[0] if parameters else None
        self.scopes: list[dict[str, str]] = []  # name → "local", "nonlocal" or "outer"
        self.generated: list[bool] = []
        self.temporaries = 0
        self.cells: set[str] = set()
        self.made: set[str] = set()

    # Scopes

    def enter(self, function: Any) -> None:
        scope = dict.fromkeys(_parameter_names(function), "local")
        for name in _Bindings.of(function):
            scope.setdefault(name, "local")
        declared = _Declarations()
        for statement in function.body if isinstance(function.body, list) else []:
            declared.visit(statement)
        for name in declared.globals:
            scope[name] = "outer"
        for name in declared.nonlocals:
            scope[name] = "nonlocal" if self.is_bound(name) else "outer"
        self.scopes.append(scope)
        self.generated.append(is_generated(function))

    def leave(self) -> None:
        self.scopes.pop()
        self.generated.pop()

    def is_bound(self, name: str) -> bool:
        for scope in reversed(self.scopes):
            if name in scope:
                return scope[name] != "outer"
        return False

    def kind(self, name: str) -> str:
        for index, scope in enumerate(reversed(self.scopes)):
            if name in scope:
                return scope[name] if index == 0 else "local" if scope[name] != "outer" else "outer"
        return "outer"

    # Making nodes

    def hook(self, name: str, *arguments: Any, at: Any) -> Any:
        function = gast.Attribute(gast.Name(self.helper, gast.Load(), None, None), name, gast.Load())
        return self.place(gast.Call(function, [self.node(one) for one in arguments], []), at)

    def scoped(self, name: str, *arguments: Any, at: Any) -> Any:
        scope = gast.Name(self.helper + "_scope", gast.Load(), None, None)
        return self.place(
            gast.Call(gast.Attribute(scope, name, gast.Load()), [self.node(one) for one in arguments], []), at
        )

    def node(self, value: Any) -> Any:
        return value if isinstance(value, gast.AST) else gast.Constant(value, None)

    def place(self, node: Any, at: Any) -> Any:
        for inner in gast.walk(node):
            if not hasattr(inner, "lineno"):
                gast.copy_location(inner, at)
        return node

    def load(self, name: str, at: Any) -> Any:
        return gast.copy_location(gast.Name(name, gast.Load(), None, None), at)

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

    def visit_FunctionDef(self, node: Any) -> Any:
        node.decorator_list = [self.visit(item) for item in node.decorator_list]
        node.args.defaults = [self.visit(item) for item in node.args.defaults]
        node.args.kw_defaults = [item and self.visit(item) for item in node.args.kw_defaults]
        self.enter(node)
        node.body = self.statements(node.body)
        self.leave()
        if self.kind(node.name) in ("outer", "nonlocal"):
            stored = self.assign(gast.copy_location(gast.Name(node.name, gast.Store(), None, None), node),
                                 self.load(node.name, node))  # fmt: skip
            return [node, *stored] if self.kind(node.name) == "nonlocal" else node
        return [node, self.note(node)] if not is_generated(node) and len(self.scopes) > 0 else node

    def note(self, node: Any) -> Any:
        """Notes where a function or class was made."""
        return self.expression(self.hook("new", self.load(node.name, node), at=node))

    def visit_ClassDef(self, node: Any) -> Any:
        node.bases = [self.visit(item) for item in node.bases]
        node.decorator_list = [self.visit(item) for item in node.decorator_list]
        for keyword in node.keywords:
            keyword.value = self.visit(keyword.value)
        bound = _Bindings()
        for statement in node.body:
            bound.visit(statement)
        self.scopes.append(dict.fromkeys(bound.names, "local"))
        self.generated.append(True)
        for item in node.body:
            if isinstance(item, gast.FunctionDef):
                self.visit_FunctionDef(item)
        self.leave()
        return [node, self.note(node)]

    def visit_Lambda(self, node: Any) -> Any:
        node.args.defaults = [self.visit(item) for item in node.args.defaults]
        node.args.kw_defaults = [item and self.visit(item) for item in node.args.kw_defaults]
        self.enter(node)
        node.body = self.visit(node.body)
        self.leave()
        return node

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
        return made

    def visit_AnnAssign(self, node: Any) -> Any:
        if node.value is not None:
            return self.assign(node.target, self.visit(node.value))
        node.annotation = gast.copy_location(gast.Constant(None, None), node)
        return node if isinstance(node.target, gast.Name) else None

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
            value = self.hook("set_cell", value, self.reader(target), at=target)
        elif not self.is_helper_call(value, "named"):
            value = self.hook("named", value, target.id, at=target)
        return self.place(gast.Assign([gast.Name(target.id, gast.Store(), None, None)], value, None), target)

    def is_helper_call(self, node: Any, *names: str) -> bool:
        function = getattr(node, "func", None)
        value = getattr(function, "value", None)
        is_helper = isinstance(value, gast.Name) and value.id == self.helper
        return is_helper and (not names or getattr(function, "attr", None) in names)

    def reader(self, target: Any) -> Any:
        nothing = gast.arguments([], [], None, [], [], None, [])
        return gast.Lambda(nothing, gast.Name(target.id, gast.Load(), None, None))

    def assign_items(self, target: Any, value: Any) -> list[Any]:
        stars = [index for index, item in enumerate(target.elts) if isinstance(item, gast.Starred)]
        unpacked = value
        if not self.is_helper_call(value, "cond", "switch", "while_loop", "for_loop"):
            star = [stars[0]] if stars else []
            unpacked = self.hook("unpack", value, len(target.elts), *star, at=target)
        names = [self.temporary() for _ in target.elts]
        simple = [isinstance(item, gast.Name) and self.kind(item.id) == "local" for item in target.elts]
        names = [item.id if plain else name for item, plain, name in zip(target.elts, simple, names)]
        stored = gast.Tuple([gast.Name(name, gast.Store(), None, None) for name in names], gast.Store())
        made = [self.place(gast.Assign([stored], unpacked, None), target)]
        for item, plain, name in zip(target.elts, simple, names):
            if plain:
                made.append(self.expression(self.hook("named", self.load(name, item), name, at=item)))
            else:
                made += self.assign(item, self.load(name, item))
        return made

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
            elif isinstance(target, gast.Name) and self.kind(target.id) == "nonlocal":
                unset = gast.Attribute(self.load(self.helper, target), "UNDEFINED", gast.Load())
                made.append(self.assign_name(target, self.place(unset, target)))
                continue
            else:
                made.append(gast.copy_location(gast.Delete([target]), node))
                continue
            made.append(self.expression(call))
        return made

    def visit_Raise(self, node: Any) -> Any:
        if node.exc is not None:
            arguments = [self.visit(node.exc)] + ([self.visit(node.cause)] if node.cause is not None else [])
            node.exc, node.cause = self.hook("raised", *arguments, at=node), None
        return node

    def visit_Import(self, node: Any) -> Any:
        names = [(alias.asname or alias.name.split(".")[0]) for alias in node.names]
        stores = [self.expression(self.scoped("store", name, self.load(name, node), at=node))
                  for name in names if self.kind(name) == "outer"]  # fmt: skip
        return [node, *stores]

    visit_ImportFrom = visit_Import

    def expression(self, call: Any) -> Any:
        return gast.copy_location(gast.Expr(call), call)

    # Expressions

    def visit_Name(self, node: Any) -> Any:
        if not isinstance(node.ctx, gast.Load) or node.id.startswith(self.helper) or node.id in UNWATCHED:
            return node
        if node.id in self.made:
            return node  # a flag of the passes, which is set wherever it is read
        if not self.is_bound(node.id):
            return self.scoped("load", node.id, at=node)
        is_own = self.scopes[-1].get(node.id) == "local" and node.id not in self.cells
        return node if is_own else self.hook("captured", node, node.id, self.is_free(node.id), at=node)

    def is_free(self, name: str) -> bool:
        """Whether a function of the user's stands between a read of the name and the function it is local to."""
        for scope, generated in zip(reversed(self.scopes), reversed(self.generated)):
            if scope.get(name) == "local":
                return False
            if not generated:
                return True
        return False

    def visit_Attribute(self, node: Any) -> Any:
        if isinstance(node.value, gast.Name) and node.value.id == self.helper:
            return node
        return self.hook("attribute", self.visit(node.value), node.attr, at=node)

    def visit_Subscript(self, node: Any) -> Any:
        return self.hook("item", self.visit(node.value), self.key(node.slice), at=node)

    def key(self, node: Any) -> Any:
        if isinstance(node, gast.Slice):
            parts = [self.visit(part) if part is not None else None for part in (node.lower, node.upper, node.step)]
            return self.hook("slice", *parts, at=node)
        if isinstance(node, gast.Tuple):
            items = [self.key(item) for item in node.elts]
            return gast.copy_location(gast.Tuple(items, gast.Load()), node)
        return self.visit(node)

    def visit_Call(self, node: Any) -> Any:
        if isinstance(node.func, gast.Name) and node.func.id == "super" and not node.args and self.first:
            node.args = [self.load("__class__", node), self.load(self.first, node)]
            return node
        is_own = isinstance(node.func, gast.Attribute) and isinstance(node.func.value, gast.Name)
        if (
            is_own
            and node.func.value.id == self.helper
            or isinstance(node.func, gast.Name)
            and node.func.id in UNWATCHED
        ):
            node.args = [self.visit(item) for item in node.args]
            for keyword in node.keywords:
                keyword.value = self.visit(keyword.value)
            return node
        if len(node.args) == 1 and not node.keywords and self.is_plain_generator(node.args[0]):
            return self.call_with_items(node)
        if any(isinstance(item, gast.Starred) for item in node.args):
            stars = [isinstance(item, gast.Starred) for item in node.args]
            items = [self.visit(item.value if star else item) for item, star in zip(node.args, stars)]
            called = self.hook("call_spread", self.visit(node.func), self.constants(stars), *items, at=node)
        else:
            called = self.hook("call", self.visit(node.func), *(self.visit(item) for item in node.args), at=node)
        for keyword in node.keywords:
            value = self.visit(keyword.value)
            keyword.value = value if keyword.arg is not None else self.hook("mapping", value, at=node)
        called.keywords = node.keywords
        return called

    def is_plain_generator(self, node: Any) -> bool:
        """Whether a generator expression has one loop over names, and so can be given as functions of an item."""
        if not isinstance(node, gast.GeneratorExp) or len(node.generators) > 1:
            return False
        target = node.generators[0].target
        names = target.elts if isinstance(target, gast.Tuple) else [target]
        walrus = any(isinstance(inner, gast.NamedExpr) for inner in gast.walk(node))
        return all(isinstance(name, gast.Name) for name in names) and not walrus

    def call_with_items(self, node: Any) -> Any:
        """f(x * k for x in xs if x > 0)  →  d2s.call_with_items(f, xs, lambda x: x * k, lambda x: x > 0)"""
        generator = node.args[0].generators[0]
        function, iterable = self.visit(node.func), self.visit(generator.iter)
        parts = [self.of_item(generator.target, part) for part in (node.args[0].elt, *generator.ifs)]
        return self.hook("call_with_items", function, iterable, *parts, at=node)

    def of_item(self, target: Any, expression: Any) -> Any:
        """`expression` as a function of what the loop of a generator expression gives."""
        names = [name.id for name in (target.elts if isinstance(target, gast.Tuple) else [target])]
        made = gast.Lambda(parameters(names), expression)
        self.enter(made)
        self.generated[-1] = True
        made.body = self.visit(expression)
        self.leave()
        if not isinstance(target, gast.Tuple):
            return made
        items = self.hook("unpack", gast.Name("item", gast.Load(), None, None), len(names), at=target)
        return gast.Lambda(parameters(["item"]), gast.Call(made, [gast.Starred(items, gast.Load())], []))

    def visit_Starred(self, node: Any) -> Any:
        node.value = self.hook("iterate", self.visit(node.value), at=node)
        return node

    def visit_BinOp(self, node: Any) -> Any:
        return self.hook("binary", OPERATORS[type(node.op)], self.visit(node.left), self.visit(node.right), at=node)

    def visit_UnaryOp(self, node: Any) -> Any:
        operand = self.visit(node.operand)
        if isinstance(operand, gast.Constant):
            node.operand = operand
            return node
        return self.hook("unary", OPERATORS[type(node.op)], operand, at=node)

    def visit_Compare(self, node: Any) -> Any:
        parts: list[Any] = [self.visit(node.left)]
        for operator, right in zip(node.ops, node.comparators):
            parts += [OPERATORS[type(operator)], self.visit(right)]
        return self.hook("compare", *parts, at=node)

    def visit_JoinedStr(self, node: Any) -> Any:
        return self.hook("fstring", *(self.text_part(item) for item in node.values), at=node)

    def text_part(self, item: Any) -> Any:
        if not isinstance(item, gast.FormattedValue):
            return item
        spec = self.visit(item.format_spec) if item.format_spec is not None else self.node("")
        conversion = chr(item.conversion) if item.conversion != -1 else ""
        made = gast.Tuple([self.visit(item.value), self.node(conversion), spec], gast.Load())
        return self.place(made, item)

    def visit_List(self, node: Any) -> Any:
        if isinstance(node.ctx, gast.Load) and any(isinstance(item, gast.Starred) for item in node.elts):
            return self.spread(node)
        return self.display(node)

    def visit_Set(self, node: Any) -> Any:
        if any(isinstance(item, gast.Starred) for item in node.elts):
            return self.display(node)
        return self.hook("new_set", *(self.visit(item) for item in node.elts), at=node)

    def visit_Tuple(self, node: Any) -> Any:
        if isinstance(node.ctx, gast.Load) and any(isinstance(item, gast.Starred) for item in node.elts):
            return self.hook("call", gast.Name("tuple", gast.Load(), None, None), self.spread(node), at=node)
        return self.generic_visit(node)

    def spread(self, node: Any) -> Any:
        stars = [isinstance(item, gast.Starred) for item in node.elts]
        items = [self.visit(item.value if star else item) for item, star in zip(node.elts, stars)]
        return self.hook("joined", self.constants(stars), *items, at=node)

    def constants(self, values: list[Any]) -> Any:
        return gast.Tuple([self.node(value) for value in values], gast.Load())

    def visit_Dict(self, node: Any) -> Any:
        if None in node.keys:
            keys = gast.Tuple([self.node(...) if key is None else self.visit(key) for key in node.keys], gast.Load())
            return self.hook("merged", keys, *(self.visit(value) for value in node.values), at=node)
        keys = gast.Tuple([self.visit(key) for key in node.keys], gast.Load())
        return self.hook("new_dict", keys, *(self.visit(value) for value in node.values), at=node)

    def display(self, node: Any) -> Any:
        if isinstance(getattr(node, "ctx", None), (gast.Store, gast.Del)):
            return node
        return self.hook("new", self.generic_visit(node), at=node)

    def visit_NamedExpr(self, node: Any) -> Any:
        value = self.visit(node.value)
        kind = self.kind(node.target.id)
        if kind == "outer":
            return self.scoped("store", node.target.id, value, at=node)
        if kind == "nonlocal":
            value = self.hook("set_cell", value, self.reader(node.target), at=node)
        node.value = value
        return node

    def comprehension_scope(self, node: Any, *fields: str) -> Any:
        node.generators[0].iter = self.hook("iterate", self.visit(node.generators[0].iter), at=node)
        bound = _Bindings()
        for generator in node.generators:
            bound.visit(generator.target)
        self.scopes.append(dict.fromkeys(bound.names, "local"))
        self.generated.append(True)
        for index, generator in enumerate(node.generators):
            if index:
                generator.iter = self.hook("iterate", self.visit(generator.iter), at=node)
            generator.ifs = [self.visit(item) for item in generator.ifs]
        for name in fields:
            setattr(node, name, self.visit(getattr(node, name)))
        self.leave()
        return node

    def visit_GeneratorExp(self, node: Any) -> Any:
        return self.comprehension_scope(node, "elt")

    def visit_ListComp(self, node: Any) -> Any:
        return self.hook("new", self.comprehension_scope(node, "elt"), at=node)

    visit_SetComp = visit_ListComp

    def visit_DictComp(self, node: Any) -> Any:
        return self.hook("new", self.comprehension_scope(node, "key", "value"), at=node)


class _Bindings(gast.NodeVisitor):
    """The names that a function's own statements bind, in order."""

    def __init__(self) -> None:
        self.names: dict[str, None] = {}

    @classmethod
    def of(cls, function: Any) -> list[str]:
        visitor = cls()
        for statement in function.body if isinstance(function.body, list) else [function.body]:
            visitor.visit(statement)
        return list(visitor.names)

    def visit_Name(self, node: Any) -> None:
        if not isinstance(node.ctx, gast.Load):
            self.names.setdefault(node.id)

    def visit_FunctionDef(self, node: Any) -> None:
        self.names.setdefault(node.name)
        for item in (*node.decorator_list, *node.args.defaults, *node.args.kw_defaults):
            if item is not None:
                self.visit(item)

    def visit_ClassDef(self, node: Any) -> None:
        self.names.setdefault(node.name)

    def visit_Lambda(self, node: Any) -> None:
        for item in (*node.args.defaults, *node.args.kw_defaults):
            if item is not None:
                self.visit(item)

    def visit_comprehension_node(self, node: Any) -> None:
        self.visit(node.generators[0].iter)
        for inner in gast.walk(node):
            if isinstance(inner, gast.NamedExpr):
                self.names.setdefault(inner.target.id)

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_comprehension_node

    def visit_Import(self, node: Any) -> None:
        for alias in node.names:
            self.names.setdefault(alias.asname or alias.name.split(".")[0])

    visit_ImportFrom = visit_Import

    def visit_ExceptHandler(self, node: Any) -> None:
        if node.name is not None:
            self.names.setdefault(node.name if isinstance(node.name, str) else node.name.id)
        self.generic_visit(node)

    def visit_MatchAs(self, node: Any) -> None:
        if node.name is not None:
            self.names.setdefault(node.name)
        self.generic_visit(node)


class _Declarations(gast.NodeVisitor):
    """The names that a function declares global or nonlocal."""

    def __init__(self) -> None:
        self.globals: list[str] = []
        self.nonlocals: list[str] = []

    def visit_Global(self, node: Any) -> None:
        self.globals += node.names

    def visit_Nonlocal(self, node: Any) -> None:
        self.nonlocals += node.names

    def visit_FunctionDef(self, node: Any) -> None:
        return

    visit_ClassDef = visit_Lambda = visit_FunctionDef
