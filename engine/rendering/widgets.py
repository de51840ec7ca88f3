"""What a widget shows and what its input holds, per widget.

A field type names its widget; nothing here knows a field type. A widget is one `Widget` in this
registry and one template `templates/widgets/<key>.html` with two macros: `control(node)` draws the
input, `value(node)` the value.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.definitions import Field
from engine.fields.capabilities import HoldsFiles, Refers
from engine.kernel.registry import Registry
from engine.rendering import formats
from engine.rendering.locale import current_locale
from engine.rendering.widget import Choice, Setting, Shown, Widget, choices_of


def _plain(value: Any, _setting: Setting) -> Shown:
    return Shown("" if value is None else str(value))


def _as_text(value: Any, _setting: Setting) -> str:
    return "" if value is None else str(value)


def _as_list(value: Any, _setting: Setting) -> tuple[str, ...]:
    if value is None or value == "":
        return ()
    if isinstance(value, (list, tuple, set, frozenset)):
        return tuple(str(item) for item in value)
    return (str(value),)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def _number_text(value: Any, setting: Setting) -> str:
    """What an input holds: no groups, and for other than money no zeros that nobody typed."""
    return _short(value) if isinstance(value, Decimal) else _as_text(value, setting)


def _money_text(value: Any, setting: Setting) -> str:
    if isinstance(value, Decimal):
        return formats.show_number(value, setting.options.get("scale")).replace(",", "")
    return _as_text(value, setting)


def _short(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _show_number(value: Any, setting: Setting) -> Shown:
    """Entered quantities as short as they are; computed numbers, often amounts, with all decimals."""
    if not _is_number(value):
        return _plain(value, setting)
    if isinstance(value, Decimal) and not setting.is_computed:
        return Shown(formats.show_number(Decimal(_short(value))))
    return Shown(formats.show_number(value, setting.options.get("scale")))


def _show_money(value: Any, setting: Setting) -> Shown:
    if not _is_number(value):
        return _plain(value, setting)
    return Shown(
        formats.show_money(
            value, setting.options.get("currency") or "", setting.options.get("scale", 2)
        )
    )


def _show_percent(value: Any, setting: Setting) -> Shown:
    return (
        Shown(formats.show_percent(value, setting.options.get("scale", 2)))
        if _is_number(value)
        else _plain(value, setting)
    )


def _money_extras(setting: Setting) -> dict[str, Any]:
    return {
        "prefix": formats.currency_sign(setting.options.get("currency") or "").strip(),
        "scale": setting.options.get("scale", 2),
    }


def _number_extras(setting: Setting) -> dict[str, Any]:
    return {"scale": setting.options.get("scale", 0)}


def _percent_extras(setting: Setting) -> dict[str, Any]:
    return {"suffix": "%", "scale": setting.options.get("scale", 2)}


def _show_date(value: Any, setting: Setting) -> Shown:
    return Shown(formats.show_date(value)) if isinstance(value, date) else _plain(value, setting)


def _show_datetime(value: Any, setting: Setting) -> Shown:
    return (
        Shown(formats.show_datetime(value))
        if isinstance(value, datetime)
        else _plain(value, setting)
    )


def _local_text(value: Any, setting: Setting) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(current_locale().zone):%Y-%m-%d %H:%M}"
    return _as_text(value, setting)


def _show_yes_no(value: Any, setting: Setting) -> Shown:
    return Shown(formats.show_yes_no(value)) if isinstance(value, bool) else _plain(value, setting)


def _yes_no_raw(value: Any, _setting: Setting) -> bool:
    return value is True or value in {"true", "on", "1", "yes"}


def _show_choices(value: Any, setting: Setting) -> Shown:
    keys = _as_list(value, setting)
    known = {choice.key: choice for choice in choices_of(setting, keep=keys)}
    chips = tuple(known.get(key, Choice(key, key)) for key in keys)
    return Shown(formats.say_list([chip.label for chip in chips]), chips=chips)


def _text_extras(setting: Setting) -> dict[str, Any]:
    return {
        "max_length": setting.options.get("max_length"),
        "multiline": bool(setting.options.get("multiline")),
    }


def _show_email(value: Any, _setting: Setting) -> Shown:
    return Shown(str(value), f"mailto:{value}") if value else Shown()


def _show_phone(value: Any, _setting: Setting) -> Shown:
    return (
        Shown(
            str(value),
            "tel:" + "".join(letter for letter in str(value) if letter in "+0123456789,;#*"),
        )
        if value
        else Shown()
    )


def _show_url(value: Any, _setting: Setting) -> Shown:
    text = "" if value is None else str(value)
    is_web = text.lower().startswith(
        ("http://", "https://")
    )  # javascript: and data: must not become links
    return Shown(text.split("://", 1)[-1].rstrip("/") if is_web else text, text if is_web else "")


def _target(setting: Setting) -> str:
    return (
        setting.field.type.target(setting.options) if isinstance(setting.field.type, Refers) else ""
    )


def _show_reference(value: Any, setting: Setting) -> Shown:
    if value is None or value == "":
        return Shown()
    target = _target(setting)
    href = (
        setting.addresses.record(target, str(value))
        if target and not target.startswith("@")
        else ""
    )
    return Shown(str(setting.title or ""), href)


def _reference_extras(setting: Setting) -> dict[str, Any]:
    names = sorted(setting.field.filter.names) if setting.field.filter else []
    return {
        "lookup": setting.addresses.lookup(setting.entity, setting.field.key),
        "title": str(setting.title or ""),
        "depends": " ".join(name.split(".")[1] for name in names if name.startswith("record.")),
    }


def _show_files(value: Any, setting: Setting) -> Shown:
    known = setting.title if isinstance(setting.title, (list, tuple)) else ()
    details = {str(item.get("id")): item for item in known if isinstance(item, Mapping)}
    files = tuple(
        {
            "id": key,
            "name": details.get(key, {}).get("name") or key,
            "size": details.get(key, {}).get("size"),
            "href": setting.addresses.file(key),
        }
        for key in _as_list(value, setting)
    )
    return Shown(formats.say_list([str(item["name"]) for item in files]), files=files)


def _file_extras(setting: Setting) -> dict[str, Any]:
    endings = (
        setting.field.type.accepted(setting.options)
        if isinstance(setting.field.type, HoldsFiles)
        else ()
    )
    return {
        "accept": ",".join(endings),
        "maximum": setting.options.get("maximum"),
        "upload": setting.addresses.upload,
    }


def _rating_extras(setting: Setting) -> dict[str, Any]:
    return {"maximum": int(setting.options.get("maximum") or 5)}


def _show_rating(value: Any, setting: Setting) -> Shown:
    return Shown("" if value is None else f"{value} / {_rating_extras(setting)['maximum']}")


WIDGETS: Registry[Widget] = Registry(
    "widgets",
    (
        Widget("text", _plain, _as_text, _text_extras),
        Widget("long_text", _plain, _as_text, _text_extras, is_wide=True),
        Widget("email", _show_email, _as_text),
        Widget("phone", _show_phone, _as_text),
        Widget("url", _show_url, _as_text),
        Widget("number", _show_number, _number_text, _number_extras, is_number=True),
        Widget("money", _show_money, _money_text, _money_extras, is_number=True),
        Widget("percent", _show_percent, _number_text, _percent_extras, is_number=True),
        Widget("rating", _show_rating, _as_text, _rating_extras),
        Widget("yes_no", _show_yes_no, _yes_no_raw),
        Widget("date", _show_date, _as_text),
        Widget("datetime", _show_datetime, _local_text),
        Widget("choice", _show_choices, _as_text),
        Widget("choices", _show_choices, _as_list),
        Widget("reference", _show_reference, _as_text, _reference_extras),
        Widget("user", _show_reference, _as_text, _reference_extras),
        Widget("department", _show_reference, _as_text, _reference_extras),
        Widget("file", _show_files, _as_list, _file_extras),
    ),
)


def widget_of(target: Field) -> Widget:
    """The widget of a field; a type with a widget this build lacks is shown as text."""
    return WIDGETS.find(target.type.widget) or WIDGETS["text"]
