"""E-mail and web addresses and telephone numbers: one pattern each, for us and for JSON Schema.

The patterns are narrower than the standards on purpose. An e-mail address is ASCII and of the
dotted kind that mail servers deliver to (RFC 5321 lengths; no quoting, no comments); names inside a
company (`name@corp.local`) are fine, and nothing is looked up. A web address has http or https and
a host; a user name in it, a backslash, a space or an invisible character is refused, because what
people read must be where they go. A telephone number is what people dial, in whatever grouping;
it is kept as written, since no rule tells which part is the area code.
"""

from __future__ import annotations

import re

from engine.fields.plain_texts import SPACES

_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_LAST_LABEL = "[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z])?"
_ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
EMAIL = rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+{_LAST_LABEL}"
EMAIL_NAME = "[^@]{1,64}@[^@]*"
EMAIL_LIMIT = 254

_UNSEEN = (
    r"\x00-\x20\x7f-\xa0\xad" + "\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff"
)
_LETTERS = "\u00c0-\u024f\u0370-\u167f\u1681-\u180d\u180f-\u1fff\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
_HOST = f"(?:[A-Za-z0-9{_LETTERS}-]{{1,63}}\\.)*[A-Za-z0-9{_LETTERS}-]{{1,63}}\\.?"
_PORT = "(?:6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3})"
URL = (
    rf"[hH][tT][tT][pP][sS]?://(?:{_HOST}|\[[0-9A-Fa-f:.]{{2,45}}\])(?::{_PORT})?"
    rf'(?:[/?#][^{_UNSEEN}\\<>"]*)?'
)
URL_LIMIT = 2000

_DIALLED = "+0-9()＋０-９（）－-"
PHONE = f"[{_DIALLED}][ {_DIALLED}]{{3,28}}[{_DIALLED}]"
PHONE_DIGITS = "(?:[0-9０-９][^0-9０-９]*){5}"
PHONE_LIMIT = 60
_HALF_WIDTH = str.maketrans("＋（）－０１２３４５６７８９", "+()-0123456789")

_is_email = re.compile(EMAIL).fullmatch
_is_email_name = re.compile(EMAIL_NAME).fullmatch
_is_url = re.compile(URL).fullmatch
_is_phone = re.compile(PHONE).fullmatch
_has_phone_digits = re.compile(PHONE_DIGITS).search


def parse_email(raw: str) -> str | None:
    """The address, with its domain in lower case, or None."""
    text = raw.strip(SPACES)
    if len(raw) > EMAIL_LIMIT or not _is_email(text) or not _is_email_name(text):
        return None
    name, _, domain = text.partition("@")
    return f"{name}@{domain.lower()}"


def parse_url(raw: str) -> str | None:
    """The address, with scheme and host in lower case, or None."""
    text = raw.strip(SPACES)
    if len(raw) > URL_LIMIT or not _is_url(text):
        return None
    start, _, rest = text.partition("://")
    cut = min((place for place in map(rest.find, "/?#") if place >= 0), default=len(rest))
    host = rest[:cut]
    return f"{start.lower()}://{host.lower() if host.isascii() else host}{rest[cut:]}"


def parse_phone(raw: str) -> str | None:
    """The number as written, in characters of normal width, or None."""
    text = raw.strip(SPACES)
    if len(raw) > PHONE_LIMIT or not _is_phone(text) or not _has_phone_digits(text):
        return None
    return text if text.isascii() else text.translate(_HALF_WIDTH)
