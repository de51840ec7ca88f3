"""From documents to a model."""

from __future__ import annotations

from typing import Any

import pytest

from engine.definitions import Model, build_model
from engine.expressions import Expression
from engine.kernel.errors import Invalid
from tests.factories.documents import Documents, changed, uid_of, with_value, worked_example


def built(documents: Documents | None = None) -> Model:
    return build_model(documents or worked_example(), release=3, release_id="r3")


def small(*fields: dict[str, Any], **more: Any) -> Documents:
    app = {
        "kind": "app", "key": "crm", "uid": uid_of("crm"), "schema": 1, "label": "CRM", "languages": ["en"],
        "default_language": "en", "currency": "EUR",
    }
    entity = {
        "kind": "entity", "key": "thing", "uid": uid_of("thing"), "schema": 1, "label": "Thing", "plural": "Things",
        "title": "name", "fields": [a_field("name"), *fields], **more,
    }
    return [app, entity]


def a_field(key: str, type_: str = "text", **more: Any) -> dict[str, Any]:
    return {"key": key, "uid": uid_of(f"thing/{key}"), "type": type_, "label": key, **more}


def test_everything_that_was_written_is_there() -> None:
    model = built()

    assert (model.release, model.release_id, model.app.currency) == (3, "r3", "CNY")
    assert {"account", "quotation", "quotation_line"} == set(model.entities)
    assert model.status_fields == {"quotation": frozenset({"approval_status"})}
    assert [(child, field.key) for child, field in model.children["quotation"]] == [("quotation_line", "lines")]
    assert {(entity.key, field.key) for entity, field in model.referrers["account"]} == {("quotation", "customer")}
    assert model.documents["role", "sales"]["label"] == {"en": "Sales", "zh-CN": "销售"}
    assert model.locales == {"de": {"entity/account/label": "Kunde"}}


def test_documents_come_back_as_they_went_in() -> None:
    documents = worked_example()

    assert list(built(documents).documents.values()) == documents


def test_fields_have_complete_options_and_physical_names() -> None:
    quotation = built().entities["quotation"]
    amount = quotation.fields["amount"]

    assert amount.options == {"currency": "CNY", "scale": 2, "minimum": None, "maximum": None}
    assert amount.column == "f_" + amount.uid.replace("-", "")[-12:] + "_money"
    assert quotation.table.startswith("e_")
    assert quotation.fields["lines"].column == ""


def test_every_entity_has_the_system_fields_last() -> None:
    fields = built().entities["account"].fields

    assert list(fields)[-4:] == ["created_by", "created_on", "changed_by", "changed_on"]
    assert [fields[key].column for key in list(fields)[-4:]] == list(fields)[-4:]
    assert fields["created_on"].label == {"en": "Created on", "zh-CN": "创建时间"}
    assert fields["created_on"].uid == built().entities["account"].fields["created_on"].uid


def test_expressions_are_compiled() -> None:
    model = built()
    account = model.entities["account"]

    assert account.fields["level"].default
    assert account.fields["level"].default.kind == "text"
    assert account.fields["open_quotations"].filter
    assert model.entities["quotation_line"].fields["total"].formula
    assert account.rules[0].check.names == {"owner"}
    assert account.rules[0].when
    assert account.rules[0].fields == ("owner",)
    assert model.views["quotations"].filter
    assert isinstance(model.roles["sales"].grants["quotation"].read, Expression)
    assert "is_new()" in model.forms["quotation"].expressions
    assert "amount > 500000" in model.workflows["quotation_approval"].expressions
    assert "now()" in model.workflows["quotation_approval"].expressions


def test_mirrors_and_sums_know_the_type_of_what_they_show() -> None:
    fields = built().entities["quotation"].fields

    assert fields["customer_level"].options["source"]["type"] == "choice"
    assert fields["lines_total"].options["source"]["type"] == "decimal"
    assert fields["lines_total"].options["source"]["options"]["scale"] == 2


def test_a_mirror_of_a_mirror_has_the_type_at_the_end() -> None:
    documents = worked_example()
    quotation = next(item for item in documents if item["key"] == "quotation")
    quotation["fields"].append(
        a_field("parent_quote", "reference", options={"entity": "quotation"})
    )
    quotation["fields"].append(
        a_field("parent_level", "mirror", options={"via": "parent_quote", "field": "customer_level"})
    )

    assert built(documents).entities["quotation"].fields["parent_level"].options["source"]["type"] == "choice"


def test_an_amount_without_a_currency_has_the_apps() -> None:
    fields = built(small(a_field("price", "money"), a_field("cost", "money", options={"currency": "USD"}))).entities["thing"].fields

    assert (fields["price"].options["currency"], fields["cost"].options["currency"]) == ("EUR", "USD")


def test_what_goes_with_the_clock_has_no_column_and_nor_has_what_is_computed_from_it() -> None:
    fields = built(
        small(
            a_field("day", "date"),
            a_field("age", "formula", formula="days_between(day, today())", options={"result": "number"}),
            a_field("twice", "formula", formula="age * 2", options={"result": "number"}),
            a_field("year", "formula", formula="year(day)", options={"result": "number"}),
        )
    ).entities["thing"].fields

    assert (fields["age"].column, fields["twice"].column) == ("", "")
    assert fields["year"].column
    assert fields["age"].formula
    assert fields["age"].formula.is_volatile


def test_retired_fields_are_kept_aside() -> None:
    thing = built(small(a_field("former", retired=True))).entities["thing"]

    assert "former" not in thing.fields
    assert thing.retired["former"].column


def test_an_entity_without_form_and_view_gets_both() -> None:
    model = built(small(a_field("note", "long_text"), a_field("price", "money")))
    (form,), (view,) = model.forms.values(), model.views.values()

    assert (form.key, form.entity, form.purpose) == ("thing_default", "thing", "full")
    items = form.layout["tabs"][0]["sections"][0]["items"]
    assert items == [{"field": "name"}, {"field": "note"}, {"field": "price"}]
    assert form.layout["tabs"][0]["label"] == {"en": "General", "zh-CN": "基本信息"}
    assert [column.field for column in view.columns] == ["name", "price", "changed_on"]
    assert (view.label, view.is_default, view.sort) == ("Things", True, ("-changed_on",))


def test_a_generated_key_gives_way_to_one_that_is_taken() -> None:
    review = {
        "kind": "form", "key": "thing_default", "uid": uid_of("f"), "schema": 1, "entity": "thing", "label": "x",
        "purpose": "review", "tabs": [{"key": "a", "label": "x", "sections": []}],
    }

    assert set(built([*small(), review]).forms) == {"thing_default", "thing_default_2"}


def test_rows_and_referrers_show_up_in_a_generated_form() -> None:
    documents = changed(worked_example(), [{"document": f"form/{key}", "path": [], "remove": True} for key in ("quotation", "account")])
    forms = built(documents).forms

    sections = forms["quotation_default"].layout["tabs"][0]["sections"]
    assert sections[1]["items"] == [{"rows": "lines", "fields": ["item", "quantity", "price", "total"]}]
    assert forms["account_default"].layout["related"][0]["field"] == "customer"
    assert "quotation_line_default" not in forms


def test_navigation_that_isnt_written_lists_every_entity() -> None:
    documents = changed(worked_example(), [{"document": "app/sales", "path": ["navigation"], "remove": True}])

    (group,) = built(documents).app.navigation

    assert group == {"items": [{"entity": "account"}, {"entity": "quotation"}]}


def test_what_ought_not_to_be_published_still_builds() -> None:
    documents = with_value(
        worked_example(), "workflow/quotation_approval", "states", "route", "cases", 0, "when", value="amount <= 1"
    )

    assert built(documents).workflows


@pytest.mark.parametrize(
    "changes",
    [
        [{"document": "app/sales", "path": [], "remove": True}],
        [{"document": "entity/account", "path": [], "remove": True}],
        [{"document": "entity/account", "path": ["title"], "value": "nothing"}],
        [{"document": "entity/quotation_line", "path": ["fields", "total", "formula"], "value": "quantity *"}],
        [{"document": "entity/quotation_line", "path": ["fields", "total", "formula"], "value": "total"}],
        [{"document": "view/accounts", "path": ["columns"], "value": "name"}],
        [{"document": "workflow/quotation_approval", "path": ["initial"], "value": "nowhere"}],
    ],
)
def test_what_means_nothing_is_refused_with_the_document_in_the_path(changes: list[dict[str, Any]]) -> None:
    with pytest.raises(Invalid) as caught:
        built(changed(worked_example(), changes))

    assert all(problem.path[0] in {"app", "entity", "form", "view", "workflow", "role"} for problem in caught.value.problems)


@pytest.mark.parametrize("documents", [[], [None], [[]], ["x"], [{}], [{"kind": "app"}], [1, 2.5, {"kind": "entity", "key": 5}]])
def test_rubbish_is_refused(documents: list[Any]) -> None:
    with pytest.raises(Invalid):
        build_model(documents)


def test_checked_documents_build_the_same_model() -> None:
    model, checked = built(), build_model(worked_example(), are_checked=True)

    assert checked.entities.keys() == model.entities.keys()
    assert checked.views == model.views
