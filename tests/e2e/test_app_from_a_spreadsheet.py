"""Journey: from an XLSX of customers (5,000 in the long run) to a working list, form and board."""

from __future__ import annotations

import os
import random
import time
from datetime import date, timedelta

import pytest

pytestmark = [pytest.mark.own_server, pytest.mark.parametrize("server", ["zh-CN"], indirect=True)]
ROWS = 5_000 if os.environ.get("FORMWORK_LONG") else 500


def workbook(path):
    from openpyxl import Workbook

    chance = random.Random(5)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("客户")
    sheet.append(["公司名称", "统一编码", "行业", "级别", "联系人", "手机", "邮箱", "年采购额", "员工数", "首次合作", "重点客户", "备注"])
    for number in range(ROWS):
        sheet.append([f"华信精密{number}有限公司", f"C{number:05d}", chance.choice(["机械", "电子", "汽车"]), chance.choice("ABC"), f"王{number}", 13_800_000_000 + number, f"c{number}@example.cn",
                      round(chance.random() * 1e6, 2), chance.randint(5, 900), date(2020, 1, 1) + timedelta(days=number % 2000), chance.choice(["是", "否"]), "需回访" if number % 3 == 0 else None])
    book.save(path)
    return path


def test_a_workbook_of_customers_becomes_a_list_a_form_and_a_board(sign_in, tmp_path):
    path = workbook(tmp_path / "客户管理.xlsx")
    person = sign_in("admin")
    page = person.page
    began = time.monotonic()
    person.go("/design/new")
    page.click("a[href='/design/new/table']")
    page.set_input_files("input[type=file]", path)
    page.wait_for_selector(".start-columns")
    types = [select.input_value() for select in page.locator(".start-columns select").all()]
    assert types == ["text", "text", "choice", "choice", "text", "phone", "email", "money", "integer", "date", "yes_no", "long_text"]
    assert page.locator("table").last.locator("tbody tr").count() == 20
    page.get_by_label("“统一编码”不可重复").check()
    page.get_by_label("“备注”的字段名称").fill("跟进说明")
    page.click(".start-bar .primary")
    page.wait_for_selector(".start-wait a.primary", timeout=90_000)
    assert str(ROWS) in page.locator(".start-wait").inner_text().replace(",", "")
    took = time.monotonic() - began

    page.click(".start-wait a.primary")  # the list
    page.wait_for_selector("table tbody tr")
    assert page.locator("main").get_by_text("华信精密").count() > 10
    page.goto(page.url.split("?")[0] + "/new")  # the form
    page.get_by_label("公司名称").first.fill("新客户有限公司")
    page.get_by_label("统一编码").first.fill("N00001")
    page.locator("main form button.primary").first.click()
    page.wait_for_selector("h1:has-text('新客户有限公司')")
    person.go("/")
    page.locator("nav.side a[href$='view=kehu_board']").last.click()  # the board
    page.wait_for_url("**view=kehu_board*")
    page.wait_for_selector("main:has-text('机械')")
    assert page.locator("main").get_by_text("华信精密").count() > 10
    person.check_policy()
    print(f"from the file to the app: {took:.1f} s")
