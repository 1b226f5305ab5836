"""Imports go down the lists of the design: a module imports only what stands above it, and at its own top."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import runtime
from tests.harness import ROOT

# From what stands on nothing to what stands on all. A new module gets its place here, and in the design.
LAYERS = {
    "runtime": (
        "errors switches files tree types opdef ir relocation origins ops changes text printer verifier datum "
        "document weights tracer rewrite inline liveness sharing contents classes views passes scope accesses unpacked "
        "readers readiness elements buffers chains direct plan leaving writer codegen number_writer attempts choices "
        "element_writer chain_writer arguments executor placing stepper "
        "profiling storage loaded building static nn picture __init__ "
    ).split(),
    "dy2static": (
        "errors constructs python_control_flow python_statements python_expressions python_builtins templates "
        "class_names source declarations resumption generators desugar analysis early_exit expressions "
        "comprehensions unbound cells confined control_flow scopes hooks watch convert disk conversions eager "
        "places signature history progress signals lines big_ints slots libraries local_classes objects admission "
        "leaves containers readings iterations trace faults heaps lazy_forms sorting forms taking_forms structure "
        "outside exceptions stopping regions streams endings choices branches loops recursion by_class descriptors "
        "values class_changes native protocols indices library_calls python_calls memos cached_recursion caches "
        "instances iterables builtin_forms calls attempts operators module_attributes variable_attributes inherited "
        "attribute_writes attributes items names staging statements patterns definitions dataclass_forms displays "
        "spread dispatch instantiate saving recorder explain debugging results retrace entries programs by_hand "
        "static_function decorators "
        "__init__ document command_values command_targets cli __main__ "
    ).split(),
}
# Source → source: tested with plain Python values, with no runtime in sight.
PURE = (
    "errors constructs python_control_flow python_statements python_expressions python_builtins templates "
    "class_names source declarations resumption generators desugar analysis early_exit expressions comprehensions "
    "unbound cells confined control_flow scopes hooks watch convert disk conversions"
).split()
# Imported in the functions that need them: they are not on the way from a call to its result, and `import dy2static`
# stays under twice the time of `import numpy`. (astor warns at import, besides.)
LATE = set(
    "astor difflib logging "
    "dy2static.debugging dy2static.recorder dy2static.explain dy2static.saving runtime.storage "
    "runtime.profiling".split()
)
FILES = sorted(path for package in LAYERS for path in (ROOT / package).rglob("*.py"))


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 2 else parts)


def layer_of(module: str) -> tuple[str, int]:
    package, room = (module.split(".") + ["__init__"])[:2]
    return package, LAYERS[package].index(room)


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")


def imports_that_run(node: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """The imports under `node`, without those that only a type checker sees."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.Import, ast.ImportFrom)):
            yield child
        elif not is_for_types(child):
            yield from imports_that_run(child)


def modules_of(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    """The modules an import names: `from runtime import ops` is runtime.ops, `from runtime import load` is runtime."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
        return
    assert node.level == 0, "imports are written in full"
    module = node.module or ""
    for alias in node.names:
        inner = f"{module}.{alias.name}"
        yield inner if (ROOT / Path(*inner.split("."))).with_suffix(".py").exists() or is_package(inner) else module


def is_package(module: str) -> bool:
    return (ROOT / Path(*module.split(".")) / "__init__.py").exists()


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_module_has_its_place(path: Path):
    package, room = (name_of(path).split(".") + ["__init__"])[:2]
    assert room in LAYERS[package], f"give {room} its place in LAYERS, and in the design"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_imports_go_down(path: Path):
    package, own = layer_of(name_of(path))
    for node in imports_that_run(tree_of(path)):
        for module in modules_of(node):
            if module.split(".")[0] != package or is_same_room(module, name_of(path)):
                continue
            assert layer_of(module)[1] < own, f"{name_of(path)}:{node.lineno} imports {module}, which stands below it"


def is_same_room(module: str, other: str) -> bool:
    """Whether both are of one package inside a package, such as runtime.ops."""
    room = module.split(".")[:2]
    return len(room) == 2 and room == other.split(".")[:2] and is_package(".".join(room))


def test_no_imports_go_in_a_circle():
    edges = {name_of(path): set() for path in FILES}
    for path in FILES:
        for node in imports_that_run(tree_of(path)):
            edges[name_of(path)] |= {module for module in modules_of(node) if module in edges}
    done: set[str] = set()
    while len(done) < len(edges):
        ready = {name for name, needs in edges.items() if name not in done and needs - {name} <= done}
        assert ready, f"a circle among {sorted(set(edges) - done)}"
        done |= ready


@pytest.mark.parametrize("path", [path for path in FILES if "runtime" in path.parts], ids=name_of)
def test_runtime_knows_nothing_of_the_converter(path: Path):
    for node in ast.walk(tree_of(path)):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            roots = {module.split(".")[0] for module in modules_of(node)}
            assert not roots & {"dy2static", "gast", "astor"}, f"line {node.lineno}"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_pass_knows_nothing_of_the_runtime(path: Path):
    package, room = (name_of(path).split(".") + ["__init__"])[:2]
    if package != "dy2static" or room not in PURE:
        return
    for node in ast.walk(tree_of(path)):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            assert all(module.split(".")[0] != "runtime" for module in modules_of(node)), f"line {node.lineno}"


def imports_in_functions(path: Path) -> Iterator[str]:
    for function in ast.walk(tree_of(path)):
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for node in ast.walk(function):
                if isinstance(node, (ast.Import, ast.ImportFrom)):
                    yield from (f"{name_of(path)}:{node.lineno} {module}" for module in modules_of(node))


def test_no_import_hides_in_a_function():
    hidden = {text for path in FILES for text in imports_in_functions(path)}
    assert {text for text in hidden if text.split()[1] not in LATE} == set()


def loaded_by(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_runtime_loads_no_converter():
    assert not loaded_by("import runtime") & {"dy2static", "gast", "astor", "runtime.nn", "runtime.static"}


def test_dir_names_what_comes_late():
    assert set(runtime.__all__) <= set(dir(runtime))


def test_what_comes_late_is_not_loaded_with_the_package():
    late = {*LATE, "runtime.stepper", "runtime.placing", "runtime.picture", "numpy.random", "json", "zipfile"}
    late -= loaded_by("import numpy")
    assert not loaded_by("import dy2static") & late
