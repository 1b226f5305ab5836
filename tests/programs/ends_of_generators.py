"""StopIteration that leaves generators, and `with` of what is no context manager."""

from contextlib import contextmanager

from tests.programs.row import program


def told(make, *args):
    """The items of a generator, and the error that ended it."""
    items = []
    try:
        for item in make(*args):
            items.append(item)
    except (RuntimeError, StopIteration) as error:
        items.append(type(error).__name__)
    return items


def stopping(n):
    yield 1
    if n > 1:
        raise StopIteration(5)
    yield 2


def always_stopping(n):
    yield n
    raise StopIteration


def stopped_by_a_call(n):
    def last():
        if n > 1:
            raise StopIteration
        return 3

    yield 1
    yield last()


def stopped_by_next(n):
    given = iter([1, 2, 3])
    for _ in range(n):
        yield next(given)
        yield next(given)


def stopped_by_another(n):
    yield from stopping(n)
    yield 7


def catching(n):
    given = iter([1, 2, 3])
    while True:
        try:
            item = next(given)
        except StopIteration:
            return
        yield item * n


class Stopping:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        yield 1
        if self.n > 1:
            raise StopIteration
        yield 3


@program((3,), (1,), (0,), stages="cond", forms=("converted", "traced"))
def stop_iteration_leaves_a_generator(n):
    return told(stopping, n), told(always_stopping, n), told(stopped_by_a_call, n), told(Stopping, n)


@program((3,), (1,), (0,))
def next_leaves_a_generator(n):
    return told(stopped_by_next, n), told(stopped_by_another, n), told(catching, n)


@program((3,), (1,))
def stop_iteration_is_not_caught(n):
    return list(stopping(n))


@program((3,), (1,), (0,))
def stop_iteration_in_an_expression(n):
    given = iter([1, 2])
    try:
        return list(next(given) for _ in range(n))
    except RuntimeError:
        return "stopped"


@program((3,), (1,))
def next_of_a_generator_that_stops(n):
    given = stopping(n)
    first = next(given)
    try:
        return first, next(given)
    except RuntimeError:
        return first, "stopped"


@program((3,), (1,), forms=("converted", "traced"))
def stop_iteration_of_the_body_stays(n):
    try:
        for item in stopped_by_another(0):
            if n > 1:
                raise StopIteration(item)
    except StopIteration as error:
        return error.value
    return "ended"


@program((3,), (1,), (0,))
def generator_that_is_left_and_stops(n):
    def count():
        for i in range(5):
            if i == n + 1:
                raise StopIteration
            yield i

    given, items = count(), []
    for item in given:
        if item == 1:
            break
    try:
        items += given
    except RuntimeError:
        items.append("stopped")
    return items


@contextmanager
def stopping_early(n):
    if n > 1:
        raise StopIteration
    yield n


@contextmanager
def stopping_late(n):
    yield n
    if n > 1:
        raise StopIteration


@contextmanager
def plain(n):
    yield n


@program((3,), (1,))
def managers_that_stop(n):
    found = []
    for manager, raises in ((stopping_early, False), (stopping_late, False), (plain, True)):
        try:
            with manager(n) as value:
                found.append(value)
                if raises and n > 1:
                    raise StopIteration
        except (RuntimeError, StopIteration) as error:
            found.append(type(error).__name__)
    return found


class Empty:
    pass


class Entering:
    def __enter__(self):
        print("enter")
        return 1


class Leaving:
    def __exit__(self, *error):
        print("exit")


def entered(manager):
    try:
        with manager as value:
            return "in", value
    except (TypeError, AttributeError) as error:
        return type(error).__name__


@program((3,), (0,), forms=("converted", "traced"))
def with_what_is_no_manager(n):
    one = entered(Entering() if n > 1 else Leaving())
    return one, entered(Empty()), entered(Entering()), entered(Leaving()), entered(n), entered(None), entered("a" * n)


@program((Empty(),), (Entering(),), (Leaving(),), forms=("converted", "traced"))
def with_an_argument_that_is_no_manager(manager):
    with manager:
        pass


@program((3,))
def methods_of_the_object_are_not_asked(n):
    manager = Empty()
    manager.__enter__ = lambda: n
    manager.__exit__ = lambda *error: None
    return entered(manager)


def outcome(read):
    try:
        return read()
    except ValueError:
        return "executing"


@program((3,))
def generators_that_read_themselves(n):
    def by_next():
        for i in range(n):
            yield i
            if i == 1:
                next(nexts)

    def by_loop():
        yield 1
        yield from loops

    def by_list():
        yield n
        yield list(lists)

    def by_close():
        yield 1
        closes.close()

    nexts, loops, lists, closes = by_next(), by_loop(), by_list(), by_close()
    expression = (next(expression) for _ in range(n))
    seen = []
    try:
        for item in nexts:
            seen.append(item)
    except ValueError:
        seen.append("executing")
    first = next(lists)
    reads = outcome(lambda: list(loops)), outcome(lambda: next(lists)), outcome(lambda: list(closes))
    return seen, first, reads, outcome(lambda: list(expression))


@program((3,))
def body_reads_the_generator_that_it_goes_through(n):
    def count():
        yield 1
        yield 2
        yield n

    counted = count()
    return [(item, next(counted, None)) for item in counted]


@program((3,), (0,), (2,))
def exception_closes_the_generator_before_it_is_handled(n):
    log = []

    def told():
        try:
            for i in range(n):
                yield i
        finally:
            log.append("closed")

    try:
        for item in told():
            if item == 1:
                raise KeyError(item)
    except KeyError:
        log.append("handled")
    try:
        first, second = told()
        log.append((first, second))
    except ValueError:
        log.append("unpacked")
    return log
