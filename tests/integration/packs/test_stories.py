"""What sample records live through before somebody opens them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine import Invalid, Query, system_actor
from engine.packs import install_pack
from engine.packs.pack import SampleFile
from tests.factories.small_app import a_field, an_entity, uid_of
from tests.factories.small_pack import make_pack


def with_errands(documents):
    """Submitting a quote brings forth an errand, which goes its own way."""
    status = a_field("status", "choice", uid=uid_of("pack/errand/status"), options={"options": [{"key": key, "label": key} for key in ("open", "done")]})
    documents["entity/errand"] = an_entity(
        "errand", a_field("title", "text", uid=uid_of("pack/errand/title")), a_field("done_at", "datetime", uid=uid_of("pack/errand/done_at")),
        a_field("quote", "reference", uid=uid_of("pack/errand/quote"), options={"entity": "quote"}), status,
    )
    documents["workflow/errands"] = {
        "kind": "workflow", "key": "errands", "uid": uid_of("workflow/errands"), "schema": 1, "dsl": "formwork.workflow/1", "label": "Errands",
        "entity": "errand", "status_field": "status", "initial": "open",
        "states": {"open": {"type": "input", "status": "open", "label": "Open",
                            "transitions": [{"on": "finish", "to": "done", "by": ["any"], "label": "Finish", "do": [{"set": {"done_at": "now()"}}]}]},
                   "done": {"type": "final", "status": "done", "label": "Done", "outcome": "approved"}},
    }
    submit = documents["workflow/approval"]["states"]["draft"]["transitions"][0]
    submit["do"] = [{"create": "errand", "values": {"title": "title", "quote": "id"}}]
    for role in ("sales", "boss"):
        documents[f"role/{role}"]["entities"]["errand"] = {"read": "all", "change": "all", "remove": "all", "create": True}


def telling(*story):
    quote = {"ref": "q", "_created": "@now-50h", "title": "First", "account": "@a", "owner": "@user:su", "story": list(story)}
    return replace(make_pack(change=with_errands), samples=(
        SampleFile("010_account", "account", ({"ref": "a", "name": "Harbour Works"},)), SampleFile("020_quote", "quote", (quote,)),
    ))


def test_a_story_moves_what_it_brought_forth_at_the_moments_it_names(packs_engine):
    engine = packs_engine
    with engine.work(system_actor("test"), writes=True) as work:
        install_pack(work, telling(
            {"by": "su", "fire": "submit", "at": "@now-40h"}, {"by": "bo", "on": "errand.quote", "fire": "finish", "at": "@now-30h"},
        ), language="en")
        [errand] = engine.records.query_records(work, "crm", "errand", Query()).records
        assert errand.values["status"] == "done"
        assert errand.values["done_at"] == work.now - timedelta(hours=30)
        assert errand.values["created_on"] == work.now - timedelta(hours=40)


@pytest.mark.parametrize("path", ["errand.quote", "errand.title", "errand.nothing", "nothing.quote"])
def test_a_story_that_moves_what_is_not_there_is_refused_with_its_place(packs_engine, path):
    with packs_engine.work(system_actor("test"), writes=True) as work, pytest.raises(Invalid) as refused:
        install_pack(work, telling({"by": "bo", "on": path, "fire": "finish"}), language="en")
    assert [problem.code for problem in refused.value.problems] == ["pack.unknown_name"]
    assert refused.value.problems[0].path[-3:] == ("story", 0, "on")
