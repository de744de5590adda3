#!/usr/bin/env python3
"""Enforces the folder table of the design and the rules of the house that a script can see.

    tools/check_layers.py [ROOT]

Prints one line `path:line: rule: what` for each violation and exits 1 if there is any. The tables below are the
rules; tools/check_layers_test.py plants a violation of each.
"""

import os
import pathlib
import re
import sys

FOLDERS = ("loop", "backends", "sim", "server", "proptests", "fuzz", "bench", "examples")
CPP_SUFFIXES = (".h", ".cc")
ALL_SUFFIXES = CPP_SUFFIXES + (".py", ".cmake")
LINES_MAX = 600

STANDARD_HEADERS = frozenset("""
algorithm any array atomic barrier bit bitset cassert cctype cerrno cfenv cfloat charconv chrono cinttypes climits
clocale cmath compare complex concepts condition_variable coroutine csetjmp csignal cstdarg cstddef cstdint cstdio
cstdlib cstring ctime cuchar cwchar cwctype deque exception execution filesystem format forward_list fstream
functional future initializer_list iomanip ios iosfwd iostream istream iterator latch limits list locale map memory
memory_resource mutex new numbers numeric optional ostream queue random ranges ratio regex scoped_allocator semaphore
set shared_mutex source_location span sstream stack stdexcept stop_token streambuf string string_view syncstream
system_error thread tuple type_traits typeindex typeinfo unordered_map unordered_set utility valarray variant vector
version
""".split())

# Standard headers that bring the world in by the back door. They are kept out of what a simulated run executes.
WORLDLY_HEADERS = frozenset("""
barrier chrono condition_variable csignal ctime filesystem fstream future iostream latch mutex random semaphore
shared_mutex stop_token syncstream thread
""".split())

# Libraries by the first part of their include path.
LIBRARIES = {
    "fmt": "fmt", "spdlog": "spdlog", "CLI": "cli11", "nlohmann": "nlohmann-json", "xxhash.h": "xxhash",
    "jemalloc": "jemalloc", "mimalloc.h": "mimalloc", "gtest": "gtest", "gmock": "gmock", "rapidcheck": "rapidcheck",
    "rapidcheck.h": "rapidcheck", "benchmark": "benchmark", "hiredis": "hiredis",
}
TEST_LIBRARIES = frozenset({"gtest", "gmock", "rapidcheck"})
SERVER_LIBRARIES = frozenset({"fmt", "spdlog", "cli11", "nlohmann-json", "xxhash", "jemalloc", "mimalloc"})
ANY_LIBRARY = frozenset(LIBRARIES.values())


class Layer:
    """What the files of a folder may include: folders of the project, libraries, operating-system headers."""

    def __init__(self, folders, libraries=frozenset(), system=False, worldly=False):
        self.folders = frozenset(folders)
        self.libraries = frozenset(libraries)
        self.system = system
        self.worldly = worldly


LAYERS = {
    "loop": Layer({"loop"}),
    "backends": Layer({"backends", "loop"}, {"fmt", "spdlog"}, system=True, worldly=True),
    "sim": Layer({"sim", "loop"}),
    "server": Layer({"server", "loop"}, SERVER_LIBRARIES),
    "proptests": Layer({"proptests", "server", "sim", "loop"}, SERVER_LIBRARIES | TEST_LIBRARIES | {"hiredis"},
                       worldly=True),
    "fuzz": Layer({"fuzz", "proptests", "server", "sim", "loop"}, SERVER_LIBRARIES, worldly=True),
    "bench": Layer(FOLDERS, ANY_LIBRARY, system=True, worldly=True),
    "examples": Layer({"examples", "loop", "backends", "sim"}, worldly=True),
}

# Files and sub-folders whose rule differs from their folder's: the longest prefix that fits a path wins.
EXCEPTIONS = {
    "server/main.cc": Layer({"server", "loop", "backends"}, SERVER_LIBRARIES, worldly=True),
    # Seeds run in child processes, so that a crash and an endless turn are reported too, and whoever waits for them sits
    # at a terminal and may lose patience: that takes the system.
    **{f"proptests/reprise_sim/{name}.cc": Layer(LAYERS["proptests"].folders, LAYERS["proptests"].libraries,
                                                  system=True, worldly=True)
       for name in ("interrupt", "isolation", "progress", "supervisor")},
    "proptests/contract/": Layer(LAYERS["proptests"].folders | {"backends"}, LAYERS["proptests"].libraries,
                                 system=True, worldly=True),
    # Plays on the operating system what it then looks for in the simulation; knows nothing of the server.
    "proptests/kernel_truth/": Layer({"proptests", "sim", "loop", "backends"}, LAYERS["proptests"].libraries,
                                     system=True, worldly=True),
}

# Inside the server: the pure parts name each file of the project that they may include beside their own.
PURE_PARTS = {
    "server/resp/": (frozenset({"loop/byte_buffer.h", "loop/check.h", "loop/status.h", "server/keyspace/blob.h"}),
                     SERVER_LIBRARIES),
    "server/keyspace/": (frozenset({"loop/check.h", "loop/status.h"}), frozenset({"xxhash"})),
}

INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)')
SLEEP = re.compile(r"\b(?:sleep|usleep|nanosleep|sleep_for|sleep_until)\s*\(")
# What asks sim/choices.h: each call is a draw.
CHOICE = re.compile(
    r"\b(?:Choose\w*|Fault|FaultAmount|FaultAmountAt|Below|BelowAt|Weighted|Chance)\s*(?:<[^<>;]*>)?\s*\(")


def is_test(path):
    """Whether a path is of test code: a unit test or its helpers beside the source, or anything of proptests/."""
    return path.endswith(("_test.cc", "_test.py", "_testing.h", "_testing.cc")) or path.startswith("proptests/")


# name, which paths, pattern (searched in C++ code without comments and literals), what to say
PATTERN_RULES = (
    ("is-simulated", lambda p: True, re.compile(r"\bis_?simulated\b", re.I), "nothing may ask whether it is simulated"),
    ("thread-local", lambda p: True, re.compile(r"\bthread_local\b|\b__thread\b"), "no thread-local state"),
    ("distribution", lambda p: not p.startswith("bench/"), re.compile(r"\bstd\s*::\s*\w+_distribution\b"),
     "each library draws differently; use integers"),
    ("random-device", lambda p: not p.startswith("backends/"),
     re.compile(r"\brandom_device\b|(?<![\w.>:])s?rand\s*\(|\bstd\s*::\s*s?rand\s*\("),
     "randomness comes from Entropy or from the choices"),
    ("sleep", is_test, SLEEP, "no test sleeps"),
    ("sim-integers", lambda p: p.startswith("sim/"), re.compile(r"\b(?:float|double)\b"), "sim/ computes with integers"),
    ("wall-clock", lambda p: p.startswith(("loop/", "sim/", "server/")) and not is_test(p),
     re.compile(r"\b(?:steady_clock|system_clock|high_resolution_clock)\b|(?<![\w.>])(?:std\s*::\s*)?time\s*\(\s*(?:nullptr|NULL|0)\s*\)"),
     "time comes from the Clock that one is handed"),
    ("using-namespace", lambda p: True, re.compile(r"^using\s+namespace\b(?![^;]*literals)[^;]*", re.M),
     "names are spelled out, or brought into a function"),
)


class Checker:
    """Collects the violations of one tree."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.violations = []

    def run(self):
        for path in self.files():
            text = (self.root / path).read_text(encoding="utf-8", errors="replace")
            self.check_length(path, text)
            if path.endswith(CPP_SUFFIXES):
                code = strip(text)
                self.check_includes(path, text)
                self.check_patterns(path, code)
                self.check_choices(path, code)
                self.check_guard(path, text)
            elif path.endswith(".py") and is_test(path):
                self.check_python_sleep(path, text)
        return self.violations

    def report(self, path, line, rule, what):
        self.violations.append(f"{path}:{line}: {rule}: {what}")

    def files(self):
        for top in sorted(os.listdir(self.root)):
            if top not in FOLDERS + ("tools", "cmake"):
                continue
            for folder, folders, names in os.walk(self.root / top):
                folders[:] = sorted(f for f in folders if f not in ("build", "__pycache__"))
                for name in sorted(names):
                    if name.endswith(ALL_SUFFIXES):
                        yield (pathlib.Path(folder) / name).relative_to(self.root).as_posix()

    def check_length(self, path, text):
        lines = text.count("\n")
        if lines > LINES_MAX:
            self.report(path, lines, "file-length", f"{lines} lines, none may pass {LINES_MAX}")

    def check_includes(self, path, text):
        if path.split("/")[0] not in LAYERS:
            return
        for number, line in enumerate(text.splitlines(), 1):
            match = INCLUDE.match(line)
            if match is None:
                continue
            quoted, angled = match.groups()
            problem = self.quoted_problem(path, quoted) if quoted else angled_problem(path, angled)
            if problem:
                self.report(path, number, "layer", problem)

    def quoted_problem(self, path, name):
        top = name.split("/")[0]
        if top not in FOLDERS or "/" not in name:
            return f'"{name}" is not a path from the root of the project'
        if top not in layer_of(path).folders:
            return f'"{name}": {place_of(path)} may not include {top}/'
        part = pure_part_of(path)
        if part and not is_test(path) and not name.startswith(part) and name not in PURE_PARTS[part][0]:
            return f'"{name}": {part} is pure and may include only its own and {", ".join(sorted(PURE_PARTS[part][0]))}'
        return None

    def check_patterns(self, path, code):
        for rule, applies, pattern, what in PATTERN_RULES:
            if applies(path):
                for match in pattern.finditer(code):
                    self.report(path, line_of(code, match.start()), rule, f"`{match.group(0).strip()}`: {what}")

    def check_choices(self, path, code):
        """Two choices in one full expression are evaluated in an order that compilers do not agree on."""
        if path.endswith("_test.cc"):  # unit tests compare the answers of one Choices with another's
            return
        start = 0
        for statement in re.split(r"[;{}]", code):
            calls = list(CHOICE.finditer(statement))
            for one, other in zip(calls, calls[1:]):
                if not are_ordered(statement, one.start(), other.start()):
                    self.report(path, line_of(code, start + other.start()), "two-choices",
                                "two choices in one statement have no order")
            start += len(statement) + 1

    def check_guard(self, path, text):
        if not path.endswith(".h") or path.split("/")[0] not in LAYERS:
            return
        guard = "REPRISE_" + re.sub(r"[^A-Z0-9]", "_", path[:-2].upper()) + "_H_"
        if f"#ifndef {guard}\n#define {guard}\n" not in text:
            self.report(path, 1, "header-guard", f"the header is not guarded by {guard}")

    def check_python_sleep(self, path, text):
        for number, line in enumerate(text.splitlines(), 1):
            if re.search(r"\b(?:time|asyncio)\.sleep\s*\(", line):
                self.report(path, number, "sleep", "no test sleeps")


def place_of(path):
    return path if path in EXCEPTIONS else path.split("/")[0] + "/"


def layer_of(path):
    fits = [prefix for prefix in EXCEPTIONS if path.startswith(prefix)]
    return EXCEPTIONS[max(fits, key=len)] if fits else LAYERS[path.split("/")[0]]


def pure_part_of(path):
    return next((part for part in PURE_PARTS if path.startswith(part)), None)


def angled_problem(path, name):
    """What is wrong with `#include <name>` in a file, or None."""
    layer, part = layer_of(path), pure_part_of(path)
    top = name.split("/")[0]
    if top in FOLDERS:
        return f'<{name}>: headers of the project are included with "quotes"'
    if name in STANDARD_HEADERS:
        if name in WORLDLY_HEADERS and not layer.worldly and not is_test(path):
            return f"<{name}>: {place_of(path)} gets time, threads, files and randomness through the interfaces"
        return None
    library = LIBRARIES.get(top)
    if library is None:
        return None if layer.system else f"<{name}>: {place_of(path)} may not include operating-system headers"
    allowed = PURE_PARTS[part][1] if part else layer.libraries
    if library in allowed or (library in TEST_LIBRARIES and is_test(path)):
        return None
    return f"<{name}>: {part or place_of(path)} may not use {library}"


def are_ordered(statement, one, other):
    """Whether the language orders two calls, or makes only one of them: by `&&`, `||` or `?:` between them."""
    between = statement[one:other]
    while re.search(r"\([^()]*\)", between):
        between = re.sub(r"\([^()]*\)", "", between)
    if "?" in statement[:one] and re.search(r"(?<!:):(?!:)[^,]*\Z", between):
        return True
    return re.search(r"(?:&&|\|\||\?)[^,]*\Z", between) is not None


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"([^()\\\s]{0,16})\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9A-Za-z_])\'(?:\\.|[^\'\\\n])+\'',
    re.S)


def strip(text):
    """The code without comments and without what stands in literals, line for line."""
    def blank(match):
        return '""' + "\n" * match.group(0).count("\n") if match.group(0)[0] in "\"'R" else \
            " " + "\n" * match.group(0).count("\n")
    return TOKEN.sub(blank, text)


def main(arguments):
    root = arguments[0] if arguments else pathlib.Path(__file__).resolve().parent.parent
    violations = Checker(root).run()
    for violation in violations:
        print(violation)
    if violations:
        print(f"{len(violations)} violation(s) of the rules in tools/check_layers.py")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
