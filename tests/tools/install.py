#!/usr/bin/env python3
"""Installs the library into a temporary prefix; an outside project finds it by pkg-config, builds and runs.
Usage: install.py BUILD_DIR PROJECT_DIR COMPILER..."""
import os
import pathlib
import subprocess
import sys
import tempfile

build, project, compiler = sys.argv[1], sys.argv[2], sys.argv[3:]
with tempfile.TemporaryDirectory() as work:
    subprocess.run(["meson", "install", "-C", build, "--no-rebuild", "--quiet", "--destdir", work], check=True, stdout=subprocess.DEVNULL)
    pc = next(pathlib.Path(work).rglob("typegrad.pc"))
    prefix = pc.parents[2]
    environment = dict(os.environ, PKG_CONFIG_PATH=str(pc.parent))
    flags = subprocess.run(["pkg-config", f"--define-variable=prefix={prefix}", "--cflags", "--libs", "typegrad"], check=True, capture_output=True, text=True,
                           env=environment).stdout.split()
    version = subprocess.run(["pkg-config", "--modversion", "typegrad"], check=True, capture_output=True, text=True, env=environment).stdout.strip()
    program = os.path.join(work, "outside")
    subprocess.run(compiler + ["-std=c++20", "-O2", "-Wall", "-Wextra", "-Werror", os.path.join(project, "outside.cpp"), "-o", program] + flags, check=True)
    output = subprocess.run([program], check=True, capture_output=True, text=True).stdout
    assert output == "x*(1 - tanh(w*x + 1)^2)\n", output
    assert version, "no version"
print("1 passed, 0 failed")
