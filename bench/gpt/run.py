#!/usr/bin/env python3
"""./dev bench gpt [--rounds N]: whole training steps of GPTs against PyTorch and JAX. Renews docs/benchmarks.md. Every contender starts from the
same weights; its first gradient and the losses of its first ten steps are compared with the library's. Figures are medians of interleaved rounds."""
import argparse
import os
import pathlib
import re
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
MODELS = {"microgpt-1": "microgpt, one name a step", "microgpt-16": "microgpt, 16 names a step",
          "small": "textgpt, preset `small`: 4 layers, 4 heads, 64 channels, 32 positions, 32 windows a step",
          "cpu": "textgpt, preset `cpu`: 4 layers, 4 heads, 128 channels, 64 positions, 12 windows a step"}
MICROGPT = [("microgpt-1", "typegrad", "one name a step, typegrad", 1), ("microgpt-1", "by hand", "one name a step, by hand", 1),
            ("microgpt-16", "typegrad", "16 names a step, a name, typegrad, all of 16 positions", 16)]  # what bench/microgpt prints, and of how many names
PEERS = {"PyTorch": ("torch", "torch"), "JAX": ("jax", "jax"), "JAX, many steps a call": ("jax", "jax-scan")}  # its module, what peer.py calls it
LIMIT = 1e-4
python = root / "build/python/bin/python3"
environment = {k: v for k, v in os.environ.items() if k not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")}
environment.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", XLA_FLAGS="--xla_cpu_multi_thread_eigen=false", JAX_PLATFORMS="cpu")
samples, memory, refused = {}, {}, {}  # (model, contender, compiler) -> nanoseconds of each round; megabytes; why there are none
differences = {"losses": 0.0, "gradient": 0.0}


def run(command, pinned=True):
    """One thread's worth of machine for what runs alone: the same core for all."""
    pin = (lambda: os.sched_setaffinity(0, {0})) if pinned else None
    out = subprocess.run([str(c) for c in command], env=environment, text=True, capture_output=True, preexec_fn=pin, cwd=root)
    if out.returncode != 0:
        sys.exit(f"{' '.join(map(str, command[:3]))}: {(out.stderr or out.stdout).strip().splitlines()[-1]}")
    return out.stdout


def facts(text):
    """The lines of a program, by their first word."""
    return {words[0]: [float(w) for w in words[1:]] for words in map(str.split, text.splitlines())}


def program(compiler, name):
    return root / "build" / compiler / "bench" / name


def version(module):
    out = subprocess.run([str(python), "-c", f"import {module}; print({module}.__version__)"], env=environment, text=True, capture_output=True) if python.exists() else None
    return out.stdout.strip() if out and out.returncode == 0 else None


def measure(key, command, expected, pinned=True):
    """A contender's round, unless it computes something else."""
    if key in refused:
        return
    found = facts(run(command, pinned))
    apart = {"losses": max(abs(a - b) / b for a, b in zip(found["losses"], expected, strict=True)), "gradient": found.get("gradient", [0.0])[0]}
    wrong = [f"{what} differ by {by:.1e}" for what, by in apart.items() if not by < LIMIT]
    if wrong:
        refused[key] = "wrong: " + ", ".join(wrong)
        return
    for what, by in apart.items():
        differences[what] = max(differences[what], by)
    samples.setdefault(key, []).append(found["nanoseconds"][0])
    memory[key] = max(memory.get(key, 0), found["megabytes"][0])


def microgpt_round(compiler):
    """Both ways to train, and the code by hand, which bench/microgpt compares with the library itself."""
    text = run([program(compiler, "microgpt")])
    for model, contender, line, names in MICROGPT:
        microseconds = float(re.search(rf"^{line} +([\d.]+) us$", text, re.M).group(1))
        samples.setdefault((model, contender, compiler), []).append(microseconds * names * 1000)


def measure_all(folders, losses):
    for compiler in COMPILERS:
        microgpt_round(compiler)
    for model, folder in folders.items():
        if not model.startswith("microgpt"):
            for compiler in COMPILERS:
                measure((model, "typegrad", compiler), [program(compiler, "textgpt"), model, 1], losses[model])
                measure((model, "typegrad, two threads", compiler), [program(compiler, "textgpt"), model, 2], losses[model], pinned=False)
        for contender, (_, which) in PEERS.items():
            if contender in peers_of(model):
                measure((model, contender, ""), [python, root / "bench/gpt/peer.py", which, model, folder], losses[model])


def peers_of(model):
    return [contender for contender, (_, which) in PEERS.items() if which != "jax-scan" or model.startswith("microgpt")]


def shown(nanoseconds):
    return f"{nanoseconds / 1000:.2f} us" if nanoseconds < 100_000 else f"{nanoseconds / 1000:.0f} us" if nanoseconds < 1e6 else f"{nanoseconds / 1e6:.2f} ms"


def spread(values):
    return f"{shown(statistics.median(values))} ({shown(min(values))} .. {shown(max(values))})"


def ratio(ours, theirs):
    """Ours against theirs, round by round."""
    values = [a / b for a, b in zip(ours, theirs)]
    return f"{statistics.median(values):.3g} ({min(values):.3g} .. {max(values):.3g})"


def table(model):
    lines = [f"### {MODELS[model]}", "", "| contender | compiler | full step, median (spread) | typegrad / contender (spread) | memory |", "|---|---|---|---|---|"]
    own = ["typegrad", "by hand", "typegrad, two threads"]
    for contender, compiler in [(c, x) for c in own for x in COMPILERS] + [(c, "") for c in peers_of(model)]:
        key = (model, contender, compiler)
        if key in refused:
            lines.append(f"| {contender} | {compiler} | {refused[key]} |  |  |")
        elif key in samples:
            against = "" if contender == "typegrad" else ratio(samples[(model, "typegrad", compiler or "g++")], samples[key])
            lines.append(f"| {contender} | {compiler} | {spread(samples[key])} | {against} | {f'{memory[key]:.0f} MB' if key in memory else ''} |")
    return [*lines, ""]


versions = {contender: version(module) for contender, (module, _) in PEERS.items()}
refused.update({(model, contender, ""): f"missing: `build/python` has no {PEERS[contender][0]}" for model in MODELS for contender in peers_of(model) if not versions[contender]})
with tempfile.TemporaryDirectory() as temporary:
    folders = {model: pathlib.Path(temporary, model) for model in MODELS}
    losses = {}
    for model, folder in folders.items():
        folder.mkdir()
        command = ["microgpt", "docs/data/names.txt", model.split("-")[1], folder] if model.startswith("microgpt") else ["textgpt", model, 1, folder]
        losses[model] = facts(run([program("g++", command[0]), *command[1:]]))["losses"]
    for n in range(options.rounds):
        print(f"round {n + 1} of {options.rounds}", flush=True)
        measure_all(folders, losses)

known = "".join(f"{contender} {versions[contender]}; " for contender in ("PyTorch", "JAX") if versions[contender])
gradient = f", first gradient {differences['gradient']:.1e}" if known else ""
text = [line for model in MODELS for line in table(model)]
text += [f"{options.rounds} rounds; one core, but for two threads; `-O3 -march=native -ffp-contract=fast`. Largest relative difference from typegrad's (g++): losses of "
         f"the first ten steps {differences['losses']:.1e}{gradient}. {known}{report.machine(COMPILERS)}"]
report.renew("benchmarks.md", "gpt", "\n".join(text))
print("\n".join(text))
