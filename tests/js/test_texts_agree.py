"""The browser finds the same texts in documents as the engine does."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from engine.definitions.texts import shapes_json, texts_of
from tests.factories.documents import worked_example
from tests.js.test_scripts import ROOT, _node

SCRIPT = """
import { readFileSync } from 'node:fs'
import { textsOf } from './designer/ui/translations/texts.ts'
const { shapes, documents } = JSON.parse(readFileSync(0, 'utf8'))
console.log(JSON.stringify(documents.flatMap(each => textsOf(each, shapes, 'en').map(place => [place.path, place.at]))))
"""


def test_the_same_texts_under_the_same_paths() -> None:
    pack = Path(__file__).parents[2] / "industry_packs" / "manufacturing"
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(pack.glob("*/*.json")) if path.parent.name != "records"]
    documents += [json.loads((pack / "app.json").read_text(encoding="utf-8")), *worked_example()]
    documents = [item for item in documents if isinstance(item, dict) and "kind" in item]
    given = json.dumps({"shapes": shapes_json(), "documents": documents})
    result = subprocess.run([_node(), "--input-type=module-typescript", "-e", SCRIPT], cwd=ROOT, input=given, capture_output=True, text=True,
                            encoding="utf-8", check=False, timeout=60)
    assert result.returncode == 0, result.stderr[-2000:]
    found = [(path, tuple(at)) for path, at in json.loads(result.stdout)]
    expected = [(place.path, tuple(place.at)) for document in documents for place in texts_of(document)]
    assert len(expected) > 600
    assert found == expected
