"""Simple statements of random programs: each function writes one, or a few that belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.random_programs.tables import CHANGES, KIND_OF, ODD_CHANGES, POOLS

if TYPE_CHECKING:
    from tests.random_programs.writer import Writer


def assign(writer: Writer) -> None:
    value, name = writer.expression("n"), writer.any_name("number")
    writer.line(f"{name} = {value}")
    writer.bind(name)


def assign_array(writer: Writer) -> None:
    value, name = writer.expression("x"), writer.any_name("array")
    writer.line(f"{name} = {value}")
    writer.bind(name)


def assign_other(writer: Writer) -> None:
    parts = (("l", "list"), ("d", "dict"), ("t", "text"), ("l", "list"), ("s", "set"))
    part, kind = writer.random.choice((*parts, ("o", "object")) if writer.objects else parts)
    value, name = writer.expression(part), writer.any_name(kind)
    if KIND_OF.get(value) == kind and kind in EMPTY and writer.chance(0.7):
        value = EMPTY[kind]
    writer.line(f"{name} = {value}")
    writer.bind(name)


EMPTY = {"list": "[]", "dict": "{}", "text": "''", "set": "set()"}


def change(writer: Writer) -> None:
    """A write into what has a name, or through it."""
    kinds = ["array", "array", "array", "list", "list", "list", "dict", "dict", "set", "text", "number", "object"]
    kind = writer.pick(kinds)
    name = writer.bound_name(kind)
    if name is None:
        return assign_other(writer)
    templates = CHANGES[kind] + ODD_CHANGES[kind] * writer.odd
    writer.line(writer.fill(writer.pick(templates).replace("{name}", name), 1))


def show(writer: Writer) -> None:
    writer.line(writer.draw(
        "print({n})", "print('n', {n}, {c})", "print({t})", "print({x}.shape)", "print({l})", "print({x})",
        "print({n}, {t}, sep='-', end='.')", "print(f'{{{number}}} {{{number}:.1f}}')", "print({d})",
    ))  # fmt: skip


def note(writer: Writer) -> None:
    """A call for its effect."""
    writer.line(writer.draw(
        "change({x}, {small})", "extend({l}, {n})", "careful({n})", "{l}.append({n})", "fussy(min({n}, 2))",
        *["{number_target} = bump({n})", "{o}.add({n})", "setattr({o}, 'v', {n})", "remember({n})"] * writer.objects,
        *["G += {n}", "G = {n}"] * writer.writes_global,
    ))  # fmt: skip


def swap(writer: Writer) -> None:
    names = [writer.bound_name("number"), writer.bound_name("number")]
    if None in names or names[0] == names[1]:
        return assign(writer)
    writer.line("{0}, {1} = {1}, {0}".format(*names))


def unpack(writer: Writer) -> None:
    one, two = writer.two_names()
    writer.line(writer.draw(
        f"{one}, {two} = {{n}}, {{n}}", f"{one}, {two} = pair({{n}}, {{n}})",
        f"{one}, ({two}, *items) = {{n}}, ({{n}}, {{n}})", f"{one}, {two} = ({{l}} + [{{n}}, {{n}}])[:2]",
        f"[{one}, *_], {two} = [{{n}}, {{n}}], {{n}}", f"*items, {one}, {two} = {{n}}, {{n}}, {{n}}",
        f"{one}, {two} = divmod({{n}}, {{divisor}})", f"{one}, {two} = sorted([{{n}}, {{n}}])",
        f"{one}, {two}, *_ = np.append({{x}}, [{{n}}, {{n}}])", f"{one}, *items, {two} = [{{n}}, *{{l}}, {{n}}]",
    ))  # fmt: skip
    writer.bind(one, two, *(["items"] if "*items" in writer.lines[-1] else []))


def assign_twice(writer: Writer) -> None:
    one, two = writer.two_names()
    value = writer.expression("n", 1)
    writer.line(writer.pick((f"{one} = {two} = {value}", f"{one}, {two} = {two}, {one} = {value}, {value}")))
    writer.bind(one, two)


def annotate(writer: Writer) -> None:
    name = writer.any_name("number")
    writer.line(f"{name}: float = {writer.expression('n', 1)}")
    writer.bind(name)


NESTS = (
    "table = {{'p': {name}}}\ntable['p'].append({n})",
    "table = {{'p': {n}, 'q': [{name}]}}\n{name}.append({n})",
    "table = {{'p': [{n}], 'q': {name}}}\nfor one in table.values(): one.append({n})",
    "more = [{name}, {name}]\nmore[0].append({n})\n{number_target} = len(more[1])",
    "more, items = [{n}], [{n}]\nmore += items\nitems.append({n})",
    "more = [[{n}], {name}]\nmore[1][:] = [{n}]\nmore[0], more[1] = more[1], more[0]",
    "items = more = [{n}, {n}]\nmore.append({n})\nmore = more + [{n}]",
    "table = {{}}\ntable.setdefault('p', []).append({n})\nitems = table['p']\nitems.append({n})",
    "items = [{{'p': {n}}} for _ in range(2)]\nitems[0]['p'] += {n}",
    "items = [({n}, {name}), ({n}, {name})]\nitems[-1][1].append({n})",
    "items = [{x}, {x}]\nitems[0][...] = {n}\nitems[1] = items[0] + 1",
)


def nest(writer: Writer) -> None:
    """A container in a container, that is changed through either."""
    name = writer.bound_name("list")
    if name is None:
        return assign_other(writer)
    change = writer.pick(NESTS)
    for line in change.replace("{name}", name).split("\n"):
        writer.line(writer.fill(line, 1))
    writer.bind(*(bound for bound in ("table", "more", "items") if f"{bound} = " in change or f"{bound}, " in change))


def alias(writer: Writer) -> None:
    kind = writer.pick(("array", "array", "list", "dict", "set"))
    name, other = writer.bound_name(kind), writer.any_name(kind)
    if name is None or name == other:
        return assign_array(writer)
    ends = ("", "", "[:2]", "[::-1]") if kind in ("array", "list") else ("",)
    views = (".T", ".reshape(-1)", "[...]", "[1:]", ".ravel()", "[None]") if kind == "array" else ()
    writer.line(f"{other} = {name}{writer.pick((*ends, *views))}")
    writer.bind(other)


def leave(writer: Writer) -> None:
    kinds = ["return {result}"] * (not writer.in_final) + ["raise ValueError({n})", "assert {c}, {n}"] * writer.odd
    kinds += ["break", "continue"] * 2 if writer.loops and not writer.in_final else []
    kinds += ["raise Oops({n})", "raise KeyError({n}) from None"] * writer.odd + ["raise"] * writer.in_handler
    if not kinds:
        return assign(writer)
    kind = writer.pick(kinds)
    text = f"return {writer.result()}" if kind == "return {result}" else writer.fill(kind, 1)
    writer.line(f"if {writer.expression('c')}:")
    writer.line(text, 1)


def delete(writer: Writer) -> None:
    kind = writer.pick(("number", "number", "array", "list"))
    name = writer.bound_name(kind)
    if name is None or not writer.odd:
        return assign(writer)
    writer.line(f"del {name}")
    writer.maybe[name] = writer.bound.pop(name)


def conditional_target(writer: Writer) -> None:
    """Names bound inside of expressions, where they may not be evaluated."""
    name = writer.pick(POOLS["number"])
    writer.line(writer.draw(
        f"{{number_target}} = ({name} := {{n}}) + {name}", f"print({{c}} and ({name} := {{n}}))",
        f"{{number_target}} = {{n}} if ({name} := {{n}}) {{order}} {{n}} else {name}",
        f"items = [({name} := v) for v in {{list}}]",
    ))  # fmt: skip
    writer.maybe |= {name: "number"} if name not in writer.bound else {}


SIMPLE = (
    *[assign] * 4, *[assign_array] * 2, *[assign_other] * 2, *[change] * 6, *[show] * 2, note, swap, unpack,
    assign_twice, annotate, nest, *[alias] * 2, *[leave] * 2, delete, conditional_target,
)  # fmt: skip
