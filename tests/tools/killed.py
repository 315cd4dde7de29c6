#!/usr/bin/env python3
"""Kills a training program at moments that nobody chose, lets it go on from its last file, and compares with a run that was left alone.
Usage: killed.py PROGRAM DATA"""
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

program, data = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
common = [program, "--data", data, "--steps", "30000", "--generate", "5"]


def run(folder, *more):
    return subprocess.Popen(common + list(more), cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


with tempfile.TemporaryDirectory() as folder:
    begin = time.monotonic()
    whole = run(folder, "--save", "whole")
    names = whole.communicate()[0].splitlines()[-5:]
    seconds = time.monotonic() - begin
    kills = 0
    for attempt in range(40):
        more = ["--load", "part"] if os.path.exists(os.path.join(folder, "part")) else []
        process = run(folder, "--save", "part", *more)
        try:
            text = process.communicate(timeout=seconds * (0.1 + 0.3 * random.random()) if attempt < 8 else None)[0]
            break
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.communicate()
            kills += 1
    contents = [open(os.path.join(folder, name), "rb").read() for name in ("whole", "part")]
    print(f"killed {kills} times; files are {'the same' if contents[0] == contents[1] else 'different'}")
    print("names are", "the same" if names == text.splitlines()[-5:] else f"different: {names} {text.splitlines()[-5:]}")
    sys.exit(0 if kills > 0 and contents[0] == contents[1] else 1)
