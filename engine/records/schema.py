"""The JSON Schema of an entity's records, as far as the actor may know them."""

from __future__ import annotations

from typing import Any, Literal

from engine.definitions import record_schema
from engine.records.access import access_to
from engine.storage import Work


def schema_of(work: Work, app: str, entity: str, *, for_: Literal["write", "patch", "read"] = "write") -> dict[str, Any]:
    """What a record must look like to be created or changed, or looks like when read; raises NotFound.

    Hidden fields are not in it; for writing, neither are fields that the actor may only read.
    """
    access = access_to(work, app)
    access.entity(entity)
    wanted = {"read", "write"} if for_ == "read" else {"write"}
    return record_schema(
        access.model, entity, for_=for_, language=work.language,
        visible=lambda owner, key: access.policy.field_right(owner, key) in wanted,
    )
