"""The sum or the difference of two arrays, as the data say: a graph built by hand, with `cond` in the place of `if`."""

import numpy as np

from runtime import Executor, static

main, startup = static.Program("conditional_sum"), static.Program("startup")
with static.program_guard(main, startup):
    x = static.data("x", ("n",), "float32")
    y = static.data("y", ("n",), "float32")
    z = static.cond(np.sum(x) > np.sum(y), lambda: x + y, lambda: x - y)
    static.returns(z)


def run() -> None:
    executor = Executor()
    for a, b in (([3, 4], [1, 2]), ([1, 2], [3, 4]), ([5], [5])):
        feed = {"x": np.array(a, np.float32), "y": np.array(b, np.float32)}
        (result,) = executor.run(main, feed, fetch_list=[z])
        print(result)


if __name__ == "__main__":
    run()
