#!/usr/bin/env python3
"""A state that a training program saved, read and written again by Python's package safetensors: every tensor with its name, type, shape and bits;
and training goes on from the file that the package wrote as if it were the program's own. Skipped (77) where neither the package is
installed nor pip can bring it. Usage: python_reads.py PROGRAM DATA FOLDER, which keeps the package"""
import importlib.util
import json
import os
import pathlib
import subprocess
import sys
import tempfile

program, data, kept = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), pathlib.Path(sys.argv[3])
DTYPES = {"F32": "float32", "F64": "float64", "I32": "int32", "U64": "uint64"}

sys.path.append(str(kept))
if not all(importlib.util.find_spec(name) for name in ("safetensors", "numpy")):
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", str(kept), "safetensors", "numpy"]
    try:
        brought = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=120)
        problem = (brought.stderr.strip().splitlines() or [f"status {brought.returncode}"])[-1:] if brought.returncode else []
    except subprocess.TimeoutExpired:
        problem = ["no answer within two minutes"]
    if problem:
        print(f"skipped: the Python package safetensors is not installed, and pip cannot bring it: {problem[0]}")
        sys.exit(77)
    importlib.invalidate_caches()
import safetensors.numpy  # noqa: E402


def train(folder, *more):
    command = [program, "--data", data, "--generate", "3", *more]
    return subprocess.run(command, cwd=folder, text=True, capture_output=True, check=True).stdout.splitlines()[-3:]


def parts(file):
    """Name, type, shape and bytes of each tensor, by the description of the format."""
    contents = pathlib.Path(file).read_bytes()
    length = int.from_bytes(contents[:8], "little")
    start = 8 + length
    for name, part in json.loads(contents[8:start]).items():
        first, last = part["data_offsets"]
        yield name, part["dtype"], part["shape"], contents[start + first : start + last]


failed = passed = 0


def check(right, what):
    global passed, failed
    passed, failed = passed + bool(right), failed + (not right)
    if not right:
        print("failed:", what)


with tempfile.TemporaryDirectory() as folder:
    here = pathlib.Path(folder)
    train(here, "--steps", "20", "--save", "half")
    read = safetensors.numpy.load_file(here / "half")
    expected = list(parts(here / "half"))
    check(sorted(read) == sorted(name for name, *_ in expected) and "wte" in read, "the names of the tensors")
    for name, dtype, shape, numbers in expected:
        tensor = read.get(name)
        right = tensor is not None and str(tensor.dtype) == DTYPES[dtype] and list(tensor.shape) == shape and tensor.tobytes() == numbers
        check(right, f"{name}: {dtype} {shape}")
    safetensors.numpy.save_file(read, here / "again")
    names = train(here, "--steps", "40", "--load", "half", "--save", "own")
    check(train(here, "--steps", "40", "--load", "again", "--save", "theirs") == names, "names after training that goes on from the package's file")
    check((here / "own").read_bytes() == (here / "theirs").read_bytes(), "the state after training that goes on from the package's file")
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
