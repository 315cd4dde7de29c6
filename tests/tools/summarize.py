#!/usr/bin/env python3
"""Counts what ran: closes with 'N passed, N failed'. A Catch2 program counts by its test cases, a script by its own
closing line, anything else as one test. Fails when nothing ran."""
import json
import os
import re
import sys

passed = failed = 0
for line in open(sys.argv[1], encoding="utf-8") if os.path.exists(sys.argv[1]) else []:  # meson writes none where no test has the name
    test = json.loads(line)
    output = test.get("stdout", "")
    ok = test["result"] == "OK"
    counts = re.findall(r"^(\d+) passed, (\d+) failed$", output, re.M)
    all_passed = re.findall(r"^All tests passed \(\d+ assertions? in (\d+) test cases?\)$", output, re.M)
    some_failed = re.findall(r"^test cases: +\d+ \|(?: +(\d+) passed \|)? +(\d+) failed", output, re.M)
    if test["result"] == "SKIP":
        reason = re.search(r"^skipped: (.+)$", output, re.M)
        print(f"skipped: {test['name']}" + (f": {reason[1]}" if reason else ""))
        continue
    if counts:
        p, f = int(counts[-1][0]), int(counts[-1][1])
    elif all_passed:
        p, f = int(all_passed[-1]), 0
    elif some_failed:
        p, f = int(some_failed[-1][0] or 0), int(some_failed[-1][1])
    else:
        p, f = (1, 0) if ok else (0, 1)
    if not ok and f == 0:
        f = 1
    if not ok:
        print(f"failed: {test['name']}")
    passed, failed = passed + p, failed + f
print(f"{passed} passed, {failed} failed")
sys.exit(0 if passed > 0 and failed == 0 else 1)
