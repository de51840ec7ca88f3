"""Each kind of page: no axe finding, no policy violation, no sideways scrolling; light and dark, desk and phone."""

from __future__ import annotations

import pytest

from tests.e2e.accessibility import barriers

PLACES = {
    "sales1": ["/", "/a/manufacturing/quotation", "/a/manufacturing/lead?q=zz-nothing", "/a/manufacturing/quotation/new", "record", "edit",
               "/inbox", "/inbox?tab=submissions", "/notifications", "/account", "/nowhere"],
    "admin": ["/people", "/people/new", "/departments", "/jobs", "/design", "/design/manufacturing", "/design/manufacturing/entity/lead",
              "/design/manufacturing/roles", "/design/manufacturing/translations", "/design/new", "/design/new/check", "/design/new/table",
              "/design/manufacturing/publish", "/design/manufacturing/history", "/design/packs", "/design/packs/shelf/retail", "/design/manufacturing/pack",
              "/design/manufacturing/pack/save", "/design/manufacturing/pack/clone", "/design/manufacturing/pack/upgrade"],
}


def resolve(person, place: str) -> None:
    if place in ("record", "edit"):
        person.go("/a/manufacturing/quotation")
        href = person.page.locator("a.row-link").first.get_attribute("href")
        person.go(href + ("/edit" if place == "edit" else ""))
    else:
        person.go(place)


@pytest.mark.parametrize(("login", "server", "width", "theme"), [
    ("sales1", "zh-CN", 1280, "light"), ("admin", "en", 390, "dark"),
    pytest.param("sales1", "en", 390, "dark", marks=pytest.mark.long), pytest.param("admin", "zh-CN", 1280, "light", marks=pytest.mark.long),
], indirect=["server"])
def test_pages_have_no_findings(sign_in, login, width, theme):
    person = sign_in(login, width=width, theme=theme)
    found = {}
    for place in PLACES[login]:
        resolve(person, place)
        wrong = barriers(person.page)
        if wrong:
            found[place] = wrong
        overflow = person.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if overflow > 1:
            found[f"{place} overflows"] = overflow
        person.check_policy()
    assert found == {}


@pytest.mark.parametrize("server", ["zh-CN"], indirect=True)
def test_the_login_page_has_no_findings(browser, server):
    for theme in ("light", "dark"):
        context = browser.new_context(color_scheme=theme, viewport={"width": 390, "height": 800})
        page = context.new_page()
        page.goto(f"{server.address}/login")
        page.click("main button.primary")
        assert barriers(page) == []
        context.close()


@pytest.mark.parametrize("server", ["en"], indirect=True)
def test_a_refused_form_keeps_what_was_typed_and_focuses_the_summary(sign_in):
    person = sign_in("sales1")
    person.go("/a/manufacturing/quotation/new")
    page = person.page
    page.locator('[name="delivery_days"]').fill("99999")
    page.locator(".action-bar button.primary").click()
    page.wait_for_selector("[data-summary]")
    assert page.locator('[name="delivery_days"]').input_value().replace(",", "") == "99999"
    assert page.evaluate("document.activeElement.matches('[data-summary]')")
    person.check_policy()


@pytest.mark.parametrize("server", ["en"], indirect=True)
def test_a_page_of_work_stays_small(sign_in):
    """25 kB of script and 12 kB of style make a page of work; what only forms need comes later and is small too."""
    person = sign_in("sales1")
    sizes: dict[str, int] = {}

    def count(response) -> None:
        if response.request.resource_type in ("script", "stylesheet"):
            sizes[response.url.rsplit("/", 1)[1]] = int(response.headers.get("content-length", 0))

    person.page.on("response", count)
    person.go("/a/manufacturing/quotation")
    person.page.wait_for_load_state("networkidle")
    first = dict(sizes)
    assert 0 < sum(size for name, size in first.items() if name.endswith(".js")) <= 25_000
    assert 0 < sum(size for name, size in first.items() if name.endswith(".css")) <= 12_000
    person.go("/a/manufacturing/quotation/new")
    person.page.wait_for_load_state("networkidle")
    assert sum(size for name, size in sizes.items() if name not in first) <= 15_000
    person.check_policy()
