"""The draft as the designers read and write it: several documents at once, colleagues' work merged, nothing lost."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from engine.kernel.messages import LANGUAGES
from tests.web.browser import Browser
from tests.web.test_pages import check

APP = "/design/manufacturing"
DRAFT = f"{APP}/draft"
LEAD = "entity/lead"
FORM = "form/lead"


class Designer(Browser):
    """A browser whose page speaks JSON."""

    def ask(self, path: str, given: Any = None, *, status: int = 200) -> Any:
        headers = {"Accept": "application/json", "X-CSRF-Token": self.csrf}
        more = {} if given is None else {"json": given}
        answer = self.client.open(path, method="GET" if given is None else "POST", headers=headers, **more)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.get_json()

    def document(self, address: str) -> dict[str, Any]:
        found = [item["document"] for item in self.ask(f"{DRAFT}?of={address}")["documents"]]
        return found[0] if found else {}

    def save(self, *changes: tuple[str, Any, Any], tried: Any = ()) -> list[dict[str, Any]]:
        given = [{"address": address, "document": document, "base": base, "tried": list(tried)} for address, document, base in changes]
        return list(self.ask(DRAFT, {"changes": given})["results"])


@pytest.fixture
def one(app: Any) -> Designer:
    return Designer(app, "designer")


@pytest.fixture
def two(app: Any) -> Designer:
    return Designer(app, "admin")


def with_label(document: dict[str, Any], words: str) -> dict[str, Any]:
    return {**document, "label": {**document["label"], "en": words}}


def with_item(form: dict[str, Any], item: dict[str, Any]) -> dict[str, Any]:
    made = copy.deepcopy(form)
    made["tabs"][0]["sections"][0]["items"].append(item)
    return made


def test_work_of_two_on_one_form_is_merged(one: Designer, two: Designer) -> None:
    base = one.document(FORM)
    assert one.save((FORM, with_item(base, {"text": {"en": "From one"}}), base))[0]["outcome"] == "saved"
    answer = two.save((FORM, with_label(base, "Leads, mine"), base))[0]

    assert (answer["outcome"], answer["by"]) == ("merged", "Wu Jing")
    assert answer["document"] == one.document(FORM)
    assert answer["document"]["label"]["en"] == "Leads, mine"
    assert {"text": {"en": "From one"}} in answer["document"]["tabs"][0]["sections"][0]["items"]


def test_where_both_changed_one_place_nothing_is_written_and_both_sides_come_back(one: Designer, two: Designer) -> None:
    base = one.document(FORM)
    one.save((FORM, with_label(base, "One"), base))
    answer = two.save((FORM, with_label(with_item(base, {"text": {"en": "From two"}}), "Two"), base))[0]

    assert answer["outcome"] == "conflict"
    conflict = answer["conflict"]
    assert [(clash["path"], clash["mine"], clash["theirs"]) for clash in conflict["clashes"]] == [(["label", "en"], "Two", "One")]
    assert {"text": {"en": "From two"}} in conflict["merged"]["tabs"][0]["sections"][0]["items"]
    assert one.document(FORM)["label"]["en"] == "One"
    chosen = two.save((FORM, conflict["merged"], conflict["theirs"]))[0]
    assert chosen["outcome"] == "saved"
    assert one.document(FORM)["label"]["en"] == "Two"


def test_a_removed_side_is_left_out_of_a_clash(one: Designer, two: Designer) -> None:
    base = one.document(LEAD)
    changed, removed = copy.deepcopy(base), copy.deepcopy(base)
    changed["fields"][-1]["help"] = {"en": "Look here"}
    removed["fields"].pop()
    one.save((LEAD, removed, base))
    clash = two.save((LEAD, changed, base))[0]["conflict"]["clashes"][0]

    assert "theirs" not in clash
    assert clash["mine"]["help"] == {"en": "Look here"}


def test_a_document_that_a_colleague_removed_does_not_come_back_unasked(one: Designer, two: Designer) -> None:
    base = one.document("view/leads_public") or next(item["document"] for item in one.ask(DRAFT)["documents"] if item["document"]["kind"] == "view")
    place = f"view/{base['key']}"
    assert one.save((place, None, base))[0]["outcome"] == "saved"
    answer = two.save((place, with_label(base, "Mine"), base))[0]

    assert (answer["outcome"], answer["conflict"]["theirs"]) == ("conflict", None)
    assert two.document(place) == {}
    assert two.save((place, with_label(base, "Mine"), None))[0]["outcome"] == "saved"
    assert two.save((place, None, one.document(place)))[0]["outcome"] == "saved"
    assert one.save((place, None, base))[0]["outcome"] == "saved"  # both removed it


def test_a_document_changed_by_a_colleague_is_not_removed_unasked(one: Designer, two: Designer) -> None:
    base = one.document(FORM)
    one.save((FORM, with_label(base, "One"), base))
    answer = two.save((FORM, None, base))[0]

    assert (answer["outcome"], answer["conflict"]["mine"]) == ("conflict", None)
    assert one.document(FORM)["label"]["en"] == "One"


def test_a_new_key_is_followed(one: Designer, two: Designer) -> None:
    base = next(item["document"] for item in one.ask(DRAFT)["documents"] if item["document"]["kind"] == "view")
    place = f"view/{base['key']}"
    renamed = one.save((place, {**base, "key": "renamed_view"}, base))[0]
    assert (renamed["outcome"], renamed["document"]["key"]) == ("saved", "renamed_view")
    answer = two.save((place, with_label(base, "Mine"), base))[0]

    assert (answer["outcome"], answer["document"]["key"], answer["document"]["label"]["en"]) == ("merged", "renamed_view", "Mine")
    assert one.document(place) == {}


def test_two_new_things_of_one_key_are_kept_apart(one: Designer, two: Designer) -> None:
    def made(uid: str, words: str) -> dict[str, Any]:
        return {"kind": "view", "key": "fresh", "uid": uid, "schema": 1, "entity": "lead", "type": "list", "label": words, "columns": ["name"]}

    one.save(("view/fresh", made("0198a9a6-0000-7000-8000-000000000001", "One"), None))
    answer = two.save(("view/fresh", made("0198a9a6-0000-7000-8000-000000000002", "Two"), None))[0]

    assert (answer["outcome"], answer["conflict"]["clashes"], answer["conflict"]["theirs"]["label"]) == ("conflict", [], "One")
    assert one.document("view/fresh")["label"] == "One"


def test_what_arrived_without_an_answer_is_no_conflict_with_oneself(one: Designer) -> None:
    base = one.document(FORM)
    first = with_label(base, "First")
    one.save((FORM, first, base))  # the answer to this got lost on the way
    answer = one.save((FORM, with_label(base, "Second"), base), tried=[first])[0]

    assert answer["outcome"] == "saved"
    assert one.document(FORM)["label"]["en"] == "Second"


def test_one_refused_document_keeps_none_of_the_others(one: Designer) -> None:
    form, lead = one.document(FORM), one.document(LEAD)
    saved, refused = one.save((FORM, with_label(form, "New"), form), (LEAD, {**lead, "fields": "none"}, lead))

    assert (saved["outcome"], refused["outcome"]) == ("saved", "refused")
    assert refused["problems"][0]["path"] == ["fields"]
    assert one.document(FORM)["label"]["en"] == "New"
    assert one.document(LEAD) == lead


def test_open_pages_hear_of_changes_cheaply(one: Designer, two: Designer) -> None:
    standing = one.ask(f"{DRAFT}?since=0")
    quiet = one.ask(f"{DRAFT}?since={standing['rev']}")
    assert quiet["marks"] is None
    assert quiet["who"]["name"] == "Wu Jing"
    assert quiet["who"]["csrf"] == one.csrf
    base = two.document(FORM)
    two.save((FORM, with_label(base, "Two"), base))
    heard = one.ask(f"{DRAFT}?since={standing['rev']}")

    assert heard["rev"] > standing["rev"]
    assert {place for place, now in heard["marks"].items() if now["mark"] != standing["marks"][place]["mark"]} == {FORM}
    assert heard["marks"][FORM]["by"] == "Administrator"


def test_an_ended_session_is_told_from_a_lost_right(app: Any, one: Designer) -> None:
    stranger = Designer(app)
    assert stranger.ask(f"{DRAFT}?since=0", status=401)["errors"][0]["code"] == "http.401"
    assert stranger.ask(DRAFT, {"changes": []}, status=403)["errors"][0]["code"] == "shell.csrf"
    assert Designer(app, "sales1").ask(f"{DRAFT}?since=0", status=403)["errors"][0]["code"] != "shell.csrf"


ONE_DATABASE = pytest.mark.parametrize("installed_url", ["sqlite"], indirect=True)


@ONE_DATABASE
@pytest.mark.parametrize("given", [{}, {"changes": {}}, {"changes": ["x"]}, {"changes": [{}] * 501}])
def test_what_is_no_list_of_changes_is_refused(one: Designer, given: Any) -> None:
    assert one.ask(DRAFT, given, status=422)["errors"][0]["code"] == "design.not_changes"


@ONE_DATABASE
def test_bad_changes_come_back_one_by_one(one: Designer) -> None:
    lead = one.document(LEAD)
    bad: list[Any] = [{}, {"address": "entity/lead", "document": 3}, {"address": "what/ever", "document": lead}, {"address": "entity/lead", "document": one.document(FORM)},
           {"address": "app/manufacturing", "document": None, "base": one.document("app/manufacturing")}, {"address": LEAD, "document": lead, "base": lead, "tried": "x"}]
    results = one.ask(DRAFT, {"changes": bad})["results"]

    assert [result["outcome"] for result in results] == ["refused", "refused", "refused", "refused", "refused", "saved"]


@ONE_DATABASE
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_overview_brings_the_whole_draft(app: Any, language: str) -> None:
    page = Browser(app, "designer", language=language).get(APP)

    check(page, language)
    assert '"start_words"' in page.text
    assert "designer/ui/overview" in page.text or "designer-overview" in page.text
