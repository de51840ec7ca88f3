"""Where a page stands: app, entity, model and rights, resolved once per request."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import g, request, url_for

from engine import NotFound, Problem
from engine.rendering import Addresses
from engine.rendering.views import Records, is_offered, plain_view
from runtime.shell.application import the_engine, the_work
from runtime.shell.templating import say


@dataclass
class Place:
    """An entity of an app, as the signed-in person may see it."""

    app: str
    entity: str

    @cached_property
    def model(self) -> Any:
        return the_work().model(self.app)

    @cached_property
    def policy(self) -> Any:
        return the_engine().permissions.policy(the_work(), self.app)

    @cached_property
    def definition(self) -> Any:
        return self.model.entities[self.entity]

    @property
    def label(self) -> str:
        return say(self.definition.label)

    @property
    def plural(self) -> str:
        return say(self.definition.plural or self.definition.label)

    @property
    def section(self) -> str:
        """Which entry of the navigation is lit."""
        return f"{self.app}/{self.entity}"

    def may(self, verb: str) -> bool:
        """May this person do that with records of the entity?"""
        return bool(self.policy.may(verb, self.entity))

    def href(self, id: object = None, **values: Any) -> str:
        """Address of the list, or of a record."""
        if id is None:
            return url_for("pages.records.show_list", app=self.app, entity=self.entity, **values)
        return url_for("pages.records.show", app=self.app, entity=self.entity, id=str(id), **values)

    @cached_property
    def addresses(self) -> Addresses:
        """The addresses that forms and tables link to."""
        return self.addresses_of(None)

    def addresses_of(self, id: object) -> Addresses:
        """The same for a form of one record: its lookups know the record, whatever of it stands in the form."""
        app = self.app
        known = self.model.entities

        def record(entity: str, id: str) -> str:
            if entity not in known or not self.policy.may("read", entity):
                return ""
            return url_for("pages.records.show", app=app, entity=entity, id=id)

        return Addresses(
            record=record,
            lookup=lambda entity, field: url_for(
                "pages.records.look_up", app=app, entity=entity, field=field, of=str(id) if id and entity == self.entity else None),
            file=lambda id: url_for("pages.files.download", id=id),
            moves=lambda entity, id: url_for("pages.records.moves", app=app, entity=entity, id=id),
            upload=url_for("pages.files.upload"),
            scope=url_for("pages.records.scope", app=app, entity=self.entity),
        )

    def form(self, purpose: str, key: str | None = None) -> Any:
        """The form of this purpose that suits the person's roles best; the full one otherwise."""
        forms = [form for form in self.model.forms.values() if form.entity == self.entity]
        held = g.actor.roles_in(self.app)
        fitting = [form for form in forms if not form.roles or held & set(form.roles)]
        fitting.sort(key=lambda form: not form.roles)  # a form made for the role comes first
        for form in fitting:
            if form.key == key:
                return form
        for wanted in (purpose, "full"):
            for form in fitting:
                if form.purpose == wanted:
                    return form
        return (fitting or forms)[0]

    def views(self) -> list[Any]:
        """The lists offered to this person, the default one first."""
        held = g.actor.roles_in(self.app)
        found = [view for view in self.model.views.values()
                 if view.entity == self.entity and (not view.roles or held & set(view.roles)) and is_offered(view, self.source.sees)]
        return sorted(found, key=lambda view: not view.is_default) or [plain_view(self.definition)]

    @cached_property
    def source(self) -> Records:
        """The entity's records, as this person may see them."""
        return Records(the_work(), self.app, self.entity)

    def label_of(self, key: str) -> str:
        """What a field, or a value one step further, is called."""
        first, _, rest = key.partition(".")
        field = self.definition.fields.get(first)
        if field is None:
            return key
        label = say(field.label) or first
        target = field.options.get("entity") if rest else None
        return f"{label} · {Place(self.app, target).label_of(rest)}" if target in self.model.entities else label


def place(app: str, entity: str, *, verb: str = "read") -> Place:
    """The place, or NotFound when the person may not even read there (or there is no such thing)."""
    found = Place(app, entity)
    if entity not in found.model.entities or found.model.entities[entity].part_of or not found.may(verb):
        raise NotFound(Problem("record.not_found"))
    return found


def is_fragment() -> bool:
    """Did htmx ask, for a part of a page?"""
    return bool(request.headers.get("HX-Request")) and not request.headers.get("HX-History-Restore-Request")
