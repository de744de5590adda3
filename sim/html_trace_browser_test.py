#!/usr/bin/python3
"""Opens the page of a recorded run in headless Chromium, off line, and looks at what its script has made of it.

html_trace_browser_test.py BROWSER SIM_EXAMPLE_PAGE
"""

import html
import json
import pathlib
import re
import subprocess
import sys
import tempfile


def dom_of(browser, folder, page, step):
    """The page's elements after its script has run, with `step` chosen."""
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
               "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={folder}/profile",
               "--virtual-time-budget=2000", "--dump-dom", f"{page.as_uri()}#{step}"]
    return subprocess.run(command, capture_output=True, text=True, timeout=100, check=True).stdout


def text_of(dom, element):
    """The text inside the element with this id."""
    found = re.search(rf'<div id="{element}">(.*?)</div>(?=<div id=|\s*<script>|</div>)', dom, re.S)
    assert found, f"no element {element}"
    return html.unescape(re.sub(r"<[^>]*>", " ", found.group(1)))


def main():
    browser, program = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as folder:
        page = pathlib.Path(folder, "run.html")
        page.write_bytes(subprocess.run([program, "9", "page"], capture_output=True, check=True).stdout)
        trace = subprocess.run([program, "9", "trace"], capture_output=True, check=True).stdout
        slices = [e for e in json.loads(trace)["traceEvents"] if e["ph"] == "X"]
        written = next(e for e in slices if e["args"]["what"].startswith("the server writes"))
        fault = next(e for e in slices if e["cat"] == "fault")
        for event in (written, fault, slices[-1]):
            dom = dom_of(browser, folder, page, event["args"]["step"])
            detail = text_of(dom, "detail")
            assert event["args"]["what"] in detail, (event, detail)
            assert f'{event["args"]["step"]}' in detail, detail
            assert 'class="chosen"' in dom, "no line of the log is chosen"
        assert re.search(r"on a tape\s+\S+/\S+/@?\d+ = \d+", text_of(dom_of(browser, folder, page, fault["args"]["step"]),
                                                                    "detail")), "a choice is not shown as a tape has it"
        slices.sort(key=lambda e: e["args"]["step"])
        chosen, after = next((a, b) for a, b in zip(slices, slices[1:])
                             if a["cat"] == "fault" and b["cat"] != "fault" and abs(a["ts"] - b["ts"]) < 0.05)
        detail = text_of(dom_of(browser, folder, page, after["args"]["step"]), "detail")
        assert re.search(r"chosen before\s+" + re.escape(chosen["args"]["what"]), detail), detail
        shown = re.search(r'<span id="count">(\d+) steps shown', dom)
        assert shown and int(shown.group(1)) == len(slices), "the page shows another number of steps"
        dom = dom_of(browser, folder, page, written["args"]["step"])
        assert re.search(r"<pre>000000  [0-9a-f]{2} ", dom), "the bytes of a write are not shown"
        assert "received in" in text_of(dom, "detail"), "no arrow leads from the write to its reader"
    print("ok")


if __name__ == "__main__":
    main()
