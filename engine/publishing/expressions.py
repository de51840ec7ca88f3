"""Expressions while they are written: read against the draft, told in words, tried on a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, get_args
from uuid import UUID

from engine import accounts, records
from engine.definitions.in_words import in_words
from engine.definitions.names import Names, Scope
from engine.definitions.outline import Outline
from engine.definitions.paths import DEPARTMENT, USER
from engine.definitions.places import Place, places_of
from engine.expressions import FUNCTIONS, Expression, Kind, compile  # noqa: A004
from engine.expressions.functions import Parameter
from engine.expressions.kinds import KINDS, LABELS
from engine.expressions.to_conditions import dump
from engine.expressions.tokens import split
from engine.kernel.errors import EngineError, Forbidden, Invalid, NotFound, Problem
from engine.kernel.ids import find_id
from engine.kernel.messages import LANGUAGES, pick, translate
from engine.kernel.pinyin import spelled
from engine.publishing.draft_model import draft_outline
from engine.publishing.sample import published_key, try_on_sample
from engine.storage import Work

SCOPES: tuple[str, ...] = get_args(Scope)


@dataclass(frozen=True, eq=False)
class _Names(Names):
    """The names of a place, and some that only the page knows of (fields of a block, say)."""

    extra: Mapping[str, Kind] = field(default_factory=dict)

    def entity_path(self, name: str) -> tuple[str, str] | None:
        return None if name in self.extra else super().entity_path(name)

    def _find(self, name: str) -> Kind | None:
        return self.extra.get(name) or super()._find(name)


def expression_json(work: Work, app: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What a text means at a place of the draft.

    `given`: {"entity", "text", "scope"? ("form"), "own"? (the entity behind `record.`), "expects"? (a kind),
    "extra"? {name: kind}, "about"? (the field that gets the value), "sample"?: {"record"? (an id; the newest one without), "values"? {name: JSON}}}.
    The answer: {"ok", "kind", "tree", "names", "summary", "errors": [{"offset", "length", "message"}],
    "sample"?}. Raises Invalid for a question that is none, NotFound, Forbidden.
    """
    outline = draft_outline(work, app)
    names, text, expects = _question(outline, given)
    try:
        found = compile(text, names, expects=expects)
    except Invalid as error:
        errors = [_error(text, problem, work.language) for problem in error.problems]
        return {"ok": False, "kind": None, "tree": None, "names": [], "summary": "", "errors": errors}
    answer = {
        "ok": True, "kind": found.kind, "kind_label": pick(LABELS[found.kind], work.language), "tree": dump(found.tree),
        "names": sorted(found.names), "summary": _summary(work, app, outline, found, names, str(given.get("about") or "")), "errors": [],
    }
    if isinstance(given.get("sample"), Mapping):
        answer["sample"] = try_on_sample(work, app, outline, names, found, given["sample"])
    return answer


def expressions_json(work: Work, app: str) -> list[dict[str, Any]]:
    """Every expression of the draft where it stands: {"address", "path", "text", "entity", "scope", "own", "expects",
    "summary", "problem"}; raises NotFound, Forbidden."""
    outline = draft_outline(work, app)
    found = []
    for place in places_of(outline):
        if place.kind == "app":
            continue  # templates hold theirs inside sentences
        names = _Names(outline.entities, place.names.entity, place.names.scope, place.names.own)
        said = {"summary": "", "problem": ""}
        try:
            said["summary"] = _summary(work, app, outline, compile(place.text, names, expects=place.expects), names, _about(outline, place))
        except Invalid as error:
            said["problem"] = translate(error.problems[0].code, error.problems[0].values, work.language)
        found.append({
            "address": f"{place.kind}/{place.key}", "path": list(place.path), "text": place.text, "entity": names.entity,
            "scope": names.scope, "own": names.own, "expects": place.expects, **said,
        })
    return found


def names_json(work: Work, app: str, entity: str, scope: str = "form", own: str | None = None) -> list[dict[str, Any]]:
    """The names that an expression of a place may use: {"name", "label", "kind", "keywords"}."""
    names, _, _ = _question(draft_outline(work, app), {"entity": entity, "scope": scope, "own": own})
    found = []
    for name in names:
        labels = [in_words(compile(name, names), names, language) for language in LANGUAGES]
        words = " ".join([name, *labels, *(spelled(label) for label in labels)]).lower()
        label = labels[LANGUAGES.index(work.language)] if work.language in LANGUAGES else labels[-1]
        found.append({"name": name, "label": label, "kind": names[name], "keywords": words})
    return found


def functions_json(language: str) -> list[dict[str, Any]]:
    """Every function with its help: {"key", "room", "signature", "description", "example", "result", …}."""
    return [
        {
            "key": item.key, "room": item.room, "returns": item.returns,
            "signature": f"{item.key}({', '.join(_parameter(parameter, language) for parameter in item.parameters)})",
            "least": item.least, "most": item.most, "description": pick(item.description, language),
            "example": item.example, "result": item.result,
            "keywords": " ".join([item.key, *item.description.values(), spelled(item.description["zh-CN"])]).lower(),
        }
        for item in FUNCTIONS
    ]


def _parameter(parameter: Parameter, language: str) -> str:
    shown = translate(f"function_parameter.{parameter.key}", {}, language) + ("…" if parameter.repeats else "")
    return f"[{shown}]" if parameter.optional else shown


def _question(outline: Outline, given: Mapping[str, Any]) -> tuple[_Names, str, Kind | None]:
    entity, text, scope = given.get("entity"), given.get("text", ""), given.get("scope") or "form"
    own, expects, extra = given.get("own"), given.get("expects"), given.get("extra") or {}
    if not isinstance(entity, str) or (entity not in outline.entities and entity not in (USER, DEPARTMENT)):
        raise NotFound(Problem("publishing.no_document", {"kind": "entity", "key": str(entity)[:80]}))
    is_sound = (
        isinstance(text, str) and scope in SCOPES and (own is None or own in outline.entities)
        and (expects is None or expects in KINDS) and isinstance(extra, Mapping) and all(kind in KINDS for kind in extra.values())
    )  # fmt: skip
    if not is_sound:
        raise Invalid(Problem("publishing.bad_question"))
    return _Names(outline.entities, entity, scope, own, dict(extra)), text, expects  # type: ignore[arg-type]


def _error(text: str, problem: Problem, language: str) -> dict[str, Any]:
    """A problem with the word it is about; one about the result is about all of the text."""
    offset = int(problem.path[0]) if problem.path else 0
    if problem.code == "expression.expects":
        offset, length = len(text) - len(text.lstrip()), max(1, len(text.strip()))
    else:
        length = _length(text, offset)
    return {"offset": offset, "length": length, "code": problem.code, "message": translate(problem.code, problem.values, language)}


def _length(text: str, offset: int) -> int:
    try:
        tokens = split(text)
    except Invalid:
        return 1
    return next((max(1, token.end - token.offset) for token in tokens if token.offset == offset), 1)


def _about(outline: Outline, place: Place) -> str:
    """The field that a default or an action's value is for."""
    if place.kind == "entity" and place.path[-1] == "default":
        return str(outline.by_kind["entity"][place.key]["fields"][place.path[1]]["key"])
    return str(place.path[-1]) if place.kind == "workflow" and place.path[-2:-1] == ("set",) else ""


def _summary(work: Work, app: str, outline: Outline, found: Expression, names: Names, about: str = "") -> str:
    document = outline.app or {}
    roles = {key: role["label"] for key, role in outline.by_kind["role"].items()}
    return in_words(
        found, names, work.language, titles=lambda target, id_: _title(work, app, published_key(work, app, outline, target) or "", id_), roles=roles,
        timezone=str(document.get("timezone", "UTC")), about=about,
    )


def _title(work: Work, app: str, target: str, id_: UUID) -> str | None:
    """What a record (by the key that its entity is published under) is called, where the actor may read it."""
    if target == USER:
        return accounts.names_of(work, [id_]).get(id_)
    if target == DEPARTMENT:
        return next((pick(item.name, work.language) for item in accounts.list_departments(work) if item.id == id_), None)
    try:
        record = records.get_record(work, app, target, id_)
        title = work.model(app).entities[target].title
    except (EngineError, KeyError):
        return None
    return str(record.titles.get(title) or record.values.get(title) or "") or None


def samples_json(work: Work, app: str, entity: str, text: str = "", id_: str | None = None) -> list[dict[str, Any]]:
    """Records that fit a text: [{"id", "title", "subtitle"}]; with an id just that one. None where the entity isn't published."""
    key = published_key(work, app, draft_outline(work, app), entity)
    if key is None:
        return []
    known = find_id(id_) if id_ else None
    if known is not None:
        return [{"id": str(known), "title": _title(work, app, key, known) or "–", "subtitle": ""}]
    try:
        return list(records.look_up(work, app, key, text))
    except (NotFound, Forbidden):
        return []
