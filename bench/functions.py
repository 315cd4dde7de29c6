#!/usr/bin/env python3
"""./dev bench functions [--renew]: the elementary functions in double against glibc's, as ratios of time: one number after the other, each
waiting for the last, and in lanes against libmvec. --renew writes the table to docs/benchmarks.md."""
import pathlib
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(root / "bench"))
import report  # noqa: E402

if sys.argv[1:] not in ([], ["--renew"]):
    sys.exit(__doc__)
FLAGS = {"-O2": ["-O2"], "-O3 -march=native": ["-O3", "-march=native"]}
COMPILERS = ("g++", "clang++-19")
build = root / "build/functions"
build.mkdir(parents=True, exist_ok=True)
found = {}
for compiler in COMPILERS:
    for name, flags in FLAGS.items():
        program = build / f"{compiler}{name.replace(' ', '')}"
        subprocess.run([compiler, "-std=c++20", "-w", *flags, f"-I{root / 'include'}", root / "bench/functions.cpp", "-o", program, "-lmvec", "-lm"], check=True)
        print(f"{compiler} {name}", file=sys.stderr)
        for line in subprocess.run([program], capture_output=True, text=True, check=True).stdout.splitlines():
            function, *times = line.split()
            found.setdefault(function, {})[compiler, name] = list(map(float, times))
columns = [(c, f) for f in FLAGS for c in COMPILERS]
lines = ["| function | " + " | ".join(f"{c}, `{f}`" for c, f in columns) + " |", "|---" * (len(columns) + 1) + "|"]
for function, times in found.items():
    cells = []
    for column in columns:
        t = times[column]
        ratios = [t[k] / t[k + 1] if t[k + 1] > 0 else None for k in (0, 2, 4)]
        cells.append(" / ".join("-" if r is None else f"{r:.2f}" for r in ratios))
    lines.append(f"| `{function}` | " + " | ".join(cells) + " |")
lines += ["", "Time of the library's / of glibc's: where calls overlap / where each waits for the last / in lanes, against libmvec (whose errors may be four",
          f"units). {report.machine(COMPILERS)}"]
print("\n".join(lines))
if "--renew" in sys.argv:
    report.renew("benchmarks.md", "functions", "\n".join(lines))
