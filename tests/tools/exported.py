#!/usr/bin/env python3
"""Exports trained weights as a header, builds the program that has them as constants, and looks at it: its size, what it calls, its names.
Usage: exported.py MICROGPT DATA SOURCE_ROOT COMPILER..."""
import os
import re
import resource
import subprocess
import sys
import tempfile

program, data, root, *compiler = sys.argv[1:]
program, data = os.path.abspath(program), os.path.abspath(data)
flags = ["-std=c++20", "-Os", "-fno-exceptions", "-fno-rtti", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror"]
largest = 40_000  # bytes, 16,768 of which are weights
unwanted = r"operator new|operator delete|\b(malloc|calloc|realloc|free)\b|__cxa_|basic_ostream|ios_base|typeinfo"
failures = []


def check(ok, what):
    if not ok:
        failures.append(what)


def run(command, **more):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)


with tempfile.TemporaryDirectory() as folder:
    def microgpt(*arguments, **more):
        return run([program, "--data", data, "--out", folder, *arguments], cwd=folder, **more)

    trained = microgpt("--save", "state", "--export", "trained.hpp", "--generate", "0")
    check(trained.returncode == 0, f"no export: {trained.stderr}")
    header = open(os.path.join(folder, "trained.hpp")).read()
    check("inline constexpr float wte[432] = {" in header, "the header lacks an array")

    for file, limit in (("nowhere/trained.hpp", None), ("trained.hpp", 20_000)):  # a folder that is not there, a file that gets too large
        small = (lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))) if limit else None
        failed = microgpt("--load", "state", "--generate", "0", "--export", file, preexec_fn=small)
        check(failed.returncode != 0 and failed.stderr.count("\n") == 1 and f"{file}: cannot be written" in failed.stderr, f"{file}: {failed}")
    check(open(os.path.join(folder, "trained.hpp")).read() == header, "a failed export changed the file")
    check(sorted(os.listdir(folder)) == ["loss.png", "loss.svg", "state", "trained.hpp"], f"files are left: {os.listdir(folder)}")

    names = os.path.join(folder, "names")
    built = run([*compiler, *flags, "-Wl,-z,noseparate-code,--as-needed", "-I", os.path.join(root, "include"), "-I", folder,
                 os.path.join(root, "docs/examples/microgpt_names.cpp"), "-o", names])
    check(built.returncode == 0, built.stderr[:2000])
    if built.returncode == 0:
        symbols = [line for line in run(["nm", "-C", names]).stdout.splitlines() if not line.rstrip().split("@")[0].endswith("__cxa_finalize")]
        found = [line for line in symbols if re.search(unwanted, line)]
        check(len(symbols) > 5 and not found, f"it has {found}")
        needed = re.findall(r"NEEDED.*\[(.*)\]", run(["readelf", "-d", names]).stdout)
        check(needed and all(re.match(r"lib[cm]\.so", library) for library in needed), f"it needs {needed}")
        run(["strip", names])
        size = os.path.getsize(names)
        print(f"{size} bytes")
        check(size < largest, f"it has {size} bytes, less than {largest} expected")
        for seed, temperature in (("42", "0.5"), ("7", "1.25")):
            made = run([names, "200", seed, temperature]).stdout.splitlines()
            expected = microgpt("--load", "state", "--generate", "200", "--seed", seed, "--temperature", temperature).stdout.splitlines()[-200:]
            check(len(made) == 200 and made == expected, f"seed {seed}: other names than those of microgpt: {made[:5]}, {expected[:5]}")
        for bad in (["x"], ["1", "2", "3", "4"], ["1", "-1"], ["1", "2", "0"], ["1", "2", "nan"]):
            refused = run([names, *bad])
            check(refused.returncode == 2 and refused.stdout == "" and refused.stderr.count("\n") == 1, f"{bad}: {refused}")

print("\n".join(failures) or "as expected")
sys.exit(1 if failures else 0)
