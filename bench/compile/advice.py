"""What each piece of advice in docs/compile-time.md is worth: the same program with and without it."""
import os
import pathlib
import statistics
import subprocess
import tempfile

import generate
import measure

MODEL = generate.network([2, 16, 16, 1], ".scalar_view")
USER = """
int main() {
  const auto theta = tg::nn::initialize<double>(model, 1);
  const double in[] = {0.1, 0.2}, out[] = {1};
  return step(theta, in, out).value > 0 ? 0 : 1;
}
"""
SEPARATE = generate.HEAD + """inline constexpr tg::nn::mlp<2, 16, 16, 1> model{};
using parameters = decltype(tg::nn::initialize<double>(model, 1));
tg::value_and_gradient_result<parameters> step(const parameters& theta, const double (&in)[2], const double (&out)[1]);
""" + USER
NAMED = generate.chain(64)
for i in range(64):
    NAMED = NAMED.replace(f"e{i + 1} = e{i} * e{i} + x;", f'e{i + 1} = tg::let<"e{i + 1}">(e{i} * e{i} + x);')


def seconds(compiler, source, runs, flags=("-O2",)):
    with tempfile.TemporaryDirectory() as folder:
        return statistics.median(measure.compile_once(compiler, list(flags), source, folder)[0] for _ in range(runs))


def precompiled(compiler, source, runs):
    """With typegrad.hpp precompiled."""
    with tempfile.TemporaryDirectory() as folder:
        header = os.path.join(folder, "all.hpp")
        pathlib.Path(header).write_text("#include <typegrad/typegrad.hpp>\n", encoding="utf-8")
        target = header + (".gch" if compiler == "g++" else ".pch")
        subprocess.run([compiler, "-std=c++20", "-O2", *measure.PATHS, "-x", "c++-header", header, "-o", target], check=True)
        use = ["-include", header] if compiler == "g++" else ["-include-pch", target]
        return seconds(compiler, source.replace("#include <typegrad/typegrad.hpp>\n", ""), runs, ["-O2", *use])


def table(runs):
    rows = [
        ("the tensor view instead of the unrolled one (2-16-16-1)", lambda c: (seconds(c, MODEL, runs), seconds(c, generate.network([2, 16, 16, 1], ""), runs))),
        ("the model in a translation unit of its own: what a change in its user costs", lambda c: (seconds(c, MODEL + USER, runs), seconds(c, SEPARATE, runs))),
        ("a precompiled `typegrad.hpp`, small formula", lambda c: (seconds(c, generate.chain(4), runs), precompiled(c, generate.chain(4), runs))),
        ("naming every step of a chain of 64 squares with `let`, at -O0 -g", lambda c: (seconds(c, generate.chain(64), runs, ["-O0", "-g"]), seconds(c, NAMED, runs, ["-O0", "-g"]))),
        ("`op/arithmetic.hpp` instead of `typegrad.hpp`, include alone",
         lambda c: (seconds(c, generate.include_only("typegrad/typegrad.hpp"), runs), seconds(c, generate.include_only("typegrad/op/arithmetic.hpp"), runs))),
    ]
    lines = ["| advice | g++: without, with | clang: without, with |", "|---|---|---|"]
    for name, measured in rows:
        cells = ["{:.2f} s, {:.2f} s".format(*measured(c)) for c in ("g++", "clang++-19")]
        lines.append(f"| {name} | {' | '.join(cells)} |")
        print(lines[-1], flush=True)
    return lines
