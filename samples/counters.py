"""A loop with two variables: the converted code beside the source, and the program, the same for any bound."""

import inspect

import numpy as np

from dy2static import to_static


def counters(first, second):
    while first < second:
        first += 2
        second += 1
    return first, second


def main() -> None:
    static = to_static(counters)
    print(f"The source:\n\n{inspect.getsource(counters)}")
    print(f"The converted code:\n\n{static.code}")

    dynamic_result, static_result = counters(0, 10), static(0, 10)
    assert dynamic_result == static_result == (20, 20)
    print(f"The program of Python numbers:\n\n{static.program()}\n")
    print(f"counters(0, 10): dynamic {dynamic_result}, static {static_result}\n")

    # Arrays are changed in place by `+=`, so each call has its own.
    dynamic_arrays = counters(np.array([0]), np.array([10]))
    static_arrays = static(np.array([0]), np.array([10]))
    np.testing.assert_array_equal(dynamic_arrays, static_arrays)
    print(f"The program of arrays, a second one:\n\n{static.program()}\n")
    print(f"counters([0], [10]): dynamic {dynamic_arrays}, static {static_arrays}")
    print(f"programs kept: {len(static.programs)}")


if __name__ == "__main__":
    main()
