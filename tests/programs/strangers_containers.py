"""Programs of strangers that once went wrong in what they do with lists and dicts, each in its smallest form."""

from tests.programs.row import program

# Lists of the caller's, sorted and written in place


@program(([[8, 10], [1, 3], [2, 6]],), ([[1, 3]],), stages="cond while_loop")
def list_of_the_callers_sorted_by_a_key(spans):
    spans.sort(key=lambda span: span[0])
    kept = [spans.pop(0)]
    for span in spans:
        if kept[-1][-1] >= span[0]:
            kept[-1][-1] = max(kept[-1][-1], span[-1])
        else:
            kept.append(span)
    return kept


@program(([(2, "b"), (1, "c"), (2, "a")],), stages="")
def list_of_the_callers_sorted_downwards(items):
    items.sort(key=lambda item: item[0], reverse=True)
    return items[0]


@program(([5, 4, 9, 1, 7, 2],), ([1],), stages="while_loop")
def slices_set_to_what_is_reversed(items):
    for end in range(len(items), 1, -1):
        place = items.index(max(items[:end]))
        items[: place + 1] = reversed(items[: place + 1])
        items[:end] = reversed(items[:end])
    return items


@program(([5, 4, 9],), stages="")
def slices_set_to_what_a_generator_gives(items):
    items[1:2] = (item * 10 for item in items)
    items[:1] = map(abs, [-1, -2])
    return items


# Views of dicts, which see later changes


@program((4,), (1,), (0,), stages="while_loop")
def views_made_before_the_dict_is_filled(n):
    squares = {}
    values, keys, items = squares.values(), squares.keys(), squares.items()
    for i in range(n):
        squares[i] = i * i
    return 4 in values, 3 in keys, (1, 1) in items, len(values), sorted(keys), sum(values), list(items)


@program((3.0,), (-1.0,), stages="cond")
def views_of_a_dict_that_a_branch_fills(x):
    parts = {"a": x}
    values = parts.values()
    if x > 0:
        parts["b"] = 2 * x
    total = 0
    for value in values:
        total += value
    return total, max(values), x in values


@program(("a", "hello", {}), ("ab", "hello", {"b": "h"}), ("a", "hello", {"a": "he"}), stages="cond while_loop")
def word_that_is_no_value_of_a_dict(letter, text, words):
    for end in range(1, len(text)):
        if letter[0] not in words and text[:end] not in words.values():
            words[letter[0]] = text[:end]
            if len(words) > 1:
                return end
            del words[letter[0]]
        elif letter[0] in words and words[letter[0]] == text[:end]:
            return -end
    return words
