"""Plays one mutant after the other in a copy of the sources: builds it, has the simulator look for it, and asks the unit
tests about what the simulator has not seen."""

import pathlib
import re
import subprocess

import mutator
from simulated_tree import SimulatedTree, TreeError, run_limited

# Quick looks first. Each is (first seed, last seed, options).
SWEEPS = ((1, 300, "mixed"), (1, 300, "cut"), (1, 300, "short"), (1, 200, "idle"), (1, 200, "unread"),
          (301, 2000, "cut"), (301, 2000, "short"), (1, 2000, "mixed", "--ledger"), (1, 1000, "storm"),
          (1, 100, "short", "--twice"))
SEED_SECONDS = 4  # a seed takes milliseconds; a mutant that never ends is to be ended soon
# Tests of whole sessions in the simulated world, for what has no unit test of its name beside it.
SESSION_TESTS = {"server/session.cc": ("session_end_test", "fairness_test"),
                 "server/session_list.cc": ("session_end_test",),
                 "server/server.cc": ("session_end_test", "fairness_test"),
                 "server/request_batch.cc": ("fairness_test",)}


def tests_in(cmake_text):
    """The names of its tests, by source file."""
    found = {}
    for name, sources in re.findall(r"reprise_test\(\s*NAME (\w+)\s+SOURCES ([^)]*?)\s(?:LINKS|LABELS|TIMEOUT_S)", cmake_text):
        for source in sources.split():
            found.setdefault(source, []).append(name)
    return found


def unit_tests_of(root, path):
    """The targets of the unit tests that stand beside a file, and where they are built."""
    folder, _, name = path.rpartition("/")
    if folder == "loop":
        return [("loop_test", folder)]
    beside = tests_in((root / folder / "CMakeLists.txt").read_text()).get(f"{pathlib.Path(name).stem}_test.cc", [])
    return [(target, folder) for target in beside] + [(target, "proptests") for target in SESSION_TESTS.get(path, ())]


def code_of(tree, path):
    """What a source file has been compiled to, without debug information. None for a header."""
    for library in pathlib.Path(path).parents:
        folder = tree.path / "build/dev" / library
        objects = sorted(folder.glob(f"CMakeFiles/*.dir/{pathlib.Path(path).relative_to(library)}.o"))
        if objects:
            stripped = tree.path / "build/stripped.o"
            subprocess.run(["objcopy", "--strip-debug", str(objects[0]), str(stripped)], check=True)
            return stripped.read_bytes()
    return None


class Worker:
    def __init__(self, index):
        self.tree = SimulatedTree(f"mutants-{index}", 1)
        self.tree.prepare()
        self.tree.build()
        self.originals = {}

    def check_unchanged(self):
        """Errors: TreeError."""
        for first, last, profile, *options in SWEEPS:
            summary = self.tree.sweep(first, last, "--profile", profile, *options, seed_seconds=60)
            problems = [failure["problem"] for failure in summary["failures"]] + (summary.get("ledger_problems") or [])
            if problems and (summary["failures"] or "--ledger" in options):
                raise TreeError(f"without any mutant the sweep of {profile} fails already: {problems[0]}")

    def build(self, mutant):
        """Leaves the mutant in the tree. Answers None, or the fate of one that does not count."""
        if mutant.path not in self.originals:
            self.tree.restore()
            self.tree.build()
            self.originals[mutant.path] = code_of(self.tree, mutant.path)
        original = self.originals[mutant.path]
        self.tree.restore()
        self.tree.write(mutant.path, mutator.mutated((self.tree.path / mutant.path).read_text(), mutant))
        try:
            self.tree.build()
        except TreeError:
            return "uncompiled"
        return "equivalent" if original is not None and code_of(self.tree, mutant.path) == original else None

    def play(self, mutant):
        """A result with `fate`: uncompiled, equivalent, killed or survived."""
        result = {"path": mutant.path, "line": mutant.line, "kind": mutant.kind, "context": mutant.context,
                  "before": mutant.before, "after": mutant.after, "fate": "survived"}
        no_count = self.build(mutant)
        if no_count is not None:
            result["fate"] = no_count
        elif not any(self.look(result, *sweep) for sweep in SWEEPS):
            self.ask_unit_tests(result)
        return result

    def look(self, result, first, last, profile, *options):
        summary = self.tree.sweep(first, last, "--profile", profile, *options, seed_seconds=SEED_SECONDS, seconds=120)
        if summary["failures"]:
            failure = summary["failures"][0]
            oracle = failure.get("oracle") or failure["verdict"]
            if oracle == "crash" and "more than" in failure["problem"]:
                oracle = "time limit"
        elif "--ledger" in options and summary.get("ledger_problems"):
            failure, oracle = {"seed": last, "problem": summary["ledger_problems"][0]}, "ledger"
        else:
            return False
        result.update(fate="killed", by=oracle, seed=failure["seed"], sweep=" ".join((profile, *options)),
                      problem=failure["problem"][:300])
        return True

    def ask_unit_tests(self, result):
        for target, folder in unit_tests_of(self.tree.path, result["path"]):
            try:
                self.tree.build(target)
            except TreeError:
                continue
            done = run_limited([str(self.tree.path / "build/dev" / folder / target), "--gtest_brief=1"], 60)
            if done is None or done.returncode != 0:
                result["unit_test"] = target
                return
