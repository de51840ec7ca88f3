"""A view of the draft over the records of the release: what the designer shows while somebody edits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from engine.definitions import Entity, Model, load_document, view_of
from engine.definitions.paths import find_field, kind_of, target_of
from engine.expressions import Expression
from engine.kernel.errors import Invalid, Problem
from engine.permissions import Imagined
from engine.publishing.draft_model import preview_model
from engine.publishing.publish import current_model
from engine.records import OPTION_ORDER, Page, Query
from engine.rendering.addresses import Addresses
from engine.rendering.views import Asked, Records, Shown, Sight, is_offered, show_view
from engine.storage import Work


@dataclass(frozen=True)
class Preview:
    """The view with its records. `shown` is None while its type lacks the field it goes by. `missing` says what
    can't be shown before it is published: "entity" for all records, "filter" for the view's filter."""

    shown: Shown | None
    type: str
    entity: Entity
    missing: tuple[str, ...] = ()


def preview_view(work: Work, app: str, document: object, asked: Asked, link: Callable[..., str]) -> Preview:
    """The edited view over real records, with the designer's own rights to read them.

    Raises Invalid for a document that its schema refuses or whose entity isn't there, NotFound, Forbidden.
    """
    model = preview_model(work, app, "app", app)
    found = load_document(document)
    if found["kind"] != "view" or found["entity"] not in model.entities:
        raise Invalid(Problem("publishing.no_document", {"kind": "entity", "key": str(found.get("entity", ""))[:80]}, ("entity",)))
    entity = model.entities[found["entity"]]
    view = view_of(model.entities, found)
    source = DraftRecords(work, app, model, entity.key, current_model(work, app))
    missing: list[str] = []
    if source.there is None:
        missing.append("entity")
    elif view.filter is not None and source.expression(view.filter) is None:
        missing.append("filter")
    if not is_offered(view, source.sees):
        return Preview(None, view.type, entity, tuple(missing))
    shown = [column for column in view.columns if find_field(model.entities, entity.key, column.field) is not None]
    sight = Sight(
        model, Imagined(model, None), replace(view, columns=tuple(shown)), source, asked,
        Addresses(cell=lambda *_: "#", board=lambda *_: "#", record=lambda *_: "#"), link,
    )
    return Preview(show_view(sight), view.type, entity, tuple(missing))


@dataclass(frozen=True)
class DraftRecords:
    """Records of the release under the draft's names: a field is told by what it is, not by what it is called now."""

    work: Work
    app: str
    model: Model
    entity: str
    release: Model | None

    @property
    def there(self) -> Records | None:
        """The entity's records in the release; None for one that isn't published yet."""
        uid = self.model.entities[self.entity].uid
        entities = self.release.entities.values() if self.release is not None else ()
        return next((Records(self.work, self.app, each.key) for each in entities if each.uid == uid), None)

    def name(self, path: str) -> str:
        """The path in the release; empty where it isn't published, or holds something else by now."""
        if self.release is None:
            return ""
        mine, theirs = self.model.entities.get(self.entity), next(
            (each for each in self.release.entities.values() if each.uid == self.model.entities[self.entity].uid), None
        )
        found: list[str] = []
        for step in path.split("."):
            item = mine.fields.get(step) if mine else None
            old = next((each for each in theirs.fields.values() if item is not None and each.uid == item.uid), None) if theirs else None
            if item is None or old is None or kind_of(item) != kind_of(old):
                return ""
            found.append(old.key)
            mine, theirs = self.model.entities.get(target_of(item) or ""), self.release.entities.get(target_of(old) or "")
        return ".".join(found)

    def sees(self, path: str) -> bool:
        """A new field holds nothing yet, so there is nothing to hide."""
        item = find_field(self.model.entities, self.entity, path)
        if item is None or kind_of(item) == "rows":
            return False
        name, there = self.name(path), self.there
        return not name or there is None or there.sees(name)

    def expression(self, found: Expression | None) -> Expression | None:
        """A condition, when all that it reads is published under the same names."""
        if found is None:
            return None
        fields = [name for name in found.names if not name.startswith("actor.") and name != "id" and not name.endswith("()")]
        return found if all(self.name(name) == name for name in fields) else None

    def query(self, query: Query) -> Page:
        """A page of the release's records, under the draft's names."""
        there = self.there
        if there is None:
            return Page((), count=0)
        names = {path: name for path in query.fields or () if (name := self.name(path))}
        page = there.query(replace(query, fields=tuple(names.values()), sort=tuple(self._sort(query.sort)), where=self.expression(query.where)))
        records = [
            replace(
                record,
                values={path: record.values[name] for path, name in names.items() if name in record.values},
                titles={path: record.titles[name] for path, name in names.items() if name in record.titles},
            )
            for record in page.records
        ]
        return replace(page, records=tuple(records))

    def _sort(self, sort: Sequence[str]) -> list[str]:
        found = []
        for text in sort:
            path = text.removeprefix("-")
            bare = path.removesuffix(OPTION_ORDER).removesuffix(".id")
            name = self.name(bare)
            if name:
                found.append(text.replace(bare, name, 1))
        return found

    def changeable(self, ids: Sequence[UUID]) -> Mapping[UUID, tuple[str, ...] | None]:
        """All of them: the preview shows where one can type, and nothing is saved."""
        return dict.fromkeys(ids)

    def aggregate(
        self, group_by: Sequence[str], sums: Sequence[str], *, filter: str, search: str, where: Expression | None
    ) -> list[dict[str, Any]]:
        """Groups of the release's records, under the draft's names."""
        there = self.there
        asked = {text: f"{name}{text[len(text.partition(':')[0]):]}" for text in group_by if (name := self.name(text.partition(":")[0]))}
        numbers = {key: name for key in sums if (name := self.name(key))}
        if there is None or len(asked) != len(group_by):
            return []
        groups = there.aggregate(list(asked.values()), list(numbers.values()), filter=filter, search=search, where=self.expression(where))
        return [
            {"count": group["count"], **{text: group[name] for text, name in asked.items()},
             **{f"sum:{key}": group[f"sum:{name}"] for key, name in numbers.items()}}
            for group in groups
        ]
