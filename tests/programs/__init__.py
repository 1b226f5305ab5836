"""The table of sample programs: PROGRAMS, and LATER for those whose constructs are still to be converted."""

from importlib import import_module

from tests.programs.row import ROWS, Row

MODULES = (
    "branches",
    "ternaries",
    "logic",
    "loops",
    "loops_over",
    "returns",
    "early_exits",
    "nested",
    "nested_state",
    "values",
    "numbers",
    "numpy_calls",
    "numpy_arrays",
    "mutation",
    "callables",
    "structures",
    "errors",
    "readable",
)
LATER_MODULES = (
    "python_names",
    "python_strings",
    "python_effects",
    "python_lists",
    "python_comprehensions",
    "python_match",
    "python_try",
    "python_classes",
    "python_callables",
    "python_builtins",
)

for module in MODULES + LATER_MODULES:
    import_module(f"tests.programs.{module}")

PROGRAMS: list[Row] = [row for row in ROWS if row.module in MODULES]
LATER: list[Row] = [row for row in ROWS if row.module in LATER_MODULES]
