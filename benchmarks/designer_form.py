"""What a key, a move and a selection cost in the form designer with 300 fields: script, style and layout, by Chromium's own counters.

    .venv/bin/python benchmarks/designer_form.py [fields]

Starts a server of its own on an empty folder, makes an entity and a form of so many fields in the draft, and prints
milliseconds per interaction and the bytes of the page.
"""

from __future__ import annotations

import gzip
import os
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import sync_playwright

from tests.e2e.conftest import ARGUMENTS, BROWSERS, Person, start

KINDS = ("text", "money", "date", "integer", "email", "yes_no", "percent", "long_text", "user", "choice")
TIMES = 20


def documents(count: int) -> list[dict]:
    def uid(number: int) -> str:
        return f"01920000-0000-7000-8000-{number:012d}"

    choices = {"options": {"options": [{"key": f"o{number}", "label": f"Option {number}"} for number in range(6)]}}
    fields = [{"key": f"f{number}", "uid": uid(number + 1), "type": KINDS[number % 10], "label": {"en": f"Field number {number}", "zh-CN": f"第 {number} 个字段"},
               **(choices if KINDS[number % 10] == "choice" else {})} for number in range(count)]
    sections = [{"key": f"s{at}", "label": f"Section {at}", "columns": 2, "items": [{"field": field["key"]} for field in fields[at * 30 : at * 30 + 30]]} for at in range((count + 29) // 30)]
    entity = {"kind": "entity", "key": "big", "uid": uid(900001), "schema": 1, "label": "Big", "title": "f0", "fields": fields}
    form = {"kind": "form", "key": "big", "uid": uid(900002), "schema": 1, "entity": "big", "label": "Big", "purpose": "full", "tabs": [{"key": "main", "label": "Main", "sections": sections}]}
    return [entity, form]


class Meter:
    """Chromium's counters before and after."""

    def __init__(self, page) -> None:
        self.page, self.session = page, page.context.new_cdp_session(page)
        self.session.send("Performance.enable", {"timeDomain": "threadTicks"})  # the thread's own time: others on the machine do not count

    def read(self) -> dict[str, float]:
        return {item["name"]: item["value"] for item in self.session.send("Performance.getMetrics")["metrics"]}

    def measure(self, what: str, act, times: int = TIMES) -> None:
        """`act(number)` so many times; what runs after it (not the autosave's answer) counts too."""
        act(-1)
        self.page.wait_for_timeout(1500)  # the save of before is over
        before = self.read()
        for number in range(times):
            act(number)
            self.page.wait_for_timeout(30)
        after = self.read()
        script, style, layout = ((after[name] - before[name]) * 1000 / times for name in ("ScriptDuration", "RecalcStyleDuration", "LayoutDuration"))
        print(f"{what:<34} script {script:6.2f}   style {style:6.2f}   layout {layout:6.2f}   together {script + style + layout:6.2f} ms")


def files_of(page) -> list[str]:
    return page.evaluate("performance.getEntriesByType('resource').filter(each => /\\.(js|css)$/.test(each.name)).map(each => each.name)")


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = start("en", Path(folder) / "data")
        browser = playwright.chromium.launch(args=ARGUMENTS, executable_path=next((found for name in BROWSERS if (found := shutil.which(name))), None))
        try:
            person = Person(browser, server, "designer", width=1440, height=900)
            page = person.page
            person.go("/design/manufacturing/form/quotation")
            token = page.evaluate("document.querySelector('meta[name=csrf]')?.content ?? document.querySelector('[name=csrf]').value")
            changes = [{"address": f"{item['kind']}/{item['key']}", "document": item, "base": None, "rev": 0} for item in documents(count)]
            answer = page.request.post(f"{server.address}/design/manufacturing/draft", data={"changes": changes}, headers={"Accept": "application/json", "X-CSRF-Token": token})
            outcomes = [result["outcome"] for result in answer.json()["results"]]
            assert outcomes == ["saved", "saved"], answer.text()[:500]
            person.go("/design/manufacturing/form/big")
            page.wait_for_selector(".sheet .fc-in")
            first = set(files_of(page))
            meter = Meter(page)
            ready = page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
            counted = meter.read()
            print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
            print(f"{count} fields: {page.locator('.sheet .fc').count()} cards; script while loading {counted['ScriptDuration'] * 1000:.0f} ms; page ready after {ready:.0f} ms")
            page.locator('[data-id="f:f40"]').click()
            field = page.locator(".designer-right .panel-lines input").first
            field.click()
            meter.measure("a key in a property", lambda number: page.keyboard.press("abcdefghij"[number % 10]))
            page.locator('[data-id="f:f40"]').click()
            meter.measure("Alt+arrow: a move", lambda number: page.keyboard.press("Alt+ArrowDown" if number % 2 else "Alt+ArrowUp"))
            meter.measure("arrow: another field selected", lambda number: page.keyboard.press("ArrowRight" if number % 2 else "ArrowLeft"))
            meter.measure("undo or redo", lambda number: page.keyboard.press("Control+z" if number % 2 else "Control+Shift+z"))
            for what, names in (("at once", first), ("later", set(files_of(page)) - first)):
                for ending in (".js", ".css"):
                    found = [name for name in names if name.endswith(ending)]
                    total = sum(len(gzip.compress(page.request.get(name).body(), 9)) for name in found)
                    print(f"{ending[1:].upper():<4} {what:<8} {total / 1000:6.1f} kB gz in {len(found)} files")
            person.check_policy()
        finally:
            browser.close()
            server.process.terminate()
            server.process.wait(20)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
