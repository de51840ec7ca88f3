"""Every lint rule has a good example that passes and bad ones that show each of its codes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.definitions import lint
from engine.definitions.lint import RULES
from engine.definitions.survey import survey
from engine.kernel.messages import LANGUAGES, catalogue, translate
from tests.factories.documents import TESTS, changed, worked_example

REJECTED = TESTS / "definitions_rejected"


def examples(rule: str) -> list[dict[str, Any]]:
    found: dict[str, Any] = json.loads((REJECTED / f"{rule}.json").read_text(encoding="utf-8"))
    cases: list[dict[str, Any]] = found["cases"]
    return cases


CASES = [
    pytest.param(rule.key, case, id=f"{rule.key}: {case['why']}")
    for rule in RULES
    if (REJECTED / f"{rule.key}.json").exists()
    for case in examples(rule.key)
]


def test_every_rule_has_a_file_of_bad_examples() -> None:
    files = {path.stem for path in REJECTED.glob("*.json")}

    assert files == {rule.key for rule in RULES}


def test_every_rule_is_named_after_its_file() -> None:
    assert all(rule.check.__module__.endswith(f".{rule.key}") for rule in RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.key)
def test_good_documents_pass(rule: Any) -> None:
    assert list(rule.check(survey(worked_example()))) == []


@pytest.mark.parametrize(("key", "case"), CASES)
def test_a_bad_document_is_found_by_its_rule(key: str, case: dict[str, Any]) -> None:
    documents = changed(worked_example(), case["changes"])

    found = {finding.code for finding in RULES[key].check(survey(documents))}

    assert found == set(case["expects"])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.key)
def test_every_code_of_a_rule_has_a_bad_example(rule: Any) -> None:
    shown = {code for case in examples(rule.key) for code in case["expects"]}

    if rule.codes == ("expression.*",):
        assert shown
        assert all(code.startswith("expression.") for code in shown)
    else:
        assert shown == set(rule.codes)


@pytest.mark.parametrize(("key", "case"), CASES)
def test_a_finding_points_into_its_document_and_has_a_sentence(key: str, case: dict[str, Any]) -> None:
    documents = changed(worked_example(), case["changes"])
    rules_codes = set(case["expects"])

    for finding in lint(documents):
        if finding.code not in rules_codes:
            continue
        _follow(documents, finding.kind, finding.key, finding.path)
        json.dumps(dict(finding.values))
        for language in LANGUAGES:
            sentence = translate(finding.code, finding.values, language)
            assert finding.code in catalogue(language)
            assert "{" not in sentence.replace("{{", ""), sentence


def _follow(documents: list[dict[str, Any]], kind: str, key: str, path: tuple[str | int, ...]) -> None:
    """Every step but the last must be there; the last may be what is missing."""
    if not key:
        return
    value: Any = next(item for item in documents if (item["kind"], item["key"]) == (kind, key))
    for step in path[:-1]:
        value = value[step]
