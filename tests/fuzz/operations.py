"""The operations of random formulas: for each its name in the reference (fuzz::op), its C++ text, its weight, which operand
shapes give a wanted shape, and what its operands should be like for a finite result. Everything else follows from this table.

A shape is a tuple: () a scalar, (n,) a vector, (r, c) a matrix."""
import dataclasses
from typing import Callable, Optional

SCALAR = ()


@dataclasses.dataclass(frozen=True)
class Operation:
    name: str
    text: str  # {0}, {1}... operands; {p}, {q} payload; {args} all operands
    weight: float
    operands: Callable  # (random, wanted shape) -> operand shapes, or None if this operation cannot give the shape
    domain: tuple = ()  # per operand: "any", "positive" (bounded away from 0), "small" (a few units), "condition", "turned" (transposed)
    payload: Optional[Callable] = None  # (random, operand shapes) -> (p, q)
    edge: float = 1.0  # the weight grows by this factor where singular points are wanted


def elementwise(count):
    """All operands of the shape, or some of them scalars that are spread over it."""

    def operands(random, shape):
        shapes = [shape] * count
        if shape != SCALAR and count > 1 and random.random() < 0.4:
            keep = random.randrange(count)
            shapes = [s if k == keep or random.random() < 0.5 else SCALAR for k, s in enumerate(shapes)]
        return shapes

    return operands


def scaled(random, shape):
    if shape == SCALAR:
        return [SCALAR, SCALAR]
    return random.choice([[SCALAR, shape], [shape, SCALAR]])


def same_shape(random, shape):
    return [shape, shape] if shape != SCALAR else None


def reduced(random, shape):
    return [random.choice(TENSORS)] if shape == SCALAR else None


def two_vectors(random, shape):
    if shape != SCALAR:
        return None
    n = random.randint(1, 5)
    return [(n,), (n,)]


def product(random, shape):
    if shape == SCALAR or (len(shape) == 1 and shape[0] > 4):
        return None
    inner = random.randint(1, 4)
    return [(shape[0], inner), (inner,) if len(shape) == 1 else (inner, shape[1])]


def turned(random, shape):
    return [(shape[1], shape[0])] if len(shape) == 2 else None


def picked(random, shapes):
    (shape,) = shapes
    return (random.randrange(shape[0]), random.randrange(shape[1]) if len(shape) == 2 else 0)


VECTORS = [(n,) for n in range(1, 6)]
MATRICES = [(r, c) for r in range(1, 5) for c in range(1, 5)]
TENSORS = VECTORS * 3 + MATRICES
INTEGERS = [-3, -2, -1, 0, 1, 2, 2, 3, 3, 4, 5, 7]
FRACTIONS = [(1, 2), (3, 2), (-1, 2), (5, 2), (1, 3), (2, 3), (-4, 3), (7, 5)]


def unary(name, domain="any", weight=1.0, edge=1.0):
    return Operation(name, name + "({0})", weight, elementwise(1), (domain,), edge=edge)


def binary(name, symbol, weight, domain=("any", "any"), edge=1.0):
    return Operation(name, "({0} " + symbol + " {1})", weight, elementwise(2), domain, edge=edge)


OPERATIONS = [
    binary("add", "+", 3),
    binary("subtract", "-", 3),
    Operation("multiply", "({0} * {1})", 3, scaled),
    Operation("multiply", "hadamard({0}, {1})", 2, same_shape),
    binary("divide", "/", 2, ("any", "positive"), 2),
    Operation("negate", "(-{0})", 1, elementwise(1)),
    Operation("power", "tg::pow<{p}>({0})", 1.5, elementwise(1), ("positive",), lambda random, _: (random.choice(INTEGERS), 1), 1.5),
    Operation("power", "tg::pow<{p}, {q}>({0})", 1, elementwise(1), ("positive",), lambda random, _: random.choice(FRACTIONS), 1.5),
    unary("square", weight=1.5),
    Operation("pow", "pow({0}, {1})", 1.2, elementwise(2), ("positive", "any"), edge=1.5),
    unary("exp", "small", edge=1.5),
    unary("log", "positive", edge=3),
    unary("log1p", "positive", edge=1.5),
    unary("expm1", "small"),
    unary("sqrt", "positive", edge=3),
    unary("sin"),
    unary("cos"),
    unary("tan", "small", 0.7),
    unary("tanh"),
    unary("sigmoid"),
    unary("relu", edge=2),
    unary("softplus"),
    unary("gelu"),
    unary("erf", weight=0.7),
    unary("normal_cdf", weight=0.7),
    unary("abs", edge=2),
    unary("sign", weight=0.4),
    Operation("max", "tg::max({0}, {1})", 1.2, elementwise(2), edge=2),
    Operation("min", "tg::min({0}, {1})", 1.2, elementwise(2), edge=2),
    binary("less", "<", 0.3),
    binary("less_equal", "<=", 0.3),
    binary("greater", ">", 0.3),
    binary("greater_equal", ">=", 0.3),
    Operation("select", "select({0}, {1}, {2})", 1.5, elementwise(3), ("condition", "any", "any"), edge=4),
    Operation("sum", "sum({0})", 3, reduced),
    Operation("mean", "mean({0})", 2, reduced),
    Operation("logsumexp", "logsumexp({0})", 1.5, reduced),
    Operation("softmax", "softmax({0})", 1, lambda random, shape: [shape] if shape != SCALAR else None),
    Operation("dot", "dot({0}, {1})", 2.5, two_vectors),
    Operation("outer", "outer({0}, {1})", 2, lambda random, shape: [(shape[0],), (shape[1],)] if len(shape) == 2 else None),
    Operation("transpose", "transpose({0})", 1.5, turned),
    Operation("matmul", "({0} * {1})", 4, product, ("turned", "turned")),
    Operation("at", "tg::at<{p}>({0})", 1.5, lambda random, shape: [random.choice(VECTORS)] if shape == SCALAR else None, payload=picked, edge=1.5),
    Operation("at", "tg::at<{p}, {q}>({0})", 1, lambda random, shape: [random.choice(MATRICES)] if shape == SCALAR else None, payload=picked),
    Operation("stack", "tg::stack({args})", 1.5, lambda random, shape: [SCALAR] * shape[0] if len(shape) == 1 else None),
    Operation("let", 'tg::let<"step">({0})', 0.5, elementwise(1)),
]
COMPARISONS = [o for o in OPERATIONS if o.name in ("less", "less_equal", "greater", "greater_equal")]
SINGULAR = [o for o in OPERATIONS if o.name in ("divide", "power", "pow", "log", "sqrt", "log1p", "exp")]
BY_NAME = {o.name: o for o in OPERATIONS}
