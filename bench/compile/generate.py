#!/usr/bin/env python3
"""Writes the translation units of the compile-time benchmark. Each is one program, complete from include to object."""

import pathlib

import axes

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "docs/examples"

HEAD = """// SPDX-License-Identifier: BSL-1.0
#include <typegrad/typegrad.hpp>
namespace tg = typegrad;
"""


def network(widths, view):
    """Value and gradient of mean squared error of an mlp; view: '.scalar_view' or ''."""
    return HEAD + f"""inline constexpr tg::nn::mlp<{", ".join(map(str, widths))}> model{{}};
inline constexpr auto x = tg::variable<"x", tg::vector<{widths[0]}>>;
inline constexpr auto y = tg::variable<"y", tg::vector<{widths[-1]}>>;
inline constexpr auto loss = tg::nn::mean_squared_error(model{view}(x), y);
using parameters = decltype(tg::nn::initialize<double>(model, 1));
constexpr auto program = tg::value_and_gradient(loss);
auto step(const parameters& theta, const double (&in)[{widths[0]}], const double (&out)[{widths[-1]}]) {{ return program(theta, x = in, y = out); }}
template <int Nodes> struct report {{ static_assert(Nodes < 0, "nodes"); }};
#ifdef COUNT
report<program.node_count()> count;
#endif
"""


def batch(widths):
    """The same network over the rows of a batch, in float."""
    return network(widths, "").replace("<double>", "<float>").split("auto step")[0] + f"""#include <span>
auto step(const parameters& theta, std::span<const float> in, std::span<const float> out) {{ return program(theta, tg::batch(x = in, y = out)); }}
template <int Nodes> struct report {{ static_assert(Nodes < 0, "nodes"); }};
#ifdef COUNT
report<program.node_count()> count;
#endif
"""


def chain(length):
    """e = e*e + x, with its gradient; nothing is named."""
    steps = "".join(f"inline constexpr auto e{i + 1} = e{i} * e{i} + x;\n" for i in range(length))
    return HEAD + f"""inline constexpr auto x = tg::parameter<"x">;
inline constexpr auto e0 = x;
{steps}constexpr auto program = tg::value_and_gradient(e{length});
auto step(double at) {{ return program(x = at); }}
template <int Nodes> struct report {{ static_assert(Nodes < 0, "nodes"); }};
#ifdef COUNT
report<program.node_count()> count;
#endif
"""


def hessian_vector(widths):
    """Hessian-vector product of the unrolled network with respect to its second weight matrix."""
    rows, cols = widths[2], widths[1]
    return HEAD + f"""inline constexpr tg::nn::mlp<{", ".join(map(str, widths))}> model{{}};
inline constexpr auto x = tg::variable<"x", tg::vector<{widths[0]}>>;
inline constexpr auto y = tg::variable<"y", tg::vector<{widths[-1]}>>;
inline constexpr auto W2 = tg::parameter<"W2", tg::matrix<{rows}, {cols}>>;
inline constexpr auto d = tg::variable<"d", tg::matrix<{rows}, {cols}>>;
inline constexpr auto product = tg::hvp(tg::nn::mean_squared_error(model.scalar_view(x), y), W2, d);
using parameters = decltype(tg::nn::initialize<double>(model, 1));
auto step(const parameters& theta, const double (&in)[{widths[0]}], const double (&out)[{widths[-1]}], const double (&v)[{rows * cols}]) {{
  return tg::evaluate(product, theta, x = in, y = out, d = v);
}}
template <int Nodes> struct report {{ static_assert(Nodes < 0, "nodes"); }};
#ifdef COUNT
report<tg::node_count(product)> count;
#endif
"""


def written_sum(terms):
    """k * x through tanh, added up with operators: four written nodes a term."""
    return HEAD + f"""#include <utility>
inline constexpr auto x = tg::parameter<"x">;
template <int... I>
constexpr auto all(std::integer_sequence<int, I...>) {{ return (... + tanh(tg::constant<I + 1> * x)); }}
inline constexpr auto sum = all(std::make_integer_sequence<int, {terms}>{{}});
constexpr auto program = tg::value_and_gradient(sum);
auto step(double at) {{ return program(x = at); }}
template <int Nodes> struct report {{ static_assert(Nodes < 0, "nodes"); }};
#ifdef COUNT
report<program.node_count()> count;
#endif
"""


def written_parameters(count):
    """The squares of scalar parameters, added up with operators: three written nodes for each."""
    return HEAD + f"""#include <utility>
template <int I>
inline constexpr auto w = tg::parameter<tg::numbered<"w", I>()>;
template <int... I>
constexpr auto all(std::integer_sequence<int, I...>) {{ return (... + square(w<I>)); }}
inline constexpr auto sum = all(std::make_integer_sequence<int, {count}>{{}});
constexpr auto program = tg::value_and_gradient(sum);
using parameters = tg::parameter_point<double, decltype(sum)>;
auto step(const parameters& theta) {{ return program(theta); }}
template <int Nodes> struct report {{ static_assert(Nodes < 0, "nodes"); }};
#ifdef COUNT
report<program.node_count()> count;
#endif
"""


def include_only(header):
    return f"// SPDX-License-Identifier: BSL-1.0\n#include <{header}>\n"


def example(name):
    return (EXAMPLES / name).read_text(encoding="utf-8")


# name: (source, {budgets: g++ -O2, clang -O2, -O0 -g in seconds; memory in MB})
PROGRAMS = {
    "include typegrad.hpp": (include_only("typegrad/typegrad.hpp"), (0.35, 0.35, 0.35, 250)),
    "include op/arithmetic.hpp": (include_only("typegrad/op/arithmetic.hpp"), (0.15, 0.15, 0.15, 250)),
    "scalar 2-8-8-1": (network([2, 8, 8, 1], ".scalar_view"), (2, 2, 2, 250)),
    "scalar 2-16-16-1": (network([2, 16, 16, 1], ".scalar_view"), (8, 7, 5, 500)),
    "scalar 2-32-32-1": (network([2, 32, 32, 1], ".scalar_view"), (35, 25, 20, 1500)),
    "tensor 2-16-16-1": (network([2, 16, 16, 1], ""), (4, 4, 3, 500)),
    "batch 2-16-16-1": (batch([2, 16, 16, 1]), (4, 4, 3, 500)),
    "moons.cpp, the example": (example("moons.cpp"), (4, 4, 3, 600)),
    "chain of 64 squares": (chain(64), (3, 3, 3, 500)),
    "24 hidden layers, tensor": (network([2] + [4] * 24 + [1], ""), (10, 10, 10, 500)),
    "24 hidden layers, scalar": (network([2] + [4] * 24 + [1], ".scalar_view"), (10, 10, 10, 500)),
    "250 written terms tanh(k*x)": (written_sum(250), (4, 4, 4, 500)),
    "60 written parameters": (written_parameters(60), (2, 2, 2, 400)),
    "250 written parameters": (written_parameters(250), (4, 4, 4, 500)),
    "hvp scalar 2-8-8-1": (hessian_vector([2, 8, 8, 1]), (10, 10, 10, 500)),
    "GPT block, 16 x 16": (HEAD + axes.one(axes.GPT_BLOCK, 16, 16), (2.5, 2.5, 2.5, 500)),
    "the same over a batch": (HEAD + axes.rows(axes.GPT_BLOCK), (3.5, 3.5, 3.5, 500)),
    "GRU, 16 steps by scan": (HEAD + axes.one(axes.GRU, 256, 16), (1.5, 1.5, 1.5, 500)),
    "GRU over a batch": (HEAD + axes.rows(axes.GRU), (3.5, 3.5, 3.5, 500)),
    "252 steps by scan, batch": (HEAD + axes.PATHS, (2, 2, 2, 500)),
    "microgpt.cpp, the example": (example("microgpt.cpp"), (5, 5, 4, 600)),
    "textgpt_small.cpp, the example": (example("textgpt_small.cpp"), (8, 8, 6, 600)),
    "textgpt_cpu.cpp, the example": (example("textgpt_cpu.cpp"), (8, 8, 6, 600)),
}

# What is compared node by node: written with operators (nodes of the formula as it stands), and unrolled by the library (unique nodes).
WRITTEN = ("250 written terms tanh(k*x)", 1000)
UNROLLED = ("scalar 2-16-16-1", 1912)
