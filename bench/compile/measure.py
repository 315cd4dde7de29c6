"""Measures of one compilation: seconds, peak memory, object size, node count, template instantiations."""
import json
import os
import pathlib
import re
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PATHS = ["-I", str(ROOT / "include"), "-I", str(ROOT / "docs/examples")]


def measured(command):
    """Seconds (user + system) and peak memory in MB of a command that must succeed."""
    process = subprocess.Popen([str(word) for word in command], stderr=subprocess.PIPE)
    error = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    if status != 0:
        raise RuntimeError(f"{command[0]} failed:\n{error.decode()[:2000]}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def compile_once(compiler, flags, source, folder):
    """Seconds (user + system), peak memory in MB and object size of one compilation."""
    path, target = os.path.join(folder, "unit.cpp"), os.path.join(folder, "unit.o")
    pathlib.Path(path).write_text(source, encoding="utf-8")
    seconds, peak = measured([compiler, "-std=c++20", *flags, *PATHS, "-c", path, "-o", target])
    return seconds, peak, os.path.getsize(target) if os.path.exists(target) else 0


def node_count(compiler, source):
    """Unique nodes of the program, read from a static_assert that names them."""
    if "report<" not in source:
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "unit.cpp")
        pathlib.Path(path).write_text(source, encoding="utf-8")
        run = subprocess.run([compiler, "-std=c++20", "-DCOUNT", "-fsyntax-only", *PATHS, path], capture_output=True, text=True)
        return int(re.search(r"report<(\d+)>", run.stderr).group(1))


def instantiations(source):
    """Classes and functions that clang instantiates, from its time trace: the same number in every run."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "unit.cpp")
        pathlib.Path(path).write_text(source, encoding="utf-8")
        subprocess.run(["clang++-19", "-std=c++20", "-O0", "-ftime-trace", "-ftime-trace-granularity=0", *PATHS, "-c", path, "-o", os.path.join(folder, "unit.o")],
                       check=True)
        events = json.loads(pathlib.Path(folder, "unit.json").read_text(encoding="utf-8"))["traceEvents"]
    return sum(event["name"] in ("InstantiateClass", "InstantiateFunction") for event in events)
