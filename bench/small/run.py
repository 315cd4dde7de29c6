#!/usr/bin/env python3
"""./dev bench small [OPTIONS]: small differentiation problems, a value and all derivatives in double, with the library, by hand and with
other tools. Every result is compared with that by hand before it is timed; contenders take turns, medians count."""
import argparse
import json
import math
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parents[2]
here = root / "bench/small"
sys.path[:0] = [str(root / "bench"), str(root / "bench/compile")]
import measure  # noqa: E402
import report  # noqa: E402

build = root / "build/small"
packages = next(iter((build / "venv/lib").glob("python3*/site-packages")), build / "none")
FLAGS = {"O2": ["-O2"], "O3": ["-O3", "-march=native"]}
COUNTED = {"O2": ["-O2"], "O3, AVX2": ["-O3", "-march=haswell"]}  # valgrind knows no AVX-512
COMMON = ["-std=c++20", "-ffp-contract=fast", "-fno-math-errno", "-fPIC", "-shared", "-fvisibility=hidden", "-w", "-Wl,-z,defs"]
INCLUDES = ["-I", here, "-I", root / "include"]

# The tools: the class in tools/NAME.hpp, where its headers are (a file that shows it), what to link.
TOOLS = {
    "ceres": ("ceres_jets", ["/usr/include", "/usr/include/eigen3"], "ceres/jet.h", []),
    "sacado": ("sacado", ["/usr/include/trilinos", "/usr/include/x86_64-linux-gnu/mpi"], "Sacado_No_Kokkos.hpp", ["-ltrilinos_teuchoscomm", "-ltrilinos_teuchoscore"]),
    "eigen": ("eigen_autodiff", ["/usr/include/eigen3"], "unsupported/Eigen/AutoDiff", []),
    "boost": ("boost_autodiff", ["/usr/include"], "boost/math/differentiation/autodiff.hpp", []),
    "adolc": ("adolc_tape", ["/usr/include"], "adolc/adolc.h", ["-ladolc"]),
    "cppad": ("cppad_tape", [packages / "cmeel.prefix/include"], "cppad/cppad.hpp",
              ["-L", packages / "cmeel.prefix/lib", "-lcppad_lib", f"-Wl,-rpath,{packages / 'cmeel.prefix/lib'}"]),
    "casadi": ("casadi_code", [packages / "casadi/include"], "casadi/casadi.hpp",
               ["-L", packages / "casadi", "-lcasadi", f"-Wl,-rpath,{packages / 'casadi'}"]),
}
FIRST_ONLY = {"ceres"}  # no second derivatives
PROBLEMS = dict(re.findall(r"^  PROBLEM\((\w+), (.+?)\) *\\?$", (here / "problems.hpp").read_text(encoding="utf-8"), re.M))

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--problems", nargs="+", choices=PROBLEMS, default=list(PROBLEMS), metavar="NAME", help="only these: " + ", ".join(PROBLEMS))
parser.add_argument("--tools", nargs="*", choices=TOOLS, default=list(TOOLS), metavar="NAME", help="only these: " + ", ".join(TOOLS))
parser.add_argument("--compilers", nargs="+", default=["g++", "clang++-19"], metavar="CXX")
parser.add_argument("--flags", nargs="+", choices=FLAGS, default=list(FLAGS), help="; ".join(f"{k}: {' '.join(v)}" for k, v in FLAGS.items()))
parser.add_argument("--rounds", type=int, default=31, help="rounds in which all contenders take turns")
parser.add_argument("--instructions", action="store_true", help="count instructions of a call by callgrind, ours and by hand, instead of timing")
parser.add_argument("--renew", action="store_true", help="write table and picture to docs/")
options = parser.parse_args()


def folder_of(problem):
    name = re.match(r"\w+", PROBLEMS[problem])[0]
    return here / "problems" / name


def unit(problem, contender):
    """The source of a contender at a problem."""
    includes, template = {"typegrad": ("typegrad.hpp", "by_typegrad"), "elements": ("elements.hpp", "by_elements"), "hand": ("hand.hpp", "hand")}.get(contender, (None, None))
    if includes is None:
        includes, template = here / f"tools/{contender}.hpp", TOOLS[contender][0]
    else:
        includes = folder_of(problem) / includes
    end = f"int main(int, char** argv) {{ small::casadi_code<{PROBLEMS[problem]}>::generate(argv[1]); }}" if contender == "casadi" else f"SMALL_CONTENDER({template}<{PROBLEMS[problem]}>)"
    return f'#include "{includes}"\n#include "{folder_of(problem) / "formula.hpp"}"\nusing namespace small;\n{end}\n'


def built(problem, contender, compiler, flags):
    """The shared object of a contender, and what its compilation took; what is up to date is not made again."""
    target = build / compiler / "".join(flags) / f"{problem}.{contender}.so"
    record = target.with_suffix(".json")
    read = [here / "problem.hpp", folder_of(problem) / "formula.hpp"]
    ours = contender in ("typegrad", "elements")
    if ours or contender == "hand":
        read.append(folder_of(problem) / f"{contender}.hpp")
    if contender != "hand":
        read.append(here / f"tools/{'typegrad' if ours else contender}.hpp")
    if ours:
        read += (root / "include").rglob("*.hpp")
    sources = max(path.stat().st_mtime for path in read)
    _, folders, _, link = TOOLS.get(contender, (None, [], None, []))
    more = [word for folder in folders if folder != "/usr/include" for word in ("-isystem", folder)]
    source = target.with_suffix(".cpp")
    command = [str(word) for word in (compiler, *COMMON, *flags, *INCLUDES, *more, source, "-o", target, *link)]
    known = json.loads(record.read_text(encoding="utf-8")) if record.exists() and record.stat().st_mtime > sources else {}
    if known.get("command") != command:
        target.parent.mkdir(parents=True, exist_ok=True)
        source.write_text(unit(problem, contender), encoding="utf-8")
        seconds, memory = generated(source, target, compiler, flags, more, link) if contender == "casadi" else measure.measured(command)
        known = {"seconds": seconds, "memory": memory, "command": command}
        record.write_text(json.dumps(known), encoding="utf-8")
    return target, {key: known[key] for key in ("seconds", "memory")}


def generated(source, target, compiler, flags, more, link):
    """CasADi: compiles and runs the generator, then compiles what it wrote; all of it counts."""
    program, code = target.with_suffix(".generator"), target.with_suffix(".c")
    steps = [measure.measured([compiler, "-std=c++20", "-O0", "-w", *INCLUDES, *more, source, "-o", program, *link])]
    here_before = os.getcwd()
    os.chdir(target.parent)  # it writes there
    try:
        steps.append(measure.measured([program, code.stem.replace(".", "_")]))
    finally:
        os.chdir(here_before)
    shutil.move(target.parent / (code.stem.replace(".", "_") + ".c"), code)
    with code.open("a", encoding="utf-8") as out:
        out.write('\n__attribute__((visibility("default"))) void solve(const double* x, double* y) { casadi_solve(&x, &y, 0, 0, 0); }\n')
    c = {"g++": "gcc"}.get(compiler, compiler.replace("clang++", "clang"))
    steps.append(measure.measured([c, *COMMON[1:], *flags, code, "-o", target, "-lm"]))
    return sum(s for s, _ in steps), max(m for _, m in steps)


def lines_of(path):
    """Lines of code: without comments, empty lines and includes."""
    return sum(1 for line in path.read_text(encoding="utf-8").splitlines() if line.strip() and not re.match(r"\s*(//|#)", line))


def fails(why, problem, contender):
    print(f"{problem}, {contender}: {why}", file=sys.stderr, flush=True)
    return {"error": why.strip().splitlines()[0][:200]}


build.mkdir(parents=True, exist_ok=True)
race = build / "race"
measure.measured(["g++", "-std=c++20", "-O2", *INCLUDES, here / "race.cpp", "-o", race, "-ldl"])


def instructions(target, problem):
    """Of one call, from runs of two lengths."""
    counts = []
    for calls in (256, 2304):
        run = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", race, problem, "calls", str(calls), target], capture_output=True, text=True)
        counts.append(int(re.search(r"Collected : (\d+)", run.stderr)[1]))
    return (counts[1] - counts[0]) / 2048


if options.instructions:
    print("| problem | " + " | ".join(f"{c} {name}: typegrad | by hand | ratio" for c in options.compilers for name in COUNTED) + " |")
    print("|---" * (1 + 3 * len(options.compilers) * len(COUNTED)) + "|")
    for problem in options.problems:
        cells = []
        for compiler in options.compilers:
            for flags in COUNTED.values():
                ours, hand = (instructions(built(problem, who, compiler, flags)[0], problem) for who in ("typegrad", "hand"))
                cells += [f"{ours:.0f}", f"{hand:.0f}", f"{ours / hand:.2f}"]
        print(f"| {problem} | " + " | ".join(cells) + " |", flush=True)
    sys.exit(0)


def without(contender, problem):
    """Second derivatives are asked for, and the tool has none; or there is no second way to write the problem."""
    return contender in FIRST_ONLY and PROBLEMS[problem].endswith(", 2>") or contender == "elements" and not (folder_of(problem) / "elements.hpp").exists()


missing = [tool for tool in options.tools if not any((pathlib.Path(folder) / TOOLS[tool][2]).exists() for folder in TOOLS[tool][1])]
results = {}  # problem -> flags -> contender -> compiler -> figures
for problem in options.problems:
    print(problem, end="", flush=True)
    for name in options.flags:
        taking_part = []
        table = results.setdefault(problem, {}).setdefault(name, {})
        others = [tool for tool in ["elements", *options.tools] if tool not in missing and not without(tool, problem)] if name == options.flags[-1] else []  # with the last flags only
        for contender in ["hand", "typegrad", *others]:
            for compiler in options.compilers:
                try:
                    target, cost = built(problem, contender, compiler, FLAGS[name])
                    taking_part.append((contender, compiler, target, cost))
                except RuntimeError as error:
                    table.setdefault(contender, {})[compiler] = fails("does not compile: " + str(error), problem, contender)
        pin = lambda: os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[0]})  # noqa: E731
        run = subprocess.run([race, problem, str(options.rounds), *(t[2] for t in taking_part)], capture_output=True, text=True, preexec_fn=pin)
        if run.returncode != 0:
            sys.exit(f"{problem}: {run.stderr.strip()} (status {run.returncode})")
        for (contender, compiler, _, cost), measured in zip(taking_part, json.loads(run.stdout)):
            wrong = measured["difference"] > 1e-9
            table.setdefault(contender, {})[compiler] = (fails(f"differs by {measured['difference']:.1e}", problem, contender) if wrong else
                                                         {**cost, "difference": measured["difference"], "nanoseconds": statistics.median(measured["nanoseconds"]),
                                                          "spread": [min(measured["nanoseconds"]), max(measured["nanoseconds"])]})
        print(".", end="", flush=True)
    print(flush=True)


def best(problem, name, contender):
    """The faster of the compilers; none where it is missing or wrong."""
    times = [r["nanoseconds"] for r in results[problem][name].get(contender, {}).values() if "nanoseconds" in r]
    return min(times, default=None)


def shown(nanoseconds):
    return f"{nanoseconds:.1f} ns" if nanoseconds < 1000 else f"{nanoseconds / 1000:.2f} us"


def ratio_text(time, reference):
    return "**missing**" if time is None else f"{time / reference:.2f}" if time < 10 * reference else f"{time / reference:.0f}"


def mean(numbers):
    return math.exp(statistics.fmean(math.log(n) for n in numbers))


pairs = [(name, compiler) for name in options.flags for compiler in options.compilers]
last = options.flags[-1]
lines = ["typegrad / by hand (the faster of the two compilers with the same flags):", "",
         "| problem | by hand, " + " | by hand, ".join(" ".join(FLAGS[n]) for n in options.flags) + " | " + " | ".join(f"{c}, {' '.join(FLAGS[n])}" for n, c in pairs) + " |",
         "|---" * (1 + len(options.flags) + len(pairs)) + "|"]
collected = {pair: [] for pair in pairs}
for problem in options.problems:
    cells = [shown(best(problem, name, "hand")) for name in options.flags]
    for name, compiler in pairs:
        ours = results[problem][name]["typegrad"][compiler].get("nanoseconds")
        if ours is not None:
            collected[name, compiler].append(ours / best(problem, name, "hand"))
        cells.append(ratio_text(ours, best(problem, name, "hand")))
    lines.append(f"| {problem} | " + " | ".join(cells) + " |")
lines.append("| geometric mean | " + " | ".join(["" for _ in options.flags] + [f"{mean(collected[pair]):.2f}" for pair in pairs]) + " |")

contenders = ["typegrad", "elements", *options.tools]
lines += ["", f"Contender / by hand, `{' '.join(FLAGS[last])}`, the faster of the two compilers each:", "", "| problem | " + " | ".join(contenders) + " |", "|---" * (1 + len(contenders)) + "|"]
for problem in options.problems:
    lines.append(f"| {problem} | " + " | ".join("-" if without(c, problem) else ratio_text(best(problem, last, c), best(problem, last, "hand")) for c in contenders) + " |")

lines += ["", f"Compilation at `{' '.join(FLAGS[last])}`, {options.compilers[0]}: processor seconds / peak MB; and lines of code: of the problem in the library's words, by hand, and as generic code for the tools.", "",
          "| problem | " + " | ".join(["by hand", *contenders]) + " | lines: typegrad | by hand | generic |", "|---" * (5 + len(contenders)) + "|"]
for problem in options.problems:
    cells = []
    for contender in ["hand", *contenders]:
        r = results[problem][last].get(contender, {}).get(options.compilers[0], {})
        cells.append(f"{r['seconds']:.1f} / {r['memory']:.0f}" if "seconds" in r else "-" if without(contender, problem) else "**missing**")
    cells += [str(lines_of(folder_of(problem) / file)) for file in ("typegrad.hpp", "hand.hpp", "formula.hpp")]
    lines.append(f"| {problem} | " + " | ".join(cells) + " |")
lines += ["", "`elements`: the library, every number of a vector written out. Adapters: " + ", ".join(f"{tool} {lines_of(here / f'tools/{tool}.hpp')} lines" for tool in options.tools) + "."] if options.tools else []
lines += [f"**Missing: {tool}** (not installed)." for tool in missing]
lines += ["", f"Medians of {options.rounds} rounds. {report.machine(options.compilers)}"]
print("\n".join(lines))
(build / "results.json").write_text(json.dumps({"flags": {n: FLAGS[n] for n in options.flags}, "missing": missing, "machine": report.machine(options.compilers), "results": results}, indent=1), encoding="utf-8")
(build / "table.md").write_text("\n".join(lines) + "\n", encoding="utf-8")

plot = ""
for k, contender in enumerate(contenders):
    points = [(i, best(p, last, contender) / best(p, last, "hand")) for i, p in enumerate(options.problems) if best(p, last, contender) is not None]
    plot += f"$p{k} << EOD\n" + "\n".join(f"{i} {r}" for i, r in points) + "\nEOD\n" if points else ""
drawn = [k for k, c in enumerate(contenders) if f"$p{k} " in plot]
names = ", ".join(f"'{p}' {i}".replace("_", " ") for i, p in enumerate(options.problems))
plot += f"""set logscale y
set grid
set ylabel 'times the code by hand'
set xtics rotate by 50 right ({names})
set xrange [-0.7:{len(options.problems) - 0.3}]
set yrange [0.4:*]
set key outside right
plot 1 with lines lc rgb 'black' title 'by hand', """ + ", ".join(f"$p{k} with points pt {7 if k == 0 else k + 3} ps {1.3 if k == 0 else 0.9} lc {k + 1} title '{contenders[k]}'" for k in drawn) + "\n"
report.draw(root / "docs/benchmarks-small" if options.renew else build / "small", plot, 960, 520)
if options.renew:
    report.renew("benchmarks.md", "small", "\n".join(lines))
    print("renewed: docs/benchmarks.md and docs/benchmarks-small.*")
wrong = [f"{p}, {c}" for p in results for table in results[p].values() for c, by in table.items() for r in by.values() if "error" in r]
sys.exit(f"without a result: {'; '.join(sorted(set(wrong)))}" if wrong else 0)
