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
    "mutation",
    "callables",
    "structures",
    "errors",
    "readable",
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
    "hostile",
)

for module in MODULES:
    import_module(f"tests.programs.{module}")

# What is refused today, and has to be refused in so many words.
REFUSED = {
    "python_names.conditional_import",
    "python_strings.dict_of_functions_by_string",
    "python_effects.setattr_in_a_branch",
    "python_comprehensions.late_binding",
    "python_try.return_in_finally_wins",
    "python_try.context_manager_of_a_generator",
    "python_classes.class_and_static_methods",
    "python_callables.partial_itself",
    "python_callables.helper_generator_of_values",
    "python_callables.vectorized_python_function",
    "python_callables.apply_along_axis",
    "python_callables.ternary_picks_a_function",
    "python_builtins.itertools_of_sequences",
}
# What cannot be part of a file: objects and exceptions of the user's own classes. Saving says so.
UNSAVED = {
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
