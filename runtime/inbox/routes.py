"""My tasks, my submissions, copies for me."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request

from runtime.shell.application import the_engine, the_work

blueprint = Blueprint("inbox", __name__)
TABS = ("tasks", "submissions", "copies", "done")


@blueprint.get("/inbox")
def show() -> Response:
    tab = request.args.get("tab", "tasks")
    tab = tab if tab in TABS else "tasks"
    workflow, work = the_engine().workflow, the_work()
    found: Any = {"tasks": workflow.inbox, "submissions": workflow.submissions, "copies": workflow.copies,
                  "done": workflow.decided}[tab](work)
    return make_response(render_template("inbox/inbox.html", section="inbox", tab=tab, tabs=TABS, items=found))


@blueprint.get("/notifications")
def notifications() -> Response:
    found = the_engine().workflow.list_notifications(the_work())
    return make_response(render_template("inbox/notifications.html", section="notifications", items=found))


@blueprint.post("/notifications/read")
def read() -> Response:
    ids = request.form.getlist("id")
    the_engine().workflow.mark_read(the_work(), ids or None)
    return make_response(redirect("/notifications", 303))
