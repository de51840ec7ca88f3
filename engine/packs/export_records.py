"""Records of an app as the sample records of a pack: references by name, people and personal data only when asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from engine import accounts, records
from engine.accounts.rights import require_admin
from engine.definitions import Field, Model
from engine.definitions.paths import DEPARTMENT, USER, computation_of, rows_of, target_of
from engine.kernel.errors import Invalid, NotFound, Problem
from engine.kernel.json import canonical
from engine.kernel.messages import pick
from engine.packs.people import flat
from engine.packs.samples import RESTING
from engine.permissions import policy
from engine.records.record import Record, dump_value
from engine.storage import Work

MOST_RECORDS = 5_000
"""A pack carries master data and samples; a whole database is a backup."""
_A_FILE = 500
_PAGE = 100
_SYSTEM = frozenset({"created_by", "created_on", "changed_by", "changed_on"})
_PERSONAL = frozenset({"email", "phone", "file"})
SOMEBODY = "somebody"
"""Login of who stands for everybody where a person has to be named and none may be."""

Values = dict[str, Any]


@dataclass
class Chosen:
    """What goes along: files of records, people.json, and what has to be told."""

    files: dict[str, bytes] = field(default_factory=dict)
    people: dict[str, list[Values]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    notes: list[Problem] = field(default_factory=list)


def choose_records(
    work: Work, app: str, entities: Iterable[str], *, within: frozenset[str], personal: bool, demonstration: Iterable[str] = ()
) -> Chosen:
    """All records of the chosen entities, and those of others that they refer to, as far as the actor may read them.

    `within` are the entities of the pack, `demonstration` the logins of people who came with the pack and are no
    secret. Raises Invalid where something can't be left out or there is too much, Forbidden for personal data
    unless an administrator asks.
    """
    if personal:
        require_admin(work)
    model = work.model(app)
    entities = sorted(set(entities))
    unknown = [key for key in entities if key not in within or model.entities[key].part_of]
    if unknown:
        raise Invalid(*(Problem("pack.export_no_records", {"entity": key[:80]}) for key in unknown))
    return _Choice(work, app, model, personal, frozenset(demonstration)).run(entities)


def is_personal(model: Model, entity: str, item: Field) -> bool:
    """Does a field say something about a person: an address, a number, a user, a file, or is it marked so?"""
    if item.type.key in _PERSONAL or target_of(item) == USER:
        return True
    document = model.documents["entity", entity]
    return any(raw["key"] == item.key and raw.get("personal") for raw in document["fields"])


class _Choice:
    """One export under way."""

    def __init__(self, work: Work, app: str, model: Model, personal: bool, demonstration: frozenset[str]) -> None:  # noqa: FBT001
        self.work, self.app, self.model, self.personal = work, app, model, personal
        self.found: dict[UUID, tuple[str, Record]] = {}
        self.names: dict[UUID, str] = {}
        self.named: dict[str, int] = {}
        self.hidden: dict[tuple[str, str], bool] = {}
        self.dropped: dict[tuple[str, str], int] = {}
        self.people: dict[str, Values] = {}
        self.departments: dict[str, Values] = {}
        self.known_users = _users(work) if work.actor.is_admin or work.actor.is_system else {}
        self.known_departments = {item.id: item for item in flat(accounts.list_departments(work))}
        self.demonstration = demonstration
        self.statuses = {(entity, key) for entity, keys in model.status_fields.items() for key in keys}
        self.restarted: set[str] = set()

    def run(self, entities: list[str]) -> Chosen:
        for entity in entities:
            self._read(entity)
        self._follow(set(entities))
        chosen = Chosen(counts=_counted(entity for entity, _ in self.found.values()))
        for number, (entity, some) in enumerate(self._files(), 1):
            chosen.files[f"records/{number:03d}_{entity}.json"] = canonical({"entity": entity, "records": some})
        departments = sorted(self.departments.values(), key=lambda item: (item["_depth"], item["key"]))
        chosen.people = {
            "departments": [{key: value for key, value in item.items() if key != "_depth"} for item in departments],
            "users": [self.people[login] for login in sorted(self.people)],
        }
        chosen.notes += self._notes()
        return chosen

    # which records --------------------------------------------------------------------------------
    def _fields(self, entity: str) -> list[Field]:
        """Fields that carry something of their own: not what is computed, numbered, or set by a workflow."""
        found = self.model.entities[entity]
        return [
            item for key, item in found.fields.items()
            if key not in _SYSTEM and computation_of(item) is None and (entity, key) not in self.statuses
        ]

    def _read(self, entity: str) -> None:
        cursor: str | None = None
        readable = policy(self.work, self.app).readable(entity)
        keys = tuple(key for key in (*(item.key for item in self._fields(entity)), *self.model.status_fields.get(entity, ())) if key in readable)
        while True:
            query = records.Query(sort=("created_on",), fields=keys, limit=_PAGE, cursor=cursor)
            page = records.query_records(self.work, self.app, entity, query)
            for record in page.records:
                self._take(entity, record)
            cursor = page.next_cursor
            if cursor is None:
                return

    def _take(self, entity: str, record: Record) -> None:
        self.found[record.id] = (entity, record)
        if len(self.found) > MOST_RECORDS:
            raise Invalid(Problem("pack.export_too_many", {"limit": MOST_RECORDS}))

    def _follow(self, whole: set[str]) -> None:
        """Records that the chosen ones refer to go along, and what these refer to."""
        waiting = list(self.found.values())
        while waiting:
            entity, record = waiting.pop()
            for target, id_ in self._references(entity, record.values):
                if id_ not in self.found and target not in whole:
                    try:
                        found = records.get_record(self.work, self.app, target, id_)
                    except NotFound:
                        continue  # removed, or not for this reader: said where it is left out
                    self._take(target, found)
                    waiting.append((target, found))

    def _references(self, entity: str, values: Mapping[str, Any]) -> list[tuple[str, UUID]]:
        found: list[tuple[str, UUID]] = []
        for item in self._fields(entity):
            value, target, child = values.get(item.key), target_of(item), rows_of(item)
            if child and value:
                found += [reference for row in value for reference in self._references(child, row)]
            elif target and not target.startswith("@") and value is not None:
                found.append((target, value))
        return found

    # in which order -------------------------------------------------------------------------------
    def _files(self) -> list[tuple[str, list[Values]]]:
        """Files of records, each after those that it refers to."""
        waiting = {id_: {ref for _, ref in self._references(entity, record.values) if ref in self.found} - {id_}
                   for id_, (entity, record) in self.found.items()}
        files: list[tuple[str, list[Values]]] = []
        done: set[UUID] = set()
        while waiting:
            ready = [id_ for id_, needs in waiting.items() if needs <= done]
            ready = ready or [min(waiting, key=lambda id_: id_.bytes)]  # records that refer to each other in a ring
            level: dict[str, list[UUID]] = {}
            for id_ in sorted(ready, key=lambda id_: id_.bytes):
                level.setdefault(self.found[id_][0], []).append(id_)
            for entity, ids in sorted(level.items()):
                self._name(entity, ids)
                told = [self._told(id_, done) for id_ in ids]
                files += [(entity, told[at : at + _A_FILE]) for at in range(0, len(told), _A_FILE)]
            done |= set(ready)
            for id_ in ready:
                del waiting[id_]
        return files

    def _name(self, entity: str, ids: list[UUID]) -> None:
        """Names in the order of the files, which becomes the order of creation: the next export gives the same."""
        for id_ in ids:
            self.named[entity] = self.named.get(entity, 0) + 1
            self.names[id_] = f"{entity}_{self.named[entity]}"

    # how they are told ----------------------------------------------------------------------------
    def _told(self, id_: UUID, done: set[UUID]) -> Values:
        entity, record = self.found[id_]
        number = int(self.names[id_].rpartition("_")[2])
        return {"ref": self.names[id_], **self._values(entity, record.values, done, number, record.dumps), **self._standing(entity, record)}

    def _standing(self, entity: str, record: Record) -> Values:
        """Where a record rests, and how it is locked; one that somebody has to decide about begins again."""
        states: dict[str, str] = {}
        for flow in self.model.workflows_of.get(entity, ()):
            status = record.values.get(flow.status_field)
            named = {key: state["type"] for key, state in flow.body["states"].items() if state.get("status") == status}
            if status is None or flow.initial in named:
                continue
            if not named or not set(named.values()) <= set(RESTING):
                self.restarted.add(entity)
                return {}
            states[flow.key] = next(iter(named))
        if not states:
            return {}
        opened = records.get_record(self.work, self.app, entity, record.id, ()).open_fields  # lists don't say
        return {"_state": states, **({"_open": sorted(opened)} if opened is not None else {})}

    def _values(self, entity: str, values: Mapping[str, Any], done: set[UUID], number: int, dumps: Mapping[str, Any]) -> Values:
        found: Values = {}
        for item in self._fields(entity):
            value = values.get(item.key)
            if value is None or value in ((), []):
                continue
            child = rows_of(item)
            if child:
                found[item.key] = [self._values(child, row, done, number, {}) for row in value]
                continue
            told = self._value(entity, item, value, done, number, dumps.get(item.key))
            if told is not None:
                found[item.key] = told
        return found

    def _value(self, entity: str, item: Field, value: Any, done: set[UUID], number: int, dump: Any) -> Any:
        target = target_of(item)
        if is_personal(self.model, entity, item) and not (target == USER and self._is_demonstration(value)):
            if item.type.key == "file" or not self.personal:
                return self._stand_in(entity, item, number)
            if target == USER:
                return self._person(value)
        if target == USER:
            return self._person(value)
        if target == DEPARTMENT:
            return self._department(value)
        if target:
            return self._reference(entity, item, value, done)
        json = dump_value(dump or (lambda each: item.type.dump(each, item.options)), value)
        return f"@{json}" if isinstance(json, str) and json.startswith("@") else json

    def _reference(self, entity: str, item: Field, value: UUID, done: set[UUID]) -> str | None:
        if value in done:
            return f"@{self.names[value]}"
        if item.required:
            raise Invalid(Problem("pack.export_reference", {"entity": entity, "field": item.key}))
        self.dropped[entity, item.key] = self.dropped.get((entity, item.key), 0) + 1
        return None

    def _stand_in(self, entity: str, item: Field, number: int) -> Any:
        """Something that says nothing about anybody, so that rules which ask for a value are still met; else nothing."""
        self.hidden[entity, item.key] = True
        kind = item.type.key
        if kind == "email":
            return f"person{number}@example.com"
        if kind == "phone":
            return f"000 {number // 10_000:04d} {number % 10_000:04d}"
        if kind in ("text", "long_text") and not item.options.get("pattern"):
            return f"{pick(item.label, self.model.app.default_language)} {number}"[: item.options.get("max_length") or 255]
        if not item.required or item.default is not None:
            return None
        if target_of(item) == USER:
            self.people[SOMEBODY] = {"login": SOMEBODY, "name": {"zh-CN": "示例人员", "en": "Sample person"}}
            return f"@user:{SOMEBODY}"
        raise Invalid(Problem("pack.export_personal_required", {"entity": entity, "field": item.key}))

    # people ---------------------------------------------------------------------------------------
    def _is_demonstration(self, value: UUID) -> bool:
        user = self.known_users.get(value)
        return user is not None and user.login in self.demonstration

    def _person(self, value: UUID) -> str | None:
        user = self.known_users.get(value)
        if user is None:
            return None
        if user.login not in self.demonstration:
            roles = sorted(user.roles.get(self.app, ()))
            self.people[user.login] = {"login": user.login, "name": user.name, **({"roles": roles} if roles else {})}
        return f"@user:{user.login}"

    def _department(self, value: UUID) -> str | None:
        department = self.known_departments.get(value)
        if department is None:
            return None
        parent = self.known_departments.get(department.parent_id) if department.parent_id else None
        if parent is not None:
            self._department(parent.id)
        depth = self.departments[parent.key]["_depth"] + 1 if parent is not None else 0
        self.departments[department.key] = {
            "key": department.key, "name": department.name, "_depth": depth, **({"parent": parent.key} if parent is not None else {}),
        }
        return f"@department:{department.key}"

    def _notes(self) -> list[Problem]:
        hidden: dict[str, list[str]] = {}
        for entity, key in self.hidden:
            hidden.setdefault(entity, []).append(key)
        found = [Problem("pack.export_personal", {"entity": entity, "fields": sorted(keys)}) for entity, keys in sorted(hidden.items())]
        for (entity, key), count in sorted(self.dropped.items()):
            found.append(Problem("pack.export_dropped", {"entity": entity, "field": key, "count": count}))
        return found + ([Problem("pack.export_states", {"entities": sorted(self.restarted)})] if self.restarted else [])


def _users(work: Work) -> dict[UUID, Any]:
    return {user.id: user for user in accounts.list_users(work)}


def _counted(entities: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for entity in sorted(entities):
        found[entity] = found.get(entity, 0) + 1
    return found
