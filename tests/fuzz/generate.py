#!/usr/bin/env python3
"""Writes a C++ program that checks random formulas against the reference (tests/fuzz/reference.hpp).
The same seed and index always give the same formula: --seed S --first I --count N [--level edges] [--shapes axes] > program.cpp"""
import argparse
import math
import sys

import axes
from formula import POINTS, Formula

SHAPES = {"positional": Formula, "axes": axes.Formula, "long": axes.LongFormula, "calls": axes.CalledFormula, "rows": axes.RowFormula}


def text_of(formula):
    """The formula as C++: one line for each subformula that is shared, a part, or whose shape is checked, then the result."""
    uses = {n: 0 for n in formula.used}
    for n in formula.used:
        for k in formula.nodes[n].args:
            uses[k] += 1
    texts, lines = {}, []
    for n in formula.used:
        node = formula.nodes[n]
        parts = [texts[k] for k in node.args]
        texts[n] = node.text.format(*parts, args=", ".join(parts), p=node.payload[0], q=node.payload[1])
        if (uses[n] > 1 or n in formula.checked_shapes or n in formula.parts) and node.args:
            lines.append(f"constexpr auto t{n} = {texts[n]};")
            texts[n] = f"t{n}"
    return lines, texts[formula.used[-1]]


def number(v):
    return "fuzz::nan" if math.isnan(v) else repr(v)


def long_double(v):
    return "-INFINITY" if v == -math.inf else repr(v) + "L"


def place(symbol):
    return f'{{"{symbol.id}", {symbol.offset}, {symbol.size()}, {"true" if symbol.shared else "false"}}}'


def struct(formula):
    lines, result = text_of(formula)
    shapes = [f"static_assert(std::is_same_v<decltype(t{n})::shape, {shape}>);" for n, shape in formula.checked_shapes.items()]
    places, rows = [], []
    for name, rank, height, width, args, p, q, literal in formula.program():
        rows.append(f"{{fuzz::op::{name}, {rank}, {height}, {width}, args + {len(places)}, {len(args)}, {p}, {q}, {long_double(literal)}}}")
        places += args

    def types(symbols):
        return f"decltype(fuzz::types({', '.join(s.id for s in symbols)}))"

    points = ",\n    ".join("{" + ", ".join(map(number, p)) + "}" for p in formula.points)
    text = " ".join(lines + [result])
    newline = "\n    "
    return f"""struct formula_{formula.index} {{
  static constexpr auto make() {{
    {newline.join(lines + shapes + [f"return std::make_tuple({', '.join([result, *(f't{n}' for n in formula.parts)])});"])}
  }}
  static constexpr const char* text = R"({text})";
  static constexpr int index = {formula.index};
  using symbols = {types(formula.symbols)};
  using shared = {types(s for s in formula.symbols if not formula.has_rows(s))};
  using varying = {types(s for s in formula.symbols if formula.has_rows(s))};
  static constexpr fuzz::symbol_place places[] = {{{", ".join(map(place, formula.symbols))}}};
  using focus = std::remove_const_t<decltype({formula.focus.id})>;
  static constexpr int element = {formula.element};
  static constexpr auto element_of(auto g) {{ return {formula.element_of("g")}; }}
  static constexpr auto labels([[maybe_unused]] auto rows) {{
    return std::make_tuple({", ".join(label.binding() for label in formula.labels)});
  }}
  static constexpr bool has_hvp = {"true" if formula.has_hvp else "false"}, has_second = {"true" if formula.has_second else "false"};
  static constexpr bool counts_as_whole = {"true" if formula.counts_as_whole else "false"};
  static constexpr bool constant = {"true" if formula.level == "ordinary" and formula.index % 3 == 0 else "false"};
  static constexpr int args[] = {{{", ".join(map(str, places + [0]))}}};
  static constexpr fuzz::node program[] = {{
    {("," + newline).join(rows)}}};
  static constexpr auto results = std::make_tuple({", ".join(f"std::array{{{', '.join(map(str, nodes))}}}" for nodes in formula.results())});
  static constexpr double points[][{formula.inputs}] = {{
    {points}}};
  static constexpr double direction[] = {{{", ".join(map(str, formula.direction))}}};
}};
"""


def program(seed, first, count, level, shapes):
    formulas = [SHAPES[shapes](seed, i, level) for i in range(first, first + count)]
    axes_and_symbols = [sorted({s.id: s for f in formulas for s in declared(f)}.values(), key=lambda s: s.id) for declared in
                        (lambda f: f.axes, lambda f: f.symbols + f.labels)]
    declarations = "\n".join(f"constexpr auto {s.id} = {s.declaration()};" for s in sum(axes_and_symbols, []))
    runs = "\n".join(f"  fuzz::run<fuzz::{f.checks}, formula_{f.index}>();" for f in formulas)
    return f"""// Random formulas {first} to {first + count - 1} of seed {seed}, {level}, {shapes}.
#include <fuzz/{formulas[0].checks}.hpp>

namespace {{
namespace tg = typegrad;
using namespace tg::literals;
{declarations}

{"".join(map(struct, formulas))}}}  // namespace

int main() {{
{runs}
  return fuzz::finish();
}}
"""


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--first", type=int, default=0, help="index of the first formula")
    parser.add_argument("--count", type=int, default=1)
    parser.add_argument("--level", choices=sorted(POINTS), default="ordinary")
    parser.add_argument("--shapes", choices=sorted(SHAPES), default="positional")
    options = parser.parse_args()
    sys.stdout.write(program(options.seed, options.first, options.count, options.level, options.shapes))
