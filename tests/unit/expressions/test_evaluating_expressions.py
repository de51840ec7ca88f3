"""Compiling and evaluating, beyond what the vectors tell."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from engine.expressions import FUNCTIONS, Expression, compile, evaluate, to_conditions  # noqa: A004
from engine.expressions.functions.number import run_chinese_amount
from engine.expressions.kinds import KINDS, LABELS
from engine.expressions.to_conditions import dump, load
from engine.kernel.errors import Invalid
from engine.kernel.messages import catalogue, translate

NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
NAMES: dict[str, Any] = {
    "amount": "number", "name": "text", "due_on": "date", "created_on": "datetime", "open": "yes_no", "tags": "list",
    "owner": "reference", "account.level": "text", "old.amount": "number", "what": "any",
}  # fmt: skip


def value(text: str, scope: Any = None, **more: Any) -> Any:
    return evaluate(compile(text, NAMES), {} if scope is None else scope, now=NOW, **more)


def problems(text: str, names: Any = None, **more: Any) -> list[str]:
    with pytest.raises(Invalid) as caught:
        compile(text, NAMES if names is None else names, **more)
    return [problem.code.removeprefix("expression.") for problem in caught.value.problems]


def test_an_expression_tells_what_it_reads_and_gives() -> None:
    expression = compile("if(is_changed(amount), account.level, name)", NAMES)
    assert expression.text == "if(is_changed(amount), account.level, name)"
    assert expression.names == {"amount", "old.amount", "account.level", "name"}
    assert expression.kind == "text"
    assert not expression.is_volatile
    assert compile("due_on < today()", NAMES).is_volatile
    assert compile("null", {}).kind == "null"
    assert compile("what", NAMES).kind == "any"
    assert compile("if(open, what, amount)", NAMES).kind == "number"
    assert compile("amount", NAMES) == compile("amount", NAMES)
    assert isinstance(expression, Expression)
    assert hash(expression) == hash(compile(expression.text, NAMES))


def test_all_problems_are_told_at_once() -> None:
    assert problems("amuont + 1 > 5 and roud(name) = 3 and name > 5") == ["unknown_name_near", "unknown_function_near", "mismatch"]
    assert problems("nothing_like_it and zzz(1, what)") == ["unknown_name", "unknown_function"]
    assert problems("left(name) & upper()") == ["arguments", "arguments"]


def test_a_wanted_kind_is_checked() -> None:
    assert compile("5", {}, expects="number").kind == "number"
    assert compile("null", {}, expects="date").kind == "null"
    assert compile('"2026-11-24"', {}, expects="date").kind == "date"
    assert compile(f'"{UUID(int=5)}"', {}, expects="reference").kind == "reference"
    assert problems("name", expects="number") == ["expects"]
    assert problems('"soon"', expects="date") == ["expects"]
    assert problems("amount", expects="yes_no") == ["expects"]


def test_names_may_come_from_a_function() -> None:
    asked: list[str] = []

    def find(name: str) -> Any:
        asked.append(name)
        return "number" if name == "amount" else None

    assert compile("amount + 1", find).names == {"amount"}
    assert problems("amout + 1", find) == ["unknown_name"]
    assert asked == ["amount", "amout"]


def test_a_scope_may_be_a_function_and_reads_only_what_is_needed() -> None:
    asked: list[str] = []

    def look_up(name: str) -> Any:
        asked.append(name)
        return True if name == "open" else Decimal(5)

    assert value("open or amount > 3", look_up) is True
    assert asked == ["open"]


def test_values_of_records_are_taken_as_they_are() -> None:
    assert value("amount + 1", {"amount": 5}) == Decimal(6)
    assert value("amount", {"amount": 0.1}) == Decimal("0.1")
    assert value("tags", {"tags": ["a"]}) == ("a",)
    assert value('"a" in tags', {"tags": frozenset({"a", "b"})}) is True
    assert value("owner", {"owner": UUID(int=1)}) == UUID(int=1)
    assert value("what = 5", {"what": 5}) is True
    assert value("what = 5", {"what": "5"}) is False
    shanghai = datetime.fromisoformat("2026-11-24T16:30:00+08:00")
    assert value("created_on = now()", {"created_on": shanghai}) is True
    assert value("created_on", {"created_on": shanghai}).tzinfo is UTC
    assert value("amount", {}) is None


def test_errors_of_the_scope_itself_pass_through() -> None:
    class Gone(Exception):
        pass

    def look_up(_name: str) -> Any:
        raise Gone

    with pytest.raises(Gone):
        value("amount", look_up)
    assert value("amount", {"amount": 1}) == 1


def test_today_is_that_of_the_time_zone() -> None:
    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    expression = compile("today()", {})
    assert evaluate(expression, {}, now=late) == date(2026, 11, 24)
    assert evaluate(expression, {}, now=late, timezone="Asia/Shanghai") == date(2026, 11, 25)
    assert evaluate(compile("hour(now())", {}), {}, now=late, timezone="America/New_York") == 18


def test_an_expression_may_be_evaluated_while_another_is() -> None:
    inner = compile("amount * 2", NAMES)

    def look_up(name: str) -> Any:
        return evaluate(inner, {"amount": 21}, now=NOW.replace(year=2000)) if name == "amount" else None

    assert value("amount + year(today())", look_up) == 42 + 2026


def test_threads_do_not_meet() -> None:
    expression = compile("if(amount > 500, amount, -amount) + year(today())", NAMES)
    wrong: list[Any] = []

    def work(number: int) -> None:
        year = 2000 + number
        for _ in range(300):
            found = evaluate(expression, {"amount": number * 1000}, now=NOW.replace(year=year))
            if found != number * 1000 + year:
                wrong.append(found)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(1, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_moments_at_the_ends_of_the_calendar_have_a_date() -> None:
    last = datetime.max.replace(tzinfo=UTC)
    assert value("to_date(created_on)", {"created_on": last}, timezone="Asia/Shanghai") == date(9999, 12, 31)
    first = datetime.min.replace(tzinfo=UTC)
    assert value("to_date(created_on)", {"created_on": first}, timezone="America/New_York") == date(1, 1, 1)


def test_a_tree_survives_json() -> None:
    texts = [
        "if(amount > 0, round((amount - 1.5) / amount * 100, 2), null)", 'name in ("a", "b") and not open', "-amount + 3",
        "due_on < today() + 3 or created_on > \"2026-01-01T00:00:00Z\"", f'owner = "{UUID(int=3)}"', 'case(name, "a", 1, 2)',
        "hour(now()) > 3 and due_on = \"2026-01-01\"", 'has_any(tags, "a") or "b" not in tags',
    ]  # fmt: skip
    for text in texts:
        tree = to_conditions(compile(text, NAMES))
        assert dump(load(tree)) == tree
    with pytest.raises(LookupError):
        load(["exec", "1"])


def test_amounts_in_chinese_capitals_follow_the_banks_rules() -> None:
    for amount, written in [
        ("0", "零元整"), ("0.05", "伍分"), ("0.50", "伍角整"), ("1.05", "壹元零伍分"), ("10", "壹拾元整"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"), ("6007.14", "陆仟零柒元壹角肆分"), ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"), ("10000", "壹万元整"), ("100500.07", "壹拾万零伍佰元零柒分"), ("1000001", "壹佰万零壹元整"),
        ("100000000", "壹亿元整"), ("1000000000000", "壹万亿元整"), ("-5.1", "负伍元壹角整"), ("0.004", "零元整"),
    ]:  # fmt: skip
        assert run_chinese_amount(Decimal(amount)) == written
    assert run_chinese_amount(Decimal(10) ** 16) is None
    assert run_chinese_amount(None) is None


def test_every_problem_has_a_sentence_in_both_languages() -> None:
    english, chinese = catalogue("en"), catalogue("zh-CN")
    codes = {code for code in english if code.startswith("expression.")}
    assert codes == {code for code in chinese if code.startswith("expression.")}
    assert len(codes) > 45
    for code in codes:
        assert sorted(set(placeholders(english[code]))) == sorted(set(placeholders(chinese[code])))


def placeholders(sentence: str) -> list[str]:
    return [part.partition("}")[0] for part in sentence.split("{")[1:]]


def test_problems_fill_their_sentences() -> None:
    texts = [
        "amuont", "xyzzy", "roundd(1)", "left(name)", "min()", "round()", "left(amount, 1)", "if(open, 1, name)", "amount + open",
        "amount + name", "created_on - created_on", "amount and open", "amount = name", "due_on < now()", "open < open",
        "name in name", "[1]", "is_changed(1)", "（", "1e5", "金额", '"', "'\\q'", "1 +", "(1", "1)", "()", "1 < 2 < 3", "a.b()", "1 2",
        "round(1 2)", "x" * 4001, "+".join(["amount"] * 60), "&".join(["name"] * 500), f"sum({'1,' * 41}1)", f'"{"x" * 1001}"',
        '"\\u0000"', "9" * 19, "@",
    ]  # fmt: skip
    for text in texts:
        with pytest.raises(Invalid) as caught:
            compile(text, NAMES)
        for problem in caught.value.problems:
            for language in ("en", "zh-CN"):
                sentence = translate(problem.code, problem.values, language)
                assert sentence != problem.code
                assert "{" not in sentence.replace("“{”", "")


def test_kinds_and_functions_are_complete() -> None:
    assert set(LABELS) == {*KINDS, "any", "null"}
    assert len(FUNCTIONS) >= 40
    for function in FUNCTIONS:
        assert function.returns in {*KINDS, *(parameter.group for parameter in function.parameters)}
