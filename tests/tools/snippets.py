#!/usr/bin/env python3
"""Code and output in README.md and docs/ come from tested programs. A block that follows the comment
<!-- code: FILE REGION --> is the text between the lines '// [REGION]' (or '# [REGION]') of FILE; one that follows
<!-- output: PROGRAM --> is what the program prints. Checks them, or with --write brings them up to date.
Usage: snippets.py [--write] PROGRAM_DIR"""
import pathlib
import re
import subprocess
import sys
import tempfile
import textwrap

root = pathlib.Path(__file__).resolve().parents[2]
arguments = [a for a in sys.argv[1:] if a != "--write"]
programs = pathlib.Path(arguments[0]) if arguments else root / "build/g++/docs/examples"
LANGUAGES = {".cpp": "cpp", ".hpp": "cpp", ".txt": "cmake", ".build": "meson", ".sh": "sh"}


def wanted(kind, what):
    if kind == "output":
        with tempfile.TemporaryDirectory() as folder:  # for the files that it leaves
            return "text", subprocess.run([str((programs / what).resolve())], cwd=folder, capture_output=True, text=True, check=True).stdout
    file, region = what.split()
    parts = re.split(rf"^ *(?://|#) \[{re.escape(region)}\]\n", (root / file).read_text(encoding="utf-8"), flags=re.M)
    assert len(parts) == 3, f"{file} has no region [{region}]"
    return LANGUAGES[pathlib.Path(file).suffix], textwrap.dedent(parts[1])


failed = checked = 0
for page in [root / "README.md", *sorted((root / "docs").rglob("*.md"))]:
    text = page.read_text(encoding="utf-8")

    def renew(match):
        global checked
        checked += 1
        language, content = wanted(match.group(1), match.group(2).strip())
        return f"<!-- {match.group(1)}: {match.group(2)} -->\n```{language}\n{content.rstrip()}\n```\n"

    new = re.sub(r"<!-- (code|output): (.*?) -->\n```\w*\n.*?\n?```\n", renew, text, flags=re.S)
    if new != text:
        if "--write" in sys.argv:
            page.write_text(new, encoding="utf-8")
        else:
            failed += 1
            print(f"{page.relative_to(root)}: a snippet differs from its source; ./dev docs renews it")
print(f"{checked - failed} passed, {failed} failed")
sys.exit(1 if failed or checked == 0 else 0)
