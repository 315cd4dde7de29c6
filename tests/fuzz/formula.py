"""How a random formula grows, and at which points it is tried. Formula(seed, index, level) is always the same."""
import math
import random

from operations import BY_NAME, COMPARISONS, OPERATIONS, SCALAR, SINGULAR

LITERALS = ["2", "3", "0.5", "0.25", "1", "0.1", "1.5", "7", "-1", "-0.75"]
SPECIAL = [0.0, 0.0, 0.0, -0.0, 1.0, 1.0, -1.0, 0.5, 2.0, 1e200, -1e200, 1e30, 1e-200, 1e-30]
# NaN comes in scalars alone: 0 times a NaN of the data is NaN, also in an element that nobody reads (docs/conventions.md).
POINTS = {"ordinary": 5, "edges": 8}


def size_of(shape):
    return math.prod(d if isinstance(d, int) else d.size for d in shape)


class Node:
    def __init__(self, name, args, shape, text, payload=(0, 0), number="0", constant=False):
        self.name, self.args, self.shape, self.text = name, args, shape, text
        self.payload, self.number, self.constant = payload, number, constant
        self.made_by = text


class Symbol:
    def __init__(self, shape, shared, positive):
        self.shape, self.shared, self.positive = shape, shared, positive
        self.id = ("p" if shared else "x") + ("plus" if positive else "") + "_" + "x".join(map(str, shape))
        self.node, self.offset = -1, 0

    def size(self):
        return size_of(self.shape)

    def declaration(self):
        kind = "parameter" if self.shared else "variable"
        if self.shape == SCALAR:
            return f'tg::{kind}<"{self.id}">'
        return f'tg::{kind}<"{self.id}", tg::{"vector" if len(self.shape) == 1 else "matrix"}<{", ".join(map(str, self.shape))}>>'


class Formula:
    checks = "checks"  # in checks.hpp
    most_numbers = 16  # in all symbols: each costs one run of the reference
    linear_operations = ("add", "subtract", "negate", "let", "square")

    def __init__(self, seed, index, level):
        self.seed, self.index, self.level = seed, index, level
        required = self.required()  # so that a run of as many formulas as there are operations has every operation
        for attempt in range(10000):
            self.start(f"{seed} {index} {level} {attempt}")
            root = self.grow(SCALAR, self.random.randint(3, 11), "any")
            self.place(root)
            if {True, False} <= {s.shared for s in self.symbols} and any(self.nodes[n].made_by == required for n in self.used) and self.is_small():
                break
        else:
            raise RuntimeError(f"no formula found for {seed} {index}")
        self.choose()

    def required(self):
        return OPERATIONS[self.index % len(OPERATIONS)].text

    def start(self, seed):
        self.random = random.Random(seed)
        self.nodes, self.symbols, self.axes, self.labels = [], [], [], []
        self.has_hvp, self.has_second, self.counts_as_whole, self.checked_shapes = True, True, False, {}
        self.parts = []  # nodes that are results beside the formula

    def is_small(self):
        return True

    def new_symbol(self, shape, positive):
        return Symbol(shape, self.random.random() < 0.5, positive)

    # how a formula grows

    def add(self, *arguments, **named):
        self.nodes.append(Node(*arguments, **named))
        return len(self.nodes) - 1

    def leaf(self, shape, positive=False, symbol=False):
        if shape == SCALAR and not symbol and not positive and self.random.random() < 0.25:
            number = self.random.choice(LITERALS + ["0"] * (self.level == "edges"))
            text = f"{number}_c" if number[0] != "-" else f"(-{number[1:]}_c)"
            return self.add("literal", [], SCALAR, text, number=number, constant=True)
        old = [s for s in self.symbols if s.shape == shape and (s.positive or not positive)]
        room = sum(s.size() for s in self.symbols) + size_of(shape) <= self.most_numbers
        if old and (not room or self.random.random() < 0.5):
            return self.random.choice(old).node
        new = self.new_symbol(shape, positive)
        for s in self.symbols:
            if s.id == new.id:
                return s.node
        new.node = self.add("symbol", [], new.shape, new.id)
        self.symbols.append(new)
        return new.node

    def apply(self, operation, shape, operands, payload=(0, 0)):
        if all(self.nodes[k].constant for k in operands):
            operands = [self.leaf(self.nodes[operands[0]].shape, symbol=True)] + operands[1:]
        sums = operation.name in ("add", "subtract") and self.level == "edges"
        if sums and self.linear(operands[0]).keys() & self.linear(operands[1]).keys():
            operation = BY_NAME["max"]  # like terms are collected, infinite or not: a value that is NaN as written need not be
        return self.add(operation.name, operands, shape, operation.text, payload=payload)

    def linear(self, n):
        """The nodes whose multiples a sum is made of."""
        node = self.nodes[n]
        scaled = node.name == "multiply" and any(self.nodes[k].constant for k in node.args)
        if scaled or node.name in self.linear_operations:
            return {base: 1 for k in node.args for base in self.linear(k)}
        return {n: 1}

    def constant(self, number):
        return self.add("literal", [], SCALAR, number + "_c", number=number, constant=True)

    def tamed(self, shape, budget, domain):
        """An operand in the domain where functions are finite."""
        inner = self.random.choice(["tanh", "sin", "cos", "erf"])
        if domain == "small":
            return self.apply(BY_NAME[inner], shape, [self.grow(shape, budget - 1, "any")])
        if budget < 2 or self.random.random() < 0.4:
            return self.leaf(shape, positive=True)
        wrapper = self.random.choice(["exp", "square", "softplus", "abs"])
        x = self.grow(shape, budget - 2, "any")
        if wrapper == "exp":
            return self.apply(BY_NAME["exp"], shape, [self.apply(BY_NAME[inner], shape, [x])])
        return self.apply(BY_NAME["add"], shape, [self.apply(BY_NAME[wrapper], shape, [x]), self.constant("0.5")])

    def grow(self, shape, budget, domain):
        edges, r = self.level == "edges", self.random
        if domain in ("positive", "small") and (not edges or r.random() < 0.3):
            return self.tamed(shape, budget, domain)
        if domain == "turned" and len(shape) == 2 and r.random() < 0.4:
            return self.apply(BY_NAME["transpose"], shape, [self.grow((shape[1], shape[0]), budget - 1, "any")])
        if budget <= 0:
            return self.leaf(shape)
        if r.random() < 0.2:
            same = [n for n, node in enumerate(self.nodes) if node.shape == shape and not node.constant]
            if same:
                return r.choice(same)
        choices = COMPARISONS if domain == "condition" and r.random() < 0.8 else OPERATIONS
        if domain == "singular":
            choices = SINGULAR
        while True:
            operation = r.choices(choices, [o.weight * (o.edge if edges else 1) for o in choices])[0]
            shapes = operation.operands(r, shape)
            if shapes is not None:
                break
        payload = operation.payload(r, shapes) if operation.payload else (0, 0)
        shares = [r.random() + 0.2 for _ in shapes]
        operands = []
        for k, operand in enumerate(shapes):
            wanted = operation.domain[k] if k < len(operation.domain) else "any"
            if edges and wanted == "any" and operation.name in ("select", "relu", "max", "min", "abs", "at") and r.random() < 0.5:
                wanted = "singular"
            operands.append(self.grow(operand, round((budget - 1) * shares[k] / sum(shares)), wanted))
        return self.apply(operation, shape, operands, payload)

    # what is made of it

    def place(self, root):
        used = set()
        stack = [root]
        while stack:
            n = stack.pop()
            if n not in used:
                used.add(n)
                stack += self.nodes[n].args
        self.symbols = [s for s in self.symbols if s.node in used]
        self.inputs = 0
        for s in self.symbols:
            s.offset = self.inputs
            self.nodes[s.node].payload = (s.offset, 0)
            self.inputs += s.size()
        self.used = sorted(used)

    def program(self):
        """The nodes of the reference: name, rank, rows, columns, operands, p, q, number."""
        position = {n: i for i, n in enumerate(self.used)}
        for n in self.used:
            node = self.nodes[n]
            yield (node.name, len(node.shape), *(tuple(node.shape) + (1, 1))[:2], [position[k] for k in node.args], *node.payload, float(node.number))

    def has_rows(self, symbol):
        """Has it a value for each row of data?"""
        return not symbol.shared

    def results(self):
        """For the formula and each of its parts, the nodes of the reference that are its numbers."""
        return [[len(self.used) - 1]]

    def element_of(self, g):
        """The chosen element of the gradient with respect to the focus, as C++."""
        shape = self.focus.shape
        where = [self.element] if len(shape) == 1 else list(divmod(self.element, shape[1])) if shape else []
        return f"tg::at<{', '.join(map(str, where))}>({g})" if shape else g

    def choose(self):
        self.focus = self.random.choice(self.symbols)
        self.element = self.random.randrange(self.focus.size())
        self.points = [self.point(k) for k in range(self.point_count())]
        self.direction = [self.random.choice([0.5, -0.75, 1.25, 1, -1.5]) for _ in range(self.inputs)]

    def point_count(self):
        return POINTS[self.level]

    def point(self, k):
        r = self.random
        numbers = []
        for s in self.symbols:
            for _ in range(s.size()):
                if self.level == "edges" and k % 4 != 0 and r.random() < 0.5:
                    numbers.append(r.choice(SPECIAL + [math.nan] * (s.size() == 1) + [n for n in numbers[-2:] if not math.isnan(n)] * 3))
                elif s.positive:
                    numbers.append(r.uniform(0.3, 2.5))
                else:
                    numbers.append(r.randint(-8, 8) / 4 if r.random() < 0.3 else r.uniform(-2, 2))
        return numbers
