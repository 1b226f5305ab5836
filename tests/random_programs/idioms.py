"""Things that people write, of a few lines each, with random parts in them.

Beside the parts of expressions there stand for themselves: {i} and {j}, numbers that the idiom binds; {k} and {m},
names of its own; {f}, a function; {array} and {list}, names. A line {turn} is a statement in a loop, {body} one that is
not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.random_programs.writer import Writer

# What it binds for what comes after it: the text.
IDIOMS = (
    ("{i}", """\
{i} = None
for v in {l}:
    if {i} is None or v {order} {i}:
        {i} = v
    {turn}
if {i} is None:
    {i} = {n}"""),
    ("{i} items", """\
items = [{n}, {n}]
{k} = 0
{i} = {n}
while items and {k} < 6:
    {k} += 1
    {i} = items.pop()
    if {i} > {n}:
        items.append({i} - 1)
    {turn}"""),
    ("{i} table", """\
table = {{}}
for v in {l}:
    table[str(v)] = table.get(str(v), 0) + {n}
{i} = max(table.values(), default={n})"""),
    ("items", """\
items = list({l})
for {k} in range(1, len(items)):
    items[{k}] += items[{k} - 1]
    {turn}"""),
    ("", """\
for {k} in range(1, {array}.size):
    {array}.flat[{k}] += {array}.flat[{k} - 1] * {small}
    if {c}:
        break"""),
    ("", """\
for {k} in range(len({array})):
    {array}[{k}] = {array}[-{k}] + {n}
    {turn}"""),
    ("w", """\
w = np.zeros((2, 3))
for {k} in range(2):
    for {m} in range(3):
        if {c}:
            continue
        w[{k}, {m}] = {n} + {k} * {m}
    {turn}"""),
    ("{i} {j}", """\
{i}, {j} = abs(int({n})), abs(int({n}))
while {j}:
    {i}, {j} = {j}, {i} % {j}"""),
    ("items", """\
items = list({l})
for {k} in range(len(items)):
    for {m} in range(len(items) - 1 - {k}):
        if items[{m}] > items[{m} + 1]:
            items[{m}], items[{m} + 1] = items[{m} + 1], items[{m}]"""),
    ("{i}", """\
for {i} in {l}:
    if {i} {order} {n}:
        {body}
        break
else:
    {i} = {n}"""),
    ("{i}", """\
{i} = {n}
for _ in range(5):
    {j} = ({i} + {n}) / 2
    if abs({j} - {i}) < 0.5:
        break
    {i} = {j}
    {turn}"""),
    ("word", """\
word = 'one'
for {k} in range({trips}):
    if word == 'one':
        word = 'two' if {c} else 'one'
    elif word == 'two':
        word = 'six'
        {turn}
    else:
        break"""),
    ("{i}", """\
def {f}(n):
    total = n
    def add(m):
        nonlocal total
        total += m
        return total
    return add
{k} = {f}({n})
{i} = {k}({n}) + {k}({n})"""),
    ("{i}", """\
{k} = {{}}
def {f}(n):
    if n not in {k}:
        {k}[n] = n if n < 2 else {f}(n - 1) + {f}(n - 2)
    return {k}[n]
{i} = {f}(abs(int({n})) % 6)"""),
    ("{i}", """\
queue = collections.deque([{n}, {n}], maxlen=3)
for v in {l}:
    queue.append(v)
    if {c}:
        queue.popleft()
{i} = sum(queue)"""),
    ("text", """\
text = ''
for {i} in {l}:
    if text:
        text += ','
    text += f'{{{i}}}'
    {turn}
text = text[:9]"""),
    ("items", """\
items = []
for row in {x}:
    items.append(float(np.sum(row)))
    {turn}"""),
    ("{i}", """\
{k} = 0
{i} = {n}
while True:
    {k} += 1
    try:
        if {k} > 3:
            raise Oops({k})
        {turn}
    except Oops as error:
        {i} = len(error.args)
        break
    finally:
        print({k})"""),
    ("", """\
for {i}, {j} in zip(*[[{n}, {n}], [{n}, {n}]]):
    {turn}"""),
    ("items", """\
{k} = {{'p': [], 'q': []}}
for v in {l}:
    {k}['p' if v > {n} else 'q'].append(v)
items = {k}['p'] + {k}['q']"""),
    ("items", "items = sorted({l}, key=lambda v: (v % 2, -v), reverse=bool({c}))"),
    ("{i}", """\
{i} = 0
while {i} < 3:
    {i} += 1
    if {c}:
        continue
    {array}[:{i}] = {n}"""),
    ("{i}", """\
{i} = {n}
if {c}:
    {k} = None
else:
    {k} = {l}
if {k} is not None:
    {i} = len({k})
    {body}"""),
    ("{i} {j}", """\
{k} = [({n}, {n}), ({n}, {n})]
{i}, {j} = max({k}, key=lambda pair: pair[1])
{k}[0] = ({j}, {i})
{i} = {k}[0][0]"""),
    ("{i}", """\
{k} = iter({l})
{i} = next({k}, {n})
for v in {k}:
    {i} += v"""),
    ("group", """\
group = set()
for v in {l}:
    if v in group:
        break
    group.add(v)
    {turn}"""),
    ("{i}", """\
with held({list}, {n}) as {i}:
    print(len({list}))
    {body}"""),
    ("{i}", """\
{i} = {n}
with contextlib.suppress(ZeroDivisionError, Oops):
    {i} = {n} // {n}
    {body}"""),
    ("x", """\
{k} = [{x}, {n}]
for {m} in range({trips}):
    {k}[0] = {k}[0] + {k}[1]
x = {k}[0]"""),
    ("{i}", """\
{i} = 0
for row in [[{n}, {n}], [{n}], []]:
    for v in row:
        if v > {n}:
            break
        {i} += v
    else:
        {i} -= 1
    {turn}"""),
)  # fmt: skip
WITH_OBJECTS = (
    ("{i}", """\
{k} = [Box({n}, {x}), Crate({n}, {x})]
for thing in {k}:
    thing.v += {n}
    {turn}
{i} = {k}[0].v + {k}[-1](2)"""),
    ("{i}", "{i} = remember({n})\nprint(remember({n}))"),
    ("", "K[:1] = {n}\nprint(K)"),
    ("{i}", """\
{k} = Tree({n}, Tree({n}), None)
{k}.left.right = Tree({n})
{i} = {k}.total()"""),
)  # fmt: skip


def idiom(writer: Writer) -> None:
    binds, text = writer.random.choice(IDIOMS + WITH_OBJECTS * writer.objects)
    names = own_names(writer)
    if None in names.values() or "{f}" in text and (writer.inner or writer.in_final):
        return writer.statement()
    for part, name in names.items():
        text, binds = text.replace(part, str(name)), binds.replace(part, str(name))
    for line in text.split("\n"):
        content = line.lstrip(" ")
        shift = (len(line) - len(content)) // 4
        if content in ("{turn}", "{body}"):
            inside(writer, shift, content == "{turn}")
        else:
            writer.line(writer.fill(content, 1), shift)
    writer.bind(*binds.split())


def own_names(writer: Writer) -> dict[str, str | None]:
    one, two = writer.two_names()
    return {
        "{i}": one,
        "{j}": two,
        "{k}": writer.new_name("k"),
        "{m}": writer.new_name("m"),
        "{f}": writer.new_name("g"),
        "{array}": writer.bound_name("array"),
        "{list}": writer.bound_name("list") or "[1, 2]",
    }


def inside(writer: Writer, shift: int, is_turn: bool) -> None:
    writer.depth += shift - 1
    writer.loops += is_turn
    with writer.block():
        writer.statement()
    writer.loops -= is_turn
    writer.depth -= shift - 1
