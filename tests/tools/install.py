#!/usr/bin/env python3
"""An outside project finds the library in every way that the README tells, builds and runs: the packages installed by Meson and
by CMake, each moved to another prefix, and the sources as part of the project. Usage: install.py PROJECTS_DIR COMPILER..."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

projects, compiler = pathlib.Path(sys.argv[1]).resolve(), " ".join(sys.argv[2:])
root = projects.parents[1]
warnings = "-Wall -Wextra -Wpedantic -Werror"
work = pathlib.Path(tempfile.mkdtemp())
sources = work / "typegrad"  # what a user has: the sources, and none of the build folders
shutil.copytree(root, sources, ignore=lambda folder, _: ["build", ".git"] if pathlib.Path(folder) == root else [])


def run(command, folder, **environment):
    done = subprocess.run([str(word) for word in command], cwd=folder, capture_output=True, text=True,
                          env=dict(os.environ, CXX=compiler, CXXFLAGS=warnings, **{name: str(value) for name, value in environment.items()}))
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}:\n{done.stdout}{done.stderr}")
    return done.stdout


def refused(command, folder, message):
    try:
        run(command, folder)
    except RuntimeError as error:
        if message not in " ".join(str(error).split()):
            raise RuntimeError(f"expected '{message}', got {error}") from error
    else:
        raise RuntimeError(f"{command}: expected a refusal with '{message}'")


def moved(tool):
    """The prefix that the tool installed into, at another place than the tool knew."""
    first, second = work / f"{tool}-first", work / f"{tool}-second"
    if tool == "meson":
        run(["meson", "setup", "--prefix", first, "-Dtests=disabled", "-Dbench=disabled", "by-meson"], sources)
        run(["meson", "install", "-C", "by-meson"], sources)
    else:
        run(["cmake", "-S", sources, "-B", work / "by-cmake", f"-DCMAKE_INSTALL_PREFIX={first}"], work)
        run(["cmake", "--install", work / "by-cmake"], work)
    first.rename(second)
    return second


def outside(way, name):
    """A copy of the outside project."""
    folder = work / name
    if (projects / way).is_dir():
        shutil.copytree(projects / way, folder)
    else:
        folder.mkdir()
    shutil.copy(projects / "outside.cpp", folder)
    return folder


def ran(program):
    output = run([program], work)
    if output != "x*(1 - tanh(w*x + 1)^2)\n":
        raise RuntimeError(f"the outside program prints {output!r}")


def by_cmake(folder, *options):
    run(["cmake", "-S", ".", "-B", "build", *options], folder)
    run(["cmake", "--build", "build", "--parallel", "1"], folder)
    ran(folder / "build/outside")


def find_package(tool):
    prefix, folder = moved(tool), outside("find_package", f"find_package-{tool}")
    by_cmake(folder, f"-DCMAKE_PREFIX_PATH={prefix}")
    if any(str(path).endswith("CMakeLists.txt") for path in prefix.rglob("*")) or not list(prefix.rglob("typegrad/typegrad.hpp")):
        raise RuntimeError("the prefix holds what is not the library, or lacks it")
    lists = folder / "CMakeLists.txt"
    text = lists.read_text(encoding="utf-8")
    versions = {"0.1": True, "0.1.0 EXACT": True, "0.1...1": True, "0.1.1": False, "0.2": False, "0.0.9": False, "0.1.1...1": False}
    for wanted, served in versions.items():
        lists.write_text(text.replace("(typegrad REQUIRED)", f"(typegrad {wanted} REQUIRED)"), encoding="utf-8")
        if served:
            run(["cmake", "-S", ".", "-B", "build"], folder)
        else:
            search = ["cmake", "-S", ".", "-B", "build", "-Utypegrad_DIR", f"-DCMAKE_PREFIX_PATH={prefix}"]
            refused(search, folder, "compatible with requested version")


def add_subdirectory():
    folder = outside("add_subdirectory", "add_subdirectory")
    (folder / "typegrad").symlink_to(sources)
    by_cmake(folder)
    run(["cmake", "--install", "build", "--prefix", work / "nothing"], folder)
    if (work / "nothing").exists():
        raise RuntimeError("as a part of another project the library installs itself")


def fetch_content():
    by_cmake(outside("fetch_content", "fetch_content"), f"-DFETCHCONTENT_SOURCE_DIR_TYPEGRAD={sources}")


def without_hana():
    """One clear line, whichever way."""
    nowhere = ["-DCMAKE_FIND_ROOT_PATH=" + str(work / "empty"), "-DCMAKE_FIND_ROOT_PATH_MODE_INCLUDE=ONLY"]
    message = "typegrad needs Boost.Hana (Debian: libboost-dev): boost/hana.hpp was not found"
    refused(["cmake", "-S", sources, "-B", work / "no-hana", *nowhere], work, message)
    folder = outside("find_package", "find_package-no-hana")
    refused(["cmake", "-S", ".", "-B", "build", f"-DCMAKE_PREFIX_PATH={work / 'cmake-second'}", *nowhere], folder, message)


def pkg_config():
    prefix, folder = work / "meson-second", outside("pkg_config", "pkg_config")
    found = next(prefix.rglob("typegrad.pc")).parent
    run(["sh", projects / "pkg_config.sh"], folder, PKG_CONFIG_PATH=found)
    ran(folder / "outside")
    flags = run(["pkg-config", "--cflags", "typegrad"], folder, PKG_CONFIG_PATH=found)
    if "meson-second" not in flags or not run(["pkg-config", "--modversion", "typegrad"], folder, PKG_CONFIG_PATH=found).strip():
        raise RuntimeError(f"pkg-config gives {flags}")


def meson_subproject():
    folder = outside("meson", "meson")
    (folder / "subprojects").mkdir()
    (folder / "subprojects/typegrad").symlink_to(sources)
    run(["meson", "setup", "build"], folder)
    run(["ninja", "-C", "build", "-j1"], folder)
    ran(folder / "build/outside")


failed = 0
ways = {
    "find_package, installed by Meson": lambda: find_package("meson"),
    "find_package, installed by CMake": lambda: find_package("cmake"),
    "pkg-config": pkg_config,
    "add_subdirectory": add_subdirectory,
    "FetchContent": fetch_content,
    "Meson subproject": meson_subproject,
    "CMake without Boost.Hana": without_hana,
}
for name, way in ways.items():
    try:
        way()
    except (RuntimeError, StopIteration) as error:
        failed += 1
        print(f"{name}: {error}")
shutil.rmtree(work)
print(f"{len(ways) - failed} passed, {failed} failed")
sys.exit(1 if failed else 0)
