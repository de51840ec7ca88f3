"""What axe finds on a page, in a form that a failing test shows well."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Only what is wrong comes back: what is right is a hundred times as much, and takes longer than the looking.
_LOOK = """tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']}).then(found =>
    found.violations.map(each => [each.id, each.nodes.slice(0, 3).map(node => node.html.slice(0, 160))]))"""


def barriers(page: Any) -> list[list[Any]]:
    """The rules that a page breaks, each with the first parts that break it; empty for a sound page."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found: list[list[Any]] = page.evaluate(_LOOK, TAGS)
    return found
