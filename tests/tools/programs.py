#!/usr/bin/env python3
"""The example programs where something outside of them fails: full disks, signals, gnuplot, standard output. Whatever happens, a
folder holds whole pictures only. Usage: programs.py PROGRAMS_DIR"""
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

programs = pathlib.Path(sys.argv[1]).resolve()
PICTURES = {"forgot_to_zero": {"forgot_to_zero.svg", "forgot_to_zero.png"},
            "moons": {f"moons_{what}.{kind}" for what in ("boundary", "loss") for kind in ("svg", "png")}}
OLD = b"an older picture"


def require(condition, message):
    if not condition:
        raise AssertionError(message)


def whole(path):
    content = path.read_bytes()
    if path.suffix == ".svg":
        return content.startswith(b"<?xml") and content.rstrip().endswith(b"</svg>")
    return content.startswith(b"\x89PNG") and content.endswith(b"IEND\xaeB`\x82")


def start(folder, name, *arguments, steps=20, **options):
    command = [programs / name, *([f"--steps={steps}"] if name == "moons" else []), *arguments]
    return subprocess.Popen(command, cwd=folder, text=True, **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options})


def run(folder, name, *arguments, **options):
    process = start(folder, name, *arguments, **options)
    _, error = process.communicate(timeout=60)
    return process.returncode, error


def one_line(result, status, expected):
    require(result[0] == status and re.fullmatch(expected + r"\n", result[1]), f"expected status {status} and '{expected}', got {result}")


def only_old(folder, old):
    left = {path.name: path.read_bytes() for path in folder.iterdir()}
    require(left == {name: OLD for name in old}, f"left: { {name: len(content) for name, content in left.items()} }")


def wrapped(folder, script):
    """An environment with a gnuplot of its own; $gnuplot in the script is the real one."""
    tools = folder.parent / "tools"
    tools.mkdir(exist_ok=True)
    (tools / "gnuplot").write_text(f"#!/bin/sh\ngnuplot={shutil.which('gnuplot')}\n{script}\n", encoding="utf-8")
    (tools / "gnuplot").chmod(0o755)
    return dict(os.environ, PATH=f"{tools}:{os.environ['PATH']}")


def full_disk(folder):
    """A limit of the files' size stands for it: writing fails in the middle of a file."""
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (12000, 12000))

    for ignored in (False, True):
        for old in (set(), PICTURES["forgot_to_zero"]):
            for name in old:
                (folder / name).write_bytes(OLD)
            prepare = (lambda: (signal.signal(signal.SIGXFSZ, signal.SIG_IGN), limit())) if ignored else limit
            expected = r"forgot_to_zero: \./forgot_to_zero\.svg: cannot be written: File too large"
            one_line(run(folder, "forgot_to_zero", preexec_fn=prepare), 1, expected)
            only_old(folder, old)
            for name in old:
                (folder / name).unlink()


def at_the_same_time(folder):
    processes = [start(folder, "forgot_to_zero") for _ in range(8)]
    results = [(process.communicate(timeout=60)[1], process.returncode) for process in processes]
    require(results == [("", 0)] * 8, results)
    require({path.name for path in folder.iterdir()} == PICTURES["forgot_to_zero"] and all(map(whole, folder.iterdir())), list(folder.iterdir()))


def while_drawing(folder):
    """A signal to the whole group, as of a key, or to the program alone."""
    marker = folder.parent / "drawn"
    environment = wrapped(folder, f'"$gnuplot" "$@"; touch {marker}; sleep 2')
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        for send in (os.killpg, os.kill):
            marker.unlink(missing_ok=True)
            process = start(folder, "forgot_to_zero", env=environment, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for _ in range(1000):
                if marker.exists():
                    break
                time.sleep(0.01)
            send(process.pid, number)
            require(process.wait(timeout=60) == -number, f"{number.name}: status {process.returncode}")
            only_old(folder, set())


def at_any_time(folder):
    begun = time.monotonic()
    run(folder, "moons")
    whole_run = time.monotonic() - begun
    for i in range(24):
        process = start(folder, "moons", stdout=subprocess.DEVNULL, start_new_session=True)
        time.sleep(whole_run * i / 24)
        os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=60)
        left = {path.name for path in folder.iterdir()}
        require(left <= PICTURES["moons"] and all(map(whole, folder.iterdir())), f"left after {i}/24 of a run: {left}")


def gnuplot_fails(folder):
    said = "forgot_to_zero: gnuplot failed, ./forgot_to_zero.svg is not written"
    for script, expected in {
        "echo out of ink >&2; exit 3": f"{said}; it said:\nout of ink\n\n",
        '"$gnuplot" "$@" | head -c 9000': f"{said}\n",
        '"$gnuplot" "$@"; kill -KILL $$': f"{said}\n",
        "exit 0": f"{said}\n",
    }.items():
        for name in PICTURES["forgot_to_zero"]:
            (folder / name).write_bytes(OLD)
        result = run(folder, "forgot_to_zero", env=wrapped(folder, script))
        require(result == (1, expected), f"{script}: {result}")
        only_old(folder, PICTURES["forgot_to_zero"])
    one_line(run(folder, "forgot_to_zero", env=dict(os.environ, PATH="")), 1, r"forgot_to_zero: gnuplot was not found \(Debian: gnuplot-nox\)")
    only_old(folder, PICTURES["forgot_to_zero"])


def gnuplot_warns(folder):
    result = run(folder, "forgot_to_zero", env=wrapped(folder, 'echo no font, no matter >&2; exec "$gnuplot" "$@"'))
    require(result == (0, ""), result)
    (folder / "data.csv").write_text("1,2,0\n3,4,1\n", encoding="utf-8")  # two steps of this leave ranges empty, which gnuplot warns about
    result = run(folder, "moons", "--data", "data.csv")
    require(result == (0, ""), result)


def own_settings(folder):
    (folder.parent / ".gnuplot").write_text("set output 'elsewhere'\n", encoding="utf-8")
    result = run(folder, "forgot_to_zero", env=dict(os.environ, HOME=str(folder.parent)))
    require(result == (0, "") and {path.name for path in folder.iterdir()} == PICTURES["forgot_to_zero"], result)


def standard_output(folder):
    for name in ("moons", "forgot_to_zero", "one_weight", "train_loop", "micrograd_readme"):
        with open("/dev/full", "w", encoding="utf-8") as full:
            one_line(run(folder, name, stdout=full), 1, f"{name}: standard output: No space left on device")
            result = subprocess.run([programs / name, "--help"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
            one_line((result.returncode, result.stderr), 1, f"{name}: standard output: No space left on device")
        one_line(run(folder, name, stdout=None, preexec_fn=lambda: os.close(1)), 1, f"{name}: standard output is closed")
    require(all(map(whole, folder.iterdir())), "a half picture")


def other_descriptors(folder):
    """A program started without standard input or standard error, or that can write to neither output."""
    def closing(*numbers):
        return lambda: [os.close(number) for number in numbers]

    for closed in ((0,), (2,), (0, 2)):
        result = run(folder, "forgot_to_zero", preexec_fn=closing(*closed))
        require(result == (0, "") and all(map(whole, folder.iterdir())), f"with {closed} closed: {result}")
        require(run(folder, "moons", "--data", "none", preexec_fn=closing(*closed))[0] == 2, f"with {closed} closed: another status")
    require(run(folder, "moons", stdout=None, stderr=None, preexec_fn=closing(1, 2))[0] == 1, "with both outputs closed: another status")
    with open("/dev/full", "w", encoding="utf-8") as full:
        require(run(folder, "moons", "--data", "none", stderr=full)[0] == 2, "with standard error full: another status")
        require(run(folder, "moons", stdout=full, stderr=full)[0] == 1, "with both outputs full: another status")


def a_reader_that_leaves(folder):
    for restored in (True, False):  # the signal kills the program, or it is ignored and writing fails
        process = start(folder, "moons", "--points=1000", steps=5000, restore_signals=restored)
        process.stdout.readline()
        process.stdout.close()
        error = process.stderr.read()
        require((process.wait(timeout=60), error) == (-signal.SIGPIPE if restored else 1, ""), f"status {process.returncode}, '{error}'")
        only_old(folder, set())


def folders(folder):
    (folder / "a file").write_bytes(OLD)
    for out in ("a file", "/proc/none"):
        one_line(run(folder, "forgot_to_zero", "--out", out), 2, f"{out}: cannot be written to, expected a writable folder")
    (folder / "new/forgot_to_zero.png").mkdir(parents=True)
    one_line(run(folder, "forgot_to_zero", "--out", "new"), 1, "forgot_to_zero: new/forgot_to_zero.png: cannot be written: Is a directory")
    require({path.name for path in (folder / "new").iterdir()} == PICTURES["forgot_to_zero"], list((folder / "new").iterdir()))
    one_line(run(folder, "moons", "--data", "new"), 2, "new: is a folder, expected a file")
    result = run(folder, "forgot_to_zero", "--out", "it's/deep", preexec_fn=lambda: os.umask(0o027))
    modes = {oct(path.stat().st_mode & 0o777) for path in (folder / "it's/deep").iterdir()}
    require(result == (0, "") and modes == {"0o640"}, f"{result}, {modes}")


failed = 0
checks = [full_disk, at_the_same_time, while_drawing, at_any_time, gnuplot_fails, gnuplot_warns, own_settings, standard_output,
          other_descriptors, a_reader_that_leaves, folders]
for check in checks:
    with tempfile.TemporaryDirectory() as work:
        (pathlib.Path(work) / "folder").mkdir()
        try:
            check(pathlib.Path(work) / "folder")
        except (AssertionError, subprocess.TimeoutExpired) as problem:
            failed += 1
            print(f"{check.__name__}: {problem}")
print(f"{len(checks) - failed} passed, {failed} failed")
sys.exit(1 if failed else 0)
