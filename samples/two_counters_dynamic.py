"""Two counters until the first has caught up: plain Python, converted."""

from dy2static import to_static


@to_static
def two_counters(first, second):
    while first < second:
        first += 2
        second += 1
    return first, second


def run() -> None:
    for a, b in ((0, 10), (3, 4), (7, 2)):
        print(*two_counters(a, b))


if __name__ == "__main__":
    run()
