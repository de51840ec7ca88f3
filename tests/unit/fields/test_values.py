"""What particular types accept and refuse, with the codes that people see."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import email_validator
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.fields import TYPES, complete_options
from engine.fields.addresses import EMAIL, parse_email
from engine.fields.exact_numbers import round_number
from engine.kernel.errors import Invalid


def read(key: str, raw: object, **options: Any) -> Any:
    complete = complete_options(TYPES[key], options)
    value = TYPES[key].parse(raw, complete)
    problems = tuple(TYPES[key].check(value, complete))
    if problems:
        raise Invalid(*problems)
    return value


def code_of(key: str, raw: object, **options: Any) -> str:
    with pytest.raises(Invalid) as caught:
        read(key, raw, **options)
    (problem,) = caught.value.problems
    return problem.code


@pytest.mark.parametrize(
    ("raw", "value"),
    [("1234.5", "1234.50"), (7, "7.00"), (7.0, "7.00"), (-0.0, "0.00"), ("１２．５０", "12.50"), ("－３", "-3.00"),
     ("　8 ", "8.00"), ("-0", "0.00"), ("007", "7.00"), ("1.500000", "1.50"), (Decimal("2.5"), "2.50"),
     ("9999999999999999.99", "9999999999999999.99")],
)  # fmt: skip
def test_decimals_are_exact(raw: object, value: str) -> None:
    assert str(read("decimal", raw)) == value


@pytest.mark.parametrize(
    ("raw", "code"),
    [("1,234.50", "field.decimal.unreadable"), ("1e3", "field.decimal.unreadable"), ("NaN", "field.decimal.unreadable"),
     ("٣", "field.decimal.unreadable"), ("5²", "field.decimal.unreadable"), ("①", "field.decimal.unreadable"),
     ("0x10", "field.decimal.unreadable"), ("1_000", "field.decimal.unreadable"), (True, "field.decimal.unreadable"),
     (0.1, "field.decimal.unreadable"), (float("nan"), "field.decimal.unreadable"), (Decimal("Infinity"), "field.decimal.unreadable"),
     (float("inf"), "field.decimal.unreadable"), ("1.234", "field.too_precise"), (Decimal("0.001"), "field.too_precise"),
     ("10000000000000000", "field.too_many_digits"), (10**400, "field.too_many_digits"), (1e300, "field.too_many_digits"),
     (Decimal("1e1000000"), "field.too_many_digits"), ("1" * 61, "field.decimal.unreadable"), ("", "field.decimal.unreadable")],
)  # fmt: skip
def test_what_is_no_exact_decimal_is_refused(raw: object, code: str) -> None:
    assert code_of("decimal", raw) == code


def test_ranges_name_the_bound() -> None:
    assert code_of("integer", -1, minimum=0) == "field.too_small"
    assert code_of("money", "100.01", maximum=100) == "field.too_large"
    assert code_of("rating", 0) == "field.too_small"
    assert code_of("date", "2025-12-31", minimum="2026-01-01") == "field.too_early"
    assert code_of("date", "2027-01-01", maximum="2026-12-31") == "field.too_late"


@pytest.mark.parametrize(
    ("value", "scale", "rounded"),
    [(Decimal("1.005"), 2, "1.01"), (Decimal("-1.005"), 2, "-1.01"), (Decimal("9999999999999999.995"), 2, None),
     (Decimal("1e20"), 0, None), (3, 2, "3.00"), ("x", 2, None), (Decimal(0), 2, "0.00"), (Decimal("NaN"), 2, None),
     (Decimal("1e-30"), 2, "0.00")],
)  # fmt: skip
def test_computed_numbers_are_rounded_half_up(value: Any, scale: int, rounded: str | None) -> None:
    found = round_number(value, scale)

    assert (None if found is None else str(found)) == rounded


@pytest.mark.parametrize(
    ("raw", "code"),
    [("a\nb", "field.forbidden_character"), ("a\x00", "field.forbidden_character"), ("\ud800", "field.forbidden_character"),
     ("a\u2028b", "field.forbidden_character"), ("a\x85b", "field.forbidden_character"), ("  \u3000\u00a0", "field.blank"),
     ("x" * 256, "field.too_long"), (5, "field.text.unreadable"), (["x"], "field.text.unreadable")],
)  # fmt: skip
def test_texts_on_one_line(raw: object, code: str) -> None:
    assert code_of("text", raw) == code


@pytest.mark.parametrize("text", ["中文（全角）", "ﬁ²①", "e\u0301", "👩\u200d💻", "a  b", "\u200e"])
def test_texts_are_kept_as_they_are(text: str) -> None:
    assert read("text", text) == text
    assert read("long_text", text) == text


def test_long_texts_have_one_kind_of_line_break() -> None:
    assert read("long_text", " a\r\nb\rc\n\n") == "a\nb\nc"
    assert code_of("long_text", "\n \t\r\n") == "field.blank"
    assert code_of("long_text", "a\x0bb") == "field.forbidden_character"


def test_texts_are_held_to_their_pattern() -> None:
    assert read("text", " QT-1 ", pattern="[A-Z]{2}-[0-9]") == "QT-1"
    assert code_of("text", "xQT-1", pattern="[A-Z]{2}-[0-9]") == "field.text.pattern"
    assert code_of("text", "QT-１", pattern=r"[A-Z]{2}-\d") == "field.text.pattern"


@pytest.mark.parametrize(
    ("raw", "value"),
    [("Anna+x@Example.COM", "Anna+x@example.com"), (" a@b.cn ", "a@b.cn"), ("a@corp.local", "a@corp.local")],
)
def test_email_addresses(raw: str, value: str) -> None:
    assert read("email", raw) == value


@pytest.mark.parametrize(
    "raw",
    ["a@b", "a.@b.cn", ".a@b.cn", "a..b@c.cn", "a b@c.cn", "a@b.cn, c@d.cn", '"a b"@c.cn', "a@[127.0.0.1]", "a@-b.cn",
     "a@b-.cn", "a@b.1", "a@b.cn\n", "a@b.cn\nBcc: x@y.cn", "用户@例子.中国", "a＠b.cn", "x" * 65 + "@b.cn", "a@" + "b" * 64 + ".cn",
     "a@b..cn", "@b.cn", "a@", "a@b.cn" + "x" * 260, "Li Wei <a@b.cn>", "a@b@c.cn"],
)  # fmt: skip
def test_what_is_no_email_address(raw: str) -> None:
    assert code_of("email", raw) == "field.email.unreadable"


@given(st.from_regex(f"^(?:{EMAIL})$"))
def test_every_address_we_accept_is_one_to_the_validator_library(raw: str) -> None:
    address = parse_email(raw)
    if address is None:
        return
    refusal = _refusal(address)
    assert not refusal or "special-use" in refusal or "--" in address  # reserved names, IDNA


def _refusal(address: str) -> str:
    try:
        email_validator.validate_email(address, check_deliverability=False)
    except email_validator.EmailNotValidError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("raw", "value"),
    [("HTTPS://Example.COM/Path?Q=1#F", "https://example.com/Path?Q=1#F"), ("http://oa", "http://oa"),
     ("http://10.0.0.1:8080/x", "http://10.0.0.1:8080/x"), ("https://[2001:DB8::1]/", "https://[2001:db8::1]/"),
     ("https://例子.中国/产品?名=泵", "https://例子.中国/产品?名=泵"), (" https://a.cn ", "https://a.cn")],
)  # fmt: skip
def test_web_addresses(raw: str, value: str) -> None:
    assert read("url", raw) == value


@pytest.mark.parametrize(
    "raw",
    ["example.com", "ftp://a.cn", "javascript:alert(1)", "http://", "http:///x", "http://a@b.cn", "http://a:b@c.cn/",
     "http://a.com\\@b.com/", "http://a.cn/x y", "http://a.cn/\t", "http://a.cn/\u200b", "http://a.cn:0", "http://a.cn:65536",
     "http://a.cn:", "//a.cn", "http://①②⑦.⓪.⓪.①/", "http://a．cn", "http://a.cn/<x>", "http://a.cn\n", "http://a.cn/" + "x" * 2000],
)  # fmt: skip
def test_what_is_no_web_address(raw: str) -> None:
    assert code_of("url", raw) == "field.url.unreadable"


def test_telephone_numbers_are_kept_as_written_in_normal_width() -> None:
    assert read("phone", "＋８６（０５１２）6666－8888") == "+86(0512)6666-8888"
    assert read("phone", "138 0013 8000") == "138 0013 8000"
    for raw in ("1234", "12 34", "call me", "1" * 31, "13800138000#1", "+-()()", "١٢٣٤٥٦"):
        assert code_of("phone", raw) == "field.phone.unreadable"


@pytest.mark.parametrize(
    "raw",
    ["2026-02-29", "2026-13-01", "2026-1-1", "20261124", "2026-W48-2", "２０２６-11-24", "0026-11-24", "2026/11/24",
     "2026-11-24T00:00:00Z", "2026-11-24 ", 20261124, "10000-01-01"],
)  # fmt: skip
def test_what_is_no_date(raw: object) -> None:
    assert code_of("date", raw) == "field.date.unreadable"


def test_moments_are_kept_in_utc() -> None:
    assert read("datetime", "2026-11-24T16:30:00+08:00") == datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
    assert read("datetime", datetime(2026, 11, 24, 16, 30, tzinfo=timezone(timedelta(hours=8)))).hour == 8
    options: dict[str, Any] = {}
    assert TYPES["datetime"].dump(read("datetime", "2026-11-24T08:30:00.25Z"), options) == "2026-11-24T08:30:00.250000Z"
    assert TYPES["datetime"].dump(read("datetime", "9998-12-31T23:59:59-23:59"), options) == "9999-01-01T23:58:59Z"


@pytest.mark.parametrize(
    ("raw", "code"),
    [("2026-11-24T16:30:00", "field.datetime.no_zone"), ("2026-11-24 16:30", "field.datetime.no_zone"),
     (datetime.fromisoformat("2026-11-24"), "field.datetime.no_zone"), ("2026-11-24", "field.datetime.unreadable"),
     ("2026-11-24T24:00:00Z", "field.datetime.unreadable"), ("2026-11-24T23:59:60Z", "field.datetime.unreadable"),
     ("2026-11-24t08:30:00z", "field.datetime.unreadable"), ("9999-12-31T23:59:59-01:00", "field.datetime.unreadable"),
     ("2023-02-29T00:00:00Z", "field.datetime.unreadable"), (1764000000, "field.datetime.unreadable")],
)  # fmt: skip
def test_what_is_no_moment(raw: object, code: str) -> None:
    assert code_of("datetime", raw) == code


def test_a_moment_is_no_date_and_a_date_no_moment() -> None:
    assert code_of("date", datetime(2026, 11, 24, tzinfo=UTC)) == "field.date.unreadable"
    assert code_of("datetime", date(2026, 11, 24)) == "field.datetime.unreadable"


LEVELS = [{"key": "a"}, {"key": "b"}, {"key": "old", "retired": True}]


def test_choices_are_among_the_options_and_in_their_order() -> None:
    assert read("choice", "b", options=LEVELS) == "b"
    assert read("choice", "old", options=LEVELS) == "old"
    assert code_of("choice", "c", options=LEVELS) == "field.choice.unknown"
    assert code_of("choice", ["a"], options=LEVELS) == "field.choice.unreadable"
    assert read("choices", ["b", "a"], options=LEVELS) == ("a", "b")
    assert code_of("choices", ["a", "a"], options=LEVELS) == "field.twice"
    assert code_of("choices", ["a", "x"], options=LEVELS) == "field.choice.unknown"
    assert code_of("choices", ["a", "b"], options=LEVELS, maximum=1) == "field.too_many"
    assert code_of("choices", "a", options=LEVELS) == "field.choices.unreadable"


ID = "01939e2c-6f00-7abc-8def-0123456789ab"


@pytest.mark.parametrize("raw", [ID, ID.upper(), {"id": ID}, {"id": ID, "title": "Acme"}, UUID(ID)])
def test_references_are_ids(raw: object) -> None:
    assert read("reference", raw, entity="account") == UUID(ID)


@pytest.mark.parametrize("raw", [ID.replace("-", ""), f"{{{ID}}}", f"urn:uuid:{ID}", ID + "\n", {"id": 5}, {"id": {"id": ID}}, {"id": ID, "x": 1}, {}, 5])
def test_what_is_no_id(raw: object) -> None:
    assert code_of("reference", raw, entity="account") == "field.reference.unreadable"


def test_files_are_ids_that_do_not_repeat() -> None:
    assert read("file", [ID]) == (UUID(ID),)
    assert code_of("file", [ID, ID]) == "field.twice"
    assert code_of("file", [ID.upper()]) == "field.file.unreadable"
    assert code_of("file", [ID, ID[:-1] + "c"], maximum=1) == "field.file.too_many"
