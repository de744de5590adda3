"""Latency against offered load: requests come at a steady rate, whether or not earlier ones were answered."""
from rounds import run_all

RATES = (10_000, 20_000, 40_000, 60_000, 80_000, 100_000, 120_000, 140_000)
SECONDS = 3


def run(fleet, options):
    print(f"latency against offered load: GET of a million keys, {options.clients} connections, {SECONDS} s each\n")
    prepare = ["SET {key} {value}", "--order", "sequential", "--requests", "1000000", "--pipeline", "50"]
    workloads = [(f"GET {rate}/s", ["GET {key}", "--rate", str(rate), "--seconds", str(SECONDS), "--connections",
                                    str(options.clients)]) for rate in RATES]
    rows = run_all(fleet, options, prepare, workloads)
    for row, rate in zip(rows, RATES):
        row["rate"] = rate
    return rows
