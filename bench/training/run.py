#!/usr/bin/env python3
"""./dev bench [training] [--rounds N]: training steps and small gradients against code by hand, Eigen, libtorch, PyTorch and
JAX, those that are installed. Renews docs/benchmarks.md and its picture. Every contender's loss and gradients are compared
with the library's first; figures are medians of interleaved rounds with their spread."""
import argparse
import importlib.util
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

root = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(root / "bench"))
import report  # noqa: E402

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--rounds", type=int, default=5, help="rounds in which all contenders take turns")
options = parser.parse_args()
COMPILERS = ["g++", "clang++-19"]
NETWORKS = {"moons": "2-16-16-1, tanh, mean squared error, batch 100", "digits": "64-32-10, tanh, softmax cross-entropy, batch 128",
            "images": "784-128-64-10, tanh, softmax cross-entropy, batch 128"}
environment = {k: v for k, v in os.environ.items() if k not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")}
environment.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", XLA_FLAGS="--xla_cpu_multi_thread_eigen=false", JAX_PLATFORMS="cpu")
samples = {}  # (benchmark, contender, compiler) -> nanoseconds, one for each round
differences = []


def run(command, pinned=True, **more):
    """One thread's worth of machine for what runs alone: the same core for all."""
    pin = (lambda: os.sched_setaffinity(0, {0})) if pinned else None
    return subprocess.run([str(c) for c in command], env=environment, text=True, capture_output=True, preexec_fn=pin, **more)


def programs(compiler, name):
    return root / "build" / compiler / "bench" / name


def add(key, nanoseconds):
    samples.setdefault(key, []).append(nanoseconds)


def google_benchmark(compiler, name, pattern, pinned):
    out = run([programs(compiler, name), f"--benchmark_filter={pattern}", "--benchmark_format=json", "--benchmark_min_time=0.05",
               "--benchmark_repetitions=3", "--benchmark_enable_random_interleaving=true", "--benchmark_report_aggregates_only=true"], pinned)
    if out.returncode != 0:
        sys.exit(f"{name}, {compiler}: {out.stderr.strip()}")
    differences.extend(f"{compiler}: {line}" for line in out.stderr.splitlines() if "differs" in line)
    for b in json.loads(out.stdout)["benchmarks"]:
        if b["aggregate_name"] == "median":
            problem, contender = b["run_name"].replace("/real_time", "").split("/", 1)
            add((problem, contender, compiler), b["real_time"])


def peers(folder):
    found = {}
    if programs("g++", "libtorch").exists():
        found["libtorch"] = [programs("g++", "libtorch"), folder]
    for python in ("/usr/bin/python3", sys.executable):
        if "PyTorch" not in found and subprocess.run([python, "-c", "import torch"], capture_output=True).returncode == 0:
            found["PyTorch"] = [python, root / "bench/training/peer.py", "torch", folder]
        if "JAX" not in found and subprocess.run([python, "-c", "import jax"], capture_output=True).returncode == 0:
            found["JAX"] = [python, root / "bench/training/peer.py", "jax", folder]
    return found


with tempfile.TemporaryDirectory() as folder:
    run([programs("g++", "training"), "--dump", folder], check=True)
    others = peers(folder)
    for n in range(options.rounds):
        print(f"round {n + 1} of {options.rounds}", flush=True)
        for compiler in COMPILERS:
            google_benchmark(compiler, "training", "moons|digits|images|rows|product", True)
            google_benchmark(compiler, "training", "threads", False)
            google_benchmark(compiler, "gradients", ".", True)
        for name, command in others.items():
            out = run([*command, *NETWORKS])
            if out.returncode != 0:
                sys.exit(f"{name}: {out.stderr.strip().splitlines()[-1]}")
            for line in out.stdout.splitlines():
                network, difference, nanoseconds = line.split()
                add((network, name, ""), float(nanoseconds))
                differences.append(f"{name}: {network} differs from typegrad by {difference}")


def shown(nanoseconds):
    return f"{nanoseconds:.1f} ns" if nanoseconds < 1000 else f"{nanoseconds / 1000:.2f} us" if nanoseconds < 100_000 else f"{nanoseconds / 1000:.0f} us"


def spread(values):
    return f"{shown(statistics.median(values))} ({shown(min(values))} .. {shown(max(values))})"


def ratio(ours, theirs):
    """Ours against theirs, round by round."""
    values = [a / b for a, b in zip(ours, theirs)]
    return f"{statistics.median(values):.2f} ({min(values):.2f} .. {max(values):.2f})"


lines = []
for network, title in NETWORKS.items():
    lines += [f"### {network}: {title}", "", "| contender | compiler | full step, median (spread) | typegrad / contender (spread) |", "|---|---|---|---|"]
    contenders = ["typegrad", "expert, by hand", "plain loops", "Eigen"]
    for contender in contenders:
        for compiler in COMPILERS:
            values = samples.get((network, contender, compiler))
            if values:
                lines.append(f"| {contender} | {compiler} | {spread(values)} | {'' if contender == 'typegrad' else ratio(samples[(network, 'typegrad', compiler)], values)} |")
    for contender in others:
        lines.append(f"| {contender} |  | {spread(samples[(network, contender, '')])} | {ratio(samples[(network, 'typegrad', 'g++')], samples[(network, contender, '')])} |")
    lines.append("")
lines += ["### images with two threads", "", "| compiler | one thread | two threads | ratio (spread) |", "|---|---|---|---|"]
for compiler in COMPILERS:
    one, two = samples[("threads", "typegrad/1", compiler)], samples[("threads", "typegrad/2", compiler)]
    lines.append(f"| {compiler} | {spread(one)} | {spread(two)} | {ratio(two, one)} |")
lines += ["", "### The product 128 x 784 x 128", "", "| contender | compiler | time | GFLOP/s |", "|---|---|---|---|"]
for contender in ("typegrad", "OpenBLAS"):
    for compiler in COMPILERS:
        values = samples.get(("product", contender, compiler))
        if values:
            lines.append(f"| {contender} | {compiler} | {spread(values)} | {2 * 128 * 784 * 128 / statistics.median(values):.0f} |")
lines += ["", "### Small gradients, double, one point", "", "| problem | compiler | typegrad | by hand | ratio (spread) |", "|---|---|---|---|---|"]
for problem in ("neuron", "rosenbrock", "black_scholes", "snavely"):
    for compiler in COMPILERS:
        ours, hand = samples[(problem, "typegrad", compiler)], samples[(problem, "by hand", compiler)]
        lines.append(f"| {problem} | {compiler} | {spread(ours)} | {spread(hand)} | {ratio(ours, hand)} |")

# Cost against rows: a line through the numbers of packs, every point weighted by its own size.
lanes = 16 if "avx512f" in open("/proc/cpuinfo", encoding="utf-8").read() else 8
lines += ["", "### Cost against the number of rows (moons)", "", "| compiler | 1 | 10 | 100 | 10,000 | fixed | each register of rows |", "|---|---|---|---|---|---|---|"]
plot = []
for compiler in COMPILERS:
    points = [(-(-n // lanes), statistics.median(samples[("rows", str(n), compiler)]), n) for n in (1, 10, 100, 10_000)]
    w = [1 / t ** 2 for _, t, _ in points]
    sw, sx, st = sum(w), sum(a * p for a, (p, _, _) in zip(w, points)), sum(a * t for a, (_, t, _) in zip(w, points))
    sxx, sxt = sum(a * p * p for a, (p, _, _) in zip(w, points)), sum(a * p * t for a, (p, t, _) in zip(w, points))
    slope = (sw * sxt - sx * st) / (sw * sxx - sx * sx)
    fixed = (st - slope * sx) / sw
    lines.append(f"| {compiler} | " + " | ".join(shown(t) for _, t, _ in points) + f" | {shown(fixed)} | {shown(slope)} |")
    plot.append((compiler, fixed, slope, points))
gnuplot = "set logscale xy\nset grid\nset xlabel 'rows'\nset ylabel 'us a step'\nset key top left\nset xrange [0.8:15000]\nset samples 600\n"
for k, (compiler, fixed, slope, points) in enumerate(plot):
    gnuplot += f"$p{k} << EOD\n" + "\n".join(f"{n} {t / 1000}" for _, t, n in points) + "\nEOD\n"
    gnuplot += f"f{k}(x) = ({fixed} + {slope} * ceil(x / {lanes}.0)) / 1000\n"
gnuplot += "plot " + ", ".join(f"$p{k} with points pt 7 ps 1.2 lc {k + 1} title '{c}', f{k}(x) with lines lc {k + 1} title '{f:.0f} ns + {s:.0f} ns for each {lanes} rows'"
                               for k, (c, f, s, _) in enumerate(plot)) + "\n"
report.draw(root / "docs/benchmarks-rows", gnuplot)

largest = max((float(d.rsplit(" ", 1)[1]) for d in differences), default=0.0)
lines += ["", f"{options.rounds} rounds; one core unless said otherwise; `-O3 -march=native -ffp-contract=fast`. Largest difference of a contender's loss or gradient from typegrad's: "
          f"{largest:.1e}. {report.machine(COMPILERS)}"]
report.renew("benchmarks.md", "table", "\n".join(lines))
