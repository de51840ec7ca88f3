"""Password hashes and what makes a password acceptable."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from engine.accounts import logins, passwords
from engine.accounts.sign_in import LONGEST_PAUSE, pause_after


def codes(password: str, login: str = "li.wei") -> list[str]:
    return [problem.code for problem in passwords.problems_of(password, login)]


def test_a_hash_is_argon2id_and_fits_its_password_only() -> None:
    stored = passwords.hash_password("correct horse")

    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.fits(stored, "correct horse")
    assert not passwords.fits(stored, "correct house")
    assert not passwords.is_outdated(stored)


def test_full_width_digits_are_the_digits() -> None:
    assert passwords.fits(passwords.hash_password("密码１２３４５６"), "密码123456")


def test_without_a_stored_hash_no_password_fits() -> None:
    assert not passwords.fits(None, "correct horse")
    assert not passwords.fits("not a hash", "correct horse")


def test_overlong_input_is_refused_before_it_is_hashed() -> None:
    assert not passwords.fits(passwords.hash_password("x"), "密" * 400)


def test_a_hash_with_other_parameters_is_outdated() -> None:
    assert passwords.is_outdated(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("x"))


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short12", "accounts.password_short"),
        ("长" * 400, "accounts.password_long"),
        ("1qaz2wsx", "accounts.password_common"),
        ("PASSWORD1", "accounts.password_common"),
        ("Li.Wei.2026", "accounts.password_common"),
    ],
)
def test_bad_passwords_are_named(password: str, code: str) -> None:
    assert codes(password, "li.wei.2026") == [code]


def test_a_long_phrase_is_fine() -> None:
    assert codes("correct horse battery") == []


def test_logins_have_one_form() -> None:
    assert logins.normal_login("  Ｌi.WEI＠Example.com ") == "li.wei@example.com"
    assert logins.normal_name(" 李\u202e 伟\n") == "李 伟"


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ({"login": "li wei"}, ["accounts.login_form"]),
        ({"login": ".x"}, ["accounts.login_form"]),
        ({"login": "a\x00b"}, ["accounts.login_form"]),
        ({"login": "李伟"}, []),
        ({"name": ""}, ["accounts.name_form"]),
        ({"email": "not"}, ["accounts.email_form"]),
        ({"email": "li@example.com"}, []),
        ({"timezone": "Mars/Olympus"}, ["accounts.timezone_form"]),
        ({"timezone": "../etc/passwd"}, ["accounts.timezone_form"]),
        ({"timezone": "Asia/Shanghai", "language": "zh-CN", "theme": "dark"}, []),
        ({"language": "Klingon!", "theme": "pink"}, ["accounts.language_form", "accounts.theme_form"]),
        ({"name": "x" * 121}, ["accounts.too_long"]),
    ],
)
def test_details_are_checked(values: dict[str, str], codes: list[str]) -> None:
    assert [problem.code for problem in logins.problems_of(values)] == codes


def test_pauses_grow_to_a_quarter_of_an_hour() -> None:
    pauses = [pause_after(failed) for failed in range(40)]

    assert pauses[:5] == [None] * 5
    assert pauses[5:] == sorted(pauses[5:])
    assert pauses[-1] == LONGEST_PAUSE
