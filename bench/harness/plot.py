"""Draws docs/plots from files that --json wrote: latency against offered load, CPU against pipeline depth."""
import json
import os

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FOLDER = os.path.join(ROOT, "docs/plots")


def draw(name, title, x_label, y_label, curves, taken, log_y=True):
    import matplotlib
    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "reprise"  # the same figures give the same file
    from matplotlib import pyplot
    figure, axes = pyplot.subplots(figsize=(7, 4.2))
    for label, (x, y) in curves.items():
        axes.plot(x, y, marker="o", label=label)
    axes.set(title=title, xlabel=x_label, ylabel=y_label)
    if log_y:
        axes.set_yscale("log")
    axes.grid(alpha=0.3)
    figure.text(0.99, 0.01, taken, ha="right", fontsize=6, color="gray")
    figure.subplots_adjust(bottom=0.14)
    axes.legend()
    os.makedirs(FOLDER, exist_ok=True)
    path = os.path.join(FOLDER, name)
    figure.savefig(path, bbox_inches="tight", metadata={"Date": None})
    print(path)


def draw_latency(rows, taken):
    curves = {}
    for name in rows[0]["servers"]:
        for field, label in (("p50_us", "p50"), ("p99_us", "p99")):
            curves[f"{name} {label}"] = ([row["rate"] for row in rows], [row["servers"][name][field] for row in rows])
    draw("latency.svg", "GET, 50 connections, no pipeline", "requests offered per second", "latency in microseconds",
         curves, taken)


def draw_cpu(rows, taken):
    for command in ("SET", "GET"):
        own = [row for row in rows if row["workload"].startswith(f"{command} P")]
        if not own:
            continue
        depths = [int(row["workload"].split("P")[-1]) for row in own]
        curves = {name: (depths, [row[name]["cpu_us"] for row in own]) for name in own[0] if name != "workload"}
        draw(f"cpu-{command.lower()}.svg", f"{command}, a million random keys, 50 connections",
             "requests in a pipeline", "CPU microseconds of the server per request", curves, taken)


def draw_kept(kept):
    """Draws what a mode has measured, as --json keeps it."""
    {"latency": draw_latency, "cpu": draw_cpu}[kept["mode"]](kept["rows"], kept.get("taken", ""))


def run(_, options):
    for path in options.files:
        with open(path) as file:
            draw_kept(json.load(file))
    return []
