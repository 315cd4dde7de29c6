#!/usr/bin/env python3
"""Each file of tests/fail/ must not compile as it stands, and must compile with -DFIXED. The first error must contain the
text after 'expect:', name what stands after 'names:', be the only one, and take 12 lines at most with the compiler's default
diagnostics (and the flags after 'g++:' or 'clang:'). Usage: must_fail.py FOLDER COMPILER..."""
import concurrent.futures
import glob
import os
import re
import subprocess
import sys

LINES = 12


def field(source, key):
    found = re.search(rf"^// {key}: (.*)$", source, re.M)
    return found.group(1) if found else ""


def flags(compiler, source):
    """Those after 'g++:' or 'clang:'."""
    return field(source, "clang" if "clang" in compiler[0] else r"g\+\+").split()


def check(compiler, path):
    """None, or what is wrong."""
    source = open(path, encoding="utf-8").read()
    command = compiler + ["-std=c++20", "-fsyntax-only", "-I", os.path.join(os.path.dirname(path), "../../include"), *flags(compiler, source), path]
    environment = dict(os.environ, LC_ALL="C")
    run = subprocess.run(command, capture_output=True, text=True, env=environment)
    output = run.stderr
    if run.returncode == 0:
        return "it compiles"
    errors = [line for line in output.splitlines() if re.search(r"\berror:", line)]
    if not errors or field(source, "expect") not in errors[0]:
        return f"expected an error with '{field(source, 'expect')}', got:\n{output}"
    if len(errors) > 1:
        return f"expected one error, got {len(errors)}:\n{output}"
    if field(source, "names") not in output:
        return f"expected the message to name {field(source, 'names')}:\n{output}"
    lines = output.rstrip("\n").count("\n") + 1
    if lines > LINES:
        return f"expected at most {LINES} lines, got {lines}:\n{output}"
    fixed = subprocess.run(command + ["-DFIXED"], capture_output=True, text=True, env=environment)
    if fixed.returncode != 0:
        return f"the corrected code does not compile:\n{fixed.stderr}"
    return None


def main():
    folder, compiler = sys.argv[1], sys.argv[2:]
    files = sorted(glob.glob(os.path.join(folder, "*.cpp")))
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, problem in zip(files, pool.map(lambda p: check(compiler, p), files)):
            if problem:
                failed += 1
                print(f"{os.path.basename(path)}: {problem}")
    print(f"{len(files) - failed} passed, {failed} failed")
    sys.exit(1 if failed or not files else 0)


main()
