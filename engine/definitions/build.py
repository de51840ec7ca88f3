"""From documents to a Model: options complete, expressions compiled, physical names given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from engine.definitions.defaults import default_form, default_navigation, default_view, referrers_of
from engine.definitions.lint import building_findings
from engine.definitions.model import (
    App,
    Document,
    Entity,
    Field,
    Form,
    Grant,
    Model,
    Role,
    Rule,
    View,
    Workflow,
)
from engine.definitions.outline import DEFAULT_CURRENCY, DEFAULT_TIMEZONE, Outline
from engine.definitions.survey import Survey, survey
from engine.definitions.views import build_view
from engine.definitions.workflow_parts import Path
from engine.expressions import Expression
from engine.kernel.errors import raise_invalid

_VERBS = ("read", "change", "remove")


def build_model(
    documents: Iterable[object],
    *,
    release: int = 0,
    release_id: str = "",
    are_checked: bool = False,
) -> Model:
    """The frozen model of an app's documents.

    Raises Invalid where they mean nothing: a document that its schema refuses, an unknown name, an
    expression that can't be compiled, a circle of formulas. What merely ought not to be published
    (a state that can't be left, a missing translation) is `lint`'s business, and builds. Documents out
    of a published release `are_checked`: their schemas were asked when it was published, which is
    most of the work.
    """
    return build_surveyed(survey(documents, are_checked=are_checked), release=release, release_id=release_id)


def build_surveyed(surveyed: Survey, *, release: int = 0, release_id: str = "") -> Model:
    """The same from a survey, whose expressions are compiled already where it has been linted."""
    raise_invalid(finding.problem for finding in building_findings(surveyed))
    return _Builder(surveyed).model(release, release_id)


class _Builder:
    def __init__(self, surveyed: Survey) -> None:
        self.survey = surveyed
        self.outline: Outline = surveyed.outline

    def model(self, release: int, release_id: str) -> Model:
        entities = {key: self._entity(entity) for key, entity in self.outline.entities.items()}
        return Model(
            app=self._app(entities),
            entities=entities,
            forms={form.key: form for form in self._forms(entities)},
            views={view.key: view for view in self._views(entities)},
            workflows={item.key: item for item in map(self._workflow, self._documents("workflow"))},
            roles={role.key: role for role in map(self._role, self._documents("role"))},
            locales=self._locales(),
            release=release,
            release_id=release_id,
            documents={(item["kind"], item["key"]): item for item in self.outline.all},
        )

    def _documents(self, kind: str) -> Iterable[Document]:
        return self.outline.by_kind[kind].values()

    def _expression(self, kind: str, key: str, *path: str | int) -> Expression | None:
        return self.survey.expressions.get((kind, key, path))

    def _expressions_of(self, kind: str, key: str) -> dict[str, Expression]:
        return self._by_text.get((kind, key), {})

    @cached_property
    def _by_text(self) -> Mapping[tuple[str, str], dict[str, Expression]]:
        found: dict[tuple[str, str], dict[str, Expression]] = {}
        for item in self.survey.compiled:
            if item.expression is not None:
                found.setdefault((item.place.kind, item.place.key), {})[item.place.text] = item.expression
        return found

    def _app(self, entities: Mapping[str, Entity]) -> App:
        document = next(iter(self._documents("app")))
        navigation = tuple(document.get("navigation", ())) or default_navigation(entities)
        return App(
            key=document["key"],
            uid=document["uid"],
            label=document["label"],
            description=document.get("description", ""),
            icon=document.get("icon", ""),
            languages=tuple(document["languages"]),
            default_language=document["default_language"],
            currency=document.get("currency", DEFAULT_CURRENCY),
            timezone=document.get("timezone", DEFAULT_TIMEZONE),
            navigation=navigation,
            templates=document.get("templates", {}),
            webhooks=document.get("webhooks", {}),
        )

    def _entity(self, entity: Entity) -> Entity:
        document = self.outline.by_kind["entity"][entity.key]
        places = {raw["key"]: index for index, raw in enumerate(document["fields"])}
        fields = {
            key: self._field(entity.key, item, ("fields", places[key])) if key in places else item
            for key, item in entity.fields.items()
        }
        return replace(entity, fields=fields, rules=tuple(self._rules(document)))

    def _field(self, entity: str, item: Field, path: Path) -> Field:
        default, formula, filter_ = (
            self._expression("entity", entity, *path, part) for part in ("default", "formula", "filter")
        )
        is_volatile = (entity, item.key) in self.survey.volatile  # worked out on reading, not stored
        column = "" if is_volatile else item.column
        return replace(item, default=default, formula=formula, filter=filter_, column=column)

    def _rules(self, document: Document) -> Iterator[Rule]:
        for index, rule in enumerate(document.get("rules", ())):
            check = self._expression("entity", document["key"], "rules", index, "check")
            if check is not None:
                yield Rule(
                    key=rule["key"],
                    check=check,
                    message=rule["message"],
                    when=self._expression("entity", document["key"], "rules", index, "when"),
                    fields=tuple(rule.get("fields", ())),
                )

    def _forms(self, entities: Mapping[str, Entity]) -> Iterator[Form]:
        documents = list(self._documents("form"))
        full = {item["entity"] for item in documents if item["purpose"] == "full" and not item.get("roles")}
        taken = set(self.outline.by_kind["form"])
        referrers = referrers_of(entities)
        documents += [
            default_form(entities, entity, taken, referrers)
            for entity in entities.values()
            if entity.key not in full and not entity.part_of
        ]
        for document in documents:
            yield Form(
                key=document["key"],
                entity=document["entity"],
                label=document["label"],
                purpose=document["purpose"],
                roles=tuple(document.get("roles", ())),
                layout=document,
                expressions=self._expressions_of("form", document["key"]),
            )

    def _views(self, entities: Mapping[str, Entity]) -> Iterator[View]:
        documents = list(self._documents("view"))
        seen = {item["entity"] for item in documents if not item.get("roles")}
        taken = set(self.outline.by_kind["view"])
        documents += [
            default_view(entity, taken)
            for entity in entities.values()
            if entity.key not in seen and not entity.part_of
        ]
        for document in documents:
            yield build_view(document, lambda *path, key=document["key"]: self._expression("view", key, *path))

    def _workflow(self, document: Document) -> Workflow:
        return Workflow(
            key=document["key"],
            uid=document["uid"],
            entity=document["entity"],
            status_field=document["status_field"],
            initial=document["initial"],
            label=document.get("label", document["key"]),
            body=document,
            expressions=self._expressions_of("workflow", document["key"]),
        )

    def _role(self, document: Document) -> Role:
        return Role(
            key=document["key"],
            label=document["label"],
            grants={
                entity: self._grant(document["key"], entity, grant)
                for entity, grant in document["entities"].items()
            },
            may_design=document.get("design", False),
            description=document.get("description", ""),
        )

    def _grant(self, role: str, entity: str, grant: Mapping[str, Any]) -> Grant:
        scopes: dict[str, Any] = {}
        for verb in _VERBS:
            scope = grant.get(verb, "none")
            rule = self._expression("role", role, "entities", entity, verb, "rule")
            scopes[verb] = scope if isinstance(scope, str) else rule or "none"
        return Grant(
            **scopes,
            create=grant.get("create", False),
            fields=grant.get("fields", {}),
            otherwise=grant.get("otherwise", "write"),
        )

    def _locales(self) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for document in self._documents("locale"):
            found.setdefault(document["language"], {}).update(document["texts"])
        return found
