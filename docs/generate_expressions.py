"""Write the tables of docs/reference/expressions.md from the functions and limits themselves.

    python docs/generate_expressions.py            writes the page
    python docs/generate_expressions.py --check    fails when the page is out of date

Only what stands between `<!-- begin … -->` and `<!-- end … -->` is written; the rest is by hand.
"""

from __future__ import annotations

import re
import sys
from itertools import groupby
from pathlib import Path

from engine.expressions import FUNCTIONS, Function
from engine.expressions.functions.function import Parameter
from engine.expressions.grammar import MAX_ARGUMENTS, MAX_DEPTH, MAX_NODES
from engine.expressions.kinds import KINDS
from engine.expressions.tokens import MAX_DECIMALS, MAX_LENGTH, MAX_TEXT, MAX_WHOLE_DIGITS
from engine.expressions.values import MAX_RESULT_DIGITS
from engine.expressions.values import MAX_TEXT as MAX_RESULT_TEXT

PAGE = Path(__file__).parent / "reference" / "expressions.md"
_TITLES = {
    "logic": "Choosing and testing", "text": "Text", "number": "Numbers",
    "dates": "Dates and moments", "lists": "Lists", "records": "The record and who acts",
}  # fmt: skip
_BLOCK = re.compile(r"(<!-- begin (\w+) -->\n).*?(<!-- end \2 -->)", re.DOTALL)


def page() -> str:
    """The page as it should be."""
    blocks = {"functions": functions(), "limits": limits()}
    return _BLOCK.sub(
        lambda found: f"{found[1]}{blocks[found[2]]}\n{found[3]}", PAGE.read_text(encoding="utf-8")
    )


def functions() -> str:
    """One table a room."""
    lines: list[str] = []
    for room, members in groupby(FUNCTIONS, lambda function: function.room):
        lines += ["", f"### {_TITLES[room]}", ""]
        lines += ["| function | gives | what it does | 说明 | example | result |", "|---|---|---|---|---|---|"]
        lines += [row(function) for function in members]
    return "\n".join([*lines, ""])


def row(function: Function) -> str:
    """One line of a table."""
    marks = [
        *([] if function.in_sql else ["not on PostgreSQL, so not in filters"]),
        *([] if function.in_browser else ["not while a form is filled in"]),
    ]
    note = f" ({'; '.join(marks)})" if marks else ""
    returns = function.returns if function.returns in KINDS else "the kind of its values"
    cells = (
        f"`{function.key}({', '.join(map(signature, function.parameters))})`", returns,
        function.description["en"] + note, function.description["zh-CN"],
        f"`{function.example}`", f"`{function.result}`",
    )  # fmt: skip
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def signature(parameter: Parameter) -> str:
    """A parameter, in brackets when it can be left out."""
    shown = parameter.key + (", …" if parameter.repeats else "")
    return f"[{shown}]" if parameter.optional else shown


def limits() -> str:
    """The limits that the code has."""
    rows = (
        ("length of the text", f"{MAX_LENGTH:,} characters"),
        ("parts (values, names, operators, calls)", f"{MAX_NODES}"),
        ("nesting (a run of `and`, `or` or `&` is one level)", f"{MAX_DEPTH} levels"),
        ("values of one call", f"{MAX_ARGUMENTS}"),
        ("a text between quotes", f"{MAX_TEXT:,} characters"),
        ("a number", f"{MAX_WHOLE_DIGITS} digits before the point, {MAX_DECIMALS} after"),
        ("a text that is made", f"{MAX_RESULT_TEXT:,} characters"),
        ("a number that is the result", f"{MAX_RESULT_DIGITS} digits before the point"),
    )
    return "\n".join(["", "| | at most |", "|---|---|", *(f"| {what} | {most} |" for what, most in rows), ""])


def main() -> int:
    """Write the page, or say that it is out of date."""
    fresh = page()
    if "--check" not in sys.argv:
        PAGE.write_text(fresh, encoding="utf-8")
        return 0
    is_fresh = PAGE.read_text(encoding="utf-8") == fresh
    if not is_fresh:
        print("docs/reference/expressions.md is out of date: python docs/generate_expressions.py")
    return 0 if is_fresh else 1


if __name__ == "__main__":
    raise SystemExit(main())
