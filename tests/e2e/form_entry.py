"""Entering values into a form's fields, each by its own kind of control, as a person does it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator


class Refused(Exception):
    """The pages didn't let it happen; they said this."""


@dataclass(frozen=True)
class Known:
    """What a lookup is filled with: what to type, and which identity the choice has to have (if known)."""

    title: str
    id: str = ""


def fill(place: Locator, values: Mapping[str, Any], prefix: str = "") -> None:
    """Fields in the order in which they stand; those that appear once others are entered come next."""
    left = dict(values)
    while left:
        names = [prefix + name for name in left]
        order = place.evaluate("""(place, names) => [...place.querySelectorAll('[data-field], [data-rows]')]
            .map(each => each.dataset.field ?? each.dataset.rows).filter(name => names.includes(name))""", names)
        ready = [name for name in order if _is_ready(_entry(place, name))]
        if not ready:
            raise Refused(f"can't be entered: {', '.join(names)}")
        for name in ready:
            key = name.removeprefix(prefix)
            if key in left:
                _enter(_entry(place, name), left.pop(key))


def _entry(place: Locator, name: str) -> Locator:
    return place.locator(f'[data-field="{name}"], [data-rows="{name}"]').first


def _is_ready(entry: Locator) -> bool:
    """Not hidden by a rule (being on another tab is not hidden), and something to enter into."""
    return bool(entry.evaluate("""entry => {
        for (let at = entry; at; at = at.parentElement) if (at.hidden && at.getAttribute('role') !== 'tabpanel') return false
        return entry.matches('[data-rows]') ? !!entry.querySelector('[data-row-add]') : !!entry.querySelector('input:not([type=hidden]):not([disabled]), select:not([disabled]), textarea:not([disabled])') }"""))


def _enter(entry: Locator, value: Any) -> None:
    place = entry.evaluate("""entry => { const tab = entry.closest('[role=tabpanel][hidden]'), more = entry.closest('details:not([open])')
        return {tab: tab?.getAttribute('aria-labelledby'), more: !!more, rows: entry.matches('[data-rows]'), lookup: !!entry.querySelector('fw-combobox'),
            many: !!entry.querySelector('fw-combobox[multiple]'), tag: entry.querySelector('select, textarea')?.localName ?? '', type: entry.querySelector('input:not([type=hidden])')?.type ?? ''} }""")
    page = entry.page
    if place["tab"]:
        page.locator(f"#{place['tab']}").click()
    if place["more"]:
        entry.locator("xpath=ancestor::details").last.locator("summary").click()
    if place["rows"]:
        _enter_rows(entry, value)
    elif place["lookup"]:
        for each in value if place["many"] else [value]:
            _look_up(entry, each)
    elif place["tag"] == "select":
        entry.locator("select").select_option(value)
    elif place["type"] == "checkbox" and isinstance(value, bool):
        entry.locator("input[type=checkbox]").set_checked(value, force=True)
    elif place["type"] in ("checkbox", "radio"):
        for each in value if isinstance(value, list) else [value]:
            entry.locator(f'label:has(input[value="{each}"])').click()
    else:
        entry.locator("textarea" if place["tag"] == "textarea" else "input:not([type=hidden])").first.fill(str(value))


def _enter_rows(grid: Locator, rows: list[Mapping[str, Any]]) -> None:
    lines = grid.locator("[data-rows-body] > [data-row]")
    while lines.count() > len(rows):
        lines.last.locator("[data-row-remove]").click()
    for place, values in enumerate(rows):
        if lines.count() <= place:
            grid.locator("[data-row-add]").click()
        line = lines.nth(place)
        fill(line, values, f"{grid.get_attribute('data-rows')}-{line.get_attribute('data-row')}-")


def _look_up(entry: Locator, value: Any) -> None:
    """Type what it is called, and choose it."""
    box = entry.locator("[role=combobox]")
    known = value if isinstance(value, Known) else Known(_option(entry, str(value)), str(value))
    box.fill(known.title)
    options = entry.locator("[role=option]:visible")
    wanted = options.filter(has=entry.page.get_by_text(known.title, exact=True)) if isinstance(value, Known) else options.get_by_text(known.title, exact=True)
    nothing = options.filter(has_not=entry.page.locator("span")).and_(entry.locator("[aria-disabled=true]"))
    wanted.first.or_(nothing.first).first.wait_for()
    if not wanted.count():
        raise Refused(f"“{known.title}” is not offered")
    held = entry.locator("input[type=hidden]").last
    for place in range(wanted.count()):  # several may be called the same
        if place:
            box.fill(known.title)
            wanted.nth(place).wait_for()
        wanted.nth(place).click()
        if not known.id or held.input_value() == known.id:
            return
    raise Refused(f"of those called “{known.title}”, the one that is meant is not offered")


def _option(entry: Locator, key: str) -> str:
    return entry.locator(f'[role=option][data-value="{key}"]').first.evaluate("option => option.textContent.trim()")
