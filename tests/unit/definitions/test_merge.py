"""Merging: the cases that the browser's merge is held to as well."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.definitions.merge import MISSING, merge, place_label

CASES = json.loads((Path(__file__).parents[2] / "js" / "merge_cases.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_server_merges_as_the_browser_does(case: dict[str, Any]) -> None:
    merged, clashes = merge(case["base"], case["mine"], case["theirs"])

    found = [
        {"path": list(clash.path), **{side: value for side in ("base", "mine", "theirs") if (value := getattr(clash, side)) is not MISSING},
         **({"order": list(clash.order)} if clash.order else {})}
        for clash in clashes
    ]
    assert merged == case["merged"]
    assert found == case["clashes"]


def test_a_place_is_named_by_the_labels_on_the_way() -> None:
    document = {"fields": [{"uid": "1", "key": "amount", "label": {"zh-CN": "金额", "en": "Amount"}}]}

    assert place_label(document, ("fields", 0, "label", "en"), "en") == "fields › Amount › label › en"
