"""What holds for every template file: the content policy, both languages, icons that are there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import engine.rendering
from engine.kernel.messages import LANGUAGES, catalogue
from engine.rendering import environment

ROOT = Path(engine.rendering.__file__).parent
TEMPLATES = sorted(
    path.relative_to(ROOT / "templates").as_posix() for path in ROOT.glob("templates/**/*.html")
)
ICONS = set(re.sub(r"#.*", "", (ROOT.parents[1] / "icons.txt").read_text()).split())
SCRIPTS = sorted((ROOT.parents[1] / "runtime" / "ui").rglob("*.ts"))


def source(name: str) -> str:
    return (ROOT / "templates" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_compiles_and_holds_nothing_inline(name: str) -> None:
    environment(lambda icon: icon).get_template(f"formwork/{name}")

    markup = re.sub(r"\{[{%].*?[%}]\}", "", source(name), flags=re.DOTALL)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|hx-on|javascript:", markup)
    assert not re.search(r"\|\s*safe", source(name))


@pytest.mark.parametrize("name", TEMPLATES)
def test_its_icons_are_in_the_sprite(name: str) -> None:
    text = source(name)
    named = set(re.findall(r"icon\('([a-z0-9-]+)'", text)) | set(
        re.findall(r"icon_name='([a-z0-9-]+)'", text)
    )

    assert named <= ICONS


@pytest.mark.parametrize("name", TEMPLATES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_its_sentences_are_in_both_languages(name: str, language: str) -> None:
    codes = set(re.findall(r"\bt\('([a-z_.]+)'[,)]", source(name)))

    assert codes <= catalogue(language).keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_scripts_say_is_in_both_languages(language: str) -> None:
    said = {
        code
        for path in SCRIPTS
        for code in re.findall(r"\bsay\('([a-z_]+)'", path.read_text(encoding="utf-8"))
    }

    assert said
    assert {f"browser.{code}" for code in said} <= catalogue(language).keys()


def test_both_catalogues_hold_the_same_codes_with_the_same_placeholders() -> None:
    english, chinese = (
        json.loads((ROOT / "messages" / f"{language}.json").read_text())
        for language in ("en", "zh-CN")
    )
    names = re.compile(r"\{\w+\}").findall

    assert english.keys() == chinese.keys()
    for code, sentence in english.items():
        assert set(names(sentence)) == set(names(chinese[code])), code
