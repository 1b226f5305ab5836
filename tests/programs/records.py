"""Fields of structured scalars and of np.record, which may be arrays and records themselves."""

import numpy as np

from tests.programs.row import program

FIELDS = [("p", "i4"), ("q", [("u", "f8"), ("w", "i8", (2,))]), ("z", "f4", (2, 2))]
HERE = ("converted", "traced")


def records():
    made = np.zeros(2, FIELDS).view(np.recarray)
    made.p, made.q.u, made.q.w, made.z[0] = [3, 4], [1.5, 2.5], [[1, 2], [3, 4]], 7
    return made


def plain():
    return records().view(np.ndarray)


@program(lambda: (records()[0],), forms=HERE)
def fields_of_a_record_are_read(r):
    return r.p, r.q.u, r.q.w, r.q, r.z, r["q"].w[1], r.q.w.sum(), r.z.mean(), r.q.w[0] + r.p


@program(lambda: (records()[0],), forms=HERE)
def record_is_asked_for_fields(r):
    known = hasattr(r, "p"), hasattr(r, "nope"), hasattr(r.q, "u"), hasattr(r.q, "v")
    return known, getattr(r, "q").u, getattr(r, "nope", 5), getattr(r, "p", 5)


@program(lambda: (records()[0],), forms=HERE)
def fields_of_a_record_are_written(r):
    r.p = 9
    r.q.u = 4.5
    r.q.w[0] = 77
    r.z[1] = 5
    inner = r.q
    inner.w[1] = r.p
    before = r.q.w.copy(), r.z.copy()
    r.q = (8, (1, 2))
    return before, inner, r


@program(lambda: (records()[0], 2), lambda: (records()[1], 1), forms=HERE)
def record_in_loops_and_branches(r, n):
    total = 0
    for i in range(n):
        total += r.q.w[i] + r.p
        r.q.w[i] = i
        r.p += 1
    if n > 1:
        r.q.u = n
    return total, r.q.w, r.p, r.q.u


@program(lambda: (records()[0],), forms=HERE)
def record_has_no_such_field(r):
    return r.nope


@program(lambda: (list(records()),), forms=HERE)
def records_in_a_list(rows):
    return sum(r.p for r in rows), [r.q.u for r in rows]


@program(lambda: (plain()[0],))
def scalar_with_fields(v):
    inner = v["q"]
    inner["u"] = 3
    v["z"][0] = 4
    return v["p"], inner["w"], v, inner["w"].sum(), len(v), v[0]


@program(lambda: (plain(),), stages="while_loop")
def array_with_nested_fields(x):
    total = 0.0
    for one in x:
        total += one["p"] + one["q"]["u"] + one["q"]["w"].sum()
        one["z"][0] = one["p"]
    x["q"]["w"][1, 0] = 8
    x[0]["q"]["w"][1] = 7
    return total, x["q"]["w"], x["z"]
