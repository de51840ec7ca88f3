"""Journeys with packs: the first screen of an empty installation, and an app that a consultant carries to a client and upgrades there."""

from __future__ import annotations

import io
import json
import re
import uuid
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from engine.packs import zip_of
from tests.conftest import execute
from tests.e2e.conftest import Person, Server, start, stop
from tests.factories.machines import relabel, version_two, with_legal_step

SLOW = 90_000
"""Milliseconds that an installation may take on a busy machine."""


@pytest.fixture
def client_site(postgresql_url: str, tmp_path: Path) -> Iterator[Server]:
    """A second installation, without any app, on PostgreSQL."""
    name = f"client_{uuid.uuid4().hex[:8]}"
    execute(postgresql_url, f'CREATE DATABASE "{name}"')
    address = sa.make_url(postgresql_url).set(database=name).render_as_string(hide_password=False)
    found = start("en", tmp_path / "client", "--pack", "none", FORMWORK_DATABASE_URL=address)
    yield found
    stop(found)
    execute(postgresql_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def test_the_first_screen_leads_to_a_working_crm_and_its_samples_can_go(browser, tmp_path):
    site = start("zh-CN", tmp_path / "data", "--pack", "none")
    try:
        admin = Person(browser, site, "admin", by_hand=True)
        page = admin.page
        page.set_default_timeout(SLOW)
        expect(page).to_have_url(re.compile("/design/new/welcome$"))
        page.get_by_role("radio", name=re.compile("^制造业")).check()
        page.get_by_role("button", name="开始").click()
        page.get_by_role("link", name="开始使用").click(timeout=SLOW)
        expect(page.locator(".note")).to_contain_text("示例数据")
        admin.go("/a/manufacturing/account")
        assert page.locator("a.row-link").count() > 5
        admin.go("/")
        page.get_by_role("link", name="清除示例数据").click()
        page.get_by_role("button", name=re.compile("^清除 .* 条示例记录")).click()
        expect(page.locator("h1")).to_have_text("示例数据已清除", timeout=SLOW)
        admin.go("/a/manufacturing/account")
        assert page.locator("a.row-link").count() == 0
        admin.go("/")
        expect(page.get_by_role("link", name="清除示例数据")).to_have_count(0)
        admin.check_policy()
        admin.close()
    finally:
        stop(site)


@pytest.mark.long
@pytest.mark.own_server
def test_a_module_that_was_left_out_is_added_later_with_its_pages(browser, tmp_path):
    site = start("en", tmp_path / "data", "--pack", "none")
    try:
        admin = Person(browser, site, "admin", by_hand=True)
        page = admin.page
        page.set_default_timeout(SLOW)
        admin.go("/design/packs/shelf/clinic")
        page.get_by_role("checkbox", name=re.compile("^Cards")).uncheck()
        page.get_by_role("button", name="Install").click()
        page.get_by_role("link", name="Use it").click(timeout=SLOW)
        admin.go("/a/clinic/charge")
        assert page.locator("a.row-link").count() > 0
        expect(page.get_by_role("link", name="Cards", exact=True)).to_have_count(0)
        admin.go("/design/clinic/pack")
        page.get_by_role("button", name="Add Cards").click()
        expect(page.get_by_role("button", name="Add Cards")).to_have_count(0, timeout=SLOW)
        expect(page.locator(".note.ok")).to_contain_text("Cards")
        admin.go("/a/clinic/membership_card/new")
        expect(page.locator("form#form")).to_be_visible()
        admin.check_policy()
        admin.close()
    finally:
        stop(site)


# a consultant's journey -----------------------------------------------------------------------------
@pytest.mark.long
@pytest.mark.own_server
@pytest.mark.parametrize("server", ["en"], indirect=True)
def test_a_consultant_carries_an_app_to_a_client_and_upgrades_what_the_client_changed(sign_in, browser, client_site, tmp_path):
    consultant = sign_in("admin")
    for person in (consultant, client := Person(browser, client_site, "admin", by_hand=True)):
        person.page.set_default_timeout(SLOW)
    clone(consultant)
    design_here(consultant)
    first = save_as_pack(consultant, tmp_path / "machines-1.0.0.zip")

    expect(client.page).to_have_url(re.compile("/design/new/welcome$"))
    install(client, first)
    change(client, "entity", "quotation", lambda document: relabel(document, "subject", "Headline"))
    publish(client)

    look_at(client, next_version(first, tmp_path / "machines-2.0.0.zip"))
    page = client.page
    conflict = page.locator(".merge-item", has_text="Headline").first
    expect(conflict).to_contain_text("Heading")
    expect(conflict).to_contain_text("What it is about")
    decide_and_upgrade(client)
    fields = labels_of_form(client)
    assert {"Headline", "Delivery terms", "Branch"} <= fields
    assert "Incoterm" not in fields  # has another name now

    client.go("/design/machines/pack")
    page.get_by_role("button", name="Return to the state before").click()
    page.get_by_role("alertdialog").locator("[value=yes]").click()
    expect(page.locator("h1")).to_have_text("Returned to version 1.0.0", timeout=SLOW)
    assert {"Headline", "Incoterm"} <= labels_of_form(client)

    look_at(client, tmp_path / "machines-2.0.0.zip")
    decide_and_upgrade(client, tries=False)
    assert {"Headline", "Delivery terms", "Branch"} <= labels_of_form(client)
    for person in (consultant, client):
        person.check_policy()
    client.close()


def clone(person: Person) -> None:
    page = person.page
    person.go("/design/manufacturing/pack/clone")
    page.fill("#label_en", "Machines")
    page.fill("#label_zh-CN", "机械")
    page.fill("#key", "machines")
    page.get_by_role("checkbox", name="With its records").check()
    page.get_by_role("button", name="Clone").click()
    expect(page.locator(".note.ok")).to_contain_text("Manufacturing", timeout=SLOW)


def design_here(person: Person) -> None:
    """Another label, two fields more, another step of the approval; published."""
    page = person.page
    change(person, "entity", "quotation", lambda document: relabel(document, "subject", "What it is about"))
    for key, label in (("incoterm", "Incoterm"), ("packing", "Packing")):
        page.fill("#field-key", key)
        page.select_option("#field-type", "text")
        page.fill("#field-zh", label)
        page.fill("#field-en", label)
        page.get_by_role("button", name="Add a field").click()
        page.wait_for_url("**saved=1**", wait_until="commit", timeout=SLOW)
        person.go("/design/machines/entity/quotation?as=json")
    change(person, "workflow", "quotation_approval", with_legal_step)
    publish(person)


def change(person: Person, kind: str, key: str, edit: Callable[[dict[str, Any]], None]) -> None:
    """A document, changed as text in its editor."""
    page = person.page
    person.go(f"/design/machines/{kind}/{key}?as=json")
    box = page.locator("textarea[name=document]")
    document = json.loads(box.input_value())
    edit(document)
    box.fill(json.dumps(document, ensure_ascii=False))
    box.press("Control+s")
    page.wait_for_url("**saved=1**", wait_until="commit", timeout=SLOW)
    person.go(f"/design/machines/{kind}/{key}?as=json")


def publish(person: Person) -> None:
    person.go("/design/machines/publish")
    person.page.locator("#publish-form button.primary").click()
    expect(person.page.locator("h1")).to_contain_text("published", timeout=SLOW, ignore_case=True)


def save_as_pack(person: Person, target: Path) -> Path:
    page = person.page
    person.go("/design/machines/pack/save")
    page.get_by_role("radio", name="Chosen records").check()
    page.get_by_role("checkbox", name="Products").check()
    page.fill("#version", "1.0.0")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the pack").click()
    download.value.save_as(target)
    return target


def install(person: Person, pack: Path) -> None:
    page = person.page
    person.go("/design/packs")
    choose_file(page, pack)
    page.get_by_role("button", name="Install").click()
    page.get_by_role("link", name="Use it").click(timeout=SLOW)
    person.go("/a/machines/product")
    assert page.locator("a.row-link").count() > 3


def choose_file(page: Page, pack: Path) -> None:
    page.set_input_files("#file", pack)
    page.get_by_role("button", name="Look at the pack").click()
    page.wait_for_url("**/file/**", timeout=SLOW)


def next_version(pack: Path, target: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(pack.read_bytes())) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}

    target.write_bytes(zip_of(version_two(files)))
    return target


def look_at(person: Person, pack: Path) -> None:
    person.go("/design/machines/pack/upgrade")
    choose_file(person.page, pack)


def decide_and_upgrade(person: Person, *, tries: bool = True) -> None:
    """One conflict by hand, the others at once; tried first if wanted, then done."""
    page = person.page
    page.locator(".merge-item", has_text="Headline").first.get_by_role("radio", name="Here").check()
    page.get_by_role("button", name="Keep mine for open conflicts").click()
    expect(page.locator("#merge-aside")).to_contain_text("No conflict is open", timeout=SLOW)
    if tries:
        page.get_by_role("button", name="Try it out").click()
        expect(page.locator("#merge-aside .note.ok")).to_be_visible(timeout=SLOW)
    page.get_by_role("button", name="Upgrade to 2.0.0").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Upgrade").click()
    expect(page.locator("h1")).to_have_text("Upgraded to version 2.0.0", timeout=SLOW)


def labels_of_form(person: Person) -> set[str]:
    """What the fields of a new quotation are called."""
    person.go("/a/machines/quotation/new")
    return {text.strip().rstrip("*").strip() for text in person.page.locator("main .field .label").all_inner_texts()}
