#!/usr/bin/env python3
"""Runs an example program in an empty folder: its exit status, what it prints (regular expressions) and the files it leaves.
Usage: example.py PROGRAM [ARGUMENT...] [--status N] [--expect REGEX]... [--file NAME]... [--no-files]"""
import argparse
import os
import re
import shlex
import subprocess
import sys
import tempfile

parser = argparse.ArgumentParser()
parser.add_argument("command", nargs="+")
parser.add_argument("--arguments", default="")
parser.add_argument("--status", type=int, default=0)
parser.add_argument("--expect", action="append", default=[])
parser.add_argument("--lines", type=int, help="exact number of lines printed")
parser.add_argument("--file", action="append", default=[])
parser.add_argument("--text", action="append", default=[], help="like --file, for a file that is no picture")
parser.add_argument("--input", action="append", default=[], help="NAME=TEXT, a file made before")
options = parser.parse_args()
options.command[0] = os.path.abspath(options.command[0])
with tempfile.TemporaryDirectory() as folder:
    made = set()
    for entry in options.input:
        name, text = entry.split("=", 1)
        made.add(name)
        with open(os.path.join(folder, name), "w", encoding="utf-8", newline="") as file:
            file.write(text.replace("\\n", "\n"))
    run = subprocess.run(options.command + shlex.split(options.arguments), cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="backslashreplace")
    print(run.stdout)
    problems = []
    if run.returncode != options.status:
        problems.append(f"exit status {run.returncode}, expected {options.status}")
    for expected in options.expect:
        if not re.search(expected, run.stdout, re.M):
            problems.append(f"nothing printed matches {expected!r}")
    if options.lines is not None and run.stdout.count("\n") != options.lines:
        problems.append(f"{run.stdout.count(chr(10))} lines printed, expected {options.lines}")
    left = set(os.listdir(folder)) - made
    if left != set(options.file + options.text):
        problems.append(f"files left: {sorted(left)}, expected {sorted(options.file + options.text)}")
    for name in left & set(options.file):
        content = open(os.path.join(folder, name), "rb").read()
        magic = b"\x89PNG" if name.endswith(".png") else b"<?xml"
        if not content.startswith(magic) or len(content) < 2000:
            problems.append(f"{name} is no picture")
for problem in problems:
    print("problem:", problem)
sys.exit(1 if problems else 0)
