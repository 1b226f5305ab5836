"""Hooks at the expressions of converted code.

    w[i] * f(x)    →    d2s.binary("*", d2s.item(d2s_scope.load("w"), i), d2s.call(d2s_scope.load("f"), x))
"""

from __future__ import annotations

from typing import Any

import gast

from dy2static.comprehensions import is_plain_generator
from dy2static.scopes import Bindings, Scopes
from dy2static.templates import parameters

OPERATORS = {
    gast.Add: "+", gast.Sub: "-", gast.Mult: "*", gast.Div: "/", gast.FloorDiv: "//", gast.Mod: "%", gast.Pow: "**",
    gast.MatMult: "@", gast.LShift: "<<", gast.RShift: ">>", gast.BitAnd: "&", gast.BitOr: "|", gast.BitXor: "^",
    gast.USub: "-", gast.UAdd: "+", gast.Invert: "~", gast.Not: "not",
    gast.Lt: "<", gast.LtE: "<=", gast.Eq: "==", gast.NotEq: "!=", gast.Gt: ">", gast.GtE: ">=",
    gast.Is: "is", gast.IsNot: "is not", gast.In: "in", gast.NotIn: "not in",
}  # fmt: skip
UNWATCHED = {"super", "locals", "eval", "exec", "__class__"}


class ExpressionHooks(Scopes):
    """Visitors of expressions; `helper` is the helper namespace, `first` the function's first parameter."""

    helper: str
    first: str | None
    cells: list[set[str]]
    made: set[str]
    visit: Any
    generic_visit: Any

    def hook(self, name: str, *arguments: Any, at: Any) -> Any:
        function = gast.Attribute(gast.Name(self.helper, gast.Load(), None, None), name, gast.Load())
        made = self.place(gast.Call(function, [self.node(one) for one in arguments], []), at)
        if isinstance(named := getattr(at, "func", at), gast.Attribute) and named.end_lineno > at.lineno:
            # Python has a method called, or an attribute read, at the line of its name; and so is `d2s.call` itself.
            function.end_lineno = named.end_lineno
            function.end_col_offset = named.end_col_offset - len(named.attr) + len(name)
        return made

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
                inner.end_lineno, inner.end_col_offset = at.lineno, at.col_offset
        return node

    def load(self, name: str, at: Any) -> Any:
        return gast.copy_location(gast.Name(name, gast.Load(), None, None), at)

    def reader(self, target: Any) -> Any:
        nothing = gast.arguments([], [], None, [], [], None, [])
        return gast.Lambda(nothing, gast.Name(target.id, gast.Load(), None, None))

    def visit_Name(self, node: Any) -> Any:
        if not isinstance(node.ctx, gast.Load) or node.id.startswith(self.helper) or node.id in UNWATCHED:
            return node
        if node.id in self.made:
            return node  # a flag of the passes, which is set wherever it is read
        if self.kind(node.id) == "class":
            return self.scoped("load_in_class", node.id, self.hook("locals", at=node), at=node)
        if not self.is_bound(node.id):
            return self.scoped("load", node.id, at=node)
        is_own = self.scopes[-1].get(node.id) == "local" and node.id not in self.cells[-1]
        return node if is_own else self.hook("captured", node, node.id, self.is_free_to_python(node.id), at=node)

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
        is_super = isinstance(node.func, gast.Name) and node.func.id == "super"
        if is_super and not node.args and self.first:
            node.args = [self.load("__class__", node), self.load(self.first, node)]
        if is_super and len(node.args) == 2 and not any(isinstance(item, gast.Starred) for item in node.args):
            return self.hook("super_of", *map(self.visit, node.args), at=node)
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
        if len(node.args) == 1 and not node.keywords and is_plain_generator(node.args[0]):
            return self.call_with_items(node)
        if any(isinstance(item, gast.Starred) for item in node.args):
            stars = [isinstance(item, gast.Starred) for item in node.args]
            items = [self.visit(item.value if star else item) for item, star in zip(node.args, stars)]
            called = self.hook("call_spread", self.visit(node.func), self.constants(stars), *items, at=node)
        elif node.args and is_plain_generator(node.args[0]):
            function, parts = self.visit(node.func), gast.Tuple(self.parts_of(node.args[0]), gast.Load())
            called = self.hook("call_beside_items", function, parts, *map(self.visit, node.args[1:]), at=node)
        else:
            called = self.hook("call", self.visit(node.func), *(self.visit(item) for item in node.args), at=node)
        for keyword in node.keywords:
            value = self.visit(keyword.value)
            keyword.value = value if keyword.arg is not None else self.hook("mapping", value, at=node)
        called.keywords = node.keywords
        return called

    def call_with_items(self, node: Any) -> Any:
        """f(x * k for x in xs if x > 0)  →  d2s.call_with_items(f, xs, lambda x: x * k, lambda x: x > 0)"""
        function = self.visit(node.func)
        return self.hook("call_with_items", function, *self.parts_of(node.args[0]), at=node)

    def parts_of(self, node: Any) -> list[Any]:
        """What a generator expression goes through, its element and its conditions as functions of an item."""
        generator = node.generators[0]
        iterable = self.visit(generator.iter)
        return [iterable, *(self.of_item(generator.target, part) for part in (node.elt, *generator.ifs))]

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

    def visit_YieldFrom(self, node: Any) -> Any:
        node.value = self.hook("steps_of", self.visit(node.value), at=node)
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
            return self.hook("set_of", self.spread(node, "gathered"), at=node)
        return self.hook("new_set", *(self.visit(item) for item in node.elts), at=node)

    def visit_Tuple(self, node: Any) -> Any:
        if isinstance(node.ctx, gast.Load) and any(isinstance(item, gast.Starred) for item in node.elts):
            return self.hook("tuple_of", self.spread(node), at=node)
        return self.generic_visit(node)

    def spread(self, node: Any, by: str = "joined") -> Any:
        stars = [isinstance(item, gast.Starred) for item in node.elts]
        items = [self.visit(item.value if star else item) for item, star in zip(node.elts, stars)]
        return self.hook(by, self.constants(stars), *items, at=node)

    def constants(self, values: list[Any]) -> Any:
        return gast.Tuple([self.node(value) for value in values], gast.Load())

    def visit_Dict(self, node: Any) -> Any:
        keys = [self.node(...) if key is None else self.visit(key) for key in node.keys]
        pairs = [gast.Tuple([key, self.visit(value)], gast.Load()) for key, value in zip(keys, node.values)]
        return self.hook("merged" if None in node.keys else "new_dict", *pairs, at=node)

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
            value = self.hook("set_cell", value, self.reader(node.target), not self.is_free(node.target.id), at=node)
        node.value = value
        return node

    def comprehension_scope(self, node: Any, *fields: str) -> Any:
        node.generators[0].iter = self.hook("iterate", self.visit(node.generators[0].iter), at=node)
        bound = Bindings()
        for generator in node.generators:
            bound.visit(generator.target)
        self.push(dict.fromkeys(bound.names, "local"), True)
        for index, generator in enumerate(node.generators):
            if index:
                generator.iter = self.hook("iterate", self.visit(generator.iter), at=node)
            generator.ifs = [self.visit(item) for item in generator.ifs]
        for name in fields:
            setattr(node, name, self.visit(getattr(node, name)))
        self.leave()
        return node

    def visit_GeneratorExp(self, node: Any) -> Any:
        return self.hook("new", self.comprehension_scope(node, "elt"), at=node)

    def visit_ListComp(self, node: Any) -> Any:
        return self.hook("new", self.comprehension_scope(node, "elt"), at=node)

    visit_SetComp = visit_ListComp

    def visit_DictComp(self, node: Any) -> Any:
        return self.hook("new", self.comprehension_scope(node, "key", "value"), at=node)
