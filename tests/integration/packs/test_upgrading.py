"""A pack installed, changed by the company, upgraded, taken back and upgraded again, on both databases."""

from __future__ import annotations

from copy import deepcopy

import pytest

from engine import Conflict, Invalid, NotFound, Query, system_actor
from engine.packs import install_pack
from engine.packs.store import installed
from engine.packs.upgrade import (
    apply_upgrade,
    can_return,
    plan_upgrade,
    return_problems,
    return_upgrade,
)
from engine.publishing import get_document, publish, put_document
from tests.factories.small_pack import field_of, make_pack, new_field

SYSTEM = system_actor("test")
MIGRATIONS = [{"to": "2.0.0", "steps": [
    {"rename": "entity/account", "field": "phone", "key": "mobile"},
    {"default": "entity/account", "field": "industry", "value": '"?"'},
    {"split": "entity/account", "field": "name", "into": {"short": "left(name, 3)"}},
    {"move": "entity/quote", "field": "note", "to": "remark"},
    {"option": "entity/account", "field": "level", "from": "gold", "to": "silver"},
    {"state": "workflow/approval", "from": "checked", "to": "waiting"},
]}]
"""All kinds of steps."""


def second(documents):
    """Version 2: a renamed field, a removed option, a new required field, a changed workflow."""
    field_of(documents, "account", "phone").update(key="mobile", label={"en": "Cell", "zh-CN": "手机"})
    field_of(documents, "account", "level")["options"]["options"].pop(0)
    documents["entity/account"]["fields"] += [new_field("account", "industry", required=True), new_field("account", "short")]
    quote = documents["entity/quote"]
    quote["fields"] = [item for item in quote["fields"] if item["key"] != "note"] + [new_field("quote", "remark")]
    items = documents["form/quote"]["tabs"][0]["sections"][0]["items"]
    items[:] = [item for item in items if item.get("field") != "note"] + [{"field": "remark"}]
    states = documents["workflow/approval"]["states"]
    del states["checked"]
    states["waiting"]["outcomes"]["approved"]["to"] = "approved"


def version_two(**more):
    return make_pack("2.0.0", second, migrations=MIGRATIONS, expects={"state": "approved"}, account={"industry": "Ports"}, **more)


def refused(engine, pack, **more):
    """What an upgrade that can't be says."""
    with pytest.raises(Invalid) as found, engine.work(SYSTEM, writes=True) as work:
        apply_upgrade(work, "crm", pack, **more)
    return [problem.code for problem in found.value.problems]


def change(work, address, alter):
    document = deepcopy(dict(get_document(work, "crm", *address.split("/")).document))
    alter(document)
    put_document(work, "crm", document)


def changed_here(work):
    """What the company did to version 1: its own label, a field, an item and a rule of its own."""
    def account(document):
        field_of({"entity/account": document}, "account", "phone")["label"] = {"en": "Direct line", "zh-CN": "直线"}
        document["fields"].append(new_field("account", "tax_id"))
        document["rules"].append({"key": "own", "check": 'phone <> "1"', "message": {"en": "Not this.", "zh-CN": "不行。"}})

    change(work, "entity/account", account)
    change(work, "form/quote", lambda document: document["tabs"][0]["sections"][0]["items"].append({"field": "owner"}))
    change(work, "workflow/approval", lambda document: document["states"]["waiting"].update(label={"en": "With the boss", "zh-CN": "主管处"}))
    publish(work, "crm", "our own")


@pytest.fixture
def engine(packs_engine):
    with packs_engine.work(SYSTEM, writes=True) as work:
        install_pack(work, make_pack(), language="en", password=lambda: "correct horse battery")
        changed_here(work)
    return packs_engine


def one(engine, work, entity, **wanted):
    found = [record for record in engine.records.query_records(work, "crm", entity, Query()).records
             if all(record.values[key] == value for key, value in wanted.items())]
    assert len(found) == 1
    return engine.records.get_record(work, "crm", entity, found[0].id)


def release_of(work):
    return {place: dict(document) for place, document in work.model("crm").documents.items()}


def test_a_plan_says_what_is_taken_and_kept_and_has_to_be_decided(engine):
    with engine.work(SYSTEM, writes=True) as work:
        plan = plan_upgrade(work, "crm", version_two())

        status = {item.id: item.status for item in plan.items}
        assert status["entity/account#fields.phone.key"] == "taken"
        assert status["entity/account#fields.phone.label.en"] == "conflict"
        assert status["entity/account#fields.tax_id"] == "kept"
        assert status["entity/account#fields.industry"] == "added"
        assert status["entity/account#fields.level.options.options.gold"] == "removed"
        assert status["workflow/approval#states.checked"] == "removed"
        assert status["workflow/approval#states.waiting.label"] == "kept"
        assert not plan.can_apply
        assert not plan.blocks
        assert "publishing.required" not in {item.code for item in plan.impact}, "the pack brings values along for the new field"
        bare = plan_upgrade(work, "crm", make_pack("2.0.0", second, expects={"state": "approved"}, account={"industry": "Ports"}))
        assert ("publishing.required", ("fields", "industry")) in {(item.code, item.path) for item in bare.impact}
        assert {key: set(targets) for key, targets in plan.removed_states["approval"].items()} == {"checked": {"waiting", "approved", "draft"}}
        assert list(plan.removed_options) == ["account/level"]
        assert plan.migrations == (
            "Account: Direct line is called “mobile” now; its values stay", "Account: Industry gets a value in 2 records that have none",
            "Account: Name of 2 records is taken apart into Short", "Quote: Note of 0 records goes to Remark",
            "Approval: 1 record goes from Checked to With the boss", "Account › Level: 1 record goes from Gold to Silver",
        )
        assert [problem.code for problem in plan_upgrade(work, "crm", version_two(), {"nonsense": "mine"}).blocks] == ["pack.upgrade_choice"]
    assert set(refused(engine, version_two())) == {"pack.upgrade_conflict"}


def test_an_upgrade_is_done_taken_back_and_done_again(engine):
    with engine.work(SYSTEM, writes=True) as work:
        before = release_of(work)
        noted = installed(work)["crm"]
        choices = {item.id: "mine" for item in plan_upgrade(work, "crm", version_two()).conflicts}
        number = apply_upgrade(work, "crm", version_two(), choices=choices)

        assert work.release_number("crm") == number == 3
        account = work.model("crm").entities["account"]
        assert account.fields["mobile"].label == {"en": "Direct line", "zh-CN": "直线"}
        assert {"tax_id", "industry", "short"} <= account.fields.keys()
        assert account.rules[-1].check.text == 'mobile <> "1"'
        harbour = one(engine, work, "account", name="Harbour Works")
        assert (harbour.values["industry"], harbour.values["short"], harbour.values["level"]) == ("?", "Har", "silver")
        quote = one(engine, work, "quote", title="First")
        assert engine.workflow.describe(work, "crm", "quote", quote.id).state == "waiting"
        assert installed(work)["crm"]["version"] == "2.0.0"

    with engine.work(SYSTEM, writes=True) as work:
        assert can_return(work, "crm")
        number = return_upgrade(work, "crm")

        assert work.release_number("crm") == number == 4
        assert release_of(work) == before
        assert installed(work)["crm"] == noted
        assert one(engine, work, "account", name="Harbour Works").values["level"] == "gold"
        quote = one(engine, work, "quote", title="First")
        assert engine.workflow.describe(work, "crm", "quote", quote.id).state == "checked"
        assert not can_return(work, "crm")
        engine.records.change_record(work, "crm", "account", one(engine, work, "account", name="Harbour Works").id, {"name": "Port Works"})

    with engine.work(SYSTEM, writes=True) as work:
        assert apply_upgrade(work, "crm", version_two(), choices=choices) == 5
        assert one(engine, work, "account", name="Port Works").values["short"] == "Por"


def test_what_was_entered_since_keeps_an_upgrade_from_being_taken_back(engine):
    with engine.work(SYSTEM, writes=True) as work:
        choices = {item.id: "theirs" for item in plan_upgrade(work, "crm", version_two()).conflicts}
        apply_upgrade(work, "crm", version_two(), choices=choices)
    with engine.work(SYSTEM, writes=True) as work:
        harbour = one(engine, work, "account", name="Harbour Works")
        engine.records.change_record(work, "crm", "account", harbour.id, {"mobile": "2"})  # a field that was there before
        assert can_return(work, "crm")
    with engine.work(SYSTEM, writes=True) as work:
        engine.records.change_record(work, "crm", "account", harbour.id, {"industry": "Ports"})
    with engine.work(SYSTEM, writes=True) as work:
        problems = return_problems(work, "crm")
        assert [problem.code for problem in problems] == ["pack.return_values"]
        assert problems[0].values["records"] == ["Harbour Works"]
        with pytest.raises(Conflict):
            return_upgrade(work, "crm")
        change(work, "view/quotes", lambda document: document.update(page_size=20))
        assert [problem.code for problem in return_problems(work, "crm")] == ["pack.upgrade_draft"]
        publish(work, "crm")
        assert [problem.code for problem in return_problems(work, "crm")] == ["pack.return_published"]


def test_what_cannot_be_an_upgrade_is_refused_and_leaves_everything_as_it_was(engine):
    def widened(documents):
        field_of(documents, "account", "name")["label"] = {"en": "Called", "zh-CN": "名号"}

    def step(**step):
        return make_pack("2.0.0", widened, migrations=[{"to": "2.0.0", "steps": [step]}])

    before = {}
    with engine.work(SYSTEM, writes=False) as work:
        before = release_of(work)
    for pack, code in (
        (make_pack(), "pack.upgrade_same"), (make_pack(change=widened), "pack.upgrade_same_version"), (make_pack("0.9.0"), "pack.upgrade_downgrade"),
        (make_pack("2.0.0", uid="00000000-0000-4000-8000-000000000001"), "pack.upgrade_other_pack"),
        (make_pack("2.0.0", requires={"nothing": ">=1.0"}), "pack.missing_pack"),
        (step(default="entity/account", field="phone", value="nobody +"), "pack.migration_expression"),
        (step(default="entity/account", field="phone", value='"1"'), "pack.migration_failed"),
    ):
        assert refused(engine, pack)[:1] == [code]
    with engine.work(SYSTEM, writes=True) as work:
        with pytest.raises(NotFound):
            plan_upgrade(work, "nothing", make_pack("2.0.0"))

        def unsound(documents):
            documents["workflow/approval"]["states"]["checked"]["participants"] = [{"rule": "nobody"}]

        plan = plan_upgrade(work, "crm", make_pack("2.0.0", unsound))
        assert [item.severity for item in plan.findings] == ["error"]
        assert not plan.can_apply
        assert release_of(work) == before
        assert installed(work)["crm"]["version"] == "1.0.0"


def test_a_scenario_that_fails_keeps_an_upgrade_out_and_ignoring_all_of_it_only_counts_up(engine):
    def stricter(documents):
        documents["entity/account"]["rules"].append({"key": "old", "check": 'name <> "New"', "message": {"en": "Not new.", "zh-CN": "不能是新的。"}})

    pack = make_pack("1.1.0", stricter)
    assert refused(engine, pack) == ["pack.scenario_failed"]
    with engine.work(SYSTEM, writes=True) as work:
        mine = {item.id: "mine" for item in plan_upgrade(work, "crm", pack).items}
        assert apply_upgrade(work, "crm", pack, choices=mine) == work.release_number("crm") == 2
        assert installed(work)["crm"]["version"] == "1.1.0"
        assert return_upgrade(work, "crm") == 2
        assert installed(work)["crm"]["version"] == "1.0.0"


def test_the_same_added_twice_and_what_one_removed_while_the_other_uses_it_are_asked(engine):
    def third(documents):
        documents["entity/account"]["fields"].append({**new_field("account", "other"), "key": "tax_id", "label": {"en": "Tax number", "zh-CN": "税号"}})
        documents["entity/quote"]["fields"] = [item for item in documents["entity/quote"]["fields"] if item["key"] != "owner"]
        documents["entity/quote"].pop("owner")
        documents["view/quotes"]["columns"].append("note")

    with engine.work(SYSTEM, writes=True) as work:
        change(work, "entity/quote", lambda document: document["fields"].remove(field_of({"entity/quote": document}, "quote", "note")))
        change(work, "form/quote", lambda document: document["tabs"][0]["sections"][0]["items"].remove({"field": "note"}))
        publish(work, "crm")
        own = work.model("crm").entities["account"].fields["tax_id"].uid
        plan = plan_upgrade(work, "crm", make_pack("1.1.0", third))

        asked = {item.id: item for item in plan.conflicts}
        assert {"entity/quote#fields.owner", "entity/quote#fields.note"} <= asked.keys()
        assert asked["entity/quote#fields.owner"].because == ("form “Quote” › tab “Main” › section “Head” › “Owner”",) or asked["entity/quote#fields.owner"].because
        assert any(id_.startswith("entity/account#fields.tax_id.label") for id_ in asked)
        choices = {id_: "mine" if id_.endswith("owner") else "theirs" for id_ in asked}
        plan = plan_upgrade(work, "crm", make_pack("1.1.0", third), choices)
        assert plan.can_apply, (plan.conflicts, plan.findings)
        apply_upgrade(work, "crm", make_pack("1.1.0", third), choices=choices, scenarios=False)
        tax = work.model("crm").entities["account"].fields["tax_id"]
        assert (tax.uid, tax.label["en"]) == (own, "Tax number")
        assert not plan_upgrade(work, "crm", make_pack("1.2.0", third)).conflicts
