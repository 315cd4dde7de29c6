#!/usr/bin/env python3
"""Gates what is exact about compile time: the unique nodes of the benchmark's programs, and with clang 19 the number of
template instantiations, within 3 per cent of bench/compile/baseline.json. Seconds are never gated. A ceiling is raised with
--write, and the reason is said in the commit. Usage: compile_gate.py [--write] COMPILER..."""
import concurrent.futures
import json
import os
import pathlib
import sys

root = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(root / "bench/compile"))
import generate  # noqa: E402
import measure  # noqa: E402

BASELINE = root / "bench/compile/baseline.json"
APART = ("scalar 2-32-32-1",)  # gated by tests/scale.cpp
write = "--write" in sys.argv
compiler = [a for a in sys.argv[1:] if a != "--write"][-1]
count_instantiations = "clang" in compiler or write
names = [name for name in generate.PROGRAMS if name not in APART and not name.endswith("the example")]  # examples hang on the version of fmt


def figures(name):
    source = generate.PROGRAMS[name][0]
    return {"nodes": measure.node_count(compiler, source), "instantiations": measure.instantiations(source) if count_instantiations else None}


with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    found = dict(zip(names, pool.map(figures, names)))
if write:
    BASELINE.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
baseline = json.loads(BASELINE.read_text(encoding="utf-8"))
failed = 0
for name in names:
    problems = []
    expected, now = baseline[name], found[name]
    if now["nodes"] != expected["nodes"]:
        problems.append(f"{now['nodes']} unique nodes, expected {expected['nodes']}")
    if count_instantiations and abs(now["instantiations"] - expected["instantiations"]) > 0.03 * expected["instantiations"]:
        problems.append(f"{now['instantiations']} instantiations, expected {expected['instantiations']} within 3 %")
    if problems:
        failed += 1
        print(f"{name}: {'; '.join(problems)}")
print(f"{len(names) - failed} passed, {failed} failed")
sys.exit(1 if failed else 0)
