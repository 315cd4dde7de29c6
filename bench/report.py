"""What the pages of figures share: the machine, its compilers and the date; and how a table is renewed."""
import datetime
import pathlib
import platform
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[1]


def machine(compilers=("g++", "clang++-19")):
    """Processor; compilers; date."""
    cpu = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo", encoding="utf-8") if line.startswith("model name")), platform.machine())
    versions = ", ".join(subprocess.run([c, "--version"], capture_output=True, text=True).stdout.splitlines()[0] for c in compilers)
    return f"{cpu}; {versions}; {datetime.date.today()}."


def renew(page, name, text):
    """Replaces what stands between the marks of that name in a page of docs/."""
    path = ROOT / "docs" / page
    old = path.read_text(encoding="utf-8")
    path.write_text(re.sub(rf"<!-- {name} -->.*?<!-- end -->", lambda _: f"<!-- {name} -->\n{text}\n<!-- end -->", old, flags=re.S), encoding="utf-8")


def draw(target, plot, width=720, height=480):
    """Pictures target.svg and target.png from gnuplot commands."""
    for terminal, extension in ((f"svg size {width},{height} font 'DejaVu Sans,13' background rgb 'white'", "svg"), (f"pngcairo size {width},{height} font 'DejaVu Sans,11'", "png")):
        subprocess.run(["gnuplot"], input=f"set terminal {terminal}\nset output '{target}.{extension}'\n{plot}", text=True, check=True)
