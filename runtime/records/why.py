"""Why somebody can or can't see, change or remove a record: for administrators, from the record's menu."""

from __future__ import annotations

from flask import Response, g, make_response, render_template, request

from engine import Forbidden, Problem, required_id
from runtime.records.place import place
from runtime.shell.application import the_engine, the_work
from runtime.shell.templating import say

VERBS = ("read", "change", "remove")


def why(app: str, entity: str, id: str) -> Response:
    """The question as a form that asks by its address, so that an answer can be sent to somebody; below it the answer."""
    if not g.actor.is_admin:
        raise Forbidden(Problem("permission.admin"))
    here = place(app, entity)
    engine, work = the_engine(), the_work()
    record = engine.records.get_record(work, app, entity, id)
    people = engine.accounts.list_people(work)
    person = request.args.get("person") or ""
    verb = request.args.get("verb", "read")
    field = request.args.get("field") or ""
    verb = verb if verb in VERBS else "read"
    field = field if field in here.definition.fields and verb != "remove" else ""
    found = None
    if person:
        question = {"entity": entity, "verb": verb, "field": field, "record_id": record.id, "user_id": required_id(person, "accounts.no_such_user")}
        found = engine.records.why_json(work, app, question)
    fields = [(key, say(item.label)) for key, item in here.definition.fields.items()]
    return make_response(render_template(
        "records/why.html", here=here, section=here.section, people=people, person=person, verb=verb, field=field, verbs=VERBS, fields=fields,
        found=found, title=engine.title_of(here.model, entity, record.values, record.titles), id=str(record.id),
    ))
