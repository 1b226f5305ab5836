"""SimpleNamespace, made, changed and compared in the function."""

from types import SimpleNamespace

from tests.programs.row import program

HERE = ("converted", "traced")


@program((3,), (0,), forms=HERE)
def namespace_is_changed(n):
    o = SimpleNamespace(x=n, y=[n], inner=SimpleNamespace(z=[1, n]))
    o.x -= 1
    o.y *= 2
    o.z = 4
    for i in range(n):
        o.x += i
        o.z = o.x
    other = o
    other.inner.z.append(4)
    copied = SimpleNamespace(**vars(o.inner))
    copied.z = o.inner.z + [1]
    return o, o.x, copied.z, hasattr(o, "w"), getattr(o, "w", 3), sorted(vars(o))


@program((3,), (0,), forms=HERE)
def namespaces_are_compared(n):
    made = SimpleNamespace(x=n)
    return made == SimpleNamespace(x=3), made == made, repr(SimpleNamespace(a=n)), isinstance(made, SimpleNamespace)


@program((3,), (0,), forms=HERE)
def attributes_on_some_paths(n):
    o = SimpleNamespace()
    if n > 1:
        o.a = n
    else:
        o.b = 1
    try:
        print(o.a)
    except AttributeError:
        o.a = "none"
    for k in range(n):
        setattr(o, "a", k)
    del o.a
    return hasattr(o, "a"), hasattr(o, "b")


@program((3,), (0,), stages="while_loop", forms=HERE)
def namespaces_in_a_list(n):
    made = [SimpleNamespace(v=i, w=n) for i in range(n)]
    for o in made:
        o.v *= 2
    made.sort(key=lambda o: -o.v)
    return [o.v for o in made], max(made, key=lambda o: o.v * o.w, default=None)


@program((SimpleNamespace(a=1, b=[2]), 3), forms=HERE)
def namespace_as_an_argument(o, n):
    o.a += n
    o.b.append(n)
    o.c = o.a
    for i in range(n):
        o.c += i
    return o.c, o
