"""What the workflow designer knows beyond the draft: who holds what, who could be asked, words for new parts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from designer.access import say, the_engine, the_work
from engine import NotFound, Work, texts_for, translate

MOST_PEOPLE = 1000
"""More than that are found by typing their login."""

MOST_ASKED = 200
"""Up to so many people, those without a manager are named: each costs a query."""

LANGUAGES = ("zh-CN", "en")
NEW_PARTS = "designer.workflow.new."


def facts(app: str, uid: str, roles: Iterable[str]) -> dict[str, Any]:
    """People, holders of the draft's roles, departments, actions and words, as the island's `more`."""
    engine, work = the_engine(), the_work()
    people = engine.accounts.list_people(work)
    members: dict[Any, int] = {}
    for person in people:
        members[person.department_id] = members.get(person.department_id, 0) + 1
    without = [person for person in people if engine.accounts.manager_of(work, person.id) is None] if len(people) <= MOST_ASKED else []
    return {
        "people": [{"login": person.login, "name": person.name, "title": person.title or ""} for person in people[:MOST_PEOPLE]],
        "holders": {role: len(engine.accounts.role_holders(work, app, role)) for role in roles},
        "departments": list(_departments(engine.accounts.list_departments(work), members, 0)),
        "without_manager": {"count": len(without), "names": [person.name for person in without[:5]]},
        "counts": counts(app, uid),
        "actions": actions(work),
        "words": new_words(),
    }


def counts(app: str, uid: str) -> dict[str, int]:
    """Records by state; none before the workflow has been published."""
    engine, work = the_engine(), the_work()
    if not work.release_number(app):
        return {}
    try:
        return engine.workflow.count_by_state(work, app, uid)
    except NotFound:
        return {}


def actions(work: Work) -> list[dict[str, Any]]:
    """The actions of this build with their options described as fields are."""
    language, known = work.language, texts_for(work.language, "designer.workflow.action.")
    found = []
    for action in the_engine().workflow.ACTIONS:
        code = f"designer.workflow.action.{action.key}"
        found.append({
            "key": action.key, "label": translate(code, {}, language), "help": known.get(f"{code}.help", ""), "is_later": action.phase.value == "after",
            "options": [_option(action.key, option, known, language) for option in action.options],
        })
    return found


def _option(action: str, option: Any, known: Any, language: str) -> dict[str, Any]:
    own = f"designer.workflow.action.{action}.{option.key}"
    code = own if own in known else f"designer.workflow.action.{option.key}"
    return {"key": option.key, "type": option.type, "label": translate(code, {}, language), "help": known.get(f"{code}.help", ""),
            "required": option.required, "default": option.default, "settings": dict(option.settings)}


def new_words() -> dict[str, dict[str, str]]:
    """What new states and moves are called, in every language: {"approval": {"zh-CN": "审批", "en": "Approval"}}."""
    texts = {language: texts_for(language, NEW_PARTS) for language in LANGUAGES}
    return {
        code.removeprefix(NEW_PARTS): {language: texts[language][code] for language in LANGUAGES}
        for code in texts["en"]
    }


def _departments(below: Iterable[Any], members: dict[Any, int], level: int) -> Iterable[dict[str, Any]]:
    for department in below:
        yield {"key": department.key, "name": say(department.name), "level": level, "count": members.get(department.id, 0)}
        yield from _departments(department.below, members, level + 1)
