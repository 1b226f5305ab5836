"""Two counters until the first has caught up: a graph built by hand, with `while_loop` and its state in a list."""

from runtime import Executor, static

main, startup = static.Program("two_counters"), static.Program("startup")
with static.program_guard(main, startup):
    start = static.data("first", None, int)
    ahead = static.data("second", None, int)
    first, second = static.while_loop(lambda i, j: i < j, lambda i, j: [i + 2, j + 1], [start, ahead])
    static.returns(first, second)


def run() -> None:
    executor = Executor()
    for a, b in ((0, 10), (3, 4), (7, 2)):
        print(*executor.run(main, feed={"first": a, "second": b}, fetch_list=[first, second]))


if __name__ == "__main__":
    run()
