"""Tuples, lists and dicts as arguments, results and state."""

import numpy as np

from tests.programs.row import f32, f64, i64, program


@program(((1, 2),), ((f64(1), 2.5),))
def tuple_argument(pair):
    a, b = pair
    return a + b, pair[0], pair[-1]


@program(([1, f64(2)],), ([1.5, 2],))
def list_argument(items):
    a, b = items
    return [a + b, a], len(items)


@program(({"x": 1, "y": 2.5},), ({"x": f64(1, 2), "y": 3},))
def dict_argument(point):
    return {"sum": point["x"] + point["y"], "point": point}


@program((({"w": [f64(1, 2), (3, 4.5)], "b": 5}, 6),), (({"w": [1, (f32(3), 4)], "b": True}, 6.5),))
def nested_argument(tree):
    table, k = tree
    first, (second, third) = table["w"]
    return [(first * k, {"second": second - third}), table["b"]]


@program(([f64(1), f64(2)], {"a": (3, 4)}))
def arguments_given_back(items, table):
    return items, table, items[0], table["a"]


@program((1,), (f64(1, 2),))
def nested_results(x):
    return {"a": [x, (x + 1, {"b": x * 2})], "c": ()}, [], {}, None


@program((1, 2), (2, 1), stages="cond")
def tuples_in_branches(x, y):
    if x > y:
        pair = (x, y)
    else:
        pair = (y, x + 0.5)
    big, small = pair
    return pair, big - small


@program((1, 2), (2, 1), stages="cond")
def dicts_in_branches(x, y):
    if x > y:
        point = {"x": x, "y": y}
    else:
        point = {"x": y, "y": 0}
    return point["x"] - point["y"], point


@program((1, 2), (2, 1), stages="cond")
def lists_in_branches(x, y):
    if x > y:
        items = [x, y, 1]
    else:
        items = [y, x, 2.5]
    return items[0] + items[2], items


@program((1, 2), (2, 1), stages="cond")
def tuples_of_different_lengths(x, y):
    pair = (x, y) if x > y else (x, y, x + y)
    return len(pair), pair[-1], pair


@program((5, f64(1, 2)), (0, f64(1, 2)), stages="while_loop")
def tuple_as_loop_state(n, x):
    state = (x, 0)
    for i in range(n):
        y, count = state
        state = (y * 2, count + i)
    return state


@program((5,), (0,), stages="while_loop")
def dict_as_loop_state(n):
    state = {"a": 0, "b": 1}
    for _ in range(n):
        state = {"a": state["b"], "b": state["a"] + state["b"]}
    return state["a"], state


@program((3,), (0,), stages="while_loop")
def nested_tuples_as_loop_state(n):
    a, (b, c) = 1, (2, 3.5)
    for i in range(n):
        a, (b, c) = b, (c, a + i)
    return a, b, c


@program((3, 4), (f64(1, 2), 2))
def star_unpacking(x, y):
    first, *rest = (x, y, x + y, 1)
    *start, last = [x, y]
    return first, rest, start, last, (*rest, last), [*start, x]


@program((3, 4), (f64(1), 2))
def chained_assignment(x, y):
    a = b = x + y
    c, d = e = (x, y)
    return a, b, c - d, e


@program((3, 4))
def swap_of_three(x, y):
    a, b, c = x, y, x + y
    a, b, c = c, a, b
    [p, q] = a, b
    return a, b, c, p - q


@program((f64(1, 2), f64(1, 2)))
def one_array_twice_in_a_result(x, y):
    z = x + y
    return z, z, [z, y], {"x": x}


@program(((f64(1, 2), f64(3, 4)), 1), ((f64(1, 2), f64(3, 4)), 0))
def index_a_tuple_by_a_number(pair, i):
    return pair[i]


@program(([1, 2, 3],), ([1.5, f64(2), 3],))
def slices_of_sequences(items):
    return items[1:], items[::-1], tuple(items[:2]), items + [4], (0,) + tuple(items), items[:1] * 2


@program(({"a": 1, "b": f64(2)},))
def methods_of_a_dict(table):
    return table.get("a"), table.get("z", 7), list(table.keys()), tuple(table.values()), "b" in table, len(table)


@program(([f64(1, 2), f64(3, 4)],), ([f64(1), f64(2), f64(3)],))
def list_of_arrays_joined(arrays):
    return np.stack(arrays), np.concatenate(arrays), np.array(arrays), sum(arrays)


@program((2, 3))
def list_built_and_changed(x, y):
    items = [x]
    items.append(y)
    items.extend([x + y, 1])
    items[0] = 10
    items.insert(1, y * 2)
    last = items.pop()
    return items, last


@program((2, 3))
def dict_built_and_changed(x, y):
    table = {"x": x}
    table["y"] = y
    table["x"] += 5
    table.update(z=x * y)
    return table, table.pop("y"), table.setdefault("w", 1)


@program(((f64(1, 2), f64(3)), f64(2)), ((f64(1, 2), f64(3, 4)), 2.5))
def layers_of_parameters(layers, x):
    for layer in layers:
        x = x * layer + 1
    return x


@program(([(f64(1, 2), 1), (f64(3), -1)], 2), ([(f64(1), -1)], 2), stages="cond")
def branch_in_a_loop_over_layers(layers, x):
    for w, k in layers:
        if k > 0:
            x = x + w
        else:
            x = x - w
    return x


@program(((1, 2), (1, 2)), ((1, 2), (1, 3)), ((1, 2.0), (1, 2)))
def comparison_of_tuples(a, b):
    return a == b, a < b, a != b


@program(((),), ([],), ({},), ((1,),))
def truth_of_a_container(items):
    if items:
        return 1
    if not items:
        return 2


@program((i64(2, 3), (f64(1), {"k": [4, 5.5]})), stages="while_loop")
def structure_read_in_a_loop(x, tree):
    total = 0
    for item in x:
        total = total + item * tree[1]["k"][1] + tree[0]
    return total


@program((3, [1, 2]), (0, [1, 2]), stages="while_loop")
def list_element_written_in_a_loop(n, items):
    total = 0
    for i in range(n):
        total += items[0] + items[1] * i
    items[1] = total
    return items


@program(((1, 2), 3), ((1, 2), -3), stages="cond")
def argument_tuple_rebound_in_a_branch(pair, k):
    if k > 0:
        pair = (pair[1], pair[0])
    return pair
