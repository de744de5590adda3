"""The turns of a server's loop, as turn_probe.cc counts them."""
import os
import struct
import tempfile

FORMAT = "<72Q"  # as Counts in turn_probe.cc


class TurnProbe:
    """Use it in a `with`, and start the server with its environment."""

    def __init__(self, build):
        self.file = tempfile.NamedTemporaryFile(prefix="reprise-turns-")
        self.environment = {"LD_PRELOAD": os.path.join(build, "bench/libturn_probe.so"),
                            "REPRISE_TURN_PROBE": self.file.name}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()

    def take(self):
        """Answers what was counted since the last call."""
        with open(self.file.name, "r+b") as file:
            # Empty until the server has waited for the first time.
            counts = struct.unpack(FORMAT, file.read().ljust(struct.calcsize(FORMAT), b"\0"))
            file.seek(0)
            file.write(bytes(struct.calcsize(FORMAT)))
        over_ms = sum(count for i, count in enumerate(counts[3:67]) if i >= 20)  # 2^20 ns
        return {"turns": counts[0], "cpu_ms_max": counts[1] / 1e6, "wall_ms_max": counts[2] / 1e6,
                "turns_over_1ms": over_ms, "longest_faults": counts[67],
                "longest_given_back_mb": counts[68] / 1e6, "faults": counts[69],
                "given_back_mb_max": counts[70] / 1e6, "giving_back_ms_max": counts[71] / 1e6}
