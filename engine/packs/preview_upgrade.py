"""The plan of an upgrade together with what would come of it, as people read it."""

from __future__ import annotations

from typing import Any

from engine.packs.pack import Pack
from engine.packs.upgrade.entries import UpgradePlan
from engine.packs.upgrade.merge_app import Choices
from engine.packs.upgrade.plan_upgrade import draft_upgrade
from engine.publishing.history import CURRENT, documents_of
from engine.publishing.told import told
from engine.storage import Work


def preview_upgrade(work: Work, app: str, pack: Pack, choices: Choices) -> tuple[UpgradePlan, list[dict[str, Any]]]:
    """The plan, and what the app's documents would change, as `publishing.changes_json` says it; raises as `plan_upgrade`."""
    draft = draft_upgrade(work, app, pack, choices)
    if not draft.merged.documents:
        return draft.plan, []
    after = {(document["kind"], document["key"]): document for document in draft.merged.documents}
    return draft.plan, told(documents_of(work, app, CURRENT), after, app, work.language)
