#!/usr/bin/env python3
"""Checks random formulas: writes programs (generate.py) into a build folder, compiles and runs them. Prints what fails and how to run it again.
Closes with 'N formulas, M checks, K open, L failures'; open are checks whose result rounding decides, or that no rule defines."""
import argparse
import concurrent.futures
import os
import pathlib
import re
import shlex
import subprocess
import sys

import generate
from axes import AXIS_OPERATIONS
from operations import OPERATIONS

here = pathlib.Path(__file__).resolve().parent
root = here.parents[1]
FLAGS = ["-std=c++20", "-O0", "-ffp-contract=off", "-I", str(root / "tests"), "-I", str(root / "include")]
COUNTS = re.compile(r"^(\d+) formulas, (\d+) checks, (\d+) open, (\d+) failures$", re.M)


def compile_to(output, compiler, arguments):
    run = subprocess.run(compiler + FLAGS + arguments + ["-o", str(output)], capture_output=True, text=True)
    return run.stderr if run.returncode else None


class Runner:
    def __init__(self, options):
        self.options = options
        self.folder = pathlib.Path(options.build) / "fuzz"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.compiler = shlex.split(options.compiler)
        self.judge = self.folder / "judge.o"
        problem = compile_to(self.judge, self.compiler, ["-O1", "-c", str(here / "judge.cpp")])
        if problem:
            sys.exit(problem)

    def again(self, first, level, shapes):
        flags = f" --flags='{self.options.flags}'" if self.options.flags else ""
        return f"  again: CXX='{self.options.compiler}' ./dev fuzz{flags} --seed {self.options.seed} --level {level} --shapes {shapes} --first {first} --count 1"

    def chunk(self, first, count, level, shapes):
        """(counts, what to print)"""
        name = f"{shapes}-{level}-{self.options.seed}-{first}-{count}"
        source, program = self.folder / f"{name}.cpp", self.folder / name
        source.write_text(generate.program(self.options.seed, first, count, level, shapes), encoding="utf-8")
        problem = compile_to(program, self.compiler, [*shlex.split(self.options.flags), str(source), str(self.judge)])
        if problem is None:
            run = subprocess.run([str(program)], capture_output=True, text=True)
            counts = COUNTS.search(run.stdout)
            if counts:
                program.unlink()
                how = lambda found: f"{found.group(0)}\n{self.again(found.group(1), level, shapes)}"  # noqa: E731
                text = re.sub(r"^FAILED formula (\d+),.*", how, run.stdout[: counts.start()], flags=re.M)
                failures = max(int(counts.group(4)), 1 if run.returncode else 0)
                return [*map(int, counts.groups()[:3]), failures], text
            problem = f"the program ended with status {run.returncode}: {run.stdout[-1000:]}{run.stderr[-1000:]}"
        if count > 1:  # which of them?
            parts = [self.chunk(first + k, 1, level, shapes) for k in range(count)]
            return [sum(column) for column in zip(*(counts for counts, _ in parts))], "".join(text for _, text in parts)
        lines, result = generate.text_of(generate.SHAPES[shapes](self.options.seed, first, level))
        errors = [line for line in problem.splitlines() if "error" in line] or [problem]
        return [1, 0, 0, 1], f"FAILED formula {first}: {errors[0]}\n  f = {' '.join(lines + [result])}\n{self.again(first, level, shapes)}\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=str(root / "build/g++"), help="folder of the build")
    parser.add_argument("--compiler", default=os.environ.get("CXX", "g++"))
    parser.add_argument("--flags", default="", help="more flags for the compiler: --flags='-O2 -march=native'")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--first", type=int, default=0, help="index of the first formula")
    parser.add_argument("--count", type=int, default=100, help=f"{len(OPERATIONS)} have every operation, {len(AXIS_OPERATIONS)} along axes")
    parser.add_argument("--level", choices=[*sorted(generate.POINTS), "both"], default="both",
                        help="edges: singular points and dead branches; both: in turns")
    parser.add_argument("--shapes", choices=[*sorted(generate.SHAPES), "all"], default="all",
                        help="vectors and matrices; tensors with named axes, short or long; the same for rows and several results; axes of run-time length; all: in turns")
    parser.add_argument("--chunk", type=int, default=10, help="formulas in one program")
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--quiet", action="store_true", help="no progress")
    options = parser.parse_args()
    runner = Runner(options)
    levels = sorted(generate.POINTS) if options.level == "both" else [options.level]
    shapes = sorted(generate.SHAPES) if options.shapes == "all" else [options.shapes]
    end = options.first + options.count
    starts = range(options.first, end, options.chunk)
    turns = [(level, shape) for shape in shapes for level in levels]
    chunks = [(k, min(options.chunk, end - k), *turns[i % len(turns)]) for i, k in enumerate(starts)]
    total = [0, 0, 0, 0]
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for counts, text in pool.map(lambda chunk: runner.chunk(*chunk), chunks):
            total = [a + b for a, b in zip(total, counts)]
            print(text, end="", flush=True)
            if not options.quiet:
                print(f"\r{total[0]} formulas, {total[3]} failures", end="", file=sys.stderr, flush=True)
    if not options.quiet:
        print(file=sys.stderr)
    formulas, checks, left_open, failures = total
    print(f"{formulas} formulas, {checks} checks, {left_open} open, {failures} failures")
    return 1 if failures or checks == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
