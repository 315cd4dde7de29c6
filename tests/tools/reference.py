#!/usr/bin/env python3
"""Every public word of the headers has an entry in docs/reference, and every entry is true to the headers. The words are what namespace
typegrad and those within it declare, besides the ones that begin with detail, op, math and precedence. An entry is a heading of second order, its
words separated by commas ('## to_string of a plan, columns': what follows a word is prose), with an example from a compiled test and a row
'header' that names the headers in which its words are declared. Usage: reference.py [--words] [ROOT]"""
import pathlib
import re
import sys

arguments = [a for a in sys.argv[1:] if a != "--words"]
root = pathlib.Path(arguments[0]) if arguments else pathlib.Path(__file__).resolve().parents[2]

NOT_PUBLIC = {"detail", "op", "math", "precedence", "boost"}
# Headers without words for users.
INTERNAL = {
    "the schedule of a program": ["plan/plan.hpp", "plan/kernel.hpp", "plan/planner.hpp", "plan/print.hpp", "plan/print_steps.hpp"],
    "graphs of terms": ["expr/arena.hpp", "expr/contraction.hpp", "op/recurrence.hpp", "op/iterate.hpp"],
    "the table of a file": ["io/header.hpp"],
}
# Words without an entry. X_type needs none where X has one: it is the type of what X makes.
EXCEPTIONS = {
    "what rules of operations are written with: expr/operation.hpp tells of it": [
        "arena", "constant_term", "describe", "growth", "is_constant", "less", "less_equal", "notation", "operation", "over", "payload",
        "power_term", "request", "sign_of", "slopes",
    ],
    "types of results and arguments, never written": [
        "binding", "call_storage", "into_rows", "linear_activation", "lstm_state", "number_part", "point_part", "value_and_gradient_of",
        "value_and_gradient_result", "value_and_jacobian_of", "value_and_jacobian_result",
    ],
    "the base of mlp": ["perceptron"],
    "what types of formulas are made of": [
        "axis_info", "axis_list", "expression", "fixed_string", "formula", "graph", "graph_view", "graph_view_of", "indices",
        "join_names", "most_axes", "no_axes", "no_shape", "numbered", "role", "shape_type", "symbol", "symbol_info", "symbol_tag",
    ],
}


def blanked(match):
    return re.sub(r"[^\n]", " ", match.group(0))


def code_of(text):
    """Without comments, texts and directives; places stay."""
    text = re.sub(r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])'", blanked, text, flags=re.S)
    return re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", blanked, text, flags=re.M)


def end_of_braces(text, at):
    depth = 0
    while True:
        depth += (text[at] == "{") - (text[at] == "}")
        at += 1
        if depth == 0:
            return at


def declarations(text):
    """(namespace, place, what stands before the body) of what namespaces contain."""
    spaces, head, start, at = [], "", 0, 0
    while at < len(text):
        c = text[at]
        if c == "{":
            space = re.fullmatch(r"\s*(?:inline\s+)?namespace\s+([\w:]+)\s*", head)
            if space:
                spaces.append(space[1])
                head, start, at = "", at + 1, at + 1
                continue
            end = end_of_braces(text, at)
            after = text[end:].lstrip()[:1]
            inner = re.search(r"\brequires\s*$", head) or re.search(r"\brequires\s+requires\s*\((?:[^(){}]|\([^(){}]*\))*\)\s*$", head)
            if inner or after in (">", ",", ")", "&", "|"):
                head += re.sub(r"[^\n]", " ", text[at:end])
                at = end
                continue
            yield spaces, start, head
            at = text.index(";", end) + 1 if after == ";" else end
            head, start = "", at
            continue
        if c == "}":
            spaces.pop()
        if c == ";":
            yield spaces, start, head
        head = "" if c in "};" else head + c
        at += 1
        if c in "};":
            start = at


def word_of(head):
    """The word that is declared, and its place."""
    literal = re.search(r"\boperator\s+(_\w+)", head)
    if literal:
        return literal[1], literal.start(1)
    if re.search(r"\boperator\b|^\s*(template\s*<[^;]*>\s*)?using namespace", head):
        return None
    text, depth = "", 0
    for c in re.sub(r"\[\[.*?\]\]", blanked, head).replace("->", "  "):
        depth += (c == "(") - (c == ")")
        text += " " if depth > 0 and c in "<>{};" else c
    while (fewer := re.sub(r"<[^<>]*>", blanked, text)) != text:
        text = fewer
    alias = re.search(r"\b(?:using|concept)\s+(\w+)\s*=", text)
    if alias:
        return alias[1], alias.start(1)
    made = re.match(r"\s*(?:template\s)?[^(=]*?(?:\brequires\b.*)?\b(?:class|struct|enum class|enum)\s+(\w+)", text, flags=re.S)
    if made:
        return None if head[made.end(1):].lstrip().startswith("<") else (made[1], made.start(1))
    text = text.split(" = ")[0]
    if re.search(r"::\s*~?\w+\s*\(", text):
        return None  # a member, defined outside its class
    for called in re.finditer(r"(?<![\w:])(\w+)\s*\(", text):
        if called[1] not in ("requires", "decltype", "noexcept", "static_assert", "explicit", "sizeof"):
            before = re.sub(r"\btemplate\b|\bexplicit\b", "", text[:called.start()])
            return (called[1], called.start(1)) if before.strip() else None  # otherwise it says how arguments are deduced
    variable = re.search(r"\bconstexpr\s[^=]*?(\w+)\s*(?:=|$)", text.rstrip())
    return (variable[1], variable.start(1)) if variable else None


words = {}  # word: [(header, line)]
headers = {}  # header: its code
for file in sorted((root / "include/typegrad").rglob("*.hpp")):
    header = file.relative_to(root / "include/typegrad").as_posix()
    headers[header] = text = code_of(file.read_text(encoding="utf-8"))
    for spaces, start, head in declarations(text):
        found = None if not spaces or NOT_PUBLIC & set("::".join(spaces).split("::")) else word_of(head)
        if found:
            words.setdefault(found[0], []).append((header, text.count("\n", 0, start + found[1]) + 1))
internal = {header for group in INTERNAL.values() for header in group}
excepted = {word for group in EXCEPTIONS.values() for word in group}

failures = []
entries = {}  # word: [place]
count = 0
for page in sorted((root / "docs/reference").glob("*.md")):
    text = page.read_text(encoding="utf-8")
    fenced = re.sub(r"^```.*?^```", blanked, text, flags=re.S | re.M)
    for heading in re.finditer(r"^## (.*)\n", fenced, flags=re.M):
        count += 1
        place = f"{page.relative_to(root)}:{text.count(chr(10), 0, heading.start()) + 1}"
        following = re.search(r"^## ", fenced[heading.end():], flags=re.M)
        entry = text[heading.end(): heading.end() + following.start() if following else len(text)]
        if not re.search(r"^<!-- code: tests/\S+\.cpp \S+ -->$", entry, flags=re.M):
            failures.append(f"{place}: no example from a compiled test")
        row = re.search(r"^\| header \|(.*)\|$", entry, flags=re.M)
        named = re.findall(r"`typegrad/([\w/]+\.hpp)`", row[1]) if row else []
        if not named:
            failures.append(f"{place}: no row 'header' that names a header of typegrad")
        for header in named:
            if header not in headers:
                failures.append(f"{place}: typegrad/{header} does not exist")
        for part in re.sub(r"<[^<>]*>", "", heading[1]).split(","):
            word = re.match(r"\s*(?:\w+::)?(\w+)", part)
            if not word:
                continue  # an operator
            entries.setdefault(word[1], []).append(place)
            declared = [header for header, _ in words.get(word[1], [])]
            member = rf"[\w>&*:]\s+{word[1]}\s*[({{=;]"
            if named and not set(named) & set(declared) and not any(re.search(member, headers.get(header, "")) for header in named):
                failures.append(f"{place}: `{word[1]}` is not declared in {' or '.join('typegrad/' + header for header in named)}"
                                + (f", but in typegrad/{declared[0]}" if declared else ""))

missing = 0
for word, places in sorted(words.items(), key=lambda item: item[1]):
    stem = word.removesuffix("_type")
    public = [place for place in places if place[0] not in internal]
    if public and word not in entries and word not in excepted and not (stem != word and stem in entries):
        missing += 1
        failures.append(f"include/typegrad/{public[0][0]}:{public[0][1]}: `{word}` has no entry in docs/reference")
for word in sorted(excepted):
    if word not in words or word in entries:
        failures.append(f"tests/tools/reference.py: the exception `{word}` is " + ("no word of the headers" if word not in words else "an entry"))
for header in sorted(internal - headers.keys()):
    failures.append(f"tests/tools/reference.py: typegrad/{header} does not exist")

if "--words" in sys.argv:
    print("\n".join(f"{word} {places[0][0]}:{places[0][1]}" for word, places in sorted(words.items())))
print("\n".join(failures) + ("\n" if failures else "") + f"{len(words)} words, {count} entries, {missing} words without one, {len(failures)} failures")
sys.exit(1 if failures or not words or not count else 0)
