"""Values of 1 MB, in and out; a hundred keys, ten connections."""
from rounds import run_all

VALUE_BYTES = 1 << 20


def run(fleet, options):
    print("large: values of 1 MB, 100 keys, 10 connections\n")
    common = ["--keys", "100", "--value-bytes", str(VALUE_BYTES), "--connections", "10"]
    prepare = ["SET {key} {value}", "--order", "sequential", "--requests", "100", *common]
    requests = str(int(options.scale * 5000))
    return run_all(fleet, options, prepare,
                   [(f"{kind} 1 MB", [words, "--requests", requests, *common])
                    for kind, words in (("SET", "SET {key} {value}"), ("GET", "GET {key}"))])
