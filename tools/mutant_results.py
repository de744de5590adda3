"""What tools/mutants has found: the log of a run, the reasons why survivors live, and the tables.

A mutant is known by its id, eight digits of a hash of its file and lines: the same in every run and every checkout that
has these lines.
"""

import hashlib
import json

import mutator
import planted_bugs


def name_of(result):
    return result["path"], result["context"], result["before"], result["after"]


def id_of(name):
    """`name` is what mutator.name_of and name_of answer."""
    return hashlib.sha256("\0".join(name).encode()).hexdigest()[:8]


def counts(result):
    """What does not compile, or compiles to the same code, says nothing about the simulator."""
    return result["fate"] in ("killed", "survived")


class ResultLog:
    """A line of JSON for each mutant that was played, added at once; of two lines about the same one the later holds."""

    def __init__(self, path, keep):
        self.path = path
        self.former = self._read() if keep else {}
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "w", encoding="utf-8") as log:
            log.writelines(json.dumps(result) + "\n" for result in self.former.values())

    def _read(self):
        try:
            lines = self.path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return {}
        results = [json.loads(line) for line in lines if line.endswith("}")]  # the last may be cut off
        return {name_of(result): result for result in results}

    def add(self, result):
        with open(self.path, "a", encoding="utf-8") as log:
            log.write(json.dumps(result) + "\n")


class Reasons:
    """proptests/planted_bugs/survivors.txt: entries of a file, the line above, "- " and the line, "+ " and what became of
    it, and the reason, parted by empty lines."""

    def __init__(self, text):
        self.known = {}
        for entry in text.split("\n\n"):
            lines = [line.strip() for line in entry.splitlines() if line and not line.startswith("#")]
            if len(lines) >= 5:
                name = (lines[0], lines[1], lines[2].removeprefix("- "), lines[3].removeprefix("+ "))
                self.known[name] = " ".join(lines[4:])

    def of(self, result):
        """None: nobody has said why it lives."""
        reason = self.known.get(name_of(result))
        if reason is None and "unit_test" in result:
            return f"the simulator does not see it; {result['unit_test']} does"
        return reason

    def missing(self, results):
        return [result for result in results if result["fate"] == "survived" and self.of(result) is None]

    def of_no_mutant(self, mutants):
        """Names that today's sources don't have any more."""
        names = {mutator.name_of(mutant) for mutant in mutants}
        return [name for name in self.known if name not in names]


def fate_of(result):
    if result["fate"] == "killed":
        return f"killed: {result['by']}"
    return result["fate"] + (", but a unit test fails" if "unit_test" in result else "")


def summary_table(results):
    numbers = {}
    for result in results:
        numbers[fate_of(result)] = numbers.get(fate_of(result), 0) + 1
    return planted_bugs.markdown(("fate", "mutants"), sorted(numbers.items(), key=lambda item: (-item[1], item[0])))


def summary_line(results):
    """`121 of 200 mutants are killed by the simulator, 32 others by a unit test; 47 live`."""
    counting = [result for result in results if counts(result)]
    killed = sum(result["fate"] == "killed" for result in counting)
    tested = sum("unit_test" in result for result in counting)
    return (f"{killed} of {len(counting)} mutants are killed by the simulator, {tested} others by a unit test; "
            f"{len(counting) - killed - tested} live")


def survivors_table(results, reasons):
    rows = [(f"`{result['path']}`", "`" + result["after"].replace("|", "\\|") + "`", reasons.of(result))
            for result in results if result["fate"] == "survived"]
    return planted_bugs.markdown(("file", "changed line", "why it lives"), sorted(rows))


def kept_line(result):
    """A line of proptests/planted_bugs/mutants.txt: enough to play the mutant and the seed again."""
    found = f"{result['by']}, seed {result['seed']} of {result['sweep']}" if result["fate"] == "killed" else fate_of(result)
    return f"{id_of(name_of(result))}  {result['path']}  {result['after']}\n          {found}"
