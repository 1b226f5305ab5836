"""The table of sample programs: PROGRAMS, and LATER for those that are refused today."""

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
    "numpy_edges",
    "mutation",
    "callables",
    "structures",
    "errors",
    "readable",
    "reshaped",
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
    "python_generators",
    "python_choices",
    "python_texts",
    "python_managers",
    "python_iterators",
    "hostile",
    "stateful",
)

for module in MODULES:
    import_module(f"tests.programs.{module}")

# What is refused today, and has to be refused in so many words.
REFUSED = {
    "python_effects.setattr_in_a_branch",
    "python_try.return_in_finally_wins",
    "python_callables.partial_itself",
}
# What cannot be part of a file: objects and exceptions of the user's own classes. Saving says so.
UNSAVED = {
    "python_texts.my_err",
    "python_texts.bare_raise",
    "python_strings.enum_in_branches",
    "python_strings.not_implemented_and_ellipsis",
    "python_match.match_enums",
    "python_try.raise_and_catch_in_a_branch",
    "python_try.with_around_a_branch",
    "python_try.return_through_with",
    "python_try.break_through_with",
    "python_try.exception_swallowed_by_with",
    "python_try.exception_through_with",
    "python_classes.operators_of_a_class",
    "python_classes.dataclass_in_a_loop",
    "python_classes.dataclass_argument_and_result",
    "python_classes.dataclass_argument_written",
    "python_classes.named_tuples_in_branches",
    "python_classes.named_tuple_argument",
    "python_classes.objects_made_in_a_loop",
    "python_builtins.tolist_and_back",
    "python_effects.result_whose_attributes_are_items",
    "hostile.default_dicts",
    "hostile.ordered_dicts",
    "hostile.queues",
    "hostile.bounded_queue",
}
PROGRAMS: list[Row] = [row for row in ROWS if str(row) not in REFUSED]
LATER: list[Row] = [row for row in ROWS if str(row) in REFUSED]
