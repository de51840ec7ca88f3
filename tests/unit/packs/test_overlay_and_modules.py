"""Packs that build on others, and packs without some of their modules."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.definitions import lint
from engine.kernel.errors import Invalid, NotFound, Problem
from engine.packs import read_shelf
from engine.packs.modules import pruned, without
from engine.packs.overlay import complete, own_part
from engine.packs.pack import Module, Pack

APP = "01a20f38-0000-7000-8000-000000000001"


@pytest.fixture(scope="module")
def base() -> Pack:
    return read_shelf("manufacturing")


def over(base: Pack, *documents, **manifest) -> Pack:
    app = next(item for item in base.documents if item["kind"] == "app")
    own = replace(base.manifest, key="mine", requires={"formwork": ">=0.1", base.manifest.key: ">=1.0"}, **manifest)
    return Pack(own, ({**app, "key": "mine", "uid": APP}, *documents))


def find_in(base: Pack):
    def find(key: str) -> Pack:
        if key != base.manifest.key:
            raise NotFound(Problem("pack.not_on_shelf", {"key": key}))
        return base

    return find


def test_a_pack_gets_the_documents_of_the_one_it_builds_on_under_uids_of_its_own(base):
    found = complete(over(base), find_in(base))

    assert {(item["kind"], item["key"]) for item in found.documents if item["kind"] != "app"} == {
        (item["kind"], item["key"]) for item in base.documents if item["kind"] != "app"}
    assert not {item["uid"] for item in found.documents} & {item["uid"] for item in base.documents}
    assert complete(over(base), find_in(base)).documents == found.documents, "the same app, the same uids"
    assert not [item for item in lint(found.documents) if item.severity == "error"]


def test_an_own_document_takes_the_place_of_the_base_s_and_left_out_ones_are_gone(base):
    view = next(item for item in base.documents if item["kind"] == "view")
    mine = {**view, "label": "Mine"}
    found = complete(over(base, mine, leaves_out=("view/visits_all",)), find_in(base))

    views = {item["key"]: item for item in found.documents if item["kind"] == "view"}
    assert views[view["key"]]["label"] == "Mine"
    assert "visits_all" not in views


def test_what_an_app_has_of_its_own_is_found_again(base):
    view = next(item for item in base.documents if item["kind"] == "view")
    pack = over(base, {**view, "label": "Mine"}, leaves_out=("view/visits_all",))

    own, out = own_part(complete(pack, find_in(base)).documents, pack, find_in(base))

    assert sorted((item["kind"], item["key"]) for item in own) == sorted((item["kind"], item["key"]) for item in pack.documents)
    assert out == ["view/visits_all"]


def test_a_base_that_is_not_there_or_too_old_is_said(base):
    with pytest.raises(Invalid) as missing:
        complete(over(base), find_in(replace(base, manifest=replace(base.manifest, key="other"))))
    assert [problem.code for problem in missing.value.problems] == ["pack.missing_pack"]
    with pytest.raises(Invalid) as old:
        complete(over(base), find_in(replace(base, manifest=replace(base.manifest, version="0.9.0"))))
    assert [problem.code for problem in old.value.problems] == ["pack.older_pack"]


def test_leaving_a_module_out_takes_along_all_that_names_it(base):
    service = Module("service", "Service", ("entity/service_order", "entity/service_part", "entity/return_visit"))
    pack = replace(base, manifest=replace(base.manifest, modules=(service,)))

    found = without(pack, ["service"])

    kept = {(item["kind"], item["key"]) for item in found.documents}
    assert ("entity", "service_order") not in kept
    assert not [item for item in found.documents if item.get("entity") in ("service_order", "service_part", "return_visit")]
    assert not [item for item in lint(found.documents) if item.severity == "error"]
    assert not [file for file in found.samples if file.entity == "service_order"]


def test_samples_lose_the_values_of_fields_that_go_with_a_module(base):
    project = Module("project", "Project", ("entity/project", "entity/project_milestone"))
    found = without(replace(base, manifest=replace(base.manifest, modules=(project,))), ["project"])

    def quotations(pack: Pack):
        return next(file.records for file in pack.samples if file.entity == "quotation")

    assert any("project" in record for record in quotations(base))
    assert not [record for record in quotations(found) if "project" in record]
    assert [record["lines"] for record in quotations(found)] == [record["lines"] for record in quotations(base)]


def test_a_module_that_nobody_knows_is_refused(base):
    with pytest.raises(Invalid):
        without(base, ["nothing"])


def test_a_roll_up_goes_when_what_it_adds_up_goes():
    def entity(key: str, *fields: dict) -> dict:
        return {"kind": "entity", "key": key, "uid": APP, "schema": 1, "label": key, "title": fields[0]["key"], "fields": list(fields)}

    def field(key: str, type: str = "text", **options: str) -> dict:
        return {"key": key, "uid": APP, "type": type, "label": key, "options": options}

    found = pruned(
        [
            entity("loan", field("name"), field("client", "reference", entity="client")),
            entity("client", field("name"), field("home", "reference", entity="home"), field("owed", "rollup", entity="loan", via="client", field="sum")),
            entity("home", field("name"), field("owed", "rollup", entity="client", via="home", field="owed"), field("clients", "rollup", entity="client", via="home")),
        ],
        {"entity/loan"},
    )

    assert {item["key"]: [one["key"] for one in item["fields"]] for item in found} == {"client": ["name", "home"], "home": ["name", "clients"]}
