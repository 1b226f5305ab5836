"""Compound statements of random programs: each function writes one, with the statements in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.random_programs.idioms import idiom
from tests.random_programs.simple import show

if TYPE_CHECKING:
    from tests.random_programs.writer import Writer


def branch(writer: Writer) -> None:
    writer.line(f"if {writer.expression('c')}:")
    writer.alternatives("else:" if writer.chance(0.6) else "")


def chain(writer: Writer) -> None:
    writer.line(f"if {writer.expression('c')}:")
    tests = ["elif {c}:"] * writer.random.randint(1, 3)
    writer.alternatives(*tests, "else:" if writer.chance(0.5) else "")


# {i} and {j} are the targets.
LOOPS = (
    "for {i} in range({trips}):",
    "for {i} in range({trips}):",
    "for {i} in range(abs(int({n})) % 5):",
    "for {i} in {x}[:4]:",
    "for {i} in {x}.reshape(-1)[:4]:",
    "for {i} in {l}[:5]:",
    "for {i} in [{n}, {n}]:",
    "for {i}, {j} in enumerate({l}[:4]):",
    "for {i}, {j} in zip({x}.flat, range(3)):",
    "for {i} in ({n}, {n}, {n}):",
    "for {j}, {i} in [({n}, 1), (2, {n})]:",
    "for {i} in {d}.values():",
    "for _, {i} in {d}.items():",
    "for {i} in range({trips}, -1, -1):",
    "for {i} in reversed({l}[:4]):",
    "for {i}, {j} in pairs({l}[:3]):",
    "for {i}, ({j}, _) in zip({l}[:4], pairs({l})):",
    "for {i} in (k * 2 for k in {list}[:4]):",
    "for {i}, {j} in enumerate({x}.flat):",
    "for {i}, {j} in zip({l}[:3], {x}.flat):",
    "for _, {i} in zip(range(3), {l}):",
    "for {i} in counted({n}):",
    "for {i} in sorted({s})[:4]:",
    "for {i} in map(lambda v: v + {number}, {l}[:4]):",
    "for {i} in filter(lambda v: v > {number}, {l}[:4]):",
    "for {i} in {l}[::-1][:4]:",
    "for {i} in ({l} if {c} else {l})[:4]:",
    "for {i} in range(len({l}[:4])):",
    "for {i}, *_ in [({n}, 1), ({n}, 2, 3)]:",
    "for _, {i} in sorted({d}.items()):",
    "for {i}, {j} in np.ndindex(2, 2):",
    "for {i} in range(1, {x}.size, 2):",
    "for {i} in iter({l}[:3]):",
    "for {i} in [v for v in {list} if v > {n}][:4]:",
    "for _ in {t}[:3]:",
    "for _, {i} in enumerate({l}[:3], 1):",
    "for k, {i} in enumerate({x}[:3]):",
)


def loop(writer: Writer) -> None:
    one, two = writer.two_names()
    head = writer.pick(LOOPS)
    targets = [name for name, part in ((one, "{i}"), (two, "{j}")) if part in head.split(" in ")[0]]
    writer.line(writer.fill(head.replace("{i}", one).replace("{j}", two), 1))
    repeat(writer, targets)


def repeat(writer: Writer, targets: list[str]) -> None:
    writer.loops += 1
    with writer.block():
        writer.bind(*targets)
        writer.body()
    writer.loops -= 1
    if writer.chance(0.2):
        writer.part("else:")


def count(writer: Writer) -> None:
    """while with a counter of its own, that nothing else writes."""
    counter = writer.new_name("i")
    writer.line(f"{counter} = 0")
    test = writer.pick(
        ["{i} < {trips}", "{i} < 3 and {c}", "{i} < 4 and {n} {order} {n}", "True", "({i} := {i} + 1) < 4", "{c}"]
        + ["not {i} >= 3", "{i} < 2 or {i} < 3 and {c}"]
    )
    writer.line("while " + writer.fill(test.replace("{i}", counter), 1) + ":")
    writer.line(f"{counter} += 1", 1)
    if test in ("True", "{c}"):
        writer.line(f"if {counter} > {writer.random.randint(1, 4)}:", 1)
        writer.line("break", 2)
    repeat(writer, [])


def attempt(writer: Writer) -> None:
    writer.line("try:")
    with writer.block():
        writer.body()
        if writer.chance(0.6):
            writer.line(writer.draw("{number_target} = {n} // {n}", "fussy({n})", "{number_target} = {l}[1]",
                                    "{number_target} = {d}['q']", "raise Oops({n})", depth=0))  # fmt: skip
    final = writer.chance(0.3)
    if not final or writer.chance(0.5):
        for error in writer.random.sample(ERRORS, writer.random.choice((1, 1, 2))):
            handler(writer, error)
        if writer.chance(0.3):
            writer.part("else:")
    if final:
        writer.line("finally:")
        with writer.inside_final(), writer.block():
            show(writer)
            writer.body()


ERRORS = ["ZeroDivisionError", "(ValueError, IndexError)", "Exception", "LookupError", "Oops", "ArithmeticError"]


def handler(writer: Writer, error: str) -> None:
    named = writer.chance(0.4)
    writer.line(f"except {error}{' as error' if named else ''}:")
    with writer.inside_handler(), writer.block():
        if named:
            writer.line(writer.pick(("print(type(error).__name__)", "print(len(error.args))",
                                     "print(isinstance(error, ValueError))")))  # fmt: skip
        writer.body()


def match(writer: Writer) -> None:
    subjects = ["{n}", "({n}, {n})", "[1, {n}, 3]", "{l}", "{d}", "{t}", "({n}, [{n}, {n}])"]
    subject = writer.draw(*subjects, *["{o}"] * writer.objects)
    writer.line(f"match {subject}:")
    writer.depth += 1
    for _ in range(writer.random.randint(1, 3)):
        case(writer)
    if writer.chance(0.5):
        writer.part("case _:")
    writer.depth -= 1


# {i} and {j} are the names that a pattern binds.
PATTERNS = (
    "0", "-1", "3", "1 | 2", "({i}, {j})", "[{i}, *_]", "int({i})", "True", "None", "(1, {i})", "[*_, {i}]", "{i}",
    "{{'p': {i}}}", "(0 | 1) as {i}", "[]", "float({i})", "Box(v={i})", "Crate(v={i}, w=_)", "'one' | ''", "str()",
    "[{i}, [{j}, _]]", "({i}, [_, *items])", "{{'q': 1 | 2 as {i}, **table}}", "[_, _, {i}]", "2.5",
    "(int() | float()) as {i}",
)  # fmt: skip


def case(writer: Writer) -> None:
    pattern, (one, two) = writer.pick(PATTERNS), writer.two_names()
    guard = f" if {writer.expression('c', 1)}" if writer.chance(0.3) or pattern == "{i}" else ""
    text = pattern.replace("{{", "{").replace("}}", "}").replace("{i}", one).replace("{j}", two)
    writer.line(f"case {text}{guard}:")
    with writer.block():
        writer.bind(*(name for name, part in ((one, "{i}"), (two, "{j}")) if part in pattern))
        writer.body()


def manage(writer: Writer) -> None:
    if not writer.chance(0.4):
        return branch(writer)
    name = writer.any_name("number")
    writer.line(writer.draw(
        f"with Manager({{n}}) as {name}:", f"with Manager({{n}}), Manager({{n}}) as {name}:",
        f"with np.errstate(all='ignore'), Manager({{n}}) as {name}:",
    ))  # fmt: skip
    writer.bind(name)
    with writer.block():
        writer.body()


def function(writer: Writer) -> None:
    """A function in the function, that reads and perhaps writes a name around it; called at once and perhaps later."""
    name = writer.bound_name("number")
    if writer.inner or writer.in_final or name is None:
        return branch(writer)
    made = writer.new_name("g")
    writer.random.choice((small_function, closure, closure, recursion, generator, method_of_class))(writer, made, name)
    target = writer.any_name("number")
    writer.line(f"{target} = {made}({writer.expression('n', 0)})")
    writer.bind(target)
    if writer.chance(0.6):
        writer.helpers_here(f"{made}({{n}})")


def small_function(writer: Writer, made: str, name: str) -> None:
    writer.line(f"{made} = " + writer.draw("lambda n: {n} + n", "lambda n, m={n}: n + m + {n}", "lambda *n: len(n)",
                                           "functools.partial(pair, {n})", "[lambda n: n + {n}][0]"))  # fmt: skip
    if "partial" in writer.lines[-1]:
        writer.line(f"{made} = lambda n, m={made}: m(n)[1]")


def closure(writer: Writer, made: str, name: str) -> None:
    """Names that the function binds are its own: it reads only those that it does not bind."""
    writer.line(f"def {made}(n{writer.pick(('', ', m=0', ', *rest', ', *, m=2'))}):")
    if writer.chance(0.5):
        writer.line(f"nonlocal {name}", 1)
        writer.line(f"{name} = {writer.fill('{n} + n', 1)}", 1)
    with writer.inside_function():
        writer.line(f"m = {writer.expression('n', 0)} + n")
        if writer.chance(0.3):
            writer.line(writer.fill("for k in range({trips}):", 0))
            writer.line("m += k", 1)
        writer.line(writer.fill("if {c}:", 0))
        writer.line("return m", 1)
        if writer.chance(0.3):
            writer.line(writer.draw("{l}.append(n)", "print(n, {n})", "change({x}, n)", depth=0))
        writer.line(f"return n + {writer.expression('n', 0)}")


def recursion(writer: Writer, made: str, name: str) -> None:
    writer.line(f"def {made}(n, k=3):")
    with writer.inside_function():
        writer.line(writer.fill("if k <= 0 or {c}:", 0))
        writer.line(f"return {writer.expression('n', 1)}", 1)
        writer.line(f"return {made}(n + 1, k - 1) + {writer.expression('n', 0)}")


def generator(writer: Writer, made: str, name: str) -> None:
    inner = writer.new_name("g")
    writer.line(f"def {inner}(n):")
    with writer.inside_function():
        writer.line(writer.fill("for k in range({trips}):", 0))
        writer.line(writer.fill("if k {order} n:", 0), 1)
        writer.line(writer.fill("yield k + {n}", 0), 2)
        writer.line(writer.fill("yield {n}", 0))
    writer.line(f"{made} = lambda n: {writer.pick(('sum', 'max', 'len'))}(list({inner}(n)))")


def method_of_class(writer: Writer, made: str, name: str) -> None:
    if not writer.objects:
        return closure(writer, made, name)
    writer.line(f"{made} = {writer.expression('o', 1)}.add")


COMPOUND = (
    *[branch] * 3, chain, *[loop] * 3, *[count] * 2, *[attempt] * 2, match, manage, *[function] * 2, *[idiom] * 5,
)  # fmt: skip
