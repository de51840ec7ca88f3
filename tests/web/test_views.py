"""Boards, calendars, cards and grouped lists by browser, on both databases: what they show, what they let do, what they never tell."""

from __future__ import annotations

import json
import re
import shutil
import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from engine import new_id, system_actor
from engine.kernel.messages import LANGUAGES
from tests.conftest import copy_database, execute
from tests.web.browser import Browser
from tests.web.conftest import Client, serving
from tests.web.test_pages import check

APP = "manufacturing"
LEADS = f"/a/{APP}/lead"
API = f"/{APP}/lead"


def view(key: str, type_: str = "list", **more) -> dict:
    return {"kind": "view", "key": key, "uid": str(new_id()), "schema": 1, "entity": "lead", "type": type_, "label": {"en": key, "zh-CN": key},
            "columns": ["name", "company"], **more}


SHOWN = [
    view("by_level", "board", board={"by": "level"}, sums=["expected_amount"], page_size=5),
    view("months", group_by="next_contact_on", group_span="month", sums=["expected_amount"], page_size=5),
    view("by_owner", group_by="owner", columns=["name", "owner"], page_size=200),
    view("stretch", "calendar", calendar={"start": "next_contact_on", "end": "until_on", "colour": "level"}),
    view("typed", columns=["name", {"field": "company", "editable": True}, {"field": "level", "editable": True}, {"field": "phone", "label": {"en": "Call", "zh-CN": "拨打"}, "width": 90}]),
    view("stages", group_by="status", page_size=200),
    {**view("further"), "entity": "quotation", "columns": ["number", "account.level", {"field": "account.name", "label": "Who"}]},
    {**view("locked"), "entity": "quotation", "columns": ["number", {"field": "subject", "editable": True}, "status"], "page_size": 200},
    view("tinted", colours=[{"when": 'level = "a"', "colour": "green"}, {"when": "expected_amount > 0", "colour": "amber", "field": "company"}]),
]


def put(app, *documents: dict, roles: dict | None = None) -> None:
    """Into the draft and out to the people, with other rights of sales people to the fields of a lead."""
    with app.engine.work(system_actor("test"), writes=True) as work:
        publishing = app.engine.publishing
        for document in documents:
            publishing.put_document(work, APP, document)
        entity = publishing.get_document(work, APP, "entity", "lead").document
        if not any(field["key"] == "until_on" for field in entity["fields"]):
            field = {"key": "until_on", "uid": str(new_id()), "type": "date", "label": {"en": "Until", "zh-CN": "至"}}
            publishing.put_document(work, APP, {**entity, "fields": [*entity["fields"], field]})
        if roles:
            role = publishing.get_document(work, APP, "role", "sales").document
            lead = {**role["entities"]["lead"], "fields": roles}
            publishing.put_document(work, APP, {**role, "entities": {**role["entities"], "lead": lead}})
        publishing.publish(work, APP, "test")


def a_site(request: pytest.FixtureRequest, factory: pytest.TempPathFactory) -> Iterator[object]:
    """An application of this module's own, for all of its tests: publishing takes a while."""
    from runtime.settings import Settings

    folder = factory.mktemp("views")
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("_installed_sqlite"), folder / "formwork.db")
        url, name = f"sqlite:///{folder / 'formwork.db'}", ""
    else:
        template, server = (request.getfixturevalue(each) for each in ("_installed_postgresql", "postgresql_url"))
        name = f"views_{uuid.uuid4().hex[:8]}"
        copy_database(server, template, name)
        url = sa.make_url(server).set(database=name).render_as_string(hide_password=False)
    found = serving(Settings(data=folder, database_url=url))
    yield found
    found.engine.close()
    if name:
        execute(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shown(request, tmp_path_factory):
    for site in a_site(request, tmp_path_factory):
        put(site, *SHOWN)
        yield site


def cards(text: str) -> list[str]:
    return re.findall(r'data-card="([^"]+)"', text)


def column(text: str, key: str) -> str:
    """The part of a board that is one column."""
    found = re.search(rf'<section class="board-column" id="column-{key}".*?</section>', text, re.DOTALL)
    assert found, key
    return found[0]


def leads(program, filter_: str = "") -> list[dict]:
    return program.get(f"{API}?limit=500" + (f"&filter={quote(filter_)}" if filter_ else "")).json["items"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_type_of_view_speaks_the_readers_language(shown, language):
    browser = Browser(shown, "gm", language=language)
    for key in ("by_level", "months", "stretch", "typed", "leads_board", "leads_cards", "leads_open"):
        check(browser.get(f"{LEADS}?view={key}"), language)
    check(browser.get(f"{LEADS}?view=stretch&month=2026-11&day=2026-11-24"), language)


def test_a_board_has_a_column_for_each_choice_that_pages_by_itself(shown):
    manager, program = Browser(shown, "salesmanager"), Client(shown, "salesmanager")
    text = manager.get(f"{LEADS}?view=by_level").text
    for key in "abc":
        part, all_ = column(text, key), leads(program, f'level = "{key}"')
        assert len(cards(part)) == min(5, len(all_))
        assert f"data-count>{len(all_)}<" in part
        total = f"{sum(float(item['expected_amount'] or 0) for item in all_):,.2f}"
        assert total in part
        seen = cards(part)
        more = re.search(r'hx-get="([^"]+)"', part.partition("board-more")[2])
        while more:
            answer = manager.get(more[1].replace("&amp;", "&"), HX_Request="true", HX_Target="li").text
            seen += cards(answer)
            more = re.search(r'hx-get="([^"]+)"', answer)
        assert sorted(seen) == sorted(item["id"] for item in all_)


def test_search_and_filter_apply_to_a_board(shown):
    manager, program = Browser(shown, "salesmanager"), Client(shown, "salesmanager")
    where = quote(json.dumps([["source", "equals", "web"]]))
    found = cards(manager.get(f"{LEADS}?view=leads_board&where={where}").text)
    assert found
    assert set(found) <= {item["id"] for item in leads(program, 'source = "web"')}
    assert cards(manager.get(f"{LEADS}?view=leads_board&q=no+such+words").text) == []


def test_a_card_moves_by_the_transition_that_leads_there(shown):
    manager, program = Browser(shown, "salesmanager"), Client(shown, "salesmanager")
    lead = leads(program, 'status = "new"')[0]["id"]
    menu = manager.get(f"{LEADS}/{lead}/board?view=leads_board", HX_Request="true").text
    assert "Following" in menu or "Start" in menu
    answer = manager.post(f"{LEADS}/{lead}/board?view=leads_board", {"to": "following"}, HX_Request="true")
    assert answer.status == 204, answer.text
    events = json.loads(answer.headers["HX-Trigger"])
    assert events["cardMoved"] == {"id": lead}
    assert events["toast"]["tone"] == "ok"
    assert program.get(f"{API}/{lead}").json["status"] == "following"


def test_a_move_without_a_transition_is_refused_in_words(shown):
    manager, program = Browser(shown, "salesmanager"), Client(shown, "salesmanager")
    lead = leads(program, 'status = "new"')[0]["id"]
    answer = manager.post(f"{LEADS}/{lead}/board?view=leads_board", {"to": "converted"}, HX_Request="true")
    assert answer.status == 422
    assert answer.headers["HX-Reswap"] == "none"
    said = json.loads(answer.headers["HX-Trigger"])["toast"]
    assert said["tone"] == "bad"
    assert "can't go from" in said["text"]
    assert program.get(f"{API}/{lead}").json["status"] == "new"


def test_a_move_asks_for_what_its_step_requires(shown):
    manager, program = Browser(shown, "salesmanager"), Client(shown, "salesmanager")
    lead = leads(program, 'status = "following"')[0]["id"]
    dialog = manager.post(f"{LEADS}/{lead}/board?view=leads_board", {"to": "invalid"}, HX_Request="true")
    assert dialog.status == 200
    form = dialog.forms[0]
    assert "lost_reason" in dict(form["values"])
    refused = manager.send(form, {"lost_reason": ""}, HX_Request="true")
    assert refused.status == 422
    assert "data-modal" in refused.text
    done = manager.send(form, {"lost_reason": "Too dear"}, HX_Request="true")
    assert done.status == 204, done.text
    assert "closeDialog" in json.loads(done.headers["HX-Trigger"])
    record = program.get(f"{API}/{lead}").json
    assert (record["status"], record["lost_reason"]) == ("invalid", "Too dear")


def test_a_card_of_a_plain_choice_moves_by_changing_it(shown):
    manager, program = Browser(shown, "salesmanager"), Client(shown, "salesmanager")
    lead = leads(program, 'level = "b" and status = "new"')[0]
    address = f"{LEADS}/{lead['id']}/board?view=by_level"
    assert manager.post(address, {"to": "a", "rev": str(lead["rev"])}, HX_Request="true").status == 204
    assert program.get(f"{API}/{lead['id']}").json["level"] == "a"
    stale = manager.post(address, {"to": "c", "rev": str(lead["rev"])}, HX_Request="true")
    assert stale.status == 409
    assert program.get(f"{API}/{lead['id']}").json["level"] == "a"
    assert manager.post(address, {"to": "nonsense"}, HX_Request="true").status == 422
    assert manager.post(address, {"to": "-"}, HX_Request="true").status == 204
    assert program.get(f"{API}/{lead['id']}").json["level"] is None
    assert lead["id"] in column(manager.get(f"{LEADS}?view=by_level").text, "-")


def test_nobody_moves_a_card_of_somebody_elses(shown):
    seller, program = Browser(shown, "sales1"), Client(shown, "salesmanager")
    mine = shown.engine
    with mine.work(system_actor("test"), writes=False) as work:
        person = mine.accounts.find_user(work, "sales2").id
    lead = leads(program, f'owner = "{person}" and level = "b"')[0]["id"]
    answer = seller.post(f"{LEADS}/{lead}/board?view=by_level", {"to": "a"}, HX_Request="true")
    assert answer.status == 422
    assert program.get(f"{API}/{lead}").json["level"] == "b"


def test_groups_have_count_and_sums_of_all_their_records_whatever_the_page(shown):
    manager, program = Browser(shown, "salesmanager"), Client(shown, "salesmanager")
    everything = leads(program)
    totals: dict[str, list[float]] = {}
    for item in everything:
        totals.setdefault((item["next_contact_on"] or "")[:7], []).append(float(item["expected_amount"] or 0))
    address, seen, heads = f"{LEADS}?view=months", [], []
    while address:
        text = manager.get(address, HX_Request="true", HX_Target="div#list").text
        assert "<html" not in text
        seen += re.findall(r'<tr data-id="([^"]+)"', text)
        heads += re.findall(r'<tr class="group">.*?</tr>', text, re.DOTALL)
        found = re.search(r'href="([^"]+)"[^>]*aria-label="Next page"', text)
        address = found[1].replace("&amp;", "&") if found else ""
    assert sorted(seen) == sorted(item["id"] for item in everything)
    for month, amounts in totals.items():
        if not month:
            continue
        name = date.fromisoformat(f"{month}-01").strftime("%B %Y")
        mine = [head for head in heads if name in head]
        assert mine
        assert all(f"{len(amounts)} record" in head for head in mine)
        assert all(f"{sum(amounts):,.2f}" in head for head in mine)
        assert all("continued" in head for head in mine[1:])


def test_groups_of_a_choice_stand_in_the_order_of_its_choices(shown):
    text = Browser(shown, "salesmanager").get(f"{LEADS}?view=stages").text
    with shown.engine.work(system_actor("test"), writes=False) as work:
        options = work.model(APP).entities["lead"].fields["status"].options["options"]
    heads = [re.sub(r"<[^>]+>", "", head).strip() for head in re.findall(r'<tr class="group"><th[^>]*>(.*?)</th>', text, re.DOTALL)]
    labels = [option["label"]["en"] for option in options]
    places = [next(place for place, label in enumerate(labels) if head.startswith(label)) for head in heads]
    assert places == sorted(places)
    assert len(set(places)) == len(places)


def test_references_are_grouped_by_who_they_are(shown):
    text = Browser(shown, "salesmanager").get(f"{LEADS}?view=by_owner").text
    heads = re.findall(r'<tr class="group">.*?</tr>', text, re.DOTALL)
    owners = {item["owner"] for item in leads(Client(shown, "salesmanager"))}
    assert len(heads) == len(owners)


def test_colour_rules_colour_the_record_or_one_value(shown):
    manager, program = Browser(shown, "salesmanager"), Client(shown, "salesmanager")
    text = manager.get(f"{LEADS}?view=tinted").text
    rows = dict(re.findall(r'<tr data-id="([^"]+)"([^>]*)>', text))
    for item in leads(program):
        if item["id"] in rows:
            assert ('data-colour="green"' in rows[item["id"]]) == (item["level"] == "a")
    assert 'class="tint pill" data-colour="amber"' in text


def test_a_calendar_shows_records_on_their_days_and_on_all_of_several(shown):
    manager, program = Browser(shown, "salesmanager"), Client(shown, "salesmanager")
    lead = leads(program, 'status = "new"')[0]["id"]
    assert program.patch(f"{API}/{lead}", {"name": "Long visit", "next_contact_on": "2027-02-26", "until_on": "2027-03-02"}).status == 200
    for month, days in (("2027-02", ["2027-02-26", "2027-02-27", "2027-02-28"]), ("2027-03", ["2027-03-01", "2027-03-02"])):
        text = manager.get(f"{LEADS}?view=stretch&month={month}").text
        cells = dict(re.findall(r'data-day="([\d-]+)"(.*?)</td>', text, re.DOTALL))
        for day in days:
            assert "Long visit" in cells[day], day
        assert "Long visit" not in cells[(date.fromisoformat(days[0]) - timedelta(days=1 if month == "2027-02" else -2)).isoformat()]
    assert re.search(r'data-step="previous"', text)
    assert "month=2027-02" in text
    assert "month=2027-04" in text


@pytest.mark.parametrize("month", ["", "nonsense", "2027-13", "0001-01", "9999-12", "2027-02-30"])
def test_an_odd_month_is_no_accident(shown, month):
    assert Browser(shown, "salesmanager").get(f"{LEADS}?view=stretch&month={month}&day=x").status == 200


def test_a_months_filter_is_that_of_the_list(shown):
    manager, program = Browser(shown, "salesmanager"), Client(shown, "salesmanager")
    lead = leads(program, 'status = "new"')[0]["id"]
    assert program.patch(f"{API}/{lead}", {"name": "Only this", "next_contact_on": "2027-05-05"}).status == 200
    assert "Only this" in manager.get(f"{LEADS}?view=stretch&month=2027-05&q=only").text
    assert "Only this" not in manager.get(f"{LEADS}?view=stretch&month=2027-05&q=other+words").text


def test_a_list_shows_values_of_other_records(shown):
    page = Browser(shown, "salesmanager").get(f"/a/{APP}/quotation?view=further")
    assert page.status == 200
    assert "Who" in page.texts
    assert "A Key" in page.text or 'data-colour="red">A' in page.text


def test_a_value_is_changed_in_the_list(shown):
    manager, program = Browser(shown, "salesmanager"), Client(shown, "salesmanager")
    lead = leads(program, 'status = "new"')[0]
    page = manager.get(f"{LEADS}?view=typed")
    address = next(found.replace("&amp;", "&") for found in re.findall(r'data-edit="([^"]+)"', page.text) if f"{lead['id']}/cells/company" in found)
    assert "Call" in page.texts
    assert 'width="90"' in page.text
    form = manager.get(address, HX_Request="true").forms[0]
    assert dict(form["values"])["company"] == lead["company"]
    row = patch(manager, address, form, company="New name")
    assert row.status == 200
    assert row.text.strip().startswith("<tr")
    assert "New name" in row.text
    assert program.get(f"{API}/{lead['id']}").json["company"] == "New name"


def patch(browser: Browser, address: str, form: dict, **changes: str):
    pairs = {**dict(form["values"]), **changes, "csrf": browser.csrf}
    return browser.open("PATCH", address, data=pairs, headers={"HX-Request": "true"})


def test_a_refused_value_comes_back_with_the_reason(shown):
    manager, program = Browser(shown, "salesmanager"), Client(shown, "salesmanager")
    lead = leads(program, 'status = "new"')[0]
    address = f"{LEADS}/{lead['id']}/cells/company?view=typed"
    form = manager.get(address, HX_Request="true").forms[0]
    answer = patch(manager, address, form, company="x" * 3000)
    assert answer.status == 422
    assert 'class="problem"' in answer.text
    assert program.get(f"{API}/{lead['id']}").json["company"] == lead["company"]


def test_who_was_slower_sees_both_values(shown):
    manager, program = Browser(shown, "salesmanager"), Client(shown, "salesmanager")
    lead = leads(program, 'status = "new"')[0]
    address = f"{LEADS}/{lead['id']}/cells/company?view=typed"
    form = manager.get(address, HX_Request="true").forms[0]
    assert program.patch(f"{API}/{lead['id']}", {"company": "Theirs"}).status == 200
    answer = patch(manager, address, form, company="Mine")
    assert answer.status == 409
    assert "Changed meanwhile to: Theirs" in answer.texts
    assert "You entered: Mine" in answer.texts
    taken = patch(manager, address, answer.forms[0])
    assert taken.status == 200
    assert program.get(f"{API}/{lead['id']}").json["company"] == "Mine"


def test_a_change_elsewhere_in_the_record_is_no_conflict(shown):
    manager, program = Browser(shown, "salesmanager"), Client(shown, "salesmanager")
    lead = leads(program, 'status = "new"')[0]
    address = f"{LEADS}/{lead['id']}/cells/company?view=typed"
    form = manager.get(address, HX_Request="true").forms[0]
    assert program.patch(f"{API}/{lead['id']}", {"phone": "13900001111"}).status == 200
    assert patch(manager, address, form, company="Mine").status == 200
    record = program.get(f"{API}/{lead['id']}").json
    assert (record["company"], record["phone"]) == ("Mine", "13900001111")


def test_only_what_may_be_changed_offers_to_be(shown):
    seller, program = Browser(shown, "sales1"), Client(shown, "sales1")
    page = seller.get(f"{LEADS}?view=typed").text
    offered = set(re.findall(rf'data-edit="{LEADS}/([^/]+)/cells', page))
    mine = {item["id"] for item in leads(program) if item["owner"] == program.id}
    assert offered
    assert offered <= mine
    other = next(item["id"] for item in leads(program) if item["owner"] != program.id)
    assert seller.get(f"{LEADS}/{other}/cells/company?view=typed", HX_Request="true").status == 403
    assert patch(seller, f"{LEADS}/{other}/cells/company?view=typed", {"values": []}, company="x").status == 403
    assert seller.get(f"{LEADS}/{other}/cells/name?view=typed", HX_Request="true").status == 404
    assert seller.get(f"{LEADS}/{other}/cells/no_such_field?view=typed", HX_Request="true").status == 404


def test_a_locked_record_is_not_changed_in_the_list(shown):
    manager, program = Browser(shown, "admin"), Client(shown, "admin")
    waiting = program.get(f"/{APP}/quotation?limit=1&filter=" + quote('status = "pending_manager"')).json["items"][0]["id"]
    page = manager.get(f"/a/{APP}/quotation?view=locked").text
    assert f"{waiting}/cells/subject" not in page
    assert manager.get(f"/a/{APP}/quotation/{waiting}/cells/subject?view=locked", HX_Request="true").status == 403


# What is hidden takes no part --------------------------------------------------------------------

SECRET = [
    view("levels", "board", board={"by": "level"}),
    view("contacts", "calendar", calendar={"start": "next_contact_on"}),
    view("sums", group_by="level", sums=["expected_amount"], columns=["name", "level", {"field": "expected_amount", "editable": True}],
         sort=["-expected_amount"], colours=[{"when": 'level = "a"', "colour": "red"}, {"when": "expected_amount > 0", "colour": "red", "field": "name"}]),
    view("cut", "cards", cards={"chip": "level"}, columns=["company", "expected_amount"]),
]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def hidden(request, tmp_path_factory):
    for site in a_site(request, tmp_path_factory):
        put(site, *SECRET, roles={"level": "hidden", "next_contact_on": "hidden", "expected_amount": "hidden"})
        yield site


def alike(one: str, other: str) -> bool:
    """The same page, but for the key that was asked for and tokens."""
    def bare(text: str) -> str:
        text = re.sub(r"view=\w+", "", text)
        return re.sub(r'name="csrf" value="[^"]*"|"[\w-]{16}"', "", text)
    return bare(one) == bare(other)


@pytest.mark.parametrize("key", ["levels", "contacts"])
def test_a_view_made_of_a_hidden_field_is_like_one_that_is_not_there(hidden, key):
    assert "board-column" in Browser(hidden, "salesmanager").get(f"{LEADS}?view=levels").text
    seller = Browser(hidden, "sales1")
    page = seller.get(f"{LEADS}?view={key}")
    assert page.status == 200
    assert key not in page.texts
    assert alike(page.text, seller.get(f"{LEADS}?view=no_such").text)


def test_nothing_of_a_hidden_board_answers(hidden):
    seller = Browser(hidden, "sales1")
    lead = leads(Client(hidden, "sales1"))[0]["id"]
    for address in (f"{LEADS}?view=levels&column=a", f"{LEADS}/{lead}/board?view=levels"):
        assert seller.get(address, HX_Request="true").status == seller.get(address.replace("levels", "no_such"), HX_Request="true").status == 404
    assert seller.post(f"{LEADS}/{lead}/board?view=levels", {"to": "a"}, HX_Request="true").status == 404


def test_hidden_fields_group_sum_sort_and_colour_nothing(hidden):
    manager = Browser(hidden, "salesmanager").get(f"{LEADS}?view=sums").text
    assert 'class="group"' in manager
    assert 'data-colour="red"' in manager
    seller = Browser(hidden, "sales1")
    page = seller.get(f"{LEADS}?view=sums")
    assert page.status == 200
    for trace in ('class="group"', "<tfoot", "tint", "Expected amount", "data-edit", "level", "data-head=\"expected"):
        assert trace not in page.text, trace
    lead = leads(Client(hidden, "sales1"))[0]["id"]
    assert seller.get(f"{LEADS}/{lead}/cells/expected_amount?view=sums", HX_Request="true").status == 404
    cards_page = seller.get(f"{LEADS}?view=cut")
    assert cards_page.status == 200
    assert "Expected amount" not in cards_page.text


@pytest.mark.parametrize("sort", ["level", "level:order", "-level:order", "no_such", "no_such:order", "company:order"])
def test_the_order_of_hidden_choices_is_unknown(hidden, sort):
    answer = Client(hidden, "sales1").get(f"{API}?sort={sort}")
    assert answer.status in {400, 422}
    assert [error["code"] for error in answer.json["errors"]] == ["query.unknown_field"]


def test_the_order_of_choices_can_be_asked_for(hidden):
    found = [item["level"] for item in Client(hidden, "salesmanager").get(f"{API}?sort=-level:order&limit=500").json["items"]]
    filled = [level for level in found if level]
    assert filled == sorted(filled, reverse=True)
    assert found == [*filled, *[None] * (len(found) - len(filled))]


# The designer's preview ----------------------------------------------------------------------------

def preview(browser: Browser, document: dict, **more):
    return browser.open("POST", f"/design/{APP}/view-preview", data=json.dumps({"document": document, **more}),
                        headers={"Content-Type": "application/json", "Accept": "application/json", "X-CSRF-Token": browser.csrf})


def test_the_designer_sees_an_edited_view_over_real_records(shown):
    browser = Browser(shown, "designer")
    board = json.loads(preview(browser, view("new_one", "board", board={"by": "status"}, sums=["expected_amount"])).text)
    assert board["type"] == "board"
    assert "board-column" in board["html"]
    assert len(cards(board["html"])) > 3
    grouped = json.loads(preview(browser, view("new_one", group_by="status", filter='level = "a"', columns=["name", "level"])).text)
    assert 'class="group"' in grouped["html"]
    assert grouped["count"] == len(leads(Client(shown, "designer"), 'level = "a"'))
    for unready in ("board", "calendar"):
        answer = preview(browser, view("new_one", unready))
        assert answer.status == 200
        assert "Choose the" in answer.text


def test_what_is_not_published_yet_is_shown_empty_and_said(shown):
    with shown.engine.work(system_actor("test"), writes=True) as work:
        entity = shown.engine.publishing.get_document(work, APP, "entity", "lead").document
        field = {"key": "colour", "uid": str(new_id()), "type": "text", "label": {"en": "Paint", "zh-CN": "颜色"}}
        fields = [{**each, "key": "firm"} if each["key"] == "company" else each for each in entity["fields"]]
        shown.engine.publishing.put_document(work, APP, {**entity, "fields": [*fields, field]})
    browser = Browser(shown, "designer")
    answer = json.loads(preview(browser, view("x", columns=["name", "firm", "colour"], filter='colour = "red"', sort=["firm"])).text)
    assert answer["missing"] == ["filter"]
    assert "Paint" in answer["html"]
    assert leads(Client(shown, "designer"))[0]["company"] in answer["html"]


def test_only_designers_preview_and_bad_documents_are_told(shown):
    assert preview(Browser(shown, "sales1"), view("x")).status == 403
    browser = Browser(shown, "designer")
    assert preview(browser, {"kind": "view"}).status == 422
    assert preview(browser, {**view("x"), "entity": "nothing"}).status == 422
    assert preview(browser, view("x", filter="this is ( no")).status == 200
    assert preview(browser, view("x", columns=["no_such", "name"])).status == 200
