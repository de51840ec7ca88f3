"""What actions do: in the transaction, or as jobs of it; and nothing when the command fails."""

from __future__ import annotations

from typing import Any

import pytest

from engine import records, workflow
from engine.kernel.errors import Invalid
from engine.records import Query
from tests.factories.quotations import APP, Quotations, the_workflow


def with_actions(*actions: dict[str, Any]) -> dict[str, Any]:
    """The workflow with these actions on entering `approved`."""
    document = the_workflow()
    document["states"]["approved"]["enter"] = list(actions)
    return document


def test_a_record_is_created_with_the_persons_name_and_the_products_rights(quotations: Quotations) -> None:
    quotations.publish(with_actions(
        {"create": "account", "values": {"name": '"Follow up " & number', "owner": "initiator.id"}},
    ))
    record_id = quotations.submitted("300000.00")

    quotations.decide("manager", record_id)

    with quotations.work("root", writes=False) as work:
        page = records.query_records(work, APP, "account", Query(filter='starts_with(name, "Follow")'))
        assert len(page.records) == 1
        made = page.records[0].values
    assert made["owner"] == quotations.ids["sales"]
    assert made["created_by"] == quotations.ids["manager"]


def test_mails_are_written_in_each_persons_language_with_a_link(quotations: Quotations) -> None:
    from engine.accounts import change_user

    quotations.publish(with_actions({"email": {"to": ["initiator", "role:order_desk"], "template": "quotation_approved"}}))
    with quotations.work("root") as work:
        change_user(work, quotations.ids["desk"], language="zh-CN")
        workflow.set_public_url(work, "https://crm.example.com/")
    record_id = quotations.submitted("30000.00")

    mails = {mail["to"][0]: mail for mail in quotations.jobs("mail.send")}

    number = quotations.values(record_id)["number"]
    assert mails["sales@example.com"]["subject"] == f"{number} is approved"
    assert mails["desk@example.com"]["subject"] == f"{number} 已批准"
    assert mails["desk@example.com"]["text"] == f"https://crm.example.com/a/sales/quotation/{record_id}"


def test_a_notification_without_a_template_names_record_and_state(quotations: Quotations) -> None:
    quotations.publish(with_actions({"notify": ["initiator"], "channels": ["app", "email"]}))
    record_id = quotations.submitted("30000.00")

    with quotations.work("sales", writes=False) as work:
        found = workflow.list_notifications(work)[0]
    number = quotations.values(record_id)["number"]
    assert (found.text("en"), found.text("zh-CN")) == (f"{number}: Approved", f"{number}: 已批准")
    assert [mail["subject"] for mail in quotations.jobs("mail.send")] == [f"{number}: Approved"]


def test_a_webhook_holds_the_values_of_its_moment(quotations: Quotations) -> None:
    quotations.publish(with_actions(
        {"webhook": "erp_quote_release", "body": {"total": "amount * 2", "who": "initiator.name", "by": "actor.name"}},
        {"set": {"internal_note": '"sent"'}},
    ))
    record_id = quotations.submitted("300000.00")

    quotations.decide("manager", record_id)
    quotations.change("sales", record_id, amount="1.00")

    payload = quotations.jobs("webhook.send")[0]
    assert payload["data"] == {"total": "600000.00", "who": "Sales", "by": "Manager"}
    assert payload["event"] == "quotation_approval.approved"
    assert quotations.values(record_id)["internal_note"] == "sent"


def test_when_an_action_is_refused_nothing_of_the_command_stays(quotations: Quotations) -> None:
    quotations.publish(with_actions(
        {"webhook": "erp_quote_release"}, {"create": "account", "values": {"name": '"Acme"', "level": '"gold"'}},
    ))
    record_id = quotations.submitted("300000.00")

    with pytest.raises(Invalid):  # the name is taken
        quotations.decide("manager", record_id)

    assert quotations.values(record_id)["approval_status"] == "pending_manager"
    assert quotations.jobs("webhook.send") == []
    assert quotations.waiting(record_id) == ["manager"]


def test_a_thousand_tasks_are_listed_with_few_questions(quotations: Quotations) -> None:
    import sqlalchemy as sa

    for number in range(12):
        quotations.submitted(f"3{number:05}.00")
    asked: list[str] = []
    with quotations.work("manager", writes=False) as work:
        sa.event.listen(work.connection, "before_cursor_execute", lambda *given: asked.append(given[2]))
        assert len(workflow.inbox(work)) == 12
        few = len(asked)
        assert few <= 12
