"""A pack's scenario played by hand: each step on the pages that people use, in a browser of the person named.

What a page says is what counts: a refusal is a summary of problems, a button that isn't offered or a field that
can't be entered; a state is the chip beside the title. What pages can't express is skipped, with the reason.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Locator, Page, expect

from engine.definitions import Model, build_model
from engine.kernel.messages import LANGUAGES, pick
from engine.packs import Pack, read_shelf
from engine.packs.overlay import complete
from engine.packs.scenario_file import Scenario
from engine.packs.values import Names
from engine.rendering.formats import show_date
from engine.rendering.locale import Locale
from tests.e2e.conftest import WATCH, Server, sign_in_unseen
from tests.e2e.form_entry import Known, Refused, fill

ACTS = ("create", "change", "remove", "fire", "decide")
TIMEZONE = "Asia/Shanghai"
NUMBERS = {"integer", "decimal", "money", "percent", "rating", "formula", "rollup", "mirror"}


class Inexpressible(Exception):
    """No page says this; the reason."""


@dataclass
class Played:
    """How a scenario went."""

    steps: int = 0
    skipped: list[str] = field(default_factory=list)


@dataclass
class Thing:
    """A record that a scenario made."""

    entity: str
    path: str
    title: str
    refers_to: set[str]
    by: str
    waits_for_clock: bool = False

    @property
    def id(self) -> str:
        return self.path.rpartition("/")[2]


class Seat:
    """Somebody signed in, in a browser context of their own."""

    def __init__(self, browser: Any, server: Server, login: str) -> None:
        self.login, self.address = login, server.address
        self.context = browser.new_context(viewport={"width": 1280, "height": 900}, locale=server.language, base_url=server.address, reduced_motion="reduce")
        self.context.add_init_script(WATCH)
        sign_in_unseen(self.context, server, login)
        self.page: Page = self.context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("dialog", lambda dialog: dialog.accept())  # "leave the page?" after a refused form
        self.status = 0
        self.seen = -1

    def go(self, path: str) -> Page:
        found = self.page.goto(path, wait_until="domcontentloaded")
        self.status = found.status if found else 0
        return self.page

    def check(self) -> None:
        assert self.errors == []
        if self.page.url != "about:blank":
            assert self.page.evaluate("window.violations || []") == []


class Hands:
    """Plays scenarios of one pack on one server."""

    def __init__(self, browser: Any, server: Server, pack_key: str) -> None:
        self.browser, self.server, self.app, self.language = browser, server, pack_key, server.language
        self.pack: Pack = complete(read_shelf(pack_key), read_shelf)
        self.model: Model = build_model(self.pack.documents)
        self.names = Names(self.language, datetime.now(UTC), TIMEZONE)
        self.people = {person["login"]: pick(person["name"], self.language) for person in self.pack.people.get("users", ())}
        self.departments = {part["key"]: pick(part["name"], self.language) for part in self.pack.people.get("departments", ())}
        self.seats: dict[str, Seat] = {}
        self.things: dict[str, Thing] = {}
        self.clock = 0
        """Counts what was done, so that a page is loaded again only when it may be out of date."""

    def close(self) -> None:
        for seat in self.seats.values():
            seat.context.close()

    def play(self, scenario: Scenario) -> Played:
        """Every step; raises AssertionError that names the step that didn't go as it should."""
        found = Played()
        for at, step in enumerate(scenario.steps, 1):
            what = f"{self.app}/{scenario.key}, step {at}: {json.dumps(step, ensure_ascii=False)}"
            try:
                self._step(step)
                found.steps += 1
            except Inexpressible as reason:
                found.skipped.append(f"step {at}: {reason}")
            except Exception as error:
                raise AssertionError(f"{what}\n{error}\n{self._pages()}") from error
        for seat in self.seats.values():
            seat.check()
        return found

    def _pages(self) -> str:
        """What everybody sees at this moment: tells more than that something wasn't there."""
        shown = [f"{login} at {seat.page.url}, {seat.errors}:\n{seat.page.locator('main').inner_text(timeout=2000)[:1500]}"
                 for login, seat in self.seats.items() if seat.page.url != "about:blank" and seat.seen == self.clock]
        return "\n".join(shown)

    def _step(self, step: Mapping[str, Any]) -> None:
        if "after" in step:
            on = step.get("on") or step.get("expect", {}).get("on")
            if on:
                self._thing(on).waits_for_clock = True
            raise Inexpressible(f"no page moves the clock ({step['after']})")
        if "expect" in step:
            self._expect(step["expect"])
            return
        act = next(name for name in ACTS if name in step)
        on = step.get("on") or step[act]
        if act != "create" and self._thing(on).waits_for_clock:
            raise Inexpressible("the record is in a state that only time brings about")
        refused = ""
        seat = self._seat(step["by"])
        try:
            getattr(self, f"_{act}")(seat, step)
        except Refused as reason:
            refused = str(reason) or "no reason"
        if step.get("refused"):
            assert refused, "it had to be refused, and was not"
            seat.seen = -1  # a form or a dialog with problems is open
        else:
            assert not refused, f"refused: {refused}"
            self.clock += 1
            seat.seen = self.clock

    # what people do ------------------------------------------------------------------------------
    def _create(self, seat: Seat, step: Mapping[str, Any]) -> None:
        entity = step["create"]
        page = seat.go(f"/a/{self.app}/{entity}/new")
        self._allowed(seat)
        form = page.locator("#form")
        values = step.get("values", {})
        fill(form, self._resolved(values))
        self._save(page, form)
        path = page.url.removeprefix(self.server.address)
        assert re.fullmatch(rf"/a/{self.app}/{entity}/[0-9a-f-]{{36}}", path), f"saved, and led to {path}"
        if "ref" in step:
            title = page.locator(".head h1").inner_text()
            self.things[step["ref"]] = Thing(entity, path, title, {text[1:] for text in values.values() if isinstance(text, str) and text[:1] == "@"}, seat.login)

    def _change(self, seat: Seat, step: Mapping[str, Any]) -> None:
        thing = self._thing(step["change"])
        page = seat.go(f"{thing.path}/edit")
        self._allowed(seat)
        form = page.locator("#form")
        fill(form, self._resolved(step.get("values", {})))
        self._save(page, form)
        thing.title = page.locator(".head h1").inner_text()

    def _remove(self, seat: Seat, step: Mapping[str, Any]) -> None:
        page = self._open(seat, self._thing(step["remove"]))
        button = page.locator('form[action$="/remove"] button')
        if not button.count():
            raise Refused("no button to remove it")
        page.locator(".head .menu button, .head [popovertarget]").last.click()
        button.click()
        page.locator("[role=alertdialog] [value=yes]").click()
        page.wait_for_url("**removed=**", wait_until="domcontentloaded")

    def _fire(self, seat: Seat, step: Mapping[str, Any]) -> None:
        page = self._open(seat, self._thing(step["on"]))
        button = page.locator(f'.state-bar button[hx-get$="/moves/{step["fire"]}"]')
        if not button.count():
            raise Refused("no such button")
        self._dialog(seat, button, step, "/moves/")

    def _decide(self, seat: Seat, step: Mapping[str, Any]) -> None:
        thing = self._thing(step["on"])
        page = seat.go("/inbox")
        entry = page.locator(f'a[href="{thing.path}"]').first
        if not entry.count():
            raise Refused("it is not in the inbox")
        entry.click()
        page.wait_for_url(f"**{thing.path}", wait_until="domcontentloaded")
        button = page.locator(f'.state-bar button[hx-get$="/{step["decide"]}"]')
        if not button.count():
            raise Refused("no such button")
        self._dialog(seat, button, step, "/tasks/")

    def _dialog(self, seat: Seat, button: Locator, step: Mapping[str, Any], address: str) -> None:
        """Press the button, answer what the dialog asks, and confirm."""
        page = seat.page
        button.click()
        dialog = page.locator("#step-dialog")
        expect(dialog).to_be_visible()
        fill(dialog, self._resolved(step.get("values", {})))
        if step.get("comment"):
            dialog.locator('[name="_comment"]').fill(pick(step["comment"], self.language))
        if step.get("to"):
            dialog.locator('[name="_to"]').select_option(step["to"])
        self._send(page, dialog.locator("footer button").last, address)

    def _save(self, page: Page, form: Locator) -> None:
        self._send(page, form.locator(".action-bar button.primary"), page.url.removeprefix(self.server.address).partition("?")[0])

    def _send(self, page: Page, button: Locator, address: str) -> None:
        """Press; wait for the page that follows, or raise Refused with what is said about it."""
        page.evaluate("document.documentElement.dataset.old = 'yes'")
        with page.expect_response(lambda answer: answer.request.method == "POST" and address in answer.url) as answer:
            button.click()
        if answer.value.status == 204:
            page.locator("html:not([data-old])").wait_for(state="attached")
            page.wait_for_load_state("domcontentloaded")
            return
        summary = page.locator("[data-summary], .toast[data-tone=bad]").first
        summary.wait_for()
        raise Refused(summary.inner_text())

    def _allowed(self, seat: Seat) -> None:
        if seat.status != 200:
            raise Refused(f"status {seat.status}: {seat.page.locator('main').inner_text()[:200]}")

    def _resolved(self, value: Any) -> Any:
        """A step's value as it is typed."""
        if isinstance(value, str) and value[:1] == "@":
            return self._named(value)
        if isinstance(value, list):
            return [self._resolved(each) for each in value]
        if isinstance(value, Mapping):
            if value and set(value) <= set(LANGUAGES):
                return pick(dict(value), self.language)
            return {key: self._resolved(each) for key, each in value.items()}
        return value

    def _named(self, text: str) -> Any:
        if text[:2] == "@@":
            return text[1:]
        if text.startswith(("@today", "@now")):
            found = self.names.resolve(text)
            return found if len(found) == 10 else datetime.fromisoformat(found).astimezone(Locale(self.language, TIMEZONE).zone).strftime("%Y-%m-%d %H:%M")
        group, _, name = text[1:].rpartition(":")
        if group:
            return Known({"user": self.people, "department": self.departments}[group][name])
        thing = self._thing(text)
        return Known(thing.title, thing.id)

    # what is expected ----------------------------------------------------------------------------
    def _expect(self, expected: Mapping[str, Any]) -> None:
        thing = self._thing(expected["on"]) if "on" in expected else None
        if thing is None or not self._is_touched_by_time(thing):
            self._look(expected, thing)
            return
        if thing.waits_for_clock:
            raise Inexpressible("only time brings that about")
        try:
            self._look(expected, thing)
        except AssertionError as error:
            raise Inexpressible(f"something it stands on is brought about by time ({error})".splitlines()[0]) from error

    def _look(self, expected: Mapping[str, Any], thing: Thing | None) -> None:
        missing: list[str] = []
        if thing is not None:
            page = self._open(self._viewer(thing), thing)
            if "state" in expected:
                expect(page.locator(".head .chip").first).to_have_text(self._state(thing.entity, expected["state"]))
            if "tasks" in expected:
                waiting = sorted(page.locator(".acting .person > :last-child").all_inner_texts())
                assert waiting == sorted(self.people[login] for login in expected["tasks"]), f"it waits for {waiting}"
            for key, wanted in expected.get("values", {}).items():
                if not self._check_value(page, thing, key, wanted):
                    missing.append(f"{thing.entity}.{key}")
            for login in expected.get("seen_by", ()):
                self._open(self._seat(login), thing)
                assert self._seat(login).status == 200, f"{login} doesn't see it"
            for login in expected.get("not_seen_by", ()):
                self._seat(login).go(thing.path)
                assert self._seat(login).status == 404, f"{login} sees it"
            for login, keys in expected.get("hidden_for", {}).items():
                seen = self._open(self._seat(login), thing)
                assert self._seat(login).status == 200, f"{login} doesn't see it at all"
                assert not [key for key in keys if seen.locator(f'main [data-field="{key}"]').count()], f"{login} sees one of {keys}"
        if "count" in expected:
            self._count(expected["count"])
        if missing:
            raise Inexpressible(f"not on the page: {', '.join(missing)}")

    def _is_touched_by_time(self, thing: Thing) -> bool:
        """Does it wait for the clock, or something that refers to it, or that it refers to?"""
        waiting = [other for other in self.things.values() if other.waits_for_clock]
        mine = {name for name, other in self.things.items() if other is thing}
        return any(other is thing or other.refers_to & mine or any(self.things.get(name) is other for name in thing.refers_to) for other in waiting)

    def _state(self, entity: str, state: str) -> str:
        flow = next(found for found in self.model.workflows_of[entity] if state in found.body["states"])
        return pick(flow.body["states"][state]["label"], self.language)

    def _check_value(self, page: Page, thing: Thing, key: str, wanted: Any) -> bool:
        """Is it on the page, and does it say that?"""
        place = page.locator(f'main .columns [data-field="{key}"]').first
        if not place.count():
            return False
        text = place.locator(".value, .calculated").first.text_content().strip()
        definition = self.model.entities[thing.entity].fields[key]
        wanted = self._resolved(wanted)
        if isinstance(wanted, Known):
            assert wanted.title in text, f"{key} is {text}"
        elif isinstance(wanted, bool):
            assert text in (("是", "Yes") if wanted else ("否", "No")), f"{key} is {text}"
        elif definition.type.key in ("choice", "choices"):
            label = next(pick(option["label"], self.language) for option in definition.options["options"] if option["key"] == wanted)
            assert text == label, f"{key} is {text}"
        elif isinstance(wanted, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", wanted):
            assert text == show_date(date.fromisoformat(wanted), Locale(self.language, TIMEZONE)), f"{key} is {text}"
        elif definition.type.key in NUMBERS and re.fullmatch(r"-?\d+(\.\d+)?", str(wanted)):
            found = re.search(r"-?\d+(\.\d+)?", text.replace(",", "").replace("−", "-"))
            assert found, f"{key} is {text}"
            assert Decimal(found[0]) == Decimal(str(wanted)), f"{key} is {text}"
        else:
            assert text == str(wanted), f"{key} is {text}"
        return True

    def _count(self, wanted: Mapping[str, Any]) -> None:
        """Filter a list of the entity, as the administrator, and count its rows."""
        entity, terms = wanted["entity"], []
        for part in filter(None, re.split(r"\s+and\s+", str(wanted.get("filter", "")))):
            term = re.fullmatch(r'(\w+) = (?:@(\w+)|"([^"]*)"|(-?\d+(?:\.\d+)?))', part)
            if term is None:
                raise Inexpressible(f"the list has no filter like {part}")
            terms.append([term[1], "equals", self._thing(term[2]).id if term[2] else term[3] if term[3] is not None else term[4]])
        view = next((view for view in self.model.views.values() if view.entity == entity and view.type == "list" and view.filter is None and not view.roles), None)
        if view is None:
            raise Inexpressible(f"no list of all {entity}")
        page = self._seat("admin").go(f"/a/{self.app}/{entity}?view={view.key}&where={quote(json.dumps(terms))}")
        if self._seat("admin").status == 422:
            raise Inexpressible(f"the list has no such filter: {page.locator('#list .note').inner_text()}")
        rows = page.locator("#list a.row-link").count()
        assert rows == wanted["is"], f"the list of {entity} has {rows}"

    # places --------------------------------------------------------------------------------------
    def _thing(self, ref: str) -> Thing:
        return self.things[ref.removeprefix("@")]

    def _seat(self, login: str) -> Seat:
        if login not in self.seats:
            self.seats[login] = Seat(self.browser, self.server, login)
        return self.seats[login]

    def _viewer(self, thing: Thing) -> Seat:
        """Whoever looks at the record at this moment, else whoever made it."""
        here = [seat for seat in self.seats.values() if seat.seen == self.clock and seat.page.url.endswith(thing.path)]
        return here[0] if here else self._seat(thing.by)

    def _open(self, seat: Seat, thing: Thing) -> Page:
        if seat.seen != self.clock or not seat.page.url.endswith(thing.path):
            seat.go(thing.path)
            seat.seen = self.clock
        return seat.page
