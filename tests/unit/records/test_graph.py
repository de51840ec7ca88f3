"""The graph of derived values: what follows from what, in which order, over which hops."""

from __future__ import annotations

from engine.definitions import build_model
from engine.records.graph import MEMBERSHIP, Graph, Hop, Node, Trigger, build_graph
from tests.factories.shop import shop_documents


def graph() -> Graph:
    return build_graph(build_model(shop_documents()))


def nodes_after(found: Graph, entity: str, field: str) -> set[tuple[str, str]]:
    return {(trigger.node.entity, trigger.node.field) for trigger in found.triggers.get((entity, field), ())}


def test_each_node_comes_after_all_it_reads() -> None:
    found = graph()

    for (entity, field), triggers in found.triggers.items():
        for trigger in triggers:
            if Node(entity, field) in found.order:
                assert found.order[Node(entity, field)] < found.order[trigger.node]


def test_a_change_leads_against_the_references_to_those_that_depend_on_it() -> None:
    found = graph()

    assert found.triggers["account", "discount"] == (Trigger(Node("sale", "discount"), (Hop("referrers", "sale", "account"),)),)
    assert Trigger(Node("account", "turnover"), (Hop("target", "sale", "account"),)) in found.triggers["sale", "net"]
    assert Trigger(Node("sale", "total"), (Hop("parent", "line"),)) in found.triggers["line", "amount"]
    assert nodes_after(found, "sale", MEMBERSHIP) == {("account", "turnover"), ("account", "open_sales")}
    assert nodes_after(found, "sale", "status") == {("account", "open_sales")}


def test_what_depends_on_the_clock_is_in_no_order_and_sets_nothing_off() -> None:
    found = graph()

    assert Node("sale", "is_late") in found.volatile
    assert Node("sale", "is_late") not in found.order
    assert nodes_after(found, "sale", "due_on") == set()


def test_changed_fields_of_a_record_name_the_derived_ones_to_compute() -> None:
    found = graph()

    assert [node.field for node in found.affected("line", {"quantity"})] == ["amount"]
    assert {node.field for node in found.affected("sale", {"lines"})} == {"total", "big_lines", "net"}
    assert {node.field for node in found.affected("sale", {"account"})} == {"discount", "net", "headline"}
    assert found.affected("sale", {"memo"}) == ()
    assert found.affected("nothing", {"x"}) == ()
