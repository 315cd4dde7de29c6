#!/usr/bin/env python3
"""Writes docs/errors.md from tests/fail/: the mistake, the real message of both compilers, the correction. What stands in
errors.more.md beside it, written by hand, comes last.
Usage: errors_page.py FAIL_DIR OUTPUT"""
import os
import pathlib
import re
import subprocess
import sys

folder, output = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
compilers = {"g++ 12": ["g++"], "clang 19": ["clang++-19"]}


def field(source, key):
    found = re.search(rf"^// {key}: (.*)$", source, re.M)
    return found.group(1) if found else ""


def flags(compiler, source):
    """Those after 'g++:' or 'clang:'."""
    return field(source, "clang" if "clang" in compiler[0] else r"g\+\+").split()


def message(compiler, path):
    run = subprocess.run(compiler + ["-std=c++20", "-fsyntax-only", "-I", str(folder / "../../include"), *flags(compiler, sources[path]), path.name], cwd=folder, capture_output=True, text=True,
                         env=dict(os.environ, LC_ALL="C"))
    first = next(line for line in run.stderr.splitlines() if re.search(r"\berror:", line))
    lines = run.stderr.rstrip("\n").count("\n") + 1
    named = re.findall(r"note: '(.*)' evaluates to false", run.stderr)
    text = re.sub(r"^.*?error: ", "error: ", first)
    return text + (f"\nnote: '{named[0]}' evaluates to false" if named else ""), lines


page = ["# Error messages", "", "The likeliest mistakes, what the compilers say, and the correction. Each is one error whose first line says what is wrong;",
        "the condition in it names the symbol, the shapes or the operation. The whole output takes 12 lines at most. This page is",
        "generated from `tests/fail/` by `./dev docs`; the same files are tests.", ""]
sources = {path: path.read_text(encoding="utf-8") for path in folder.glob("*.cpp")}
common = "inline constexpr auto w = tg::parameter<\"w\">;          // a scalar\ninline constexpr auto x = tg::variable<\"x\">;           // a scalar\n" \
         "inline constexpr auto W = tg::parameter<\"W\", tg::matrix<3, 2>>;\ninline constexpr auto v = tg::variable<\"v\", tg::vector<2>>;\n" \
         "inline constexpr auto u = tg::variable<\"u\", tg::vector<3>>;\ninline constexpr auto f = tanh(w * x);"
page += ["All examples start from:", "", "```cpp", common, "```", ""]
for path, source in sorted(sources.items(), key=lambda item: field(item[1], "title")):
    fixed, wrong = re.search(r"#ifdef FIXED\n(.*?)\n#else\n(.*?)\n#endif", source, re.S).groups()
    page += [f"## {field(source, 'title')}", "", "```cpp", wrong, "```", ""]
    for name, compiler in compilers.items():
        text, lines = message(compiler, path)
        page += [f"{name} ({lines} lines):", "", "```text", text, "```", ""]
    page += ["Write:", "", "```cpp", fixed, "```", ""]
page += [output.with_suffix(".more.md").read_text(encoding="utf-8")]
output.write_text("\n".join(page), encoding="utf-8")
