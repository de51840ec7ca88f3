"""Every building block: closed, in two languages, used by a shipped pack, and sound wherever it is put."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from engine.definitions import lint
from engine.definitions.texts import texts_of
from engine.kernel import json
from engine.kernel.errors import Invalid
from engine.kernel.messages import texts_for
from engine.packs import shelf_path
from engine.packs.blocks import OFFERS, block_schema, list_blocks, read_blocks
from engine.packs.fit_block import fit_block

BLOCKS = read_blocks()
NAMES = [f"{block['offers']}-{block['key']}" for block in BLOCKS]
WORDS = {"zh-CN": "名称", "en": "Name"}
BOOK = Path(__file__).parents[2] / "templates_library"
blocks = pytest.mark.parametrize("block", BLOCKS, ids=NAMES)


def shipped(pack: str, kind: str, key: str) -> dict:
    """A document of a shipped pack: its own, or the core's that it builds upon."""
    folder = {"entity": "entities"}.get(kind, f"{kind}s")
    found = next(path for base in (pack, "core") if (path := shelf_path(base) / folder / f"{key}.json").exists())
    return json.read(found.read_bytes())


def uid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def field(key: str, type_: str, number: int, **more: object) -> dict:
    return {"key": key, "uid": uid(number), "type": type_, "label": WORDS, **more}


def options(*keys: str) -> dict:
    return {"options": [{"key": key, "label": WORDS} for key in keys]}


def small_app(*more: dict) -> list[dict]:
    """One entity whose keys are in the way of blocks' keys, a form of it, and nothing that blocks refer to."""
    entity = {
        "kind": "entity", "key": "thing", "uid": uid(1), "schema": 1, "label": WORDS, "title": "name",
        "fields": [field("name", "text", 2, required=True), field("status", "text", 3), field("price", "money", 4), field("paid_on", "date", 5), *more],
    }
    form = {
        "kind": "form", "key": "thing", "uid": uid(6), "schema": 1, "label": WORDS, "entity": "thing", "purpose": "full",
        "tabs": [{"key": "main", "label": WORDS, "sections": [{"key": "main", "columns": 2, "items": [{"field": "name"}, {"field": "status"}, {"field": "price"}, {"field": "paid_on"}]}]}],
    }
    app = {
        "kind": "app", "key": "small", "uid": uid(7), "schema": 1, "label": WORDS, "languages": ["zh-CN", "en"], "default_language": "zh-CN",
        "currency": "CNY", "timezone": "Asia/Shanghai",
    }
    return [app, entity, form]


def put(block: dict, documents: list[dict]) -> tuple[list[dict], dict | None]:
    """The app with the block in it, as the designers put it there: its fields into the entity and onto the form, its document beside them."""
    made = fit_block(block, documents, None if block["offers"] == "entity" else "thing")
    app, entity, form = documents[:3]
    if made.fields:
        entity = {**entity, "fields": [*entity["fields"], *made.fields]}
        items = [{"field": item["key"]} for item in made.fields]
        section = {**form["tabs"][0]["sections"][0], "items": [*form["tabs"][0]["sections"][0]["items"], *items]}
        form = {**form, "tabs": [{**form["tabs"][0], "sections": [section]}]}
    document = made.document and {**made.document, "key": f"new_{block['key']}", "uid": uid(99)}
    return [app, entity, form, *documents[3:], *([document] if document else [])], document


def errors(documents: list[dict]) -> list[str]:
    return [f"{finding.code} {finding.kind}/{finding.key} {finding.path} {finding.values}" for finding in lint(documents) if finding.severity == "error"]


def test_there_are_blocks_of_every_kind_and_no_two_of_one_name():
    assert len(BLOCKS) >= 30
    assert {block["offers"] for block in BLOCKS} == set(OFFERS)
    assert max(Counter(NAMES).values()) == 1
    assert {view["document"]["type"] for view in BLOCKS if view["offers"] == "view"} == {"list", "board", "calendar", "cards"}
    assert len(list_blocks()) == len(BLOCKS)


def test_the_approval_patterns_show_every_way_of_deciding():
    steps = [state for block in BLOCKS if block["offers"] == "workflow" for state in block["document"]["states"].values() if state["type"] == "approval"]
    assert {step["decide"]["mode"] for step in steps} == {"any", "all", "sequential", "groups"}
    timers = [timer["do"] for step in steps for timer in step.get("timers", ())]
    assert "reject" in timers
    assert {key for do in timers if isinstance(do, dict) for key in do} == {"remind", "add"}
    assert {back["resume"] for step in steps if (back := step.get("return"))} == {"rerun", "direct"}
    policies = [block["document"]["defaults"] for block in BLOCKS if "defaults" in block.get("document", {})] + [step["policy"] for step in steps if "policy" in step]
    assert {item["on_initiator"] for item in policies} == {"manager", "allow", "forbid"}
    assert {item["dedupe"] for item in policies} == {"none", "adjacent"}
    assert any("on_empty" in item for item in policies)
    flows = [block["document"] for block in BLOCKS if block["offers"] == "workflow"]
    roles = {rule["value"] for flow in flows for rule in flow.get("rules", {}).values() if rule["kind"] == "role"}
    for language in ("zh-CN", "en"):
        assert {f"designer.blocks.role_{role}" for role in roles} <= texts_for(language, "designer.blocks.").keys(), "the designer names roles that an app lacks"


@blocks
def test_a_block_is_closed_and_lies_where_its_kind_lies_in_canonical_text(block):
    check = Draft202012Validator(block_schema(block["offers"]))
    assert [f"{error.json_path}: {error.message}" for error in check.iter_errors(block)] == []
    for place in (block, block.get("document", {})):
        assert list(check.iter_errors({**block, **({"document": {**place, "more": 1}} if place is not block else {"more": 1})}))
    folder = {"fields": "field_groups", "entity": "entities", "form": "forms", "view": "views", "workflow": "workflows"}[block["offers"]]
    path = BOOK / folder / f"{block['key']}.json"
    assert path.read_bytes() == json.canonical(block)
    assert f"`{block['key']}`" in (BOOK / "README.md").read_text(encoding="utf-8")


@blocks
def test_a_block_put_into_a_small_app_makes_no_error_and_a_second_time_stands_beside_itself(block):
    documents, document = put(block, small_app())
    if document:
        missing = [place.path for place in texts_of(document) if not isinstance(place.text, dict) or {"zh-CN", "en"} - place.text.keys()]
        assert missing == []
        document |= {"key": "first", "uid": uid(98)}
    assert errors(documents) == []
    if block["offers"] in ("fields", "workflow"):
        twice, second = put(block, documents)
        assert errors(twice) == []
        assert second is None or second["status_field"] != document["status_field"]
        keys = [item["key"] for item in twice[1]["fields"]]
        assert len(keys) == len(set(keys))


@blocks
def test_the_packs_named_in_a_block_hold_the_same_shape(block):
    """Field keys and types; of a form its purpose and fields; of a list, board or calendar its type and what it is
    made of; of a workflow each step's way of deciding, its people, returns, timers and policies."""
    for place in block["used_by"]:
        pack, key = place.split("/")
        kind = "entity" if block["offers"] in ("fields", "entity") else block["offers"]
        used = shipped(pack, kind, key)
        entity = used if kind == "entity" else shipped(pack, "entity", used["entity"])
        types = {item["key"]: item["type"] for item in entity["fields"]}
        assert {item["key"]: types.get(item["key"]) for item in block["fields"]} == {item["key"]: item["type"] for item in block["fields"]}, place
        assert _has(block, used), place


def _has(block: dict, used: dict) -> bool:
    document = block.get("document", {})
    if block["offers"] == "form":
        return used["purpose"] == document["purpose"] and _items(document) <= _items(used)
    if block["offers"] == "view":
        return all(_within(document.get(part), used.get(part)) for part in ("type", "group_by", "board", "calendar", "cards")) and _columns(document) <= _columns(used)
    if block["offers"] == "workflow":
        named = "rules" not in document  # a process: its states are those of the pack; of a pattern only the steps count
        theirs = [_step(used, state, named) for state in used["states"].values()]
        return all(any(_step(document, state, named).items() <= other.items() for other in theirs) for state in document["states"].values() if state["type"] != "final")
    return True


def _items(form: dict) -> set[str]:
    return {item["field"] for tab in form["tabs"] for section in tab["sections"] for item in section["items"] if "field" in item}


def _columns(view: dict) -> set[str]:
    return {item["field"] if isinstance(item, dict) else item for item in view["columns"]}


def _within(part: object, whole: object) -> bool:
    return part is None or part == whole or (isinstance(part, dict) and isinstance(whole, dict) and part.items() <= whole.items())


def _step(flow: dict, state: dict, named: bool) -> dict:
    """What a step is, whatever it is called: only what the block's own has is compared."""
    found = {"type": state["type"], "status": state.get("status") if named else None}
    if state["type"] != "approval":
        return found
    found["mode"] = state["decide"]["mode"]
    found["people"] = tuple((flow["rules"][item["rule"]]["kind"], flow["rules"][item["rule"]].get("levels"), item.get("group"), item.get("need")) for item in state["participants"])
    if "return" in state:
        found["return"] = (state["return"]["resume"], state["return"].get("direct_to"))
    for timer in state.get("timers", ()):
        found[f"timer {timer['after']}"] = timer["do"] if isinstance(timer["do"], str) else tuple(timer["do"])
    if flow.get("defaults"):
        found |= {name: value for name, value in {**flow["defaults"], **state.get("policy", {})}.items() if name in ("on_empty", "on_initiator", "dedupe", "on_inactive")}
    return found


def test_a_view_takes_the_fields_that_are_there_and_leaves_out_the_others():
    block = next(item for item in BLOCKS if item["key"] == "calendar")
    made = fit_block(block, small_app(field("kind", "choice", 8, options=options("a", "b"))), "thing")
    assert made.fields == ()
    assert made.document["calendar"] == {"start": "paid_on", "colour": "kind"}
    assert made.document["columns"] == [{"field": "name"}], "its title and owner are not here: the entity's own title stands in"
    assert {label["en"] for label in made.left_out} == {"Title", "Owner"}


@blocks
def test_a_block_fits_beside_formulas_that_give_a_number_by_default_or_money_or_text(block):
    formulas = [field("by_default", "formula", 9, formula="1"), field("amount_due", "formula", 10, formula="1", options={"result": "money"}),
                field("words", "formula", 11, formula='"1"', options={"result": "text"})]
    whole, _ = put(block, small_app(*formulas))
    assert errors(whole) == []


@pytest.mark.parametrize("options", [{}, {"result": "money"}])
def test_a_workflow_asks_about_an_amount_that_is_worked_out(options):
    documents = small_app(field("due", "formula", 9, formula="1", **({"options": options} if options else {})))
    documents[1]["fields"] = [item for item in documents[1]["fields"] if item["key"] != "price"]
    made = fit_block(next(item for item in BLOCKS if item["key"] == "by_amount"), documents, "thing")
    assert [case["when"] for case in made.document["states"]["route"]["cases"]] == ["due > 10000", "due > 1000"]


def test_conditions_only_take_choices_that_have_the_options_they_ask_for():
    block = next(item for item in BLOCKS if item["key"] == "open_tasks")
    documents = small_app(field("state", "choice", 8, options=options("new", "old")))
    documents[1]["fields"] = [item for item in documents[1]["fields"] if item["key"] != "status"]
    made = fit_block(block, documents, "thing")
    assert "filter" not in made.document
    assert [rule["when"] for rule in made.document["colours"]] == ["paid_on < today()"]
    documents[1]["fields"][-1]["options"] = options("open", "done")
    assert fit_block(block, documents, "thing").document["filter"] == 'state = "open"'


def test_a_workflow_asks_about_the_amount_that_is_there_and_finds_managers_for_roles_that_are_not():
    block = next(item for item in BLOCKS if item["key"] == "by_amount")
    made = fit_block(block, small_app(), "thing")
    assert [case["when"] for case in made.document["states"]["route"]["cases"]] == ["price > 10000", "price > 1000"]
    assert [item["key"] for item in made.fields] == ["status_2"], "the entity's status is a text"
    assert made.document["status_field"] == "status_2"
    assert made.no_roles == ("finance",)
    assert made.document["rules"]["finance"] == {"kind": "manager", "of": "initiator", "levels": 2}
    role = {"kind": "role", "key": "finance", "uid": uid(9), "schema": 1, "label": WORDS, "entities": {}}
    assert fit_block(block, [*small_app(), role], "thing").document["rules"]["finance"]["kind"] == "role"


def test_a_block_of_nothing_but_references_to_what_is_not_here_is_refused():
    block = {"offers": "fields", "key": "x", "label": WORDS, "fields": [{"key": "account", "type": "reference", "label": WORDS, "options": {"entity": "account"}}]}
    with pytest.raises(Invalid):
        fit_block(block, small_app(), "thing")
