"""A form of the draft drawn as the work pages draw it: for a role or a person, in a state, in either language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Blueprint, Response, g, make_response, render_template, request, url_for

from designer.access import lines, say, the_engine, the_work
from designer.answers import answer
from engine import Actor, Invalid, NotFound, Problem, pick, required_id
from engine.rendering import Addresses, Locale, form_tree, set_locale

DEVICES = ("desktop", "tablet", "phone")
LANGUAGES = ("zh-CN", "en")
EMPTY = "none"
"""`record=none`: as one enters a new record."""


def install(blueprint: Blueprint) -> None:
    """Add this part's addresses."""
    blueprint.get("/<app>/preview/<key>", endpoint="preview_show")(show)
    blueprint.get("/<app>/preview/<key>/choices", endpoint="preview_choices")(choices)
    blueprint.get("/<app>/preview/<key>/look-up/<entity>/<field>", endpoint="preview_look_up")(look_up)
    blueprint.get("/<app>/preview/<key>/scope", endpoint="preview_scope")(scope)


def show(app: str, key: str) -> Response:
    """The form as it is in the draft; it can be filled in, and nothing can be saved.

    Query: device, role (may come several times) or user, state ("workflow/state" or a state's name), language,
    record (an id, "none", or the newest one), mode ("edit" or "read").
    """
    engine, work = the_engine(), the_work()
    _set_language(app)
    try:
        model = engine.publishing.preview_model(work, app, "form", key)
    except Invalid as error:
        return _page(app, key, problems=lines(error.problems))
    form = _form(model, key)
    who = _Viewer(app, model)
    state = engine.workflow.fields_in_state(model, form.entity, request.args.get("state", ""))
    names = set(_names_beyond(model, form))
    record = request.args.get("record", "")
    sample = engine.publishing.sample_record(work, app, model, form.entity, None if record in ("", EMPTY) else record, names)
    if record == EMPTY or sample.id is None:
        sample = type(sample)()
    values = dict(sample.values)
    policy: Any = who.policy
    if state is not None:
        policy = engine.hiding_policy(policy, form.entity, state.hidden)
        if state.status is not None:
            values[state.status_field] = state.status
    is_new = sample.id is None
    # Who may not write at all gets no page to write on: they read.
    may_write = who.policy.may("create" if is_new else "change", form.entity)
    mode: Any = request.args.get("mode") if request.args.get("mode") in ("edit", "read") else "edit" if may_write else "read"
    tree = form_tree(
        model, policy, form, values=values, titles=sample.titles, mode=mode,
        extra={**who.names(), **{f"old.{name}": value for name, value in values.items()}, **sample.beyond}, addresses=_addresses(app, key),
        may_edit=None if state is None or state.open is None else (lambda field: field in state.open), is_new=is_new,
        rev=None if is_new else sample.rev,
    )
    return _page(app, key, tree=tree, who=who, may_write=may_write, state=state, sample=sample, model=model, form=form)


def choices(app: str, key: str) -> Response:
    """What a preview can be looked at as: roles, and the states of the entity's workflows."""
    model = the_engine().publishing.preview_model(the_work(), app, "form", key)
    form = _form(model, key)
    states = [
        {"value": f"{workflow.key}/{name}", "label": say(state.get("label", name)) or name, "workflow": say(workflow.label)}
        for workflow in model.workflows_of.get(form.entity, ()) for name, state in workflow.body["states"].items()
        if state.get("type") != "choice"
    ]  # fmt: skip
    return answer({"entity": form.entity, "roles": [{"value": role.key, "label": say(role.label)} for role in model.roles.values()], "states": states})


def look_up(app: str, key: str, entity: str, field: str) -> Response:
    """Records that a reference of the draft could point to, as far as the designer may read them."""
    engine, work = the_engine(), the_work()
    model = engine.publishing.preview_model(work, app, "form", key)
    found = model.entities[entity].fields.get(field) if entity in model.entities else None
    target = getattr(found.type, "target", None) if found is not None else None
    if found is None or target is None:
        raise NotFound(Problem("record.not_found"))
    return answer(engine.publishing.samples_json(work, app, target(found.options), request.args.get("q", "")[:200]))


def scope(app: str, key: str) -> Response:
    """Values one step away (`account.level`) for what was chosen in the form."""
    engine, work = the_engine(), the_work()
    model = engine.publishing.preview_model(work, app, "form", key)
    form = _form(model, key)
    rows = {field.key: child for child, field in model.children.get(form.entity, ())}
    entity = rows.get(request.args.get("rows", ""), form.entity)
    names = {name for name in request.args.get("names", "").split(",") if "." in name}
    values = {name: value for name, value in request.args.items() if name in model.entities[entity].fields and value}
    return answer(engine.publishing.values_beyond(work, app, model, entity, names, values))


class _Viewer:
    """Through whose eyes: a person's, those of the holders of some roles, or the designer's own."""

    def __init__(self, app: str, model: Any) -> None:
        engine, work = the_engine(), the_work()
        self.actor: Actor = work.actor
        self.label = ""
        roles = [role for role in request.args.getlist("role") if role in model.roles]
        if request.args.get("user"):
            self.actor = engine.accounts.find_actor(work, required_id(request.args["user"], "accounts.no_such_user"))
            self.label = self.actor.name
            held: Any = None if self.actor.is_admin else self.actor.roles_in(app)
        elif roles:
            held = frozenset(roles)
            self.label = "、".join(say(model.roles[role].label) for role in roles) if g.language == "zh-CN" else ", ".join(
                say(model.roles[role].label) for role in roles)
        else:
            held = None if self.actor.is_admin else self.actor.roles_in(app)
        self.roles = held
        self.policy = engine.permissions.Imagined(model, held)

    def names(self) -> dict[str, Any]:
        """What `actor.…` stands for."""
        held = tuple(sorted(self.roles)) if self.roles is not None else ()
        return {"actor.id": self.actor.user_id, "actor.name": self.actor.name, "actor.department": self.actor.department_id,
                "actor.language": self.actor.language, "actor.roles": held}


def _form(model: Any, key: str) -> Any:
    found = model.forms.get(key)
    if found is None:
        raise NotFound(Problem("publishing.no_document", {"kind": "form", "key": key[:80]}))
    return found


def _names_beyond(model: Any, form: Any) -> Iterator[str]:
    """Names with steps that the form's rules, defaults and formulas look at."""
    fields = model.entities[form.entity].fields.values()
    for expression in (*form.expressions.values(), *(part for field in fields for part in (field.default, field.formula))):
        if expression is not None:
            yield from (name for name in expression.names if "." in name and not name.startswith(("actor.", "record.", "old.")))


def _addresses(app: str, key: str) -> Addresses:
    """Where the form looks things up; it leads nowhere and uploads nothing."""
    return Addresses(
        lookup=lambda entity, field: url_for("designer.preview_look_up", app=app, key=key, entity=entity, field=field),
        scope=url_for("designer.preview_scope", app=app, key=key),
    )


def _set_language(app: str) -> None:
    """The page speaks the language that is asked for, in the app's own currency."""
    engine, work = the_engine(), the_work()
    asked = request.args.get("language", "")
    settings: Mapping[str, Any] = engine.publishing.draft_outline(work, app).app or {}
    language = asked if asked in LANGUAGES else g.language
    g.language = language
    set_locale(Locale(language=language, timezone=work.actor.timezone, currency=str(settings.get("currency", "CNY")), now=engine.clock.now()))


def _page(app: str, key: str, **given: Any) -> Response:
    device = request.args.get("device", "")
    state, form = given.get("state"), given.get("form")
    asked = ()
    if state is not None and form is not None:
        fields = given["model"].entities[form.entity].fields
        asked = tuple(pick(fields[name].label, g.language) for name in dict.fromkeys((*state.asked, *state.required)) if name in fields)
    return make_response(render_template(
        "designer/preview.html", app=app, key=key, device=device if device in DEVICES else DEVICES[0], script="designer/ui/preview/main.tsx",
        asked=asked, **{"tree": None, "who": None, "state": None, "sample": None, "problems": (), "may_write": True, **given},
    ))
