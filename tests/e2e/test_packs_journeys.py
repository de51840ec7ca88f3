"""The main process of every pack on the shelf, played on its pages by the people of the pack; a new pack is played once it's there."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.packs import list_packs, read_shelf
from engine.packs.scenario_file import Scenario
from tests.e2e.conftest import start, stop
from tests.e2e.scenario_hands import Hands

PACKS = [manifest.key for manifest in list_packs() if manifest.key != "core"]
LANGUAGES = {key: ("en", "zh-CN")[place % 2] for place, key in enumerate(PACKS)}


def main_scenario(pack: str) -> Scenario:
    """The one that its file calls main; else the one in which most kinds of records are made."""
    def width(scenario: Scenario) -> tuple[bool, int]:
        return scenario.is_main, len({step["create"] for step in scenario.steps if "create" in step})

    return max(read_shelf(pack).scenarios, key=width)


@pytest.mark.long
@pytest.mark.parametrize("pack", PACKS)
def test_people_go_through_the_main_process_on_its_pages(browser, pack: str, tmp_path: Path):
    server = start(LANGUAGES[pack], tmp_path / pack, "--pack", pack)
    hands = Hands(browser, server, pack)
    try:
        found = hands.play(main_scenario(pack))
    finally:
        hands.close()
        stop(server)
    for reason in found.skipped:
        print(f"{pack}: {reason}")
    assert found.steps > 3 * len(found.skipped)
