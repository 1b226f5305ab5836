"""Programs of strangers that once went wrong in what they do with objects of their own, each in its smallest form."""

from tests.programs.row import program


class Link:
    """A link of a chain; `random` and `count` are names of methods, too."""

    def __init__(self, label, next=None):
        self.label = label
        self.next = next
        self.random = None
        self.count = 0


def linked(*labels):
    first = None
    for label in reversed(labels):
        first = Link(label, first)
    return first


@program(lambda: (linked(1, 2, 3),), lambda: (linked(1),), stages="while_loop", forms=("converted", "traced"))
def attribute_with_the_name_of_a_method(first):
    copies = {}
    link = first
    while link:
        copies[link] = Link(link.label)
        link.random = link.next
        link.count += 1
        link = link.next
    link = first
    while link:
        copies[link].next = copies.get(link.next)
        copies[link].random = copies.get(link.random)
        link = link.next
    made = copies[first]
    return made.label, made.random is made.next, first.count


def shared():
    last = linked(7, 8)
    return Link(1, Link(2, last)), Link(3, last)


@program(
    shared,
    lambda: (linked(1), linked(2)),
    lambda: (linked(1, 2), linked(3)),
    stages="while_loop cond",
    forms=("converted", "traced"),
)
def objects_named_by_some_branches_only(one, other):
    count, end = 0, None
    first, second = one, other
    while first or second:
        count += 1
        if not end and (first.next is None or second.next is None):
            end = (count, first.next, second.next)
        first = first.next if first else first
        second = second.next if second else second
    if end[1] is None:
        shorter, longer = one, other
    elif end[2] is None:
        shorter, longer = other, one
    ahead = count - end[0]
    while longer and shorter:
        while ahead > 0:
            longer = longer.next
            ahead -= 1
        if longer == shorter:
            return longer.label
        longer, shorter = longer.next, shorter.next
    return None
