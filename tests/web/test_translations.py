"""Texts of the draft as CSV out and in, and the page of the grid."""

from __future__ import annotations

import csv
import io
import json

import pytest

from engine.kernel.messages import LANGUAGES
from tests.web.browser import Browser

APP = "manufacturing"



def exported(browser) -> tuple[bytes, list[list[str]]]:
    answer = browser.client.get(f"/design/{APP}/translations.csv")
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    raw = answer.get_data()
    return raw, list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def written(rows: list[list[str]], *, encoding: str = "utf-8-sig", delimiter: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def read(browser, content: bytes):
    answer = browser.client.post(f"/design/{APP}/translations/read", data={"file": (io.BytesIO(content), "texts.csv")},
                                 headers={"X-CSRF-Token": browser.csrf, "Accept": "application/json"})
    return answer.status_code, answer.get_json()


def test_out_and_in_again_changes_nothing(app):
    designer = Browser(app, "designer")
    raw, rows = exported(designer)
    assert raw.startswith(b"\xef\xbb\xbf")
    assert rows[0] == ["path", "place", "zh-CN", "en"]
    assert len(rows) > 600
    by_path = {row[0]: row for row in rows}
    assert by_path["entity/quotation/label"][2:] == ["报价单", "Quotation"]
    assert "Quotation" in by_path["entity/quotation/label"][1]
    for encoding, delimiter in (("utf-8-sig", ","), ("utf-16", "\t"), ("gb18030", ";"), ("utf-8", ",")):
        status, found = read(designer, written(rows, encoding=encoding, delimiter=delimiter))
        assert status == 200
        assert (found["changes"], found["problems"]) == ([], []), encoding
        assert found["rows"] == len(rows) - 1


@pytest.mark.parametrize("installed_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_doubtful_row_is_named_with_its_reason_and_the_others_count(app, language):
    designer = Browser(app, "designer", language=language)
    _, rows = exported(designer)
    rows = [rows[0], ["entity/quotation/label", "", "报价", "Offer"], ["entity/quotation/label", "", "再来", "Again"], ["entity/nothing/label", "", "无", "Nothing"],
            ["entity/lead/label", "", "线\n索", "Lead"], ["entity/account/label", "", "客户"], ["", "", "", ""], ["entity/lead/plural", "", "", "Leads!"],
            ["entity/contact/label", "", "x" * 10_001, "Contact"]]
    status, found = read(designer, written(rows))
    assert status == 200
    assert [(each["path"], each["language"], each["before"], each["after"]) for each in found["changes"]] == [
        ("entity/quotation/label", "zh-CN", "报价单", "报价"), ("entity/quotation/label", "en", "Quotation", "Offer"), ("entity/lead/plural", "en", "Leads", "Leads!"),
    ]
    assert [each["row"] for each in found["problems"]] == [3, 4, 5, 6, 9]
    assert all(each["message"] and not each["message"].startswith("translations.") for each in found["problems"])
    # Nothing is written: what the table says is the grid's to take over.
    assert {row[0]: row[3] for row in exported(designer)[1]}["entity/quotation/label"] == "Quotation"


@pytest.mark.parametrize("installed_url", ["sqlite"], indirect=True)
def test_what_is_no_table_of_texts_is_refused_in_words(app):
    designer = Browser(app, "designer")
    for content in (b"", b"a,b\n1,2\n", b"path\nentity/lead/label\n", b"PK\x03\x04xxxx", b'path,en\n"entity/lead/label,x\n', b"\x00\x01\x02", b"x" * 8_000_001):
        status, found = read(designer, content)
        assert status == 422, content[:20]
        assert found["errors"][0]["code"].startswith("translations.")
        assert found["errors"][0]["message"]
    answer = designer.client.post(f"/design/{APP}/translations/read", headers={"X-CSRF-Token": designer.csrf, "Accept": "application/json"})
    assert answer.status_code == 422


@pytest.mark.parametrize("installed_url", ["sqlite"], indirect=True)
def test_no_cell_is_a_formula_and_such_texts_come_back_as_they_were(app):
    designer = Browser(app, "designer")
    texts = {"entity/lead/label": "=1+1", "entity/lead/plural": "'=x", "entity/contact/label": "-5 °C", "entity/contact/plural": "＝全角", "entity/asset/label": "'quoted'"}
    _save(designer, texts)
    _, rows = exported(designer)
    cells = {row[0]: row[3] for row in rows}
    assert cells["entity/lead/label"] == "'=1+1"
    assert cells["entity/lead/plural"] == "''=x"
    assert cells["entity/asset/label"] == "'quoted'"
    assert not any(cell.lstrip()[:1] in "=+-@＝＋－＠" and cell for row in rows for cell in row)
    status, found = read(designer, written(rows))
    assert (status, found["changes"]) == (200, [])


def _save(browser, texts: dict[str, str]) -> None:
    held = browser.client.get(f"/design/{APP}/draft", headers={"Accept": "application/json"}).get_json()["documents"]
    changes = []
    for entry in held:
        document, names = entry["document"], {}
        for path, words in texts.items():
            kind, key, name = path.split("/")
            if (document["kind"], document["key"]) == (kind, key):
                names[name] = {**document[name], "en": words}
        if names:
            changes.append({"address": f"{document['kind']}/{document['key']}", "document": {**document, **names}, "base": document, "rev": entry["rev"]})
    answer = browser.client.post(f"/design/{APP}/draft", json={"changes": changes}, headers={"X-CSRF-Token": browser.csrf, "Accept": "application/json"})
    assert [each["outcome"] for each in answer.get_json()["results"]] == ["saved"] * len(changes), answer.get_data(as_text=True)


@pytest.mark.parametrize("installed_url", ["sqlite"], indirect=True)
def test_the_page_knows_where_texts_are_and_what_is_published(app):
    designer = Browser(app, "designer")
    page = designer.get(f"/design/{APP}/translations")
    assert page.status == 200
    boot = json.loads(page.text.split('id="designer-boot">')[1].split("</script>")[0])
    assert boot["more"]["published"]["entity/quotation/label"] == {"en": "Quotation", "zh-CN": "报价单"}
    assert "fields" in boot["more"]["shapes"]["kinds"]["entity"]["parts"]
    for path in (f"/design/{APP}/translations", f"/design/{APP}/translations.csv"):
        assert Browser(app, "sales1").get(path).status == 403
