"""What a change of type would do to the records that are there, before anybody publishes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from engine.definitions.model import Field
from engine.fields import effective
from engine.kernel.errors import Problem
from engine.kernel.messages import translate
from engine.records.access import Access, access_to
from engine.records.convert_values import Fate, Values
from engine.records.plan import slot_of
from engine.records.query.titles import find_titles
from engine.records.search_text import label_of
from engine.records.store.conversions import count_all, known_of, read_pairs
from engine.storage import Work

SAMPLES = 20
FAILURES = 50
MOST = 200_000
"""Records that are looked at; of more, only these."""

BATCH = 5_000
_SPARE = 10
_WORDS = 200
"""Different values that are offered as options."""


def preview_conversion(
    work: Work, app: str, entity: str, before: Field, after: Field, *, is_fresh: bool
) -> dict[str, Any]:
    """Twenty converted samples, the failures by number and the first fifty by name, and the counts.

    {"total", "filled", "carried", "restored", "failed", "is_capped", "samples": [{"id", "title", "before",
    "after"}], "failures": [{"id", "title", "before", "reason"}], "words": [the different values, the most
    frequent first]}. Titles and values are only of records and fields that the actor may read.
    """
    access = access_to(work, app)
    may_read = access.policy.field_right(entity, before.key) != "hidden"
    values = Values(access, entity, before, after, is_fresh)
    counts: Counter[str] = Counter()
    samples: list[Fate] = []
    failures: list[Fate] = []
    words: Counter[str] = Counter()
    last: UUID | None = None
    now = None if is_fresh else after
    while counts["total"] < MOST:
        pairs = read_pairs(access, entity, (before.column, before, now), last, BATCH, standing=True)
        for fate in values.fates(pairs):
            counts["total"] += 1
            counts[fate.outcome] += 1
            counts["filled"] += fate.pair.old is not None
            if fate.outcome == "carried" and len(samples) < SAMPLES * _SPARE:
                samples.append(fate)
            elif fate.outcome == "failed" and len(failures) < FAILURES * _SPARE:
                failures.append(fate)
            if isinstance(fate.pair.old, str) and len(words) <= _WORDS:
                words[fate.pair.old] += 1
        if len(pairs) < BATCH:
            break
        last = pairs[-1].id
    return {
        **{name: counts[name] for name in ("total", "filled", "carried", "restored", "failed")},
        "is_capped": counts["total"] >= MOST,
        "samples": _shown(access, entity, (before, after), samples, SAMPLES) if may_read else [],
        "failures": _shown(access, entity, (before, after), failures, FAILURES) if may_read else [],
        "words": [word for word, _ in words.most_common()] if may_read and access.is_free and len(words) <= _WORDS else [],
    }


def count_all_records(work: Work, app: str, entity: str) -> int:
    """How many records there are, removed ones too."""
    return count_all(access_to(work, app), entity)


def unread_values(work: Work, app: str, entity: str, before: Field, after: Field) -> list[dict[str, Any]]:
    """The first fifty values that a finished conversion could not carry over, as in the preview."""
    access = access_to(work, app)
    if access.policy.field_right(entity, after.key) == "hidden":
        return []
    values = Values(access, entity, before, after, is_fresh=True)
    found: list[Fate] = []
    last: UUID | None = None
    while len(found) < FAILURES * _SPARE:
        pairs = read_pairs(access, entity, (before.column, before, after), last, BATCH, standing=True, missing=True)
        found += [fate for fate in values.fates(pairs) if fate.outcome == "failed"]
        if len(pairs) < BATCH:
            break
        last = pairs[-1].id
    return _shown(access, entity, (before, after), found, FAILURES)


def _shown(access: Access, entity: str, sides: tuple[Field, Field], fates: Iterable[Fate], limit: int) -> list[dict[str, Any]]:
    """As people read them, of the records that the actor may read."""
    before, after = sides
    some = list(fates)
    titles = find_titles(access, entity, [fate.pair.id for fate in some])
    readable = [fate for fate in some if fate.pair.id in titles][:limit]
    old = _words(access, before, [fate.pair.old for fate in readable])
    new = _words(access, after, [fate.value for fate in readable])
    return [
        {
            "id": str(fate.pair.id), "title": titles[fate.pair.id], "before": old[place], "after": new[place],
            **({"reason": _reason(fate.problem, old[place], after, access.work.language)} if fate.problem else {}),
        }
        for place, fate in enumerate(readable)
    ]


def _words(access: Access, item: Field, values: list[Any]) -> list[str]:
    slot, language = slot_of(item), access.work.language
    known = known_of(access, item, item, values).titles
    return [
        "" if value is None else known.get(value, "–") if slot.target
        else translate(f"field.conversion.{'yes' if value else 'no'}", None, language) if slot.kind == "yes_no"
        else label_of(slot, value, language)
        for value in values
    ]


def _reason(problem: Problem, value: str, after: Field, language: str) -> str:
    """Why a value can't be carried over. What a form tells who types is no use to who looks at old values."""
    if problem.code.endswith((".unreadable", ".no_zone")):
        named = translate(f"field_type.{effective(after.type, after.options)[0].key}", None, language)
        return translate("field.conversion.unreadable", {"value": value[:60], "type": named}, language)
    return translate(problem.code, problem.values, language)
