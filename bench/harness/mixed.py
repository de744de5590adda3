"""90 % GET and 10 % SET over a million keys whose popularity follows Zipf's law, values of 100 bytes."""
from rounds import run_all

KEYS = "1000000"


def run(fleet, options):
    print("mixed: 90 % GET, 10 % SET, a million keys by Zipf's law (0.99), values of 100 bytes\n")
    common = ["--keys", KEYS, "--value-bytes", "100"]
    prepare = ["SET {key} {value}", "--order", "sequential", "--requests", KEYS, "--pipeline", "50", *common]
    workloads = []
    for pipeline in options.pipelines:
        requests = int(options.scale * (200_000 if pipeline == 1 else 2_000_000))
        workloads.append((f"mixed P{pipeline}", ["90:GET {key}", "10:SET {key} {value}", "--order", "zipf", "--requests",
                                                 str(requests), "--pipeline", str(pipeline), *common]))
    return run_all(fleet, options, prepare, workloads)
