"""Who uses the parts of an entity in the draft: what a retirement or a removal would leave without them."""

from __future__ import annotations

from typing import Any

from engine.definitions import Use
from engine.definitions.merge import place_label
from engine.definitions.uses import uses
from engine.publishing import store
from engine.publishing.rights import require_designer
from engine.storage import Work


def uses_json(work: Work, app: str, entity: str) -> dict[str, Any]:
    """{"fields": {key: [use]}, "entity": [use]}, each use {"address", "path", "document", "label"}.

    `document` and `label` say in words where it is. Raises Forbidden, NotFound.
    """
    require_designer(work, app)
    documents = [item.document for item in store.list_drafts(work, app)]
    by_name = {(item["kind"], item["key"]): item for item in documents}
    index = uses(documents)

    def shown(use: Use) -> dict[str, Any]:
        document = by_name[use.kind, use.key]
        return {
            "address": f"{use.kind}/{use.key}", "path": list(use.path),
            "document": place_label({"": document}, ("",), work.language), "label": place_label(document, use.path, work.language),
        }

    fields = {
        target[2]: [shown(use) for use in dict.fromkeys(found)]
        for target, found in index.by_target.items()
        if target[0] == "field" and target[1] == entity
    }
    return {"fields": fields, "entity": [shown(use) for use in index.of("entity", entity)]}
