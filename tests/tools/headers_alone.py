#!/usr/bin/env python3
"""Every public header compiles alone, with all warnings as errors. Usage: headers_alone.py INCLUDE_DIR COMPILER..."""
import concurrent.futures
import os
import pathlib
import subprocess
import sys

include, compiler = sys.argv[1], sys.argv[2:]
headers = sorted(str(p.relative_to(include)) for p in pathlib.Path(include).rglob("*.hpp"))


def compiles(header):
    source = f"#include <{header}>\n#include <{header}>\n"
    command = compiler + ["-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror", "-I", include, "-x", "c++", "-"]
    return subprocess.run(command, input=source, capture_output=True, text=True)


failed = 0
with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    for header, run in zip(headers, pool.map(compiles, headers)):
        if run.returncode != 0:
            failed += 1
            print(f"{header}:\n{run.stderr}")
print(f"{len(headers) - failed} passed, {failed} failed")
sys.exit(1 if failed or not headers else 0)
