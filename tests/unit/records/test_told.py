"""What changes tell of the records they lead to."""

from __future__ import annotations

from uuid import UUID, uuid4

from engine.kernel.changes import Change
from engine.records.graph import Hop
from engine.records.told import Told

TARGET, PARENT, REFERRERS = Hop("target", "order", "account"), Hop("parent", "line"), Hop("referrers", "order", "account")
ORDER, ACCOUNT, LINE = uuid4(), uuid4(), uuid4()


def created(id_: UUID = ORDER, **after: object) -> Change:
    return Change("crm", "order", id_, "created", {}, after)


def test_a_new_record_is_known_whole() -> None:
    told = Told([created(account=ACCOUNT)])
    assert told.first(TARGET, [ORDER]) == ({ACCOUNT}, set())
    assert told.first(REFERRERS, [ORDER]) == (set(), set())
    assert Told([created()]).first(TARGET, [ORDER]) == (set(), set())


def test_one_that_has_changed_since_is_asked_about() -> None:
    told = Told([created(account=ACCOUNT), Change("crm", "order", ORDER, "changed", {}, {"amount": 1})])
    assert told.first(TARGET, [ORDER]) == (set(), {ORDER})
    assert told.first(REFERRERS, [ORDER]) == (set(), {ORDER})


def test_a_changed_record_is_asked_about() -> None:
    told = Told([Change("crm", "order", ORDER, "changed", {"account": None}, {"account": ACCOUNT})])
    assert told.first(TARGET, [ORDER]) == (set(), {ORDER})


def test_rows_written_with_their_owner_lead_nowhere() -> None:
    row = Change("crm", "line", LINE, "created", {}, {"amount": 1})
    assert Told([created(lines=[{"id": LINE}]), row]).first(PARENT, [LINE]) == (set(), set())
    gone = Change("crm", "order", ORDER, "changed", {"lines": [{"id": LINE}]}, {"lines": []})
    assert Told([gone, Change("crm", "line", LINE, "removed")]).first(PARENT, [LINE]) == (set(), set())


def test_rows_without_their_owner_are_asked_about() -> None:
    assert Told([Change("crm", "line", LINE, "removed")]).first(PARENT, [LINE]) == (set(), {LINE})
