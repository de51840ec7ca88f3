"""An app that a consultant makes in the designers, carries to a client and upgrades there, although the client has changed it."""

from __future__ import annotations

import io
import json
import re
import uuid
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Locator, Page, expect

from engine.kernel.json import canonical
from engine.packs import zip_of
from tests.conftest import execute
from tests.e2e.conftest import SLOW, Person, Server, start, stop
from tests.e2e.test_quotation_journey import choose, fill, shown
from tests.e2e.test_workflow_designer import (
    WORDS,
    add_fourth_level,
    node,
    open_flow,
    stored,
    wait_saved,
)
from tests.factories.machines import STEPS

FORM, ENTITY, FLOW = (f"/design/machines/{place}" for place in ("form/quotation", "entity/quotation", "workflow/quotation_approval"))


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


@pytest.mark.long
@pytest.mark.own_server
@pytest.mark.parametrize("server", ["en"], indirect=True)
def test_a_consultant_carries_an_app_to_a_client_and_upgrades_what_the_client_changed(sign_in, browser, client_site, tmp_path):
    consultant = sign_in("admin", width=1440, height=1400)
    client = Person(browser, client_site, "admin", by_hand=True, width=1440, height=1400)
    for person in (consultant, client):
        person.page.set_default_timeout(SLOW)
    clone(consultant)
    call_field(consultant, "subject", "What it is about")
    add_field(consultant, "Incoterm")
    add_field(consultant, "Packing")
    add_step(consultant, "Legal")
    publish(consultant)
    first = save_as_pack(consultant, "1.0.0", tmp_path)

    expect(client.page).to_have_url(re.compile("/design/new/welcome$"))
    person_of_theirs(client, "wang", "Wang Fang")
    install(client, first, standing_for="wang")
    call_field(client, "subject", "Headline")
    call_step(client, "Counsel")
    publish(client)
    quotation = enter_quotation(client)

    call_field(consultant, "subject", "Heading")
    rename_field(consultant, "incoterm", "delivery_terms", "Delivery terms")
    remove_option(consultant, "payment_terms", "Net 60")
    require(consultant, add_field(consultant, "Branch"))
    call_step(consultant, "Legal department", hours="4")
    publish(consultant, moving="Move to “Net 30”")
    second = with_migrations(save_as_pack(consultant, "2.0.0", tmp_path))

    look_at(client, second)
    conflict = client.page.locator(".merge-item", has_text="Headline")
    expect(conflict).to_contain_text("Heading")
    expect(conflict).to_contain_text("What it is about")
    upgrade(client, tries=True)
    check_second(client, quotation)
    go_back(client)
    check_first(client, quotation)
    look_at(client, second)
    upgrade(client)
    check_second(client, quotation)
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


# in the designers -----------------------------------------------------------------------------------
def at_field(person: Person, key: str) -> Locator:
    """A field of the form, chosen on its sheet; returns its panel."""
    page = person.page
    person.go(FORM)
    page.locator(f'[data-id="f:{key}"]').click()
    panel = page.locator(".designer-right")
    panel.get_by_label("Label", exact=True).first.wait_for()
    return panel


def call_field(person: Person, key: str, label: str) -> None:
    at_field(person, key).get_by_label("Label", exact=True).first.fill(label)
    wait_saved(person.page)


def add_field(person: Person, label: str) -> str:
    """A text, from the palette to the end of the form; returns its key."""
    page = person.page
    person.go(FORM)
    page.wait_for_selector(".sheet .fc-in")
    page.locator('[data-tile="type text"]').first.click()
    page.keyboard.type(label)
    page.wait_for_timeout(300)
    page.keyboard.press("Enter")
    key = label.lower()
    page.wait_for_selector(f'[data-id="f:{key}"]')
    wait_saved(page)
    return key


def require(person: Person, key: str) -> None:
    at_field(person, key).get_by_role("group", name="Required", exact=True).get_by_role("button", name="Always", exact=True).click()
    wait_saved(person.page)


def remove_option(person: Person, key: str, label: str) -> None:
    panel = at_field(person, key)
    panel.get_by_role("button", name=f"Actions for “{label}”", exact=True).click()
    panel.get_by_role("menuitem", name="Remove", exact=True).click()
    wait_saved(person.page)


def rename_field(person: Person, key: str, to: str, label: str) -> None:
    """Another key in one step with everything that names it, and the label for it."""
    page = person.page
    person.go(ENTITY)
    page.locator(".entity-row", has=page.locator("code", has_text=key)).click()
    page.locator(".designer-right .locked-line button").first.click()
    page.locator("dialog input").fill(to)
    page.wait_for_selector("dialog .note.ok")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog", state="detached")
    wait_saved(page)
    call_field(person, to, label)


def add_step(person: Person, name: str) -> None:
    """An approval by finance behind the general manager's, to be given within 8 hours."""
    add_fourth_level(open_flow(person, FLOW), {**WORDS["en"], "name": ("法务", name)})


def call_step(person: Person, name: str, *, hours: str = "") -> None:
    """Another name for that step, and another time to answer in."""
    page = open_flow(person, FLOW)
    node(page, "approval").click()
    panel = page.locator(".designer-right")
    panel.locator(".words input").nth(1).fill(name)
    if hours:
        panel.locator(".timer").get_by_label("After", exact=True).first.fill(hours)
    wait_saved(page)


def publish(person: Person, *, moving: str = "") -> None:
    """The draft; records that would lose their option are moved to another one."""
    page = person.page
    person.go("/design/machines/publish")
    if moving:
        page.get_by_role("combobox").filter(has_text="Please choose").select_option(label=moving)
    page.locator("#publish-form button.primary").click()
    expect(page.locator("h1")).to_contain_text("published", timeout=SLOW, ignore_case=True)


# the pack -------------------------------------------------------------------------------------------
def save_as_pack(person: Person, version: str, folder: Path) -> Path:
    page = person.page
    person.go("/design/machines/pack/save")
    page.get_by_role("radio", name="Chosen records").check()
    for what in ("Products", "Accounts", "With personal data"):  # the owners of accounts are people whom the client has not
        page.get_by_role("checkbox", name=re.compile(f"^{what}")).check()
    page.fill("#version", version)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the pack").click()
    target = folder / f"machines-{version}.zip"
    download.value.save_as(target)
    return target


def with_migrations(pack: Path) -> Path:
    """What an upgrade does to records is written into pack.json by hand; see docs/how-to/carry_an_app_to_a_client.md."""
    with zipfile.ZipFile(io.BytesIO(pack.read_bytes())) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files["pack.json"])
    files["pack.json"] = canonical({**manifest, "migrations": [{"to": "2.0.0", "steps": STEPS}]})
    pack.write_bytes(zip_of(files))
    return pack


def person_of_theirs(person: Person, login: str, name: str) -> None:
    page = person.page
    person.go("/people/new")
    page.fill("#person-login", login)
    page.fill("#person-name", name)
    page.locator(".action-bar button.primary").click()
    expect(page.get_by_text(name)).to_be_visible()


def install(person: Person, pack: Path, *, standing_for: str) -> None:
    """With its records, and somebody of the client in the place of everybody in the pack."""
    page = person.page
    person.go("/design/packs")
    choose_file(page, pack)
    page.get_by_role("radio", name=re.compile("^Sample records with our own people")).check()
    for choice in page.locator(".packs-mapping select[name^='users:']").all():
        choice.select_option(standing_for)
    page.get_by_role("button", name="Install").click()
    page.get_by_role("link", name="Use it").click(timeout=SLOW)
    person.go("/a/machines/product")
    assert page.locator("a.row-link").count() > 3
    person.go("/a/machines/account")
    page.locator("a.row-link").first.click()
    expect(page.locator('[data-field="owner"]').first).to_contain_text("Wang Fang")
    person.go("/people")
    expect(page.locator("main tbody tr")).to_have_count(2)  # nobody else came along


def choose_file(page: Page, pack: Path) -> None:
    page.set_input_files("#file", pack)
    page.get_by_role("button", name="Look at the pack").click()
    page.wait_for_url("**/file/**", timeout=SLOW)


def look_at(person: Person, pack: Path) -> None:
    person.go("/design/machines/pack/upgrade")
    choose_file(person.page, pack)


def upgrade(person: Person, *, tries: bool = False) -> None:
    """One conflict by hand, those of the step (its own name and its status's) at once; tried first if wanted, then done."""
    page = person.page
    expect(page.locator("#merge-aside")).to_contain_text("3 conflicts to decide")
    page.locator(".merge-item", has_text="Headline").get_by_role("radio", name="Here").check()
    expect(page.locator("#merge-aside")).to_contain_text("2 conflicts to decide", timeout=SLOW)
    page.get_by_role("button", name="Keep mine for open conflicts").click()
    expect(page.locator("#merge-aside")).to_contain_text("No conflict is open", timeout=SLOW)
    if tries:
        page.get_by_role("button", name="Try it out").click()
        expect(page.locator("#merge-aside .note.ok")).to_be_visible(timeout=SLOW)
    page.get_by_role("button", name="Upgrade to 2.0.0").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Upgrade").click()
    expect(page.locator("h1")).to_have_text("Upgraded to version 2.0.0", timeout=SLOW)


def go_back(person: Person) -> None:
    page = person.page
    person.go("/design/machines/pack")
    page.get_by_role("button", name="Return to the state before").click()
    page.get_by_role("alertdialog").locator("[value=yes]").click()
    expect(page.locator("h1")).to_have_text("Returned to version 1.0.0", timeout=SLOW)


# at the client's work ---------------------------------------------------------------------------------
def enter_quotation(person: Person) -> str:
    """One that holds the option and the field which version 2 takes away and renames; its address."""
    page = person.page
    person.go("/a/machines/quotation/new")
    fill(page, "subject", "Two presses")
    fill(page, "incoterm", "FOB Shanghai")
    choose(page, "account", "Suzhou Hengyuan")
    page.locator('[name="payment_terms"]').select_option("net60")
    page.locator(".action-bar button.primary").click()
    page.wait_for_url(re.compile("/a/machines/quotation/[0-9a-f-]{36}$"))
    return page.url.removeprefix(person.server.address)


def check_second(person: Person, quotation: str) -> None:
    """The client's words stay; the rest is as version 2 has it, and the record went along."""
    labels, terms = new_form(person)
    assert {"Headline *", "Delivery terms", "Branch *"} <= labels
    assert "Incoterm" not in labels  # has another name now
    assert "net60" not in terms
    step = stored(person, FLOW)["states"]["approval"]
    assert (step["label"]["en"], step["timers"][0]["after"]) == ("Counsel", "PT4H")
    person.go(quotation)
    for key, value in (("subject", "Two presses"), ("delivery_terms", "FOB Shanghai"), ("branch", "main"), ("payment_terms", "Net 30")):
        assert value in shown(person.page, key)


def check_first(person: Person, quotation: str) -> None:
    """As before the upgrade, the record included."""
    labels, terms = new_form(person)
    assert {"Headline *", "Incoterm"} <= labels
    assert not {"Delivery terms", "Branch *"} & labels
    assert "net60" in terms
    step = stored(person, FLOW)["states"]["approval"]
    assert (step["label"]["en"], step["timers"][0]["after"]) == ("Counsel", "PT8H")
    person.go(quotation)
    for key, value in (("incoterm", "FOB Shanghai"), ("payment_terms", "Net 60")):
        assert value in shown(person.page, key)


def new_form(person: Person) -> tuple[set[str], list[str]]:
    """What the fields of a new quotation are called, those that are required with a star, and the terms of payment it offers."""
    person.go("/a/machines/quotation/new")
    labels = person.page.locator("main .field").evaluate_all(
        "all => all.map(each => each.querySelector('.label')?.innerText.replace('*', '').trim() + (each.hasAttribute('data-required') ? ' *' : ''))")
    terms = person.page.locator('[name="payment_terms"] option').evaluate_all("all => all.map(each => each.value)")
    return set(labels), terms
