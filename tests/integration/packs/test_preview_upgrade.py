"""Trying an upgrade out: everything is as before afterwards, for the rest of the unit of work as well."""

from __future__ import annotations

import pytest

from engine import system_actor
from engine.packs import apply_upgrade, install_pack, preview_upgrade
from tests.factories.small_pack import field_of, make_pack, new_field


class Tried(Exception):
    pass


def new_version(documents):
    documents["entity/account"]["fields"].append(new_field("account", "region"))
    field_of(documents, "account", "level")["options"]["options"].pop(0)


def test_a_preview_says_the_same_after_the_upgrade_was_tried_and_undone(packs_engine):
    with packs_engine.work(system_actor("test"), writes=True) as work:
        install_pack(work, make_pack(), language="en", password=lambda: "correct horse battery")
        pack = make_pack("2.0.0", new_version)
        plan, changes = preview_upgrade(work, "crm", pack, {})
        assert [change["label"] for change in changes] == ["Account"]
        assert plan.removed_options == {"account/level": {"gold": ("silver", "plain")}}
        with pytest.raises(Tried), work.savepoint():
            apply_upgrade(work, "crm", pack)
            assert "region" in work.model("crm").entities["account"].fields
            raise Tried
        assert "region" not in work.model("crm").entities["account"].fields
        assert preview_upgrade(work, "crm", pack, {}) == (plan, changes)
