#!/usr/bin/env python3
"""The version is the same wherever it is written, and a compiler that is too old gets one clear error first, whichever header it
meets. Usage: version.py ROOT COMPILER..."""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

root, compiler = pathlib.Path(sys.argv[1]), sys.argv[2:]
include = root / "include"


def compiled(source, *options):
    """What the compiler prints in C++20, its exit status first."""
    command = compiler + ["-std=c++20", "-I", str(include), "-x", "c++", *options, "-"]
    done = subprocess.run(command, input=source, capture_output=True, text=True, env=dict(os.environ, LC_ALL="C"))
    return done.returncode, done.stdout, done.stderr


def same_everywhere():
    names = "TYPEGRAD_VERSION_MAJOR TYPEGRAD_VERSION_MINOR TYPEGRAD_VERSION_PATCH TYPEGRAD_VERSION"
    _, numbers, _ = compiled(f"#include <typegrad/typegrad.hpp>\nvalues {names}", "-E", "-P")
    major, minor, patch, whole = re.search(r"^values (\d+) (\d+) (\d+) (.*)$", numbers, re.M).groups()
    version = f"{major}.{minor}.{patch}"
    found = {
        "meson.build": re.search(r"^  version: '(.*?)'", (root / "meson.build").read_text(encoding="utf-8"), re.M)[1],
        "CMakeLists.txt": re.search(r"^project\(typegrad VERSION (\S+)", (root / "CMakeLists.txt").read_text(encoding="utf-8"), re.M)[1],
    }
    expected = int(major) * 10000 + int(minor) * 100 + int(patch)
    status, _, message = compiled(f"#include <typegrad/version.hpp>\n#if TYPEGRAD_VERSION != {expected}\n#error {whole}\n#endif\n", "-fsyntax-only")
    return [f"{file} says {other}, version.hpp {version}" for file, other in found.items() if other != version] + ([message] if status else [])


def refused(header, expected, *options):
    status, _, message = compiled(f"#include <{header}>\n", "-fsyntax-only", *options)
    errors = re.findall(r"error: .*", message)
    if status == 0 or not errors or expected not in errors[0]:
        return [f"{header}, {' '.join(options)}: expected '{expected}' first, got: {errors[:1]}"]
    return [] if len(errors) <= 2 else [f"{header}, {' '.join(options)}: {len(errors)} errors"]  # the second: where the compiler stops


is_clang = "clang" in subprocess.run(compiler + ["--version"], capture_output=True, text=True).stdout
macro, oldest, name = ("__clang_major__", 16, "Clang") if is_clang else ("__GNUC__", 12, "GCC")
too_old = [f"-U{macro}", f"-D{macro}={oldest - 1}", "-w"]
accepted = [f"-U{macro}", f"-D{macro}={oldest}", "-w"]
headers = sorted(str(p.relative_to(include)) for p in include.rglob("*.hpp"))
checks = [same_everywhere, lambda: refused("typegrad/typegrad.hpp", f"typegrad needs {name} {oldest} or newer: this {name} is older", *too_old),
          lambda: refused("typegrad/version.hpp", "this compiler is neither", "-U__GNUC__", "-w"),
          lambda: [] if compiled("#include <typegrad/version.hpp>\n", "-fsyntax-only", *accepted)[0] == 0 else [f"{name} {oldest} is refused"]]
checks += [lambda h=h: refused(h, "typegrad needs C++20 (-std=c++20): this compiler was asked for an older C++", "-std=c++17") for h in headers]
with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    results = list(pool.map(lambda check: check(), checks))
for problem in sum(results, []):
    print(problem)
failed = sum(bool(result) for result in results)
print(f"{len(checks) - failed} passed, {failed} failed")
sys.exit(1 if failed or not headers else 0)
