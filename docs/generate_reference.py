"""Writes the reference pages that follow from the code: `python docs/generate_reference.py`.

A test fails when a page is not what this would write.
"""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import click

from engine.fields import PALETTE
from engine.jobs import KINDS
from engine.kernel.messages import catalogue
from engine.workflow import ACTIONS
from runtime.cli import main
from runtime.settings import PREFIX, Settings

HERE = Path(__file__).resolve().parent / "reference"
HEAD = "<!-- written by docs/generate_reference.py -->\n\n"


def pages() -> dict[str, str]:
    """Every generated page by its name."""
    return {
        "field_types.md": field_types(),
        "messages.md": messages(),
        "settings.md": settings(),
        "cli.md": cli(),
        "actions.md": actions(),
        "jobs.md": jobs(),
    }


def field_types() -> str:
    english, chinese = catalogue("en"), catalogue("zh-CN")
    lines = [HEAD + "# Field types\n"]
    for group in PALETTE:
        lines.append(f"## {english[f'field_group.{group.key}']} {chinese[f'field_group.{group.key}']}\n")
        lines.append("| key | name | 名称 | what it is for | options |\n| --- | --- | --- | --- | --- |")
        for kind in group.types:
            code = f"field_type.{kind.key}"
            options = ", ".join(f"`{option.key}`" for option in kind.options)
            lines.append(f"| `{kind.key}` | {english[code]} | {chinese[code]} | {english.get(code + '.help', '')} | {options} |")
        lines.append("")
    return "\n".join(lines)


def messages() -> str:
    english, chinese = catalogue("en"), catalogue("zh-CN")
    lines = [HEAD + "# Problems and other sentences\n\nThe codes are stable; programs may rely on them.\n",
             "| code | English | 中文 |\n| --- | --- | --- |"]
    lines += [f"| `{code}` | {_cell(text)} | {_cell(chinese.get(code, ''))} |" for code, text in sorted(english.items())]
    return "\n".join(lines) + "\n"


def settings() -> str:
    source = (Path(__file__).resolve().parent.parent / "runtime" / "settings.py").read_text()
    lines = [HEAD + "# Settings\n\nRead from the environment; an unknown name that begins with `FORMWORK_` stops the start.\n",
             "| name | default | meaning |\n| --- | --- | --- |"]
    for field in fields(Settings):
        after = source.split(f"\n    {field.name}: ", 1)[1].split("\n    ", 1)
        text = after[1].split('"""')[1] if len(after) > 1 and after[1].startswith('"""') else ""
        default = field.default if field.default not in ("", ()) else "–"
        lines.append(f"| `{PREFIX}{field.name.upper()}` | {default} | {_cell(' '.join(text.split()))} |")
    return "\n".join(lines) + "\n"


def cli() -> str:
    lines = [HEAD + "# Command line\n"]
    context = click.Context(main, info_name="formwork", terminal_width=80, **main.context_settings)

    def walk(command: click.Command, context: click.Context) -> None:
        lines.append(f"## {context.command_path}\n\n```\n{command.get_help(context)}\n```\n")
        if isinstance(command, click.Group):
            for name in command.list_commands(context):
                found = command.get_command(context, name)
                if found is not None:
                    walk(found, click.Context(found, info_name=name, parent=context))

    walk(main, context)
    return "\n".join(lines)


def actions() -> str:
    lines = [HEAD + "# Actions of workflows\n", "| key | when it runs | what it does | options |\n| --- | --- | --- | --- |"]
    for action in ACTIONS:
        options = ", ".join(f"`{option.key}`" for option in action.options)
        lines.append(f"| `{action.key}` | {action.phase.name.lower()} | {_first(type(action).__doc__)} | {options} |")
    return "\n".join(lines) + "\n"


def jobs() -> str:
    lines = [HEAD + "# Kinds of jobs\n", "| key | what it does | tries | recurring |\n| --- | --- | --- | --- |"]
    for kind in sorted(KINDS, key=lambda each: each.key):
        lines.append(f"| `{kind.key}` | {_first(kind.run.__doc__)} | {kind.tries} | {kind.every or '–'} |")  # noqa: PERF401 – three steps a field
    return "\n".join(lines) + "\n"


def _first(text: str | None) -> str:
    return _cell((text or "").strip().split("\n", 1)[0])


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    for name, text in pages().items():
        (HERE / name).write_text(text)
