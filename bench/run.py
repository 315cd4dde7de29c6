#!/usr/bin/env python3
"""./dev bench compile | advice [--runs N]: compile-time benchmarks. `compile` prints the table of programs and budgets and
renews it, docs/compile-time.svg and .png; `advice` measures each piece of advice in docs/compile-time.md."""
import argparse
import pathlib
import statistics
import sys
import tempfile

root = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(root / "bench/compile"), str(root / "bench")]
import advice  # noqa: E402
import generate  # noqa: E402
import measure  # noqa: E402
import report  # noqa: E402

parser = argparse.ArgumentParser()
parser.add_argument("what", nargs="?", default="compile", choices=["compile", "advice"])
parser.add_argument("--runs", type=int, default=3, help="runs of each compilation; the median counts")
parser.add_argument("--build", help=argparse.SUPPRESS)
parser.add_argument("--cxx", help=argparse.SUPPRESS)
options = parser.parse_args()


def renew(name, lines):
    """Renews the table of that name in docs/compile-time.md, with machine, compilers and date."""
    note = f"{f'Median of {options.runs} runs' if options.runs > 1 else 'One run'}, processor seconds of the whole translation unit. {report.machine()}"
    report.renew("compile-time.md", name, "\n".join(lines) + f"\n\n{note}")
    print(note)


if options.what == "advice":
    renew("advice", advice.table(options.runs))
    sys.exit(0)

CONFIGURATIONS = [("g++", ["-O2"]), ("clang++-19", ["-O2"]), ("g++", ["-O0", "-g"]), ("clang++-19", ["-O0", "-g"])]
header = "| program | nodes | g++ -O2 | clang -O2 | g++ -O0 -g | clang -O0 -g | peak memory | object, g++ -O2 | instantiations | front end, g++ / clang |"
lines = [header, "|---|---|---|---|---|---|---|---|---|---|"]
print(header, flush=True)
curve = []
taken = {}  # name: medians
missed = []
for name, (source, budget) in generate.PROGRAMS.items():
    nodes = measure.node_count("g++", source)
    cells, memory, size = [], 0, 0
    with tempfile.TemporaryDirectory() as folder:
        samples = {i: [] for i in range(6)}
        for _ in range(options.runs):
            for i, (compiler, flags) in enumerate(CONFIGURATIONS):
                seconds, peak, bytes_ = measure.compile_once(compiler, flags, source, folder)
                samples[i].append(seconds)
                memory = max(memory, peak)
                size = bytes_ if i == 0 else size
            for i, compiler in ((4, "g++"), (5, "clang++-19")):
                samples[i].append(measure.compile_once(compiler, ["-fsyntax-only"], source, folder)[0])
    medians = taken[name] = [statistics.median(samples[i]) for i in range(6)]
    for i, limit in enumerate((budget[0], budget[1], budget[2], budget[2])):
        late = medians[i] > limit
        cells.append(f"{medians[i]:.2f} s" + (f" (budget {limit} s missed)" if late else ""))
        missed += [f"{name}, {CONFIGURATIONS[i][0]} {' '.join(CONFIGURATIONS[i][1])}"] if late else []
    if memory > budget[3]:
        missed.append(f"{name}, memory {memory:.0f} MB")
    line = f"| {name} | {nodes or ''} | {' | '.join(cells)} | {memory:.0f} MB | {size / 1024:.0f} KB | {measure.instantiations(source):,} | {medians[4]:.2f} / {medians[5]:.2f} s |"
    lines.append(line)
    print(line, flush=True)
    if name.startswith("scalar"):
        curve.append((nodes, medians[4], medians[5], medians[0], medians[1]))

with tempfile.TemporaryDirectory() as folder:
    data = "\n".join(" ".join(map(str, row)) for row in curve)
    plot = f"""$data << EOD
{data}
EOD
set logscale xy
set grid
set xlabel 'unique nodes (value and gradient of an unrolled network)'
set ylabel 'seconds'
set key top left
set xrange [400:9000]
plot $data using 1:4 with linespoints pt 7 lc rgb '#1f77b4' title 'g++ -O2', $data using 1:5 with linespoints pt 7 lc rgb '#d62728' title 'clang -O2', \\
  $data using 1:2 with linespoints pt 6 dt 2 lc rgb '#1f77b4' title 'g++ front end', $data using 1:3 with linespoints pt 6 dt 2 lc rgb '#d62728' title 'clang front end', \\
  x/1500 with lines dt 3 lc rgb 'gray' title 'linear'
"""
    report.draw(root / "docs/compile-time", plot)

renew("table", lines)
start = taken["include typegrad.hpp"]
rates = ["| a thousand nodes | g++ -O2 | clang -O2 | g++ -O0 -g | clang -O0 -g |", "|---|---|---|---|---|"]
for kind, (name, nodes) in (("written", generate.WRITTEN), ("unrolled", generate.UNROLLED)):
    rates.append(f"| {kind} ({name}, without the include) | " + " | ".join(f"{(taken[name][i] - start[i]) / nodes * 1000:.2f} s" for i in range(4)) + " |")
print("\n".join(rates))
renew("rates", rates)
print("every budget held" if not missed else "budgets missed: " + "; ".join(missed))
sys.exit(1 if missed else 0)
