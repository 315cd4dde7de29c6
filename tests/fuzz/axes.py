"""Random formulas over tensors with named axes. The operations along axes are listed here, the elementwise ones in operations.py.
The reference knows no axes: each operation says of which scalars its numbers are made, and these become the program.

A shape is a tuple of axes. What is wanted are axes in any order; which order a tensor has follows docs/reference/axes.md, and is checked."""
import dataclasses
import itertools
import math
import re
from typing import Callable, NamedTuple

import formula
from operations import OPERATIONS, SCALAR

NAMES = "abcdhk"
MOST_AXES = 3  # of a tensor


class Axis(NamedTuple):
    name: str
    size: int

    @property
    def id(self):
        return f"{self.name}{self.size}"

    def declaration(self):
        return f'tg::axis<"{self.name}", {self.size}>'

    @property
    def is_row(self):
        return False


class RowAxis(Axis):
    """Its length is known at run time."""

    @property
    def id(self):
        return self.name

    def declaration(self):
        return f'tg::axis<"{self.name}">'

    @property
    def is_row(self):
        return True


def rows_first(axes):
    return sorted(axes, key=lambda a: not a.is_row)


def listed(axes):
    return ", ".join(a.id for a in axes)


def shape_text(axes):
    return f"tg::axes<{listed(axes)}>"


def places(axes):
    """All places of a tensor, in the order of its numbers: the index along each name."""
    for index in itertools.product(*(range(a.size) for a in axes)):
        yield {a.name: i for a, i in zip(axes, index)}


class Tensor:
    """Its axes in their order, and for each place a node of the program."""

    def __init__(self, axes, number):
        self.axes = tuple(axes)
        self.numbers = [number(where) for where in places(self.axes)]

    def index(self, where):
        index = 0
        for a in self.axes:
            index = index * a.size + where[a.name]
        return index

    def __call__(self, where):
        return self.numbers[self.index(where)]


class Scalars:
    """A program for the reference: nodes that are numbers, or stacks of them."""

    def __init__(self):
        self.rows, self.known = [], {}
        self.zero = self.add("square", [self.literal(0)])  # in a tensor: 0 times infinity is not 0

    def add(self, code, args=(), p=0, q=0, number=0.0, height=0):
        row = (code, height, tuple(args), p, q, float(number))
        if row not in self.known:
            self.known[row] = len(self.rows)
            self.rows.append(row)
        return self.known[row]

    def literal(self, number):
        return self.add("literal", number=number)

    def stack(self, numbers):
        return self.add("stack", numbers, height=len(numbers))

    def over(self, code, *lists):
        return self.add(code, [self.stack(numbers) for numbers in lists])

    def chain(self, code, numbers):
        total = numbers[0]
        for one in numbers[1:]:
            total = self.add(code, [total, one])
        return total

    def picked(self, x, where):
        """A number of a tensor the others of which are left out."""
        return self.add("at", [self.stack(x.numbers)], x.index(where))


# how numbers are made: functions of (program, operands...)


def union(shapes):
    return rows_first(dict.fromkeys(a for shape in shapes for a in shape))


def without(shape, axes):
    return [a for a in shape if a not in axes]


def elementwise(code, p=0, q=0):
    return lambda program, *xs: Tensor(union(x.axes for x in xs), lambda where: program.add(code, [x(where) for x in xs], p, q))


def line(x, where, axes):
    return [x({**where, **inner}) for inner in places(axes)]


def along(axes, result):
    """One number for all that stand along the axes: result(program, those of each operand)."""
    return lambda program, *xs: Tensor(without(union(x.axes for x in xs), axes), lambda where: result(program, *(line(x, where, axes) for x in xs)))


def over(code, axes):
    return along(axes, lambda program, *lists: program.over(code, *lists))


def within(axes, result):
    """As many numbers as before: result(program, all along the axes, which of them)."""

    def lower(program, x):
        at = {tuple(inner.items()): k for k, inner in enumerate(places(axes))}
        return Tensor(x.axes, lambda where: result(program, line(x, where, axes), at[tuple((a.name, where[a.name]) for a in axes)]))

    return lower


def moved(axes_of, source, all_are_read=True):
    """Numbers from other places: source(where) is a place of the operand, or None for 0."""

    def lower(program, x):
        def number(where):
            place = source(where)
            if place is None:
                return program.zero
            return x(place) if all_are_read else program.picked(x, place)

        return Tensor(axes_of(x.axes), number)

    return lower


def replaced(old, new):
    """Axes in the place of another."""
    return lambda shape: [b for a in shape for b in (new if a == old else [a])]


# the operations


class Made(NamedTuple):
    """An operation on operands with these axes."""

    text: str
    operands: list
    lower: Callable
    domain: tuple = ()


@dataclasses.dataclass(frozen=True)
class AxisOperation:
    name: str
    weight: float
    make: Callable  # (formula, wanted axes) -> Made, or None if this operation cannot give them
    edge: float = 1.0


def reduction(code, most=1, domain=(), lower=None, text=None):
    def make(f, wanted):
        axes = f.fresh(wanted, f.random.randint(1, most))
        return Made(f"tg::{text or code}<{listed(axes)}>({{0}})", [wanted + axes], lower(axes) if lower else over(code, axes), domain)

    return make


def whole(code):
    def make(f, wanted):
        axes = f.fresh([], f.random.randint(1, 3))
        return Made(f"{code}({{0}})", [axes], over(code, axes)) if not wanted else None

    return make


def contraction(count):
    def make(f, wanted):
        axes = f.fresh(wanted, count)
        first, second = f.divided(wanted, 2)
        return Made(f"dot<{listed(axes)}>({{0}}, {{1}})", [first + axes, second + axes], over("dot", axes))

    return make


def whole_dot(f, wanted):
    """Both have the same axes in the same order."""
    axes = f.fresh([], f.random.randint(1, 3))
    text = "dot({0}, {1})" if len(axes) == 1 else f"dot(tg::order<{listed(axes)}>({{0}}), tg::order<{listed(axes)}>({{1}}))"
    return Made(text, [axes, axes], over("dot", axes)) if not wanted else None


def norm_along(axes):
    return along(axes, lambda program, xs: program.add("sqrt", [program.over("dot", xs, xs)]))


def softmax_number(program, xs, k):
    return program.add("at", [program.add("softmax", [program.stack(xs)], height=len(xs))], k)


def log_softmax_number(program, xs, k):
    return program.add("subtract", [xs[k], program.over("logsumexp", xs)])


def rewriting(name, result, most):
    def make(f, wanted):
        if not wanted:
            return None
        axes = f.random.sample(wanted, min(len(wanted), f.random.randint(1, most)))
        return Made(f"tg::{name}<{listed(axes)}>({{0}})", [wanted], within(axes, result))

    return make


def slices(f, wanted):
    if not wanted:
        return None
    to = f.random.choice(wanted)
    first, left = f.random.choice([(0, 1), (1, 0), (1, 1), (2, 0), (0, 0)])
    axis = Axis(to.name, to.size + first + left)
    lower = moved(replaced(axis, [to]), lambda where: {**where, to.name: where[to.name] + first}, False)
    return Made(f"tg::slice<{axis.id}, {first}, {first + to.size}>({{0}})", [without(wanted, [to]) + [axis]], lower)


def shifts(f, wanted):
    if not wanted:
        return None
    axis = f.random.choice(wanted)
    by = f.random.randint(1 - axis.size, axis.size - 1)

    def source(where):
        t = where[axis.name] - by
        return {**where, axis.name: t} if 0 <= t < axis.size else None

    return Made(f"tg::shift<{axis.id}, {by}>({{0}})", [wanted], moved(list, source, False))


def windows(f, wanted):
    if len(wanted) < 2:
        return None
    to, within_window = f.random.sample(wanted, 2)
    stride, dilation, before = f.random.choice([1, 1, 2, 3]), f.random.choice([1, 1, 2]), f.random.choice([0, 0, 1, 2])
    axis = Axis(to.name, f.random.randint(stride * (to.size - 1) + 1, stride * to.size))

    def source(where):
        t = stride * where[to.name] + dilation * where[within_window.name] - before
        return {**where, axis.name: t} if 0 <= t < axis.size else None

    lower = moved(lambda shape: replaced(axis, [to])(shape) + [within_window], source, False)
    numbers = [stride, dilation, before][: 3 if before else 2 if dilation > 1 else 1 if stride > 1 else 0]
    arguments = ", ".join([axis.id, within_window.id, *map(str, numbers)])
    return Made(f"tg::window<{arguments}>({{0}})", [without(wanted, [to, within_window]) + [axis]], lower)


def concatenation(f, wanted):
    long = [a for a in wanted if a.size > 1]
    if not long:
        return None
    to = f.random.choice(long)
    cuts = sorted(f.random.sample(range(1, to.size), f.random.randint(1, min(2, to.size - 1))))
    sizes = [b - a for a, b in zip([0] + cuts, cuts + [to.size])]
    axes = [Axis(to.name, n) for n in sizes]

    def lower(program, *xs):
        sources = [(x, i) for x, n in zip(xs, sizes) for i in range(n)]

        def number(where):
            x, i = sources[where[to.name]]
            return x({**where, to.name: i})

        return Tensor(replaced(axes[0], [to])(xs[0].axes), number)

    return Made(f"tg::concat<{to.id}>({{args}})", [without(wanted, [to]) + [a] for a in axes], lower)


def renaming(f, wanted):
    if not wanted:
        return None
    to = f.random.choice(wanted)
    (axis,) = f.fresh(wanted, 1, to.size)
    lower = moved(replaced(axis, [to]), lambda where: {**where, axis.name: where[to.name]})
    return Made(f"tg::rename<{axis.id}, {to.id}>({{0}})", [without(wanted, [to]) + [axis]], lower)


def ordering(f, wanted):
    if not wanted:
        return None
    axes = f.random.sample(wanted, len(wanted))
    return Made(f"tg::order<{listed(axes)}>({{0}})", [wanted], moved(lambda _: axes, dict))


def splitting(f, wanted):
    if len(wanted) < 2:
        return None
    parts = f.random.sample(wanted, 2)
    (axis,) = f.fresh(without(wanted, parts), 1, parts[0].size * parts[1].size)
    lower = moved(replaced(axis, parts), lambda where: {**where, axis.name: where[parts[0].name] * parts[1].size + where[parts[1].name]})
    return Made(f"tg::split<{axis.id}, {listed(parts)}>({{0}})", [without(wanted, parts) + [axis]], lower)


def merging(f, wanted):
    if not wanted:
        return None
    to = f.random.choice(wanted)
    outer = f.random.choice([n for n in range(1, to.size + 1) if to.size % n == 0])
    rest = without(wanted, [to])
    parts = f.fresh(rest, 1, outer)
    parts += f.fresh(rest + parts, 1, to.size // outer)

    def shape(axes):  # in the place of the part named first
        return [b for a in axes for b in ([to] if a == parts[0] else [] if a == parts[1] else [a])]

    def source(where):
        outer, inner = divmod(where[to.name], parts[1].size)
        return {**where, parts[0].name: outer, parts[1].name: inner}

    return Made(f"tg::merge<{listed(parts)}, {to.id}>({{0}})", [rest + parts], moved(shape, source))


def reshaping(f, wanted):
    """Numbers in their order under other axes."""
    if not wanted:
        return None
    to = f.random.sample(wanted, len(wanted))
    size = formula.size_of(wanted)
    divisor = f.random.choice([n for n in range(1, size + 1) if size % n == 0])
    axes = f.fresh([], 1, divisor)
    if divisor < size:
        axes += f.fresh(axes, 1, size // divisor)
    result = Tensor(to, lambda where: where)

    def lower(_, x):
        return Tensor(to, lambda where: x.numbers[result.index(where)])

    return Made(f"tg::reshape<{shape_text(to)}>({{0}})", [axes], lower)


def stacking(f, wanted):
    if len(wanted) != 1:
        return None
    (axis,) = wanted
    lower = lambda _, *xs: Tensor(wanted, lambda where: xs[where[axis.name]]({}))  # noqa: E731
    return Made(f"tg::reshape<{shape_text(wanted)}>(tg::stack({{args}}))", [[]] * axis.size, lower)


def element(f, wanted):
    (axis,) = f.fresh(wanted, 1)
    i = f.random.randrange(axis.size)
    lower = moved(lambda shape: without(shape, [axis]), lambda where: {**where, axis.name: i}, False)
    return Made(f"tg::at<{axis.id}, {i}>({{0}})", [wanted + [axis]], lower)


COMPARISONS = [("less", "<"), ("less_equal", "<="), ("greater", ">"), ("greater_equal", ">=")]


def position_of(axis):
    return lambda program: Tensor([axis], lambda where: program.literal(where[axis.name]) if where[axis.name] else program.zero)


def condition(f, axis, others, everywhere=False):
    """A comparison of positions: its text, and its numbers. Everywhere: it holds somewhere along the axis, wherever it is."""
    code, symbol = f.random.choice(COMPARISONS)
    if others and f.random.random() < 0.6:
        other = f.random.choice(others)
        last = other.size - 1
        text, right = f"tg::position<{other.id}>", position_of(other)
    else:
        i = last = f.random.randrange(axis.size)
        text, right = f"{i}_c", lambda program: Tensor([], lambda _: program.literal(i))
    if everywhere and (code in ("less", "greater") or (code == "greater_equal" and last >= axis.size)):
        return condition(f, axis, others, everywhere)
    return f"tg::position<{axis.id}> {symbol} {text}", lambda program: elementwise(code)(program, position_of(axis)(program), right(program))


def selection(f, wanted):
    if not wanted:
        return None
    axis = f.random.choice(wanted)
    text, mask = condition(f, axis, without(wanted, [axis]))
    lower = lambda program, x, y: elementwise("select")(program, mask(program), x, y)  # noqa: E731
    return Made(f"select({text}, {{0}}, {{1}})", f.divided(wanted, 2), lower)


def positions(f, wanted):
    if not wanted:
        return None
    axis = f.random.choice(wanted)
    lower = lambda program, x: elementwise("multiply")(program, position_of(axis)(program), x)  # noqa: E731
    return Made(f"(tg::position<{axis.id}> * {{0}})", [wanted if f.random.random() < 0.5 else without(wanted, [axis])], lower)


def masked(f, wanted):
    """What is minus infinity has no part in a softmax, a logsumexp, a max."""
    name = f.random.choice(["softmax", "softmax", "logsumexp", "max"])
    if name == "softmax" and not wanted:
        return None
    axis = f.random.choice(wanted) if name == "softmax" else f.fresh(wanted, 1)[0]
    shape = wanted if name == "softmax" else wanted + [axis]
    text, mask = condition(f, axis, without(shape, [axis]), f.level == "ordinary")
    total = within([axis], softmax_number) if name == "softmax" else over("largest" if name == "max" else name, [axis])

    def lower(program, x):
        minus_infinity = Tensor([], lambda _: program.literal(-math.inf))
        return total(program, elementwise("select")(program, mask(program), x, minus_infinity))

    return Made(f"tg::{name}<{axis.id}>(select({text}, {{0}}, tg::minus_infinity))", [shape], lower)


class Label:
    """Integers, each an element of an axis."""

    def __init__(self, counted, shape, values):
        self.counted, self.shape, self.values = counted, shape, values
        self.id = "_".join(["label", counted.id, *(a.id for a in shape)])

    def declaration(self):
        return f'tg::index<"{self.id}", {self.counted.id}' + (f", {shape_text(self.shape)}>" if self.shape else ">")

    def binding(self):
        return f"{self.id} = rows(std::array{{{', '.join(map(str, self.values))}}})"


def taking(f, wanted):
    shape = rows_first(f.random.sample(wanted, f.random.randint(0, len(wanted))))
    (counted,) = f.fresh(wanted, 1)
    label = f.label(counted, shape)
    table = without(wanted, shape) + [a for a in shape if f.random.random() < 0.3] + [counted]
    of_label = Tensor(shape, dict)

    def lower(program, x):
        def number(where):
            return program.picked(x, {**where, counted.name: label.values[of_label.index(where)]})

        return Tensor(union([shape, without(x.axes, [counted])]), number)

    return Made(f"tg::take<{counted.id}>({{0}}, {label.id})", [table], lower)


def any_number(program, xs):
    return program.chain("max", [program.add("select", [x, program.literal(1), program.literal(0)]) for x in xs])


STEPS = [  # as C++, and as a function of e(operation, operands...), the carry, the input, and a third symbol
    ("tanh({c} * {s} + {x})", lambda e, c, x, s: e("tanh", e("add", e("multiply", c, s), x))),
    ("{c} * {s} + {x}", lambda e, c, x, s: e("add", e("multiply", c, s), x)),
    ("{c} + sin({c}) * {x}", lambda e, c, x, s: e("add", c, e("multiply", e("sin", c), x))),
    ("sigmoid({x}) * {c} + {s}", lambda e, c, x, s: e("add", e("multiply", e("sigmoid", x), c), s)),
    ("select({x} < {s}, {c}, {c} / (2_c + square({x})))",
     lambda e, c, x, s: e("select", e("less", x, s), c, e("divide", c, e("add", e("number", 2), e("square", x))))),
]


def applied(program):
    """e(operation, operands...) of steps: operations by their names in the reference, or functions as above."""

    def e(operation, *xs):
        if operation == "number":
            return Tensor([], lambda _: program.literal(xs[0]))
        return (elementwise(operation) if isinstance(operation, str) else operation)(program, *xs)

    return e


def layer(f, axis):
    """A step that multiplies by a matrix: its axes, the text, and the numbers."""
    (to,) = f.fresh([axis], 1, axis.size)

    def step(e, c, x, w):
        product = e(over("dot", [axis]), w, c)
        return e("tanh", e("add", e(moved(replaced(to, [axis]), lambda where: {**where, to.name: where[axis.name]}), product), x))

    return [to, axis], f"tanh(tg::rename<{to.id}, {axis.id}>(dot<{axis.id}>({{s}}, {{c}})) + {{x}})", step


def recurrence(all_carries):
    def make(f, wanted):
        if all_carries and not wanted:
            return None
        (axis,) = [f.random.choice(wanted)] if all_carries else f.fresh(wanted, 1)
        carry = without(wanted, [axis])
        text, step = f.random.choice(STEPS)
        third = []
        if len(carry) == 1 and f.random.random() < 0.5:
            third, text, step = layer(f, carry[0])

        def lower(program, start, x, s):
            carries = [start]
            for t in range(axis.size):
                now = Tensor(without(x.axes, [axis]), lambda where: x({**where, axis.name: t}))
                one = step(applied(program), carries[-1], now, s)
                carries.append(Tensor(start.axes, one))
            return Tensor(rows_first([axis, *start.axes]), lambda where: carries[where[axis.name] + 1](where)) if all_carries else carries[-1]

        function = "[](auto before, auto in) {{ return " + text.format(c="before", x="in", s="{2}") + "; }}"
        stored = "tg::checkpoint<2>, " if not all_carries and f.random.random() < 0.3 else ""
        name = "scan_all" if all_carries else "scan"
        inputs = [a for a in carry if f.random.random() < 0.7] + [axis]
        return Made(f"tg::{name}<{axis.id}>({stored}{{0}}, {function}, {{1}})", [carry, inputs, third], lower, ("any", "any", "symbol"))

    return make


CONTRACTIONS = [  # each step brings the unknown nearer by a factor of 8; it is larger than 0.9, so that the tolerance is within its rounding
    ("2_c + tanh({x}) + sin({c}) / 8_c", lambda e, c, x, s: e("add", e("add", e("number", 2), e("tanh", x)), e("divide", e("sin", c), e("number", 8)))),
    ("2_c + cos({c} + {s}) * tanh({x}) / 8_c",
     lambda e, c, x, s: e("add", e("number", 2), e("divide", e("multiply", e("cos", e("add", c, s)), e("tanh", x)), e("number", 8)))),
]
STEPS_TO_CONVERGE = 20


def coupled(f, axis):
    """A step in which each unknown depends on all along an axis."""
    (to,) = f.fresh([axis], 1, axis.size)

    def step(e, c, x, w):
        product = e(over("mean", [axis]), e("multiply", e("tanh", w), e("sin", c)))
        turned = e(moved(replaced(to, [axis]), lambda where: {**where, to.name: where[axis.name]}), product)
        return e("add", e("add", e("number", 2), e("tanh", x)), e("divide", turned, e("number", 8)))

    product = f"tg::rename<{to.id}, {axis.id}>(tg::mean<{axis.id}>(tanh({{s}}) * sin({{c}})))"
    return [to, axis], f"2_c + tanh({{x}}) + {product} / 8_c", step


def fixed_point(f, wanted):
    """The reference makes so many steps that it does not matter where they start."""
    if f.level == "edges" and wanted:
        return None  # what goes into it counts as a whole there (docs/conventions.md)
    text, step = f.random.choice(CONTRACTIONS)
    third = []
    if len(wanted) == 1 and 1 < wanted[0].size <= 3 and f.random.random() < 0.5:
        third, text, step = coupled(f, wanted[0])

    def lower(program, start, x, s):
        unknown = Tensor(start.axes, lambda _: program.literal(1))
        for _ in range(STEPS_TO_CONVERGE):
            unknown = Tensor(start.axes, step(applied(program), unknown, x, s))
        return unknown

    function = "[](auto before, auto in) {{ return " + text.format(c="before", x="in", s="{2}") + "; }}"
    start = "1_c" if f.level == "edges" else "{0}"
    inputs = [a for a in wanted if f.random.random() < 0.7]
    return Made(f"tg::iterate_until<1e-15_c>({start}, {function}, {{1}})", [wanted, inputs, third], lower, ("small", "any", "symbol"))


AXIS_OPERATIONS = [
    AxisOperation("dot", 4, contraction(1)),
    AxisOperation("dot over two", 1.5, contraction(2)),
    AxisOperation("dot over all", 1, whole_dot),
    AxisOperation("sum", 3, reduction("sum", 2)),
    AxisOperation("sum over all", 2, whole("sum")),
    AxisOperation("mean", 2, reduction("mean", 2)),
    AxisOperation("mean over all", 0.7, whole("mean")),
    AxisOperation("max along", 1, reduction("largest", 2, text="max"), 2),
    AxisOperation("min along", 1, reduction("smallest", 2, text="min"), 2),
    AxisOperation("argmax", 0.5, reduction("argmax")),
    AxisOperation("any", 0.4, reduction("any", 2, ("condition",), lambda axes: along(axes, any_number))),
    AxisOperation("prod", 1, reduction("prod", 1, (), lambda axes: along(axes, lambda program, xs: program.chain("multiply", xs)))),
    AxisOperation("norm", 1, reduction("norm", 2, ("positive",), norm_along), 1.5),
    AxisOperation("logsumexp", 1, reduction("logsumexp", 2)),
    AxisOperation("softmax", 1.2, rewriting("softmax", softmax_number, 2)),
    AxisOperation("log_softmax", 1, rewriting("log_softmax", log_softmax_number, 2)),
    AxisOperation("cumsum", 1.2, rewriting("cumsum", lambda program, xs, k: program.chain("add", xs[: k + 1]), 1)),
    AxisOperation("slice", 1.2, slices, 2),
    AxisOperation("shift", 1.2, shifts, 2),
    AxisOperation("window", 1.5, windows, 1.5),
    AxisOperation("concat", 1.2, concatenation),
    AxisOperation("rename", 1.2, renaming),
    AxisOperation("order", 1, ordering),
    AxisOperation("split", 1.2, splitting),
    AxisOperation("merge", 1.2, merging),
    AxisOperation("reshape", 1, reshaping),
    AxisOperation("stack", 0.7, stacking),
    AxisOperation("at", 1.2, element, 2),
    AxisOperation("select by position", 1.2, selection, 3),
    AxisOperation("position", 0.7, positions),
    AxisOperation("minus infinity", 1.2, masked),
    AxisOperation("take", 1.5, taking, 2),
    AxisOperation("scan", 0.25, recurrence(False)),
    AxisOperation("scan_all", 0.25, recurrence(True)),
    AxisOperation("iterate_until", 0.3, fixed_point),
]
ALONG_NO_AXIS = [o for o in OPERATIONS if o.name not in ("sum", "mean", "logsumexp", "softmax", "dot", "outer", "transpose", "matmul", "at", "stack")
                 and not o.text.startswith("hadamard")]
COMPARING = [o for o in ALONG_NO_AXIS if o.name in dict(COMPARISONS)]
LEAVING_OUT = ("select", "select by position", "relu", "max", "min", "max along", "min along", "abs", "at", "slice", "shift", "take", "max over rows",
               "min over rows")


def row_axis_of(axes):
    return [a for a in axes if a.is_row]


def over_rows(code, most=1, domain=(), lower=None, text=None):
    """A reduction along an axis of run-time length, and perhaps along others."""

    def make(f, wanted):
        if row_axis_of(wanted):
            return None
        axes = [f.random.choice(f.row_axes)] + f.fresh(wanted, f.random.randint(1, most) - 1)
        return Made(f"tg::{text or code}<{listed(axes)}>({{0}})", [wanted + axes], lower(axes) if lower else over(code, axes), domain)

    return make


def dot_over_rows(f, wanted):
    if row_axis_of(wanted):
        return None
    axes = [f.random.choice(f.row_axes)]
    first, second = f.divided(wanted, 2)
    return Made(f"dot<{listed(axes)}>({{0}}, {{1}})", [first + axes, second + axes], over("dot", axes))


def rewriting_rows(name, result):
    def make(f, wanted):
        axes = row_axis_of(wanted)
        return Made(f"tg::{name}<{listed(axes)}>({{0}})", [wanted], within(axes, result)) if axes else None

    return make


def row_positions(f, wanted):
    axes = row_axis_of(wanted)
    lower = lambda program, x: elementwise("multiply")(program, position_of(axes[0])(program), x)  # noqa: E731
    return Made(f"(tg::position<{axes[0].id}> * {{0}})", [wanted if f.random.random() < 0.5 else without(wanted, axes)], lower) if axes else None


ROW_OPERATIONS = [
    AxisOperation("sum over rows", 3, over_rows("sum", 2)),
    AxisOperation("mean over rows", 3, over_rows("mean", 2)),
    AxisOperation("dot over rows", 2, dot_over_rows),
    AxisOperation("max over rows", 1.5, over_rows("largest", 1, text="max"), 2),
    AxisOperation("min over rows", 1, over_rows("smallest", 1, text="min"), 2),
    AxisOperation("argmax over rows", 0.5, over_rows("argmax")),
    AxisOperation("any over rows", 0.5, over_rows("any", 1, ("condition",), lambda axes: along(axes, any_number))),
    AxisOperation("logsumexp over rows", 1.5, over_rows("logsumexp")),
    AxisOperation("softmax over rows", 1, rewriting_rows("softmax", softmax_number)),
    AxisOperation("position of rows", 0.7, row_positions),
]


class Symbol(formula.Symbol):
    def __init__(self, shape, shared, positive):
        super().__init__(shape, shared, positive)
        self.id = "_".join([("p" if shared else "x") + ("plus" if positive else ""), *(a.id for a in shape)])

    def declaration(self):
        kind = "parameter" if self.shared else "variable"
        return f'tg::{kind}<"{self.id}"' + (f", {shape_text(self.shape)}>" if self.shape else ">")


class Formula(formula.Formula):
    most_numbers = 16
    sizes = [1, 2, 2, 2, 3, 3, 3, 4, 5]
    most_elements = 24  # of a tensor
    choices = ALONG_NO_AXIS + AXIS_OPERATIONS * 2
    most_scalars = 500  # in the program of a formula
    linear_operations = formula.Formula.linear_operations + (
        "sum", "sum over all", "mean", "mean over all", "dot", "dot over two", "dot over all", "cumsum", "slice", "shift", "window", "concat",
        "rename", "order", "split", "merge", "reshape", "stack", "at", "take", "position", "scan", "scan_all")

    def required(self):
        return AXIS_OPERATIONS[self.index % len(AXIS_OPERATIONS)].name

    def start(self, seed):
        super().start("axes " + seed)
        self.scalars = Scalars()
        self.some_axes = [Axis(name, self.random.choice(self.sizes)) for name in self.random.sample(NAMES, 3)]

    def is_small(self):
        return self.inputs <= self.most_elements and len(self.rows) <= self.most_scalars

    def fresh(self, taken, count, size=None):
        """New axes beside those that are taken."""
        result, names = [], {a.name for a in taken}
        while len(result) < count:
            known = [a for a in self.some_axes if a.name not in names and size in (None, a.size)]
            if known and self.random.random() < 0.8:
                axis = self.random.choice(known)
            else:
                axis = Axis(self.random.choice([n for n in NAMES if n not in names]), size or self.random.choice(self.sizes))
            result.append(axis)
            names.add(axis.name)
        return result

    def divided(self, wanted, count):
        """Operands that together have the wanted axes."""
        if count == 1 or not wanted or self.random.random() < 0.4:
            return [self.random.sample(wanted, len(wanted)) for _ in range(count)]
        holders = [[k for k in range(count) if self.random.random() < 0.6] or [self.random.randrange(count)] for _ in wanted]
        return [[a for a, who in zip(wanted, holders) if k in who] for k in range(count)]

    def new_symbol(self, shape, positive):
        return Symbol(tuple(rows_first(self.random.sample(shape, len(shape)))), self.random.random() < 0.5, positive)

    def label(self, counted, shape):
        new = Label(counted, shape, [self.random.randrange(counted.size) for _ in range(formula.size_of(shape))])
        for label in self.labels:
            if label.id == new.id:
                return label
        self.labels.append(new)
        return new

    def add(self, name, args, shape, text, lower=None, made_by=None, **named):
        n = super().add(name, args, shape, text, **named)
        node = self.nodes[n]
        if name == "symbol":
            all_places = Tensor(shape, dict)
            node.tensor = Tensor(shape, lambda where: self.scalars.add("symbol", p=(n, all_places.index(where))))
        elif name == "literal":
            node.tensor = Tensor([], lambda _: self.scalars.literal(node.number))
        else:
            node.tensor = lower(self.scalars, *(self.nodes[k].tensor for k in args))
        node.shape, node.made_by = node.tensor.axes, made_by
        return n

    def leaf(self, shape, positive=False, symbol=False):
        """A symbol has the axes in any order, and one that is there already has them in its own."""
        for s in self.symbols:
            if set(s.shape) == set(shape) and (s.positive or not positive) and self.random.random() < 0.4:
                return s.node
        return super().leaf(tuple(shape), positive, symbol)

    def make(self, operation, wanted):
        if isinstance(operation, AxisOperation):
            return operation.make(self, wanted)
        count = 1 + max(k for k in range(3) if f"{{{k}}}" in operation.text)
        p, q = operation.payload(self.random, None) if operation.payload else (0, 0)
        text = operation.text.format("{0}", "{1}", "{2}", p=p, q=q)
        return Made(text, self.divided(wanted, count), elementwise(operation.name, p, q), operation.domain)

    def apply(self, operation, shape, operands, payload=(0, 0)):
        return self.put(operation, self.make(operation, list(shape)), operands)

    def put(self, operation, made, operands):
        if operands and all(self.nodes[k].constant for k in operands):
            operands = [self.leaf(self.nodes[operands[0]].shape, symbol=True)] + operands[1:]
        name = operation.name
        if name in ("add", "subtract") and self.level == "edges" and self.linear(operands[0]).keys() & self.linear(operands[1]).keys():
            return self.add("max", operands, (), "tg::max({0}, {1})", elementwise("max"), "max")
        return self.add(name, operands, (), made.text, made.lower, name)

    def grow(self, shape, budget, domain):
        edges, r, wanted = self.level == "edges", self.random, list(shape)
        if domain in ("positive", "small") and (not edges or r.random() < 0.3):
            return self.tamed(shape, budget, domain)
        if budget <= 0 or domain == "symbol":
            return self.leaf(shape, symbol=domain == "symbol")
        if r.random() < 0.2:
            same = [n for n, node in enumerate(self.nodes) if set(node.shape) == set(shape) and not node.constant]
            if same:
                return r.choice(same)
        choices = COMPARING if domain == "condition" and r.random() < 0.8 else self.choices
        if domain == "singular":
            choices = formula.SINGULAR
        while True:
            operation = r.choices(choices, [o.weight * (o.edge if edges else 1) for o in choices])[0]
            made = self.make(operation, wanted)
            if made and all(len(axes) <= MOST_AXES and formula.size_of(axes) <= self.most_elements for axes in made.operands):
                break
        shares = [r.random() + 0.2 for _ in made.operands]
        operands = []
        for k, axes in enumerate(made.operands):
            domain = made.domain[k] if k < len(made.domain) else "any"
            if edges and domain == "any" and operation.name in LEAVING_OUT and r.random() < 0.5:
                domain = "singular"
            operands.append(self.grow(tuple(axes), round((budget - 1) * shares[k] / sum(shares)), domain))
        return self.put(operation, made, operands)

    def choose_parts(self, root):
        pass

    def place(self, root):
        super().place(root)
        self.checked_shapes = {n: shape_text(self.nodes[n].shape) for n in self.used if self.nodes[n].args and len(self.nodes[n].shape) > 1}
        text = " ".join([*(self.nodes[n].text for n in self.used), *self.checked_shapes.values()])
        self.has_hvp = "tg::checkpoint" not in text  # of recurrences (docs/reference/axes.md)
        self.has_second = "tg::scan" not in text
        recurrences = [n for n in self.used if self.nodes[n].name in ("scan", "scan_all", "iterate_until")]
        self.counts_as_whole = any(formula.size_of(self.nodes[n].shape) > 1 for n in recurrences)
        self.labels = [label for label in self.labels if f" {label.id})" in text]
        text += " ".join(s.declaration() for s in self.symbols + self.labels)
        self.axes += [Axis(name, int(size)) for name, size in sorted(set(re.findall(r"\b([a-z])(\d+)\b", text)))]
        self.choose_parts(root)
        kept, stack = set(), [number for n in [root, *self.parts] for number in self.nodes[n].tensor.numbers]
        while stack:
            n = stack.pop()
            if n not in kept:
                kept.add(n)
                stack += self.scalars.rows[n][2]
        self.rows = sorted(kept)
        self.position = {n: i for i, n in enumerate(self.rows)}

    def program(self):
        for n in self.rows:
            code, height, args, p, q, number = self.scalars.rows[n]
            if code == "symbol":
                symbol, i = p
                p = self.nodes[symbol].payload[0] + i
            yield code, min(height, 1), max(height, 1), 1, [self.position[k] for k in args], p, q, number

    def results(self):
        return [[self.position[k] for k in self.nodes[n].tensor.numbers] for n in [self.used[-1], *self.parts]]

    def element_of(self, g):
        for a, i in list(places(self.focus.shape))[self.element].items():
            axis = next(axis for axis in self.focus.shape if axis.name == a)
            g = f"tg::at<{axis.id}, {i}>({g})"
        return g


class LongFormula(Formula):
    """Axes so long that elementwise steps are loops."""
    most_numbers = 72
    sizes = [2, 16, 17, 18, 19, 20, 35]
    most_elements = 72
    most_scalars = 2500


class CalledFormula(Formula):
    """Evaluated for rows and for several results."""

    checks = "calls"
    most_in_part = 6  # numbers: each has a row of a Jacobian

    def is_small(self):
        return super().is_small() and self.parts

    def choose_parts(self, root):
        some = [n for n in self.used[:-1] if self.nodes[n].args and formula.size_of(self.nodes[n].shape) <= self.most_in_part]
        some.sort(key=lambda n: -formula.size_of(self.nodes[n].shape))
        self.parts = some[:1] + self.random.sample(some[1:], min(1, len(some[1:])))

    def point_count(self):
        return 33  # rows


class RowFormula(Formula):
    """Some tensors have an axis of run-time length, one of two. What goes along other axes is done in each row."""

    checks = "rows"
    most_numbers = 72
    sizes = [1, 2, 2, 2, 3]
    most_elements = 72
    most_scalars = 2500
    most_passes = 4  # over rows, for the value: the gradient has more of them, and there may be eight
    passes_of = {"max over rows": 2, "min over rows": 2, "argmax over rows": 2, "logsumexp over rows": 2, "softmax over rows": 3}
    choices = Formula.choices + ROW_OPERATIONS * 4
    linear_operations = Formula.linear_operations + ("sum over rows", "mean over rows", "dot over rows", "position of rows")
    not_of_rows = ("dot over all", "order", "reshape", "stack")

    def required(self):
        return ROW_OPERATIONS[self.index % len(ROW_OPERATIONS)].name

    def start(self, seed):
        super().start("rows " + seed)
        self.row_axes = [RowAxis(name, self.random.choice([1, 2, 3, 7, 16, 17, 33])) for name in "nm"]

    def has_rows(self, symbol):
        return bool(row_axis_of(symbol.shape))

    def is_small(self):
        names = [self.nodes[n].name for n in self.used]
        passes = sum(self.passes_of.get(name, 1) for name in names if name.endswith("over rows"))
        self.has_second = self.has_second and passes <= 2
        bound = {a for s in self.symbols for a in row_axis_of(s.shape)}
        has_data = {a for n in self.used for a in row_axis_of(self.nodes[n].shape)} <= bound
        return super().is_small() and passes <= self.most_passes and bound and has_data and not all(map(self.has_rows, self.symbols))

    def new_symbol(self, shape, positive):
        new = super().new_symbol(shape, positive)
        return Symbol(new.shape, False, positive) if self.has_rows(new) else new

    def make(self, operation, wanted):
        rows = row_axis_of(wanted)
        if not rows or not isinstance(operation, AxisOperation) or operation in ROW_OPERATIONS:
            return super().make(operation, wanted)
        if operation.name in self.not_of_rows or (operation.name == "iterate_until" and self.level == "edges"):
            return None
        made = super().make(operation, wanted if operation.name == "take" else without(wanted, rows))
        if made is None or operation.name == "take":
            return made
        first = 0 if operation.name in ("scan", "scan_all", "iterate_until") else self.random.randrange(len(made.operands))
        symbols = [k for k, domain in enumerate(made.domain) if domain == "symbol"]
        has_rows = lambda k: k == first or operation.name == "concat" or (k not in symbols and self.random.random() < 0.5)  # noqa: E731
        return made._replace(operands=[axes + rows if has_rows(k) else axes for k, axes in enumerate(made.operands)])

    def choose_parts(self, root):
        some = [n for n in self.used if self.nodes[n].args and row_axis_of(self.nodes[n].shape)]
        self.parts = self.random.sample(some, min(2, len(some)))
        self.axes += self.row_axes

    def choose(self):
        super().choose()
        self.focus = self.random.choice([s for s in self.symbols if not self.has_rows(s)])
        self.element = self.random.randrange(self.focus.size())
