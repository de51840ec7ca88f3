"""The workflow designer in a real browser: a fourth approval level, and an approval made by keys alone."""

from __future__ import annotations

import json
import re
import time

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.accessibility import barriers
from tests.e2e.test_quotation_journey import fire, new_quotation, save

pytestmark = pytest.mark.own_server

FLOW = "/design/manufacturing/workflow/quotation_approval"
WORDS = {
    "zh-CN": {"gm": "总经理审批", "add": "在“{}”之后添加", "approval": "审批", "name": ("董事会审批", "Board"), "kind": "角色成员", "role": "角色", "finance": "财务",
              "deadline": "添加超时升级", "after": "超过", "simulate": "模拟", "table": "表格", "steps": "步骤", "graph": "图形", "amount": "报价金额"},
    "en": {"gm": "General manager", "add": "Add after “{}”", "approval": "Approval", "name": ("董事会审批", "Board"), "kind": "Everybody with a role", "role": "Role", "finance": "Finance",
           "deadline": "Deadline with escalation", "after": "After", "simulate": "Simulate", "table": "Table", "steps": "Steps", "graph": "Graph", "amount": "Amount"},
}


def open_flow(person, path: str = FLOW, view: str = "steps") -> Page:
    """The designer in one of its views."""
    page = person.page
    person.go(path)
    page.evaluate("view => localStorage.setItem('formwork.workflow.view', view)", view)
    page.reload()
    page.wait_for_selector(".designer-canvas [data-node]")
    return page


def node(page: Page, key: str) -> Locator:
    return page.locator(f'.designer-canvas [data-node="{key}"]')


def stored(person, path: str = FLOW) -> dict:
    """The workflow as the server's draft has it."""
    app, key = path.split("/workflow/")
    found = person.context.request.get(f"{person.server.address}{app}/draft", headers={"Accept": "application/json"}).json()
    return next(item["document"] for item in found["documents"] if item["document"]["kind"] == "workflow" and item["document"]["key"] == key)


def wait_saved(page: Page) -> None:
    page.wait_for_timeout(100)  # what was typed last is on its way
    expect(page.locator(".save-state")).to_have_attribute("data-state", "saved", timeout=15_000)


def call(person, path: str, body: dict | None = None) -> dict:
    """A request of the API as the signed-in person."""
    found = person.page.evaluate(
        """async ([path, body]) => {
          const token = JSON.parse(document.body.getAttribute('hx-headers:inherited'))['X-CSRF-Token']
          const answer = await fetch('/api/v1' + path, body ? {method: 'POST', body: JSON.stringify(body), headers: {'Content-Type': 'application/json', 'X-CSRF-Token': token}} : {})
          return [answer.status, await answer.json()]
        }""",
        [path, body],
    )
    assert found[0] < 300, found
    return found[1]


def state_of(person, record: str) -> str:
    return call(person, f"/manufacturing/quotation/{record}/standing")["state"]


def approve(person, record: str, **values: str) -> None:
    """Say yes to one's own task on a record."""
    standing = call(person, f"/manufacturing/quotation/{record}/standing")
    call(person, f"/tasks/{standing['my_task']}/decisions", {"decision": "approve", "comment": "ok", "values": values})


def submitted(sales, subject: str) -> str:
    """A quotation of 620,000 on its way; its id."""
    new_quotation(sales, subject, [("HL-500", "1"), ("RB-20", "2"), ("SVC-INS", "2")])
    sales.page.wait_for_function("""() => document.querySelector('[data-field="amount"]').innerText.replace(/[^0-9.]/g, '').includes('620000')""")
    save(sales)
    record = sales.page.url.rsplit("/", 1)[1]
    fire(sales, "submit")
    return record


def add_fourth_level(page: Page, words: dict) -> None:
    """"+" after the general manager: an approval by finance, with a deadline of 8 hours and an escalation."""
    page.get_by_role("button", name=words["add"].format(words["gm"]), exact=True).click()
    page.get_by_role("menuitem", name=words["approval"], exact=True).click()
    expect(node(page, "approval")).to_be_focused()
    panel = page.locator(".designer-right")
    names = panel.locator(".words input")
    for place, name in enumerate(words["name"]):
        names.nth(place).fill(name)
    who = panel.locator(".participant")
    who.locator("select").first.select_option("role")
    role = who.get_by_role("combobox", name=words["role"], exact=True)
    role.click()
    role.fill(words["finance"])
    page.get_by_role("option", name=re.compile(words["finance"])).first.click()
    panel.get_by_role("button", name=words["deadline"]).click()
    panel.locator(".timer").get_by_label(words["after"], exact=True).first.fill("8")
    wait_saved(page)


def check_fourth_level(flow: dict) -> None:
    """It stands between, asks finance, and has a deadline, an escalation and a status of its own."""
    made = flow["states"]["approval"]
    assert flow["states"]["gm"]["outcomes"]["approved"]["to"] == "approval"
    assert made["outcomes"] == {"approved": {"to": "approved"}, "rejected": {"to": "rejected"}}
    assert flow["rules"][made["participants"][0]["rule"]] == {"kind": "role", "value": "finance"}
    assert made["timers"][0]["after"] == "PT8H"
    assert flow["rules"][made["timers"][0]["do"]["add"]]["kind"] == "manager"
    assert made["status"] == "approval"


def simulate(page: Page, words: dict, name: str) -> None:
    """Try it out on 620,000 until the new step is asked; the way lights up."""
    page.get_by_role("button", name=words["simulate"], exact=True).click()
    simulation = page.locator(".simulation")
    simulation.get_by_label(words["amount"], exact=True).fill("620000")
    simulation.locator(".button.primary").click()
    expect(simulation.locator(".sim-stop").first).to_be_visible()
    stop = simulation.locator(".sim-stop", has_text=name)
    for _ in range(8):
        if stop.count():
            break
        with page.expect_response(lambda answer: answer.url.endswith("/simulate")):
            simulation.locator(".sim-here button").first.click()
        page.wait_for_timeout(800)  # drawn anew: the same button stands for the next answer
    expect(stop).to_be_visible()
    expect(page.locator('.designer-canvas .lit[data-node="approval"]')).to_be_visible()


@pytest.mark.parametrize("server", ["zh-CN"], indirect=True)
def test_a_fourth_level_is_added_tried_out_and_published_while_an_approval_is_under_way(sign_in, server):
    words = WORDS[server.language]
    sales = sign_in("sales1")
    old = submitted(sales, "under way")
    people = {login: sign_in(login, by_hand=True) for login in ("salesmanager", "finance", "engineer", "gm")}
    approve(people["salesmanager"], old)

    designer = sign_in("designer")
    page = open_flow(designer)
    started = time.monotonic()
    add_fourth_level(page, words)
    print(f"a fourth level: {time.monotonic() - started:.1f} s")
    check_fourth_level(stored(designer))
    for view in ("graph", "table", "steps"):  # one model
        page.locator(".flow-views").get_by_role("button", name=words[view], exact=True).click()
        expect(node(page, "approval")).to_be_visible()
    simulate(page, words, words["name"][0 if server.language == "zh-CN" else 1])

    # Published while the old approval is under way: that one ends as it began, a new one takes the new way.
    designer.go("/design/manufacturing/publish")
    page.locator("#publish-form button.primary").click()
    page.wait_for_url(re.compile(r"done=\d+"))
    finish = ((people["finance"], {"cost_check": "checked"}), (people["engineer"], {"feasibility_note": "feasible"}), (people["gm"], {}))
    for person, values in finish:
        approve(person, old, **values)
    assert state_of(sales, old) == "approved"
    new = submitted(sales, "new way")
    approve(people["salesmanager"], new)
    for person, values in finish:
        approve(person, new, **values)
    assert state_of(sales, new) == "approval"
    approve(people["finance"], new)
    assert state_of(sales, new) == "approved"
    designer.check_policy()


def rows(page: Page) -> list[str]:
    """The states of the table, from top to bottom."""
    return list(page.evaluate("[...document.querySelectorAll('tbody [data-node]')].map(each => each.dataset.node)"))


def reach(page: Page, selector: str) -> None:
    """Tab until something has the focus."""
    for _ in range(200):
        if page.evaluate("selector => document.activeElement?.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached by Tab")


def check_release(flow: dict) -> None:
    """Three approvals in a row, each with a status of its own and a way for rejections."""
    way = ["draft"]
    while flow["states"][way[-1]]["type"] != "final":
        state = flow["states"][way[-1]]
        way.append((state.get("transitions") or [state.get("outcomes", {}).get("approved")])[0]["to"])
    assert way == ["draft", "approval", "approval_3", "approval_2", "approved"]
    assert flow["states"]["approval_3"]["label"]["en"] == "Final check"
    assert len({state.get("status") for state in flow["states"].values()}) == len(flow["states"])
    assert json.dumps(flow).count('"to": "rejected"') == 3


@pytest.mark.parametrize("server", ["en"], indirect=True)
def test_an_approval_of_three_steps_is_made_in_the_table_by_keys_alone(sign_in, server):
    designer = sign_in("designer")
    page = designer.page
    designer.go("/design/manufacturing/new/workflow?entity=product")
    page.evaluate("localStorage.setItem('formwork.workflow.view', 'table')")
    page.focus("#label-en")
    keys = page.keyboard
    keys.type("Product release")
    keys.press("Enter")
    page.wait_for_selector(".designer-canvas [data-node]")
    started = time.monotonic()

    # From here on no mouse.
    reach(page, '[data-node="draft"]')
    for _ in range(3):
        keys.press("n")
    expect(node(page, "approval_3")).to_be_focused()
    assert rows(page) == ["draft", "approval", "approval_2", "approval_3", "approved", "rejected"]

    # Into the panel, name it, and back to where it was.
    keys.press("Enter")
    reach(page, ".designer-right .words input[lang=en]")
    keys.press("Control+A")
    keys.type("Final check")
    keys.press("Escape")
    expect(node(page, "approval_3")).to_be_focused()

    # Up by one, a copy, and the copy deleted again.
    keys.press("Alt+ArrowUp")
    expect(page.locator("#announcer")).to_contain_text("position 3 of 5")
    assert rows(page)[:4] == ["draft", "approval", "approval_3", "approval_2"]
    keys.press("Control+d")
    expect(node(page, "approval_3_2")).to_be_focused()
    keys.press("Delete")
    keys.press("Enter")
    expect(node(page, "approval_3_2")).to_have_count(0)
    wait_saved(page)
    print(f"an approval of three steps, by keys alone: {time.monotonic() - started:.1f} s")
    check_release(stored(designer, "/design/manufacturing/workflow/product_release"))

    # Everything undone is as it was loaded.
    for _ in range(8):
        keys.press("Control+z")
    assert rows(page) == ["draft", "approved"]
    designer.check_policy()


@pytest.mark.parametrize("server", ["zh-CN"], indirect=True)
@pytest.mark.parametrize(("width", "theme"), [pytest.param(1280, "light", marks=pytest.mark.long), (390, "dark")])
def test_no_view_has_an_accessibility_finding(sign_in, server, width, theme):
    designer = sign_in("designer", width=width, theme=theme)
    found = {}
    for view in ("steps", "table", *(("graph",) if width > 900 else ())):
        page = open_flow(designer, view=view)
        for moment in ("idle", *(("chosen",) if width > 900 else ())):
            if moment == "chosen":
                node(page, "countersign").click()
                page.evaluate("document.querySelectorAll('.designer-right details').forEach(each => { each.open = true })")
            if wrong := barriers(page):
                found[view, moment] = wrong
    assert found == {}
    designer.check_policy()


def drag(page: Page, source: Locator, target: Locator, *, at: tuple[float, float] = (0.5, 0.5)) -> None:
    """By mouse, in small steps, as the browser's own drag and drop wants it."""
    start, end = source.bounding_box(), target.bounding_box()
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    x, y = end["x"] + end["width"] * at[0], end["y"] + end["height"] * at[1]
    page.mouse.move(start["x"] + start["width"] / 2 + 6, start["y"] + start["height"] / 2 + 6, steps=4)
    page.mouse.move(x, y, steps=12)
    page.mouse.move(x + 1, y + 1)
    page.mouse.up()


@pytest.mark.long
@pytest.mark.parametrize("server", ["en"], indirect=True)
def test_steps_and_states_are_moved_connected_and_tidied_by_mouse(sign_in, server):
    designer = sign_in("designer", width=1600, height=1100)
    page = open_flow(designer, "/design/manufacturing/workflow/project_flow")
    path = "/design/manufacturing/workflow/project_flow"

    # A step dragged to another place: after "Proposal review" rather than in the branch.
    drag(page, node(page, "gm_review"), page.locator(".step-gap").filter(has=page.get_by_role("button", name="Add after “Application”")))
    expect(page.locator("#announcer")).to_contain_text("position 2")
    wait_saved(page)
    flow = stored(designer, path)
    assert flow["states"]["application"]["transitions"][0]["to"] == "gm_review"
    assert flow["states"]["gm_review"]["outcomes"]["approved"]["to"] == "review"
    page.keyboard.press("Control+z")

    # In the graph: a state put by hand keeps its place, tidying up is one step, and so is taking it back.
    page.locator(".flow-views").get_by_role("button", name="Graph", exact=True).click()
    expect(node(page, "pilot")).to_be_visible()
    before = node(page, "pilot").bounding_box()
    page.mouse.move(before["x"] + 40, before["y"] + 20)
    page.mouse.down()
    page.mouse.move(before["x"] + 160, before["y"] + 50, steps=8)
    page.mouse.up()
    wait_saved(page)
    place = stored(designer, path)["layout"]["pilot"]
    assert len(stored(designer, path)["layout"]) == len(flow["states"])
    page.get_by_role("button", name="Tidy up").click()
    wait_saved(page)
    assert "layout" not in stored(designer, path)
    page.keyboard.press("Control+z")
    wait_saved(page)
    assert stored(designer, path)["layout"]["pilot"] == place
    page.keyboard.press("Control+z")

    # Connected by dragging from a state's edge.
    node(page, "handover").click()
    handle = page.locator('.react-flow__node[data-id="handover"] .react-flow__handle.source').first
    drag(page, handle, node(page, "terminated"))
    wait_saved(page)
    moves = stored(designer, path)["states"]["handover"]["transitions"]
    assert moves[-1]["to"] == "terminated"
    expect(page.locator(f'.designer-canvas [data-edge="states/handover/transitions/{len(moves) - 1}"]')).to_have_attribute("aria-pressed", "true")
    assert page.locator(".react-flow__minimap").count() == 0, "twelve states need no overview map"
    designer.check_policy()
